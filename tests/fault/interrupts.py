#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""interrupts.py [REGEX] - every command ends within half a second of SIGINT and SIGTERM, wherever it is.

Moments are seconds of the processor that a command has spent, so that a machine with much else to do finds it at the
same places; so is the half second. What an interrupt leaves behind is nothing.
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "invariants"))
from harness import PROGRAM, Scratch, Tap, build, relspec, small_tree, some, write_tree  # noqa: E402

SECONDS = 0.5
TICKS = os.sysconf("SC_CLK_TCK")
MOMENTS = [0.3, 0.02, 0.05, 0.1, 0.15, 0.2, 0.5, 0.7, 1.0, 1.5, 2.2]
DEADLINE = 120

# 2.4 MB each.
SHAPES = {
    "statements": "a;" * 1200000 + "\n",
    "functions": "".join("def f%d(a, b=%d):\n    return [a.x(b), {'k': f%d}]\n\n" % (i, i, i) for i in range(42000)),
    "branches": "if a:\n b=1\nelse:\n c=2\n" * 105000,
    "a string": "x = '" + "y" * 2400000 + "'\n",
}
ENDLESS = "SELECT sum(a.range * b.range) FROM range(9999999) a, range(9999999) b"


def rules(n_rules):
    return "pack: many\ndoc: d.\nrules:\n" + "".join(
        "- name: r%d\n  doc: d.\n  kind: filter_project\n  inputs: {n: syntax_nodes}\n"
        "  emit: {edge: AST, src: n.parent_id, dst: n.node_id, file: n.file_id}\n" % i for i in range(n_rules))


def spent(pid):
    """Seconds of the processor; None when it is over."""
    try:
        fields = Path("/proc/%d/stat" % pid).read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else (int(fields[11]) + int(fields[12])) / TICKS


def interrupt(args, moment, number):
    """(exit code, seconds of the processor behind the signal), or None when it had ended before."""
    child = subprocess.Popen([PROGRAM] + [str(a) for a in args], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + DEADLINE
    before = spent(child.pid)
    while before is not None and before < moment and time.monotonic() < deadline:
        time.sleep(0.002)
        before = spent(child.pid)
    if before is None:
        child.wait()
        return None
    child.send_signal(number)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, usage.ru_utime + usage.ru_stime - before


def commands(scratch):
    """name -> arguments; all that `relspec help` lists, but for those that only speak of themselves."""
    bundle = build(small_tree(scratch / "small"), scratch / "out").resolve()
    other = build(write_tree(scratch / "other", {"a.py": "import os\nos.getcwd()\n"}), scratch / "out2").resolve()
    packs = write_tree(scratch / "packs", {"p.yaml": rules(3000)})
    found = {"query": ["query", bundle, ENDLESS, "--format", "parquet", "-o", scratch / "left/rows"],
             "export": ["export", bundle, "--format", "jsonl", "-o", scratch / "left/graph"],
             "why": ["why", bundle, "--kind", "AST"],
             "why-not": ["why-not", bundle, "--at", "pkg/a.py:1"],
             "doctor": ["doctor", bundle],
             "diff": ["diff", bundle, other],
             "gate": ["gate", scratch / "small", "--update", "--snapshot", scratch / "left/snapshot"],
             "runs list": ["runs", "list", scratch / "out"],
             "runs prune": ["runs", "prune", scratch / "out", "--keep", "9"],
             "config": ["config", scratch / "small"]}
    for name in "list", "show", "check", "graph", "signatures":
        found["rules " + name] = ["rules", name] + ([packs] if name == "check" else ["--rules", packs]) + \
            (["call_to_qname"] if name == "show" else [])
    for name, text in SHAPES.items():
        tree = write_tree(scratch / "trees" / name, {"a.py": text})
        found["build of " + name] = ["build", tree, "-o", scratch / "left", "-q"]
    many = write_tree(scratch / "many", {"p.yaml": rules(2000)})
    found["build of rules"] = ["build", scratch / "small", "--rules", many, "-o", scratch / "left", "-q"]
    # docs/limits.md: DuckDB plans a statement in one go.
    few = write_tree(scratch / "few", {"p.yaml": rules(500)})
    found["build of rules in one statement"] = ["build", scratch / "small", "--rules", few, "--engine", "duckdb",
                                                "-o", scratch / "left", "-q"]
    return found


def main():
    tap = Tap()
    wanted = re.compile(sys.argv[1] if len(sys.argv) > 1 else "")
    with Scratch() as scratch:
        found = {name: args for name, args in commands(scratch).items() if wanted.search(name)}
        listed = set(re.findall(r"^  relspec ([a-z-]+)", relspec("help").stdout, re.M))
        tap.ok(len(sys.argv) > 1 or listed - {n.split()[0] for n in found} == {"schema", "pipeline", "help", "version"},
               "all commands are interrupted", listed)
        (scratch / "left").mkdir()
        n_caught = 0
        for name, args in found.items():
            for i, moment in enumerate(some(MOMENTS)):
                number = signal.SIGTERM if i % 2 else signal.SIGINT
                result = interrupt(args, moment, number)
                if result is None and moment > 0.3:
                    break
                n_caught += result is not None and result[0] == 128 + number
                tap.ok(result is None or (result[0] in (0, 1, 128 + number) and result[1] < SECONDS),
                       "%s, interrupted after %.2f s" % (name, moment), result)
                left = sorted(set(os.listdir(scratch / "left")) - {"rows", "graph", "snapshot", "run_bundles"})
                half = [n for n in (os.listdir(scratch / "left/run_bundles")
                                    if (scratch / "left/run_bundles").exists() else []) if n.startswith((".tmp", ".lo"))]
                tap.ok(not left and not half, "%s leaves nothing" % name, left + half)
        tap.ok(n_caught >= len(found), "most were at work", n_caught)
    tap.finish()


main()
