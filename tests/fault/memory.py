#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""memory.py - memory has a ceiling, for the whole program and in every command.

    least     the floor was measured: with what the message asks for a build of nothing succeeds and stays
              below it, with less it is refused before anything is made
    enough    of some eighty files: from some memory on they are built, below it a build ends in one line; kernels
              in the engine alone take no more
    too much  a build that cannot fit says so, exit 3, and leaves nothing
    one file  that takes too much costs itself a diagnostic
    commands  each takes --memory; questions that need more are refused in our words
    refused   the system gives less and less address space: exit 0 or 3, one line, nothing left over
"""

import os
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "invariants"))
from harness import (PROGRAM, Scratch, Tap, build, doctor, query, relspec, small_tree, some,  # noqa: E402
                     write_tree)

MB = 1 << 20
BYTES = 8 << 30     # of address space, where a test limits nothing
MARGIN = 12 * MB    # what pages of libraries may differ by
least_codes = {}    # of the exits of all lanes, by threads
STATEMENTS = "a;" * 400000 + "\n"


def measured(*args, space=BYTES):
    """(exit code, what it said, bytes at its peak)"""
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (space, space))
        resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    child = subprocess.Popen([PROGRAM] + [str(a) for a in args], preexec_fn=limit,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = child.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return child.returncode, said, usage.ru_maxrss * 1024


def leftovers(output):
    folder = Path(output) / "run_bundles"
    return sorted(set(os.listdir(folder)) - {".gitignore"}) if folder.exists() else []


def least(tap, scratch):
    tree = small_tree(scratch / "tree")
    for n_threads in 1, 4:
        code, said, _ = measured("build", tree, "-o", scratch / "no", "--memory", "1M", "-j", n_threads)
        found = re.search(r"it takes (\d+) MB", said)
        tap.ok(code == 3 and found and not leftovers(scratch / "no"), "too little is refused", said)
        n_bytes = int(found.group(1)) * 1000000 if found else 0
        code, said, _ = measured("build", tree, "-o", scratch / "no", "--memory", n_bytes - 2 * MB,
                                 "-j", n_threads)
        tap.ok(code == 3 and not leftovers(scratch / "no"), "a little less is refused, too", said)
        code, said, peak = measured("build", tree, "-o", scratch / "out", "--memory", n_bytes + MB, "-q",
                                    "-j", n_threads)
        tap.ok(code == 0 and peak < n_bytes + MB, "%d threads live on %d MB" % (n_threads, n_bytes // 1000000),
               "exit %d, %d MB\n%s" % (code, peak // 1000000, said))


def enough(tap, scratch):
    library = Path(os.__file__).parent
    tree = scratch / "tree"
    for name in "asyncio", "email", "unittest":
        shutil.copytree(library / name, tree / name, ignore=lambda folder, names: [
            n for n in names if not n.endswith(".py") and (Path(folder) / n).is_file() or n == "test"])
    (scratch / "builtin.yaml").write_text("lanes: {allowed: [BUILTIN]}\n")
    for lanes, options in ("all lanes", ()), ("one lane", ("--policy", scratch / "builtin.yaml")):
        for n_threads in 1, 2:
            codes = []
            for memory in some([130, 180, 250, 340, 450, 600], 3) + some([600]):
                code, said, peak = measured("build", tree, "-o", scratch / "out", "--memory", memory * MB, "-q",
                                            "-j", n_threads, *options)
                codes.append(code)
                tap.ok(code == 0 or (code == 3 and said.count("\n") == 1 and "memory" in said),
                       "%s, %d threads, %d MB" % (lanes, n_threads, memory), "exit %d\n%s" % (code, said))
                left = [n for n in leftovers(scratch / "out") if n.startswith((".tmp", ".lock"))]
                tap.ok(not left and peak < memory * MB + MARGIN, "nothing is left, no more is taken",
                       "%s, %d MB" % (left, peak // MB))
            tap.ok(codes[-1] == 0 and codes == sorted(codes, reverse=True),
                   "%s, %d threads: from some memory on, it is enough" % (lanes, n_threads), codes)
            # Where all lanes fit, so does one.
            if lanes == "all lanes":
                least_codes[n_threads] = codes
            else:
                tap.ok(codes == least_codes[n_threads], "the same memory is enough for one lane alone",
                       (codes, least_codes[n_threads]))


def too_much(tap, scratch):
    tree = write_tree(scratch / "tree", {"m%02d.py" % i: "a;" * 30000 + "\n" for i in range(30)})
    memory = 300 * MB
    code, said, peak = measured("build", tree, "-o", scratch / "out", "--memory", memory, "-j", 2)
    tap.ok(code == 3 and "--memory" in said and "nothing was written" in said, "what cannot fit says so",
           "exit %d\n%s" % (code, said))
    tap.ok(not leftovers(scratch / "out"), "what cannot fit leaves nothing", leftovers(scratch / "out"))
    tap.ok(peak < memory + MARGIN, "what cannot fit stays below the limit", peak // MB)
    tree = write_tree(scratch / "twice", {"m%02d.py" % i: "a;" * 5000 + "\n" for i in range(300)})
    code, said, peak = measured("build", tree, "-o", scratch / "out", "--memory", memory, "-j", 2)
    found = re.search(r"the rows of (\d+) of 300 files take (\d+) MB, which makes about (\d+) MB", said)
    tap.ok(code == 3 and found and int(found.group(1)) < 60, "the first files tell what all of them will take",
           "exit %d\n%s" % (code, said))
    tap.ok(peak < memory // 2, "and then nothing else is read", peak // MB)
    tree = write_tree(scratch / "walked", {"m%02d.py" % i: "# comment\n" * 120000 for i in range(80)})
    code, said, peak = measured("build", tree, "-o", scratch / "out", "--memory", 200 * MB, "-j", 2)
    tap.ok(code == 3 and "MB of source" in said and "nothing was written" in said and peak < 100 * MB,
           "what its size tells is told when the tree was walked", "exit %d, %d MB\n%s" % (code, peak // MB, said))
    tap.ok(not leftovers(scratch / "out") and not (scratch / "out/run_bundles").exists(), "neither leaves anything",
           leftovers(scratch / "out"))


def one_file(tap, scratch):
    tree = write_tree(scratch / "tree", {"huge.py": STATEMENTS, "small.py": "import os\nos.getcwd()\n",
                                         "tokens.py": "(" * 10 + "a," * 900000 + ")\n"})
    memory = 400 * MB
    code, said, peak = measured("build", tree, "-o", scratch / "out", "--memory", memory, "-q", "-j", 1)
    tap.ok(code == 0 and peak < memory, "one file costs no run", "exit %d, %d MB\n%s" % (code, peak // MB, said))
    if code != 0:
        return
    rows = query(scratch / "out", "SELECT path, parse_status FROM repo_files ORDER BY path")
    tap.ok([r["parse_status"] for r in rows] == ["skipped", "ok", "skipped"], "it costs itself its rows", rows)
    rows = query(scratch / "out", "SELECT DISTINCT code FROM parse_errors")
    tap.ok(rows == [{"code": "file_over_memory"}], "it is told", rows)
    tap.ok(not doctor(scratch / "out"), "the bundle is sound", doctor(scratch / "out"))


def bomb(bundle, scratch):
    """Evidence of 400 MB and more in a few kilobytes of Parquet."""
    path = bundle / "evidence/name_bindings/part-00000.parquet"
    result = relspec("query", bundle, "SELECT b.* REPLACE (name || repeat('x', 4000000) AS name) "
                     "FROM (SELECT * FROM stored_name_bindings LIMIT 1) b, range(100)", "--format", "parquet",
                     "-o", scratch / "bomb.parquet")
    assert result.returncode == 0, result.stderr
    os.replace(scratch / "bomb.parquet", path)
    return path.stat().st_size


def commands(tap, scratch):
    bundle = build(small_tree(scratch / "tree"), scratch / "out").resolve()
    names = re.findall(r"^  relspec ([a-z-]+(?: [a-z]+)?)   ", relspec("help").stdout, re.M)
    tap.ok(len(names) > 10, "help lists the commands", names)
    for name in names:
        text = relspec("help", *name.split()).stdout
        tap.ok("--memory SIZE" in text, name + " takes --memory", text)
    memory = 160 * MB
    for label, args in [
            ("rows", ["query", bundle, "SELECT DISTINCT a.range, b.range FROM range(9000) a, range(9000) b"]),
            ("texts", ["query", bundle, "SELECT repeat('x', 100000000) FROM range(100)"])]:
        code, said, peak = measured(*args, "--memory", memory)
        tap.ok(code == 3 and "out of memory" in said and "SET " not in said and "Error:" not in said,
               "a query of too many " + label, "exit %d\n%s" % (code, said))
        # What the engine does not count itself is kept below the limit and the stacks of its threads.
        tap.ok(peak < memory + 160 * MB, "a query of too many %s stays below the limit" % label, peak // MB)
    size = bomb(bundle, scratch)
    tap.ok(size < 100000, "a bomb is small", size)
    for args in ["why", bundle, "--kind", "CALLS_QNAME"], ["doctor", bundle], \
                ["query", bundle, "SELECT count(DISTINCT name) FROM name_bindings"]:
        code, said, peak = measured(*args, "--memory", memory)
        tap.ok(0 <= code <= 3 and peak < memory + 160 * MB, "a bomb and " + args[0],
               "exit %d, %d MB\n%s" % (code, peak // MB, said))


def refused(tap, scratch):
    tree = small_tree(scratch / "tree")
    bundle = build(tree, scratch / "out")
    codes = {}
    # With less than the first of these the system's loader may fail before there is a program.
    spaces = list(range(78, 100, 2)) + list(range(100, 400, 25))
    for name, args in [("query", [bundle, "SELECT count(*) FROM nodes"]), ("doctor", ["-q", bundle]),
                       ("why", [bundle, "--kind", "CALLS_QNAME"]), ("rules", ["check"]),
                       ("export", [bundle, "-q", "--format", "jsonl"]),
                       ("build", [tree, "-o", scratch / "again", "-j", 2, "-q"])]:
        for space in some(spaces, 4) + some([300, 375]):
            code, said, _ = measured(name, *args, space=space * MB)
            said = "" if name == "rules" and code == 0 else said.replace("1 row\n", "")
            codes.setdefault(name, set()).add(code)
            is_loaders = code == 127 and "loading shared libraries" in said and space < 100
            tap.ok(is_loaders or (code in (0, 3) and (code == 0) == (said == "") and said.count("\n") <= 1),
                   "%s in %d MB of address space" % (name, space), "exit %d\n%s" % (code, said))
    kept = [n for n in leftovers(scratch / "again") if n.startswith(".tmp")]
    tap.ok(not kept, "nothing is left over", kept)
    # Rules are checked without the engine, in less than all of these.
    tap.ok(all(found >= ({0} if name == "rules" else {0, 3}) for name, found in codes.items()),
           "some is enough and some is not", codes)


def main():
    tap = Tap()
    for test in (least, enough, too_much, one_file, commands, refused):
        with Scratch() as scratch:
            test(tap, scratch)
    tap.finish()


main()
