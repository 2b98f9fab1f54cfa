#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [NAME ...] - what a file says of its names, case by case.

cases/NAME.py is a file; the comments in it say what its summary holds, as names_probe prints it:
  #: TEXT    one line of the summary has it (a tab counts as a blank)
  #! TEXT    none has
  #probe ... options of names_probe
The values are those that Python's semantics give, not what came out: there is no --bless.

What names are called changes nothing else: each case is read once more with all of them in the other
case, but for those that mean something.
"""

import builtins
import keyword
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import Tap  # noqa: E402

PROBE = os.path.join(os.environ["RS_BINARY_DIR"], "tests", "names_probe")


def printed(path, options=()):
    result = subprocess.run([PROBE, *options], input="%s\n" % path, capture_output=True, text=True,
                            check=True)
    return [line.replace("\t", " ") for line in result.stdout.splitlines()]


def complaints(path):
    source = path.read_text(encoding="utf-8").splitlines()
    options = [word for line in source if line.startswith("#probe ") for word in line.split()[1:]]
    lines = printed(path, options)
    found = []
    n_asked = 0
    for line in source:
        mark, _, text = line.strip().partition(" ")
        if mark not in ("#:", "#!"):
            continue
        n_asked += 1
        if any(text in given for given in lines) != (mark == "#:"):
            found.append("%s %s" % ("no" if mark == "#:" else "has", text))
    if not n_asked:
        found.append("asks nothing")
    return "\n".join(found + (["", *lines] if found else []))


MEANT = {*dir(builtins), *keyword.kwlist, *keyword.softkwlist, "sys", "os", "version_info", "platform",
         "major", "startswith", "name", "win32", "lin", "linux", "TYPE_CHECKING", "cast", "Literal",
         "Annotated", "extend", "append", "remove", "update", "modules", "PY2", "PY3", "six", "posix"}
WORD = re.compile(r"\w+")


def renamed(source):
    def swap(match):
        word = match.group()
        is_prefix = source[match.end():match.end() + 1] in ("'", '"') and len(word) == 1
        is_kept = word in MEANT or word.startswith("__") or word[0].isdigit() or is_prefix
        return word if is_kept else word.swapcase()
    return WORD.sub(swap, source)


def rename_complaints(path):
    source = path.read_text(encoding="utf-8")
    code = "\n".join(line for line in source.splitlines() if not line.startswith("#")) + "\n"
    with tempfile.TemporaryDirectory() as scratch:
        texts = []
        for name, text in (("a", code), ("b", renamed(code))):
            copy = Path(scratch) / (name + path.suffix)
            copy.write_text(text, encoding="utf-8")
            texts.append([line.lower() for line in printed(copy)[1:]])
    return "\n".join("%s / %s" % pair for pair in zip(*texts) if pair[0] != pair[1]) or \
        ("" if len(texts[0]) == len(texts[1]) else "more or fewer lines")


def main():
    tap = Tap()
    wanted = sys.argv[1:]
    for path in sorted((HERE / "cases").iterdir()):
        if not wanted or path.stem in wanted:
            found = complaints(path)
            tap.ok(not found, path.stem, found)
            found = rename_complaints(path)
            tap.ok(not found, path.stem + " by other names", found)
    tap.finish()


if __name__ == "__main__":
    main()
