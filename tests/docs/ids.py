#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ids.py - the golden ids of docs/conventions.md: what is hashed gives the value that stands beside it,
and so does relspec, by its own function and by those of the engine that its dialect spells ids with.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "invariants"))
from harness import SOURCE, Scratch, Tap, build, relspec, write_tree  # noqa: E402


def id_of(encoded):
    return int.from_bytes(hashlib.sha256(encoded.encode()).digest()[:8], "big", signed=True)


def main():
    tap = Tap()
    text = (SOURCE / "docs/conventions.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(stable_id\(.*\))` \| `(.*)` \| `(-?\d+)` \|$", text, re.MULTILINE)
    tap.ok(len(rows) > 5, "the page has ids", str(len(rows)))
    for call, encoded, value in rows:
        tap.ok(id_of(encoded) == int(value), "%s is the SHA-256 of %s" % (call, encoded),
               str(id_of(encoded)))
    spelt = re.search(r"`(CAST\(CAST\(.*sha256\(TEXT\).*)`", text).group(1)
    with Scratch() as scratch:
        bundle = build(write_tree(scratch / "src", {"a.py": ""}), scratch / "out")
        sql = "SELECT %s" % ", ".join(
            "CAST(%s AS VARCHAR) AS a%d, CAST(%s AS VARCHAR) AS b%d"
            % (call, i, spelt.replace("TEXT", "'%s'" % encoded), i)
            for i, (call, encoded, _) in enumerate(rows))
        found = json.loads(relspec("query", str(bundle), sql, "--format", "json").stdout)[0]
        for i, (call, _, value) in enumerate(rows):
            tap.ok(found["a%d" % i] == found["b%d" % i] == value, "the engine has " + call,
                   "%s %s" % (found["a%d" % i], found["b%d" % i]))
    tap.finish()


main()
