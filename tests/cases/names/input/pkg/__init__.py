from . import a
from .sub import b
from .. import up
up()
sub()
nobody()
