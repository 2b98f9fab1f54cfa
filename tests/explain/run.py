#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [--bless] - `relspec why`: what it says of edges of many rules, word for word, and what
it says when something is not at hand.

expected/NAME.txt is what a person sees; --bless rewrites them. Signatures, times and the lines of
packs are no part of them.
"""

import difflib
import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "invariants"), str(HERE)]
import repository  # noqa: E402
from harness import IS_FULL, Scratch, Tap, build, relspec, some, write_tree  # noqa: E402

UTF8 = {"LC_ALL": "C.UTF-8", "NO_COLOR": "1"}

# Name of the golden file -> the question, the bundle left out.
GOLDEN = {
    "call": ["--at", "pkg/main.py:16:12", "--kind", "CALL"],
    "calls_symbol": ["--at", "pkg/main.py:16:14", "--kind", "CALLS_SYMBOL"],
    "calls_qname": ["--call", "pkg/main.py:13", "--kind", "CALLS_QNAME"],
    "builtin": ["--at", "pkg/main.py:6:29", "--kind", "CALLS_QNAME"],
    "attribute": ["--at", "pkg/main.py:6:19", "--kind", "REFERENCES_SYMBOL"],
    "imports_symbol": ["--at", "pkg/main.py:2:19", "--kind", "IMPORTS_SYMBOL"],
    "defines_symbol": ["--at", "pkg/main.py:16:4", "--kind", "DEFINES_SYMBOL"],
    "ref": ["--at", "pkg/main.py:16:12", "--kind", "REF"],
    "cfg": ["--kind", "CFG", "--limit", "1"],
    "reaching_def": ["--at", "pkg/main.py:19:12", "--kind", "REACHING_DEF"],
    "has_base": ["--at", "pkg/main.py:8", "--kind", "HAS_BASE"],
    "diagnostic": ["--kind", "HAS_DIAGNOSTIC", "--limit", "1"],
    "implements": ["--kind", "SCIP_SYMBOL_IMPLEMENTATION"],
    "annotation": ["--at", "pkg/main.py:4", "--kind", "EVAL_TYPE"],
}

# Of names that come through imports, star by star, and of the first link that is missing.
WAYS = {
    "way_stars": ["--call", "main.py:4", "--kind", "CALL"],
    "way_alias": ["--call", "main.py:5", "--kind", "CALL"],
    "way_attribute": ["--at", "main.py:7:2", "--kind", "REFERS_TO"],
    "way_base": ["--at", "main.py:11", "--kind", "INHERITS_FROM"],
    "way_handler": ["--call", "main.py:17", "--kind", "CALL"],
}
NO_WAYS = {
    "not_brought": ["--call", "main.py:6", "--kind", "CALL"],
    "not_left_out": ["--at", "main.py:1:28", "--kind", "IMPORTS"],
    "not_in_module": ["--at", "main.py:8:2", "--kind", "CALL"],
    "not_a_module": ["--call", "main.py:9", "--kind", "CALL"],
}

# The same of `relspec why-not`.
NOT = {
    "not_call": ["--call", "pkg/main.py:6"],
    "not_symbol": ["--call", "pkg/main.py:18", "--kind", "CALL", "--to", "after"],
    "not_target": ["--call", "pkg/main.py:16", "--kind", "CALL", "--to", "C"],
    "not_name": ["--at", "pkg/main.py:8:8"],
    "not_unknown": ["--call", "pkg/main.py:18", "--kind", "CALLS_QNAME", "--to", "nobody"],
}


def cleaned(text):
    text = re.sub(r"signature [0-9a-f]+", "signature HASH", text)
    text = re.sub(r"(time not recorded|[0-9.e+-]+ ms of \w+ for \d+ rows)", "TIME", text)
    return re.sub(r"(\.yaml):\d+", r"\1:LINE", text)


def golden(tap, command, questions, bundle, bless):
    for name, question in some(list(questions.items()), 3):
        done = relspec(command, bundle, *question, env=UTF8)
        found = cleaned(done.stdout)
        path = HERE / "expected" / (name + ".txt")
        if bless:
            path.parent.mkdir(exist_ok=True)
            path.write_text(found, encoding="utf-8")
        wanted = path.read_text(encoding="utf-8") if path.exists() else ""
        tap.ok(done.returncode == 0 and found and found == wanted, command + " " + name,
               done.stderr + "\n".join(difflib.unified_diff(
                   wanted.splitlines(), found.splitlines(), str(path), "found", lineterm="")))


# --- what is not there ---

def verdicts(finding):
    yield finding.get("verdict", "")
    for below in finding.get("below", []):
        yield from verdicts(below)


def reasons(tap, plain, bundle):
    """The last word on a call is the evidence that is missing, whatever rules lie between."""
    ask = ["--call", "pkg/main.py:6", "--kind", "CALL", "--json"]
    for name, place, wanted in (("no index", plain, "no SCIP index was given"),
                                ("no occurrence", bundle, "has a byte of 120..121")):
        things = json.loads(relspec("why-not", place, *ask).stdout)["things"]
        tap.ok(len(things) == 3 and any(wanted in v for t in things for m in t["missing"]
                                        for v in verdicts(m)), "why-not says " + name, things)
    found = json.loads(relspec("why-not", bundle, "--call", "pkg/main.py:16", "--kind", "CALL",
                               "--json").stdout)["things"]
    tap.ok([len(t["has"]) for t in found] == [2, 0] and not found[0]["missing"],
           "an edge that is there is not missing; C() runs nothing", found)


# --- what is not at hand ---

def sources(tap, bundle, tree):
    question = ["--at", "pkg/main.py:16:12", "--kind", "CALL"]
    main = tree / "pkg/main.py"
    with_text = relspec("why", bundle, *question)
    text = main.read_text()
    main.write_text(text + "# more\n")
    changed = relspec("why", bundle, *question)
    tap.ok("f(C())" in with_text.stdout and "f(C())" not in changed.stdout and
           "pkg/main.py:16:12" in changed.stdout and "has changed since" in changed.stderr,
           "a changed file shows places, no text", changed.stderr)
    moved = tree.parent / "moved"
    tree.rename(moved)
    gone = relspec("why", bundle, *question)
    tap.ok(gone.returncode == 0 and "not at hand" in gone.stderr and
           "pkg/main.py:16:12" in gone.stdout, "nor does one that is gone", gone.stderr)
    (moved / "pkg/main.py").write_text(text)
    told = relspec("why", bundle, *question, "--source", moved)
    tap.ok(told.stdout == with_text.stdout, "--source says where it is", told.stdout)
    (moved / "pkg/main.py").rename(moved.parent / "outside.py")
    (moved / "pkg/main.py").symlink_to(moved.parent / "outside.py")
    link = relspec("why", bundle, *question, "--source", moved)
    tap.ok("f(C())" not in link.stdout and link.returncode == 0, "no link is followed", link.stderr)


RIVALS = """\
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
- name: last_of
  doc: An edge for each.
  kind: filter_project
  inputs: {l: rel_last}
  emit: {edge: RECEIVER, src: l.call_id, dst: l.call_id, origin: scope}
"""


def rivals(tap, scratch, tree):
    write_tree(scratch / "rules", {"p.yaml": RIVALS})
    bundle = build(tree, scratch / "rivals", "--rules", scratch / "rules")
    question = ["why", bundle, "--call", "pkg/main.py:6", "--kind", "RECEIVER", "--json"]
    unknown = json.loads(relspec(*question).stdout)["edges"]
    tap.ok(unknown and all("--rules" in e["because"]["note"] for e in unknown),
           "a rule of another pack is not done again without it")
    done = relspec(*question, "--rules", scratch / "rules")
    edges = json.loads(done.stdout)["edges"]
    mine = [e for e in edges if e["because"]["inputs"][0]["row"]["part"] == "join"]
    losers = mine[0]["because"]["inputs"][0]["candidates"]["beaten"] if mine else []
    tap.ok([(row["part"], row["verdict"]) for row in losers] ==
           [("path", "score 1, not 2 (higher is better)"), ("os", "score 0, not 2 (higher is better)")],
           "a winner's losers say by which term they lost", losers)


PARAMS = """\
pack: watch
params:
- {name: watched, type: str, key: callee, doc: callees to look at}
rules:
- name: watched_edge
  doc: From a call that is watched to the file's first node.
  kind: filter_project
  inputs: {c: calls}
  where: c.callee_text IN params.watched
  emit: {edge: RECEIVER, src: c.call_id, dst: c.call_id, origin: scope}
"""


def params(tap, scratch, tree):
    write_tree(scratch / "params", {"p.yaml": PARAMS})
    bundle = build(tree, scratch / "watched", "--rules", scratch / "params", "--param", "watched=len")
    done = relspec("why", bundle, "--kind", "RECEIVER", "--rules", scratch / "params", "--json")
    edges = json.loads(done.stdout)["edges"]
    tap.ok([e["because"]["inputs"][0]["row"]["callee_text"] for e in edges] == ["len"],
           "a rule that reads a param table is done again with the bundle's values", done.stderr)


# Relationships of every operator, each beside what its inputs are cut down by: a key, what a row meets, what
# its interval touches, nothing. Name -> what stands in its rule; rows are of a call and a text.
OPERATORS = {
    "parts": "kind: explode_list, inputs: {c: calls}, explode: {split: c.callee_text, separator: '.'}, "
             "where: c.callee_text IS NOT NULL, select: {call_id: c.call_id, part: item.value}",
    "longest": "kind: winner_select, inputs: {p: rel_parts}, select: {call_id: p.call_id, part: p.part}, "
               "winner: {keys: [call_id], order: [part desc]}",
    "either": "kind: union_all, inputs: {p: rel_parts, l: rel_longest, n: rel_no_arg}, "
              "select: {call_id: each.call_id, part: each.part}",
    "pairs": "kind: hash_join, inputs: {a: rel_parts, b: rel_parts}, join: inner, on: a.call_id = b.call_id, "
             "where: a.part < b.part, select: {call_id: a.call_id, part: b.part}",
    "by_right": "kind: hash_join, inputs: {p: rel_parts, c: calls}, join: inner, on: p.call_id = c.call_id, "
                "select: {call_id: c.call_id, part: p.part}",
    "with_arg": "kind: hash_join, inputs: {c: calls, a: args}, join: left, on: c.call_id = a.call_id, "
                "select: {call_id: c.call_id, part: \"COALESCE(a.keyword, 'none')\"}",
    "no_key": "kind: hash_join, inputs: {c: calls, p: rel_parts}, join: inner, on: c.call_id = p.call_id, "
              "select: {call_id: c.call_id, part: p.part || '.x'}",
    "has_arg": "kind: hash_join, inputs: {c: calls, a: args}, join: semi, on: c.call_id = a.call_id, "
               "select: {call_id: c.call_id, part: \"'some'\"}",
    "no_arg": "kind: hash_join, inputs: {c: calls, a: args}, join: anti, on: c.call_id = a.call_id, "
              "select: {call_id: c.call_id, part: \"'none'\"}",
    "names": "kind: interval_align, inputs: {c: calls, n: name_bindings}, on: c.file_id = n.file_id, "
             "align: {left: [c.start_byte, c.end_byte], right: [n.start_byte, n.end_byte], "
             "mode: overlap_best, keep: all, how: left}, "
             "select: {call_id: c.call_id, part: \"COALESCE(n.name, 'none')\"}",
    "first": "kind: aggregate, inputs: {p: rel_parts}, group_by: [p.call_id], "
             "select: {call_id: p.call_id, part: min(p.part)}",
}


QUICK = ("parts", "longest", "no_arg", "either")  # what a union is made of


def operator_pack(names):
    lines = ["pack: test", "datasets:"]
    for name in names:
        key = "[part]" if name == "no_key" else "[call_id, part]"
        lines += [f"- name: rel_{name}", "  doc: A call and a text.", f"  key: {key}", "  columns:",
                  "    call_id: {type: id, required: true, doc: the call}",
                  "    part: {type: str, required: true, doc: a text}"]
    lines.append("rules:")
    for i, (name, rule) in enumerate(names.items()):
        lines.append(f"- {{name: {name}, doc: Rows., {rule}, confidence: cst, output: rel_{name}}}")
        lines.append(f"- {{name: {name}_edge, doc: An edge for each., kind: filter_project, "
                     f"inputs: {{r: rel_{name}}}, emit: {{edge: RECEIVER, src: r.call_id, dst: r.call_id, "
                     f"file: file_of(r.call_id), anchor: [{i}, {i + 1}], origin: scope}}}}")
    return "\n".join(lines) + "\n"


def operators(tap, scratch, tree, names):
    write_tree(scratch / "operators", {"p.yaml": operator_pack(names)})
    bundle = build(tree, scratch / "operated", "--rules", scratch / "operators")
    done = relspec("why", bundle, "--kind", "RECEIVER", "--limit", "0", "--json", "--rules",
                   scratch / "operators")
    edges = json.loads(done.stdout)["edges"]
    found = {edge["relationship_rule"] for edge in edges}
    tap.ok(found == set(names), "there are edges of every operator", sorted(found))
    wrong = []
    for edge in edges:
        nodes = [edge["because"]]
        for node in nodes:
            nodes += node.get("inputs", [])
            again = node.get("again") or {}
            wrong += [(edge["relationship_rule"], node.get("note"), name) for name, value in node["row"].items()
                      if "rule" in node and name != "edge_id" and again.get(name) != value]
            if "rule" in node and not node.get("inputs"):
                wrong.append((edge["relationship_rule"], "no inputs"))
    tap.ok(not wrong, "rows of every operator are made again, of rows that were read", wrong[:5])


CHAIN = """\
pack: chain
datasets:
- name: rel_told
  doc: A call, and the text that it is given.
  key: [call_id]
  columns:
    call_id: {type: id, of: call, required: true, doc: the call}
    value_id: {type: id, of: literal, required: true, doc: the text}
rules:
- name: told
  doc: A call of a name is given a text.
  kind: hash_join
  inputs: {c: calls, a: args, l: literals}
  join: inner
  on: c.call_id = a.call_id AND a.value_id = l.literal_id
  where: a.position = 0 AND l.literal_kind = 'string' AND c.callee_text <> l.text
  select: {call_id: c.call_id, value_id: l.literal_id}
  confidence: cst
  output: rel_told
- name: told_edge
  doc: An edge for each.
  kind: filter_project
  inputs: {t: rel_told}
  emit: {edge: RECEIVER, src: t.call_id, dst: t.value_id, file: file_of(t.call_id), origin: syntax}
"""
# Line -> (which input of the chain comes to nothing, as it is told).
CHAIN_LINES = {
    "given('x')": None,
    "given()": "no row of args has call_id",
    "given(y, 'x')": "no row of literals has literal_id y",
    "given(1)": "no row of literals that it meets will do|l.literal_kind = 'string' does not hold: "
                "literal_kind is int",
    "given(*'x')": None,
    "(given)('(given)')": None,
}


def chains(tap, scratch):
    """A join of three inputs: the one that lacks a row is named, and why its rows will not do."""
    write_tree(scratch / "chain", {"p.yaml": CHAIN})
    tree = write_tree(scratch / "told", {"a.py": "\n".join(CHAIN_LINES) + "\n"})
    bundle = build(tree, scratch / "told-out", "--rules", scratch / "chain")
    for number, (line, wanted) in enumerate(CHAIN_LINES.items()):
        done = relspec("why-not", bundle, "--call", "a.py:%d" % (number + 1), "--kind", "RECEIVER",
                       "--rules", scratch / "chain")
        found = all(part in done.stdout for part in wanted.split("|")) if wanted else \
            "no row" not in done.stdout
        tap.ok(done.returncode in (0, 1) and found, "why-not of %s" % line, done.stdout + done.stderr)


def odd_names(tap, scratch):
    """A folder may be called anything; what is printed of it stays on its line."""
    folder = "odd\nCALL forged"
    bundle = build(write_tree(scratch / "odd", {folder + "/a.py": "f()\ndef f():\n    pass\n"}),
                   scratch / "odd-out")
    for command in ("why", "why-not"):
        done = relspec(command, bundle, "--call", folder + "/a.py:1")
        lines = done.stdout.splitlines()
        tap.ok(done.returncode == 0 and any("odd\\x0aCALL forged" in line for line in lines) and
               not any(line.startswith("CALL forged") for line in lines),
               command + ": a name with a line end stays on its line", done.stdout + done.stderr)


def other_ends(tap, bundle):
    """Of a kind that no call can have, why-not says so, rather than nothing."""
    for kind in ("AST", "CFG"):
        done = relspec("why-not", bundle, "--call", "pkg/main.py:16", "--kind", kind)
        tap.ok(done.returncode == 1 and
               "no relationship leads from a call to an edge " + kind in done.stderr,
               "why-not of a call's " + kind, done.stdout + done.stderr)


def long_lines(tap, scratch):
    """A line is cut around the place, between characters; marks count characters."""
    text = "x = '" + "\u00e9" * 300 + "' + len() + '" + "\u4e2d" * 300 + "'\n"
    bundle = build(write_tree(scratch / "long", {"a.py": text}), scratch / "long-out")
    done = relspec("why", bundle, "--call", "a.py:1", "--json", env=UTF8)
    source = json.loads(done.stdout)["edges"][0]["anchor"]["source"]
    marked = source["text"][source["mark_start"]:source["mark_end"]]
    tap.ok(marked == "len" and len(source["text"].encode()) <= 400 and "\\x" not in source["text"],
           "a long line is cut around the place", source)


def main():
    tap = Tap()
    with Scratch() as scratch:
        tree = write_tree(scratch / "tree", repository.TREE)
        (scratch / "index.scip").write_bytes(repository.index())
        bundle = build(tree, scratch / "out", "--scip", scratch / "index.scip").resolve()
        golden(tap, "why", GOLDEN, bundle, "--bless" in sys.argv)
        golden(tap, "why-not", NOT, bundle, "--bless" in sys.argv)
        ways = write_tree(scratch / "ways", repository.WAYS)
        led = build(ways, scratch / "led").resolve()
        golden(tap, "why", WAYS, led, "--bless" in sys.argv)
        golden(tap, "why-not", NO_WAYS, led, "--bless" in sys.argv)
        reasons(tap, build(tree, scratch / "plain").resolve(), bundle)
        operators(tap, scratch, tree, OPERATORS if IS_FULL else {name: OPERATORS[name] for name in QUICK})
        chains(tap, scratch)
        odd_names(tap, scratch)
        other_ends(tap, bundle)
        if IS_FULL:
            rivals(tap, scratch, tree)
            params(tap, scratch, tree)
            long_lines(tap, scratch)
        sources(tap, bundle, tree)
    tap.finish()


if __name__ == "__main__":
    main()
