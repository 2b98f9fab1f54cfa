#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - the SQL of every rule, in every dialect of src/plan/dialect.c, is that dialect's.

sqlglot reads it: all of it parses, texts stand in single quotes and names in the dialect's own, and
what is called is known to the dialect, or ours. The rules are the built-in ones, tests/schemas/whole.yaml
and packs/all.yaml, which has what the others have not. sqlglot comes from PyPI (tools/fetch-readers).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "open"))
import readers  # noqa: E402
from harness import Tap  # noqa: E402

# Functions that we give an engine (docs/kernels.md); another one makes ids by its own.
OURS = {"duckdb": {"global_id", "edge_id", "stable_id"}, "spark": set()}
# What sqlglot has no class for, but the engine has.
KNOWN = {"duckdb": {"add", "list_slice", "multiply", "range", "row", "subtract"}, "spark": {"conv", "octet_length"}}
QUOTES = {"duckdb": '"', "spark": "`"}


def faults_of(dialect, sql):
    """What is wrong with a text; nothing where it is fine."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.tokens import TokenType
    try:
        trees = sqlglot.parse(sql, read=dialect, error_level=sqlglot.ErrorLevel.RAISE)
        tokens = sqlglot.tokenize(sql, read=dialect)
    except sqlglot.errors.SqlglotError as error:
        return [str(error).split("\n")[0]]
    faults = []
    for token in tokens:
        wanted = {TokenType.STRING: "'", TokenType.IDENTIFIER: QUOTES[dialect]}
        if token.token_type in wanted and sql[token.start] != wanted[token.token_type]:
            faults.append("%s is quoted for another dialect" % token.text)
    for tree in filter(None, trees):
        if tree.find(exp.Command):
            faults.append("not understood: %s" % tree.sql()[:60])
        for call in tree.find_all(exp.Anonymous):
            if call.name.lower() not in OURS[dialect] | KNOWN[dialect]:
                faults.append("nobody knows the function %s" % call.name)
    return faults


def main():
    probe = Path(os.environ["RS_BINARY_DIR"]) / "tests/dialect_probe"
    done = subprocess.run([str(probe), str(HERE.parent / "schemas"), str(HERE / "packs")],
                          stdout=subprocess.PIPE, encoding="utf-8", check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    tap = Tap()
    for dialect in sorted(QUOTES):
        mine = {row["rule"]: row["sql"] for row in rows if row["dialect"] == dialect}
        faults = ["%s: %s" % (rule, fault) for rule, sql in sorted(mine.items())
                  for fault in faults_of(dialect, sql)]
        tap.ok(not faults and len(mine) > 100, "%s: %d rules" % (dialect, len(mine)),
               "\n".join(faults[:20]))
    names = [set(r["rule"] for r in rows if r["dialect"] == d) for d in sorted(QUOTES)]
    tap.ok(names[0] == names[1] and {r["dialect"] for r in rows} == set(QUOTES),
           "every dialect has every rule, and there is no other dialect")
    ours = next(r["sql"] for r in rows if r["dialect"] == "duckdb" and r["rule"] == "spelled_list")
    wrong = {"duckdb as spark": ("spark", ours), "cut": ("duckdb", ours[:ours.index("SELECT") + 6] + " ("),
             "unknown": ("spark", "SELECT list_concat_of(`a`)")}
    tap.ok(all(faults_of(*case) for case in wrong.values()), "what is wrong is seen",
           str({name: faults_of(*case) for name, case in wrong.items()}))
    tap.finish()


readers.enter(__file__)
main()
