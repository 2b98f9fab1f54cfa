#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""align.py PROGRAM [NAMES ...] - what the alignment of a file's names with its SCIP occurrences costs.

One file of so many names (default 10000 20000 40000), an index with an occurrence on each: the rule
name_to_symbol in the lane that the router takes, and in the engine's SQL alone. Doubling the file may
double the time, and no more.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/scip"))
import writer as w  # noqa: E402

SYMBOL = "scip-python python bench 1 `m`/x%d."
SQL = "SELECT duration_ms AS ms, lane FROM rule_exec_events WHERE rule_name = 'name_to_symbol'"
SQL_ONLY = "lanes: {allowed: [BUILTIN, DF_UDF]}\n"


def measure(program, root, *options):
    made = subprocess.run([program, "build", str(root / "tree"), "-o", str(root), "--scip",
                           str(root / "index.scip"), "--json", *options],
                          stdout=subprocess.PIPE, check=True)
    bundle = json.loads(made.stdout)["bundle"]
    rows = subprocess.run([program, "query", bundle, "--format", "json", "--numbers", SQL],
                          stdout=subprocess.PIPE, check=True)
    return json.loads(rows.stdout)[0]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sizes = [int(a) for a in sys.argv[2:]] or [10000, 20000, 40000]
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        (root / "tree").mkdir()
        (root / "sql.yaml").write_text(SQL_ONLY)
        before = {}
        print("%8s %-16s %10s %s" % ("names", "lane", "ms", "times the half"))
        for size in sizes:
            names = ["x%d" % (i % 500) for i in range(size)]
            (root / "tree/m.py").write_text("".join(name + "\n" for name in names))
            occurrences = [w.occurrence((i, 0, len(name)), SYMBOL % (i % 500))
                           for i, name in enumerate(names)]
            (root / "index.scip").write_bytes(w.metadata("bench") + w.document("m.py", occurrences, []))
            for options in ((), ("--policy", str(root / "sql.yaml"))):
                row = measure(sys.argv[1], root, *options)
                ratio = row["ms"] / before[options] if options in before else 0
                before[options] = row["ms"]
                print("%8d %-16s %10.1f %s" % (size, row["lane"], row["ms"],
                                               "%.1f" % ratio if ratio else ""))


main()
