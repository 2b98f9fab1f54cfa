#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""same_rows.py A B - two bundles have the same rows: of each dataset, EXCEPT ALL both ways, and the same types.

For who changes how bundles are written, and no row. What a run says of itself (relspec/) is left out: it has
times, and bytes of files. DuckDB comes from PyPI (tools/fetch-readers).
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "open"))
import readers  # noqa: E402

GROUPS = ("cpg", "evidence", "relationships", "rejects", "params")


def datasets(bundle):
    return {"%s/%s" % (group, d.name) for group in GROUPS if (bundle / group).is_dir()
            for d in (bundle / group).iterdir() if d.is_dir()}


def main():
    readers.enter(__file__)
    import duckdb
    connection = duckdb.connect(config={"memory_limit": "3GB", "threads": 1})
    one, other = (Path(p).resolve() for p in sys.argv[1:3])
    faults = ["only in one: " + name for name in sorted(datasets(one) ^ datasets(other))]
    n_rows = 0
    for name in sorted(datasets(one) & datasets(other)):
        a, b = ("read_parquet('%s/%s/*.parquet')" % (p, name) for p in (one, other))
        types = [connection.execute("DESCRIBE SELECT * FROM " + x).fetchall() for x in (a, b)]
        if types[0] != types[1]:
            faults.append("types of " + name)
            continue
        count, = connection.execute("SELECT count(*) FROM " + a).fetchone()
        n_rows += count
        for x, y in ((a, b), (b, a)):
            found, = connection.execute(
                "SELECT count(*) FROM (SELECT * FROM %s EXCEPT ALL SELECT * FROM %s)" % (x, y)).fetchone()
            if found:
                faults.append("%s: %d of %d rows" % (name, found, count))
    print("\n".join(faults) or "%d rows, no difference" % n_rows)
    return 1 if faults else 0


sys.exit(main())
