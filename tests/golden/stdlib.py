#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""stdlib.py [--bless] - what is made of the standard library, by the counts of its outputs.

stdlib.json has the hash of the sources that it is of; where a standard library has others the test is
skipped. Rules and signatures are not in it: those are the golden repository's.
"""

import hashlib
import json
import platform
import shutil
import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "invariants")]
from harness import OTHER_INPUT, Scratch, Tap, build_unseen, query, skip  # noqa: E402

COUNTS = HERE / "stdlib.json"
# A part that every installation has alike: no site-packages, no build's own files.
PACKAGES = ("asyncio", "collections", "concurrent", "email", "html", "http", "importlib", "json",
            "logging", "multiprocessing", "unittest", "urllib", "wsgiref", "xml", "xmlrpc")
KEYS = {
    "nodes": "SELECT kind, count(*) AS n FROM nodes GROUP BY kind ORDER BY kind",
    "edges": "SELECT kind, count(*) AS n FROM edges GROUP BY kind ORDER BY kind",
    "relationships": "SELECT dataset AS kind, n_rows AS n FROM datasets WHERE dataset_group = "
                     "'relationships' ORDER BY dataset",
    "first_ids": "SELECT kind, min(node_id) AS n FROM nodes GROUP BY kind ORDER BY kind",
    "rejects": "SELECT dataset AS kind, n_rows AS n FROM rejects ORDER BY dataset",
}


def copy_sources(tree):
    """The sources, and the hash of their paths and bytes."""
    library = Path(sysconfig.get_path("stdlib"))
    for name in PACKAGES:
        if (library / name).is_dir():
            shutil.copytree(library / name, tree / name,
                            ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    found = hashlib.sha256()
    for path in sorted(tree.rglob("*.py")):
        found.update(str(path.relative_to(tree)).encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def count(tree, scratch):
    bundle = build_unseen(tree, scratch / "out")
    return {name: {r["kind"]: r["n"] for r in query(bundle, sql)} for name, sql in KEYS.items()}


def main():
    blesses = "--bless" in sys.argv[1:]
    tap = Tap()
    with Scratch() as scratch:
        sources = copy_sources(scratch / "src")
        wanted = {} if blesses else json.loads(COUNTS.read_text(encoding="utf-8"))
        if not blesses and wanted["sources"] != sources:
            skip(OTHER_INPUT, "the standard library of Python %s" % wanted["python"])
        found = count(scratch / "src", scratch)
    if blesses:
        wanted = {"python": platform.python_version(), "sources": sources, **found}
        COUNTS.write_text(json.dumps(wanted, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    for name in KEYS:
        differ = {kind: (wanted[name].get(kind), found[name].get(kind))
                  for kind in wanted[name].keys() | found[name].keys()
                  if wanted[name].get(kind) != found[name].get(kind)}
        tap.ok(not differ, "%s of the standard library are as they were" % name, differ)
    tap.finish()


main()
