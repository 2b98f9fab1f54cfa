# SPDX-License-Identifier: Apache-2.0
"""mutants.py - what tools/mutate-rows and tools/mutate-code share: many mutants, one build.

A mutant is a place in a source file where something else can happen. All of them are compiled into
one copy of the tree, build/mutants-NAME/, each behind a switch; the environment says which one is on
(RS_MUTANT), and a first round with none on notes which places each test reaches. So a mutant costs
the tests that come by there, cheapest first, up to the first that fails, and no build.
"""

import os
import re
import resource
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEMORY = 8 << 30  # bytes of address space that a test may have: a mutant may never stop to allocate
SLOWER = 10  # times that a mutant's test may take longer, and 20 seconds, before it counts as noticed

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


class Mutants:
    """The mutants of one tool: sites, and the copy in which they are compiled."""

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

    def run_test(self, name, timeout=300, **settings):
        """Whether the test passes, and in how many seconds."""
        started = time.monotonic()
        try:
            done = subprocess.run(["ctest", "--test-dir", self.copy / "build/dev", "-R", "^%s$" % re.escape(name)],
                                  env=dict(os.environ, **settings), timeout=timeout, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL,
                                  preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)))
            passes = done.returncode == 0
        except subprocess.TimeoutExpired:
            passes = False
        return passes, time.monotonic() - started

    def reached_by_tests(self, wanted, label):
        """[(seconds, test, the numbers of the sites that it reaches)], the quickest first."""
        listed = subprocess.run(["ctest", "--test-dir", self.copy / "build/dev", "-N", "-L", label, "-R", wanted],
                                stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout
        tests = []
        for name in re.findall(r"Test +#\d+: (\S+)", listed):
            seen = self.copy / "build/seen" / name
            shutil.rmtree(seen, ignore_errors=True)
            seen.mkdir(parents=True)
            passes, seconds = self.run_test(name, RS_MUTANT_SEEN=str(seen))
            if not passes:
                self.fail("%s fails though no mutant is on" % name)
            reached = set()
            for path in seen.iterdir():
                content = path.read_bytes()
                reached.update(i % len(self.sites) for i, byte in enumerate(content) if byte)
            if reached:
                tests.append((seconds, name, reached))
                print("%-24s %6.1f s, reaches %d" % (name, seconds, len(reached)), file=sys.stderr)
        return sorted(tests)

    def noticed_by(self, number, tests):
        """The first test that fails with the mutant on; "" when none does."""
        for seconds, name, reached in tests:
            if number in reached and not self.run_test(name, 20 + SLOWER * seconds, RS_MUTANT=str(number))[0]:
                return name
        return ""

    def survivors(self, chosen, tests, jobs):
        """Each number of chosen that no test notices, with the reason, as they are found."""
        with ThreadPoolExecutor(jobs) as pool:
            for number, name in zip(chosen, pool.map(lambda i: self.noticed_by(i, tests), chosen)):
                if not name:
                    is_met = any(number in reached for _, _, reached in tests)
                    yield number, "nobody notices" if is_met else "no test comes by"
