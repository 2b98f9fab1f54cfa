from .x import e
from .. import up
e()
up()
