from ..a import f
from ...top import t
from ................far import x
f()
t()
x()
