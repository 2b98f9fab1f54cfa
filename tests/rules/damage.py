#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""damage.py - what is made of a damaged row is damaged, whatever operators lie between, and nothing else is.

Generated modules have headers, blocks and statements that do not parse, with calls, imports and definitions
below them. Rules of every operator make edges of these, one by one and in chains. An edge that derives from
rows is damaged exactly where one of these is, and `why` finds that row and its place.
"""

import collections
import json
import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import IS_FULL, Scratch, Tap, build, query, relspec, write_tree  # noqa: E402

N_MODULES = 6
N_STATEMENTS = 40
COLUMNS = "{call_id: {type: id, of: call, required: true, doc: d}, n: {type: i64, required: true, doc: d}}"
DATASET = "- {name: rel_%s, doc: d, key: [call_id, n], columns: %s}\n"
ROWS = 'select: {call_id: %s, n: "%s"}, confidence: cst, output: rel_%s'
EDGE = """\
- {name: %s_edge, doc: d, kind: filter_project, inputs: {r: rel_%s},
   emit: {edge: RECEIVER, src: r.call_id, dst: r.call_id, origin: scope, anchor: ["%d", "r.n + %d"]}}
"""
# name, the operator and its keys, call_id, n
RULES = [
    ("one", "filter_project, inputs: {c: calls}", "c.call_id", "0"),
    ("arg", "hash_join, join: inner, inputs: {c: calls, a: args}, on: c.call_id = a.call_id", "c.call_id",
     "a.position + 0 * a.arg_id"),
    ("left", "hash_join, join: left, inputs: {c: calls, d: defs}, on: c.enclosing_def_id = d.def_id", "c.call_id", "1"),
    ("three", "hash_join, join: inner, inputs: {c: calls, a: args, d: defs}, on: c.call_id = a.call_id AND "
     "d.def_id = c.enclosing_def_id", "c.call_id", "a.position"),
    ("four", "hash_join, join: left, inputs: {c: calls, a: args, d: defs, r: rel_one}, on: c.call_id = a.call_id AND "
     "c.enclosing_def_id = d.def_id AND r.call_id = c.call_id", "c.call_id", "COALESCE(a.position, 70)"),
    ("semi", "hash_join, join: semi, inputs: {c: calls, a: args}, on: c.call_id = a.call_id", "c.call_id", "2"),
    ("anti", "hash_join, join: anti, inputs: {c: calls, a: args}, on: c.call_id = a.call_id", "c.call_id", "3"),
    ("inside", "interval_align, inputs: {c: calls, d: defs}, on: c.file_id = d.file_id, align: {left: [c.start_byte, "
     "c.end_byte], right: [d.start_byte, d.end_byte], mode: covering_smallest, how: left}", "c.call_id", "4"),
    ("listed", "explode_list, inputs: {c: calls}, explode: {split: c.callee_text, separator: '.'}", "c.call_id",
     "item.position"),
    ("both", "union_all, inputs: {x: rel_arg, y: rel_left}", "each.call_id", "each.n + 100"),
    ("mixed", "union_all, inputs: {c: calls, i: rel_anti}", "each.call_id", "5"),
    ("grouped", "aggregate, inputs: {x: rel_arg}, group_by: [x.call_id]", "x.call_id", "count()"),
    ("best", "winner_select, inputs: {x: rel_arg}, winner: {keys: [call_id], order: [n desc]}", "x.call_id", "x.n"),
    ("chain", "hash_join, join: inner, inputs: {b: rel_best, l: rel_inside}, on: b.call_id = l.call_id", "b.call_id",
     "b.n + l.n"),
]


# Those whose edges the quick round asks `why` about: what is made of one row, and a chain of operators.
ASKED = ("one", "chain")


def module(rng):
    """Statements, some below a header that is none."""
    lines = ["import os", "import m%d" % rng.randrange(9)]
    for i in range(N_STATEMENTS):
        call = rng.choice(["os.path.join(%d, k=f(%d))", "f(*g(%d), %d)", "g()  # %d %d", "m.h(f)(%d, %d)", "len(print(%d), %d)"]) % (i, i)
        shape = rng.randrange(8)
        if shape == 0:
            lines += ["if f(1) g(2):", "    x = " + call, "    def d%d(a=f()):" % i, "        return " + call]
        elif shape == 1:
            lines += ["def e%d(a, b" % i, "    y = " + call, "    while ) :", "        " + call]
        elif shape == 2:
            lines += ["class K%d(object):" % i, "    def m(self):", "        " + call, "        z = = 1"]
        elif shape == 3:
            lines += ["      w = " + call]
        elif shape == 4:
            lines += ["v = [f(1), g(2) for", call]
        else:
            lines += ["u = " + call, "def w%d(p):" % i, "    return " + call]
    return "\n".join(lines) + "\n"


def pack():
    text = "pack: mine\ndatasets:\n" + "".join(DATASET % (name, COLUMNS) for name, *_ in RULES) + "rules:\n"
    for number, (name, operator, call_id, n) in enumerate(RULES):
        text += "- {name: %s, doc: d, kind: %s, %s}\n" % (name, operator, ROWS % (call_id, n, name))
        text += EDGE % (name, name, number, 1000)
    return text


def rows_behind(bundle):
    """By edge: the rows that it derives from, as (dataset, key)."""
    found = collections.defaultdict(set)
    for row in query(bundle, "SELECT CAST(edge_id AS VARCHAR) AS e, input_dataset AS d, input_id AS i FROM derivations"):
        found[row["e"]].add((row["d"], str(row["i"])))
    return found


def damaged_rows(bundle, datasets):
    """Of all of them in one query: (dataset, what stands in its first column)."""
    selects = []
    for name in sorted(datasets):
        schema = json.loads((bundle / "schemas" / (name + ".schema.json")).read_text())
        names = [column["name"] for column in schema["columns"]]
        if "damaged" in names:
            selects.append("SELECT '%s' AS d, CAST(%s AS VARCHAR) AS i FROM %s WHERE damaged" % (name, names[0], name))
    return {(row["d"], row["i"]) for row in query(bundle, " UNION ALL ".join(selects))}


def leaves(item):
    if item.get("inputs"):
        return [leaf for below in item["inputs"] for leaf in leaves(below)]
    return [item]


def check_why(tap, bundle, packs, name, edge, is_damaged):
    done = relspec("why", bundle, edge, "--rules", packs, "--json")
    answer = json.loads(done.stdout)["edges"][0]
    rows = [(leaf["dataset"], leaf["row"].get("damaged")) for leaf in leaves(answer["because"])]
    by = answer["damaged_by"]
    tap.ok(any(damaged for _, damaged in rows) == is_damaged == bool(by) and all(one["place"]["line"] > 0 for one in by),
           "%s: why knows what is damaged: %s" % (name, is_damaged), done.stdout[:2000] + done.stderr)
    done = relspec("why", bundle, edge, "--rules", packs)
    tap.ok(("\n  damaged" in done.stdout) == is_damaged, "%s: and says so" % name, done.stdout)


def main():
    tap = Tap()
    rng = random.Random("damage")
    with Scratch() as scratch:
        write_tree(scratch / "src", {"m%d.py" % i: module(rng) for i in range(N_MODULES)})
        packs = write_tree(scratch / "packs", {"p.yaml": pack()})
        bundle = build(scratch / "src", scratch / "out", "--rules", packs)
        behind = rows_behind(bundle)
        damaged = damaged_rows(bundle, {dataset for rows in behind.values() for dataset, _ in rows})
        edges = query(bundle, "SELECT CAST(edge_id AS VARCHAR) AS e, kind, rule_name AS r, relationship_rule AS m, damaged AS d "
                              "FROM edges ORDER BY rule_name, edge_id")
        for name in [name for name, *_ in RULES] + ["call_to_qname", "call_to_builtin"]:
            mine = [e for e in edges if e["m"] == name and e["e"] in behind]
            wrong = [e for e in mine if bool(e["d"]) != bool(behind[e["e"]] & damaged)]
            tap.ok(mine and not wrong, "%s: damaged where what it derives from is: %d edges" % (name, len(mine)), wrong[:3])
            for is_damaged in (True, False):
                some = [e for e in mine if bool(e["d"]) == is_damaged]
                tap.ok(some, "%s: some are, some are not" % name, len(some))
                if some and (IS_FULL or name in ASKED):
                    check_why(tap, bundle, packs, name, some[len(some) // 2]["e"], is_damaged)
        # What a rule takes of a row of evidence as it is has no derivations: the node that it is of says it.
        ends = (("ARGUMENT", "dst"), ("REF", "src"), ("DEF_SITE_OF", "src"), ("HAS_PARAMETER", "dst"),
                          ("DECLARES_IMPORT", "dst"), ("CALLEE", "src"), ("CFG_ELEMENT", "dst"), ("STEP_USE", "src"))
        select = "SELECT e.kind AS k, e.damaged AS d, n.damaged AS n, count(*) AS c FROM edges e JOIN nodes n ON n.node_id = " \
                 "e.%s WHERE e.kind = '%s' GROUP BY ALL"
        found = query(bundle, " UNION ALL ".join(select % (end, kind) for kind, end in ends))
        for kind, _ in ends:
            rows = [row for row in found if row["k"] == kind]
            tap.ok(rows and all(r["d"] is not None and r["d"] == r["n"] for r in rows), "%s: as the node" % kind, rows)
    tap.finish()


main()
