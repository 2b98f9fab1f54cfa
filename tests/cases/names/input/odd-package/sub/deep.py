from ..x import e
from ...y import z
from .w import u
e()
z()
u()
