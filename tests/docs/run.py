#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - every command of a ```sh block in our Markdown is run, every link there leads somewhere,
every page of docs/ is linked, the walk of docs/architecture.md names functions that there are.

The blocks of a page run in order, in one scratch directory that holds a small repository at
path/to/code and the folders that commands name (examples/). Commands that build the project or run
its whole suite are run by .ci/run instead; they stand in RUN_ELSEWHERE, by their first words.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "invariants"))
from harness import IS_FULL, PROGRAM, SOURCE, Scratch, Tap  # noqa: E402

# First words -> who runs it.
RUN_ELSEWHERE = {
    "make": ".ci/run (build, test) and tools/demo's own parts",
    "cmake": ".ci/run, through the presets",
    "ctest": ".ci/run",
    "tools/": ".ci/run has a step for each",
    ".ci/run": "is what runs this",
    "bench/": "make bench",
    "tests/": "ctest runs each",
    "build/": "needs a fuzz or oracle build; ctest replays the corpus",
    "node": "needs a package that only this check wants",
    "npm": "needs a package that only this check wants",
    "python3": "ctest runs each script",
    "RS_": "a variable before one of the others",
}

SAMPLE = """\
import os.path as p


class Shape:
    '''Something with an area.'''

    def area(self, scale=1):
        return p.join(str(scale), sep="/")


print(Shape().area(scale=2))
"""


def pages():
    yield SOURCE / "README.md"
    for name in ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"):
        yield SOURCE / name
    yield from sorted((SOURCE / "docs").rglob("*.md"))


def commands_of(text):
    """The commands of the sh blocks, backslash-newlines joined, comments dropped."""
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words:
                yield line, words


def runs_elsewhere(words):
    return any(words[0].startswith(prefix) for prefix in RUN_ELSEWHERE)


def scratch_fill(scratch):
    code = scratch / "path/to/code"
    code.mkdir(parents=True)
    (code / "shape.py").write_text(SAMPLE)
    shutil.copytree(SOURCE / "examples", scratch / "examples")
    bin_dir = scratch / "bin"
    bin_dir.mkdir()
    (bin_dir / "relspec").symlink_to(Path(PROGRAM).resolve())


def check_commands(tap, page):
    text = page.read_text(encoding="utf-8")
    wanted = [(line, words) for line, words in commands_of(text) if not runs_elsewhere(words)]
    if not wanted:
        return
    with Scratch() as scratch:
        scratch_fill(scratch)
        env = dict(os.environ, PATH="%s:%s" % (scratch / "bin", os.environ["PATH"]))
        for line, words in wanted:
            done = subprocess.run(["sh", "-ec", line], cwd=scratch, env=env, timeout=120,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            tap.ok(done.returncode == 0, "%s: %s" % (page.relative_to(SOURCE), " ".join(words)),
                   done.stdout)


def targets_of(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"`[^`\n]*`", "", text)
    return re.findall(r"\]\(([^)\s]+)\)", text)


def check_links(tap, page):
    targets = targets_of(page)
    dead = [t for t in targets if not re.match(r"[a-z]+:|#", t)
            and not (page.parent / t.split("#")[0]).exists()]
    tap.ok(not dead, "%s: its links lead somewhere" % page.relative_to(SOURCE), "\n".join(dead))


def check_examples(tap, page):
    """A block ```LANGUAGE examples/NAME holds that file, word for word."""
    for name, shown in re.findall(r"^```\w+ (examples/\S+)\n(.*?)^```",
                                  page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        tap.ok((SOURCE / name).read_text(encoding="utf-8") == shown,
               "%s: shows %s as it is" % (page.relative_to(SOURCE), name))


def check_found(tap):
    """Pages below docs/ that no other page leads to, by a link to it or to its directory."""
    leads_to = {(page.parent / target.split("#")[0]).resolve()
                for page in pages() for target in targets_of(page) if not re.match(r"[a-z]+:|#", target)}
    lost = [str(page.relative_to(SOURCE)) for page in sorted((SOURCE / "docs").rglob("*.md"))
            if not leads_to & {page.resolve(), page.parent.resolve()}]
    tap.ok(not lost, "every page of docs/ is linked", "\n".join(lost))


def check_walk(tap):
    """Rows | `function` | `file below src/` | of docs/architecture.md: it is there, and named once."""
    text = (SOURCE / "docs/architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `([\w/]+\.[ch])` \|", text, re.MULTILINE)
    names = [name for name, _ in rows]
    tap.ok(len(rows) > 30, "the walk names functions", str(names))
    tap.ok(len(names) == len(set(names)), "the walk names each function once", str(names))
    in_text = re.findall(r"`(\w+)\(\)` in `src/([\w/]+\.[ch])`", text)
    gone = ["%s in %s" % (name, file) for name, file in rows + in_text
            if not (SOURCE / "src" / file).exists()
            or not re.search(r"\b%s\(" % name, (SOURCE / "src" / file).read_text(encoding="utf-8"))]
    tap.ok(not gone, "the walk's functions are there", "\n".join(gone))


def main():
    tap = Tap()
    check_found(tap)
    check_walk(tap)
    for page in pages():
        check_examples(tap, page)
        check_links(tap, page)
    for page in sorted(pages()) if IS_FULL else (SOURCE / "docs/why.md",):
        check_commands(tap, page)
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
