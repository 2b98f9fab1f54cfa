#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [NAME ...] - nothing grows faster than the source: each shape of shapes.py at a quarter of its size
and whole, read by all lenses, and those where names or definitions meet each other also through all rules.

Rows are counted, of each dataset: their number is the same each time, and may grow by n^1.1. Time is what the
processor spent on the program, beside what it spends on an empty file: four times the source may cost eight times as
much, where n^2 costs sixteen; less than LEAST_SECONDS say nothing. The quick round looks at those that once grew.
"""

import json
import resource
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "invariants")]
from harness import IS_FULL, Scratch, Tap, query, relspec, write_tree  # noqa: E402
from shapes import SHAPES  # noqa: E402

STEP = 4
MOST_ROWS = STEP ** 1.1
MOST_SECONDS = STEP ** 1.5
LEAST_ROWS = 2000
LEAST_SECONDS = 0.25
# Through all rules: what joins a name with what has it. A tenth of the size will do for rows.
RULES = ("used_behind", "imported_by_turns", "defined_and_called", "global_of_all", "closures",
         "from_imports", "submodules", "imported_and_called", "methods", "bases")
QUICK = ("used_between", "used_behind", "imported_by_turns", "global_of_all", "closures", "loops")
# Each of a class's ancestors is a row of it, up to NAMES_MAX_ANCESTORS (400): below that a chain of classes is a square.
IS_BOUNDED = ("ancestors", "classes_of_one_name")


def build(scratch, text, *args):
    """(exit code, seconds of the processor, what the program says of the run)"""
    tree = write_tree(scratch / "tree", {"m.py": text})
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = relspec("build", tree, "-o", scratch / "out", "--run", "r", "--threads", "1", "--no-config",
                   "--json", "--quiet", *args)
    seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    return done, seconds


def is_done(tap, done, name):
    return done.returncode == 0 or tap.ok(False, name, done.stderr)


def stage_rows(document):
    return {"rows of " + s["name"]: s["rows"] for s in document["stages"]
            if s["name"] in ("extract", "answer")}


def dataset_rows(scratch):
    manifest = json.loads((scratch / "out/run_bundles/r/manifest.json").read_text())
    return {d["name"]: d["rows"] for d in manifest["datasets"] if d["group"] != "relspec"}


def grown(small, large):
    return ["%s: %d, then %d" % (what, small.get(what, 0), n) for what, n in large.items()
            if n > LEAST_ROWS and n > MOST_ROWS * max(small.get(what, 0), LEAST_ROWS / STEP)]


def lenses(tap, scratch, name, start):
    size, shape = SHAPES[name]
    rows, seconds = [], []
    for n in (size // STEP, size):
        done, spent = build(scratch, shape(n), "--until", "answer")
        if not is_done(tap, done, name):
            return
        rows.append(stage_rows(json.loads(done.stdout)))
        seconds.append(max(spent - start, 0.001))
    slow = seconds[1] > LEAST_SECONDS and seconds[1] > MOST_SECONDS * seconds[0]
    found = grown(*rows) + (["seconds: %.2f, then %.2f" % tuple(seconds)] if slow else [])
    tap.ok(not found, "%s is read in proportion" % name, "\n".join(found))


def rules(tap, scratch, name):
    size, shape = SHAPES[name]
    rows = []
    for n in (size // STEP // 4, size // 4):
        done, _ = build(scratch, shape(n))
        if not is_done(tap, done, name):
            return
        rows.append(dataset_rows(scratch))
    found = grown(*rows)
    tap.ok(not found, "%s is related in proportion" % name, "\n".join(found))


ONE_OF_TWO = ("def f(c, x, y):\n    if c:\n        y = 1\n    g(y)\n"
              + "".join("    if c:\n        x = %d\n" % i for i in range(20)) + "    g(x)\n" * 10)


def one_variable(tap, scratch):
    """What has too many definitions loses its own, and says so; what stands beside it keeps all of its own."""
    (scratch / "p.yaml").write_text("limits: {flow_max_reaching: 2, flow_min_elements: 1}\n")
    done, _ = build(scratch, ONE_OF_TWO, "--policy", scratch / "p.yaml")
    if not is_done(tap, done, "one variable"):
        return

    def rows(sql):
        return [tuple(row.values()) for row in query(scratch / "out/run_bundles/r", sql)]
    found = rows("SELECT b.name, count(*) FROM reaching_defs r "
                 "JOIN def_use_events u ON u.event_id = r.use_event_id "
                 "JOIN bindings b USING (binding_id) WHERE b.name IN ('x', 'y') GROUP BY ALL")
    tap.ok(found == [("y", 2)], "the other variable keeps its definitions", found)
    found = rows("SELECT code, start_line FROM flow_diagnostics")
    tap.ok(found == [("flow_many_definitions", 45)], "one diagnostic, at the first use", found)
    found = rows("SELECT count(*), count(DISTINCT n.start_line) FROM nodes n JOIN def_use_events e "
                 "ON e.event_id = n.node_id AND e.too_many_defs WHERE n.status = 'TOO_MANY_DEFINITIONS'")
    tap.ok(found == [(10, 10)], "each use has the status", found)
    found = rows("SELECT min(t.n), max(t.n) FROM (SELECT node_id, count(*) AS n FROM name_targets t "
                 "JOIN name_bindings b USING (node_id) WHERE b.name = 'x' AND b.start_line >= 45 GROUP BY ALL) t")
    tap.ok(found[0][0] is not None and found[0][0] >= 20, "its names may be any of its bindings", found)


def main():
    tap = Tap()
    names = sys.argv[1:] or (SHAPES if IS_FULL else QUICK)
    with Scratch() as scratch:
        start = min(build(scratch, "", "--until", "answer")[1] for _ in range(2))
        one_variable(tap, scratch)
        for name in [n for n in names if n not in IS_BOUNDED]:
            lenses(tap, scratch, name, start)
        for name in [n for n in names if n in RULES and IS_FULL]:
            rules(tap, scratch, name)
    tap.finish()


main()
