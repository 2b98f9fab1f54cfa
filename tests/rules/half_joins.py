#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""half_joins.py - constants in the condition of a semi and an anti join, and joins of more than two inputs: what is
met, and by which rows."""

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

MORE = """\
pack: mine
rules:
- name: %s
  doc: A call, its arguments and the function around it.
  kind: hash_join
  join: %s
  inputs: {%s}
  on: %s
  emit: {edge: RECEIVER, src: c.call_id, dst: c.call_id, origin: scope, anchor: ["COALESCE(a.start_byte, 0)", c.end_byte]}
"""
MORE_SOURCE = SOURCE + "def g(p):\n    f(1, 2)\n    f()\n"
THREE = "c: calls, a: args, d: defs"
FOUR = THREE + ", p: params"
AROUND = " AND d.def_id = c.enclosing_def_id"
MORE_CASES = [  # join, inputs, condition, lines of the calls, one for each row
    ("inner", THREE, ON + AROUND, [7, 7]),
    ("left", THREE, ON + AROUND, [1, 2, 3, 4, 4, 5, 7, 7, 8]),
    ("inner", FOUR, ON + AROUND + " AND p.def_id = d.def_id", [7, 7]),
    ("inner", FOUR, ON + AROUND + " AND p.def_id = d.def_id AND p.position = a.position", [7]),
    ("left", FOUR, ON + AROUND + " AND p.def_id = d.def_id AND p.position = a.position", [1, 2, 3, 4, 4, 5, 7, 7, 8]),
]
MORE_REFUSED = [
    ("semi", THREE, ON, "a semi or anti join has two of them, not 3"),
    ("inner", THREE, ON, "nothing ties d to an input before it"),
    ("inner", "c: calls, d: defs, a: args", "c.call_id = a.call_id AND a.file_id = c.file_id", "nothing ties d"),
    ("inner", THREE, ON + AROUND + " AND a.file_id + c.file_id = d.file_id", "on: expected"),
    ("inner", FOUR + ", q: params", ON, "hash_join takes 2 to 4 inputs, not 5"),
]


def check_more(tap, scratch):
    """Joins of three and four inputs, and the rows that `why` finds behind each edge."""
    write_tree(scratch / "more", {"a.py": MORE_SOURCE})
    for i, (join, inputs, on, wanted) in enumerate(MORE_CASES):
        packs = write_tree(scratch / ("m%d" % i), {"p.yaml": MORE % ("more_%d" % i, join, inputs, json.dumps(on))})
        bundle = build(scratch / "more", scratch / "out", "--rules", packs)
        rows = query(bundle, "SELECT c.start_line AS line FROM edges e JOIN calls c ON c.call_id = e.src "
                             "WHERE e.rule_name = 'more_%d' ORDER BY 1" % i)
        tap.ok([r["line"] for r in rows] == wanted, "%s of %s: %s" % (join, inputs, on), rows)
        done = relspec("why", bundle, "--kind", "RECEIVER", "--rules", packs, "--json")
        edges = json.loads(done.stdout)["edges"]
        tap.ok(len(edges) == len(wanted) and all(e["derivations_agree"] and e["because"]["inputs"] for e in edges),
               "why finds the rows that met", done.stdout[:300] + done.stderr)
    for join, inputs, on, message in MORE_REFUSED:
        packs = write_tree(scratch / "refused", {"p.yaml": MORE % ("rule", join, inputs, json.dumps(on))})
        done = relspec("rules", "check", packs)
        tap.ok(done.returncode != 0 and message in done.stdout + done.stderr, "refused: %s of %s" % (join, inputs),
               done.stdout + done.stderr)


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
        check_more(tap, scratch)
    tap.finish()


main()
