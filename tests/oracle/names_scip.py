#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""names_scip.py [--sample N] [--class WORD] [--cache DIR] [NAME ... | TREE INDEX] - names as scip-python sees them.

NAME is one of requests, flask, django: its source distribution comes from PyPI, its index from
tools/index-scip, both into the cache. What is counted:

  U  references of the index whose symbol has a definition in it, one a place. A place that spells
     no identifier is left out, as is the binding that is scip's definition.
  =  ours agrees when one of our final targets lies in the slot of one of scip's definitions. A slot
     is all bindings of a name in a scope, or of an attribute in a class: scip marks the first one
     as the definition and gives the others its symbol. A module's symbol is its file; m.py and
     m.pyi are one. `from a.b import c` is one reference over a.b for scip: our last part stands for it.
  F  faulty rows: where we disagree, and scip's symbol spells another name than the reference does
     (after `from m import *` the last name of m stands for all of them), or a file's symbol stands for a
     name that is no module. They are not in U; what the figures are with them is printed beside.

Locals and parameters are in, and told apart. --sample shows N disagreements of each class.
"""

import argparse
import collections
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "invariants"), str(HERE)]
from harness import NO_NETWORK, SOURCE, Scratch, Tap, build, relspec, skip  # noqa: E402
import scip_decode  # noqa: E402

# Least shares: names and imports of U, attributes of those we answer, all of U.
FLOORS = {"requests": (.998, .995, .99), "flask": (.998, .995, .99), "django": (.998, .995, .99)}

# Files that scip-python 0.6.6 dies of.
KILLERS = {"django": ["tests/model_enums/tests.py"]}

REFS = """
SELECT f.path, r.start_byte AS start, r.end_byte AS "end", r.kind, r.status, r.reason, r.node_id AS node
FROM reference_statuses r JOIN repo_files f ON f.file_id = r.file_id"""
TARGETS = """
SELECT f.path, t.start_byte AS start, g.path AS target, t.target_id AS node, s.start_byte AS at, t.rank,
    t.is_final AS final
FROM name_targets t JOIN repo_files f ON f.file_id = t.file_id
JOIN syntax_nodes s ON s.node_id = t.target_id JOIN repo_files g ON g.file_id = s.file_id"""
BINDINGS = """
SELECT b.node_id AS node, slot_id AS slot, coalesce(name_start_byte, b.start_byte) AS start, b.name, occurrence,
    CASE WHEN s.scope_kind = 'class' THEN s.node_id END AS class
FROM name_bindings b LEFT JOIN scopes s ON s.scope_id = b.slot_scope_id WHERE slot_id IS NOT NULL"""
STORES = """
SELECT a.attribute_id AS node, a.attribute AS name, a.name_start_byte AS start, v.name AS object
FROM attributes a JOIN syntax_nodes v ON v.node_id = a.value_id WHERE a.context = 'STORE'"""
CLASSES = """
SELECT d.def_id AS node, s.n_subtree AS n FROM defs d JOIN syntax_nodes s ON s.node_id = d.def_id
WHERE d.def_kind = 'class' ORDER BY 1"""


def ask(bundle, statement):
    result = relspec("query", "-q", bundle, statement, "--format", "json", "--numbers", timeout=900)
    if result.returncode != 0:
        raise SystemExit(result.stderr)
    return json.loads(result.stdout)


# --- ours ---

class Slots:
    """By node, the place of the name that it binds, and the bindings that it shares a slot with."""

    def __init__(self, bundle):
        self.start = {}
        self.key = {}
        self.members = collections.defaultdict(set)
        for row in ask(bundle, BINDINGS):
            is_bound = row["occurrence"] not in ("load", "LOAD")
            key = (row["class"], row["name"]) if row["class"] is not None else row["slot"]
            self.start[row["node"]] = row["start"]
            self.key[row["node"]] = key
            if is_bound:
                self.members[key].add(row["start"])
        classes = [(row["node"], row["node"] + row["n"]) for row in ask(bundle, CLASSES)]
        stores = sorted(ask(bundle, STORES), key=lambda row: row["node"])
        around = []
        at = 0
        for row in stores:
            while at < len(classes) and classes[at][0] <= row["node"]:
                around.append(classes[at])
                at += 1
            while around and around[-1][1] <= row["node"]:
                around.pop()
            self.start[row["node"]] = row["start"]
            if around and row["object"] in ("self", "cls"):
                key = (around[-1][0], row["name"])
                self.key[row["node"]] = key
                self.members[key].add(row["start"])

    def of(self, node, at):
        start = self.start.get(node, at)
        return start, self.members.get(self.key.get(node), set()) | {start}


def ours(bundle):
    """(path, start) -> reference with its targets; (path, end) -> the same for parts of dotted names."""
    found = {}
    ends = {}
    slots = Slots(bundle)
    for row in ask(bundle, REFS):
        row["targets"] = []
        if row["kind"] in ("store", "definition"):
            start, members = slots.of(row["node"], row["start"])
            row["targets"].append({"path": row["path"], "start": start, "slot": members, "is_module": False,
                                   "rank": 0, "final": True})
        found[row["path"], row["start"]] = row
        if row["kind"] in ("module", "attribute"):
            ends[row["path"], row["end"]] = row
    for row in ask(bundle, TARGETS):
        start, members = slots.of(row["node"], row["at"])
        is_module = row["node"] & 0xffffff == 0
        found[row["path"], row["start"]]["targets"].append(
            {"path": row["target"], "start": 0 if is_module else start, "slot": members,
             "is_module": is_module, "rank": row["rank"], "final": row["final"]})
    return found, ends


# --- theirs ---

def theirs(index, tree):
    """(path, start, end) -> (definitions, symbol, name, line)."""
    done = subprocess.run([sys.executable, scip_decode.__file__, str(index), "--root", str(tree), "--refs"],
                          stdout=subprocess.PIPE, check=True, encoding="utf-8")
    found = {}
    for line in done.stdout.splitlines():
        row = json.loads(line)
        if not row["span"] or not row["name"] or not row["name"].replace(".", "").isidentifier() or \
                not row["def"]:
            continue
        is_module = row["symbol"].endswith("__init__:")
        place = found.setdefault((row["path"], *row["span"]), [set(), row["symbol"], row["name"], row["line"]])
        place[0].update((d["path"], 0 if is_module else d["span"][0]) for d in row["def"])
    return found


# --- the comparison ---

GROUPS = {"module": "import", "imported_name": "import", "attribute": "attribute",
          "attribute_store": "attribute store", "keyword": "keyword", "store": "rebinding",
          "definition": "rebinding", "string": "name", "name": "name"}


def source_of(path):
    return path[:-1] if path.endswith(".pyi") else path


def verdict(row, definitions):
    """How ours and theirs differ; "agree..." where they do not."""
    final = [t for t in row["targets"] if t["final"]]
    likely = [t for t in final if t["rank"] == 0]
    is_module = any(start == 0 for _, start in definitions)

    def meets(targets):
        places = {(t["path"], start) for t in targets for start in t["slot"]}
        files = {source_of(t["path"]) for t in targets if t["is_module"]}
        return places & definitions or is_module and files & {source_of(p) for p, _ in definitions}

    if meets(likely):
        n_slots = len({(t["path"], min(t["slot"])) for t in likely})
        return "agree" if n_slots == 1 else "agree, one of several" if n_slots < 4 else "one of many"
    if meets(final):
        return "agree, at rank 1"
    if meets(row["targets"]):
        return "agree with what is on the way"
    if not final:
        return "no answer: %s %s" % (row["status"], row["reason"] or "")
    if is_module:
        return "different: a module for scip"
    if any(t["is_module"] for t in final):
        return "different: a module for us"
    same_file = {t["path"] for t in final} & {p for p, _ in definitions}
    return "different: same file" if same_file else "different: other file"


def is_faulty(row, symbol, name, is_local):
    if symbol.endswith("__init__:"):
        return row["kind"] != "module" and not any(t["is_module"] for t in row["targets"])
    last = re.search(r"\(?`?([\w.]+?)`?(?:\)|\(\+?\d*\)\.|[#.:/])$", symbol)
    return not is_local and last is not None and last.group(1) != name


def compare(found, ends, places):
    """group -> verdict -> places; the faulty ones."""
    table = collections.defaultdict(lambda: collections.defaultdict(list))
    faulty = collections.defaultdict(list)
    for (path, start, end), (definitions, symbol, name, line) in places.items():
        row = found.get((path, start))
        row = row if row is not None and row["end"] == end else ends.get((path, end))
        place = (path, line, name, sorted(definitions)[:3], [] if row is None else
                 sorted({(t["path"], t["start"]) for t in row["targets"]})[:4])
        if row is None:
            table["name"]["not ours"].append(place)
            continue
        group = GROUPS[row["kind"]]
        is_local = symbol.startswith("local ")
        if group == "name" and (is_local or (symbol.endswith(")") and ").(" in symbol)):
            group = "local"
        says = verdict(row, definitions)
        if not says.startswith("agree") and is_faulty(row, symbol, name, is_local):
            faulty[group].append(place)
        else:
            table[group][says].append(place)
    return table, faulty


def count(table, groups, faulty=()):
    """of U, agreed, answered."""
    n = n_agreed = n_answered = 0
    for group in groups:
        for says, places in table.get(group, {}).items():
            n += len(places)
            n_agreed += len(places) if says.startswith("agree") else 0
            n_answered += 0 if says.startswith(("no answer", "not ours")) else len(places)
        n_faulty = len(faulty[group]) if faulty else 0
        n += n_faulty
        n_answered += n_faulty
    return n, n_agreed, n_answered


def line_of(tree, place):
    return (tree / place[0]).read_bytes().splitlines()[place[1] - 1].decode("utf-8", "replace").strip()


def show(name, table, faulty, options):
    for group in sorted(table):
        n, n_agreed, n_answered = count(table, [group])
        print("# %s %-16s U %6d, agree %.4f, of answered %.4f; faulty %d" % (
            name, group, n, n_agreed / n, n_agreed / max(1, n_answered), len(faulty[group])))
        for says, places in sorted(table[group].items(), key=lambda item: -len(item[1])):
            if says == "agree":
                continue
            print("#     %-48s %d" % (says, len(places)))
            if options.sample and options.word in "%s/%s" % (group, says):
                random.seed(1)
                for place in random.sample(places, min(options.sample, len(places))):
                    print("#         %s:%d %s scip %s ours %s" % place)
                    print("#             " + line_of(options.tree, place))


def judge(tap, name, table, faulty, floors):
    everything = sorted(table)
    figures = [("names and imports", count(table, ["name", "local", "import"]), 0),
               ("attributes that we answer", count(table, ["attribute"]), 1),
               ("all", count(table, everything), 0)]
    with_faulty = [count(table, ["name", "local", "import"], faulty), count(table, ["attribute"], faulty),
                   count(table, everything, faulty)]
    for (what, (n, n_agreed, n_answered), of_answered), other, floor in zip(figures, with_faulty, floors):
        share = n_agreed / max(1, n_answered if of_answered else n)
        beside = other[1] / max(1, other[2] if of_answered else other[0])
        tap.ok(share >= floor, "%s: %s %.4f (with faulty rows %.4f) of %d" % (name, what, share, beside, n),
               "below %.4f" % floor)


# --- what it runs on ---

def fetch(name, cache):
    """(tree, index), or None."""
    layouts = HERE / "layouts"
    subprocess.run([sys.executable, str(layouts), "--cache", str(cache), "--fetch-only", name],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    archives = sorted(cache.glob("%s==*/*.tar.gz" % name))
    if not archives:
        return None
    tree = cache / (name + ".tree")
    index = cache / (name + ".scip")
    if not tree.exists():
        tree.mkdir()
        subprocess.run(["tar", "xzf", str(archives[0]), "-C", str(tree), "--strip-components", "1"], check=True)
        for path in KILLERS.get(name, ()):
            (tree / path).unlink()
    if not index.exists():
        command = [str(SOURCE / "tools/index-scip")] + \
            ([] if os.environ.get("SCIP_PYTHON") else ["--install"])
        done = subprocess.run([*command, str(tree), "-o", str(index), "--name", name], check=False)
        if done.returncode != 0:
            return None
    return tree, index


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--class", dest="word", default="")
    parser.add_argument("--cache", type=Path, default=SOURCE / "build/names_scip")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    tap = Tap()
    if len(options.names) == 2 and Path(options.names[1]).is_file():
        trees = {Path(options.names[1]).stem: tuple(map(Path, options.names))}
    else:
        trees = {name: fetch(name, options.cache) for name in options.names or ["requests", "flask"]}
    for name, place in trees.items():
        if place is None:
            skip(NO_NETWORK, "%s from PyPI, scip-python from npm" % name)
        tree, index = place
        with Scratch() as scratch:
            found, ends = ours(build(tree, scratch / "out"))
        options.tree = tree
        table, faulty = compare(found, ends, theirs(index, tree))
        show(name, table, faulty, options)
        judge(tap, name, table, faulty, FLOORS.get(name, FLOORS["django"]))
    tap.finish()


if __name__ == "__main__":
    main()
