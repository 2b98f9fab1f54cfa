#--- fast.py
def go(): ...  # @fast_go
def only_fast(): ...
#--- slow.py
def go(): ...  # @slow_go
#--- types_only.py
class Thing:  # @Thing
    def meet(self): ...  # @meet
#--- main.py
import sys
from typing import TYPE_CHECKING
try:
    from fast import go
except ImportError:
    from slow import go
go()
#: go = @fast_go
#: go ~ @slow_go
#: go() = @fast_go
try:
    import absent_c as impl
except ImportError:
    import slow as impl
impl.go()
#: impl = absent_c
#: impl ~ slow.py
#: go() = @slow_go absent_c.go
if TYPE_CHECKING:
    from types_only import Thing
else:
    Thing = None  # @none
def f(thing: Thing, text: "Thing"):
#: Thing@1 = @Thing @none
#: Thing@2 = @Thing @none
    thing.meet()
#: meet = @meet
    text.meet()
#: meet = @meet
if sys.version_info >= (3, 0):
    def pick(): ...  # @pick
else:
    def pick(): ...
pick()
#: pick = @pick
#: pick() = @pick
if sys.platform == "win32":
    import fast as system
elif sys.platform.startswith("linux"):
    import slow as system
system.go()
#: go = @slow_go
if len(sys.argv) > 1:
    def either(): ...  # @either1
else:
    def either(): ...  # @either2
either()
#: either = @either1 @either2
#: either is resolved
#: either() = @either1 @either2
try:
    unknown_name
except NameError:
    def unknown_name(): ...  # @unknown_name
unknown_name()
#: unknown_name = @unknown_name
