#--- pkg/__init__.py
class Base:  # @Base
    def area(self): ...  # @area
def early(): ...  # @early
class Late:  # @early_Late
    def first(self): ...  # @first
from .shapes import *
from .late import Late
Base, Square, early, Late
#: Base = @Base
#: Square = @Square
#: early = @early
#: Late = @early_Late
def inside():
    Base, early, Late().first
#: Base = @Base
#: early = @early
#: first = @first
#--- pkg/shapes.py
from . import Base
from pkg import early
class Square(Base): ...  # @Square
Base, early, Square().area
#: Base = @Base
#: early = @early
#: area = @area
#--- pkg/late.py
from . import *
#--- again/__init__.py
class Late:  # @Late
    def second(self): ...  # @second
from .back import Late
Late().second
#: Late = @Late
#: second = @second
#--- again/back.py
from . import Late
Late
#: Late = @Late
#--- third/__init__.py
from .one import run
#--- third/one.py
def run(): ...  # @run
from third.two import *
run
#: run = @run
#--- third/two.py
from third.one import run
__all__ = ["run"]
#--- fourth/__init__.py
from .names import tool
#--- fourth/names.py
from fourth import tool
#--- fourth/tool.py
def use(): ...  # @use
#--- fourth_user.py
from fourth import tool
tool.use
#: tool = fourth/tool.py
#: use = @use
#--- gone/__init__.py
class Lost: ...
del Lost
from .back import *
Lost
#: Lost =
#: Lost is unresolved no_such_name
#--- gone/back.py
from . import Lost
#--- maybe.py
import random
def speed(): ...  # @slow
def size(): ...
if random.random():
    from fast import *
speed
#: speed = @slow @fast
from whole import *
size
#: size = @whole
if random.random():
    from fast import *
else:
    from faster import *
speed
#: speed = @fast @faster @slow
#--- fast.py
def speed(): ...  # @fast
#--- faster.py
def speed(): ...  # @faster
#--- whole.py
def size(): ...  # @whole
#--- user.py
from maybe import speed, size
speed, size
#: speed = @fast @faster @slow
#: size = @whole
