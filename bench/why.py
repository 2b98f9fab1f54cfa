#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""why.py PROGRAM BUNDLE [ROUNDS] - how long `relspec why` takes, from its start to its end.

Of every rule that has edges one edge, asked for by its id; of twenty calls, what they call and why
they call nothing else; and the edges at the same twenty places. Each question is asked ROUNDS times
(default 3) and the fastest counts, by the clock and by the processor: on a machine that does other
things, too, compare the latter. Beside them stands the least that an answer costs: to open the
bundle, and to look at the id of every edge once, here on one thread.
"""

import json
import resource
import statistics
import subprocess
import sys
import time

EDGES = """SELECT rule_name, min_by(edge_id, hash(src)) AS edge_id FROM edges GROUP BY rule_name
ORDER BY rule_name"""
CALLS = """SELECT DISTINCT path || ':' || start_line AS place FROM (
SELECT c.file_id, n.start_line FROM calls c JOIN nodes n ON n.node_id = c.call_id
ORDER BY hash(c.call_id) LIMIT 20) JOIN repo_files USING (file_id) ORDER BY ALL"""
FLOORS = {"open the bundle": "SELECT 1",
          "look at every edge's id": "SELECT count(*) FROM edges WHERE edge_id = 0"}


def rows(program, bundle, sql):
    done = subprocess.run([program, "query", bundle, "--format", "json", "--numbers", sql], check=True,
                          stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def spent():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure(command, n_rounds):
    """Milliseconds of the fastest round, by the clock and by the processor."""
    best = cpu = float("inf")
    for _ in range(n_rounds):
        started, before = time.perf_counter(), spent()
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        best, cpu = min(best, time.perf_counter() - started), min(cpu, spent() - before)
        if done.returncode not in (0, 1):
            sys.exit("exit code %d: %s" % (done.returncode, " ".join(command)))
    return best * 1e3, cpu * 1e3


def print_row(label, measured):
    times = [ms for ms, _ in measured]
    over = [ms for ms in times if ms > 200]
    print("%-34s %5d %8.0f %8.0f %8.0f %8d %8.0f" % (
        label, len(times), min(times), statistics.median(times), max(times), len(over),
        statistics.mean(cpu for _, cpu in measured)))


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    program, bundle = sys.argv[1:3]
    n_rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    edges = rows(program, bundle, EDGES)
    calls = [row["place"] for row in rows(program, bundle, CALLS)]
    print("%-34s %5s %8s %8s %8s %8s %8s" % ("question", "n", "least ms", "median", "most", "over 200",
                                             "CPU ms"))
    for label, sql in FLOORS.items():
        print_row("(%s)" % label, [measure([program, "query", bundle, sql], n_rounds)])
    by_id = {row["rule_name"]: measure([program, "why", bundle, str(row["edge_id"])], n_rounds)
             for row in edges}
    print_row("why EDGE_ID", list(by_id.values()))
    for label, command in {"why --call, one edge": ["why", "--limit", "1", "--call"],
                           "why --call": ["why", "--call"],
                           "why-not --call": ["why-not", "--call"],
                           "why --at, one edge": ["why", "--limit", "1", "--at"]}.items():
        print_row(label, [measure([program, command[0], bundle, *command[1:], place], n_rounds)
                          for place in calls])
    print("\nslowest by id")
    for name, (ms, _) in sorted(by_id.items(), key=lambda pair: -pair[1][0])[:8]:
        print("  %-32s %8.0f" % (name, ms))


main()
