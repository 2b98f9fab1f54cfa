#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - tools/check-skips: which skips it takes, of tests that CTest itself runs here."""

import contextlib
import io
import runpy
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "invariants"))
from harness import NO_CASES, NO_NETWORK, OTHER_INPUT, SKIPPED, SOURCE, Scratch, Tap  # noqa: E402

CHECK = runpy.run_path(str(SOURCE / "tools/check-skips"))

# name, what a test prints, its exit code, whether it is taken by hand and by .ci/run
CASES = [
    ("passed", "all is well", 0, True, True),
    ("cases", "skipped: %s: /nowhere" % NO_CASES, SKIPPED, True, True),
    ("input", "skipped: %s: Python 3.11" % OTHER_INPUT, SKIPPED, True, True),
    ("network", "skipped: %s: readers" % NO_NETWORK, SKIPPED, True, False),
    ("other", "skipped: there is no git", SKIPPED, False, False),
    ("silent", "", SKIPPED, False, False),
    ("part", "ok 1 - a\nok 2 - b # SKIP %s: x\nnot ok 3" % OTHER_INPUT, 0, True, True),
    ("other part", "ok 1 - a\nok 2 - b # SKIP not today", 0, False, False),
    ("part online", "ok 1 - a # SKIP %s: x" % NO_NETWORK, 0, True, False),
    ("late", "x\n" * 5000 + "ok 1 - a # SKIP not today", 0, False, False),
]


def junit(scratch):
    """What CTest writes of these tests, run with the options of tools/run-tests: a file for each."""
    lines = ""
    for name, printed, code, _, _ in CASES:
        (scratch / (name + ".py")).write_text("print(%r)\nraise SystemExit(%d)\n" % (printed, code))
        lines += 'add_test("%s" "%s" "%s.py")\n' % (name, sys.executable, name)
        lines += 'set_tests_properties("%s" PROPERTIES SKIP_RETURN_CODE %d)\n' % (name, SKIPPED)
    (scratch / "CTestTestfile.cmake").write_text(lines)
    subprocess.run(["ctest", "--test-dir", str(scratch), "--output-junit", "junit.xml",
                    "--test-output-size-passed", "1000000"], check=True, stdout=subprocess.DEVNULL)
    found = {}
    for case in xml.parse(scratch / "junit.xml").getroot().iter("testcase"):
        suite = xml.Element("testsuite")
        suite.append(case)
        found[case.get("name")] = scratch / (case.get("name") + ".xml")
        xml.ElementTree(suite).write(found[case.get("name")], encoding="utf-8")
    return found


def check(*arguments):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = CHECK["main"]([str(a) for a in arguments])
    return status, said.getvalue()


def main():
    tap = Tap()
    with Scratch() as scratch:
        found = junit(scratch)
        for name, printed, code, by_hand, by_ci in CASES:
            for options, taken in (((), by_hand), (("--ci",), by_ci)):
                status, said = check(*options, found[name])
                tap.ok(status == (0 if taken else 1), "%s %s" % (name, " ".join(options)), said)
                tap.ok((name in said) == ("SKIP" in printed or code == SKIPPED),
                       "%s is told" % name, said)
        status, said = check(scratch / "junit.xml", found["other"])
        tap.ok(status == 1 and said.count("NOT TO BE SKIPPED") == 5, "of several files", said)
    tap.finish()


main()
