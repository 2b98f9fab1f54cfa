#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""drafts.py - a bundle in the making is left alone by other builds, wherever their process runs, and
what a killed one left is not."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "invariants"))
from harness import (PROGRAM, SOURCE, Scratch, Tap, build, doctor, relspec, small_tree,  # noqa: E402
                     write_tree)

NO_FLOCK = Path(os.environ.get("RS_BINARY_DIR", SOURCE / "build/release")) / "tests/fault/no_flock.so"
TWO_DAYS = 2 * 24 * 60 * 60
SECONDS = 120
NAMESPACES = [["unshare", "--pid", "--fork"], ["unshare", "--user", "--map-root-user", "--pid", "--fork"]]


def hidden(output):
    folder = output / "run_bundles"
    found = os.listdir(folder) if folder.exists() else []
    return sorted(n for n in found if n.startswith(".") and n != ".gitignore")


def make_draft(output, name, has_lock, age=0):
    """What a build of that name has while it is at it."""
    draft = write_tree(output / "run_bundles" / (".tmp-" + name), {"cpg/nodes/part-00000.parquet": "PAR1"})
    lock = output / "run_bundles" / (".lock-" + name)
    if has_lock:
        lock.write_bytes(b"")
    for path in (draft, lock):
        if path.exists():
            os.utime(path, (time.time() - age,) * 2)
    return draft, lock


def judged(tap, scratch):
    """Who is alive is told by the lock, never by the number of a process."""
    tree = small_tree(scratch / "src")
    for name, has_lock, is_held, age, stays in [
            ("held-2147483647", True, True, TWO_DAYS, True),   # no process has that number
            ("left-%d" % os.getpid(), True, False, 0, False),  # a process does
            ("young-2147483647", False, False, 0, True),
            ("old-%d" % os.getpid(), False, False, TWO_DAYS, False)]:
        output = scratch / name
        draft, lock = make_draft(output, name, has_lock, age)
        with open(lock, "rb") if is_held else open(os.devnull, "rb") as held:
            if is_held:
                fcntl.flock(held, fcntl.LOCK_EX)
            build(tree, output)
        tap.ok(draft.exists() == stays, "a draft that is %s %s" % (name.split("-")[0],
                                                                  "stays" if stays else "goes"),
               hidden(output))
        tap.ok(lock.exists() == (has_lock and stays), "and so does its lock", hidden(output))


def without_locks(tap, scratch):
    if not NO_FLOCK.exists():
        print("# sanitizers are no friends of preloading: without it")
        return
    tree = small_tree(scratch / "src")
    for age, stays in [(0, True), (TWO_DAYS, False)]:
        output = scratch / str(age)
        draft, _ = make_draft(output, "x-2147483647", True, age)
        result = relspec("build", tree, "-o", output, "--quiet", env={"LD_PRELOAD": str(NO_FLOCK)})
        tap.ok(result.returncode == 0 and not doctor(output), "a build without locks", result.stderr)
        tap.ok(draft.exists() == stays, "without locks a draft of %d days %s" %
               (age // 86400, "stays" if stays else "goes"), hidden(output))


def start(tree, output, before=()):
    """A build that was stopped in its middle: (what was started, the number of the build here)."""
    process = subprocess.Popen([*before, PROGRAM, "build", str(tree), "-o", str(output), "--quiet"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
    deadline = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if list((output / "run_bundles").glob(".tmp-*/evidence/*/*.parquet")):
            break
        time.sleep(0.002)
    number = process.pid
    if before:
        children = Path("/proc/%d/task/%d/children" % (number, number)).read_text().split()
        number = int(children[0]) if children else number
    os.kill(number, signal.SIGSTOP)
    return process, number


def elsewhere(tap, scratch, tree):
    """In another container processes have other numbers."""
    for before in NAMESPACES:
        if subprocess.run([*before, "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            break
    else:
        tap.skip("two namespaces of processes", "no right to make one")
        return
    output = scratch / "shared"
    process, number = start(tree, output, before)
    drafts = hidden(output)
    other = build(small_tree(scratch / "src"), output, "--run", "other")
    tap.ok(other.exists() and drafts and set(drafts) <= set(hidden(output)),
           "a build in another namespace is left alone", (drafts, hidden(output)))
    os.kill(number, signal.SIGCONT)
    stdout, stderr = process.communicate(timeout=SECONDS)
    tap.ok(process.returncode == 0, "it goes on", stderr)
    tap.ok(doctor(stdout.strip()) == "", "its bundle is whole", doctor(stdout.strip()))
    tap.ok(not hidden(output), "and nothing else stays", hidden(output))


def robbed(tap, scratch, tree):
    """Somebody takes a file away while the bundle is made."""
    output = scratch / "robbed"
    process, number = start(tree, output)
    taken = sorted((output / "run_bundles").glob(".tmp-*/evidence/*/*.parquet"))[0]
    taken.unlink()
    os.kill(number, signal.SIGCONT)
    _, stderr = process.communicate(timeout=SECONDS)
    tap.ok(process.returncode == 3 and taken.name in stderr, "a file that is gone is missed", stderr)
    tap.ok(not (output / "run_bundles").exists(), "no half bundle, and no folder for it", hidden(output))


def main():
    tap = Tap()
    with Scratch() as scratch:
        judged(tap, scratch / "judged")
        without_locks(tap, scratch / "without")
        text = "".join("def f%d(a, b=%d):\n    return [a.x(b), {'k': f%d}]\n\n" % (i, i, i)
                       for i in range(400))
        tree = write_tree(scratch / "large", {"m%03d.py" % i: text for i in range(100)})
        elsewhere(tap, scratch, tree)
        robbed(tap, scratch, tree)
    tap.finish()


main()
