from .sub.b import f
from ..beyond import g
from ...far import h
from . import a as me
f()
g()
h.deep()
me.f()
