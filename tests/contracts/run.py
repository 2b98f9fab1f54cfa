#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - what a kind requires holds of every row in the graph: of a rule that cannot prove it, rows that break
it are rejects with a reason, and what speaks of them goes with them."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "invariants")]
from harness import Scratch, Tap, build, query, some, write_tree  # noqa: E402

TREE = {"a.py": "class A[T](B):\n    def f(self):\n        return self.g(1) if self else h(2)\n"}

# Sums are ids of anything to a plan.
PACK = """\
pack: loose
rules:
- name: to_nothing
  doc: Ends behind the file.
  kind: filter_project
  inputs: {c: calls}
  emit: {edge: CALLEE, src: c.call_id + 0, dst: c.call_id + 100000, method: "'to_nothing'"}
- name: from_nothing
  doc: Starts behind the file.
  kind: filter_project
  inputs: {c: calls}
  emit: {edge: CALLEE, src: c.call_id + 100000, dst: c.callee_id + 0}
- name: from_a_name
  doc: A call is no expression that is called.
  kind: filter_project
  inputs: {c: calls}
  emit: {edge: RECEIVER, src: c.callee_id + 0, dst: c.callee_id + 0}
- name: to_a_module
  doc: Nor is a module one.
  kind: filter_project
  inputs: {c: calls}
  emit: {edge: RECEIVER, src: c.call_id + 0, dst: root_of(c.file_id) + 0}
- name: right
  doc: Not proved, and yet so.
  kind: filter_project
  inputs: {c: calls}
  emit: {edge: RECEIVER, src: c.call_id + 0, dst: c.callee_id + 0}
- name: joined
  doc: Of two rows, so with derivations.
  kind: hash_join
  inputs: {c: calls, a: args}
  join: inner
  on: c.call_id = a.call_id
  emit: {edge: ARGUMENT, src: c.call_id + 0, dst: a.arg_id + 100000}
- name: sure
  doc: More than sure.
  kind: filter_project
  inputs: {c: calls}
  emit: {edge: RECEIVER, src: c.call_id, dst: c.callee_id, confidence: c.start_byte}
- name: bare_call
  doc: A call that nobody looked at.
  kind: filter_project
  inputs: {c: calls}
  emit: {node: CALL, id: "global_id('CALL', c.callee_text)"}
- name: of_bare_call
  doc: Not all that a call has.
  kind: filter_project
  inputs: {c: calls}
  emit: {props: CALL, id: "global_id('CALL', c.callee_text)", values: {n_positional: c.n_positional}}
- name: of_nothing
  doc: Of what is not there.
  kind: filter_project
  inputs: {c: calls}
  emit: {props: IDENTIFIER, id: c.call_id + 100000, values: {expr_context: "'LOAD'"}}
"""

WANTED = [["edges", "ARGUMENT", "dangling:dst", 2], ["edges", "CALLEE", "dangling:dst", 2],
          ["edges", "CALLEE", "dangling:src", 2], ["edges", "RECEIVER", "kind:dst", 2],
          ["edges", "RECEIVER", "kind:src", 2], ["nodes", "CALL", "lacks:callee_shape", 2]]


def reasons(bundle):
    rows = query(bundle, "SELECT 'edges' AS d, CAST(kind AS VARCHAR) AS kind, reason, count(*) AS n FROM "
                         "rejects_edges WHERE reason <> 'outside:confidence' GROUP BY ALL UNION ALL SELECT 'nodes', "
                         "CAST(kind AS VARCHAR), reason, count(*) FROM rejects_nodes GROUP BY ALL ORDER BY ALL")
    return [[r["d"], r["kind"], r["reason"], int(r["n"])] for r in rows]


def main():
    tap = Tap()
    with Scratch() as scratch:
        tree = write_tree(scratch / "src", TREE)
        packs = write_tree(scratch / "rules", {"loose.yaml": PACK})
        plain = build(tree, scratch / "plain")
        bundle = build(tree, scratch / "out", "--rules", packs)
        tap.ok(reasons(plain) == [], "the built-in rules keep to what kinds require", some(reasons(plain)))
        found = reasons(bundle)
        tap.ok(found == WANTED, "rows that break it are rejects with their reason", "\n".join(map(str, found)))
        kept = query(bundle, "SELECT rule_name, count(*) AS n FROM edges WHERE rule_name IN ('right', 'sure') "
                             "GROUP BY ALL")
        tap.ok([(r["rule_name"], int(r["n"])) for r in kept] == [("right", 2)],
               "those that hold stay, though no rule proves it", kept)
        outside = query(bundle, "SELECT reason, count(*) AS n FROM rejects_edges WHERE reason = 'outside:confidence' GROUP BY ALL")
        tap.ok([(r["reason"], int(r["n"])) for r in outside] == [("outside:confidence", 2)],
               "a confidence lies in 0 .. 1", outside)
        props = query(bundle, "SELECT key, reason, count(*) AS n FROM rejects_props GROUP BY ALL ORDER BY ALL")
        tap.ok([(r["key"], r["reason"], int(r["n"])) for r in props] ==
               [("expr_context", "dangling:entity_id", 2), ("n_positional", "dangling:entity_id", 2)],
               "properties of nothing are rejects", props)
        gone = query(bundle, "SELECT reason, count(*) AS n FROM rejects_derivations GROUP BY ALL")
        tap.ok([(r["reason"], int(r["n"])) for r in gone] == [("dangling:edge_id", 4)],
               "derivations go with their edges", gone)
        position = query(plain, "SELECT kind, key, value_int FROM props JOIN edges ON entity_id = edge_id "
                                "WHERE entity_kind = 'edge' ORDER BY ALL")
        tap.ok([(r["kind"], r["key"], int(r["value_int"])) for r in position] ==
               [("HAS_BASE", "position", 0), ("TYPE_PARAM_OF", "position", 0)],
               "rules give properties to edges", position)
    tap.finish()


main()
