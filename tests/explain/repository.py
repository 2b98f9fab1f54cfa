# SPDX-License-Identifier: Apache-2.0
"""The small repository that explanations are tested on, and an index of it with something to argue
about: two definitions of one symbol, nested occurrences, a call that no occurrence is on."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scip"))
import writer as w  # noqa: E402

MAIN = """\
import os
from .other import helper as h

def f(x: int, *rest, y=2) -> str:
    '''Do it.'''
    return os.path.join(x, h(len(x)))  # twice

class C(Base):
    @property
    def area(self):
        def side():
            return self
        return side()

if h:
    value = f(C())
else:
    value = missing.call(1)
for each in value:
    print(each)
"""

TREE = {
    "pkg/__init__.py": "",
    "pkg/main.py": MAIN,
    "pkg/other.py": "try:\n    from fast import helper\nexcept ImportError:\n"
                    "    def helper(n):\n        return n\n",
    "pkg/twice.py": "def f(x):\n    return x\n",
    "broken.py": "def broken(:\n    pass\ndef after(): return 1\nreturn 2\n",
}

# Names that come through imports, and some that do not arrive.
WAYS = {
    "main.py": """\
from pkg import f, g, nope, left
import pkg.deep as d
from pkg.missing import z
f()
g()
nope()
d.h()
d.gone()
z()
left()
class Mine(d.Base): pass
Mine().kept()
try:
    from pkg import one as way
except ImportError:
    from pkg.deep import h as way
way()
""",
    "pkg/__init__.py": "from .a import *\nfrom .b import g2 as g\n",
    "pkg/a.py": "from .c import *\nfrom .b import *\n",
    "pkg/b.py": "__all__ = ['one']\ndef g1(): pass\ng2 = g1\ndef left(): pass\ndef one(): pass\n",
    "pkg/c.py": "from .a import *\nfrom .deep import f, _hidden\n",
    "pkg/deep.py": "def f(): pass\ndef h(): pass\ndef _hidden(): pass\n"
                   "class Base:\n    def kept(self): pass\n",
}


def symbol(name):
    return "scip-python python p 1 " + name


def index():
    """f has two definitions; os.path has an occurrence of its own inside one of the whole; the call
    of h has none."""
    f, c = symbol("`pkg.main`/f()."), symbol("`pkg.main`/C#")
    os_path = symbol("posixpath/join().")
    return w.metadata() + w.document("pkg/main.py", [
        w.occurrence([0, 7, 9], symbol("os/__init__:")),
        w.occurrence([1, 19, 25], symbol("`pkg.other`/helper().")),
        w.occurrence([1, 5, 25], symbol("`pkg.other`/__init__:")),
        w.occurrence([3, 4, 5], f, roles=1),
        w.occurrence([5, 11, 13], symbol("os/__init__:"), roles=8),
        w.occurrence([5, 14, 18], symbol("os/path/__init__:"), roles=8),
        w.occurrence([5, 19, 23], os_path, roles=8),
        w.occurrence([5, 11, 23], symbol("whole/expression.")),
        w.occurrence([7, 6, 7], c, roles=1),
        w.occurrence([15, 4, 9], symbol("`pkg.main`/value."), roles=5),
        w.occurrence([15, 12, 13], f, roles=8),
        w.occurrence([15, 14, 15], c, roles=8),
    ], symbols=[w.information(c, relations=[w.relationship(symbol("base/Base#"),
                                                           implementation=True)])]) + \
        w.document("pkg/twice.py", [w.occurrence([0, 4, 5], f, roles=1)]) + \
        w.external(w.information(os_path))
