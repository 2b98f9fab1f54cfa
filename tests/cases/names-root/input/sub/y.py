from ..x import e
from ...z import far
from . import near
e()
far()
near()
