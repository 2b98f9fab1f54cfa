#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""growth.py - no file costs more than its size says: four times the text, four times memory and time.

Each generator repeats one thing. What is read twice over, or repeats what stands around it, is the square
of the text: a few kilobytes of it fill any memory. And a name stands in a row with a bounded length.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "invariants"))
from harness import PROGRAM, Scratch, Tap, build, doctor, query, write_tree  # noqa: E402

SIZES = 30000, 120000  # bytes, about
BYTES = 6 << 30        # of address space
SECONDS = 60           # of the processor
MOST_A_BYTE = {"extract": 700, "answer": 1200}  # bytes of memory, up to a node of the run
NAME_BYTES = 512       # RS_NAME_MAX_BYTES


def many(text):
    """text once for each number, which stands where it has a %d."""
    return lambda n: "".join(text % i if "%d" in text else text for i in range(n))


def inside(before, text, after, between=""):
    return lambda n: before + between.join(text % i if "%d" in text else text
                                           for i in range(n)) + after


# name: (what makes it with n repetitions, bytes of one)
SHAPES = {
    "nested lambdas": (inside("x = ", "lambda:", "0\n"), 7),
    "statements": (inside("", "a;", "\n"), 2),
    "attributes": (inside("a", ".b", "()\n"), 2),
    "calls of calls": (inside("a", "()", "\n"), 2),
    "calls of attributes": (inside("a", ".b()", "\n"), 4),
    "a long name": (lambda n: "import " + "a" * n + " as x\n" + "x()\n" * (n // 4), 2),
    "a long dotted name": (lambda n: "import a" + ".b" * n + " as x\n" + "x()\n" * n, 6),
    "long names of definitions": (lambda n: "def " + "f" * n + "():\n" + " a = 1\n" * (n // 7), 2),
    "globals": (lambda n: inside("def f():\n global ", "a%d", "\n", ",")(n) +
                many(" def b%d(): pass\n")(n), 25),
    "operators": (inside("a", "+a", "\n"), 2),
    "comparisons": (inside("a", "<a", "\n"), 2),
    "booleans": (inside("a", " and a", "\n"), 6),
    "subscripts": (inside("a", "[0]", "\n"), 3),
    "elif": (inside("if a: pass\n", "elif a: pass\n", ""), 13),
    "classes": (many("class C%d: pass\n"), 18),
    "fields of a string": (inside("f'", "{a}", "'\n"), 3),
    "try and finally": (many("try: a()\nfinally: b()\n"), 22),
    "in a try": (inside("try:\n", " a()\n", "except A: pass\n"), 5),
    "handlers": (inside("try:\n a()\n", "except A%d: pass\n", ""), 20),
    "arguments": (inside("f(", "a%d=1", ")\n", ","), 9),
    "parameters": (inside("def f(", "a%d", "): pass\n", ","), 6),
    "elements": (inside("x = [", "1,", "]\n"), 2),
    "clauses": (inside("x = [a ", "for a in b ", "]\n"), 11),
    "with items": (inside("with ", "a as b%d", ": pass\n", ","), 11),
    "loops": (many("while a:\n b\n"), 12),
    "decorators": (inside("", "@a\n", "def f(): pass\n"), 3),
    "deleted names": (inside("del ", "a%d", "\n", ","), 6),
    "imported names": (inside("from a import ", "a%d", "\n", ","), 6),
    "targets": (inside("", "a=", "1\n"), 2),
    "conditions": (inside("x = ", "a if b else ", "c\n"), 12),
    "cases": (inside("match a:\n", " case %d: pass\n", ""), 16),
    "uses far from definitions": (lambda n: inside("def f():\n", " a%d=1\n", "")(n) +
                                  many(" a%d\n")(n), 16),
    "returns through finally": (inside("def f():\n try:\n", "  if a: return b\n",
                                       " finally: c()\n"), 17),
    "lambdas of generators": (inside("x = [", "lambda: (a for a in b), ", "]\n"), 24),
    "broken headers": (many("def f(:\n"), 8),
    "open brackets": (many("x = (\n"), 6),
    "empty lines": (many("\n"), 1),
    "comments": (many("#\n"), 2),
}


def defined_and_used(define, use, before=""):
    return lambda n: before + many(define)(n) + many(use)(n)


# The same of what only the link of all files' names looks at.
LINKED = {
    "definitions of one name": (defined_and_used("if a:\n def f(): pass\n", "f()\n"), 25),
    "classes of one name": (defined_and_used("if a:\n class A:\n  x=1\n", "A().x\n"), 27),
    "stores into one attribute": (defined_and_used("C.a = 1\n", "C.a\n", "class C: pass\n"), 12),
    "methods that store one attribute": (defined_and_used(" def m(self):\n  self.x=1\n  self.x\n", "", "class A:\n"), 34),
    "handlers that define one name": (defined_and_used("try: a()\nexcept E: f=1\n", "f\n"), 26),
    "base classes": (lambda n: many("class A%d: pass\n")(n) + "class B(" + many("A%d,")(n) + "):\n def m(self):\n" +
                     many("  self.x\n")(n), 36),
    # Twice as many as the others: up to 400, which are looked at of a class, its ancestors do grow with it.
    "classes below each other": (lambda n: "class A0: pass\n" + "".join(
        "class A%d(A%d):\n def m(self): self.no\n" % (i + 1, i) for i in range(n)), 21),
}


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def cost(scratch, text, until="extract"):
    """(what it said when it failed, bytes of memory, seconds of the processor)"""
    tree = write_tree(scratch / "tree", {"a.py": text})
    child = subprocess.Popen(
        [PROGRAM, "build", str(tree), "--until", until, "-j", "1", "-q", "-o", str(scratch)],
        preexec_fn=limit, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = child.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    return (said or "killed") if status else "", usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime


def growth(tap, scratch, shapes=SHAPES, until="extract"):
    _, idle_bytes, idle_seconds = cost(scratch, "", until)
    for name, (make, n_bytes) in shapes.items():
        texts = [make(size // n_bytes) for size in SIZES]
        why, costs = "", []
        for text in texts:
            said, memory, seconds = cost(scratch, text, until)
            why = why or said
            # What is less than these is noise.
            costs.append((max(memory - idle_bytes, 2 << 20), max(seconds - idle_seconds, 0.05)))
        factor = len(texts[1]) / len(texts[0])
        for what, (small, large) in zip(("memory", "time"), zip(*costs)):
            tap.ok(not why and large < 1.8 * factor * small, "%s: %s" % (name, what),
                   "%s%.3g -> %.3g for %.1f times the text" % (why, small, large, factor))
        tap.ok(costs[1][0] < MOST_A_BYTE[until] * len(texts[1]) + (2 << 20), name + ": a byte of text",
               "%.0f bytes of memory" % (costs[1][0] / len(texts[1])))


def linked(tap, scratch):
    growth(tap, scratch, LINKED, "answer")


def names(tap, scratch):
    tree = write_tree(scratch / "tree", {
        "a.py": SHAPES["nested lambdas"][0](2000) + "def " + "f" * 600 + "(): pass\n",
        "b.py": SHAPES["a long name"][0](2000), "c.py": SHAPES["a long dotted name"][0](2000)})
    bundle = build(tree, scratch / "out")
    tap.ok(not doctor(bundle), "a bundle of cut names is sound", doctor(bundle))
    for column, table in [("qualified_name", "nodes"), ("qualname", "defs"), ("qualname", "scopes"),
                          ("name", "nodes"), ("callee_text", "calls"), ("name", "imports")]:
        longest = query(bundle, "SELECT max(strlen(%s)) AS n FROM %s" % (column, table))[0]["n"]
        tap.ok(longest is not None and longest <= NAME_BYTES, "%s of %s is bounded" % (column, table),
               longest)
    rows = query(bundle, "SELECT count(*) AS n, count(DISTINCT qualname) AS n_names FROM defs")
    tap.ok(rows == [{"n": 2001, "n_names": 2001}], "names that are cut stay different", rows)
    longest = query(bundle, "SELECT max(strlen(qname)) AS n FROM rel_call_qname")[0]["n"]
    tap.ok(longest <= 2 * NAME_BYTES + 1, "a name that rules put together is bounded", longest)


def main():
    tap = Tap()
    for test in (names, growth, linked):
        with Scratch() as scratch:
            test(tap, scratch)
    tap.finish()


main()
