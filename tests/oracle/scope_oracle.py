#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scope_oracle.py [FILE or DIRECTORY ...] - scopes, bindings and names, compared with symtable.

The oracle is symtable_oracle.py under a Python 3.11, whose model our rows follow; without paths,
the files are those of its own standard library. Everything must be equal but what EXCEPTIONS lists.
"""
import collections
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, os.pardir, "invariants"))
from harness import OTHER_INPUT, skip  # noqa: E402

EXCEPTIONS = {
    "annotation scope": "under `from __future__ import annotations` symtable hides the scope of an "
                        "annotation and all that is in it; we list it, type `annotation`",
    "global below": "a name that only functions which declare it global bind: the oracle asks the "
                    "module's own symbol alone and says builtin?; we say global_declared",
    "named top": "symtable takes a function or class named top for the module (it goes by the "
                 "table's name), and gives its bound names is_global and is_local",
    "unmatched": "the oracle could not match the scope with a node (no span)",
}
FLAGS = ["is_local", "is_global", "is_declared_global", "is_free", "is_nonlocal", "is_parameter",
         "is_imported", "is_assigned", "is_referenced", "is_annotated", "is_namespace"]
CODE_NAMES = {"top": "<module>", "lambda": "<lambda>", "listcomp": "<listcomp>",
              "setcomp": "<setcomp>", "dictcomp": "<dictcomp>", "genexpr": "<genexpr>"}
RESOLUTIONS = dict.fromkeys(("unbound", "builtin", "implicit", "star_import", "star_or_builtin",
                             "global_declared"), "builtin?")
SHOWN = 20


class File:
    """What one side says of a file."""

    def __init__(self, path):
        self.path = path
        self.error = False
        self.recoded = None
        self.scopes = {}
        self.names = []


def offsets(path, encoding):
    """A function from a raw offset to one in the text as UTF-8."""
    with open(path, "rb") as file:
        raw = file.read()
    return lambda at: len(raw[:at].decode(encoding, "replace").encode("utf-8"))


def read_oracle(lines):
    file = None
    for line in lines:
        record = json.loads(line)
        if record["k"] == "file":
            if file:
                yield file
            file = File(record["file"])
            file.error = record["error"] is not None
            file.recoded = record["enc"] if record["recoded"] else None
        elif record["k"] == "scope":
            file.scopes[record["id"]] = record
        else:
            span = tuple(record["span"]) if record["span"] else None
            file.names.append((span, record["ctx"], record["name"], record["scope"], record["res"],
                               record["def_scope"]))
    if file:
        yield file


def read_ours(lines):
    file = None
    for line in lines:
        row = line.rstrip("\n").split("\t")
        if row[0] == "file":
            if file:
                yield file
            file = File(row[1])
            file.error = row[2] != "0"
        elif row[0] == "scope":
            file.scopes[int(row[1])] = {
                "parent": int(row[2]), "type": row[3], "kind": row[4],
                "span": (int(row[5]), int(row[6])), "line": int(row[7]), "nested": row[8] == "1",
                "name": row[9], "qual": row[10], "symbols": {}}
        elif row[0] == "binding":
            flags = {flag for flag, value in zip(FLAGS, row[5:]) if value == "1"}
            symbols = file.scopes[int(row[2])]["symbols"]
            if row[4] in symbols:
                raise SystemExit("%s: two bindings for %s" % (file.path, row[4]))
            symbols[row[4]] = (row[3], flags)
        elif row[0] == "name":
            file.names.append(((int(row[1]), int(row[2])), row[3], row[9], int(row[4]), row[6],
                               int(row[8])))
    if file:
        yield file


def without_annotations(ours, excepted):
    """Drop what symtable hides."""
    hidden = set()
    for number, scope in ours.scopes.items():
        if scope["type"] == "annotation" or scope["parent"] in hidden:
            hidden.add(number)
    excepted["annotation scope"] += len(hidden)
    for number in hidden:
        del ours.scopes[number]
    ours.names = [name for name in ours.names if name[3] not in hidden]


def compare_scope(want, got, excepted):
    """What differs between two records of one scope."""
    if want["type"] != got["type"] or want["nested"] != got["nested"]:
        yield "type or nesting"
    is_module = want["parent"] is None
    if not is_module and got["name"] not in (want["name"], CODE_NAMES.get(want["name"])):
        yield "name %s" % got["name"]
    is_top = want["name"] == "top" and not is_module
    wanted = {}
    for symbol in want["symbols"]:
        flags = set(symbol["flags"])
        if is_top and symbol["name"] in got["symbols"]:
            excepted["named top"] += 1
            ours = got["symbols"][symbol["name"]][1]
            flags = (flags - {"is_local", "is_global"}) | (ours & {"is_local", "is_global"})
        wanted[symbol["name"]] = (symbol["scope"], flags)
    for name in sorted(set(wanted) | set(got["symbols"])):
        if wanted.get(name) != got["symbols"].get(name):
            yield "%s: %s, ours %s" % (name, wanted.get(name), got["symbols"].get(name))


def scope_key(scope, is_module):
    return "module" if is_module else (scope["kind"], tuple(scope["span"]))


def compare(want, got, counts, excepted):
    """Lines that say what differs in a file."""
    without_annotations(got, excepted)
    place = offsets(want.path, want.recoded) if want.recoded else None
    if place:
        for scope in got.scopes.values():
            scope["span"] = tuple(place(at) for at in scope["span"])
        got.names = [(tuple(place(at) for at in name[0]),) + name[1:] for name in got.names]
    ours_by_key = {scope_key(scope, scope["parent"] < 0): number
                   for number, scope in got.scopes.items()}
    ours_of = {}
    for number, scope in want.scopes.items():
        if scope["span"] is None:
            excepted["unmatched"] += 1
            continue
        key = scope_key(scope, scope["parent"] is None)
        if key not in ours_by_key:
            yield "no scope %s" % (key,)
            continue
        ours_of[number] = ours_by_key[key]
        ours = got.scopes[ours_by_key[key]]
        counts["scopes"] += 1
        counts["bindings"] += len(scope["symbols"])
        if scope["parent"] is not None and ours_of.get(scope["parent"]) != ours["parent"]:
            yield "parent of %s" % (key,)
        for difference in compare_scope(scope, ours, excepted):
            yield "%s line %d: %s" % (scope["name"], scope["lineno"], difference)
    if len(ours_by_key) != len(got.scopes) or len(got.scopes) != len(want.scopes):
        yield "%d scopes, not %d" % (len(got.scopes), len(want.scopes))
    yield from compare_names(want, got, ours_of, counts, excepted)


def compare_names(want, got, ours_of, counts, excepted):
    wanted = {}
    for span, context, name, scope, resolution, owner in want.names:
        wanted[span, context, name] = (ours_of.get(scope), resolution,
                                       -1 if owner is None else ours_of.get(owner))
    ours = {}
    for span, context, name, scope, resolution, owner in got.names:
        if resolution == "global_declared":
            excepted["global below"] += 1
            owner = -1
        ours[span, context, name] = (scope, RESOLUTIONS.get(resolution, resolution), owner)
    counts["names"] += len(wanted)
    if len(ours) != len(got.names) or len(wanted) != len(want.names):
        yield "names twice: %d %d, %d %d" % (len(ours), len(got.names), len(wanted),
                                             len(want.names))
    for key in sorted(set(ours) | set(wanted), key=str):
        if wanted.get(key) != ours.get(key):
            yield "%s: %s, ours %s" % (key, wanted.get(key), ours.get(key))


def files_of(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(set(folders) - {"site-packages"})
            for name in sorted(names):
                if name.endswith(".py") and "\t" not in name:
                    yield os.path.join(folder, name)


def run(command, paths):
    """The lines that a program writes for the paths on its standard input."""
    with open(os.path.join(os.environ["RS_BINARY_DIR"], "scope-%d.paths" % os.getpid()), "w",
              encoding="utf-8", errors="surrogateescape") as file:
        file.write("".join(path + "\n" for path in paths))
    with open(file.name, encoding="utf-8") as source:
        process = subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, encoding="utf-8",
                                   errors="surrogateescape",
                                   env=dict(os.environ, PYTHONHASHSEED="0"))
    os.remove(file.name)
    return process.stdout


def python():
    """A Python 3.11, or None."""
    for name in (sys.executable, "python3.11", "python3"):
        found = shutil.which(name)
        ask = "import sys; print(sys.version_info[:2] == (3, 11))"
        if found and subprocess.run([found, "-c", ask], stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL).stdout.strip() == b"True":
            return found
    return None


def library(interpreter):
    ask = "import sysconfig; print(sysconfig.get_path('stdlib'))"
    return subprocess.run([interpreter, "-c", ask], stdout=subprocess.PIPE,
                          encoding="utf-8").stdout.strip()


def main():
    oracle = os.path.join(HERE, "symtable_oracle.py")
    interpreter = python()
    if interpreter is None:
        skip(OTHER_INPUT, "what Python 3.11 says")
    probe = os.path.join(os.environ["RS_BINARY_DIR"], "tests", "scope_probe")
    files = list(files_of(sys.argv[1:] or [library(interpreter)]))
    counts, excepted, n_different = collections.Counter(), collections.Counter(), 0
    theirs = read_oracle(run([interpreter, oracle, "--names", "-"], files))
    for want, got in zip(theirs, read_ours(run([probe], files))):
        if want.path != got.path:
            raise SystemExit("%s is not %s" % (got.path, want.path))
        if want.error:
            counts["files that the oracle refuses"] += 1
            continue
        counts["files"] += 1
        differences = list(compare(want, got, counts, excepted))
        if got.error:
            differences.append("parse errors")
        n_different += bool(differences)
        for difference in differences[:SHOWN if n_different <= SHOWN else 0]:
            print("%s: %s" % (want.path, difference))
        counts["differences"] += len(differences)
    print(", ".join("%d %s" % (n, what) for what, n in sorted(counts.items())))
    for what, n in sorted(excepted.items()):
        print("%d excepted, %s: %s" % (n, what, EXCEPTIONS[what]))
    return 1 if n_different or not counts["files"] else 0


if __name__ == "__main__":
    sys.exit(main())
