#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run [SUITE ...] - public suites of facts, scored.

A suite is ../shared/cases/NAME with its src/ and facts.jsonl; NAME.sql beside this file turns a
bundle built over src/ into rows of kind, "from", "to". The floors are what must not be lost.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import NO_CASES, Scratch, Tap, build, relspec, skip  # noqa: E402

# suite, kind, least precision, least recall. The order suite lists no order that must not be, so
# its precision says nothing; how much is predicted beyond the facts is bounded instead.
FLOORS = [
    ("coverage-arcs", "branch", .97, .98),
    ("coverage-arcs", "nobranch", .97, .98),
    ("codeql-evalorder", "order", .97, .98),
    ("codeql-evalorder", "never", .97, .98),
    ("stack-graphs", "name", .99, .965),
    ("field-calls", "base", 1, 1),
    ("field-calls", "override", 1, 1),
    ("field-calls", "def", .995, .96),
    ("field-calls", "call", .96, .955),
    ("field-calls", "implicit", .96, .93),
    ("field-calls", "via", .8, .85),
    ("codeql-callgraph", "call", .99, .97),
    ("codeql-flow", "flow", .9, .94),
    ("xast", "flow", .89, .92),
    ("typeevalpy", "type", .925, .93),
]
MOST_ROWS = {"codeql-evalorder": 1.6}  # rows for each fact


def facts_of(suite, folder, scratch):
    """What our query says, as a file of JSON lines; how many rows it has."""
    bundle = build(folder / "src", scratch)
    result = relspec("query", "-q", bundle, "--file", HERE / (suite + ".sql"), "--format", "json",
                     "--numbers")
    if result.returncode != 0:
        raise SystemExit("%s: %s" % (suite, result.stderr))
    rows = json.loads(result.stdout)
    path = Path(scratch) / (suite + ".jsonl")
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path, len(rows)


def main():
    cases = Path(os.environ["RS_CASES_DIR"])
    score = HERE.parent / "oracle/fact_score.py"
    suites = [s for s in sorted({floor[0] for floor in FLOORS})
              if (not sys.argv[1:] or s in sys.argv[1:]) and (cases / s).is_dir()]
    if not suites:
        skip(NO_CASES, str(cases))
    tap = Tap()
    for suite in suites:
        folder = cases / suite
        with Scratch() as scratch:
            predicted, n_rows = facts_of(suite, folder, scratch)
            output = subprocess.run([sys.executable, str(score), str(folder / "facts.jsonl"),
                                     str(predicted), "--json"], check=True,
                                    stdout=subprocess.PIPE, encoding="utf-8").stdout
        totals = json.loads(output)["total"]
        n_facts = sum(total["tp"] + total["fn"] for total in totals.values())
        most = MOST_ROWS.get(suite)
        if most:
            tap.ok(n_rows <= most * n_facts, "%s: %d rows for %d facts" % (suite, n_rows, n_facts),
                   "more than %.1f for each" % most)
        for _, kind, precision, recall in [f for f in FLOORS if f[0] == suite]:
            got = totals[kind]
            tap.ok(got["P"] >= precision and got["R"] >= recall,
                   "%s %s: precision %.3f, recall %.3f" % (suite, kind, got["P"], got["R"]),
                   "below %.3f, %.3f" % (precision, recall))
    tap.finish()
    return 0


if __name__ == "__main__":
    sys.exit(main())
