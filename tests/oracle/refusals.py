#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""refusals.py - what CPython refuses of the sources in its own tests, and what we say of them.

Judges are all CPythons from 3.8 on that this machine has with their test packages (python3.N in the
PATH, this interpreter, ~/.pyenv), and RS_PYODIDE, an unpacked npm package `pyodide`. Each compiles,
and never runs, what is in the tests of any, refusal_cases.py, and RS_PROGRAMS (2000) of refusal_sweep.py. Verdicts must be the same but for
EXCEPTIONS, and a line that a judge's compiler names must be one that we name.
"""
import collections
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

import snippets
import refusal_sweep
from refusal_cases import CASES, TAKEN_BY_NEWEST
from scope_oracle import HERE, OTHER_INPUT, skip

JUDGE = os.path.join(HERE, "refusal_judge.py")
SHOWN = 40
N_PROGRAMS = int(os.environ.get("RS_PROGRAMS", "2000"))
FIRST, LAST = 8, 14
FIRST_WITH_LINES = 10  # before, the compiler's own line was often none, or that of the statement
# The modules whose sources the compilers refuse; RS_CORPUS=full takes all of snippets.py.
FRIENDS = """test_syntax test_named_expressions test_patma test_except_star test_future test_scope
    test_type_params test_type_aliases test_unpack_ex test_coroutines test_asyncgen test_generators
    test_genexps test_nonlocal test_global test_keywordonlyarg test_positional_only_arg""".split()
EXCEPTIONS = {
    "newer syntax": "the newest judge parses it, this one does not",
    "older versions only": "the compiler of this judge refuses it, that of the newest does not",
    "no verdict": "over a limit of the judge's own, or it failed",
    "parser": "the two parsers differ: tests/oracle/whole_tree.py lists how",
}


def interpreters():
    """minor version -> program"""
    found = {}
    names = [sys.executable] + [shutil.which("python3.%d" % n) for n in range(FIRST, LAST + 1)]
    names += sorted(glob.glob(os.path.expanduser("~/.pyenv/versions/3.*/bin/python3")))
    ask = "import sys; print(sys.implementation.name, *sys.version_info[:2])"
    for name in filter(None, names):
        said = subprocess.run([name, "-c", ask], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              encoding="utf-8").stdout.split()
        if said[:2] == ["cpython", "3"] and FIRST <= int(said[2]) <= LAST:
            found.setdefault(int(said[2]), name)
    return found


def ask_judge(program, what, text=None):
    answer = subprocess.run([program, "-X", "utf8", JUDGE, what], input=text, encoding="utf-8",
                            stdout=subprocess.PIPE, check=True).stdout
    return json.loads(answer)


PYODIDE = r"""
import { pathToFileURL } from "url";
import fs from "fs";
const [directory, here, sources] = process.argv.slice(-3);
const { loadPyodide } = await import(pathToFileURL(directory + "/pyodide.mjs").href);
const python = await loadPyodide({ indexURL: directory + "/" });
python.FS.mkdir("/here");
python.mountNodeFS("/here", here);
python.globals.set("SOURCES", fs.readFileSync(sources, "utf-8"));
process.stdout.write(python.runPython(`
import json, sys, warnings
sys.path.insert(0, "/here")
import refusal_judge
warnings.simplefilter("ignore")
json.dumps([sys.version_info[1], [refusal_judge.verdict(s) for s in json.loads(SOURCES)]])
`));
"""


def ask_pyodide(package, text, folder):
    script, sources = os.path.join(folder, "judge.mjs"), os.path.join(folder, "sources.json")
    for path, content in ((script, PYODIDE), (sources, text)):
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(content)
    command = ["node", "--stack-size=50000", script, os.path.abspath(package), HERE, sources]
    minor, verdicts = json.loads(subprocess.run(command, stdout=subprocess.PIPE,
                                                check=True).stdout)
    return {minor: verdicts}


def ours(sources, folder):
    """For each source, the lines of parse errors, and (line, since, code) of refusals."""
    paths = []
    for number, source in enumerate(sources):
        paths.append(os.path.join(folder, "%d.py" % number))
        with open(paths[-1], "wb") as stream:
            stream.write(source.encode("utf-8", "surrogateescape"))
    probe = os.path.join(os.environ["RS_BINARY_DIR"], "tests", "scope_probe")
    said = subprocess.run([probe], input="".join(p + "\n" for p in paths).encode(),
                          stdout=subprocess.PIPE, check=True).stdout.decode("utf-8", "replace")
    found = []
    for line in said.split("\n"):
        row = line.split("\t")
        if row[0] == "file":
            found.append(([], []))
        elif row[0] == "error":
            found[-1][0].append(int(row[2]))
        elif row[0] == "fault":
            found[-1][1].append((int(row[2]), int(row[3]), row[1]))
    return found


def compare(minor, theirs, newest, mine):
    """"same", "line", "differs", or a key of EXCEPTIONS."""
    errors, refusals = mine
    here = [r for r in refusals if r[1] <= minor]
    if theirs is None:
        if errors:
            return "parser"
        return "differs" if here else "same"
    stage, line, message = theirs
    if minor < 11 and message.startswith("asynchronous comprehension") and newest != theirs:
        return "older versions only"
    if stage == "none":
        return "no verdict"
    if stage == "parser":
        if errors or here:
            return "same"
        return "parser" if newest and newest[0] == "parser" else "newer syntax"
    if errors:
        return "same"
    if not here:
        return "older versions only" if newest is None else "differs"
    lines = {r[0] for r in here}
    if minor <= 12 and any(code == "blocks_too_deep" for _, _, code in here):
        lines.add(line)  # the limit was 20; ours is 21, that of newer ones
    return "same" if line in lines or minor < FIRST_WITH_LINES else "line"


def main():
    judges = interpreters()
    if os.environ.get("RS_CORPUS") != "full":
        os.environ["RS_SNIPPETS"] = " ".join(FRIENDS)
    has_newest = bool(os.environ.get("RS_PYODIDE")) or LAST in judges
    sources = dict.fromkeys(CASES + TAKEN_BY_NEWEST * has_newest)
    sources.update(dict.fromkeys(refusal_sweep.programs(1, N_PROGRAMS, has_newest)))
    owners = 0
    for minor in sorted(judges):
        own = ask_judge(judges[minor], "cases")
        if own is not None:
            owners += 1
            sources.update(dict.fromkeys(own))
    if not owners:
        skip(OTHER_INPUT, "CPython's own test package")
    sources = list(sources)
    text = json.dumps(sources)
    verdicts = {minor: ask_judge(judges[minor], "verdicts", text) for minor in sorted(judges)}
    with tempfile.TemporaryDirectory(prefix="relspec-test-") as folder:
        if os.environ.get("RS_PYODIDE"):
            verdicts.update(ask_pyodide(os.environ["RS_PYODIDE"], text, folder))
        found = ours(sources, folder)
    newest = verdicts[max(verdicts)]
    n_different = 0
    for minor in sorted(verdicts):
        counts = collections.Counter()
        for source, theirs, last, mine in zip(sources, verdicts[minor], newest, found):
            what = compare(minor, theirs, last, mine)
            counts[what] += 1
            counts["refused by the compiler"] += bool(theirs and theirs[0] == "compiler")
            if what in ("differs", "line"):
                n_different += 1
                if n_different <= SHOWN:
                    print("3.%d %s: %r\n    theirs %s, ours %s" % (minor, what, source[:400], theirs,
                                                                  mine))
        print("3.%d: %d of %d agree; %s" % (minor, counts["same"], len(sources), ", ".join(
            "%d %s" % (n, what) for what, n in sorted(counts.items()) if what != "same")))
    for what, why in EXCEPTIONS.items():
        print("%s: %s" % (what, why))
    return 1 if n_different else 0


if __name__ == "__main__":
    sys.exit(main())
