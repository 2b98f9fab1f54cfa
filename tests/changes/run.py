#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [--applies] [NAME ...] - what the usual changes cost: each patch beside this file, applied, built and tested.

A patch pretends to add one thing: a column, an edge kind, a kernel. Its head, before the first
`diff --git`, says in lines of their own

    Adds: what it adds, in a few words
    Page: docs/adding-a-column.md            the page that explains it
    Own: src/output/html.c                   a file or folder of the new thing's own; may be repeated
    Test: ^unit\\.schema$                     what ctest runs of the copy

It is applied to a copy of the tracked files as they stand in the work tree, what tools/gen-reference
makes is made anew, the copy is built and tested, and keeps to its layers. A change that touches more
than MAX_FILES hand-written files outside its own, tests apart, has failed, and so has one that does not
apply: whoever reshapes the house mends the patch, and reads there what the reshaping costs others. The
page names each of those files. With --applies nothing is built: whether the patches still fit, take few
files and are explained, which the quick round looks at.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COPY = ROOT / "build/changes/tree"
MAX_FILES = 3
TAIL_LINES = 25

# Written by tools/gen-reference, or prose, or tests: they are not what makes a change hard.
NOT_COUNTED = re.compile(r"^(tests|docs|man|completions)/|^CHANGELOG\.md$")


class Failed(Exception):
    pass


def run(*command, **more):
    done = subprocess.run(command, cwd=more.pop("cwd", COPY), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8", errors="backslashreplace",
                          check=False, **more)
    if done.returncode != 0:
        raise Failed("%s: exit %d\n%s" % (" ".join(map(str, command)), done.returncode,
                                          "\n".join(done.stdout.splitlines()[-TAIL_LINES:])))
    return done.stdout


def read_head(patch):
    text = patch.read_text(encoding="utf-8")
    head = text[:text.index("diff --git")]
    fields = {"Own": []}
    for name, value in re.findall(r"^(Adds|Page|Own|Test): +(.+?) *$", head, re.MULTILINE):
        if name == "Own":
            fields["Own"].append(value)
        else:
            fields[name] = value
    missing = {"Adds", "Page", "Test"} - set(fields)
    if missing:
        raise Failed("%s does not say %s" % (patch.name, ", ".join(sorted(missing))))
    if not (ROOT / fields["Page"]).is_file():
        raise Failed("%s is explained by %s, which does not exist" % (patch.name, fields["Page"]))
    files = re.findall(r"^diff --git a/(\S+) b/", text, re.MULTILINE)
    fields["Files"] = [f for f in files if not NOT_COUNTED.match(f) and
                       not any(f == own or f.startswith(own.rstrip("/") + "/") for own in fields["Own"])]
    if len(fields["Files"]) > MAX_FILES:
        raise Failed("%d files outside its own: %s" % (len(fields["Files"]), ", ".join(fields["Files"])))
    page = (ROOT / fields["Page"]).read_text(encoding="utf-8")
    untold = [f for f in fields["Files"] if not re.search(r"\b%s\b" % re.escape(Path(f).name), page)]
    if untold:
        raise Failed("%s does not name %s" % (fields["Page"], ", ".join(untold)))
    return fields


def make_copy():
    """The tracked files, in a repository of its own, so that each patch starts from the same ones."""
    COPY.mkdir(parents=True, exist_ok=True)
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True,
                             stdout=subprocess.PIPE).stdout.decode().split("\0")
    wanted = {name for name in tracked if name and (ROOT / name).is_file()}
    for name in sorted(wanted):
        source, target = ROOT / name, COPY / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_file() or target.read_bytes() != source.read_bytes():
            shutil.copy2(source, target)
    if not (COPY / ".git").is_dir():
        run("git", "init", "--quiet")
    for name in run("git", "ls-files", "--cached", "--others", "--exclude-standard").splitlines():
        if name not in wanted and (COPY / name).is_file():
            (COPY / name).unlink()
    run("git", "add", "--all", "--force", *sorted({name.split("/")[0] for name in wanted}))
    if run("git", "status", "--porcelain"):
        run("git", "-c", "user.name=changes", "-c", "user.email=changes@invalid", "commit",
            "--quiet", "--no-verify", "--message", "as it stands")
    (COPY / "build").mkdir(exist_ok=True)


def reset_copy():
    run("git", "checkout", "--quiet", "--", ".")
    run("git", "clean", "--quiet", "--force", "-d", "--exclude=build")


def build():
    options = ["-DRS_DEPS_PREFIX=%s" % os.environ.get("RS_DEPS_PREFIX", ROOT / "build/deps")]
    if shutil.which("ccache"):
        options.append("-DCMAKE_C_COMPILER_LAUNCHER=ccache")
    run("cmake", "--preset", "dev", *options)
    run("cmake", "--build", "--preset", "dev")


def try_change(patch):
    head = read_head(patch)
    try:
        run("git", "apply", "--whitespace=nowarn", "-", input=patch.read_text(encoding="utf-8"))
        run(sys.executable, "tools/check-layers")
        build()
        run(sys.executable, "tools/gen-reference", "build/dev/bin/relspec", ".")
        tested = run("ctest", "--test-dir", "build/dev", "--output-on-failure", "--no-tests=error",
                     "-R", head["Test"])
    finally:
        reset_copy()
    n_tests = re.search(r"out of (\d+)", tested).group(1)
    return "%s: %d files (%s), %s tests" % (head["Adds"], len(head["Files"]),
                                            ", ".join(head["Files"]) or "none", n_tests)


def try_to_apply(patch):
    """Against the work tree as it stands."""
    head = read_head(patch)
    run("git", "apply", "--check", "--whitespace=nowarn", str(patch), cwd=ROOT)
    return "%s: applies" % head["Adds"]


def main():
    patches = sorted(HERE.glob("*.patch"))
    just_applies = "--applies" in sys.argv[1:]
    chosen = [name for name in sys.argv[1:] if name != "--applies"]
    if chosen:
        unknown = set(chosen) - {patch.stem for patch in patches}
        if unknown:
            sys.exit("no change %s; there are: %s" % (", ".join(sorted(unknown)),
                                                      " ".join(patch.stem for patch in patches)))
        patches = [patch for patch in patches if patch.stem in chosen]
    if not just_applies:
        make_copy()
    attempt = try_to_apply if just_applies else try_change
    n_failed = 0
    for patch in patches:
        try:
            print("ok %s - %s" % (patch.stem, attempt(patch)), flush=True)
        except Failed as failure:
            n_failed += 1
            print("not ok %s - %s" % (patch.stem, failure), flush=True)
    print("%d passed, %d failed" % (len(patches) - n_failed, n_failed))
    sys.exit(1 if n_failed or not patches else 0)


main()
