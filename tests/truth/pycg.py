#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pycg.py [CATEGORY ...] - `relspec export --format pycg` of the public micro-benchmark of call graphs,
scored by its rules: a table, and a failure for each category that got worse.

What is wrong is what a container held before it was overwritten; three of the edges cannot happen.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import IS_FULL, NO_CASES, Scratch, Tap, build_unseen, relspec, skip  # noqa: E402

# Category: the fewest edges that are found, the most that are wrong.
FLOORS = {
    "args": (10, 0), "assignments": (6, 0), "builtins": (8, 0), "classes": (31, 0), "decorators": (14, 0),
    "dicts": (11, 2), "direct_calls": (6, 0), "exceptions": (2, 0), "external": (6, 0), "functions": (2, 0),
    "generators": (11, 0), "imports": (9, 0), "kwargs": (5, 0), "lambdas": (9, 0), "lists": (10, 2),
    "mro": (9, 0), "returns": (4, 0),
}
QUICK = ["imports"]


def main():
    cases = Path(os.environ["RS_CASES_DIR"]) / "cg-micro"
    if not cases.is_dir():
        skip(NO_CASES, str(cases))
    categories = sys.argv[1:] or (sorted(FLOORS) if IS_FULL else QUICK)
    tap = Tap()
    with Scratch() as scratch:
        listed = [case for category in categories for case in sorted((cases / category).iterdir())]
        for case in listed:
            bundle = build_unseen(case, scratch / "out")
            found = scratch / "found" / case.parent.name / (case.name + ".json")
            found.parent.mkdir(parents=True, exist_ok=True)
            done = relspec("export", bundle, "--format", "pycg", "-o", found, "--quiet")
            assert done.returncode == 0, done.stderr
        (scratch / "listed").write_text("".join("%s/%s\n" % (c.parent.name, c.name) for c in listed))
        score = [sys.executable, HERE.parent / "oracle/pycg_score.py", cases, scratch / "found", "--cases",
                 scratch / "listed"]
        print(subprocess.run(score, check=True, stdout=subprocess.PIPE, text=True).stdout.replace("\n", "\n# "))
        told = json.loads(subprocess.run([*score, "--json"], check=True, stdout=subprocess.PIPE).stdout)
    for category in categories:
        got, (fewest, most) = told[category], FLOORS[category]
        tap.ok(got["tp"] >= fewest and got["fp"] <= most and not got["missing"],
               "%s: precision %.3f, recall %.3f" % (category, got["precision"], got["recall"]),
               "%d found, %d wrong; it was %d, %d" % (got["tp"], got["fp"], fewest, most))
    tap.finish()


main()
