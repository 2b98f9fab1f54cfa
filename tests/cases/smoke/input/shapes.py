"""Shapes."""
import math as m
from . import colours
from .colours import red, blue as b


@decorate(1)
class Circle(Shape, metaclass=Meta):
    """A circle."""

    sides: int = 0

    async def area(self, r: float = 1.0, /, *args, unit="cm", **more) -> float:
        # half the work
        return m.pi * r ** 2


def total(shapes):
    return sum(s.area(*s.args, **s.more) for s in shapes if (lambda q: q)(s))
