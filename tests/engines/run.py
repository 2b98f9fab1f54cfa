#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [TREE] - one engine and two: `--engine auto` gives the bytes of `--engine duckdb`, whatever the threads.

Where a rule fails, that is told alike. TREE is one more to compare, as large as you like.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "rules"), str(HERE.parent / "invariants")]
import sources  # noqa: E402
from harness import IS_FULL, Scratch, Tap, build, hashes, query, relspec, some, write_tree  # noqa: E402

# A rule of the graph over evidence alone, in whose condition a number does not fit.
PACK = """
pack: two
doc: d
rules:
- name: too_large
  doc: d
  kind: filter_project
  inputs: {n: syntax_nodes}
  where: n.end_byte + 9223372036854775807 > n.start_byte
  emit: {edge: BYTECODE_ANCHOR, src: n.node_id, dst: n.node_id, file: n.file_id}
"""
# Rules of a relationship that fail, and what reads them.
BAD_ROWS = """
pack: bad
datasets:
- {name: rel_far, doc: d, key: [call_id], columns: {call_id: {type: id, required: true, doc: d}}}
rules:
- {name: far_call, doc: d, kind: filter_project, inputs: {c: calls}, confidence: cst, output: rel_far,
   where: c.end_byte + 9223372036854775807 > 0, select: {call_id: c.call_id}}
- {name: not_far, doc: d, kind: hash_join, inputs: {c: calls, f: rel_far}, join: anti, on: c.call_id = f.call_id,
   emit: {edge: BYTECODE_ANCHOR, src: c.call_id, dst: c.call_id, file: c.file_id}}
- {name: call_far, doc: d, kind: filter_project, inputs: {f: rel_far}, emit: {edge: BYTECODE_ANCHOR, src: f.call_id, dst: f.call_id}}
"""

# What native leaves to the other engine, over rows of both: a relationship that is handed over, one that is not
# held, what reads that, groups of two engines; beside them winners and rejects of rows that are held.
MIXED = """
pack: mixed
datasets:
- {name: rel_shout, doc: d, key: [call_id], columns: {call_id: {type: id, required: true, doc: d},
   text: {type: str, required: true, doc: d}}}
- {name: rel_shouted, doc: d, key: [call_id], columns: {call_id: {type: id, required: true, doc: d},
   text: {type: str, required: false, doc: d}}}
- {name: rel_used, doc: d, key: [qname], columns: {qname: {type: str, required: true, doc: d},
   n: {type: i64, required: true, doc: d}}}
- {name: rel_first, doc: d, key: [place], group: place, columns: {place: {type: i64, required: true, doc: d},
   call_id: {type: id, required: true, doc: d}, text: {type: str, required: true, doc: d}}}
rules:
- {name: shout, doc: d, kind: filter_project, inputs: {q: rel_call_qname}, confidence: cst, output: rel_shout,
   select: {call_id: q.call_id, text: upper(q.name)}}
- {name: shouted, doc: d, kind: hash_join, inputs: {c: calls, s: rel_shout}, join: left, on: c.call_id = s.call_id,
   confidence: cst, output: rel_shouted, select: {call_id: c.call_id, text: s.text}}
- {name: used, doc: d, kind: aggregate, inputs: {q: rel_call_qname}, group_by: [q.name], confidence: cst,
   output: rel_used, select: {qname: q.name, n: count()}}
- {name: first_call, doc: d, kind: filter_project, inputs: {h: rel_call_head}, confidence: cst, output: rel_first,
   select: {place: h.start_byte - h.start_byte, call_id: h.call_id, text: h.text},
   winner: {keys: [place], order: [text desc]}}
- {name: one_call, doc: d, kind: filter_project, inputs: {h: rel_call_head}, confidence: cst, output: rel_first,
   where: h.tail = '', select: {place: CASE WHEN h.end_byte > 40 THEN 1 ELSE h.end_byte END,
   call_id: h.call_id, text: "CASE WHEN NOT contains(h.text, 'e') THEN h.text END"}}
- {name: to_first, doc: d, kind: filter_project, inputs: {f: rel_first}, emit: {edge: ARGUMENT, src: f.call_id, dst: f.call_id}}
- {name: to_shout, doc: d, kind: filter_project, inputs: {s: rel_shouted}, emit: {edge: BYTECODE_ANCHOR, src: s.call_id, dst: s.call_id}}
- {name: kinds, doc: d, kind: aggregate, inputs: {r: name_refs}, group_by: [r.context, r.name],
   emit: {node: TYPE, id: "global_id('TYPE', r.name)", name: r.name}}
"""
# Rules of files and of the run whose edges and nodes may be the same ones: one of the pack, those of the program.
CLASHING = """
pack: clashing
rules:
- {name: each_call, doc: d, kind: filter_project, inputs: {c: calls}, emit: {edge: BYTECODE_ANCHOR, src: c.call_id, dst: c.call_id}}
- {name: called, doc: d, kind: hash_join, inputs: {c: calls, d: defs}, join: inner, on: c.callee_text = d.name,
   emit: {edge: BYTECODE_ANCHOR, src: c.call_id, dst: c.call_id}}
- {name: called_node, doc: d, kind: hash_join, inputs: {c: calls, d: defs}, join: inner, on: c.callee_text = d.name,
   emit: {node: CALL, id: c.call_id, name: d.name}}
- {name: called_edge, doc: d, kind: hash_join, inputs: {c: calls, d: defs}, join: inner, on: c.callee_text = d.name,
   emit: {edge: CALL, src: c.call_id, dst: d.def_id, method: NAME, confidence: cst}}
"""
ROWS = ("cpg/", "evidence/", "relationships/", "rejects/")
EVENTS = "SELECT rule_name, engine, status, rows_out FROM rule_exec_events WHERE scope = 'rule' ORDER BY 1"


def rows_of(bundle):
    return {name: value for name, value in hashes(bundle).items() if name.startswith(ROWS)}


def differing(a, b):
    return sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))


def compare(tap, scratch, name, tree, *args):
    """Bundles of both, and of both engines on several threads."""
    one = build(tree, scratch, "--run", name + "-one", "--engine", "duckdb", "--threads", "1", *args)
    wanted = rows_of(one)
    for threads in ("1", "3") if IS_FULL else ("3",):
        two = build(tree, scratch, "--run", name + "-two-" + threads, "--engine", "auto", "--threads", threads, *args)
        tap.ok(differing(wanted, rows_of(two)) == [], "%s: the same rows, %s threads" % (name, threads),
               "\n".join(differing(wanted, rows_of(two))))
    return one, two


def check_records(tap, one, two):
    alone, both = query(one, EVENTS), query(two, EVENTS)
    tap.ok({row["engine"] for row in alone} == {"duckdb"}, "one engine runs all", alone[:3])
    native = [row for row in both if row["engine"] == "native"]
    tap.ok(len(native) > 60, "most rules are native's", len(native))
    tap.ok([(row["rule_name"], row["status"], row["rows_out"]) for row in alone] ==
           [(row["rule_name"], row["status"], row["rows_out"]) for row in both], "rules have the same rows")
    why = query(two, "SELECT rule_name, metadata['why_not'] AS why FROM rule_diagnostics WHERE metadata['code'] = 'engine'")
    tap.ok(all(row["why"] for row in why), "who is not is told, and why", why[:3])
    scans = "SELECT dataset, source, count_rows > 0 AS read FROM scan_telemetry WHERE source = 'memory' ORDER BY 1"
    tap.ok(query(one, scans) == query(two, scans), "scans are told of both", query(two, scans))
    told = [row["rule_name"] for row in both if row["engine"] != "native" and row["status"] == "ok"]
    tap.ok({row["rule_name"] for row in why} == set(told), "of each of them", (told, why))


def check_failure(tap, scratch, tree, pack, n_failed):
    rules = write_tree(scratch / "rules", {"two.yaml": pack})
    said = []
    for engine in "duckdb", "auto":
        done = relspec("build", tree, "-o", scratch, "--run", "bad-" + engine, "--engine", engine, "--rules", rules, "--json", "-q")
        tap.ok(done.returncode in (0, 1) and done.stdout, "%s: the run goes on" % engine, done.stderr)
        failed = query(scratch / "run_bundles" / ("bad-" + engine),
                       "SELECT rule_name, status, rows_out FROM rule_exec_events WHERE status = 'error'")
        said.append((failed, rows_of(scratch / "run_bundles" / ("bad-" + engine))))
    tap.ok(len(said[0][0]) == n_failed, "%d rule fails" % n_failed, said[0][0])
    tap.ok(said[0] == said[1], "and costs the same rows", differing(said[0][1], said[1][1]))


def check_mixed(tap, scratch, tree):
    rules = write_tree(scratch / "mixed", {"mixed.yaml": MIXED})
    one, two = compare(tap, scratch, "mixed", tree, "--rules", rules)
    check_records(tap, one, two)
    ran = {row["rule_name"]: row["engine"] for row in query(two, EVENTS)}
    wanted = dict(shout="duckdb", shouted="duckdb", used="duckdb", first_call="native", one_call="native",
                  to_first="native", to_shout="duckdb", call_to_qname="native")
    tap.ok({rule: ran[rule] for rule in wanted} == wanted, "each by whom it should be", ran)
    for name in "rel_shout", "rel_shouted", "rel_used", "rel_first":
        tap.ok(query(two, "SELECT count(*) AS n FROM %s" % name)[0]["n"] > 1, "%s has rows" % name)
    tap.ok(query(two, "SELECT DISTINCT reason FROM rejects_rel_first ORDER BY 1") ==
           [{"reason": "duplicate"}, {"reason": "null:text"}], "the gate has something to do",
           query(two, "SELECT reason, count(*) FROM rejects_rel_first GROUP BY 1"))


def check_clashing(tap, scratch, tree):
    rules = write_tree(scratch / "clashing", {"clashing.yaml": CLASHING})
    one, two = compare(tap, scratch, "clashing", tree, "--rules", rules)
    for bundle in one, two:
        twice = query(bundle, "SELECT count(*) - count(DISTINCT (kind, src, dst, start_byte)) AS n FROM edges UNION ALL "
                              "SELECT count(*) - count(DISTINCT node_id) FROM nodes")
        tap.ok([row["n"] for row in twice] == [0, 0], "a rule of files and one of the run give no key twice", twice)
        told = query(bundle, "SELECT DISTINCT rule_name, reason FROM rejects_edges WHERE kind = 'BYTECODE_ANCHOR'")
        tap.ok(told == [{"rule_name": "each_call", "reason": "duplicate"}], "the second one is a reject", told)
        tap.ok(relspec("doctor", bundle).returncode == 0, "nothing else is amiss")
    waves = query(two, "SELECT rule_name FROM rule_exec_events WHERE scope = 'rule' AND metadata['rule_scope'] = 'run' "
                       "AND rule_name IN ('each_call', 'syntax_node', 'call_by_names', 'ast_parent') ORDER BY 1")
    tap.ok([row["rule_name"] for row in waves] == ["call_by_names", "each_call", "syntax_node"],
           "who may give the key of a rule of the run is one, others are not", waves)


def main():
    tap = Tap()
    with Scratch() as scratch:
        tree = write_tree(scratch / "src", sources.TREE)
        (scratch / "index.scip").write_bytes(sources.index())
        one, two = compare(tap, scratch, "golden", tree, "--scip", scratch / "index.scip")
        check_records(tap, one, two)
        tap.ok({row["engine"] for row in query(two, EVENTS)} == {"native"}, "of the built-in rules none is left")
        for pack in some((BAD_ROWS, PACK)):
            check_failure(tap, scratch, tree, pack, 1)
        check_mixed(tap, scratch, tree)
        check_clashing(tap, scratch, tree)
        if len(sys.argv) > 1:
            compare(tap, scratch, "tree", sys.argv[1], *sys.argv[2:])
        told = relspec("build", tree, "-o", scratch, "--engine", "native")
        tap.ok(told.returncode == 2 and "auto, duckdb" in told.stderr, "alone native makes no build", told.stderr)
    tap.finish()


main()
