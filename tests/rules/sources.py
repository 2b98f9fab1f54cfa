# SPDX-License-Identifier: Apache-2.0
"""sources.py - the small tree and the SCIP index that cases.py speaks of."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scip"))
import writer as w  # noqa: E402

MAIN = '''\
import os
from .other import helper as h
from typing import List


def deco(f):
    return f


class Base:
    """The base."""


class Child(Base):
    limit: int = 3

    @deco
    def area(self, scale=1, *rest: str) -> List:
        """How large."""
        total = scale  # a comment
        if scale:
            return os.path.join(total, h(len(rest), sep=1))
        del total
        return None


def outer():
    count = 0

    def inner():
        nonlocal count
        count = count + 1
        return count
    return inner


outer()
Child().area(2)
{1: deco}[1](outer)
'''

FLOW = """\
def late(a):
    if a:
        b = 1
    return b


def large():
"""

# Code behind a finally runs once for each way into it: this doubles with each level.
N_FINALLY = 12
NESTED = "".join("%stry:\n%s    return\n%sfinally:\n" % ((" " * n,) * 3)
                 for n in range(1, N_FINALLY + 1)) + " " * (N_FINALLY + 1) + "pass\n"

TREE = {
    "pkg/__init__.py": "",
    "pkg/main.py": MAIN,
    "pkg/generic.py": "def generic[A, B](a):\n    return a\n",
    "pkg/other.py": "def helper(n, sep=0):\n    return n\n    print(n)\n    prnt(n)\n",
    "pkg/broken.py": "def whole(): return 1\nx = = 2\n",
    "pkg/flow.py": FLOW + NESTED,
    "pkg/refused.py": "return 1\n",
    "pkg/over.py": "class Up:\n    def go(self):\n        pass\n\n\nclass Down(Up):\n    def go(self):\n        pass\n"
                   "\n\nDown().go()\nunknown()\n",
}


def symbol(name):
    return "scip-python python p 1 " + name


def foreign(name):
    return "scip-python python python-stdlib 3.11 " + name


CHILD, BASE = symbol("`pkg.main`/Child#"), symbol("`pkg.main`/Base#")
AREA, OUTER = symbol("`pkg.main`/Child#area()."), symbol("`pkg.main`/outer().")


def index():
    finding = w.diagnostic(2, "W1", "too short", "lint")
    lost = w.diagnostic(1, "E1", "of no file", "lint")
    main = w.document("pkg/main.py", [
        w.occurrence([0, 7, 9], symbol("os/__init__:"), roles=2),
        w.occurrence([1, 19, 25], symbol("`pkg.other`/helper().")),
        w.occurrence([9, 6, 10], BASE, roles=1),
        w.occurrence([13, 6, 11], CHILD, roles=1, diagnostics=[finding]),
        w.occurrence([13, 12, 16], BASE, roles=8),
        w.occurrence([17, 8, 12], AREA, roles=1),
        w.occurrence([17, 35, 38], symbol("builtins/str#")),
        w.occurrence([19, 8, 13], "local 0", roles=1 | 4),
        w.occurrence([21, 27, 31], foreign("posixpath/join().")),
        w.occurrence([26, 4, 9], OUTER, roles=1),
        w.occurrence([36, 0, 5], OUTER, roles=8),
        w.occurrence([37, 0, 5], CHILD, roles=8),
        w.occurrence([37, 8, 12], AREA, roles=8),
        w.occurrence([990, 0, 5], OUTER),
    ], symbols=[
        w.information(CHILD, documentation=["A child."], kind=7, name="Child", relations=[
            w.relationship(BASE, reference=True, implementation=True)]),
        w.information(AREA, name="area", relations=[
            w.relationship(OUTER, type_definition=True, definition=True)]),
        w.information("local 0", name="total"),
    ])
    other = w.document("pkg/other.py", [
        w.occurrence([0, 4, 10], symbol("`src.pkg.other`/helper()."), roles=1)])
    up = symbol("`pkg.over`/Up#")
    over = w.document("pkg/over.py", [
        w.occurrence([0, 6, 8], up, roles=1), w.occurrence([1, 8, 10], up + "go().", roles=1),
        w.occurrence([10, 7, 9], up + "go()."), w.occurrence([11, 0, 7], up)])
    gone = w.document("pkg/gone.py", [w.occurrence([0, 0, 1], OUTER, diagnostics=[lost])])
    outside = w.information(symbol("builtins/str#"), documentation=["Text."], name="str")
    return w.metadata() + main + other + over + gone + w.external(outside)
