# SPDX-License-Identifier: Apache-2.0
"""mutants.py - what tools/mutate-rows and tools/mutate-code share: many mutants, one build.

A mutant is a place in a source file where something else can happen. All of them are compiled into
one copy of the tree, build/mutants-NAME/, each behind a switch; the environment says which one is on
(RS_MUTANT), and a first round with none on notes which places each test reaches. So a mutant costs
the tests that come by there, cheapest first, up to the first that fails, and no build.
"""

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEMORY = 8 << 30  # bytes of address space that a test may have: a mutant may never stop to allocate
# A test that does not end has noticed its mutant. Seconds of the processor are what counts, so that a
# busy machine notices nothing by itself; who waits for ever is told by the clock. (RLIMIT_CPU makes
# clock() coarse on some kernels, and a test fails that measures by it.)
SLOWER, SECONDS = 4, 5  # a test may take so many times what it takes, and so much more
PATIENCE = 8  # times that, by the clock
TICKS = os.sysconf("SC_CLK_TCK")
# Tests that measure costs fail now and then on a busy machine. They are short: such a one is asked again.
SHORT, ATTEMPTS = 3, 2
SKIPPED = 77

HEADER = """/* The switches of tools/mutants.py. */
#ifndef RS_MUTANT_H
#define RS_MUTANT_H
extern int rs_mutant;
extern unsigned char rs_mutant_seen[];
static inline int rs_mutant_is(int n)
{
    rs_mutant_seen[n] = 1;
    return rs_mutant == n;
}
#endif
"""

SOURCE = """#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int rs_mutant = -1;
unsigned char rs_mutant_seen[%d];
static void tell(void)
{
    const char *directory = getenv("RS_MUTANT_SEEN");
    char path[4096];
    if (directory == NULL) return;
    snprintf(path, sizeof path, "%%s/%%ld", directory, (long)getpid());
    FILE *file = fopen(path, "ab");
    if (file == NULL) return;
    fwrite(rs_mutant_seen, 1, sizeof rs_mutant_seen, file);
    fclose(file);
}
__attribute__((constructor)) static void start(void)
{
    const char *number = getenv("RS_MUTANT");
    if (number != NULL) rs_mutant = (int)strtol(number, NULL, 10);
    atexit(tell);
}
"""

COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)


@dataclass(frozen=True)
class Site:
    """What stands at [start, end) of a file, and what stands there in the copy; %d is its number."""

    path: Path
    start: int
    end: int
    line: int
    text: str  # for a person
    instead: str

    def __str__(self):
        return "%s:%d: %s" % (self.path.relative_to(ROOT), self.line, self.text)


def blanked(text):
    """Comments and strings as blanks, so that places stay."""
    return COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def instrumented(text, numbered):
    """The text with what stands at each (number, site) exchanged."""
    for number, site in sorted(numbered, key=lambda pair: pair[1].start, reverse=True):
        text = text[:site.start] + site.instead % number + text[site.end:]
    return '#include "base/mutant.h"\n#line 1\n' + text


def write(path, text):
    """Only what changed, so that a second run builds little."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(errors="surrogateescape") != text:
        path.write_text(text, errors="surrogateescape")


def processor_time(session):
    """The seconds that the processes of a session took, and those that they waited for."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(fields[3]) == session:
            ticks += sum(map(int, fields[11:15]))
    return ticks / TICKS


# What runs folders of the tests, one case each, and takes their names: each is a test of its own here.
CASES = {"cli": "cmd", "cases": "expected"}


def pieces(name, command):
    """[(name, command)] of a test: that, or its cases that are not for the long round alone."""
    if name not in CASES:
        return [(name, command)]
    cases = sorted(path.parent for path in Path(command[-1]).parent.glob("*/" + CASES[name]))
    return [("%s/%s" % (name, case.name), [*command, case.name]) for case in cases if not (case / "full").exists()]


class Mutants:
    """The mutants of one tool: sites, and the copy in which they are compiled."""

    budget = float("inf")  # seconds of tests for one of them

    def __init__(self, name, sites):
        self.name = name
        self.sites = list(sites)
        self.copy = ROOT / "build" / ("mutants-" + name)

    def fail(self, message):
        sys.exit("%s: %s" % (self.name, message))

    def copy_tree(self):
        listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True,
                                stdout=subprocess.PIPE, encoding="utf-8").stdout.splitlines()
        by_path = {}
        for number, site in enumerate(self.sites):
            by_path.setdefault(site.path, []).append((number, site))
        for name in listed:
            source, target = ROOT / name, self.copy / name
            if not source.is_file() or name == "src/base/sources.cmake":
                continue
            if source in by_path:
                write(target, instrumented(source.read_text(), by_path[source]))
            elif not target.exists() or target.read_bytes() != source.read_bytes():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)
        write(self.copy / "src/base/mutant.h", HEADER)
        write(self.copy / "src/base/mutant.c", SOURCE % max(len(self.sites), 1))
        lists = (ROOT / "src/base/sources.cmake").read_text()
        write(self.copy / "src/base/sources.cmake", lists.replace("alloc.c", "alloc.c\n  mutant.c", 1))

    def compile(self, targets):
        """What the compiler says when the copy does not build; "" when it does."""
        options = ["-DRS_WERROR=OFF", "-DRS_DEPS_PREFIX=%s" % (ROOT / "build/deps")]
        if shutil.which("ccache"):
            options.append("-DCMAKE_C_COMPILER_LAUNCHER=ccache")
        wanted = ["--target", *targets] if targets else []
        for command in (["cmake", "--preset", "dev", *options],
                        ["cmake", "--build", "--preset", "dev", *wanted, "--", "-k0"]):
            done = subprocess.run(command, cwd=self.copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  encoding="utf-8")
            if done.returncode != 0:
                return done.stdout
        return ""

    def build(self, targets):
        self.copy_tree()
        said = self.compile(targets)
        if said:
            self.fail("the mutants do not build:\n" + said[-4000:])

    def listed(self, wanted, labels):
        """CTest's tests by name and label, two regular expressions: [(name, command, folder, environment)]."""
        said = subprocess.run(["ctest", "--test-dir", self.copy / "build/dev", "--show-only=json-v1", "-L", labels,
                               "-R", wanted], stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout
        for test in json.loads(said)["tests"]:
            of = {each["name"]: each["value"] for each in test["properties"]}
            settings = dict(line.split("=", 1) for line in of.get("ENVIRONMENT", []))
            for name, command in pieces(test["name"], test["command"]):
                yield name, (command, of["WORKING_DIRECTORY"], settings)

    def run_test(self, test, seconds, **settings):
        """Whether the test passes, in about so many seconds. What it leaves behind goes."""
        command, folder, own = test

        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        started = time.monotonic()
        scratch = tempfile.mkdtemp()
        process = subprocess.Popen(command, cwd=folder, env=dict(os.environ, **own, TMPDIR=scratch, **settings),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, preexec_fn=limit, start_new_session=True)
        passes = None
        try:
            while passes is None:
                try:
                    passes = process.wait(seconds / 2) in (0, SKIPPED)
                except subprocess.TimeoutExpired:
                    is_late = time.monotonic() - started > PATIENCE * seconds
                    passes = False if is_late or processor_time(process.pid) > seconds else None
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
            shutil.rmtree(scratch, ignore_errors=True)
        return passes

    def reached_by(self, name, test):
        """(seconds of the processor, the numbers of the sites that it reaches); None where it fails as it is."""
        seen = self.copy / "build/seen" / name
        for _ in range(ATTEMPTS):
            shutil.rmtree(seen, ignore_errors=True)
            seen.mkdir(parents=True)
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            if self.run_test(test, 300, RS_MUTANT_SEEN=str(seen)):
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                reached = {i % len(self.sites) for path in seen.iterdir()
                           for i, byte in enumerate(path.read_bytes()) if byte}
                return seconds, sorted(reached)
        return None

    def reached_by_tests(self, wanted, labels):
        """[(seconds, name, test, the numbers of the sites that it reaches)], the quickest first. What the last
        run of the same mutants found out holds."""
        note = self.copy / "build/seen/reached.json"
        own = [str(site) for site in self.sites]
        known = json.loads(note.read_text()) if note.exists() else {}
        reached = known["tests"] if known.get("sites") == own else {}
        tests = []
        for name, test in self.listed(wanted, labels):
            if name not in reached:
                found = self.reached_by(name, test)
                if found is None:
                    print("%s fails though no mutant is on: left out" % name, file=sys.stderr)
                    continue
                reached[name] = found
                write(note, json.dumps({"sites": own, "tests": reached}))
            seconds, numbers = reached[name]
            if numbers:
                tests.append((seconds, name, test, set(numbers)))
                print("%-24s %6.1f s, reaches %d" % (name, seconds, len(numbers)), file=sys.stderr)
        return sorted(tests, key=lambda each: each[:2])

    def fails(self, number, seconds, test):
        """Whether a test that took so many seconds fails with the mutant on."""
        limit = SECONDS + SLOWER * seconds
        return not any(self.run_test(test, limit, RS_MUTANT=str(number))
                       for _ in range(ATTEMPTS if seconds < SHORT else 1))

    def noticed_by(self, number, tests):
        """The first test that fails with the mutant on; "" when none does."""
        spent = 0
        for seconds, name, test, reached in tests:
            spent += seconds if number in reached else 0
            if spent > self.budget:
                break
            if number in reached and self.fails(number, seconds, test):
                return name
        return ""

    def outcomes(self, chosen, tests, jobs):
        """(number, the test that notices it or "", why none does) for each of chosen, as they are found."""
        with ThreadPoolExecutor(jobs) as pool:
            for number, name in zip(chosen, pool.map(lambda i: self.noticed_by(i, tests), chosen)):
                is_met = any(number in reached for _, _, _, reached in tests)
                yield number, name, "" if name else "nobody notices" if is_met else "no test comes by"

    def survivors(self, chosen, tests, jobs):
        """Each number of chosen that no test notices, with the reason, as they are found."""
        return ((number, why) for number, name, why in self.outcomes(chosen, tests, jobs) if not name)
