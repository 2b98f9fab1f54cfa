#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""linked.py [NAME ...] - what names of several files stand for, form by form.

linked/NAME.py is a tree: each `#--- PATH` begins a file, whose lines count from 1. Comments say of the
line of code above them what Python's semantics give, not what came out; there is no --bless:
  #: NAME = PLACE ...        what the name stands for at last, the likely ones: exactly these. A PLACE is
                             a @LABEL that stands in a comment behind the line, a FILE for its module, or
                             a dotted name outside; none: nothing
  #: NAME ~ PLACE ...        the less likely ones
  #: NAME is STATUS REASON   how far it is understood
  #: NAME says CODE ...      the diagnostics of the class that is defined there
  #: NAME() = PLACE ...      what the call of it runs: functions, and classes without __init__
NAME@2 is the second of that name in the line.

The answers depend on nothing else: they are asked once more of a tree where all names are others, its
files therefore stand in another order, packages lie beside it that nobody imports, and several
threads read it.
"""

import abc
import builtins

import collections
import contextlib
import dataclasses
import enum
import hashlib
import importlib
import json
import keyword
import re
import sys
import typing
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import Scratch, Tap, build, relspec  # noqa: E402

NAMES = """
SELECT f.path, r.start_byte AS start, r.end_byte AS "end", r.kind, r.status, coalesce(r.reason, '') AS reason,
    t.external, g.path AS target, n.start_line AS line, t.rank,
    n.ast_class = 'Module' AS is_module
FROM reference_statuses r JOIN repo_files f ON f.file_id = r.file_id
LEFT JOIN name_targets t ON t.node_id = r.node_id AND t.start_byte = r.start_byte AND t.is_final
LEFT JOIN syntax_nodes n ON n.node_id = t.target_id LEFT JOIN repo_files g ON g.file_id = n.file_id
ORDER BY f.path, r.start_byte, t.position"""
CALLS = """
SELECT f.path, c.callee_name_end_byte AS "end", s.status, coalesce(s.reason, '') AS reason, t.external, t.how,
    g.path AS target, n.start_line AS line
FROM call_statuses s JOIN calls c ON c.call_id = s.call_id JOIN repo_files f ON f.file_id = c.file_id
LEFT JOIN call_targets t ON t.call_id = s.call_id
LEFT JOIN syntax_nodes n ON n.node_id = t.target_id LEFT JOIN repo_files g ON g.file_id = n.file_id
ORDER BY c.call_id, t.position"""


STATUSES = """resolved ambiguous builtin external needs_values dynamic unresolved skipped_limit unbound variable
    star_import no_such_module no_such_name no_such_member external_base getattr metaclass globals class_circle implicit
    mro_inconsistent says""".split()
# What a name means by itself: to Python, its library, or to us.
MEANT = {*sys.stdlib_module_names, *keyword.kwlist, *keyword.softkwlist, *STATUSES,
         "py", "pyi", "six", "bound", "with_metaclass", "add_metaclass", "metaclass", "version_info", "x", "y", "linux", "win32"}
for meaning in (abc, builtins, collections, contextlib, dataclasses, enum, enum.Enum, importlib, sys, typing, str,
                list, dict, property, type):
    MEANT.update(dir(meaning))


def renamed(text):
    """Another name for each, the same for the same."""
    def other(match):
        word = match.group()
        head = word[:len(word) - len(word.lstrip("_"))]
        if word in MEANT or word.startswith("__") or word[0].isdigit() or not word.strip("_"):
            return word
        letter = "abcdefghijklmnop"[hashlib.sha256(word.encode()).digest()[0] % 16]
        return "%s%s_%s" % (head, letter * (2 if word[len(head)].islower() else 1), word[len(head):])
    return re.sub(r"[A-Za-z0-9_]+", other, text)


def split(text):
    """PATH -> text."""
    files = {}
    lines = None
    for line in text.splitlines(keepends=True):
        if line.startswith("#--- "):
            lines = files.setdefault(line[5:].strip(), [])
        elif lines is not None:
            lines.append(line)
    return {name: "".join(lines) for name, lines in files.items()}


def directives(text):
    """(line of code, start of that line, the directive's text)"""
    at = code = code_start = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if line.strip().startswith("#: "):
            yield code, code_start, line.strip()[3:]
        elif line.strip():
            code, code_start = number, at
        at += len(line.encode())


def rows(bundle, statement):
    result = relspec("query", "-q", bundle, statement, "--format", "json", "--numbers")
    if result.returncode != 0:
        raise SystemExit(result.stderr)
    return json.loads(result.stdout)


DIAGNOSTICS = """
SELECT f.path, c.name_start_byte AS start, d.code FROM names_diagnostics d JOIN defs c ON c.def_id = d.node_id
JOIN repo_files f ON f.file_id = d.file_id"""


class Answers:
    def __init__(self, bundle):
        self.codes = collections.defaultdict(set)
        for row in rows(bundle, DIAGNOSTICS):
            self.codes[row["path"], row["start"]].add(row["code"])
        self.names = collections.defaultdict(list)
        self.calls = collections.defaultdict(list)
        for row in rows(bundle, NAMES):
            self.names[row["path"], row["start"]].append(row)
        for row in rows(bundle, CALLS):
            self.calls[row["path"], row["end"]].append(row)


def labels_of(files):
    return {(path, number): line.split()[-1] for path, text in files.items()
            for number, line in enumerate(text.splitlines(), 1) if re.search(r"# @\w+$", line)}


def place_of(row, case, labels):
    if row["target"] is None:
        return row["external"]
    target = row["target"].removeprefix(case + "/")
    if row.get("is_module"):
        return target
    return labels.get((target, row["line"]), "%s:%d" % (target, row["line"]))


def found_at(text, line_start, word):
    """The byte where the word starts."""
    name, _, which = word.partition("@")
    source = text.encode()
    end = source.find(b"\n", line_start)
    at = line_start
    for _ in range(int(which or 1)):
        while True:
            found = source.find(name.encode(), at, end)
            if found < 0:
                return None, name
            at = found + len(name.encode())
            before, after = source[found - 1:found], source[at:at + 1]
            if not (before.isalnum() or before == b"_" or after.isalnum() or after == b"_"):
                break
    return found, name


def complaint(answers, case, path, text, line_start, directive, labels):
    """Why what came out is not what is said, or ""."""
    word, verb, *said = directive.split()
    is_call = word.endswith("()")
    start, name = found_at(text, line_start, word.removesuffix("()"))
    if start is None:
        return "there is no %s" % word
    full = case + "/" + path
    if verb == "says":
        codes = answers.codes.get((full, start), set())
        return "" if codes == set(said) else "says %s" % " ".join(sorted(codes))
    if is_call:
        got = answers.calls.get((full, start + len(name.encode())), [])
        if any(row["how"] in ("init", "new", "call") for row in got):
            got = [row for row in got if row["how"] != "class"]
    else:
        got = answers.names.get((full, start), [])
    if not got:
        return "nothing is known of it"
    if verb == "is":
        states = {("%s %s" % (row["status"], row["reason"])).strip() for row in got}
        return "" if states == {" ".join(said)} else "is %s" % ", ".join(sorted(states))
    wanted_rank = 1 if verb == "~" else 0
    places = {place_of(row, case, labels) for row in got
              if (row["target"] is not None or row["external"] is not None) and
              (is_call or row["rank"] == wanted_rank)}
    return "" if places == set(said) else "has %s (%s)" % (
        " ".join(sorted(places)) or "nothing", got[0]["status"] + " " + got[0]["reason"])


def plant(cases, folder):
    for case, files in cases.items():
        for path, text in files.items():
            target = folder / case / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")


def beside(folder):
    """Packages that nobody imports, before and behind the others."""
    for name in ("AA_beside", "zz_beside"):
        inner = folder / name / "inside"
        inner.mkdir(parents=True)
        (inner.parent / "__init__.py").write_text("from .inside import *\n")
        (inner / "__init__.py").write_text("from . import one\nclass Base:\n    def area(self): ...\n")
        (inner / "one.py").write_text("import os as thing\ndef run(): return thing.path\n")


def judge(tap, cases, answers, how):
    for case, files in cases.items():
        found = []
        n_asked = 0
        labels = labels_of(files)
        for path, text in files.items():
            for line, line_start, directive in directives(text):
                n_asked += 1
                why = complaint(answers, case, path, text, line_start, directive, labels)
                if why:
                    found.append("%s:%d %s\n    %s" % (path, line, directive, why))
        tap.ok(n_asked and not found, "%s: %d answers%s" % (case, n_asked, how), "\n".join(found))


def main():
    tap = Tap()
    wanted = sys.argv[1:]
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted((HERE / "linked").iterdir())
             if not wanted or path.stem in wanted}
    cases = {name: split(text) for name, text in texts.items()}
    others = {name: split(renamed(text)) for name, text in texts.items()}
    with Scratch() as scratch:
        plant(cases, scratch / "in")
        plant(others, scratch / "other")
        beside(scratch / "other")
        judge(tap, cases, Answers(build(scratch / "in", scratch / "out")), "")
        judge(tap, others, Answers(build(scratch / "other", scratch / "out2", "--threads", "3")), ", by other names")
    tap.finish()


if __name__ == "__main__":
    main()
