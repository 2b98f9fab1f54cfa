#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py PROGRAM - the golden repository's evidence, and random evidence, through all engines; in the quick round
random evidence alone, once.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "rules"), str(HERE.parent / "invariants")]
import sources  # noqa: E402
from harness import IS_FULL, Scratch, relspec, write_tree  # noqa: E402


def main():
    if not IS_FULL:
        return subprocess.run([sys.argv[1]]).returncode
    with Scratch() as scratch:
        tree = write_tree(scratch / "src", sources.TREE)
        (scratch / "index.scip").write_bytes(sources.index())
        relspec("build", tree, "-o", scratch, "--run", "golden", "--scip", scratch / "index.scip", "-q")
        found = subprocess.run([sys.argv[1], scratch / "run_bundles" / "golden"])
    return found.returncode


sys.exit(main())
