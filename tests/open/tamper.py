#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tamper.py - the doctor reads rows: a bundle is changed, and its hashes made true again.

Each case rewrites one Parquet file with pyarrow and names the check that must find it.
"""

import hashlib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import readers  # noqa: E402
from harness import Scratch, Tap, build, relspec, small_tree  # noqa: E402


def with_value(column, value, row=0):
    def change(table):
        import pyarrow
        at = table.schema.get_field_index(column)
        values = table.column(at).to_pylist()
        values[row] = value
        return table.set_column(at, table.schema.field(at),
                                pyarrow.array(values, table.schema.field(at).type))
    return change


def with_rows(pick):
    return lambda table: table.take(pick(list(range(table.num_rows))))


def twice(numbers):
    """The first row in the place of the second, so that the count stays true."""
    return numbers[:1] + numbers[:1] + numbers[2:]


def without_footer(table):
    return table.replace_schema_metadata({})


# dataset -> change -> check that finds it
CASES = [
    ("cpg/edges", "an edge to nowhere", with_value("dst", 77), "reference"),
    ("cpg/edges", "an edge twice", with_rows(twice), "key"),
    ("cpg/edges", "a kind that is none", with_value("kind", "KNOWS"), "word"),
    ("cpg/edges", "an impossible confidence", with_value("confidence", 1.5), "confidence"),
    ("cpg/edges", "a row too few", with_rows(lambda n: n[1:]), "rows"),
    ("cpg/nodes", "a node twice", with_rows(twice), "key"),
    ("cpg/nodes", "a node behind its file's end", with_value("end_byte", 1 << 40), "span"),
    ("cpg/nodes", "a node without a kind", with_value("kind", None), "required"),
    ("cpg/props", "a property of nothing", with_value("entity_id", 77), "reference"),
    ("cpg/props", "a property with two values", with_value("value_json", "1"), "prop_value"),
    ("evidence/defs", "rows out of order", with_rows(lambda n: n[::-1]), "order"),
    ("evidence/defs", "a row twice", with_rows(twice), "key"),
    ("evidence/defs", "a name outside the file", with_value("name_end_byte", 1 << 40), "span"),
    ("evidence/defs", "no footer of ours", without_footer, "metadata"),
    ("evidence/defs", "a column too few", lambda t: t.drop_columns(["name"]), "schema"),
    ("evidence/syntax_nodes", "a child before its parent", with_value("parent_id", 1 << 60, 1),
     "parent_first"),
    ("evidence/repo_files", "errors that are nowhere", with_value("n_errors", 99), "error_count"),
]


def rewrite(bundle, dataset, change):
    """Gives back what undoes it."""
    import pyarrow.parquet
    manifest_path = bundle / "manifest.json"
    text = manifest_path.read_text(encoding="utf-8")
    manifest = json.loads(text)
    record = next(d for d in manifest["datasets"] if d["path"] == dataset)["files"][0]
    path = bundle / dataset / record["name"]
    data = path.read_bytes()
    table = change(pyarrow.parquet.read_table(path, partitioning=None))
    pyarrow.parquet.write_table(table, path)
    record["bytes"] = path.stat().st_size
    record["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    del manifest["content_hash"]
    compact = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    manifest["content_hash"] = hashlib.sha256(compact.encode()).hexdigest()
    manifest_path.write_text(json.dumps(manifest, sort_keys=True, indent=2, ensure_ascii=False)
                             + "\n", encoding="utf-8")

    def undo():
        path.write_bytes(data)
        manifest_path.write_text(text, encoding="utf-8")
    return undo


def findings(bundle):
    report = json.loads(relspec("doctor", "--json", bundle).stdout)
    return {(f["object"], f["check"]) for f in report["findings"]}


def main():
    readers.enter(__file__)
    tap = Tap()
    with Scratch() as scratch:
        bundle = build(small_tree(scratch / "src"), scratch / "out").resolve()
        undo = rewrite(bundle, "cpg/edges", lambda table: table)
        tap.ok(not findings(bundle), "a file rewritten as it was is sound", findings(bundle))
        undo()
        for dataset, name, change, check in CASES:
            undo = rewrite(bundle, dataset, change)
            found = findings(bundle)
            tap.ok(any(c == check for _, c in found), "%s: %s is found" % (dataset, name), found)
            undo()
    tap.finish()


main()
