#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scip.py PROGRAM [MEGABYTES ...] - what a SCIP index costs: time to walk it, and peak memory.

Indexes of about these sizes (default 30 150 300) are made of documents that the tree does not have,
so that what grows is the reader alone, with one row a document and symbol.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/scip"))
import writer as w  # noqa: E402

PACKAGE = "scip-python python bench 1 "


def document(n):
    module = "pkg%d.mod%d" % (n % 100, n)
    occurrences = [w.occurrence((i // 10, i % 10 * 8, i % 10 * 8 + 6),
                                PACKAGE + "`%s`/C%d#method%d()." % (module, i // 50, i % 50),
                                8 if i % 5 else 1) for i in range(2000)]
    symbols = [w.information(PACKAGE + "`%s`/C%d#" % (module, i), ["doc " * 40]) for i in range(40)]
    return w.document(module.replace(".", "/") + ".py", occurrences, symbols)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sizes = [float(a) for a in sys.argv[2:]] or [30, 150, 300]
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        (root / "tree").mkdir()
        (root / "tree/a.py").write_text("x = 1\n")
        print("%8s %10s %9s %9s %9s" % ("MB", "documents", "walk ms", "MB/s", "peak MB"))
        for size in sizes:
            index = root / "index.scip"
            with open(index, "wb") as file:
                file.write(w.metadata("scip-python"))
                n = 0
                while file.tell() < size * 1e6:
                    file.write(document(n))
                    n += 1
            made = subprocess.run([sys.argv[1], "build", str(root / "tree"), "-o", str(root), "--scip",
                                   str(index), "--json"], stdout=subprocess.PIPE, check=True)
            row = json.loads(made.stdout)
            walk = next(s for s in row["stages"] if s["name"] == "scip")
            print("%8.0f %10d %9.0f %9.0f %9.0f" % (
                index.stat().st_size / 1e6, n, walk["elapsed_ns"] / 1e6,
                walk["bytes"] * 1e3 / walk["elapsed_ns"], row["peak_memory_bytes"] / 1e6))


main()
