# SPDX-License-Identifier: Apache-2.0
"""readers.py - the interpreter that has the readers of Parquet."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "invariants"))
from harness import NO_NETWORK, SOURCE, readers, skip  # noqa: E402


def enter(script):
    """Go on under that interpreter, from the start; skip where PyPI cannot be reached for it."""
    if Path(sys.prefix).resolve() == (SOURCE / "build/deps/readers").resolve():
        return
    python = readers()
    if python is None:
        skip(NO_NETWORK, "readers of Parquet")
    os.execv(python, [str(python), script, *sys.argv[1:]])
