#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""nasty.py - the files of make_nasty.py: built within limits, each accounted for, rightly judged.

    build      exit code 0 within SECONDS, BYTES of address space and PEAK_BYTES in memory, and the
               doctor agrees
    files      every regular *.py stands in repo_files, with the encoding that CPython reads it in
    verdict    CPython parses it: no error; refuses it: one at least. What is over CPython's own
               limits (memory, recursion) may be either.
    outside    nothing is read behind a link: no path that leads out, no text from there
    again      a second build gives the same content
"""

import json
import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "invariants"))
from harness import PROGRAM, Scratch, Tap, doctor, query  # noqa: E402

SECONDS = 60
BYTES = 12 << 30  # the engine reserves more than it uses
PEAK_BYTES = 3 << 30
IS_SANITIZED = b"asan_init" in Path(PROGRAM).read_bytes() if os.path.exists(PROGRAM) else False
# The judge's own limits: what it says of these is no verdict on the text.
OWN_LIMITS = ("MemoryError", "RecursionError", "crash", "timeout")
SECRET = "RELSPEC_OUTSIDE_SECRET"

# path -> why our verdict is another one than that of CPython before the version
NEWER = {
    "py314.py": ((3, 14), "t-strings and except without parentheses"),
    "py3_new.py": ((3, 12), "type parameters and nested f-strings"),
    "deep_fstring_40.py": ((3, 12), "f-strings with the same quotes inside"),
}


def limit():
    if not IS_SANITIZED:  # which maps terabytes that it never touches
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def make_tree(maker, scratch):
    tree = scratch / "tree"
    subprocess.run([sys.executable, maker, str(tree)], check=True, stdout=subprocess.DEVNULL)
    outside = scratch / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text("%s = 1\n" % SECRET)
    (tree / "links" / "outside_file.py").symlink_to(outside / "secret.py")
    (tree / "links" / "outside_directory").symlink_to(outside)
    return tree


def build(tree, output):
    """(bundle or None, what it said, seconds, peak memory in bytes)"""
    started = time.monotonic()
    factor = 10 if IS_SANITIZED else 1
    with open(str(output) + ".stderr", "w+b") as said:
        child = subprocess.Popen([PROGRAM, "build", str(tree), "-o", str(output), "--quiet"],
                                 preexec_fn=limit, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=said)
        timer = threading.Timer(SECONDS * factor, child.kill)
        timer.start()
        text = child.stdout.read().decode()
        _, status, usage = os.wait4(child.pid, 0)
        timer.cancel()
        child.returncode = (-os.WTERMSIG(status) if os.WIFSIGNALED(status)
                            else os.WEXITSTATUS(status))
        said.seek(0)
        why = said.read().decode(errors="replace")[-2000:]
    seconds = time.monotonic() - started
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    if child.returncode != 0:
        return None, "exit %d after %.0f s\n%s" % (child.returncode, seconds, why), seconds, peak
    return Path(text.strip()), "", seconds, peak


def judge(tap, tree, bundle):
    files = {row["path"]: row for row in query(bundle, "SELECT * FROM repo_files")}
    wrong_files, wrong_verdicts, wrong_encodings, own = [], [], [], 0
    with open(tree / "EXPECT.jsonl") as lines:
        expected = [json.loads(line) for line in lines]
    for row in expected:
        name, said = row["file"], row["cpython"]
        ours = files.get(name)
        if ours is None:
            wrong_files.append(name[:100])
            continue
        if not row["enc"].startswith("error") and (ours["encoding"] or "") != row["enc"] and \
                os.access(tree / row["file"], os.R_OK):
            wrong_encodings.append("%s: %s, not %s" % (name[:60], ours["encoding"], row["enc"]))
        version, _ = NEWER.get(name, ((0, 0), ""))
        if said.startswith(OWN_LIMITS) or sys.version_info[:2] < version:
            own += 1
        elif (said == "ok") != (int(ours["n_errors"]) == 0):
            wrong_verdicts.append("%s: CPython: %s, we: %s errors, %s" % (
                name[:60], said, ours["n_errors"], ours["parse_status"]))
    tap.ok(not wrong_files, "files: %d stand in repo_files" % len(expected),
           "\n".join(wrong_files))
    tap.ok(not wrong_encodings, "files: encodings", "\n".join(wrong_encodings))
    tap.ok(not wrong_verdicts, "verdict: %d agree, %d are CPython's own limits or newer grammar" % (
        len(expected) - own - len(wrong_verdicts), own), "\n".join(wrong_verdicts))
    counted = query(bundle, "SELECT path FROM repo_files f WHERE n_errors <> "
                            "(SELECT count(*) FROM parse_errors p WHERE p.file_id = f.file_id)")
    tap.ok(not counted, "verdict: repo_files counts the rows of parse_errors", counted)


def look_outside(tap, bundle):
    strays = query(bundle, "SELECT path FROM repo_files WHERE path LIKE 'links/%' OR "
                           "path LIKE '/%' OR path LIKE '%..%'")
    tap.ok(not strays, "outside: no file behind a link", strays)
    names = query(bundle, "SELECT name FROM name_refs WHERE name = '%s'" % SECRET)
    tap.ok(not names, "outside: nothing was read there", names)


def main():
    maker = Path(__file__).resolve().parents[1] / "oracle/make_nasty.py"
    tap = Tap()
    with Scratch() as scratch:
        tree = make_tree(maker, scratch)
        bundle, why, seconds, peak = build(tree, scratch / "out")
        tap.ok(bundle is not None, "build: %.1f s" % seconds, why)
        tap.ok(peak <= PEAK_BYTES or IS_SANITIZED, "build: %.0f MB at most" % (peak / 1e6))
        if bundle is not None:
            complaint = doctor(bundle)
            tap.ok(not complaint, "build: the doctor agrees", complaint)
            judge(tap, tree, bundle)
            look_outside(tap, bundle)
            again, why, _, _ = build(tree, scratch / "again")
            tap.ok(again is not None and again.name == bundle.name, "again: the same content",
                   why or "%s and %s" % (bundle.name, again.name))
    tap.finish()


if __name__ == "__main__":
    main()
