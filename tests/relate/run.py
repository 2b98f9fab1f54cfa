#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - relationships end to end: symbols and qualified names, every operator of the rule
language, policies that change confidence and lanes and nothing else."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "scip"), str(HERE.parent / "invariants")]
import writer as w  # noqa: E402
from harness import SOURCE, Scratch, Tap, build, query, relspec, some, write_tree  # noqa: E402

CODE = ("import os\n"
        "from .other import helper as h\n"
        "def f(x):\n"
        "    return os.path.join(x, h(len(x)))\n"
        "class C:\n"
        "    pass\n"
        "f(C())\n")

PACK = """\
pack: test
datasets:
- name: rel_part
  doc: Parts of dotted callees.
  key: [call_id, position]
  group: call_id
  columns:
    call_id: {type: id, required: true, doc: the call}
    position: {type: i32, required: true, doc: from 0}
    part: {type: str, required: true, doc: one name}
- name: rel_last
  doc: The last part of each.
  key: [call_id]
  columns:
    call_id: {type: id, required: true, doc: the call}
    part: {type: str, required: true, doc: its last name}
- name: rel_count
  doc: How often a name is called last.
  key: [part]
  sort: [n desc, part]
  columns:
    part: {type: str, required: true, doc: the name}
    n: {type: i64, required: true, doc: calls}
- name: rel_any
  doc: Places of two kinds.
  key: [file_id, start_byte, end_byte]
  columns:
    file_id: {type: id, required: true, doc: the file}
    start_byte: {type: i64, required: true, doc: first byte}
    end_byte: {type: i64, required: true, doc: byte behind}
rules:
- name: parts
  doc: A row a part.
  kind: explode_list
  inputs: {c: calls}
  explode: {split: c.callee_text, separator: .}
  where: c.callee_text IS NOT NULL
  select: {call_id: c.call_id, position: item.position, part: item.value}
  score: item.position
  confidence: cst
  output: rel_part
- name: last_part
  doc: The part with the highest place.
  kind: winner_select
  inputs: {p: rel_part}
  select: {call_id: p.call_id, part: p.part}
  score: p.score
  confidence: cst
  winner: {keys: [call_id], order: [score desc]}
  output: rel_last
- name: counted
  doc: Over all files.
  kind: aggregate
  inputs: {l: rel_last}
  group_by: [l.part]
  select: {part: l.part, n: count()}
  confidence: cst
  output: rel_count
- name: either
  doc: Calls and imports.
  kind: union_all
  inputs: {c: calls, i: imports}
  select: {file_id: each.file_id, start_byte: each.start_byte, end_byte: each.end_byte}
  confidence: cst
  filter: out.end_byte > out.start_byte
  output: rel_any
- name: said_twice
  doc: An edge that a join of relationships makes.
  kind: hash_join
  inputs: {l: rel_last, p: rel_part}
  join: inner
  on: l.call_id = p.call_id
  where: l.part = p.part
  emit: {edge: RECEIVER, src: l.call_id, dst: l.call_id, origin: scope}
"""


def symbol(name):
    return "scip-python python p 1 " + name


def rows(bundle, sql):
    return [tuple(row.values()) for row in query(bundle, sql)]


def index():
    """Every part of os.path.join has an occurrence; f and C are defined and used."""
    return w.metadata() + w.document("pkg/main.py", [
        w.occurrence([3, 11, 13], symbol("os/__init__:")),
        w.occurrence([3, 14, 18], symbol("os/path/__init__:")),
        w.occurrence([3, 19, 23], "scip-python python python-stdlib 3.11 posixpath/join()."),
        w.occurrence([2, 4, 5], symbol("`pkg.main`/f()."), roles=1),
        w.occurrence([6, 0, 1], symbol("`pkg.main`/f().")),
        w.occurrence([4, 6, 7], symbol("`pkg.main`/C#"), roles=1),
        w.occurrence([6, 2, 3], symbol("`pkg.main`/C#")),
        w.occurrence([0, 7, 9], symbol("os/__init__:")),
    ])


def tree(scratch):
    return write_tree(scratch / "tree", {"pkg/__init__.py": "", "pkg/main.py": CODE,
                                         "pkg/other.py": "def helper(n): return n\n"})


def symbols(tap, scratch):
    (scratch / "index.scip").write_bytes(index())
    bundle = build(tree(scratch), scratch, "--scip", scratch / "index.scip")
    called = rows(bundle, "SELECT s.name, e.relationship_rule, e.method FROM edges e "
                          "JOIN nodes s ON s.node_id = e.dst WHERE e.kind = 'CALLS_SYMBOL' "
                          "ORDER BY e.start_byte")
    tap.ok(called == [("join", "call_to_symbol", "CALLEE_SPAN_EXACT"),
                      ("f", "call_to_symbol", "CALLEE_SPAN_EXACT"),
                      ("C", "call_to_symbol", "CALLEE_SPAN_EXACT")],
           "a call goes to its callee's last identifier", called)
    targets = rows(bundle, "SELECT d.kind, d.name FROM edges e JOIN nodes d ON d.node_id = e.dst "
                           "WHERE e.kind = 'CALL' AND e.origin = 'scip' ORDER BY e.start_byte")
    tap.ok(targets == [("METHOD", "f")], "and to the definition, of a function", targets)
    made = rows(bundle, "SELECT d.kind, d.name FROM edges e JOIN nodes d ON d.node_id = e.dst "
                        "WHERE e.kind = 'INSTANTIATES'")
    tap.ok(made == [("TYPE_DECL", "C")], "a class is made, not called", made)
    imported = rows(bundle, "SELECT count(*) FROM edges WHERE kind = 'IMPORTS_SYMBOL'")
    tap.ok(imported == [(1,)], "imports have symbols", imported)
    defined = rows(bundle, "SELECT n.kind, n.name FROM edges e JOIN nodes n ON n.node_id = e.src "
                           "WHERE e.kind = 'DEFINES_SYMBOL' ORDER BY e.start_byte")
    tap.ok(defined == [("METHOD", "f"), ("TYPE_DECL", "C")], "functions and classes too", defined)
    names = rows(bundle, "SELECT n.name FROM edges e JOIN nodes n ON n.node_id = e.dst "
                         "WHERE e.kind = 'CALLS_QNAME' ORDER BY n.name")
    tap.ok(names == [("builtins.len",), ("pkg.other.helper",)],
           "qualified names stand in where no symbol is known", names)
    derived = rows(bundle, "SELECT input_dataset FROM derivations d JOIN edges e USING (edge_id) "
                           "WHERE e.kind = 'CALL' AND e.origin = 'scip' ORDER BY d.edge_id, input_index")
    tap.ok(derived == [("calls",), ("scip_occurrences",), ("defs",), ("scip_occurrences",)],
           "derivations name the evidence", derived)
    without = build(tree(scratch), scratch / "without")
    found = rows(without, "SELECT count(*) FROM rel_call_symbol")
    tap.ok(found == [(0,)], "without an index there is nothing said of symbols", found)


def operators(tap, scratch):
    write_tree(scratch / "rules", {"p.yaml": PACK})
    bundle = build(tree(scratch), scratch, "--rules", scratch / "rules")
    parts = rows(bundle, "SELECT part, position, ambiguity_group_id IS NOT NULL FROM rel_part "
                         "WHERE call_id IN (SELECT call_id FROM calls WHERE "
                         "callee_text = 'os.path.join') ORDER BY position")
    tap.ok(parts == [("os", 0, True), ("path", 1, True), ("join", 2, True)],
           "explode_list, and a group for several candidates", parts)
    last = rows(bundle, "SELECT part FROM rel_last ORDER BY call_id & 16777215")
    tap.ok(sorted(last) == [("C",), ("f",), ("h",), ("join",), ("len",)], "winner_select", last)
    counted = rows(bundle, "SELECT part, n FROM rel_count ORDER BY part LIMIT 2")
    tap.ok(counted == [("C", 1), ("f", 1)], "aggregate, over all files", counted)
    any_of = rows(bundle, "SELECT count(*) FROM rel_any")
    tap.ok(any_of == [(7,)], "union_all", any_of)
    edges = rows(bundle, "SELECT count(*) FROM edges WHERE rule_name = 'said_twice' "
                         "AND relationship_rule = 'last_part'")
    tap.ok(edges[0][0] > 0, "an edge names both its rules", edges)


def example(tap, scratch):
    """The rule that docs/writing-rules.md leads to, where it finds something and where not."""
    write_tree(scratch / "tree", {
        "a.py": "def f(s):\n    return eval(s)\nexec('1')\n",
        "b.py": "def eval(s):\n    return s\neval('1')\nmodel.eval()\n"})
    bundle = build(scratch / "tree", scratch, "--rules", SOURCE / "examples/rules")
    found = rows(bundle, "SELECT runner, d.name FROM rel_dynamic_code r "
                         "LEFT JOIN defs d ON d.def_id = r.enclosing_def_id ORDER BY runner")
    tap.ok(found == [("builtins.eval", "f"), ("builtins.exec", None)],
           "the example finds eval and exec, not what only has their names", found)


def contents(bundle, group):
    root = bundle.resolve() / group
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*.parquet"))}


def policies(tap, scratch):
    (scratch / "index.scip").write_bytes(index())
    options = ("--scip", scratch / "index.scip")
    write_tree(scratch, {
        "c.yaml": "lanes: {allowed: [ARROW_FALLBACK]}\n",
        "low.yaml": "confidence: {scip: {base: 0.5}, qname_fallback: {base: 0.2}}\n"})
    plain = build(tree(scratch), scratch / "plain", *options)
    in_c = build(tree(scratch), scratch / "c", *options, "--policy", scratch / "c.yaml")
    tap.ok(contents(plain, "relationships") == contents(in_c, "relationships"),
           "kernels in C give the same bytes as the engine")
    low = build(tree(scratch), scratch / "low", *options, "--policy", scratch / "low.yaml")
    sql = "SELECT DISTINCT confidence FROM edges " \
          "WHERE kind IN ('CALL', 'CALLS_QNAME') AND origin <> 'names' ORDER BY 1"
    told = [round(c, 3) for (c,) in rows(low, sql)]
    tap.ok(told == [0.2, 0.5], "a policy file changes confidence", told)
    rest = "SELECT kind, src, dst, rule_name, score, ambiguity_group_id FROM edges ORDER BY ALL"
    tap.ok(rows(plain, rest) == rows(low, rest), "and nothing else")


def edge_rule(confidence):
    """A rule that says how sure its edges are."""
    return ("pack: sure\nrules:\n- {name: call_argument, doc: d, kind: filter_project, "
            "inputs: {a: args}, emit: {edge: ARGUMENT, src: a.call_id, dst: a.arg_id, confidence: %s}}\n"
            % confidence)


def winner_rule(columns, select):
    """A winner by a score that may be null."""
    return ("pack: won\ndatasets:\n- {name: rel_won, doc: d, key: [file_id], columns: {"
            "file_id: {type: id, required: true, doc: d}, %s}}\nrules:\n"
            "- {name: won, doc: d, kind: winner_select, inputs: {c: calls}, confidence: cst, "
            "select: {file_id: c.file_id, %s}, score: c.callee_name_start_byte, "
            "winner: {keys: [file_id], order: [score desc]}, output: rel_won}\n" % (columns, select))


# Packs and policies, and what is said of them; None: nothing.
SURE = [
    ("a policy", edge_rule("cst"), "", None),
    ("a weighed one", edge_rule("{policy: reaching_def, source: \"'shared'\"}"), "", None),
    ("a policy that is none", edge_rule("cts"), "", "did you mean cst?"),
    ("a number", edge_rule("0.5"), "", "numbers belong into a policy"),
    ("an expression", edge_rule("CASE WHEN a.position = 0 THEN 1.0 ELSE 0.5 END"), "",
     "numbers belong into a policy"),
    ("a weight", None, "confidence: {qname_fallback: {base: 0.4, weights: {LOCAL: 0.1, IMPORT: 0.2}}}\n",
     None),
    ("a mistyped weight", None, "confidence: {qname_fallback: {base: 0.4, weights: {IMPROT: 0.2}}}\n",
     "policy.yaml:1:52: weights: no rule that names qname_fallback has the source IMPROT"),
    ("a weight where nobody gives a source", None, "confidence: {scip: {base: 0.9, weights: {A: 0.1}}}\n",
     "no rule that names scip has the source A"),
    ("a weight of a policy that nobody names", None,
     "confidence: {mine: {base: 0.9, weights: {A: 0.1}}}\n", None),
    ("a limit", None, "limits: {flow_max_facts: 100}\n", None),
    ("a mistyped limit", None, "limits: {flow_max_fact: 100}\n", "did you mean flow_max_facts?"),
    ("a limit of nothing", None, "limits: {flow_max_facts: 0}\n", "flow_max_facts"),
    ("a winner among ids", winner_rule("call_id: {type: id, required: true, doc: d}",
                                       "call_id: c.call_id"), "", "an id's hash would choose"),
    ("a winner that a place settles", winner_rule("at: {type: i64, required: true, doc: d}",
                                                  "at: c.start_byte"), "", None),
]


def sure(tap, scratch):
    """What a pack or a policy may say of confidence, limits and winners."""
    for name, pack, policy, words in SURE:
        write_tree(scratch, {"rules/p.yaml": pack or "pack: none\nrules: []\n", "policy.yaml": policy or "doc: d\n"})
        told = relspec("rules", "check", scratch / "rules", "--policy", "policy.yaml", cwd=scratch)
        text = told.stdout + told.stderr
        tap.ok((told.returncode == 0) == (words is None) and (words or "") in text, name, text)
    write_tree(scratch, {"tree/a.py": "def f():\n    x = 1\n    def g():\n        return x\n    x = 2\n"
                                      "    y = x\n    return g, y\n",
                         "p.yaml": "confidence: {reaching_def: {base: 0.5, weights: {shared: 0.25}}, "
                                   "evidence: {base: 0.9}}\nlimits: {flow_max_facts: 1}\n"})
    bundle = build(scratch / "tree", scratch)
    by_kind = "SELECT kind, rule_name, confidence FROM edges WHERE kind IN ('REACHING_DEF', 'AST') GROUP BY ALL"
    found = {(r[0], round(r[2], 3)) for r in rows(bundle, by_kind)}
    tap.ok(found == {("AST", 1.0), ("REACHING_DEF", 0.8), ("REACHING_DEF", 1.0)}, "as built in", found)
    shared = rows(bundle, "SELECT edge_id FROM edges WHERE kind = 'REACHING_DEF' AND confidence < 0.9")
    why = json.loads(relspec("why", bundle, str(shared[0][0]), "--json").stdout)
    told = why["edges"][0]["confidence_by"]
    tap.ok(told.get("policy") == "reaching_def" and told.get("source") == "shared" and
           round(told["weight"], 3) == -0.2, "why names the policy and the weight", told)
    flags = rows(bundle, "SELECT rule_name, policy_flags FROM rule_compile_artifacts")
    flags = {name: [f for f in of if f.startswith("confidence")] for name, of in flags}
    tap.ok(flags["reaching_definition"] == ["confidence:reaching_def"] and
           flags["ast_parent"] == ["confidence:evidence"] and
           flags["symbol_called"] == ["confidence_of:rel_call_symbol"], "so do the artifacts", flags)
    every = [n for n, of in flags.items() if len(of) != 1]
    emits = rows(bundle, "SELECT DISTINCT rule_name FROM edges")
    tap.ok(not {n for (n,) in emits} & set(every), "of every rule that emits edges", every)
    low = build(scratch / "tree", scratch / "low", "--policy", scratch / "p.yaml")
    found = {(r[0], round(r[2], 3)) for r in rows(low, by_kind)}
    tap.ok(("AST", 0.9) in found and ("REACHING_DEF", 1.0) not in found, "a policy changes them all", found)
    gave_up = rows(low, "SELECT DISTINCT code FROM flow_diagnostics")
    tap.ok(gave_up == [("flow_too_large",)], "limits are the policy's", gave_up)


def main():
    tap = Tap()
    for part in some((symbols, operators, sure, example, policies)):
        with Scratch() as scratch:
            part(tap, scratch)
    tap.finish()


if __name__ == "__main__":
    main()
