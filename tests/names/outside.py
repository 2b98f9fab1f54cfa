#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""outside.py - what names mean that stubs of the standard library tell, line by line.

In a case, `#> NAME ...` says what the calls of its line run outside the repository, in order of their
names; `#= STATUS` says the status of its only call; `#mro CLASS: NAME ...` is the interpreter's order
of a class without itself. The values are what Python does, not what came out: there is no --bless.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import Scratch, Tap, build, query, relspec, some, write_tree  # noqa: E402

CODE = '''\
import enum
import logging
import os
import re
import sys
import unittest
from collections import OrderedDict, namedtuple
from contextlib import closing
from pathlib import Path
from typing import List, NamedTuple, Protocol


class Case(unittest.TestCase):
    def test(self):
        self.assertEqual(1, 2)  #> unittest.TestCase.assertEqual
        self.missing()  #= unresolved


class Handler(logging.Handler):
    def emit(self, record: logging.LogRecord):
        record.getMessage().strip()  #> builtins.str.strip logging.LogRecord.getMessage


class Table(dict):
    pass


class Closes(closing):
    pass


class Colour(enum.Enum):
    RED = 1


class Point(NamedTuple):
    x: int


class Like(Protocol):
    pass


class Row(namedtuple("Row", "a")):
    pass


try:
    from json import loads as read
except ImportError:
    def read(text):
        return text
read("")  #= external
read("")  #> json.loads


def literals(p, q: List[int]):
    "".join(())  #> builtins.str.join
    [].append(1)  #> builtins.list.append
    {}.items()  #> builtins.dict.items
    {1}.add(2)  #> builtins.set.add
    f"{p}".upper()  #> builtins.str.upper
    b"".decode()  #> builtins.bytes.decode
    q.append(1)  #> builtins.list.append
    (1).bit_length()  #> builtins.int.bit_length
    ["a" for _ in p].sort()  #> builtins.list.sort


def returned(p):
    x = os.path.join(p, "a")  #> os.path.join
    x.split()  #> builtins.bytes.split builtins.str.split
    re.compile("a").match("b").group(0)  #> re.Match.group re.Pattern.match re.compile
    (Path("a") / "b").exists()  #> pathlib.Path pathlib.Path.exists
    Path("x").parent.resolve()  #> pathlib.Path pathlib.Path.resolve
    Table().update({})  #> builtins.dict.update
    OrderedDict().move_to_end(1)  #> collections.OrderedDict collections.OrderedDict.move_to_end
    os.path.isdir("a").bit_length()  #> builtins.int.bit_length os.path.isdir
    os.path.exists("a")  #> os.path.exists
    sys.nothing_known()  #> sys.nothing_known
    made = namedtuple("made", "a")  #> collections.namedtuple
    sys.argv.append("")  #> builtins.list.append
    os.sep.upper()  #> builtins.str.upper
    type(p).mro()  #> builtins.type builtins.type.mro


if sys.version_info >= (3, 12):
    from itertools import batched as chunks
else:
    from itertools import pairwise as chunks
chunks("ab")  #> itertools.%s

#mro Case: unittest.TestCase builtins.object
#mro Handler: logging.Handler logging.Filterer builtins.object
#mro Table: builtins.dict builtins.object
#mro Closes: contextlib.closing contextlib.AbstractContextManager abc.ABC builtins.object
#mro Colour: enum.Enum builtins.object
#mro Point: builtins.tuple builtins.object
#mro Row: collections.namedtuple() builtins.tuple builtins.object
#mro Like: typing.Protocol typing.Generic builtins.object
'''

CALLS = """
    SELECT l.line, s.status, list(DISTINCT t.external ORDER BY t.external)
               FILTER (WHERE t.external IS NOT NULL) AS outside
    FROM (SELECT call_id, n.start_line AS line FROM calls c JOIN nodes n ON n.node_id = c.call_id) l
    JOIN call_statuses s ON s.call_id = l.call_id
    LEFT JOIN call_targets t ON t.call_id = l.call_id AND t.external IS NOT NULL
    GROUP BY ALL ORDER BY ALL"""

ORDERS = """
    SELECT n.name, list(m.external ORDER BY m.position) AS above
    FROM class_mro m JOIN nodes n ON n.node_id = m.class_id WHERE m.external IS NOT NULL GROUP BY ALL"""


def marks(code, mark):
    for number, line in enumerate(code.splitlines(), 1):
        if mark in line:
            yield number, line.split(mark)[1].split()


def complaints(code, calls, orders):
    by_line = {}
    for call in calls:
        by_line.setdefault(int(call["line"]), []).append(call)
    for line, names in marks(code, "#> "):
        found = sorted({n for call in by_line.get(line, ()) for n in call["outside"] or ()})
        if found != names:
            yield "line %d: %s, not %s" % (line, found, names)
    for line, status in marks(code, "#= "):
        found = [call["status"] for call in by_line.get(line, ())]
        if found != status:
            yield "line %d: %s, not %s" % (line, found, status)
    for _, (name, *above) in marks(code, "#mro "):
        if orders.get(name[:-1]) != above:
            yield "%s %s, not %s" % (name, orders.get(name[:-1]), above)


def of_python(scratch, name, *args, project=""):
    """What `chunks` is, and what config.json has of the version."""
    root = Path(scratch) / name
    write_tree(root, {"case.py": CODE % "either", "pyproject.toml":
                      '[project]\nname = "case"\nrequires-python = ">=3.11"\n', "relspec.yaml": project})
    bundle = build(root, Path(scratch) / ("out_" + name), *args)
    told = {n for row in query(bundle, CALLS) for n in row["outside"] or () if n.startswith("itertools.")}
    return told, json.loads((Path(bundle) / "config.json").read_text())["python"]


def versions(tap, scratch):
    batched, pairwise = {"itertools.batched"}, {"itertools.pairwise"}
    cases = {
        "asked": (("--python", "3.12"), "", (batched, "3.12")),
        "project": ((), "python: 3.12\n", (batched, "3.12")),
        "both": (("--python", "3.11"), "python: 3.12\n", (pairwise, "3.11")),
        "none": ((), "include: ['*.py']\n", (pairwise, None)),
        "old": (("--python", "3.7"), "", (pairwise, "3.7")),
    }
    for name, (args, project, wanted) in some(list(cases.items())):
        found = of_python(scratch, name, *args, project=project or "include: ['*.py']\n")
        tap.ok(found == wanted, "the Python that counts: %s" % name, "%s, not %s" % (found, wanted))
    for text in some(("3", "3.", "3.x", "4.1", "3.123", "", "3.1.2"), 2):
        done = relspec("build", scratch, "-o", Path(scratch) / "refused", "--python", text)
        tap.ok(done.returncode != 0 and "not 3.MINOR" in done.stderr, "refused: %r" % text, done.stderr)


def main():
    tap = Tap()
    with Scratch() as scratch:
        versions(tap, scratch)
        for minor, chunks in some(((13, "batched"), (11, "pairwise"))):
            code = CODE % chunks
            root = Path(scratch) / ("r%d" % minor)
            write_tree(root, {"case.py": code, "pyproject.toml":
                              '[project]\nname = "case"\nrequires-python = ">=3.%d"\n' % minor})
            bundle = build(root, Path(scratch) / ("o%d" % minor))
            orders = {row["name"]: row["above"] for row in query(bundle, ORDERS)}
            found = list(complaints(code, query(bundle, CALLS), orders))
            tap.ok(not found, "what stubs of 3.%d say" % minor, "\n".join(found))
    tap.finish()


if __name__ == "__main__":
    main()
