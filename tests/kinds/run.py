#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - kinds that a pack declares, through everything that reads kinds: build, manifest, query,
doctor, why, why-not, export, diff, gate; readable without the pack, the same whatever the packs are
called, and rows that break what the pack says of its kinds are rejects."""

import json
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "invariants")]
from harness import IS_FULL, SOURCE, Scratch, Tap, build, query, relspec, write_tree  # noqa: E402

PACKS = SOURCE / "examples/kinds"
TREE = {"app.py": """\
from web import app


@app.route("/")
def home():
    return "home"


@app.get("/users")
@app.post("/users")
def users(id=1):
    return home()
"""}
# Behind ROUTE by name, in another pack: kinds are numbered over all packs.
LATER = """\
pack: later
node_kinds:
- {name: A_MARK, lens: syntax, doc: a mark}
- {name: Z_MARK, lens: syntax, doc: a mark}
edge_kinds:
- {name: MARKS, lens: syntax, src: [A_MARK, Z_MARK], dst: ROUTE, doc: from a mark to a path}
rules:
- name: marks
  doc: A mark a path.
  kind: aggregate
  inputs: {r: rel_route}
  group_by: [r.path_text]
  emit: {node: "CASE WHEN r.path_text = '\\"/\\"' THEN 'A_MARK' ELSE 'Z_MARK' END",
         id: "global_id('Z_MARK', r.path_text)", name: r.path_text}
- name: marking
  doc: A mark is of its path.
  kind: aggregate
  inputs: {r: rel_route}
  group_by: [r.path_text]
  emit: {edge: MARKS, src: "global_id('Z_MARK', r.path_text)", dst: "global_id('ROUTE', r.path_text)"}
"""
# What is declared, and what rows of it may not do.
BROKEN = """\
pack: broken
node_kinds:
- name: PLACE
  lens: syntax
  doc: a place
  properties: {size: {type: int, required: true, doc: of it}}
- {name: NOWHERE, lens: syntax, doc: what no rule makes}
edge_kinds:
- {name: AT, lens: syntax, src: call, dst: PLACE, doc: from a call to its place}
- {name: GOES, lens: syntax, src: call, dst: NOWHERE, doc: from a call to nothing}
rules:
- name: places
  doc: A place a call.
  kind: filter_project
  inputs: {c: calls}
  emit: {node: PLACE, id: "global_id('PLACE', c.callee_text)", name: c.callee_text}
- name: sizes
  doc: Only of those with arguments.
  kind: filter_project
  inputs: {c: calls}
  where: c.n_positional > 0
  emit: {props: PLACE, id: "global_id('PLACE', c.callee_text)", values: {size: c.n_positional}}
- name: at
  doc: Where a call is.
  kind: filter_project
  inputs: {c: calls}
  emit: {edge: AT, src: c.call_id, dst: "global_id('PLACE', c.callee_text)"}
- name: goes
  doc: Where nothing is.
  kind: filter_project
  inputs: {c: calls}
  emit: {edge: GOES, src: c.call_id, dst: "global_id('NOWHERE', c.callee_text)"}
"""
COUNTS = "SELECT kind, count(*) AS n FROM %s WHERE kind IN ('ROUTE', 'HANDLES', 'A_MARK', 'Z_MARK', " \
         "'MARKS') GROUP BY ALL ORDER BY ALL"


def out(*args, **more):
    result = relspec(*args, **more)
    return result.returncode, result.stdout + result.stderr


def check_reading(tap, bundle):
    """What a bundle says of them to who has no pack."""
    manifest = json.loads((bundle / "manifest.json").read_text())
    declared = manifest["declared_kinds"]
    tap.ok([k["name"] for k in declared["nodes"]] == ["ROUTE"]
           and declared["edges"][0]["dst"] == "ROUTE" and declared["edges"][0]["src"] == "callable"
           and declared["nodes"][0]["properties"][0]["required"], "the manifest has them", declared)
    tap.ok("ROUTE" in manifest["kinds"]["nodes"]["produced"], "as kinds that were produced")
    tap.ok(query(bundle, COUNTS % "nodes") == [{"kind": "ROUTE", "n": 2}]
           and query(bundle, COUNTS % "edges") == [{"kind": "HANDLES", "n": 3}], "they are queried")
    code, text = out("export", bundle, "--format", "jsonl", "--kind", "ROUTE", "--kind", "HANDLES", "-q")
    rows = [json.loads(line) for line in text.splitlines()]
    tap.ok(code == 0 and sorted({r["kind"] for r in rows}) == ["HANDLES", "ROUTE"] and len(rows) == 5
           and {r["properties"].get("verb") for r in rows if r["kind"] == "HANDLES"}
           == {"ANY", "GET", "POST"}, "they are exported", text)
    code, text = out("export", bundle, "--format", "jsonl", "--kind", "ROUTES", "-q")
    tap.ok(code == 2 and "no kind ROUTES" in text, "a kind that nobody declared is refused", text)
    tap.ok(out("doctor", bundle)[0] == 0, "the doctor finds nothing")
    code, text = out("why", bundle, "--at", "app.py:10", "--kind", "HANDLES")
    tap.ok(code == 0 and "name its packs with --rules" in text, "why asks for the pack", text)


def check_asking(tap, bundle):
    code, text = out("why", bundle, "--at", "app.py:10", "--kind", "HANDLES", "--rules", PACKS)
    tap.ok(code == 0 and "decorators  app.py:10" in text and "ROUTE" in text, "why leads to evidence",
           text)
    code, text = out("why", bundle, "--at", "app.py:10", "--kind", "HANDLE", "--rules", PACKS)
    tap.ok(code == 2 and "no kind of edge HANDLE" in text, "why refuses what is none", text)
    code, text = out("schema", "kinds", "--rules", PACKS, "--json")
    kinds = json.loads(text)
    tap.ok("ROUTE" in [k["name"] for k in kinds["nodes"]]
           and "HANDLES" in [k["name"] for k in kinds["edges"]], "schema lists them")


def check_doctor(tap, scratch, bundle):
    """The doctor holds edges against the ends that the manifest declares."""
    copy = scratch / "copy"
    shutil.copytree(bundle, copy, symlinks=True)
    path = copy / "manifest.json"
    path.write_text(path.read_text().replace('"src": "callable"', '"src": "class"'))
    code, text = out("doctor", copy)
    tap.ok(code == 1 and "HANDLES have a src that is not a class" in text, "the doctor knows its ends",
           text)


def check_names(tap, scratch):
    """The same bundle, whichever pack is read first."""
    found = []
    for number, (first, second) in enumerate((("a.yaml", "b.yaml"), ("b.yaml", "a.yaml"))):
        packs = scratch / ("packs%d" % number)
        packs.mkdir()
        shutil.copy(PACKS / "routes.yaml", packs / first)
        (packs / second).write_text(LATER)
        bundle = build(scratch / "tree", scratch / ("named%d" % number), "--rules", packs)
        found.append({name: [f["sha256"] for f in row["files"]]
                      for row in json.loads((bundle / "manifest.json").read_text())["datasets"]
                      for name in [row["path"]] if row["group"] == "cpg"})
        found[-1]["kinds"] = json.loads((bundle / "manifest.json").read_text())["declared_kinds"]
    tap.ok(found[0] == found[1], "the order of packs changes no byte of the graph")
    tap.ok(query(bundle, COUNTS % "nodes") == [
        {"kind": "A_MARK", "n": 1}, {"kind": "ROUTE", "n": 2}, {"kind": "Z_MARK", "n": 1}],
        "an expression gives kinds", query(bundle, COUNTS % "nodes"))
    tap.ok(query(bundle, COUNTS % "edges") == [{"kind": "HANDLES", "n": 3}, {"kind": "MARKS", "n": 2}],
           "an end may be of several kinds")


def check_rejects(tap, scratch):
    packs = scratch / "broken"
    packs.mkdir()
    (packs / "p.yaml").write_text(BROKEN)
    write_tree(scratch / "calls", {"a.py": "f(1)\ng()\n"})
    bundle = build(scratch / "calls", scratch / "broken-out", "--rules", packs)
    reasons = query(bundle, "SELECT kind, reason FROM rejects_nodes UNION ALL "
                            "SELECT kind, reason FROM rejects_edges ORDER BY ALL")
    tap.ok([(r["kind"], r["reason"]) for r in reasons] == [
        ("AT", "dangling:dst"), ("GOES", "dangling:dst"), ("GOES", "dangling:dst"),
        ("PLACE", "lacks:size")], "rows that break what is declared are rejects", reasons)


def check_diff(tap, scratch, bundle):
    write_tree(scratch / "other", {"app.py": TREE["app.py"].replace('@app.post("/users")',
                                                                     '@app.post("/people")')})
    other = build(scratch / "other", scratch / "other-out", "--rules", PACKS)
    code, text = out("diff", bundle, other)
    tap.ok(code == 1 and "ROUTE" in text, "diff tells them", text)


def check_gate(tap, scratch):
    """A snapshot has them, bands of the project file are of them, and it is checked."""
    tree = scratch / "project"
    write_tree(tree, {**TREE, "relspec.yaml":
                      "rules: packs\ngate:\n  bands:\n    nodes: {ROUTE: 100}\n    edges: {HANDLES: 100}\n"})
    shutil.copytree(PACKS, tree / "packs")
    code, text = out("gate", tree, "--snapshot", scratch / "s.json", "--update", "--threads", "1")
    snapshot = json.loads((scratch / "s.json").read_text()) if code == 0 else {}
    tap.ok(code == 0 and "ROUTE" in json.dumps(snapshot), "a snapshot has them", text)
    code, text = out("gate", tree, "--snapshot", scratch / "s.json", "--threads", "1")
    tap.ok(code == 0, "the gate passes", text)
    (tree / "relspec.yaml").write_text("rules: packs\ngate:\n  bands:\n    nodes: {RUOTE: 100}\n")
    code, text = out("gate", tree, "--snapshot", scratch / "s.json", "--threads", "1")
    tap.ok(code == 2 and "unknown kind RUOTE" in text, "a band of no kind is refused", text)


def main():
    tap = Tap()
    with Scratch() as scratch:
        write_tree(scratch / "tree", TREE)
        bundle = build(scratch / "tree", scratch / "out", "--rules", PACKS)
        check_reading(tap, bundle)
        check_asking(tap, bundle)
        check_doctor(tap, scratch, bundle)
        check_rejects(tap, scratch)
        check_diff(tap, scratch, bundle)
        if IS_FULL:
            check_names(tap, scratch)
            check_gate(tap, scratch)
    tap.finish()


main()
