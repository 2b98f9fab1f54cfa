from .x import e
from ..y import z
e()
z()
