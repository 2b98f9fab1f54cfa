from . import e
from .sub import s
e()
s()
