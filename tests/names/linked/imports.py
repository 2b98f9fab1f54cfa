#--- pkg/__init__.py
from .inner import *
from .inner.deep import thing as renamed
from . import sibling
#: sibling = pkg/sibling.py
from .late import late_one
__version__ = "1"  # @version
#--- pkg/inner/__init__.py
from .deep import thing, _hidden
from .deep import other as second
__all__ = ["thing"] + ["second"]
#--- pkg/inner/deep.py
def thing(): ...  # @thing
def other(): ...  # @other
def _hidden(): ...
#--- pkg/sibling.py
from . import __version__, renamed
#: __version__ = @version
#: renamed = @thing
from .inner import deep
#: deep = pkg/inner/deep.py
import pkg.inner.deep as d
#: deep = pkg/inner/deep.py
d.other()
#: other = @other
#: other() = @other
#--- pkg/late.py
import pkg
def late_one():  # @late_one
    return pkg.thing()
#: thing = @thing
def late_two():
    from pkg.sibling import d as local
    return local.other
#: other = @other
#--- pkg/unasked.py
x = 1
#--- main.py
import pkg
pkg.thing()
#: pkg = pkg/__init__.py
#: thing = @thing
pkg.second()
#: second = @other
pkg._hidden
#: _hidden =
#: _hidden is unresolved no_such_name
pkg.sibling.deep.other
#: deep = pkg/inner/deep.py
#: other = @other
pkg.inner.deep.thing
#: inner = pkg/inner/__init__.py
#: deep = pkg/inner/deep.py
pkg.unasked
#: unasked =
pkg.late.late_one()
#: late = pkg/late.py
#: late_one() = @late_one
import pkg.inner.deep
pkg.inner.deep.other()
#: other() = @other
from pkg import nothing
#: nothing =
#: nothing is unresolved no_such_name
import no_such_package.sub as outside
outside.f()
#: f = no_such_package.sub.f
#--- cycle_a.py
from cycle_b import b_value
a_value = 1  # @a_value
def use_b():
    return b_value
#: b_value = @b_value
#--- cycle_b.py
import cycle_a
from cycle_a import a_value
b_value = 2  # @b_value
def use_a():
    return a_value + cycle_a.a_value
#: a_value@1 = @a_value
#: a_value@2 = @a_value
#--- circle_one.py
from circle_two import ghost
#: ghost =
#--- circle_two.py
from circle_one import ghost
#: ghost =
