#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""frames.py - edges and nodes merged in pandas and polars, as docs/dataframes.md does it.

Runs the page's examples, and compares what they merge with what `relspec query` joins. The readers come
from PyPI (tools/fetch-readers); without a way there the test is skipped.
"""

import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import readers  # noqa: E402
from harness import PROGRAM, SOURCE, Scratch, Tap, build, query, small_tree  # noqa: E402

WANTED = """SELECT e.src, e.dst, e.start_byte, n.qualified_name
FROM edges e JOIN nodes n ON n.node_id = e.dst WHERE e.kind = 'CALLS_QNAME'"""


def examples():
    """The page's Python blocks, by the heading that each stands below."""
    page = (SOURCE / "docs/dataframes.md").read_text(encoding="utf-8")
    found = {}
    for part in page.split("\n## ")[1:]:
        for block in re.findall(r"```python\n(.*?)```", part, re.S):
            found[part.splitlines()[0]] = block
    return found


def run(block):
    space = {}
    exec(compile(block, "docs/dataframes.md", "exec"), space)
    return space


def check_pandas(tap, space, wanted):
    nodes, edges, calls = space["nodes"], space["edges"], space["calls"]
    ids = [nodes["node_id"], nodes["file_id"], edges["src"], edges["dst"], edges["start_byte"]]
    tap.ok(all(str(column.dtype) == "Int64" for column in ids), "pandas: ids are whole numbers",
           [column.dtype for column in ids])
    rows = calls[["src", "dst", "start_byte", "dst_qualified_name"]].itertuples(index=False)
    found = sorted(tuple(map(lambda v: v if isinstance(v, str) else int(v), row)) for row in rows)
    tap.ok(found == wanted, "pandas merges edges and nodes", found[:3])
    tap.ok(calls["path"].notna().all(), "pandas finds each edge's file")


def check_trap(tap, pandas, bundle, n_files):
    """What the page warns of, so that it is dropped when it is no longer true."""
    plain = pandas.read_parquet(bundle / "cpg/nodes")
    exact = pandas.read_parquet(bundle / "cpg/nodes", dtype_backend="pyarrow")
    tap.ok(str(plain["start_byte"].dtype) == "float64", "pandas by itself makes floats of nullable columns",
           plain["start_byte"].dtype)
    tap.ok(exact["file_id"].dropna().nunique() == n_files, "dtype_backend=pyarrow is exact as well")


def check_polars(tap, space, wanted):
    rows = space["calls"].select("src", "dst", "start_byte", "dst_qualified_name").rows()
    tap.ok(sorted(rows) == wanted, "polars joins edges and nodes", rows[:3])


def check_address(tap, pandas, edges):
    """The four columns tell edges apart, with nulls."""
    key = ["kind", "src", "dst", "start_byte"]
    merged = edges.merge(edges, on=key, how="outer", indicator=True)
    tap.ok(len(merged) == len(edges) and (merged["_merge"] == "both").all(),
           "edges merge with themselves by their address", len(merged))


def main():
    readers.enter(__file__)
    import pandas
    tap = Tap()
    with Scratch() as scratch:
        bundle = build(small_tree(scratch / "src"), scratch).resolve()
        wanted = sorted((r["src"], r["dst"], r["start_byte"], r["qualified_name"])
                        for r in query(bundle, WANTED))
        tap.ok(len(wanted) > 0, "there is something to merge")
        (scratch / "bin").mkdir()
        (scratch / "bin/relspec").symlink_to(os.path.abspath(PROGRAM))
        os.environ["PATH"] = "%s:%s" % (scratch / "bin", os.environ["PATH"])
        os.chdir(scratch)
        pages = examples()
        tap.ok(set(pages) == {"pandas", "polars", "From JSON"}, "the page has the examples", set(pages))
        space = run(pages["pandas"])
        check_pandas(tap, space, wanted)
        check_address(tap, pandas, space["edges"])
        check_trap(tap, pandas, bundle, len(query(bundle, "SELECT * FROM repo_files")))
        check_polars(tap, run(pages["polars"]), wanted)
        rows = run(pages["From JSON"])["rows"]
        tap.ok(sorted(rows["node_id"]) == sorted(r["node_id"] for r in
                                                 query(bundle, "SELECT node_id FROM nodes")),
               "ids come back from JSON")
    tap.finish()


main()
