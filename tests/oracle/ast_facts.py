#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ast_facts.py [DIRECTORY ...] - the tables of a bundle, compared with ast_oracle.py.

Builds a bundle of each directory (the standard library without arguments, and what RS_CORPUS
names) and asks it by SQL, as a reader would: defs, classes and lambdas, params, calls, imports,
names and attributes, for every file that CPython parses. Compared are spans, names and kinds:
whatever the oracle says and the tables say too. Before 3.12, what stands inside an f-string is
compared without its place.
"""

import collections
import csv
import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "invariants"))
from harness import PROGRAM, Scratch, build  # noqa: E402

IS_PLACED = sys.version_info >= (3, 12)
MOST_SHOWN = 5

# kind of fact -> SQL: the path, then what fact_of() makes of the oracle's record.
FACTS = {
    "def": """
        SELECT f.path, start_byte, end_byte, name, name_start_byte, name_end_byte,
               def_kind = 'async_function', n_decorators, is_generator
        FROM defs d JOIN repo_files f USING (file_id)
        WHERE def_kind IN ('function', 'async_function')""",
    "class": """
        SELECT f.path, start_byte, end_byte, name, name_start_byte, name_end_byte, n_decorators,
               (SELECT count(*) FROM class_bases b
                WHERE b.def_id = d.def_id AND b.arg_kind IN ('positional', 'star'))
        FROM defs d JOIN repo_files f USING (file_id) WHERE def_kind = 'class'""",
    "lambda": """
        SELECT f.path, start_byte, end_byte, n_params
        FROM defs d JOIN repo_files f USING (file_id) WHERE def_kind = 'lambda'""",
    "call": """
        SELECT f.path, c.start_byte, c.end_byte, callee_start_byte, callee_end_byte,
               lower(callee_shape), callee_text, n_positional, n_keyword, has_star, has_double_star,
               (SELECT string_agg(keyword, ' ' ORDER BY position) FROM args a
                WHERE a.call_id = c.call_id AND a.arg_kind = 'keyword')
        FROM calls c JOIN repo_files f USING (file_id)""",
    "import": """
        SELECT f.path, stmt_start_byte, stmt_end_byte, start_byte, end_byte, i.module, name, alias,
               level, is_star
        FROM imports i JOIN repo_files f USING (file_id)""",
    "name": """
        SELECT f.path, start_byte, end_byte, name, lower(context)
        FROM name_refs n JOIN repo_files f USING (file_id)""",
    "attribute": """
        SELECT f.path, start_byte, end_byte, name_start_byte, name_end_byte, value_start_byte,
               value_end_byte, attribute, lower(context)
        FROM attributes a JOIN repo_files f USING (file_id)""",
    "arg": """
        SELECT f.path, start_byte, end_byte, name_start_byte, name_end_byte, name
        FROM params p JOIN repo_files f USING (file_id)""",
}
# Columns that are places, counted behind the path: all of them for what stands in an f-string.
PLACES = {"def": {0, 1, 3, 4}, "class": {0, 1, 3, 4}, "lambda": {0, 1}, "call": {0, 1, 2, 3},
          "import": {0, 1, 2, 3}, "name": {0, 1}, "attribute": {0, 1, 2, 3, 4, 5},
          "arg": {0, 1, 2, 3}}


def text(value):
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def fact_of(record):
    """The cells of a record of the oracle, in the order of FACTS."""
    kind, span = record["k"], record["span"]
    if kind == "def":
        return [*span, record["name"], *record["name_span"], record["async"],
                record["decorators"], record["gen"]]
    if kind == "class":
        return [*span, record["name"], *record["name_span"], record["decorators"], record["bases"]]
    if kind == "lambda":
        return [*span, len(record["params"])]
    if kind == "call":
        named = [k for k in record["kw"] if k is not None]
        return [*span, *record["func_span"], record["func"], record["text"], record["npos"],
                len(named), record["star"], None in record["kw"], " ".join(named)]
    if kind == "import":
        alias = record["alias_span"] or [None, None]
        return [*span, *alias, record["module"], record["name"], record["asname"],
                record["level"], record["star"]]
    if kind == "name":
        return [*span, record["id"], record["ctx"]]
    if kind == "attribute":
        return [*span, *record["attr_span"], *record["value_span"], record["attr"], record["ctx"]]
    return [*span, *record["name_span"], record["name"]]


def oracle_facts(oracle, directory, names):
    """kind -> path -> list of (cells, is it in an f-string); and the files that do not count."""
    paths = {str(directory / name): name for name in names}
    child = subprocess.run([sys.executable, str(oracle), "-"], stdout=subprocess.PIPE, check=True,
                           input="\n".join(paths), encoding="utf-8", errors="surrogateescape")
    facts = {kind: collections.defaultdict(list) for kind in FACTS}
    left_out = set()
    for line in child.stdout.splitlines():
        record = json.loads(line)
        name = paths[record["file"]]
        if record["k"] == "file":
            if record["error"] is not None or record["recoded"]:
                left_out.add(name)
        elif record["k"] in facts:
            cells = [text(cell) for cell in fact_of(record)]
            facts[record["k"]][name].append((cells, record.get("fstr", False)))
    return facts, left_out


def our_facts(bundle, kind, scratch):
    """path -> list of cells."""
    output = scratch / "facts.csv"
    with open(output, "wb") as stream:
        subprocess.run([PROGRAM, "query", str(bundle), FACTS[kind], "--format", "csv"],
                       stdout=stream, check=True)
    rows = collections.defaultdict(list)
    with open(output, newline="", encoding="utf-8") as stream:
        reader = csv.reader(stream)
        next(reader)
        for path, *cells in reader:
            rows[path].append(cells)
    return rows


def displaced(kind, cells):
    return tuple("" if i in PLACES[kind] else cell for i, cell in enumerate(cells))


def compare(kind, theirs, ours):
    """(facts of theirs, missing, surplus) of one file. What has no place is matched by the rest."""
    left = collections.Counter(map(tuple, ours))
    missing, in_strings = [], []
    for cells, is_in_string in theirs:
        if is_in_string and not IS_PLACED:
            in_strings.append(displaced(kind, cells))
        elif left[tuple(cells)] > 0:
            left[tuple(cells)] -= 1
        else:
            missing.append(cells)
    rest = collections.Counter(displaced(kind, cells) for cells in left.elements())
    wanted = collections.Counter(in_strings)
    if in_strings and rest == wanted:
        return len(theirs), missing, []
    if in_strings:
        missing += (wanted - rest).elements()
        return len(theirs), missing, list((rest - wanted).elements())
    return len(theirs), missing, list(left.elements())


def check(oracle, directory, scratch):
    bundle = build(directory, scratch / "out", "--exclude", "site-packages", "--exclude",
                   "dist-packages")
    names = [row[0] for row in csv.reader(subprocess.run(
        [PROGRAM, "query", str(bundle), "SELECT path FROM repo_files ORDER BY path", "--format",
         "csv"], stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout.splitlines()[1:])]
    facts, left_out = oracle_facts(oracle, Path(directory), names)
    print("# %s: %d files, %d left out (refused, or not in UTF-8)" % (
        directory, len(names), len(left_out)))
    n_failed = 0
    for kind in FACTS:
        ours = our_facts(bundle, kind, scratch)
        n_facts = n_missing = n_surplus = 0
        shown = []
        for name in names:
            if name not in left_out:
                n, missing, surplus = compare(kind, facts[kind][name], ours[name])
                n_facts, n_missing = n_facts + n, n_missing + len(missing)
                n_surplus += len(surplus)
                shown += [(name, "missing", m) for m in missing[:2]]
                shown += [(name, "surplus", s) for s in surplus[:2]]
        n_failed += bool(n_missing or n_surplus or not n_facts)
        print("%s - %s: %d facts, %d missing, %d surplus" % (
            "not ok" if n_missing or n_surplus or not n_facts else "ok", kind, n_facts, n_missing,
            n_surplus))
        for line in shown[:MOST_SHOWN]:
            print("#", *line)
    return n_failed


def main():
    oracle = Path(__file__).resolve().parent / "ast_oracle.py"
    csv.field_size_limit(1 << 30)
    directories = sys.argv[1:] or [sysconfig.get_path("stdlib")] + list(
        filter(None, os.environ.get("RS_CORPUS", "").split(os.pathsep)))
    n_failed = 0
    for directory in directories:
        with Scratch() as scratch:
            n_failed += check(oracle, Path(directory), scratch)
    sys.exit(1 if n_failed else 0)


if __name__ == "__main__":
    main()
