#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - a bundle opens in DuckDB (Python and its own command line), pyarrow, polars, DataFusion.

Each opens every dataset of a bundle and counts its rows; pyarrow's schemas are compared with the
registry's, and the keys of the footers with what docs/bundle.md promises. The readers come from
PyPI (tools/fetch-readers); without a way there the test is skipped.
"""

import json
import subprocess
import sys
import sysconfig
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import readers  # noqa: E402
from harness import Scratch, Tap, build, relspec, small_tree  # noqa: E402

FOOTER = ("dataset", "version", "contract", "key", "lens", "ordering_level", "ordering_keys",
          "determinism_tier")


def type_name(kind):
    """As the registry writes it: the names of what a list or map holds are the writer's own."""
    import pyarrow
    if pyarrow.types.is_map(kind):
        return "map<%s, %s>" % (type_name(kind.key_type), type_name(kind.item_type))
    if pyarrow.types.is_list(kind):
        return "list<%s>" % type_name(kind.value_type)
    return str(kind)


def files_of(bundle, dataset):
    return [str(bundle / dataset["path"] / f["name"]) for f in dataset["files"]]


def count_pyarrow(files):
    import pyarrow.parquet
    return sum(pyarrow.parquet.read_table(name, partitioning=None).num_rows for name in files)


def count_polars(files):
    import polars
    return polars.read_parquet(files).height


def count_duckdb(files):
    import duckdb
    columns = duckdb.connect().execute("SELECT count(*), count(COLUMNS(*)) FROM read_parquet(?)",
                                       [files]).fetchone()
    return columns[0]


def count_datafusion(files):
    import datafusion
    context = datafusion.SessionContext()
    n_rows = 0
    for number, name in enumerate(files):
        context.register_parquet("t%d" % number, name)
        n_rows += sum(b.num_rows for b in context.sql("SELECT * FROM t%d" % number).collect())
    return n_rows


def count_cli(bundle, datasets):
    """All datasets in one run of the program: it takes a second to unpack itself."""
    sql = "".join("SELECT count(*) AS n, count(COLUMNS(*)) FROM read_parquet('%s/%s/*.parquet');"
                  % (bundle, d["path"]) for d in datasets)
    program = Path(sys.prefix) / "bin/duckdb"
    done = subprocess.run([str(program), "-noheader", "-list", "-c", sql], encoding="utf-8",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
    lines = done.stdout.split() if done.returncode == 0 else []
    counts = [int(line.split("|")[0]) for line in lines]
    return counts if len(counts) == len(datasets) else done.stdout


READ = {"pyarrow": count_pyarrow, "polars": count_polars, "DuckDB": count_duckdb,
        "DataFusion": count_datafusion}


def check_schema(tap, bundle, dataset, record):
    import pyarrow.parquet
    wanted = [(c["name"], c["type"]) for c in record["columns"] if c["stored"]]
    if dataset["group"] == "rejects":
        wanted.append(("reason", "string"))
    faults = []
    for name in files_of(bundle, dataset):
        schema = pyarrow.parquet.read_schema(name)
        found = [(f.name, type_name(f.type)) for f in schema]
        if found != wanted:
            faults.append("%s: %s, should be %s" % (name, found, wanted))
        metadata = {k.decode(): v.decode() for k, v in (schema.metadata or {}).items()}
        faults += ["%s: no relspec.%s" % (name, key) for key in FOOTER
                   if not metadata.get("relspec." + key) and (key != "key" or record["key"])]
        for key in ("name", "version", "key", "lens"):
            value = metadata.get("relspec." + ("dataset" if key == "name" else key), "")
            if value != str(record[key]):
                faults.append("%s: relspec %s is %s, should be %s" % (name, key, value,
                                                                      record[key]))
    tap.ok(not faults, "%s has its registered schema and footer" % dataset["path"],
           "\n".join(faults))


def check_arrow(tap, bundle, datasets):
    """The .arrow files, and what a query gives, have the rows and types of the Parquet."""
    import pyarrow.ipc
    import pyarrow.parquet
    same = {"rule_diagnostics": "rule_diagnostics", "rules": "rule_compile_artifacts"}
    for name, dataset in same.items():
        with pyarrow.ipc.open_file(str(bundle / "relspec" / (name + ".arrow"))) as reader:
            found = reader.read_all()
        wanted = pyarrow.parquet.read_table(str(bundle / "relspec" / dataset / "part-00000.parquet"),
                                            partitioning=None)
        tap.ok(found.to_pylist() == wanted.to_pylist() and
               [type_name(f.type) for f in found.schema] == [type_name(f.type) for f in wanted.schema],
               "relspec/%s.arrow opens in pyarrow" % name, found.schema)
    sql = "SELECT node_id, kind, name, damaged, start_line FROM nodes"
    found = arrow(bundle, sql)
    table = pyarrow.parquet.read_table([f for d in datasets if d["path"] == "cpg/nodes"
                                        for f in files_of(bundle, d)],
                                       columns=["node_id", "kind", "name", "damaged", "start_line"])
    tap.ok(found.sort_by("node_id").to_pydict() == table.sort_by("node_id").to_pydict(),
           "query --format arrow has the rows", found.schema)
    odd = arrow(bundle, "SELECT sum(i) AS n, avg(i) AS mean, map(['a'], [1]) AS m, [1, 2] AS l, "
                        "1.5::DECIMAL(4,1) AS d, ? AS p FROM range(3) t(i)", "--param", "x")
    tap.ok(odd.to_pylist() == [{"n": 3, "mean": 1.0, "m": "{\"a\":1}", "l": [1, 2], "d": 1.5, "p": "x"}],
           "types that Arrow IPC would not have are cast", odd.to_pylist())
    tap.ok(arrow(bundle, sql, "--limit", "3").num_rows == 3, "--limit holds")


def arrow(bundle, sql, *options):
    import io
    import pyarrow.ipc
    from harness import PROGRAM
    done = subprocess.run([PROGRAM, "query", str(bundle), "--format", "arrow", *options, sql],
                          stdout=subprocess.PIPE, check=True, timeout=300)
    return pyarrow.ipc.open_stream(io.BytesIO(done.stdout)).read_all()


def check_bundle(tap, title, bundle):
    registry = {d["name"]: d for d in json.loads(relspec("schema", "--json").stdout)}
    datasets = json.loads((bundle / "manifest.json").read_text())["datasets"]
    missing = set(registry) - {d["name"] for d in datasets}
    tap.ok(not missing, "%s has every registered dataset" % title, missing)
    for name, count in READ.items():
        faults = []
        for dataset in datasets:
            try:
                n_rows = count(files_of(bundle, dataset))
            except Exception as error:  # whatever the reader says
                n_rows = error
            if n_rows != dataset["rows"]:
                faults.append("%s: %s, should be %d" % (dataset["path"], n_rows, dataset["rows"]))
        tap.ok(not faults, "%s opens in %s" % (title, name), "\n".join(faults))
    counts = count_cli(bundle, datasets)
    tap.ok(counts == [d["rows"] for d in datasets], "%s opens in DuckDB's command line" % title,
           counts)
    check_arrow(tap, bundle, datasets)
    for dataset in datasets:
        if dataset["name"] in registry:
            check_schema(tap, bundle, dataset, registry[dataset["name"]])


def main():
    readers.enter(__file__)
    tap = Tap()
    with Scratch() as scratch:
        check_bundle(tap, "a small bundle",
                     build(small_tree(scratch / "src"), scratch / "small").resolve())
        library = Path(sysconfig.get_path("stdlib"))
        check_bundle(tap, "the standard library's",
                     build(library, scratch / "library", "--exclude", "site-packages/**",
                           "--exclude", "dist-packages/**").resolve())
    tap.finish()


main()
