#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - what `relspec export` writes, read back and compared with what `relspec query` says:
every node, edge and property, all their values, in the same order each time."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import IS_FULL, Scratch, Tap, build, relspec, small_tree, write_tree  # noqa: E402

NODE = ["path", "start_byte", "end_byte", "start_line", "start_column", "end_line", "end_column",
        "name", "qualified_name", "status"]
EDGE = ["path", "start_byte", "end_byte", "origin", "method", "rule_name"]


def export(bundle, *args):
    done = relspec("export", bundle, "--format", "jsonl", *args)
    assert done.returncode == 0, done.stderr
    return done.stdout


def ask(bundle, sql):
    done = relspec("query", bundle, "--format", "json", "--numbers", "--quiet", sql)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def props(bundle, entity):
    """By id: what is not null, as a Python value."""
    found = {}
    for row in ask(bundle, "SELECT * FROM props WHERE entity_kind = '%s'" % entity):
        value = next(row[c] for c in ("value_str", "value_int", "value_float", "value_bool",
                                      "value_json") if row[c] is not None)
        if row["value_json"] is not None:
            value = json.loads(row["value_json"])
        found.setdefault(row["entity_id"], {})[row["key"]] = value
    return found


def wanted_nodes(bundle):
    of = props(bundle, "node")
    for row in ask(bundle, "SELECT n.*, r.path FROM nodes n LEFT JOIN repo_files r USING (file_id)"):
        line = {"type": "node", "kind": row["kind"], "id": str(row["node_id"])}
        line.update({c: row[c] for c in NODE if row[c] is not None})
        line.update({"damaged": True} if row["damaged"] else {})
        line.update({"properties": of[row["node_id"]]} if row["node_id"] in of else {})
        yield line


def wanted_edges(bundle):
    of = props(bundle, "edge")
    for row in ask(bundle, "SELECT e.*, r.path FROM edges e LEFT JOIN repo_files r USING (file_id)"):
        line = {"type": "edge", "kind": row["kind"], "src": str(row["src"]), "dst": str(row["dst"])}
        line.update({c: row[c] for c in EDGE if row[c] is not None})
        line["confidence"] = row["confidence"]
        line.update({"score": row["score"]} if row["score"] is not None else {})
        if row["ambiguity_group_id"] is not None:
            line["ambiguity_group_id"] = str(row["ambiguity_group_id"])
        line.update({"damaged": True} if row["damaged"] else {})
        line.update({"properties": of[row["edge_id"]]} if row["edge_id"] in of else {})
        yield line


def text(lines):
    return sorted(json.dumps(line, sort_keys=True) for line in lines)


def compare(tap, name, bundle):
    lines = [json.loads(line) for line in export(bundle).splitlines()]
    nodes = [line for line in lines if line["type"] == "node"]
    edges = [line for line in lines if line["type"] == "edge"]
    tap.ok(lines == nodes + edges, "%s: nodes come before edges" % name)
    for what, found, wanted in (("nodes", nodes, text(wanted_nodes(bundle))),
                                ("edges", edges, text(wanted_edges(bundle)))):
        odd = [pair for pair in zip(text(found), wanted) if pair[0] != pair[1]]
        tap.ok(len(found) == len(wanted) > 20 and not odd,
               "%s: %d %s are those of the bundle" % (name, len(found), what), odd[:2])


def check_order(tap, tree, scratch, bundle):
    other = build(tree, scratch / "other", "--threads", "1", "--run", "other")
    tap.ok(export(bundle) == export(other), "the same lines of the same tree, built with one thread")


def check_kinds(tap, bundle):
    lines = [json.loads(line) for line in export(bundle, "--kind", "AST").splitlines()]
    n_wanted = ask(bundle, "SELECT count(*) AS n FROM edges WHERE kind = 'AST'")[0]["n"]
    tap.ok(len(lines) == n_wanted > 0 and {line["kind"] for line in lines} == {"AST"},
           "--kind of edges gives these edges alone")


def check_edge_properties(tap, scratch, bundle):
    """No rule emits properties of edges yet: put some of every type into the last part, which may
    speak of entities of all parts."""
    part = sorted((bundle / "cpg/props").iterdir())[-1]
    more = scratch / "more.parquet"
    done = relspec("query", bundle, "--format", "parquet", "-o", more, """
        SELECT p.* FROM read_parquet('%s') p UNION ALL BY NAME
        SELECT 'edge' AS entity_kind, edge_id AS entity_id, key, s AS value_str, i AS value_int,
               f AS value_float, b AS value_bool, j AS value_json
        FROM (SELECT edge_id FROM edges ORDER BY edge_id LIMIT 20),
             (VALUES ('b', 'it''s "x"', NULL, NULL, NULL, NULL),
                     ('a', NULL, -9007199254740993, NULL, NULL, NULL),
                     ('c', NULL, NULL, 0.1::DOUBLE, NULL, NULL), ('d', NULL, NULL, NULL, false, NULL),
                     ('e', NULL, NULL, NULL, NULL, '{"k": [1, null]}')) v(key, s, i, f, b, j)
        """ % part)
    assert done.returncode == 0, done.stderr
    more.replace(part)
    compare(tap, "with properties of edges", bundle)
    lines = [json.loads(line) for line in export(bundle).splitlines()]
    with_some = [line["properties"] for line in lines
                 if line["type"] == "edge" and "properties" in line]
    tap.ok(len(with_some) == 20 and list(with_some[0]) == list("abcde"),
           "properties of edges are there, in the order of their keys", with_some[:1])


CALLS = {"pkg/__init__.py": "from .deep import f as g\n", "pkg/deep.py": "def f():\n    return len([]) + 1\n", "main.py": """\
import os
from pkg import g

def deco(function):
    return function

class Base:
    def __init__(self):
        self.kept()
    def kept(self):
        def inner():
            g()
        inner()

class C(Base):
    made = g()
    @deco
    def m(self):
        os.getcwd()

class Plain: pass

def use(call=lambda: g()):
    C().kept()
    Plain()
    "".join(x for x in "a" if g())
    (lambda: g())()
"""}
CALL_GRAPH = {
    "<**PyStr**>.join": [], "<builtin>.len": [], "os.getcwd": [],
    "main": ["main.deco", "pkg.deep.f"],
    "main.Base.__init__": ["main.Base.kept"],
    "main.Base.kept": ["main.Base.kept.inner"],
    "main.Base.kept.inner": ["pkg.deep.f"],
    "main.C.m": ["os.getcwd"],
    "main.deco": [],
    "main.<lambda1>": ["pkg.deep.f"],
    "main.use": ["<**PyStr**>.join", "main.Base.__init__", "main.Base.kept", "main.use.<lambda1>", "pkg.deep.f"],
    "main.use.<lambda1>": ["pkg.deep.f"],
    "pkg": [], "pkg.deep": [],
    "pkg.deep.f": ["<builtin>.len"],
}


def check_pycg(tap, scratch, bundle):
    """Names as PyCG has them; every edge between functions is in it."""
    made = build(write_tree(scratch / "calls", CALLS), scratch / "called")
    done = relspec("export", made, "--format", "pycg")
    found = json.loads(done.stdout)
    tap.ok(found == CALL_GRAPH, "pycg: every kind of name", {
        name: (found.get(name), CALL_GRAPH.get(name)) for name in {*found, *CALL_GRAPH}
        if found.get(name) != CALL_GRAPH.get(name)})
    tap.ok(list(found) == sorted(found), "pycg: in order of names")
    rows = ask(bundle, "SELECT DISTINCT coalesce(f.qualified_name, m.module) AS caller, d.qualified_name AS callee "
                       "FROM edges e JOIN calls c ON c.call_id = e.src JOIN nodes d ON d.node_id = e.dst "
                       "JOIN modules m ON m.file_id = c.file_id LEFT JOIN nodes f ON f.node_id = c.enclosing_def_id "
                       "WHERE e.kind = 'CALL' AND (f.kind IS NULL OR f.kind = 'METHOD')")
    graph = json.loads(relspec("export", bundle, "--format", "pycg").stdout)
    wanted = [(row["caller"].replace(".<locals>", ""), row["callee"].replace(".<locals>", "")) for row in rows
              if row["caller"] and row["callee"] and "<lambda>" not in row["caller"] + row["callee"]]
    lost = [pair for pair in wanted if pair[1] not in graph.get(pair[0], [])]
    tap.ok(wanted and not lost, "pycg: it has the edges of the graph", lost[:5])
    tap.ok(all(callee in graph for called in graph.values() for callee in called), "pycg: every name is a member")
    refused = relspec("export", bundle, "--format", "pycg", "--kind", "CALL")
    tap.ok(refused.returncode == 2 and "kinds" in refused.stderr, "pycg takes no kinds", refused.stderr)


def main():
    tap = Tap()
    with Scratch() as scratch:
        tree = small_tree(scratch / "tree")
        tree = tree if tree is not None else scratch / "tree"
        bundle = Path(build(tree, scratch / "out", "--run", "r"))
        compare(tap, "a small tree", bundle)
        if IS_FULL:
            check_order(tap, tree, scratch, bundle)
            check_edge_properties(tap, scratch, bundle)
        check_kinds(tap, bundle)
        check_pycg(tap, scratch, bundle)
    tap.finish()


main()
