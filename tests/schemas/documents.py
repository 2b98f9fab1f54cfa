#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""documents.py [--bless] - which members the JSON documents have, of what types.

All that a build writes beside its tables, and what each command prints with --json, once each: documents.txt
lists every member with the types of its values. A member that goes, comes, or changes its type is one who
reads it will see. Names that are data (kinds, datasets, rules) are `*`.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import IS_FULL, SOURCE, Scratch, Tap, relspec, write_tree  # noqa: E402

LIST = HERE / "documents.txt"
SOURCES = {
    "pkg/__init__.py": "from .a import Base\n__all__ = ['Base']\n",
    "pkg/a.py": "import os\n\n\nclass Base:\n    def run(self, path: str) -> str:\n"
                "        return os.path.join(path, 'x')\n\n\nclass Near(Base):\n    def run(self, path):\n"
                "        for part in path:\n            if part:\n                return super().run(part)\n",
    "pkg/b.py": "from pkg import Base\nimport nowhere\n\nBase().run(nowhere.path)\nbroken(\n",
}
RULES = """\
pack: own
params:
- {name: watched, type: str, key: callee, doc: callees to look at}
- {name: sizes, type: i32, doc: numbers of arguments}
datasets:
- name: rel_far
  doc: A place that is too far.
  key: [call_id]
  columns:
    call_id: {type: id, required: true, doc: the call}
    place: {type: i64, required: true, doc: its place}
rules:
- name: watched_edge
  doc: From a call that is watched to itself.
  kind: filter_project
  inputs: {c: calls}
  where: c.callee_text IN params.watched AND c.n_positional IN params.sizes
  emit: {edge: RECEIVER, src: c.call_id, dst: c.call_id, origin: scope}
- name: far_call
  doc: No number is so large.
  kind: filter_project
  inputs: {c: calls}
  select: {call_id: c.call_id, place: c.end_byte + 9223372036854775807}
  confidence: cst
  output: rel_far
- name: near_call
  doc: Calls that are not far.
  kind: hash_join
  inputs: {c: calls, f: rel_far}
  join: anti
  on: c.call_id = f.call_id
  emit: {edge: RECEIVER, src: c.call_id, dst: c.call_id, origin: scope}
"""
# Members whose members are data, and those that other tests know from end to end.
DATA = {"again", "by_reason", "calls", "counts", "datasets", "edges", "files", "kinds", "metadata", "names", "nodes",
        "outputs", "params", "properties", "rejects", "row", "rules", "select", "sha256", "signatures", "timing_ms", "values"}
CLOSED = {"bands", "ir", "policies", "policy", "signature"}


def type_of(value):
    return {dict: "object", list: "list", str: "text", bool: "bool", int: "number", float: "number",
            type(None): "null"}[type(value)]


def is_data(name, members):
    """Whether an object of that name has members for things, not for what is said of them."""
    return name in DATA or any(not m.islower() or not m.isidentifier() for m in members)


def shape(value, path, name, found):
    found.setdefault(path, set()).add(type_of(value))
    if name in CLOSED:
        return
    if isinstance(value, dict):
        any_name = is_data(name, value)
        for key, member in value.items():
            shape(member, path + "." + ("*" if any_name else key), "*" if any_name else key, found)
    elif isinstance(value, list):
        for item in value:
            shape(item, path + "[]", name, found)


def printed(*args):
    """The document that a command prints, whatever it finds."""
    result = relspec(*args, "--json")
    if not result.stdout:
        raise SystemExit("%s: exit %d: %s" % (" ".join(map(str, args)), result.returncode, result.stderr))
    return json.loads(result.stdout)


def documents_of_two(scratch, bundle, found):
    """Those that another build, or a gate, goes before."""
    tree = scratch / "tree"
    (tree / "pkg/c.py").write_text("import pkg.a\n\n\ndef more(x):\n    return pkg.a.Near().run(x)\n")
    found["second build"] = printed("build", tree, "-o", scratch / "out", "--run", "second")
    second = (scratch / "out/run_bundles/second").resolve()
    found["gate of a new snapshot"] = printed("gate", tree, "--snapshot", scratch / "snapshot.json", "--update")
    (tree / "pkg/c.py").unlink()
    found["gate"] = printed("gate", tree, "--snapshot", scratch / "snapshot.json")
    found["snapshot"] = json.loads((scratch / "snapshot.json").read_text())
    found["diff"] = printed("diff", bundle, second)
    (second / "cpg/nodes").rename(second / "cpg/nodes_of_old")
    found["doctor of a damaged bundle"] = printed("doctor", second)
    found["runs prune"] = printed("runs", "prune", scratch / "out", "--keep", "1")


def documents(scratch):
    """name -> document."""
    tree = write_tree(scratch / "tree", SOURCES)
    (tree / "link.py").symlink_to("pkg/a.py")
    packs = write_tree(scratch / "packs", {
        "own.yaml": RULES, "routes.yaml": (SOURCE / "examples/kinds/routes.yaml").read_bytes()})
    found = {"build": printed("build", tree, "-o", scratch / "out", "--run", "first", "--explain", "--rules", packs,
                              "--param", "watched=run")}
    bundle = (scratch / "out/run_bundles/first").resolve()
    for path in sorted(bundle.rglob("*.json")):
        if "schemas" not in path.parts:
            found["bundle " + str(path.relative_to(bundle))] = json.loads(path.read_text())
    found["bundle schema"] = [json.loads(p.read_text()) for p in sorted(bundle.rglob("schemas/*.json"))]
    found["doctor"] = printed("doctor", bundle)
    found["why"] = [printed("why", bundle, "--kind", kind) for kind in ("CALL", "AST", "REFERS_TO", "CFG")]
    found["why-not"] = [printed("why-not", bundle, "--at", "pkg/b.py:4"),
                        printed("why-not", bundle, "--kind", "CALL", "--at", "pkg/a.py:13")]
    found["runs list"] = printed("runs", "list", scratch / "out")
    for command in (["schema"], ["pipeline"], ["config", tree], ["rules", "list"], ["rules", "show", "call_to_qname"],
                    ["rules", "check", packs], ["rules", "signatures"]):
        found[" ".join(str(c) for c in command if c not in (tree, packs))] = printed(*command)
    found["registry"] = printed("internal", "dump-registry")
    if IS_FULL:
        documents_of_two(scratch, bundle, found)
    return found


def main():
    tap = Tap()
    with Scratch() as scratch:
        lines = []
        made = documents(scratch)
        for name, document in made.items():
            found = {}
            shape(document, "", "outputs" if name.endswith("compiled_outputs.json") else "", found)
            lines += ["%s%s: %s" % (name, path, " ".join(sorted(types))) for path, types in sorted(found.items())]
    if sys.argv[1:] == ["--bless"]:
        LIST.write_text("".join(line + "\n" for line in lines))
    kept = LIST.read_text().splitlines() if LIST.exists() else []
    if not IS_FULL:  # of the documents that were made
        kept = [line for line in kept if any(line.startswith(name) and line[len(name)] in ".[:" for name in made)]
    lost, new = [l for l in kept if l not in set(lines)], [l for l in lines if l not in set(kept)]
    tap.ok(not lost, "all members are there as they were", "\n".join(lost[:40]))
    tap.ok(not new, "documents.txt knows all members (--bless)", "\n".join(new[:40]))
    tap.finish()


main()
