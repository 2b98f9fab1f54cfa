#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""keys.py - the doctor finds rows out of their order and keys that stand twice, and where.

Stored rows are written once more in another order, by relspec itself, and the hashes made true again.
tamper.py does the like with all that the doctor looks at, where there is pyarrow.
"""

import hashlib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "invariants"))
from harness import Scratch, Tap, build, relspec, write_tree  # noqa: E402

TREE = {name: "def f(a):\n    return g(a)\ndef g(b): return b.c\n" for name in ("a.py", "b.py", "c.py")}
ROWS = "(SELECT *, row_number() OVER () AS n FROM stored_%s)"
# Dataset -> what is done to its rows -> the statement -> what is found.
CASES = [
    ("evidence/defs", "a row in the place of the next", "SELECT r.* EXCLUDE (n) FROM {rows} r JOIN {rows} o ON "
     "r.n = CASE o.n WHEN 2 THEN 1 ELSE o.n END ORDER BY o.n", {"order", "key"}),
    ("evidence/calls", "two rows exchanged", "SELECT * EXCLUDE (n) FROM {rows} ORDER BY CASE n WHEN 1 THEN 2 "
     "WHEN 2 THEN 1 ELSE n END", {"order"}),
    ("evidence/attributes", "the first file at the end", "SELECT * EXCLUDE (n) FROM {rows} ORDER BY n <= "
     "(SELECT count(*) / 3 FROM stored_attributes), n", {"order"}),
    ("evidence/scopes", "as they were", "SELECT * EXCLUDE (n) FROM {rows} ORDER BY n", set()),
    ("cpg/edges", "the first row in the place of the last", "SELECT r.* EXCLUDE (n) FROM {rows} r JOIN {rows} o ON "
     "r.n = CASE o.n WHEN {n_rows} THEN 1 ELSE o.n END WHERE o.n <= {n_rows} ORDER BY o.n", {"key"}),
]


def rewrite(bundle, scratch, manifest, dataset, sql):
    record = next(d for d in manifest["datasets"] if d["path"] == dataset)["files"][0]
    path = bundle / dataset / record["name"]
    done = relspec("query", bundle, "--format", "parquet", "-o", scratch / "rows.parquet",
                   sql.format(rows=ROWS % dataset.split("/")[1], n_rows=record["rows"]))
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return record, path, (scratch / "rows.parquet").read_bytes()


def put(bundle, manifest, rewritten):
    """All at once: what is read of the bundle meanwhile is whole."""
    for record, path, content in rewritten:
        path.write_bytes(content)
        record["bytes"], record["sha256"] = len(content), hashlib.sha256(content).hexdigest()
    del manifest["content_hash"]
    compact = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    manifest["content_hash"] = hashlib.sha256(compact.encode()).hexdigest()
    (bundle / "manifest.json").write_text(json.dumps(manifest, sort_keys=True, indent=2, ensure_ascii=False) + "\n",
                                          encoding="utf-8")


def main():
    tap = Tap()
    with Scratch() as scratch:
        bundle = build(write_tree(scratch / "src", TREE), scratch / "out").resolve()
        manifest = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
        put(bundle, manifest, [rewrite(bundle, scratch, manifest, dataset, sql) for dataset, _, sql, _ in CASES])
        report = json.loads(relspec("doctor", "--json", bundle).stdout)
        for dataset, what, _, wanted in CASES:
            found = {f["check"] for f in report["findings"] if f["object"] == dataset} & {"order", "key"}
            tap.ok(found == wanted, "%s: %s" % (dataset, what), found)
    tap.finish()


main()
