#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [--bless] - the project's own gate: a small repository that every rule has rows of, with an
index, built with 1, 2 and 4 threads, in another order and under another path, against snapshot.json.

--bless rewrites the snapshot; the difference belongs into the commit that makes it.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "rules"), str(HERE.parent / "invariants")]
import sources  # noqa: E402
from harness import Scratch, Tap, relspec, write_tree  # noqa: E402

SNAPSHOT = HERE / "snapshot.json"


def main():
    tap = Tap()
    with Scratch() as scratch:
        tree = write_tree(scratch / "src", sources.TREE)
        (scratch / "index.scip").write_bytes(sources.index())
        options = ["--update"] if "--bless" in sys.argv[1:] else ["--threads", "1,2,4"]
        found = relspec("gate", tree, "--scip", scratch / "index.scip", "--snapshot", SNAPSHOT, *options,
                        stdout=subprocess.PIPE)
        tap.ok(found.returncode == 0, "the golden repository is as it was: run.py --bless if that is meant",
               found.stdout + found.stderr)
    tap.finish()


main()
