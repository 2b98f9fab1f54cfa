#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""names_mro.py [-v] - orders of ancestors, and who owns a member, against the interpreter that runs this.

The oracle imports what can be imported of the standard library, in a process of its own; relspec reads the
same files for the same version. Classes are told by module and qualified name, ancestors by the last part of
their names: typeshed and the interpreter do not agree on which module a C class is of. What differs is
printed by cause with -v.
"""

import collections
import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import Scratch, Tap, build, query, skip  # noqa: E402

LEAST_ORDERS, LEAST_OWNERS = .99, .97
# No part of the library, or what changes it or the world when it is imported.
LEFT_OUT = """test tests idlelib turtledemo site-packages lib2to3 ensurepip __pycache__ antigravity.py this.py
    __phello__ tix.py __main__.py config-*""".split()

ORACLE = r'''
import importlib, io, json, sys, types, warnings
warnings.simplefilter("ignore")
names, found, failed = json.load(sys.stdin), {}, []
out = sys.stdout
def is_python(c):
    source = getattr(sys.modules.get(c.__module__), "__file__", None) or ""
    return bool(c.__flags__ & 1 << 9) and source.endswith(".py")
for name in names:
    try:
        sys.stdout = sys.stderr = io.StringIO()
        module = importlib.import_module(name)
    except BaseException:
        failed.append(name)
        continue
    finally:
        sys.stdout, sys.stderr = out, sys.__stderr__
    stack = [v for v in vars(module).values() if isinstance(v, type)]
    seen = set()
    while stack:
        c = stack.pop()
        if id(c) in seen or c.__module__ != name or c.__name__ != c.__qualname__.split(".")[-1]:
            continue  # ctypes makes classes of other byte order by names of their own
        seen.add(id(c))
        stack += [v for v in vars(c).values() if isinstance(v, type)]
        order = type.mro(c) if type(c) is type else c.__mro__
        members = {}
        for above in reversed(order):
            for member in vars(above):
                members[member] = above
        found[name + ":" + c.__qualname__] = {
            "order": [above.__name__ for above in order],
            "owners": {m: o.__name__ for m, o in members.items() if is_python(o)}}
json.dump({"found": found, "failed": failed}, out)
'''

CLASSES = """
    SELECT m.module, n.qualified_name AS name, c.class_id,
           list(coalesce(a.name, o.external, '?') ORDER BY o.position) AS above,
           list(o.ancestor_id::VARCHAR ORDER BY o.position) AS ids
    FROM (SELECT DISTINCT class_id, file_id FROM class_mro) c JOIN nodes n ON n.node_id = c.class_id
    JOIN modules m ON m.file_id = c.file_id JOIN class_mro o ON o.class_id = c.class_id
    LEFT JOIN nodes a ON a.node_id = o.ancestor_id GROUP BY ALL"""
MEMBERS = """
    SELECT class_id, list(DISTINCT name) AS names FROM class_members WHERE member_kind <> 'instance_attribute'
    GROUP BY ALL"""
# Every class statement gives them.
ALWAYS = {"__module__", "__doc__", "__dict__", "__weakref__", "__annotations__", "__qualname__", "__hash__",
          "__abstractmethods__", "_abc_impl", "__orig_bases__", "__parameters__", "__match_args__",
          "__static_attributes__", "__firstlineno__", "__slots__", "__signature__", "__subclasshook__"}


def modules_of(bundle):
    return sorted({row["module"] for row in query(bundle, "SELECT module FROM modules WHERE module IS NOT NULL")})


def cause_of(wanted, found):
    if "?" in found:
        return "an ancestor that nobody knows"
    if set(wanted) == set(found):
        return "another order"
    missing, more = sorted(set(wanted) - set(found)), sorted(set(found) - set(wanted))
    return "lacks %s, has %s" % (" ".join(missing) or "nothing", " ".join(more) or "nothing more")


def known_as(name, theirs):
    """The last part; what namedtuple() makes has whatever name it was told, threading.local is _thread's."""
    if name == "collections.namedtuple()":
        return theirs[0] if theirs else name
    return "_local" if name == "threading.local" else name.split(".")[-1]


def compare(oracle, bundle):
    """(equal, all) orders, (equal, all) owners, causes."""
    members = {row["class_id"]: set(row["names"]) for row in query(bundle, MEMBERS)}
    ours = collections.defaultdict(list)
    for row in query(bundle, CLASSES):
        ours[row["module"] + ":" + row["name"].removeprefix(row["module"] + ".")].append(row)
    orders, owners = [0, 0], [0, 0]
    causes = collections.defaultdict(list)
    for name, told in oracle.items():
        if name not in ours:
            continue
        found = [[known_as(above, told["order"][i:i + 1]) for i, above in enumerate(row["above"])]
                 for row in ours[name]]
        orders[0] += told["order"] in found
        orders[1] += 1
        if told["order"] not in found:
            causes["order: " + cause_of(told["order"], found[0])].append(name)
            continue
        row = ours[name][found.index(told["order"])]
        for member, owner in told["owners"].items():
            if member in ALWAYS or member.startswith("_abc_"):
                continue
            got = next((above for above, number in zip(told["order"], row["ids"])
                        if member in members.get(int(number) if number else None, ())), None)
            owners[0] += got == owner
            owners[1] += 1
            if got != owner:
                causes["owner: %s" % ("another" if got else "none")].append("%s.%s" % (name, member))
    return orders, owners, causes


def main():
    tap = Tap()
    library = sysconfig.get_paths()["stdlib"]
    version = "3.%d" % sys.version_info[1]
    if not Path(library, "typing.py").is_file() or sys.version_info < (3, 10):
        skip("the interpreter has no sources, or is older than the stubs", library)
    options = [part for pattern in LEFT_OUT for part in ("--exclude", pattern)]
    with Scratch() as scratch:
        bundle = build(library, scratch / "out", "--python", version, "--no-gitignore", "--no-config", *options)
        done = subprocess.run([sys.executable, "-I", "-S", "-c", ORACLE], input=json.dumps(modules_of(bundle)), text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, cwd=scratch,
                              env={**os.environ, "DISPLAY": ""})
        oracle = json.loads(done.stdout)
        orders, owners, causes = compare(oracle["found"], bundle)
    for what, least, (equal, total) in (("orders of ancestors", LEAST_ORDERS, orders),
                                        ("owners of members", LEAST_OWNERS, owners)):
        tap.ok(total > 0 and equal >= least * total,
               "%s as the interpreter's: %d of %d (%.4f)" % (what, equal, total, equal / max(total, 1)),
               "below %.2f" % least)
    tap.ok(len(oracle["failed"]) < len(oracle["found"]) / 20, "%d modules could not be imported" % len(oracle["failed"]),
           " ".join(oracle["failed"]))
    if "-v" in sys.argv[1:]:
        for cause, names in sorted(causes.items(), key=lambda item: (-len(item[1]), item[0])):
            print("# %5d  %s: %s" % (len(names), cause, " ".join(names[:8])))
    tap.finish()


if __name__ == "__main__":
    main()
