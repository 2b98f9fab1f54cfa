# SPDX-License-Identifier: Apache-2.0
"""readers.py - the interpreter that has the readers of Parquet."""

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "invariants"))
from harness import SKIPPED, SOURCE  # noqa: E402

FOLDER = SOURCE / "build/deps/readers"


def enter(script):
    """Go on under that interpreter, from the start; skip where PyPI cannot be reached for it."""
    if Path(sys.prefix).resolve() == FOLDER.resolve():
        return
    done = subprocess.run([str(SOURCE / "tools/fetch-readers")], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8")
    if done.returncode == SKIPPED:
        print("skipped: " + done.stdout.strip())
        sys.exit(SKIPPED)
    if done.returncode != 0:
        sys.exit(done.stdout)
    python = str(FOLDER / "bin/python")
    os.execv(python, [python, script, *sys.argv[1:]])
