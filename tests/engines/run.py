#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [TREE] - one engine and two: `--engine auto` gives the bytes of `--engine duckdb`, whatever the threads.

Where a rule fails, that is told alike. TREE is one more to compare, as large as you like.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "rules"), str(HERE.parent / "invariants")]
import sources  # noqa: E402
from harness import Scratch, Tap, build, hashes, query, relspec, write_tree  # noqa: E402

# A rule of the graph over evidence alone, in whose condition a number does not fit.
PACK = """
pack: two
doc: d
rules:
- name: too_large
  doc: d
  kind: filter_project
  inputs: {n: syntax_nodes}
  where: n.end_byte + 9223372036854775807 > n.start_byte
  emit: {edge: BYTECODE_ANCHOR, src: n.node_id, dst: n.node_id, file: n.file_id}
"""
ROWS = ("cpg/", "evidence/", "relationships/", "rejects/")
EVENTS = "SELECT rule_name, engine, status, rows_out FROM rule_exec_events WHERE scope = 'rule' ORDER BY 1"


def rows_of(bundle):
    return {name: value for name, value in hashes(bundle).items() if name.startswith(ROWS)}


def differing(a, b):
    return sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))


def compare(tap, scratch, name, tree, *args):
    """Bundles of both, and of both engines on several threads."""
    one = build(tree, scratch, "--run", name + "-one", "--engine", "duckdb", "--threads", "1", *args)
    wanted = rows_of(one)
    for threads in "1", "3":
        two = build(tree, scratch, "--run", name + "-two-" + threads, "--engine", "auto", "--threads", threads, *args)
        tap.ok(differing(wanted, rows_of(two)) == [], "%s: the same rows, %s threads" % (name, threads),
               "\n".join(differing(wanted, rows_of(two))))
    return one, two


def check_records(tap, one, two):
    alone, both = query(one, EVENTS), query(two, EVENTS)
    tap.ok({row["engine"] for row in alone} == {"duckdb"}, "one engine runs all", alone[:3])
    native = [row for row in both if row["engine"] == "native"]
    tap.ok(len(native) > 60, "most rules are native's", len(native))
    tap.ok([(row["rule_name"], row["status"], row["rows_out"]) for row in alone] ==
           [(row["rule_name"], row["status"], row["rows_out"]) for row in both], "rules have the same rows")
    why = query(two, "SELECT rule_name, metadata['why_not'] AS why FROM rule_diagnostics WHERE metadata['code'] = 'engine'")
    tap.ok(why and all(row["why"] for row in why), "who is not is told, and why", why[:3])
    scans = "SELECT dataset, source, count_rows > 0 AS read FROM scan_telemetry WHERE source = 'memory' ORDER BY 1"
    tap.ok(query(one, scans) == query(two, scans), "scans are told of both", query(two, scans))
    told = [row["rule_name"] for row in both if row["engine"] != "native" and row["status"] == "ok"]
    tap.ok({row["rule_name"] for row in why} == set(told), "of each of them", (told, why))


def check_failure(tap, scratch, tree):
    rules = write_tree(scratch / "rules", {"two.yaml": PACK})
    said = []
    for engine in "duckdb", "auto":
        done = relspec("build", tree, "-o", scratch, "--run", "bad-" + engine, "--engine", engine, "--rules", rules, "--json", "-q")
        tap.ok(done.returncode in (0, 1) and done.stdout, "%s: the run goes on" % engine, done.stderr)
        failed = query(scratch / "run_bundles" / ("bad-" + engine),
                       "SELECT rule_name, status, rows_out FROM rule_exec_events WHERE status = 'error'")
        said.append((failed, rows_of(scratch / "run_bundles" / ("bad-" + engine))))
    tap.ok(len(said[0][0]) == 1, "one rule fails", said[0][0])
    tap.ok(said[0] == said[1], "and costs the same rows", differing(said[0][1], said[1][1]))


def main():
    tap = Tap()
    with Scratch() as scratch:
        tree = write_tree(scratch / "src", sources.TREE)
        (scratch / "index.scip").write_bytes(sources.index())
        one, two = compare(tap, scratch, "golden", tree, "--scip", scratch / "index.scip")
        check_records(tap, one, two)
        check_failure(tap, scratch, tree)
        if len(sys.argv) > 1:
            compare(tap, scratch, "tree", sys.argv[1], *sys.argv[2:])
        told = relspec("build", tree, "-o", scratch, "--engine", "native")
        tap.ok(told.returncode == 2 and "auto, duckdb" in told.stderr, "alone native makes no build", told.stderr)
    tap.finish()


main()
