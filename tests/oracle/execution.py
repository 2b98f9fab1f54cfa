#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""execution.py - what happens when a program of ours runs, against its bundle: a call that took place
has a row of calls at its very span, and its callee a row of defs. Observed by dyn_oracle.py."""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import OTHER_INPUT, Scratch, Tap, build, query, skip, write_tree  # noqa: E402

PROGRAM = """\
class Shape:
    def __init__(self, side):
        self.side = side

    def area(self, scale=1): return self.side * scale

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def twice(do, *rest, **more):
    return [do(*rest, **more) for _ in range(2)]


def numbers(n):
    while n:
        yield n
        n -= 1


with Shape(2) as é:
    areas = twice(é.area, scale=3)
total = sum(areas) + (lambda a: twice(
    lambda: a)[0])(1)
for n in numbers(2):
    total += Shape(n).area()
try:
    twice(Shape(0).area, unknown=1)
except TypeError:
    twice(int)
"""


def main():
    if sys.version_info < (3, 11):
        skip(OTHER_INPUT, "calls with their places, which Python has since 3.11")
    tap = Tap()
    with Scratch() as scratch:
        tree = write_tree(scratch / "tree", {"main.py": PROGRAM})
        facts = scratch / "facts.jsonl"
        subprocess.run([sys.executable, str(HERE / "dyn_oracle.py"), "--calls", "--root", str(tree),
                        "-o", str(facts), str(tree / "main.py")], check=True, cwd=tree)
        happened = [json.loads(line) for line in facts.read_text(encoding="utf-8").splitlines()]
        happened = [f for f in happened if f["k"] == "call" and f["how"] == "direct"]
        bundle = build(tree, scratch)
        calls = {(r["start_byte"], r["end_byte"]) for r in
                 query(bundle, "SELECT start_byte, end_byte FROM calls")}
        defs = {(r["name"], r["start_line"]) for r in
                query(bundle, "SELECT name, start_line FROM defs")}
    tap.ok(len(happened) >= 8, "%d calls took place" % len(happened), happened)
    # The end of a with statement is a call to the interpreter, none in the text.
    happened = [f for f in happened if not f["callee"]["qual"].endswith("__exit__")]
    strange = [f for f in happened if tuple(f["site"]["span"]) not in calls]
    tap.ok(not strange, "each has a row at its span", strange)
    strange = [f for f in happened if f["callee"]["line"] not in {line for _, line in defs}]
    tap.ok(not strange, "each callee has a row where it is defined", strange)
    tap.finish()


main()
