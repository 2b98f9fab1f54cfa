#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pipes.py - standard output that goes away: a reader that has enough is no failure, and changes no
verdict; a disk that is full is one, by its name."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import PROGRAM, Scratch, Tap, build, relspec, small_tree, write_tree  # noqa: E402


def commands(bundle, other, tree, scratch):
    """Those that print something, and the exit code that each has anyway."""
    return {
        "query": (["query", "-q", bundle, "SELECT * FROM nodes"], 0),
        "query much": (["query", "-q", bundle, "SELECT * FROM range(200000)"], 0),
        "query json": (["query", "-q", "-f", "json", bundle, "SELECT * FROM range(200000)"], 0),
        "query csv": (["query", "-q", "-f", "csv", bundle, "SELECT * FROM range(200000)"], 0),
        "query arrow": (["query", "-q", "-f", "arrow", bundle, "SELECT * FROM range(200000)"], 0),
        "query views": (["query", "--views"], 0),
        "export": (["export", "-q", "-f", "jsonl", bundle], 0),
        "why": (["why", bundle, "--kind", "AST", "--limit", "2"], 0),
        "why json": (["why", bundle, "--kind", "AST", "--limit", "2", "--json"], 0),
        "why not": (["why-not", bundle, "--call", "pkg/core.py:12"], None),
        "diff": (["diff", bundle, other], 1),
        "diff json": (["diff", "--json", bundle, other], 1),
        "schema": (["schema"], 0),
        "schema json": (["schema", "--json"], 0),
        "rules list": (["rules", "list"], 0),
        "rules json": (["rules", "list", "--json"], 0),
        "rules graph": (["rules", "graph"], 0),
        "pipeline": (["pipeline"], 0),
        "config": (["config", tree], 0),
        "runs": (["runs", "list", scratch / "out"], 0),
        "build": (["build", "-q", tree, "-o", scratch / "built"], 0),
        "build json": (["build", tree, "-o", scratch / "built", "--json"], 0),
        "doctor": (["doctor", bundle, "--json"], 0),
        "registry": (["internal", "dump-registry", "--json"], 0),
        "help": (["help", "query"], 0),
        "version": (["version"], 0),
    }


def run(args, stdout):
    return subprocess.run([PROGRAM, *map(str, args)], stdout=stdout, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, encoding="utf-8", timeout=120)


def without_reader(args, n_read):
    """Exit code and messages when the reader takes some bytes and leaves."""
    read_end, write_end = os.pipe()
    child = subprocess.Popen([PROGRAM, *map(str, args)], stdout=write_end, stderr=subprocess.PIPE,
                             stdin=subprocess.DEVNULL, encoding="utf-8")
    os.close(write_end)
    if n_read > 0:
        os.read(read_end, n_read)
    os.close(read_end)
    _, messages = child.communicate(timeout=120)
    return child.returncode, messages


def main():
    tap = Tap()
    with Scratch() as scratch:
        tree = small_tree(scratch / "tree")
        bundle = build(tree, scratch / "out")
        write_tree(tree, {"more.py": "def more(): pass\n"})
        other = build(tree, scratch / "other")
        for name, (args, wanted) in commands(bundle, other, tree, scratch).items():
            usual = run(args, subprocess.DEVNULL)
            wanted = usual.returncode if wanted is None else wanted
            tap.ok(usual.returncode == wanted, name, usual.stderr)
            for n_read in (0, 10):
                code, messages = without_reader(args, n_read)
                tap.ok(code == wanted and messages == usual.stderr,
                       "%s: a reader that left after %d bytes is no failure" % (name, n_read),
                       "%d %s" % (code, messages))
            with open("/dev/full", "wb") as full:
                done = run(args, full)
            tap.ok(done.returncode == 3 and "write standard output: No space left on device\n" in done.stderr and
                   done.stderr.count("relspec: ") == 1,
                   "%s: a full disk is named" % name, "%d %s" % (done.returncode, done.stderr))
    tap.finish()


main()
