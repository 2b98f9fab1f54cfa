#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""examples.py - the workflow and the hook of examples/ci, run in a repository of git: they let pass
what the snapshot has, and stop what it has not."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
import xml.etree.ElementTree as xml
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import PROGRAM, SOURCE, Scratch, Tap, small_tree  # noqa: E402

EXAMPLES = SOURCE / "examples/ci"
ENVIRONMENT = dict(os.environ, PATH=str(Path(PROGRAM).parent) + os.pathsep + os.environ["PATH"],
                   GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_SYSTEM=os.devnull,
                   GIT_AUTHOR_NAME="a", GIT_AUTHOR_EMAIL="a@example.org",
                   GIT_COMMITTER_NAME="a", GIT_COMMITTER_EMAIL="a@example.org")


def run(repository, *command):
    return subprocess.run(command, cwd=repository, env=ENVIRONMENT, encoding="utf-8",
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=300)


def steps(text):
    """name -> the shell of each step that has one."""
    found = re.findall(r"- name: (.*)\n +run: \|\n((?: +.*\n)+)", text)
    return {name: textwrap.dedent(shell) for name, shell in found}


def workflow(tap, repository):
    shells = steps((EXAMPLES / "github-actions.yml").read_text(encoding="utf-8"))
    tap.ok(set(shells) == {"Install relspec", "Gate"}, "the workflow has two steps of shell", shells)
    for name, shell in shells.items():
        parsed = run(repository, "bash", "-n", "-c", shell)
        tap.ok(parsed.returncode == 0, "%s is shell" % name, parsed.stdout)
    passed = run(repository, "bash", "-e", "-c", shells["Gate"])
    tap.ok(passed.returncode == 0, "the step passes what the snapshot has", passed.stdout)
    report = xml.parse(repository / "gate.xml").getroot()
    tap.ok(list(report.iter("testcase")) and not list(report.iter("failure")),
           "and leaves its report")
    code = (repository / "tool.py").read_text()
    (repository / "tool.py").write_text(code + "print(run('..'))\n")
    stopped = run(repository, "bash", "-e", "-c", shells["Gate"])
    tap.ok(stopped.returncode == 1 and "CALL" in stopped.stdout, "it stops a call more",
           stopped.stdout)
    (repository / "tool.py").write_text(code)
    (repository / "gate.xml").unlink()


def hook(tap, repository):
    shutil.copy(EXAMPLES / "pre-commit", repository / ".git/hooks/pre-commit")
    (repository / "notes.txt").write_text("no source\n")
    run(repository, "git", "add", "notes.txt")
    passed = run(repository, "git", "commit", "-qm", "notes")
    tap.ok(passed.returncode == 0, "the hook lets pass what changes no source", passed.stdout)
    with open(repository / "tool.py", "a", encoding="utf-8") as file:
        file.write("print(run('..'))\n")
    (repository / "notes.txt").write_text("the call is not staged\n")
    run(repository, "git", "add", "notes.txt")
    passed = run(repository, "git", "commit", "-qm", "more notes")
    tap.ok(passed.returncode == 0, "it looks at what is staged alone", passed.stdout)
    run(repository, "git", "add", "tool.py")
    stopped = run(repository, "git", "commit", "-qm", "a call")
    tap.ok(stopped.returncode != 0 and "--update" in stopped.stdout, "it stops a call more",
           stopped.stdout)
    advice = re.search(r"^    (relspec gate .*)$", stopped.stdout, re.MULTILINE)
    followed = run(repository, "sh", "-c", advice.group(1)) if advice else stopped
    passed = run(repository, "git", "commit", "-qm", "a call, meant")
    tap.ok(followed.returncode == 0 and passed.returncode == 0, "and its advice leads on",
           followed.stdout + passed.stdout)


def main():
    tap = Tap()
    with Scratch() as scratch:
        repository = small_tree(scratch / "repo")
        run(repository, "git", "init", "-q", ".")
        run(repository, "relspec", "gate", ".", "--snapshot", "relspec.snapshot.json", "--update")
        run(repository, "git", "add", "-A")
        made = run(repository, "git", "commit", "-qm", "first")
        tap.ok(made.returncode == 0, "a repository with a snapshot", made.stdout)
        workflow(tap, repository)
        hook(tap, repository)
    tap.finish()


main()
