#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - what a run says of itself: lanes, events, fallbacks, plans, scans, statistics; with a rule
that fails, a lane that is forbidden, an index that is missing."""

import json
import sys
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "invariants")]
from harness import (IS_FULL, Scratch, Tap, build, doctor, hashes, query, relspec, some,  # noqa: E402
                     small_tree, write_tree)

# The names and types of the seed's columns, as they must stand in the Parquet.
SEED = {
    "rule_diagnostics": "domain VARCHAR, template VARCHAR, rule_name VARCHAR, plan_signature VARCHAR, "
                        "severity VARCHAR, message VARCHAR, metadata MAP(VARCHAR, VARCHAR)",
    "rule_exec_events": "rule_name VARCHAR, output_dataset VARCHAR, rows_out BIGINT, "
                        "schema_fingerprint VARCHAR, duration_ms DOUBLE",
    "duckdb_fallbacks": "event_time_unix_ms BIGINT, reason VARCHAR, error VARCHAR, "
                        "expression_type VARCHAR, sql VARCHAR, dialect VARCHAR, "
                        "policy_violations VARCHAR[]",
    "duckdb_explains": "event_time_unix_ms BIGINT, sql VARCHAR, explain_rows_json VARCHAR, "
                       "explain_analyze BOOLEAN",
    "scan_telemetry": "dataset VARCHAR, fragment_count BIGINT, row_group_count BIGINT, "
                      "count_rows BIGINT, estimated_rows BIGINT, file_hints VARCHAR[]",
    "dataset_stats": "dataset_name VARCHAR, rows BIGINT, columns INTEGER, schema_fingerprint VARCHAR",
    "column_stats": "dataset_name VARCHAR, column_name VARCHAR, type VARCHAR, null_count BIGINT",
}

# One rule of each kind of output whose rows overflow, and what each should leave.
FAILING = """\
pack: failing
datasets:
- name: rel_far
  doc: A place that is too far.
  key: [call_id]
  columns:
    call_id: {type: id, required: true, doc: the call}
    place: {type: i64, required: true, doc: its place}
rules:
- name: far_call
  doc: No number is so large.
  kind: filter_project
  inputs: {c: calls}
  select: {call_id: c.call_id, place: c.end_byte + 9223372036854775807}
  confidence: cst
  output: rel_far
- name: far_argument
  doc: Nor here.
  kind: filter_project
  inputs: {c: calls}
  emit:
    props: CALL
    id: c.call_id
    values: {n_keyword: c.end_byte + 9223372036854775807}
"""

C_ONLY = "lanes: {allowed: [ARROW_FALLBACK]}\n"


def describe(bundle, datasets):
    """Dataset -> column -> type."""
    found = {}
    for row in query(bundle, " UNION ALL ".join(
            "SELECT '%s' AS dataset, * FROM (DESCRIBE %s)" % (d, d) for d in datasets)):
        found.setdefault(row["dataset"], {})[row["column_name"]] = row["column_type"]
    return found


def check_schemas(tap, bundle):
    described = describe(bundle, SEED)
    for dataset, columns in SEED.items():
        found = described[dataset]
        for column in columns.split(", ") if "MAP" not in columns else columns.rsplit(", ", 2)[0].split(", ") \
                + ["metadata MAP(VARCHAR, VARCHAR)"]:
            name, kind = column.split(" ", 1)
            tap.ok(found.get(name) == kind, "%s.%s is %s" % (dataset, name, kind), found)


def check_lanes(tap, bundle, rules):
    rows = query(bundle, "SELECT rule_name, metadata['kernel'] AS kernel, metadata['lane'] AS lane, "
                         "metadata['output_dataset'] AS output, severity FROM rule_diagnostics "
                         "WHERE metadata['code'] = 'kernel_lane'")
    decided = Counter((r["rule_name"], r["kernel"]) for r in rows if r["rule_name"])
    kernels = {"interval_align": "interval_align", "explode_list": "explode_list"}
    skipped = {r["rule_name"] for r in query(
        bundle, "SELECT rule_name FROM rule_exec_events WHERE status = 'skipped' AND scope = 'rule'")}
    for rule in rules:
        wanted = kernels.get(rule["kind"])
        if wanted:
            tap.ok(decided[(rule["name"], wanted)] == (rule["name"] not in skipped),
                   "one decision for %s, if it ran" % rule["name"], rows)
    makes_ids = query(bundle, "SELECT rule_name FROM rule_compile_artifacts WHERE sql LIKE '%global_id(%'"
                              " OR sql LIKE '%edge_id(%'")
    wrong = [r["rule_name"] for r in makes_ids
             if decided[(r["rule_name"], "stable_id")] != (r["rule_name"] not in skipped)]
    tap.ok(makes_ids and not wrong, "one decision for each rule that made ids", wrong)
    gates = {(r["output"], r["kernel"]) for r in rows if not r["rule_name"]}
    rejected = {r["dataset_name"] for r in query(
        bundle, "SELECT dataset_name FROM dataset_stats WHERE dataset_group = 'rejects' AND rows > 0")}
    graph = {"nodes", "edges", "props", "derivations"}
    made = {r["output_dataset"] for r in query(
        bundle, "SELECT output_dataset FROM rule_exec_events WHERE status = 'ok' AND scope = 'output'")}
    tap.ok({o for o, k in gates if k == "judge"} - graph == rejected - graph,
           "a decision for each gate that judged rows", (gates, rejected))
    tap.ok({o for o, k in gates if k == "canonical_sort"} == made,
           "and for each that sorted some: every one", (gates, made))
    tap.ok({o for o, k in gates if k == "dedupe"} <= graph and
           {o for o, k in gates if k == "stable_id"} == {"derivations"}, "and for the graph's others", gates)
    tap.ok({r["severity"] for r in rows} == {"info"}, "none of them is a warning", rows)


def check_events(tap, bundle, rules):
    rows = query(bundle, "SELECT *, rows_out AS n FROM rule_exec_events WHERE scope = 'rule'")
    tap.ok(Counter(r["rule_name"] for r in rows) == Counter(r["name"] for r in rules),
           "one event for each rule")
    skipped = {r["rule_name"] for r in rows if r["status"] == "skipped"}
    told = {r["rule_name"] for r in query(
        bundle, "SELECT rule_name FROM rule_diagnostics WHERE metadata['code'] = 'rule_skipped'")}
    tap.ok(skipped == told and "call_to_symbol" in skipped and "scip_symbol_node" in skipped
           and "symbol_called" in skipped and "call_to_qname" not in skipped,
           "rules over the missing index are skipped, those that do without are not", skipped)
    by_rule = {r["rule_name"]: r["n"] for r in query(
        bundle, "SELECT rule_name, count(*) AS n FROM edges GROUP BY rule_name")}
    differ = {r["rule_name"]: (r["n"], by_rule.get(r["rule_name"], 0)) for r in rows
              if r["output_dataset"] == "edges" and r["status"] == "ok"
              and r["n"] != by_rule.get(r["rule_name"], 0)}
    tap.ok(not differ, "a rule of edges has as many rows as it has edges", differ)
    bad = [r["rule_name"] for r in rows if r["status"] == "ok" and r["n"] > 0
           and not (r["duration_ms"] > 0 and r["ended_at_unix_ns"] >= r["started_at_unix_ns"])]
    tap.ok(not bad, "a rule with rows took time", bad)
    outputs = query(bundle, "SELECT e.output_dataset, e.rows_out, d.rows FROM rule_exec_events e JOIN "
                            "dataset_stats d ON d.dataset_name = e.output_dataset AND d.dataset_group "
                            "IN ('cpg', 'relationships') WHERE scope = 'output'")
    tap.ok(len(outputs) == len({r["output"] for r in rules}) + 1 and
           all(r["rows_out"] == r["rows"] for r in outputs), "an event for each output", outputs)


def check_stats(tap, bundle):
    differ = query(bundle, "SELECT d.dataset_name, d.rows, s.n_rows FROM dataset_stats d JOIN datasets s "
                           "ON s.dataset = d.dataset_name AND s.dataset_group = d.dataset_group "
                           "WHERE d.rows <> s.n_rows OR d.files <> s.n_files OR d.bytes <> s.n_bytes")
    tap.ok(not differ, "dataset_stats are the manifest's numbers", differ)
    nulls = query(bundle, "SELECT null_count, (SELECT count(*) FROM nodes WHERE name IS NULL) AS n FROM "
                          "column_stats WHERE dataset_group = 'cpg' AND dataset_name = 'nodes' AND "
                          "column_name = 'name'")
    tap.ok(nulls and nulls[0]["null_count"] == nulls[0]["n"] > 0, "column_stats counts nulls", nulls)
    scans = query(bundle, "SELECT * FROM scan_telemetry WHERE dataset = 'calls'")
    calls = query(bundle, "SELECT count(*) AS n FROM calls")[0]["n"]
    tap.ok(len(scans) == 1 and scans[0]["estimated_rows"] == calls and
           scans[0]["count_rows"] == calls * scans[0]["scans"], "scans are counted", scans)


def check_times(tap, bundle, before, after):
    """Of a build of one part. Times come from the machine's two clocks: between the readings of the test's."""
    wrong = query(bundle, "SELECT rule_name, started_at_unix_ns, ended_at_unix_ns FROM rule_exec_events WHERE "
                          "NOT (%d <= started_at_unix_ns AND started_at_unix_ns <= ended_at_unix_ns AND "
                          "ended_at_unix_ns <= %d)" % (before, after))
    tap.ok(not wrong, "rules ran while the build did", wrong[:3])
    span = "(ended_at_unix_ns - started_at_unix_ns) / 1e6"
    wrong = query(bundle, "SELECT rule_name, duration_ms, %s AS span_ms FROM rule_exec_events WHERE scope = 'rule' "
                          "AND status = 'ok' AND abs(duration_ms - %s) > 1e-3" % (span, span))
    tap.ok(not wrong, "what ran once took as long as from its start to its end, in milliseconds", wrong[:3])
    wrong = query(bundle, "SELECT output_dataset, duration_ms, timing_ms FROM rule_exec_events WHERE "
                          "abs(duration_ms - list_sum(map_values(timing_ms))) > 1e-3 OR duration_ms > 1e-3 + " + span)
    tap.ok(not wrong, "the times of its pieces add up, and fit between", wrong[:3])


def check_plain(tap, scratch, tree, rules):
    before = time.time_ns()
    bundle = build(tree, scratch / "plain")
    check_times(tap, bundle, before, time.time_ns())
    check_schemas(tap, bundle)
    check_lanes(tap, bundle, rules)
    check_events(tap, bundle, rules)
    check_stats(tap, bundle)
    for dataset in ("duckdb_fallbacks", "duckdb_explains"):
        tap.ok(query(bundle, "SELECT count(*) AS n FROM " + dataset) == [{"n": 0}],
               "%s is there without rows" % dataset)
    return bundle


def check_switches(tap, scratch, tree, plain):
    quiet = build(tree, scratch / "quiet", "--no-events")
    tap.ok(query(quiet, "SELECT count(*) AS n FROM rule_exec_events") == [{"n": 0}],
           "--no-events: no event")
    found, wanted = hashes(quiet), hashes(plain)
    differ = {n for n in found if found[n] != wanted.get(n)}
    tap.ok(differ == {"manifest.json", "README.md"},
           "--no-events changes nothing but the count of events", differ)
    explained = build(tree, scratch / "explained", "--explain")
    rows = query(explained, "SELECT * FROM duckdb_explains")
    named = {r["rule_name"] for r in rows if r["rule_name"]}
    tap.ok({"call_to_qname", "ast_parent"} <= named and "call_to_symbol" not in named,
           "--explain: a plan for each rule that ran", named)
    measured = [r for r in rows if r["explain_analyze"]]
    plans = [json.loads(r["explain_rows_json"]) for r in rows]
    shape = {"children", "operator", "rows", "rows_scanned", "seconds"}
    tap.ok(all(shape <= set(p[0]) for p in plans) and any(not r["explain_analyze"] for r in rows),
           "and all of one shape, measured or not", [p[0] for p in plans if not shape <= set(p[0])][:2])
    tap.ok(all(plans) and measured and all(p[0]["operator"] for r, p in zip(rows, plans)
                                           if r["explain_analyze"]),
           "plans are trees of operators with rows and seconds")


def check_lane_policy(tap, scratch, tree, plain):
    write_tree(scratch, {"c.yaml": C_ONLY})
    bundle = build(tree, scratch / "c", "--policy", scratch / "c.yaml")
    rows = query(bundle, "SELECT rule_name, severity, metadata['lane'] AS lane, "
                         "metadata['policy_violation'] AS violation FROM rule_diagnostics "
                         "WHERE metadata['code'] = 'kernel_lane'")
    tap.ok(all((r["severity"] == "warning") == (r["violation"] == "true") ==
               (r["lane"] != "ARROW_FALLBACK") for r in rows) and
           any(r["severity"] == "warning" for r in rows),
           "a forbidden lane is a warning, and the run is done", rows)
    same = [n for n, h in hashes(bundle).items()
            if n.startswith(("cpg/", "relationships/")) and hashes(plain).get(n) != h]
    tap.ok(not same, "the graph is the same", same)


def check_failing(tap, scratch, tree, plain):
    write_tree(scratch, {"rules/failing.yaml": FAILING})
    result = relspec("build", tree, "-o", scratch / "failing", "--rules", scratch / "rules", "--json", "--engine", "duckdb")
    summary = json.loads(result.stdout)
    bundle = Path(summary["bundle"])
    tap.ok(result.returncode == 1, "a rule that fails: exit 1", result.returncode)
    failed = {f["rule"]: f["message"] for f in summary["rules"]["failed"]}
    tap.ok(set(failed) == {"far_call", "far_argument"} and
           all("verflow" in m for m in failed.values()), "the summary names it", failed)
    events = {r["rule_name"]: r for r in query(
        bundle, "SELECT * FROM rule_exec_events WHERE status = 'error'")}
    tap.ok(set(events) == set(failed) and
           all(e["error_type"] == "engine" and "verflow" in e["error_message"]
               for e in events.values()), "so do the events", events)
    fallbacks = query(bundle, "SELECT rule_name, reason, output_dataset FROM duckdb_fallbacks "
                              "ORDER BY ALL")
    tap.ok([tuple(f.values()) for f in fallbacks] ==
           [("far_argument", "rule_failed", "props"), ("far_call", "rule_failed", "rel_far")],
           "and the fallbacks", fallbacks)
    snapshot = json.loads((bundle / "relspec/duckdb_fallbacks.json").read_text())
    rows = query(bundle, "SELECT rule_name, error FROM duckdb_fallbacks ORDER BY ALL")
    tap.ok(sorted(((r["rule_name"], r["error"]) for r in snapshot)) ==
           [(r["rule_name"], r["error"]) for r in rows], "the JSON snapshot has the same", snapshot)
    told = query(bundle, "SELECT rule_name FROM rule_diagnostics WHERE severity = 'error' ORDER BY 1")
    tap.ok([r["rule_name"] for r in told] == sorted(failed), "and the diagnostics", told)
    tap.ok(not doctor(bundle), "the bundle is whole", doctor(bundle))
    counts = "SELECT rule_name, kind, count(*) AS n FROM edges GROUP BY ALL ORDER BY ALL"
    props = "SELECT key, count(*) AS n FROM props GROUP BY ALL ORDER BY ALL"
    tap.ok(query(bundle, counts) == query(plain, counts) and query(bundle, props) == query(plain, props),
           "all other rules have their rows")


# What reads rows of a rule that fails: an anti join would find every call, an inner one none.
SPOILED = """\
pack: spoiled
datasets:
- name: rel_far
  doc: A place that is too far.
  key: [call_id]
  columns:
    call_id: {type: id, required: true, doc: the call}
    place: {type: i64, required: true, doc: its place}
- name: rel_near
  doc: Calls that are not far.
  key: [call_id]
  columns:
    call_id: {type: id, required: true, doc: the call}
- name: rel_both
  doc: Calls that are far.
  key: [call_id]
  columns:
    call_id: {type: id, required: true, doc: the call}
- name: rel_neither
  doc: Calls that are not near.
  key: [call_id]
  columns:
    call_id: {type: id, required: true, doc: the call}
- name: rel_counted
  doc: How many are at a place.
  key: [place]
  columns:
    place: {type: i64, required: true, doc: the place}
    n: {type: i64, required: true, doc: calls}
rules:
- {name: far_call, doc: No number is so large., kind: filter_project, inputs: {c: calls}, confidence: cst,
   select: {call_id: c.call_id, place: c.end_byte + 9223372036854775807}, output: rel_far}
- {name: near_call, doc: Without a far one., kind: hash_join, inputs: {c: calls, f: rel_far}, join: anti,
   on: c.call_id = f.call_id, select: {call_id: c.call_id}, confidence: cst, output: rel_near}
- {name: both_call, doc: With a far one., kind: hash_join, inputs: {c: calls, f: rel_far}, join: semi,
   on: c.call_id = f.call_id, select: {call_id: c.call_id}, confidence: cst, output: rel_both}
- {name: neither_call, doc: Without a near one., kind: hash_join, inputs: {c: calls, n: rel_near},
   join: anti, on: c.call_id = n.call_id, select: {call_id: c.call_id}, confidence: cst,
   output: rel_neither}
- {name: counted_call, doc: All of them., kind: aggregate, inputs: {f: rel_far},
   group_by: [f.place], select: {place: f.place, n: count()}, confidence: cst,
   output: rel_counted}
- {name: near_edge, doc: An edge for want of a far call., kind: hash_join, inputs: {c: calls, f: rel_far},
   join: anti, on: c.call_id = f.call_id, emit: {edge: CALLEE, src: c.call_id, dst: c.callee_id}}
- {name: both_edge, doc: An edge of a far call., kind: hash_join, inputs: {c: calls, f: rel_far},
   join: inner, on: c.call_id = f.call_id, emit: {edge: CALLEE, src: c.call_id, dst: c.callee_id}}
"""


REJECTED = """\
pack: rejected
datasets:
- name: rel_of_file
  doc: One call of each file.
  key: [file_id]
  columns:
    file_id: {type: id, required: true, doc: the file}
rules:
- {name: call_of_file, doc: As if each had one., kind: filter_project, inputs: {c: calls},
   select: {file_id: c.file_id}, confidence: cst, output: rel_of_file}
"""


def check_rejected(tap, scratch, tree, plain):
    write_tree(scratch, {"rejected/p.yaml": REJECTED})
    bundle = build(tree, scratch / "rejected-out", "--rules", scratch / "rejected")
    rows = query(bundle, "SELECT rule_name, rows_out, rows_rejected, (SELECT count(*) FROM rel_of_file) AS n, "
                         "(SELECT count(*) FROM calls) AS n_calls FROM rule_exec_events "
                         "WHERE scope = 'rule' AND output_dataset = 'rel_of_file'")
    tap.ok(len(rows) == 1 and rows[0]["rows_rejected"] == rows[0]["n_calls"] - rows[0]["n"] > 0,
           "an event says how many rows of a rule the gate kept out", rows)
    unknown = query(bundle, "SELECT rule_name FROM rule_exec_events WHERE scope = 'rule' AND status = 'ok' "
                            "AND rows_rejected IS NULL")
    tap.ok(unknown == [], "of every rule", unknown)
    kinds = {(r["entity"], r["kind"]): r["state"] for r in query(bundle, "SELECT * FROM kinds")}
    told = [kinds[k] for k in (("node", "CALL"), ("node", "MATCH"), ("edge", "CALLS_SYMBOL"),
                               ("edge", "RT_WRAPS"))]
    tap.ok(told == ["produced", "absent", "absent", "planned"],
           "kinds: made, made nowhere here, without evidence, by no rule", told)


def check_spoiled(tap, scratch, tree, plain):
    write_tree(scratch, {"spoiled/p.yaml": SPOILED})
    result = relspec("build", tree, "-o", scratch / "spoiled-out", "--rules", scratch / "spoiled", "--json")
    summary = json.loads(result.stdout)
    bundle = Path(summary["bundle"])
    told = {s["rule"]: s["missing_rows"] for s in summary["rules"]["spoiled"]}
    wanted = {"near_call": "rel_far", "neither_call": "rel_near", "counted_call": "rel_far",
              "near_edge": "rel_far"}
    tap.ok(told == wanted, "what a failed rule spoils is skipped", told)
    events = query(bundle, "SELECT rule_name, error_message FROM rule_exec_events WHERE "
                           "status = 'skipped' AND error_type = 'missing_rows'")
    tap.ok({e["rule_name"]: e["error_message"] for e in events} == wanted, "so the events say", events)
    rows = query(bundle, "SELECT rule_name FROM rule_diagnostics WHERE severity = 'warning' AND "
                         "metadata['code'] = 'rule_skipped'")
    tap.ok({r["rule_name"] for r in rows} == set(wanted), "and the diagnostics", rows)
    fine = query(bundle, "SELECT rule_name FROM rule_exec_events WHERE status = 'ok' AND rule_name IN "
                         "('both_call', 'both_edge')")
    tap.ok(len(fine) == 2, "what could only find less is not", fine)
    found = query(bundle, "SELECT (SELECT count(*) FROM rel_near) + (SELECT count(*) FROM rel_neither) + "
                          "(SELECT count(*) FROM edges WHERE rule_name IN ('near_edge', 'both_edge')) AS n")
    tap.ok(found == [{"n": 0}], "no edge is there that should not be", found)
    counts = "SELECT rule_name, kind, count(*) AS n FROM edges GROUP BY ALL ORDER BY ALL"
    tap.ok(query(bundle, counts) == query(plain, counts) and not doctor(bundle),
           "all else is as ever", doctor(bundle))


def main():
    tap = Tap()
    rules = json.loads(relspec("rules", "list", "--json").stdout)
    rules = rules["rules"] if isinstance(rules, dict) else rules
    with Scratch() as scratch:
        tree = small_tree(scratch / "src")
        plain = check_plain(tap, scratch, tree, rules)
        if IS_FULL:
            check_switches(tap, scratch, tree, plain)
            check_lane_policy(tap, scratch, tree, plain)
        for check in some((check_failing, check_rejected, check_spoiled)):
            check(tap, scratch, tree, plain)
    tap.finish()


main()
