#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - relspec diff: one edit of a small tree each, and what is said of it."""

import json
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "invariants")]
from harness import IS_FULL, Scratch, Tap, build_unseen, relspec, some, write_tree  # noqa: E402

CODE = '''\
import os


def first(a):
    """Do it."""
    return os.path.join(a, "x")


def second(b):
    total = 0
    for each in b:
        total += each
    return total


def third(c):
    return second(first(c))


class Thing:
    def method(self):
        return first(self)
'''
SECOND = CODE[CODE.index("def second"):CODE.index("def third")]
TREE = {"pkg/__init__.py": "", "pkg/a.py": CODE, "pkg/b.py": "from .a import third\nthird(1)\n"}

# name: (the edit, as path -> text; what changes of definitions; some of the edges)
EDITS = {
    "a function was renamed": (
        {"pkg/a.py": CODE.replace("def second", "def sum_up").replace("second(first", "sum_up(first")},
        [("changed", "METHOD", "pkg.a.third", "pkg.a.third"),
         ("renamed", "METHOD", "pkg.a.second", "pkg.a.sum_up")], []),
    "a call was added": (
        {"pkg/a.py": CODE.replace("return total", "return first(total)")},
        [("changed", "METHOD", "pkg.a.second", "pkg.a.second")],
        [("CALLS_QNAME", "added", "CALL in pkg.a.second", "QUALIFIED_NAME pkg.a.first")]),
    "a function slid down": ({"pkg/a.py": CODE.replace("import os\n", "import os\n\n# words\n\n")}, [], []),
    "a function went behind another": (
        {"pkg/a.py": CODE.replace(SECOND, "").replace("class Thing", SECOND + "class Thing")},
        [("moved", "METHOD", "pkg.a.second", "pkg.a.second")], []),
    "a function went to another module": (
        {"pkg/a.py": CODE.replace(SECOND, "from .c import second\n\n\n"), "pkg/c.py": SECOND},
        [("added", "MODULE", None, "pkg.c"), ("changed", "MODULE", "pkg.a", "pkg.a"),
         ("renamed", "METHOD", "pkg.a.second", "pkg.c.second")], []),
    "a body was changed": (
        {"pkg/a.py": CODE.replace("total += each", "total -= each")},
        [("changed", "METHOD", "pkg.a.second", "pkg.a.second")], []),
    "a literal was changed": (
        {"pkg/a.py": CODE.replace('"x"', '"y"')},
        [("changed", "METHOD", "pkg.a.first", "pkg.a.first")], []),
    "a docstring was changed": (
        {"pkg/a.py": CODE.replace("Do it.", "Did it.")},
        [("changed", "METHOD", "pkg.a.first", "pkg.a.first")], []),
    "a class was added": (
        {"pkg/a.py": CODE + "\n\nclass Other(Thing):\n    def more(self):\n        pass\n"},
        [("added", "METHOD", None, "pkg.a.Other.more"), ("added", "TYPE_DECL", None, "pkg.a.Other")],
        [("HAS_BASE", "added", "TYPE_DECL pkg.a.Other", "IDENTIFIER Thing in pkg.a.Other")]),
    "an import was removed": (
        {"pkg/b.py": "third(1)\n"}, [("changed", "MODULE", "pkg.b", "pkg.b")],
        [("DECLARES_IMPORT", "removed", "MODULE pkg.b", "IMPORT third in pkg.b"),
         ("CALLS_QNAME", "removed", "CALL in pkg.b", "QUALIFIED_NAME pkg.a.third")]),
}

RULE = """\
pack: more
rules:
- name: argument_again
  doc: The same edge under another rule.
  kind: filter_project
  inputs: {a: args}
  where: a.arg_kind = 'never'
  emit: {edge: ARGUMENT, src: a.call_id, dst: a.arg_id, file: a.file_id}
""".replace("a.arg_kind = 'never'", "a.arg_id < 0")


def diff(before, after):
    result = relspec("diff", "--json", before, after)
    return result.returncode, json.loads(result.stdout) if result.stdout else result.stderr


def changes(document):
    return sorted(((d["change"], d["kind"], d["before"], d["after"])
                   for d in document.get("definitions", [])), key=str)


def edits(tap, scratch, base):
    for name, (files, definitions, edges) in some(list(EDITS.items())):
        tree = write_tree(scratch / name, {**TREE, **files})
        code, found = diff(base, build_unseen(tree, scratch / (name + " out")))
        tap.ok(code == 1 and changes(found) == sorted(definitions, key=str), name, changes(found))
        told = [(e["kind"], e["change"], e["src"], e["dst"]) for e in found["edges"]]
        missing = [e for e in edges if e not in told]
        tap.ok(not missing, "%s: and its edges" % name, told)
        tap.ok(sorted(f["path"] for f in found["files"]) == sorted(files), "%s: and its files" % name,
               found["files"])


LONG = CODE + "\n\nX = \"\"\"%s\"\"\"  # words\nY = f\"\"\"a {X}\n b\"\"\"\n" % ("line\n" * 300)


def line_ends(tap, scratch):
    """They are no change, also inside texts that go on over lines; what else changed is told."""
    crlf = LONG.replace("\n", "\r\n")
    mixed = LONG.replace("\n", "\r\n", 5).replace("line\n", "line\r", 7)
    before = build_unseen(write_tree(scratch / "lf", {"a.py": LONG, "b.py": "x = 1\n"}), scratch / "lf out")
    for name, text in (("CRLF", crlf), ("CR", LONG.replace("\n", "\r")), ("mixed", mixed)):
        tree = write_tree(scratch / name, {"a.py": text, "b.py": "x = 1\n"})
        code, found = diff(before, build_unseen(tree, scratch / (name + " out")))
        tap.ok(code == 0 and found["only_line_ends"] and not found["equal"] and
               found["files"] == [{"path": "a.py", "change": "line ends"}],
               "%s: nothing differs but line ends" % name,
               [found[k] for k in ("files", "definitions", "findings", "edge_kinds")])
    told = relspec("diff", before, scratch / "CRLF out")
    tap.ok(told.stdout.startswith("nothing differs but line ends\n"), "as a person sees it", told.stdout)
    for name, text in (("a comment", crlf.replace("# words", "# wordz")), ("a text", crlf.replace("a {X}", "b {X}")),
                       ("a line", crlf + "\r\n")):
        tree = write_tree(scratch / name, {"a.py": text, "b.py": "x = 1\n"})
        code, found = diff(before, build_unseen(tree, scratch / (name + " out")))
        tap.ok(code == 1 and not found["only_line_ends"] and found["files"][0]["change"] == "changed",
               "%s is a change beside line ends" % name, found["files"])


def rules(tap, scratch, tree, base):
    write_tree(scratch, {"policy.yaml": "confidence: {qname_fallback: {base: 0.25}}\n",
                         "rules/more.yaml": RULE})
    code, found = diff(base, build_unseen(tree, scratch / "policy out", "--policy",
                                          scratch / "policy.yaml"))
    tap.ok(code == 1 and not changes(found) and not found["files"] and
           any(f["check"] == "policy" and "qname_fallback" in f["message"] for f in found["findings"]),
           "a policy was changed", found["findings"])
    tap.ok(found["first_dataset"] == {"dataset": "relationships/rel_slot_qname",
                                      "rules": ["slot_by_import", "slot_by_scope"]},
           "the first dataset that differs, and who makes it", found["first_dataset"])
    if not IS_FULL:
        return
    code, found = diff(base, build_unseen(tree, scratch / "rules out", "--rules", scratch / "rules"))
    tap.ok(code == 1 and any(f["check"] == "rules" and f["object"] == "argument_again"
                             for f in found["findings"]), "a rule was added", found["findings"])


def main():
    tap = Tap()
    with Scratch() as scratch:
        tree = write_tree(scratch / "src", TREE)
        base = build_unseen(tree, scratch / "base")
        shutil.copytree(tree, scratch / "elsewhere" / "copy")
        code, found = diff(base, build_unseen(scratch / "elsewhere/copy", scratch / "same out"))
        tap.ok(code == 0 and found["equal"], "the same tree in another place: nothing differs", found)
        told = relspec("diff", base, scratch / "same out")
        tap.ok(told.returncode == 0 and told.stdout == "nothing differs\n", "which is one line",
               told.stdout)
        edits(tap, scratch, base)
        if IS_FULL:
            rules(tap, scratch, tree, base)
            line_ends(tap, scratch)
        shown = relspec("diff", base, scratch / "a function was renamed out")
        tap.ok(shown.returncode == 1 and
               "  renamed  METHOD    pkg.a.second -> pkg.a.sum_up  pkg/a.py:9 -> pkg/a.py:9\n"
               in shown.stdout, "as a person sees it", shown.stdout)
        for args, code in ((["diff", base], 2), (["diff", base, scratch / "none"], 2)):
            result = relspec(*args)
            tap.ok(result.returncode == code, "refused: %s" % len(args), result.stderr)
    tap.finish()


main()
