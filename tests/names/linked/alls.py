#--- lit.py
__all__ = ("one", "_private")
one = 1  # @one
two = 2
_private = 3  # @private
#--- grown.py
__all__ = []
__all__ += ["a"]
__all__.extend(["b", "c"])
__all__.append("d")
__all__.remove("c")
a = b = c = d = 1  # @abcd
e = 2
#--- others.py
from lit import *
from grown import *
import lit, grown
__all__ = lit.__all__ + grown.__all__
mine = 1
#--- none.py
import os
public = 1  # @public
_private = 2
__version__ = "1"
#--- conditional.py
__all__ = ["x"]
if __name__:
    __all__ += ["y"]
x = y = z = 1  # @xyz
#--- sub/__init__.py
__all__ = ["mod"]
#--- sub/mod.py
value = 1  # @value
#--- m1.py
from lit import *
one
#: one = @one
_private
#: _private = @private
two
#: two =
#: two is unresolved unbound
#--- m2.py
from grown import *
a, b, d
#: a = @abcd
#: b = @abcd
#: d = @abcd
c
#: c =
e
#: e =
#--- m3.py
from others import *
one, a
#: one = @one
#: a = @abcd
mine
#: mine =
#--- m4.py
from none import *
public
#: public = @public
os
#: os = os
_private
#: _private =
__version__
#: __version__ =
#--- m5.py
from conditional import *
x, y
#: x = @xyz
#: y = @xyz
z
#: z =
#--- m6.py
from sub import *
mod.value
#: mod = sub/mod.py
#: value = @value
#--- m7.py
from lit import *
one = "again"  # @again
one
#: one = @again
from none import *
public = 2
from none import *
public
#: public = @public
#--- m8.py
from not_here import *
anything
#: anything =
#: anything is unresolved star_import
len
#: len = builtins.len
#--- anew.py
def first(): ...
def second(): ...  # @anew_second
def third(): ...  # @anew_third
def fourth(): ...  # @anew_fourth
__all__ = ["first", "second"]
__all__ = ["third"]
__all__ = __all__ + ["fourth"]
if first:
    __all__ = ["second"]
#--- anew_user.py
from anew import *
first, second, third, fourth
#: first =
#: second = @anew_second
#: third = @anew_third
#: fourth = @anew_fourth
