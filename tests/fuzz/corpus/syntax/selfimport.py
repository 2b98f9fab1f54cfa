import selfimport
from selfimport import *
from . import selfimport
from .. import x
from ....... import y
