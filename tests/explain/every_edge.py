#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""every_edge.py - for every edge of a repository, the rows of evidence that `relspec why` shows do make
the edge, by SQL that is written by hand here."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "invariants"), str(HERE)]
import repository  # noqa: E402
from harness import Scratch, Tap, build, query, relspec, write_tree  # noqa: E402

# How rows of evidence make an edge, rule by rule: the rows that `why` must show, by dataset and
# name, and what holds of them. `src` and `dst` are the edge's ends.
ONE = {  # one row: dataset, src, dst, and more
    "ast_parent": ("syntax_nodes", "a.parent_id", "a.node_id"),
    "ast_comment": ("comments", "a.parent_id", "a.comment_id"),
    "def_container": ("defs", "a.container_id", "a.def_id"),
    "def_decorator": ("decorators", "a.def_id", "a.decorator_id"),
    "def_parameter": ("params", "a.def_id", "a.param_id"),
    "parameter_default": ("params", "a.param_id", "a.default_id"),
    "call_argument": ("args", "a.call_id", "a.arg_id"),
    "call_callee": ("calls", "a.call_id", "a.callee_id"),
    "class_base": ("class_bases", "a.def_id", "a.base_id"),
    "annotation": ("type_exprs", "a.owner_id", "a.type_expr_id"),
    "annotation_type": ("type_exprs", "a.owner_id", "global_id('TYPE', a.text)"),
    "import_declaration": ("imports", "COALESCE(a.enclosing_def_id, (a.import_id >> 24) << 24)",
                           "a.import_id"),
    "docstring": ("docstrings", "a.owner_id", "a.docstring_id"),
    "repo_contains_file": ("repo_files", "global_id('REPOSITORY', '')",
                           "global_id('FILE', a.path)"),
    "scope_parent": ("scopes", "a.scope_id", "a.parent_scope_id"),
    "scope_binds": ("bindings", "a.scope_id", "a.binding_id"),
    "binding_resolves": ("binding_resolutions", "a.binding_id", "a.slot_id"),
    "definition_site": ("name_bindings", "a.node_id", "COALESCE(a.slot_id, a.binding_id)",
                        "a.occurrence NOT IN ('load', 'del', 'global', 'nonlocal')"),
    "name_use": ("name_bindings", "a.node_id", "COALESCE(a.slot_id, a.binding_id)",
                 "a.occurrence IN ('load', 'del')"),
    "block_container": ("cfg_blocks", "a.container_id", "a.block_id"),
    "block_element": ("cfg_elements", "a.block_id", "a.node_id", "a.is_first"),
    "scope_container": ("scopes", "a.container_id", "a.scope_id"),
    "condition": ("syntax_nodes", "a.parent_id", "a.node_id",
                  "a.field IN ('test', 'ifs', 'guard') AND a.kind <> 'UNKNOWN'"),
    "type_parameter_of": ("syntax_nodes", "a.node_id", "a.parent_id", "a.field = 'type_params'"),
    "cfg_edge": ("cfg_edges", "a.src_block_id", "a.dst_block_id"),
    "control_dependence": ("control_deps", "a.controller_id", "a.block_id"),
    "dominance": ("dominators", "a.dominator_id", "a.block_id"),
    "post_dominance": ("post_dominators", "a.post_dominator_id", "a.block_id"),
    "def_step": ("def_use_events", "a.node_id", "a.event_id", "a.event_kind = 'def'"),
    "use_step": ("def_use_events", "a.node_id", "a.event_id", "a.event_kind <> 'def'"),
    "reaching_definition": ("reaching_defs", "a.def_event_id", "a.use_event_id"),
    "name_refers": ("name_targets", "a.node_id", "a.target_id", "a.is_final"),
    "class_derives": ("class_mro", "a.class_id", "a.ancestor_id", "a.base_position IS NOT NULL"),
    "member_overrides": ("overrides", "a.member_id", "a.overridden_id"),
    "class_made": ("call_targets", "a.call_id", "a.target_id", "a.how = 'class'"),
    "scip_symbol_implementation": ("scip_relationships", "a.symbol_id", "a.related_symbol_id",
                                   "a.is_implementation"),
}
OF_FILE = {  # a row and its file: dataset, dst
    "file_declares_module": ("modules", "a.module_id"),
    "file_diagnostic": ("parse_errors", "a.error_id"),
    "scope_diagnostic": ("scope_diagnostics", "a.diagnostic_id"),
    "scip_document_diagnostic": ("scip_span_errors", "a.error_id"),
    "flow_diagnostic": ("flow_diagnostics", "a.diagnostic_id"),
}
NAMED = "b.start_byte <= COALESCE(a.name_start_byte, a.start_byte) AND b.end_byte >= " \
        "COALESCE(a.name_end_byte, a.end_byte)"
ROLE = {"symbol_defined": "(b.symbol_roles & 1) <> 0", "symbol_referenced": "(b.symbol_roles & 1) = 0",
        "symbol_read": "(b.symbol_roles & 8) <> 0", "symbol_written": "(b.symbol_roles & 4) <> 0"}
CALLED = "b.start_byte = a.callee_name_start_byte AND b.end_byte = a.callee_name_end_byte"
# What stands behind a qualified name, by the rules that a tree went through.
QNAME = {
    "slot_by_scope": "c.is_local AND c.scope_id = d.scope_id AND d.file_id = e.file_id AND b.slot_id "
                     "= c.binding_id AND dst = global_id('QUALIFIED_NAME', e.module || '.' || CASE WHEN "
                     "d.qualname = '' THEN '' WHEN d.scope_type = 'class' THEN d.qualname || '.' ELSE "
                     "d.qualname || '.<locals>.' END || c.name || substring(a.callee_text, "
                     "length(b.name) + 1))",
    "slot_by_import": "c.occurrence = 'import' AND c.slot_id = b.slot_id AND c.node_id = d.import_id "
                      "AND d.file_id = e.file_id AND dst = global_id('QUALIFIED_NAME', CASE WHEN d.level "
                      "> 0 THEN e.package || '.' || d.module || '.' || d.name WHEN d.import_kind = 'import' "
                      "THEN d.name ELSE d.module || '.' || d.name END || substring(a.callee_text, "
                      "length(b.name) + 1))",
    "call_to_builtin": "b.slot_id IS NULL AND dst = global_id('QUALIFIED_NAME', 'builtins.' || "
                       "a.callee_text)",
}
LETTERS = "abcdefgh"
# No symbol is known for the call; or none but one that its document alone knows.
NO_SYMBOL = {
    "qname_called": " AND NOT EXISTS (SELECT 1 FROM rel_call_symbol r WHERE r.call_id = src)",
    "import_called": " AND NOT EXISTS (SELECT 1 FROM rel_call_symbol r WHERE r.call_id = src AND "
                     "r.symbol_id < 0)",
}


def by_hand(rule, rules):
    """(datasets in the order of a tree's leaves, condition) that makes an edge of this rule."""
    if rule in ONE:
        dataset, src, dst, *more = ONE[rule]
        return [dataset], " AND ".join(["src = " + src, "dst = " + dst, *more])
    if rule in OF_FILE:
        dataset, dst = OF_FILE[rule]
        return [dataset, "repo_files"], "src = global_id('FILE', b.path) AND a.file_id = " \
            "b.file_id AND dst = " + dst
    if rule in ROLE:
        key = "a.attribute_id" if "attribute_to_symbol" in rules else "a.node_id"
        dataset = "attributes" if "attribute_to_symbol" in rules else "name_bindings"
        return [dataset, "scip_occurrences"], \
            "src = %s AND dst = b.symbol_id AND %s AND %s" % (key, NAMED, ROLE[rule])
    if rule == "import_leads":
        return ["imports", "name_targets"], "src = a.import_id AND a.import_id = b.node_id AND " \
            "dst = b.target_id AND b.is_final AND b.end_byte = a.name_end_byte"
    if rule == "module_imported":
        return ["module_imports", "imports"], \
            "src = a.module_id AND dst = a.target_id AND a.import_id = b.import_id"
    if rule == "symbol_imported":
        return ["imports", "scip_occurrences"], "src = a.import_id AND dst = b.symbol_id AND " \
            "b.start_byte < a.name_end_byte AND b.end_byte > a.name_start_byte"
    if rule == "symbol_called":
        return ["calls", "scip_occurrences"], \
            "src = a.call_id AND dst = b.symbol_id AND " + CALLED
    if rule == "call_by_names" or rule == "definition_called" and "target_by_names" in rules:
        return ["call_targets", "calls"], "src = a.call_id AND dst = a.target_id AND a.how <> 'class' " \
            "AND b.call_id = a.call_id"
    if rule in ("definition_called", "class_called"):
        return ["calls", "scip_occurrences", "defs", "scip_occurrences"], \
            "src = a.call_id AND dst = c.def_id AND b.symbol_id = d.symbol_id AND " \
            "(d.symbol_roles & 1) = 1 AND d.start_byte = c.name_start_byte AND " + CALLED
    if rule in NO_SYMBOL:
        head = "src = a.call_id AND b.node_id >= a.callee_id AND b.start_byte = " \
               "a.callee_start_byte AND "
        behind = {"slot_by_scope": ["bindings", "scopes", "modules"],
                  "slot_by_import": ["name_bindings", "imports", "modules"], "call_to_builtin": []}
        way = next(r for r in QNAME if r in rules)
        return ["calls", "name_bindings", *behind[way]], head + QNAME[way] + NO_SYMBOL[rule]
    return None


def leaves(node):
    """Rows of evidence, as they stand in the tree from the left."""
    if node.get("rule"):
        return [leaf for child in node["inputs"] for leaf in leaves(child)]
    return [node]


def rules_of(node):
    return {node["rule"]}.union(*map(rules_of, node["inputs"])) if node.get("rule") else set()


def equal_row(letter, dataset, row, keys):
    return " AND ".join("%s.%s = %s" % (letter, k, row[k]) for k in keys[dataset])


def made_by_hand(bundle, rule, rules, edges, keys):
    """Ids of edges that the rows shown make, of edges that went the same way."""
    datasets, condition = by_hand(rule, rules)
    wanted = []
    for edge in edges:
        rows = leaves(edge["because"])
        if [leaf["dataset"] for leaf in rows] != datasets:
            continue
        values = "SELECT %d AS edge_id, CAST(%d AS BIGINT) AS src, CAST(%d AS BIGINT) AS dst" % (
            int(edge["edge_id"]), int(edge["src"]["node_id"]), int(edge["dst"]["node_id"]))
        wanted.append("SELECT w.edge_id FROM (%s) w, %s WHERE %s AND %s" % (
            values, ", ".join("%s %s" % pair for pair in zip(datasets, LETTERS)),
            " AND ".join(equal_row(letter, leaf["dataset"], leaf["row"], keys)
                         for letter, leaf in zip(LETTERS, rows)), condition))
    found = set()
    for first in range(0, len(wanted), 40):
        found |= {row["edge_id"] for row in
                  query(bundle, " UNION ALL ".join(wanted[first:first + 40]))}
    return found


def every_edge(tap, bundle):
    keys = {d["name"]: d["key"] if isinstance(d["key"], list) else d["key"].split(", ")
            for d in json.loads(relspec("schema", "--json").stdout)}
    ids = {row["edge_id"] for row in query(bundle, "SELECT edge_id FROM edges")}
    explained = {}
    for row in query(bundle, "SELECT DISTINCT kind FROM edges"):
        done = relspec("why", bundle, "--kind", row["kind"], "--limit", "0", "--json")
        for edge in json.loads(done.stdout)["edges"]:
            explained[int(edge["edge_id"])] = edge
    tap.ok(set(explained) == ids, "every edge is explained", len(ids - set(explained)))
    tap.ok(not [e for e in explained.values() if '"note"' in json.dumps(e)],
           "and every rule in it was done again")
    told = {row["edge_id"] for row in query(bundle, "SELECT DISTINCT edge_id FROM derivations")}
    tap.ok(told == {i for i, e in explained.items() if e["derivations"]} and
           all(explained[i]["derivations_agree"] for i in told),
           "the rows are those of the bundle's derivations")
    same = ["confidence", "score", "method", "kind", "origin"]
    changed = [i for i, e in explained.items()
               if any(e["because"]["again"][name] != e[name] for name in same)]
    tap.ok(not changed, "with the same confidence, score, method", changed[:3])
    ways = {}
    for edge in explained.values():
        rules = rules_of(edge["because"])
        ways.setdefault((edge["rule_name"], *sorted(rules)), []).append(edge)
    for (rule, *rules), edges in sorted(ways.items()):
        if not tap.ok(by_hand(rule, rules) is not None, "%s is known here" % rule):
            continue
        made = made_by_hand(bundle, rule, rules, edges, keys)
        lost = [e["edge_id"] for e in edges if int(e["edge_id"]) not in made]
        tap.ok(not lost, "%s: the rows shown make %d edges by hand" % ("/".join(rules), len(edges)),
               lost[:5])
    tap.ok(len(ways) > 30, "rules of many kinds are among them", len(ways))


def main():
    tap = Tap()
    with Scratch() as scratch:
        tree = write_tree(scratch / "tree", repository.TREE)
        (scratch / "index.scip").write_bytes(repository.index())
        every_edge(tap, build(tree, scratch / "out", "--scip", scratch / "index.scip"))
    tap.finish()


if __name__ == "__main__":
    main()
