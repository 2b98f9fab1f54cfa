#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [--dump] - each built-in rule, by what it must say of a small tree and what it must not.

One bundle is built of sources.py. A rule's rows are read as text: `KIND name@line` for a node, two
of these with an arrow for an edge, a node with `key=value` for a property, and for a relationship its
columns, ids as nodes. cases.py has for each rule a row that must be there and one that must not; a
rule without both fails. --dump prints all rows, to choose from.
"""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent),
                str(Path(__file__).resolve().parents[1] / "invariants")]
import json  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402

import sources  # noqa: E402
from cases import CASES  # noqa: E402
from harness import Scratch, Tap, build, query, relspec, write_tree  # noqa: E402

# Blocks of a scope have one name: kind and line of the evidence tell them apart.
LABEL = ("SELECT n.node_id, concat_ws(' ', n.kind, nullif(CASE WHEN b.block_id IS NULL THEN coalesce(n.name, '') ELSE '' END || "
         "coalesce(b.block_kind::VARCHAR, '') || "
         "coalesce('@' || coalesce(n.start_line, b.start_line), ''), '')) AS label "
         "FROM nodes n LEFT JOIN cfg_blocks b ON b.block_id = n.node_id")
# What has properties: nodes, and edges by their ends.
OWNERS = ("SELECT * FROM labels UNION ALL SELECT e.edge_id, s.label || ' -> ' || d.label FROM edges e "
          "JOIN labels s ON s.node_id = e.src JOIN labels d ON d.node_id = e.dst "
          "WHERE e.edge_id IN (SELECT entity_id FROM props WHERE entity_kind = 'edge')")
# Where each of these things stands in a rule's output, as SQL over `rows`.
GRAPH = {
    "nodes": "SELECT s.label AS text FROM ({sql}) r JOIN labels s ON s.node_id = r.node_id",
    "edges": "SELECT s.label || ' -> ' || d.label AS text FROM edges e "
             "JOIN labels s ON s.node_id = e.src JOIN labels d ON d.node_id = e.dst "
             "WHERE e.rule_name = '{name}'",
    "props": "SELECT s.label || ' ' || p.key || '=' || coalesce(p.value_str, p.value_int::VARCHAR, "
             "p.value_bool::VARCHAR, p.value_float::VARCHAR) AS text FROM ({sql}) r "
             "JOIN props p USING (entity_id, key) JOIN owners s ON s.node_id = r.entity_id",
}
# Columns that say no more of which row it is.
STANDARD = {"start_byte", "end_byte", "occurrence_id", "symbol_roles", "method", "confidence", "score",
            "ambiguity_group_id", "rule_name", "rule_priority",
            "damaged"}


def relationship_sql(rule, columns):
    """Own columns as name=value; an id is told by its node."""
    joins, parts = [], []
    for number, column in enumerate(c for c in columns if c not in STANDARD):
        if column.endswith("_id"):
            joins.append("LEFT JOIN labels l%d ON l%d.node_id = r.%s" % (number, number, column))
            value = "coalesce(l%d.label, 'none')" % number
        else:
            value = "r.%s::VARCHAR" % column
        parts.append("'%s=' || %s" % (column, value))
    return "SELECT concat_ws(', ', %s) AS text FROM %s r %s WHERE r.rule_name = '%s'" % (
        ", ".join(parts), rule["output"], " ".join(joins), rule["name"])


def nodes_in(text):
    """The nodes that a row's text speaks of."""
    if "_id=" in text:
        return re.findall(r"_id=([^,]+)", text)
    return re.sub(r" [a-z_]+=.*", "", text).split(" -> ")


def rows_of(bundle, rules, schemas):
    """The rows of every rule, by one query; and all nodes."""
    parts = []
    for rule in rules:
        text = GRAPH[rule["output"]].format(**rule) if rule["output"] in GRAPH else \
            relationship_sql(rule, schemas[rule["output"]])
        parts.append("SELECT '%s' AS rule, text FROM (%s)" % (rule["name"], text))
    sql = "WITH labels AS (%s), owners AS (%s) %s" % (LABEL, OWNERS, " UNION ALL ".join(parts))
    found = {rule["name"]: [] for rule in rules}
    for row in query(bundle, sql + " ORDER BY ALL"):
        found[row["rule"]].append(row["text"])
    labels = {row["label"] for row in query(bundle, LABEL)}
    return found, labels | {"none"}


def main():
    tap = Tap()
    rules = json.loads(relspec("rules", "list", "--json").stdout)
    schemas = {d["name"]: [c["name"] for c in d["columns"]]
               for d in json.loads(relspec("schema", "--json").stdout)}
    with Scratch() as scratch:
        write_tree(scratch / "tree", sources.TREE)
        os.mkfifo(scratch / "tree/pkg/pipe.py")
        (scratch / "index.scip").write_bytes(sources.index())
        bundle = build(scratch / "tree", scratch / "out", "--scip", scratch / "index.scip")
        found, labels = rows_of(bundle, rules, schemas)
    if "--dump" in sys.argv[1:]:
        for name, rows in found.items():
            print("## %s: %d" % (name, len(rows)), *sorted(set(rows)), sep="\n")
        return
    for rule in rules:
        name = rule["name"]
        there, not_there = CASES.get(name, (None, None))
        tap.ok(there and there in found[name], "%s says %s" % (name, there),
               "\n".join(found[name][:20]))
        tap.ok(not_there and not_there not in found[name], "%s does not say %s" % (name, not_there))
        strange = [node for node in nodes_in(not_there or "") if node not in labels]
        tap.ok(not strange, "and speaks of what is there", strange)
    strangers = set(CASES) - set(found)
    tap.ok(not strangers, "cases.py has no rule that is none", strangers)
    tap.finish()


main()
