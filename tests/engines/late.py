#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The engine's library is loaded when something is asked of it: a program that finds none does all else.

The copy of the program that is run here has no lib/ beside it.
"""

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
import harness  # noqa: E402
from harness import Scratch, Tap, build, write_tree  # noqa: E402

# What needs no engine, and a word of what it says.
WITHOUT = (
    (("--version",), "relspec"),
    (("help",), "build"),
    (("rules", "list"), "call_to_qname"),
    (("rules", "show", "call_to_qname"), "call_qname"),
    (("build", "--help"), "--engine"),
    (("runs", "list", "."), "r"),
)


def main():
    tap = Tap()
    with Scratch() as scratch:
        code = write_tree(scratch / "code", {"a.py": b"print(1)\n"})
        bundle = build(code, scratch, "--run", "r", "--quiet")
        (scratch / "alone" / "bin").mkdir(parents=True)
        there = harness.PROGRAM
        harness.PROGRAM = shutil.copy(there, scratch / "alone" / "bin" / "relspec")
        for args, word in WITHOUT:
            said = harness.relspec(*args, cwd=scratch)
            tap.ok(said.returncode == 0 and word in said.stdout, "relspec %s" % " ".join(args), said.stdout + said.stderr)
        said = harness.relspec("build", code, "-o", scratch / "own", "--run", "r", "--quiet")
        same = said.returncode == 0 and \
            harness.hashes(bundle) == harness.hashes(scratch / "own" / "run_bundles" / "r")
        tap.ok(same, "relspec build, the same bundle", said.stdout + said.stderr)
        for args in (("query", bundle, "SELECT 1"), ("doctor", bundle), ("why", bundle, "--kind", "AST"),
                     ("build", code, "-o", scratch / "own", "--run", "d", "--engine", "duckdb", "--quiet")):
            said = harness.relspec(*args)
            tap.ok(said.returncode not in (0, 1) and "open the engine: libduckdb" in said.stderr and not said.stdout,
                   "%s says what is missing" % args[0], said.stdout + said.stderr)
        harness.PROGRAM = there
    tap.finish()


main()
