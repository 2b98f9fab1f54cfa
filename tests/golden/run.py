#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [--bless] - the project's own gate: a small repository that every rule has rows of, with an
index, built with 1, 2 and 4 threads, in another order and under another path, against snapshot.json. The
quick round builds it once.

--bless rewrites the snapshot; the difference belongs into the commit that makes it. Members that follow from
others are left out of it, as a gate allows: two changes that both belong there would always meet in them.
"""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "rules"), str(HERE.parent / "invariants")]
import sources  # noqa: E402
from harness import IS_FULL, Scratch, Tap, relspec, write_tree  # noqa: E402

SNAPSHOT = HERE / "snapshot.json"
FOLLOWS = ("config", "graph_signature", "input")  # of the policy and the sources, of the rules, of the sources


def drop_what_follows():
    held = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    for name in FOLLOWS:
        held.pop(name, None)
    SNAPSHOT.write_text(json.dumps(held, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def main():
    tap = Tap()
    with Scratch() as scratch:
        tree = write_tree(scratch / "src", sources.TREE)
        (scratch / "index.scip").write_bytes(sources.index())
        options = ["--update"] if "--bless" in sys.argv[1:] else ["--threads", "1,2,4"] if IS_FULL else ["--once"]
        found = relspec("gate", tree, "--scip", scratch / "index.scip", "--snapshot", SNAPSHOT, *options,
                        stdout=subprocess.PIPE)
        if "--bless" in sys.argv[1:]:
            drop_what_follows()
        tap.ok(found.returncode == 0, "the golden repository is as it was: run.py --bless if that is meant",
               found.stdout + found.stderr)
    tap.finish()


main()
