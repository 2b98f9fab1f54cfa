#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""half_joins.py - constants in the condition of a semi and an anti join: what is met, and by which rows."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import Scratch, Tap, build, query, relspec, write_tree  # noqa: E402

RULE = """\
pack: mine
rules:
- name: %s
  doc: A call with no, or with some, argument of a kind.
  kind: hash_join
  join: %s
  inputs: {c: calls, a: args}
  on: %s
  emit: {edge: RECEIVER, src: c.call_id, dst: c.call_id, origin: scope}
"""
ON = "c.call_id = a.call_id"
SOURCE = "f()\nf(1)\nf(k=1)\nf(1, k=2)\nf(*x)\n"
CASES = [  # join, condition, lines of the calls that it gives
    ("anti", ON, [1]),
    ("anti", ON + " AND a.arg_kind = 'keyword'", [1, 2, 5]),
    ("semi", ON + " AND a.arg_kind = 'keyword'", [3, 4]),
    ("anti", ON + " AND a.arg_kind = 'keyword' AND a.keyword = 'k'", [1, 2, 5]),
    ("anti", ON + " AND (a.arg_kind = 'keyword' AND 'x' = a.keyword)", [1, 2, 3, 4, 5]),
    ("anti", ON + " AND c.n_keyword = 1", [1, 2, 5]),
]
REFUSED = [
    ("inner", ON + " AND a.arg_kind = 'keyword'"),
    ("left", ON + " AND a.arg_kind = 'keyword'"),
    ("anti", "a.arg_kind = 'keyword' AND " + ON),
    ("anti", "a.arg_kind = 'keyword'"),
    ("anti", ON + " AND a.arg_kind <> 'keyword'"),
    ("anti", ON + " AND a.arg_kind = 'keyword' OR TRUE"),
    ("anti", ON + " AND 1 = 1"),
]


def main():
    tap = Tap()
    with Scratch() as scratch:
        write_tree(scratch / "src", {"a.py": SOURCE})
        for i, (join, on, wanted) in enumerate(CASES):
            packs = write_tree(scratch / ("p%d" % i), {"p.yaml": RULE % ("rule_%d" % i, join, json.dumps(on))})
            bundle = build(scratch / "src", scratch / "out", "--rules", packs)
            rows = query(bundle, "SELECT c.start_line AS line FROM edges e JOIN calls c ON c.call_id = e.src "
                                 "WHERE e.rule_name = 'rule_%d' ORDER BY 1" % i)
            tap.ok([r["line"] for r in rows] == wanted, "%s: %s" % (join, on), rows)
            done = relspec("why", bundle, "--kind", "RECEIVER", "--rules", packs, "--json")
            edges = json.loads(done.stdout)["edges"]
            tap.ok(len(edges) == len(wanted) and all(on.split(" ")[-1].strip(")") in json.dumps(e) for e in edges),
                   "why says so", done.stdout[:300] + done.stderr)
        for join, on in REFUSED:
            packs = write_tree(scratch / "refused", {"p.yaml": RULE % ("rule", join, json.dumps(on))})
            done = relspec("rules", "check", packs)
            tap.ok(done.returncode != 0 and "on: expected c.column = a.column" in done.stdout + done.stderr,
                   "refused: %s: %s" % (join, on), done.stdout + done.stderr)
    tap.finish()


main()
