#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""builtins_oracle.py - builtins.def against every interpreter at hand, from 3.8 to 3.14: each name that
`builtins` has is listed for the version, and each listed one is there."""

import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "invariants"))
from harness import SOURCE, Tap  # noqa: E402

ROW = re.compile(r"^RS_(BUILTIN|IMPLICIT)\((\w+), (\d+), (\d+), (\w+)\)$", re.M)
ASK = ("import builtins, sys; print(sys.version_info[1], sys.platform == 'win32', *dir(builtins)); "
       "print(*globals()); exec('class C: print(*locals())')")


def interpreters():
    """One for each version: those of pyenv, and the one that runs this."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = sorted(root.glob("3.*/bin/python3")) if root.is_dir() else []
    return [*found, Path(sys.executable)]


def main():
    tap = Tap()
    text = (SOURCE / "src/evidence/scope/builtins.def").read_text()
    rows = [(kind, name, int(since), int(until), where) for kind, name, since, until, where in ROW.findall(text)]
    listed = [name for kind, name, *_ in rows if kind == "BUILTIN"]
    tap.ok(listed == sorted(listed) and len(listed) > 150, "%d names, in order" % len(listed))
    for program in interpreters():
        got = subprocess.run([program, "-c", ASK], stdout=subprocess.PIPE, text=True, check=False)
        if got.returncode != 0:
            continue
        first, module, of_class = (line.split() for line in got.stdout.splitlines())
        version, is_windows, there = int(first[0]), first[1] == "True", set(first[2:])
        if not 8 <= version <= 14:
            continue
        wanted = {name for kind, name, since, until, where in rows if kind == "BUILTIN" and
                  since <= version <= until and (where != "WINDOWS" or is_windows)}
        implicit = {(where, name) for kind, name, since, until, where in rows
                    if kind == "IMPLICIT" and since <= version <= until}
        shadowed = {name for where, name in implicit if where == "module"}
        tap.ok(wanted == there - shadowed - {"_"}, "builtins of 3.%d" % version,
               (wanted ^ (there - shadowed)))
        unlisted = {("module", n) for n in module if n not in ("builtins", "sys")} | {("class", n) for n in of_class}
        tap.ok(unlisted <= implicit, "what 3.%d sets by itself" % version, unlisted - implicit)
    tap.finish()


main()
