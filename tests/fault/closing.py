#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""closing.py - what was written is there or it is told, and what is read is one bundle.

    lost      the system says at close() that a file was not written: exit 3, no file, no bundle, no draft
    left      the draft of a file whose writer was killed goes with the next one; one at work stays
    durable   what is renamed into its place has been synced before, and its folder is behind
    replaced  a bundle that another takes the place of while it is read is not told from a mix of both
"""

import fcntl
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "invariants"))
from harness import (PROGRAM, SOURCE, Scratch, Tap, build, relspec, small_tree, some,  # noqa: E402
                     write_tree)

FOLDER = Path(os.environ.get("RS_BINARY_DIR", SOURCE / "build/release")) / "tests/fault"
PRELOADED, WATCHED = FOLDER / "bad_close.so", FOLDER / "sync_order.so"
SECONDS = 60
FORMATS = ["table", "csv", "json", "arrow", "parquet"]


def lost(tap, scratch):
    if not PRELOADED.exists():
        print("# sanitizers are no friends of preloading: without it")
        return
    tree = small_tree(scratch / "src")
    bundle = build(tree, scratch / "out").resolve()

    def fails(name, part, kept, *args, **more):
        result = relspec(*args, env={"LD_PRELOAD": str(PRELOADED), "RS_BAD_CLOSE": part}, **more)
        tap.ok(result.returncode == 3 and "isk quota exceeded" in result.stderr, "%s is lost" % name,
               "%d\n%s%s" % (result.returncode, result.stdout, result.stderr))
        found = sorted(set(os.listdir(kept)) - {".gitignore"}) if kept.exists() else []
        tap.ok(not found, "%s leaves nothing" % name, found)

    for part in some(("cpg/nodes/part", "manifest.json", "cpg/props/part", "evidence/calls/part", "relationships/",
                      "rule_exec_events", "schemas/calls", "relspec/rules.json", "README.md", "config.json",
                      "environment.json"), 2):
        output = scratch / "lost"
        fails(part, part, output / "run_bundles", "build", tree, "-o", output)
    folder = scratch / "files"
    folder.mkdir()
    for name in FORMATS:
        fails(name, "/files/", folder, "query", bundle, "SELECT * FROM nodes", "--format", name, "-o",
              folder / "rows")
    fails("a graph", "/files/", folder, "export", bundle, "--format", "jsonl", "-o", folder / "graph")
    fails("a snapshot", "/files/", folder, "gate", "--bundle", bundle, "--update", "--snapshot", folder / "snapshot")
    with open(folder / "out", "w") as out:
        fails("standard output", "/files/", folder / "none", "query", bundle, "SELECT 1", stdout=out)


def durable(tap, scratch):
    """What is renamed into its place is on the disk, and so is the name, before the build says that it is done."""
    if not WATCHED.exists():
        print("# sanitizers are no friends of preloading: without it")
        return
    tree = small_tree(scratch / "src")
    for what in "a new bundle", "one that takes the place of another":
        log = scratch / "log"
        log.unlink(missing_ok=True)
        result = relspec("build", tree, "-o", scratch / "out", "--run", "one", "-q",
                         env={"LD_PRELOAD": str(WATCHED), "RS_SYNC_LOG": str(log)})
        lines = log.read_text().splitlines() if log.exists() else []
        at = lambda pattern: [i for i, line in enumerate(lines) if re.search(pattern, line)]
        renamed = at(r"^renamed \S*/\.tmp-\S* -> \S*/run_bundles/one$")
        tap.ok(result.returncode == 0 and len(renamed) == 1, "%s: it is renamed once" % what, lines[-20:])
        if not renamed:
            continue
        written = [i for i in at(r"^written \S*/run_bundles/\.tmp-") if i < renamed[0]]
        synced = [i for i in at(r"^(all )?synced \S*/run_bundles") if i < renamed[0]]
        tap.ok(len(written) > 50 and synced and max(synced) > max(written), "%s: files are synced before" % what,
               lines[max(0, renamed[0] - 8):renamed[0] + 1])
        tap.ok([i for i in at(r"^(all )?synced \S*/run_bundles$") if i > renamed[0]],
               "%s: its folder is synced behind" % what, lines[renamed[0]:])


def left(tap, scratch):
    """Each file that is written has its draft: (what writes it, its path)."""
    bundle = build(small_tree(scratch / "src"), scratch / "out").resolve()
    folder = scratch / "files"
    for name, args in [("rows.csv", ["query", bundle, "SELECT 1", "--format", "csv", "-o"]),
                       ("rows.parquet", ["query", bundle, "SELECT 1", "--format", "parquet", "-o"]),
                       ("graph.jsonl", ["export", bundle, "--format", "jsonl", "-o"]),
                       ("snapshot.json", ["gate", "--bundle", bundle, "--update", "--snapshot"])]:
        write_tree(folder, {name + ".tmp-77/draft": "", name + ".tmp-77/lock": "",
                            name + ".tmp-78/draft": "", name + ".tmp-78/lock": "",
                            name + ".tmp-79/mine": "", name + ".tmp-79/lock": "",
                            name + ".tmp-80": "mine"})
        with open(folder / (name + ".tmp-78/lock"), "rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            result = relspec(*args, folder / name)
        tap.ok(result.returncode == 0, name + " is written", result.stderr)
        found = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir())
        want = [name, name + ".tmp-78/draft", name + ".tmp-78/lock", name + ".tmp-79/mine", name + ".tmp-80"]
        tap.ok(found == want, name + ": what a killed writer left is gone, and nothing else", found)
        subprocess.run(["rm", "-r", str(folder)], check=True)
    killed(tap, scratch, bundle)


def killed(tap, scratch, bundle):
    folder = scratch / "killed"
    folder.mkdir()
    long = "SELECT range, -range FROM range(999999999)"
    for name in "csv", "parquet":
        child = subprocess.Popen([PROGRAM, "query", str(bundle), long, "--format", name, "-o", str(folder / name)])
        deadline = time.monotonic() + SECONDS
        while not list(folder.glob("*/lock")) and time.monotonic() < deadline:
            time.sleep(0.01)
        child.kill()
        child.wait()
        tap.ok(len(os.listdir(folder)) == 1, "a killed writer of %s leaves its draft" % name, os.listdir(folder))
        relspec("query", bundle, "SELECT 1", "--format", name, "-o", folder / name)
        tap.ok(os.listdir(folder) == [name], "the next one takes it along", os.listdir(folder))
        (folder / name).unlink()


def await_open(child, bundle):
    """Until a reader has the bundle's folder open, and a little longer."""
    deadline = time.monotonic() + SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        links = [os.readlink(p) for p in Path("/proc/%d/fd" % child.pid).iterdir() if p.is_symlink()]
        if str(bundle) in links:
            break
        time.sleep(0.01)
    time.sleep(0.2)


def replaced(tap, scratch):
    """A reader stops in the middle; meanwhile its bundle is built anew, or removed."""
    tree = small_tree(scratch / "src")
    output = scratch / "out"
    bundle = build(tree, output, "--run", "x").resolve()
    other = build(tree, output, "--run", "y").resolve()
    slow = "SELECT count(*) AS n FROM (FROM nodes LIMIT 20), range(10000000) a WHERE hash(node_id + a.range) <> 1"
    for how in "replaced", "removed":
        for name, args in [("query", ["query", bundle, slow]),
                           ("parquet", ["query", bundle, slow, "--format", "parquet", "-o",
                                        scratch / "rows"])]:
            child = subprocess.Popen([PROGRAM, *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                     encoding="utf-8")
            await_open(child, bundle)
            child.send_signal(signal.SIGSTOP)
            done = child.poll()
            if how == "replaced":
                build(tree, output, "--run", "x")
            else:
                os.rename(bundle, scratch / "away")
            child.send_signal(signal.SIGCONT)
            _, stderr = child.communicate(timeout=SECONDS)
            if how == "removed":
                os.rename(scratch / "away", bundle)
            tap.ok(done is None, "%s: the %s was at work" % (how, name))
            tap.ok(child.returncode == 3 and "replaced or removed" in stderr, "%s: the %s says so" % (how, name),
                   "%d\n%s" % (child.returncode, stderr))
            tap.ok(not (scratch / "rows").exists(), "%s: no file of it" % how)
    result = relspec("query", other, "SELECT 1")
    tap.ok(result.returncode == 0, "another bundle is none of it", result.stderr)


def main():
    tap = Tap()
    for test in (lost, durable, left, replaced):
        with Scratch() as scratch:
            test(tap, scratch)
    tap.finish()


main()
