#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - when the machine gets in the way: a clear message, the right exit code, no half bundle."""

import fcntl
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "invariants"))
from harness import (PROGRAM, Scratch, Tap, build, build_unseen, doctor, query, relspec, small_tree,  # noqa: E402
                     write_tree)


def bundles(output):
    """What lies in run_bundles/, leftovers of killed runs apart."""
    folder = output / "run_bundles"
    return sorted(n for n in os.listdir(folder) if not n.startswith(".")) if folder.exists() else []


def leftovers(output):
    folder = output / "run_bundles"
    found = os.listdir(folder) if folder.exists() else []
    return sorted(n for n in found if n.startswith(".") and n != ".gitignore")


def large_tree(root, n_files=400):
    text = "".join("def f%d(a, b=%d):\n    return [a.x(b), {'k': f%d}]\n\n" % (i, i, i)
                   for i in range(400))
    return write_tree(root, {"m%03d.py" % i: text for i in range(n_files)})


def small_files_only():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))


def full_disk(tap, scratch):
    name = "a full disk"
    mount = scratch / "small"
    mount.mkdir()
    is_mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(mount)],
        stderr=subprocess.DEVNULL).returncode == 0
    # Who may not mount gets files that may not grow.
    how = {} if is_mounted else {"preexec_fn": small_files_only}
    words = "o space left" if is_mounted else "ile too large"
    try:
        result = relspec("build", large_tree(scratch / "large-a", 20), "-o", mount, **how)
        tap.ok(result.returncode == 3 and words in result.stderr, name + " is exit 3",
               result.stderr)
        tap.ok(not bundles(mount) and not leftovers(mount), name + " leaves nothing",
               bundles(mount) + leftovers(mount))
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", str(mount)], check=False)


def start_large(scratch, output):
    tree = scratch / "large-b"
    if not tree.exists():
        large_tree(tree)
    process = subprocess.Popen([PROGRAM, "build", str(tree), "-o", str(output), "--quiet"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not leftovers(output) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(0.1)
    return process


def killed(tap, scratch):
    output = scratch / "killed"
    process = start_large(scratch, output)
    process.kill()
    process.communicate()
    tap.ok(not bundles(output), "a killed run leaves no bundle", bundles(output))
    tap.ok(sorted(n.split("-")[0] for n in leftovers(output)) == [".lock", ".tmp"],
           "a killed run was in the middle", leftovers(output))
    result = relspec("query", output, "SELECT 1")
    tap.ok(result.returncode == 2, "what it left is no bundle", result.stderr)
    bundle = build(small_tree(scratch / "src-k"), output)
    tap.ok(not leftovers(output) and bundle.exists(), "the next run cleans up", leftovers(output))


def interrupted(tap, scratch):
    output = scratch / "interrupted"
    for number in (signal.SIGINT, signal.SIGTERM):
        process = start_large(scratch, output)
        started = time.monotonic()
        process.send_signal(number)
        _, stderr = process.communicate()
        tap.ok(process.returncode == 128 + number, "%s is exit %d" % (number.name, 128 + number),
               "%d\n%s" % (process.returncode, stderr.decode()))
        tap.ok(not bundles(output) and not leftovers(output), "%s leaves nothing" % number.name)
        tap.ok(time.monotonic() - started < 20, "%s is obeyed soon" % number.name)


def pruned(tap, scratch):
    """`runs prune` takes no bundle that a run is about to replace, and no draft that is at work."""
    output = scratch / "pruned"
    tree = small_tree(scratch / "src-p")
    for name in ("one", "two", "three"):
        build(tree, output, "--run", name)
    folder = output / "run_bundles"
    (folder / ".tmp-one-999").mkdir()
    lock = open(folder / ".lock-one-999", "w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    (folder / ".tmp-two-998").mkdir()  # its run was killed
    (folder / ".lock-two-998").touch()
    done = relspec("runs", "prune", output, "--keep", "0", "--json")
    told = {r["name"]: r["kept_for"] for r in json.loads(done.stdout)["runs"]}
    tap.ok(told == {"one": "building", "two": None, "three": "latest"}, "prune says what stays", done.stdout)
    tap.ok(sorted(os.listdir(folder)) == [".gitignore", ".lock-one-999", ".tmp-one-999", "latest", "one",
                                          "three"], "and removes nothing else", os.listdir(folder))
    lock.close()
    relspec("runs", "prune", output, "--keep", "0")
    tap.ok(sorted(os.listdir(folder)) == [".gitignore", "latest", "three"], "once its run is gone, it goes",
           os.listdir(folder))


def unreadable(tap, scratch):
    name = "an unreadable file"
    tree = small_tree(scratch / "src-u")
    secret = write_tree(tree, {"secret.py": "x = 1\n"}) / "secret.py"
    secret.chmod(0)
    # Root may read everything, unless it gives that up.
    before = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    bundle = build_unseen(tree, scratch / "out-u", before=before)
    tap.ok(not doctor(bundle), name + " leaves a sound bundle", doctor(bundle))
    rows = query(bundle, "SELECT parse_status FROM repo_files WHERE path = 'secret.py'")
    tap.ok(rows == [{"parse_status": "unreadable"}], name + " is listed", rows)


def places(tap, scratch):
    for name, path, code, words in [
            ("a directory that is not there", scratch / "nowhere", 2, "No such file"),
            ("a device", "/dev/null", 2, "/dev/null")]:
        result = relspec("build", path, "-o", scratch / "out-p")
        tap.ok(result.returncode == code and words in result.stderr, name,
               "%d\n%s" % (result.returncode, result.stderr))
        tap.ok(not bundles(scratch / "out-p"), name + " gives no bundle")
    (scratch / "empty").mkdir()
    result = relspec("build", scratch / "empty", "-o", scratch / "out-e")
    tap.ok(result.returncode == 0 and "no Python source" in result.stderr, "an empty directory",
           result.stderr)
    tap.ok(doctor(scratch / "out-e") == "", "an empty graph is sound", doctor(scratch / "out-e"))
    write_tree(scratch, {"file-not-folder": "x"})
    result = relspec("build", scratch / "empty", "-o", scratch / "file-not-folder")
    tap.ok(result.returncode == 3 and "Not a directory" in result.stderr,
           "an output that is no directory", result.stderr)


def rules(tap, scratch):
    tree = small_tree(scratch / "src-r")
    packs = write_tree(scratch / "packs", {"bad.yaml": "rules:\n  - name: [unclosed\n"})
    result = relspec("build", tree, "--rules", packs, "-o", scratch / "out-r")
    tap.ok(result.returncode == 2 and "bad.yaml" in result.stderr, "a broken rule file",
           "%d\n%s" % (result.returncode, result.stderr))
    tap.ok(not bundles(scratch / "out-r"), "a broken rule file gives no bundle")
    result = relspec("rules", "check", packs)
    tap.ok(result.returncode == 1 and "bad.yaml:" in result.stdout, "rules check names the place",
           result.stdout + result.stderr)


def parquet(tap, scratch):
    bundle = build(small_tree(scratch / "src-b"), scratch / "out-b").resolve()
    path = bundle / "cpg/nodes/part-00000.parquet"
    path.write_bytes(b"PAR1" + b"\0" * 64 + b"PAR1")
    result = relspec("query", bundle, "SELECT count(*) FROM nodes")
    tap.ok(result.returncode == 3 and "relspec:" in result.stderr, "a query of broken Parquet",
           "%d\n%s" % (result.returncode, result.stderr))
    result = relspec("doctor", bundle)
    tap.ok(result.returncode == 1 and "cpg/nodes" in result.stdout, "the doctor of broken Parquet",
           result.stdout)


def full_stdout(tap, _):
    for command in (["schema"], ["help"], ["pipeline", "--json"], ["version"]):
        with open("/dev/full", "w") as full:
            result = relspec(*command, stdout=full)
        tap.ok(result.returncode == 3 and "standard output" in result.stderr,
               "a full standard output: " + " ".join(command), result.stderr)


def reader_left(tap, _):
    for command in (["schema", "kinds"], ["help"], ["pipeline", "--json"], ["version"]):
        reader, writer = os.pipe()
        os.close(reader)
        result = relspec(*command, stdout=writer)
        os.close(writer)
        tap.ok(result.returncode == 0 and result.stderr == "",
               "nobody reads: " + " ".join(command), result.stderr)


def main():
    tap = Tap()
    for test in (places, rules, parquet, full_stdout, reader_left, unreadable, killed, pruned,
                 interrupted, full_disk):
        with Scratch() as scratch:
            test(tap, scratch)
    tap.finish()


main()
