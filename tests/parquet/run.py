#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - random columns of every type, written by us and read by others, are what they were.

`parquet_probe` draws a table from a seed, writes it, and says what it wrote. DuckDB, pyarrow, polars and
DataFusion read the file; what the footer claims of values is held against the values. The readers come
from PyPI (tools/fetch-readers); without a way there the test is skipped.
"""

import hashlib
import json
import os
import struct
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "open"))
import readers  # noqa: E402
from harness import Scratch, Tap, some  # noqa: E402

PROBE = Path(os.environ["RS_BINARY_DIR"]) / "tests/parquet_probe"
FLOATS = {"float": "<I", "double": "<Q"}


def bits(value, kind):
    """A float by its bits, as the probe spells them; whole numbers as text."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if kind in FLOATS:
        width = struct.calcsize(FLOATS[kind])
        number, = struct.unpack(FLOATS[kind], struct.pack("<f" if width == 4 else "<d", value))
        return "%0*x" % (width * 2, number) if value == value else "nan"
    return str(value)


def one(value, kind):
    return "nan" if kind in FLOATS and value in NANS else value


NANS = {"7fc00000", "7ff8000000000000", "ffc00000", "fff8000000000000"}


def wanted(column):
    kind, shape = column["type"], column["shape"]
    for value in column["values"]:
        if shape == "one" or value is None:
            yield one(value, kind)
        elif shape == "list":
            yield [one(item, kind) for item in value]
        else:
            yield [[key, one(item, kind)] for key, item in value]


def pairs(value):
    """A map, as whichever reader has it: pairs, structs of key and value, a dict, DuckDB's of two lists."""
    if isinstance(value, dict):
        if set(value) == {"key", "value"} and isinstance(value["key"], list):
            return list(zip(value["key"], value["value"]))
        return list(value.items())
    return [tuple(p.values()) if isinstance(p, dict) else tuple(p) for p in value]


def found(values, column):
    kind, shape = column["type"], column["shape"]
    for value in values:
        if shape == "one" or value is None:
            yield bits(value, kind)
        elif shape == "list":
            yield [bits(item, kind) for item in value]
        else:
            yield [[key, bits(item, kind)] for key, item in pairs(value)]


def read_pyarrow(path):
    import pyarrow.parquet
    table = pyarrow.parquet.read_table(path)
    table.validate(full=True)
    return {name: table.column(name).to_pylist() for name in table.column_names}


def read_polars(path):
    import polars
    frame = polars.read_parquet(path)
    return {name: frame.get_column(name).to_list() for name in frame.columns}


def read_duckdb(path):
    import duckdb
    table = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(path)]).to_arrow_table()
    return {name: table.column(name).to_pylist() for name in table.column_names}


def read_datafusion(path):
    import datafusion
    table = datafusion.SessionContext().read_parquet(str(path)).to_arrow_table()
    return {name: table.column(name).to_pylist() for name in table.column_names}


READERS = {"pyarrow": read_pyarrow, "polars": read_polars, "duckdb": read_duckdb, "datafusion": read_datafusion}


def order(value, kind):
    if kind == "string":
        return value.encode()
    if kind in FLOATS:
        width = struct.calcsize(FLOATS[kind])
        return struct.unpack("<f" if width == 4 else "<d", bytes.fromhex(value)[::-1])[0]
    return int(value)


def bounds_fault(column, kind, values):
    """What is wrong with the statistics of a chunk with these values; None for nothing."""
    stated = column.statistics
    there = [order(v, kind) for v in values if v is not None]
    if stated is None or stated.null_count != len(values) - len(there):
        return "nulls: %s of %d" % (stated and stated.null_count, len(values))
    if kind in FLOATS and any(v != v for v in there):
        return "bounds of what is no number" if stated.has_min_max else None
    if not there:
        return "bounds of nothing" if stated.has_min_max else None
    if not stated.has_min_max:  # a long text may have no bound
        return None if kind == "string" and len(max(there)) > 64 else "no bounds"
    low, high = stated.min, stated.max
    low, high = (low.encode(), high.encode()) if kind == "string" else (low, high)
    if not low <= min(there) or not high >= max(there):
        return "%r .. %r does not hold %r .. %r" % (low, high, min(there), max(there))
    is_long = kind == "string" and max(len(min(there)), len(max(there))) > 64
    return None if is_long or (low, high) == (min(there), max(there)) else "bounds are not exact"


def check_footer(tap, name, path, document):
    import pyarrow.parquet
    file = pyarrow.parquet.ParquetFile(path)
    metadata = file.metadata
    faults = []
    leaf = {metadata.schema.column(i).path: i for i in range(metadata.num_columns)}
    for column in document["columns"]:
        if column["shape"] != "one":
            continue
        at = 0
        for group in range(metadata.num_row_groups):
            rows = metadata.row_group(group).num_rows
            chunk = metadata.row_group(group).column(leaf[column["name"]])
            fault = bounds_fault(chunk, column["type"], column["values"][at:at + rows])
            if fault:
                faults.append("%s, group %d: %s" % (column["name"], group, fault))
            at += rows
    tap.ok(not faults, name + ": statistics hold", faults[:3])
    tap.ok(metadata.metadata.get(b"relspec.dataset") == b"made" and metadata.metadata.get(b"relspec.empty") == b""
           and metadata.num_rows == document["rows"] and metadata.num_row_groups == document["groups"],
           name + ": the footer says what was asked for", metadata)


def check(tap, seed, scratch, most_rows):
    path, side = scratch / ("%d.parquet" % seed), scratch / ("%d.json" % seed)
    subprocess.run([PROBE, str(seed), str(most_rows), path, side], check=True)
    document = json.loads(side.read_text())
    name = "seed %d (%d rows, %d columns)" % (seed, document["rows"], len(document["columns"]))
    data = path.read_bytes()
    tap.ok(hashlib.sha256(data).hexdigest() == document["sha256"] and len(data) == document["bytes"],
           name + ": size and hash are the file's")
    for reader, read in READERS.items():
        columns = read(path)
        wrong = [c["name"] + " " + c["type"] + " " + c["shape"] for c in document["columns"]
                 if list(wanted(c)) != list(found(columns[c["name"]], c))]
        tap.ok(len(columns) == len(document["columns"]) and not wrong, name + ": " + reader, wrong)
    check_footer(tap, name, path, document)
    path.unlink()
    side.unlink()


def main():
    readers.enter(__file__)
    tap = Tap()
    seeds = range(int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else some(range(8), 3)
    with Scratch() as scratch:
        for seed in seeds:
            check(tap, seed, scratch, 0 if seed == 0 else 200 if seed % 2 == 0 else 20000)
    tap.finish()


main()
