#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - what becomes of a SCIP index: columns in every unit and encoding, positions that are
none, broken indexes, and that neither order nor threads change a byte."""

import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "invariants")]
import writer as w  # noqa: E402
from harness import IS_FULL, Scratch, Tap, build, hashes, query, some, write_tree  # noqa: E402

UTF8, UTF16, UTF32 = 1, 2, 3
P = "scip-python python p 1 "


def make(scratch, name, files, index, *options):
    tree = scratch / name / "tree"
    tree.mkdir(parents=True)
    write_tree(tree, files)
    path = scratch / name / "index.scip"
    path.write_bytes(index)
    return build(tree, scratch / name, "--scip", path, *options)


def spans(bundle):
    return [(r["path"], r["start_byte"], r["end_byte"], r["symbol"]) for r in query(
        bundle, "SELECT path, start_byte, end_byte, symbol FROM scip_occurrences "
                "JOIN repo_files USING (file_id) ORDER BY occurrence_id")]


def units(line, encoding, upto):
    """Columns that the first `upto` characters of a line have."""
    head = line[:upto]
    return {UTF8: len(head.encode()), UTF16: len(head.encode("utf-16-le")) // 2,
            UTF32: len(head)}[encoding]


# name, source text, how it is saved, whether the indexer reads all as UTF-8
TEXTS = [
    ("ascii", "a = 1\nname = a\n", "utf-8", True),
    ("two bytes", "é = 'é'; name = é\n", "utf-8", True),
    ("astral", "s = '\U0001f600\U00010000'; name = s\n", "utf-8", True),
    ("crlf", "a = 'é'\r\nname = a\r\n", "utf-8", True),
    ("lone cr", "a = 'é'\rname = a\r", "utf-8", True),
    ("no line ends", "a = '\x0b\x0c\x1c\x85\u2028'; name = a\nname = 2", "utf-8", True),
    ("mark", "\ufeffname = 1\nx = name\n", "utf-8", True),
    ("latin-1", "# coding: latin-1\ns = 'é\xc3\xa9'; name = s\n", "latin-1", False),
    ("gbk", "# coding: gbk\ns = '中文'; name = s\n", "gbk", False),
    ("shift_jis", "# coding: shift_jis\ns = '表示'; name = s\n", "shift_jis", False),
    ("cp1252", "# coding: cp1252\ns = '€'; name = s\n", "cp1252", False),
]


def lines_of(text):
    out = [""]
    for i, c in enumerate(text):
        out[-1] += c
        if c == "\n" or (c == "\r" and text[i + 1:i + 2] != "\n"):
            out.append("")
    return out


def check_columns(tap, scratch):
    """Each text in each unit is a file; an index says once how its indexer reads all files."""
    for as_utf8 in some((True, False)):
        files, documents, wanted = {}, [], {}
        for name, text, codec, _ in [t for t in TEXTS if t[3] == as_utf8]:
            for encoding in (UTF8, UTF16, UTF32):
                path = "%s in %d.py" % (name, encoding)
                found, wanted[path], before = [], [], ""
                for n, line in enumerate(lines_of(text)):
                    at = line.find("name")
                    if at >= 0:
                        found.append(w.occurrence((n, units(line, encoding, at),
                                                   units(line, encoding, at + 4)), P + "m/name."))
                        byte = len((before + line[:at]).encode(codec))
                        wanted[path].append((path, byte, byte + 4, P + "m/name."))
                    before += line
                files[path] = text.encode(codec)
                documents.append(w.document(path, found, encoding=encoding))
        bundle = make(scratch, "columns %d" % as_utf8, files,
                      w.metadata(encoding=as_utf8) + b"".join(documents))
        rows = spans(bundle)
        for path, expected in wanted.items():
            found = [row for row in rows if row[0] == path]
            tap.ok(bool(expected) and found == expected, "columns: %s" % path[:-3],
                   "%s\n%s" % (expected, found))


def check_read_as_utf8(tap, scratch):
    source = "# coding: latin-1\ns = 'é\xc3\xa9'; name = s\n".encode("latin-1")
    column = source.split(b"\n")[1].decode("utf-8", "replace").index("name")
    index = w.metadata(encoding=1) + w.document("m.py", [w.occurrence((1, column, column + 4), P + "m/name.")])
    bundle = make(scratch, "as utf-8", {"m.py": source}, index)
    at = source.index(b"name")
    tap.ok(spans(bundle) == [("m.py", at, at + 4, P + "m/name.")],
           "an indexer that reads every file as UTF-8 counts its replacement characters", spans(bundle))


def check_habits(tap, scratch):
    text = "s = '\U0001f600'; name = s\n"
    for tool, encoding in (("scip-python", UTF16), ("other", UTF32)):
        at = units(text, encoding, text.index("name"))
        index = w.metadata(tool) + w.document("m.py", [w.occurrence((0, at, at + 4), P + "m/name.")])
        bundle = make(scratch, "habit " + tool, {"m.py": text}, index)
        byte = text.encode().index(b"name")
        tap.ok(spans(bundle) == [("m.py", byte, byte + 4, P + "m/name.")],
               "without a declared unit, %s counts as it is known to" % tool, spans(bundle))


# reason, range, unit
IMPOSSIBLE = [
    ("missing_range_fields", (), UTF16),
    ("invalid_range_len", (1,), UTF16),
    ("invalid_range_len", (1, 2), UTF16),
    ("invalid_range_len", (0, 0, 0, 1, 2), UTF16),
    ("negative_position", (0, -1, 2), UTF16),
    ("negative_position", (-5, 0, 2), UTF16),
    ("inverted_range", (0, 2, 1), UTF16),
    ("inverted_range", (1, 0, 0, 3), UTF16),
    ("line_beyond_file", (3, 0, 0), UTF16),
    ("line_beyond_file", (2 ** 31 - 1, 0, 0), UTF16),
    ("column_beyond_line", (0, 0, 8), UTF16),
    ("column_beyond_line", (1, 4, 2 ** 31 - 1), UTF32),
    ("column_inside_character", (0, 6, 7), UTF8),
    ("column_inside_character", (1, 2, 3), UTF16),
]


def check_impossible(tap, scratch):
    # 0: s = 'é'   1: an astral character in quotes   2: nothing
    source = "s = 'é'\n'\U0001f600'\n"
    paths = ["m%02d.py" % i for i in range(len(IMPOSSIBLE))]
    index = w.metadata() + b"".join(
        w.document(path, [w.occurrence(span, P + "m/s."),
                          w.occurrence((0, 0, 1), P + "m/t.", enclosing=span)], encoding=unit)
        for path, (_, span, unit) in zip(paths, IMPOSSIBLE))
    bundle = make(scratch, "impossible", dict.fromkeys(paths, source), index)
    rows = query(bundle, "SELECT e.path, reason, is_enclosing, code, symbol, start_byte FROM "
                         "scip_span_errors e JOIN scip_occurrences o USING (occurrence_id) "
                         "ORDER BY e.path, is_enclosing")
    for path, (reason, span, _) in zip(paths, IMPOSSIBLE):
        wanted = [(reason, False, P + "m/s.", None), (reason, True, P + "m/t.", 0)]
        if not span:
            wanted = wanted[:1]  # no enclosing range is no fault
        found = [(r["reason"], r["is_enclosing"], r["symbol"], r["start_byte"])
                 for r in rows if r["path"] == path and r["code"] == "scip_range_invalid"]
        tap.ok(found == wanted, "%s: %s" % (reason, list(span)), "%s\n%s" % (wanted, found))


def errors_of(bundle):
    return [(r["path"], r["reason"]) for r in query(
        bundle, "SELECT path, reason FROM scip_span_errors ORDER BY error_id >= 0, path, reason")]


def count(bundle, dataset):
    return query(bundle, "SELECT count(*) AS n FROM %s" % dataset)[0]["n"]


def check_documents(tap, scratch):
    good = w.document("m.py", [w.occurrence((0, 0, 1), P + "m/a.")])
    files = {"m.py": "a = 1\n"}
    cases = [
        ("a document of no file", good + w.document("gone.py", [], [w.information(P + "gone/f.")]),
         [("gone.py", "missing_repo_text_for_path")]),
        ("a document twice", good + good, [("m.py", "document_repeated")]),
        ("a document of another text", w.document("m.py", [], body="b = 1\n"),
         [("m.py", "text_differs")]),
        ("a document of the same text", w.document("m.py", [], body="a = 1\n"), []),
        ("a document that is no message", w.block(2, w.block(1, "m.py") + b"\x12\x7f"),
         [("m.py", "document_broken")]),
        ("a symbol that is no UTF-8", w.document("m.py", [w.occurrence((0, 0, 1), b"\xff/a.")]),
         [("m.py", "document_broken")]),
        ("a path that is no UTF-8", good + w.document(b"\xff.py"),
         [("\\xff.py", "missing_repo_text_for_path")]),
        ("a path out of the tree", w.document("../m.py") + w.document("/etc/passwd"),
         [("../m.py", "missing_repo_text_for_path"), ("/etc/passwd", "missing_repo_text_for_path")]),
        ("an external symbol that is no message", good + w.external(b"\x0a\x03a/b\x22\x7f"),
         [(None, "document_broken")]),
        ("fields of a later SCIP", good + w.number(9, 7) + w.block(77, "x") + w.block(
            2, w.block(1, "m.py") + w.block(2, w.packed(1, (0, 4, 5)) + w.block(99, "?"))),
         [("m.py", "document_repeated")]),
    ]
    for i, (name, rest, wanted) in enumerate(some(cases)):
        bundle = make(scratch, "document %d" % i, files, w.metadata() + rest)
        tap.ok(errors_of(bundle) == wanted, name, errors_of(bundle))


def check_broken(tap, scratch):
    whole = w.metadata() + w.document("m.py", [w.occurrence((0, 0, 1), P + "m/a.")])
    cases = [("an empty file", b""), ("a text", b"this is no index\n" * 99), ("a cut end", whole[:-1]),
             ("a cut length", whole + b"\x12"), ("a length behind the end", whole + b"\x12\xff\x01x"),
             ("an endless number", whole + b"\x08" + b"\xff" * 20),
             ("a length of 2^64 - 1", whole + b"\x12" + b"\xff" * 9 + b"\x01"),
             ("field number 0", whole + b"\x02\x00"), ("a group", whole + b"\x13"),
             ("no metadata", w.document("m.py")), ("metadata that is none", w.block(1, b"\x12\x7f"))]
    for i, (name, index) in enumerate(some(cases)):
        bundle = make(scratch, "broken %d" % i, {"m.py": "a = 1\n"}, index)
        tap.ok(errors_of(bundle) == [(None, "index_broken")] and count(bundle, "scip_occurrences") == 0
               and count(bundle, "scip_metadata") == 0 and count(bundle, "scip_symbols") == 0,
               "%s costs the SCIP evidence alone" % name, errors_of(bundle))
    tree = scratch / "broken 0" / "tree"
    for name, path in some((("a missing file", scratch / "none"), ("a directory", scratch))):
        bundle = build(tree, scratch / name, "--scip", path)
        tap.ok(errors_of(bundle) == [(None, "index_unreadable")], "%s is no index" % name,
               errors_of(bundle))
    if IS_FULL:
        bundle = build(tree, scratch / "absent")
        tap.ok(not errors_of(bundle) and count(bundle, "scip_documents") == 0, "no index, no rows")


def check_columns_of_rows(tap, scratch):
    a, b, c = P + "`m`/A#", P + "`m`/A#f().", P + "`n`/B#"
    documents = [
        w.document("m.py", [
            w.occurrence((0, 6, 7), a, 1, (0, 0, 2, 12), 19, ["one", "two"]),
            w.occurrence((1, 8, 9), b, 1 | 16, diagnostics=[
                w.diagnostic(2, "E1", "bad", "lint", (1, 2)), w.diagnostic(0, "", "worse")]),
            w.occurrence((1, 8, 9), b, 1 | 16),
            w.occurrence((2, 8, 12), "local 1", 8), w.occurrence((0, 0, 5), "", 0, (), 4)],
            [w.information(a, ["doc", "more"], [w.relationship(c, implementation=True)], 7, "A",
                           signature=("python", "class A")),
             w.information("local 1", enclosing=b, relations=[w.relationship(a, type_definition=True)]),
             w.information(b, kind=200)], "python", encoding=1),
        w.document("n.py", [w.occurrence((0, 0, 1), "local 1", 1)],
                   [w.information(a, ["other"], [w.relationship(c, reference=True)])]),
        w.document("gone.py", [w.occurrence((0, 0, 1), P + "`gone`/x.", 1)],
                   [w.information(P + "`gone`/y."), w.information("local 7")], "python"),
    ]
    externals = [w.external(w.information(c, ["B"])), w.external(w.information(c, ["B"])),
                 w.external(w.information("local 3"))]
    files = {"m.py": "class A:\n    def f(self):\n        self\n", "n.py": "b = 1\n"}
    head = w.metadata(arguments=("index", "--quiet"))
    bundle = make(scratch, "rows", files, head + b"".join(documents + externals))
    tables = {
        "scip_occurrences": (
            "SELECT path, start_byte, end_byte, symbol, symbol_roles, enclosing_start_byte, "
            "enclosing_end_byte, syntax_kind, override_documentation FROM scip_occurrences JOIN "
            "repo_files USING (file_id) ORDER BY path, occurrence_id",
            [["m.py", 0, 5, None, 0, None, None, "Keyword", None],
             ["m.py", 6, 7, a, 1, 0, 38, "IdentifierType", "one\n\ntwo"],
             ["m.py", 17, 18, b, 17, None, None, None, None],
             ["m.py", 34, 38, "local 1", 8, None, None, None, None],
             ["n.py", 0, 1, "local 1", 1, None, None, None, None]]),
        "scip_symbols": (
            "SELECT s.symbol, s.name, s.suffix, s.package_name, s.is_declared, s.is_external, path "
            "FROM scip_symbols s LEFT JOIN repo_files USING (file_id) ORDER BY s.symbol, path",
            [["local 1", None, "local", None, True, False, "m.py"],
             ["local 1", None, "local", None, False, False, "n.py"],
             [P + "`gone`/y.", "y", "term", "p", True, False, None],
             [a, "A", "type", "p", True, False, None], [b, "f", "method", "p", True, False, None],
             [c, "B", "type", "p", False, True, None]]),
        "scip_symbol_information": (
            "SELECT i.symbol, kind, display_name, documentation, signature_language, "
            "signature_text, enclosing_symbol, is_first, path FROM scip_symbol_information i LEFT "
            "JOIN repo_files USING (file_id) ORDER BY i.symbol, path",
            [["local 1", None, None, None, None, None, b, True, "m.py"],
             [P + "`gone`/y.", None, None, None, None, None, None, True, None],
             [a, "Class", "A", "doc\n\nmore", "python", "class A", None, True, "m.py"],
             [a, None, None, "other", None, None, None, False, "n.py"],
             [b, None, None, None, None, None, None, True, "m.py"]]),
        "scip_external_symbols": (
            "SELECT symbol, documentation, is_first, symbol_id IS NULL FROM scip_external_symbols "
            "ORDER BY symbol", [["local 3", None, False, True], [c, "B", True, False]]),
        "scip_relationships": (
            "SELECT symbol, related_symbol, is_reference, is_implementation, is_type_definition, "
            "is_definition FROM scip_relationships ORDER BY symbol",
            [["local 1", a, False, False, True, False], [a, c, True, True, False, False]]),
        "scip_diagnostics": (
            "SELECT severity, scip_severity, code, message, source, is_unnecessary, is_deprecated, "
            "start_byte FROM scip_diagnostics ORDER BY diagnostic_id",
            [["WARNING", "WARNING", "E1", "bad", "lint", True, True, 17],
             ["ERROR", None, None, "worse", None, False, False, 17]]),
        "scip_documents": (
            "SELECT path, language, position_encoding, is_encoding_declared, n_copies, "
            "n_occurrences, n_symbols, file_id IS NULL FROM scip_documents ORDER BY path",
            [["gone.py", "python", "UTF32", False, 1, 1, 2, True],
             ["m.py", "python", "UTF8", True, 1, 5, 3, False],
             ["n.py", None, "UTF32", False, 1, 1, 1, False]]),
        "scip_metadata": (
            "SELECT tool_name, tool_version, tool_arguments, project_root, text_document_encoding, "
            "n_documents, n_external_symbols FROM scip_metadata",
            [["test", "1", "index\n--quiet", "file:///root", "UTF8", 3, 3]]),
        "nodes": (
            "SELECT kind, count(*) FROM nodes WHERE kind LIKE 'SCIP%' OR kind = 'DIAGNOSTIC' GROUP "
            "BY kind ORDER BY kind",
            [["DIAGNOSTIC", 3], ["SCIP_DOCUMENT", 3], ["SCIP_INDEX", 1], ["SCIP_OCCURRENCE", 5],
             ["SCIP_SYMBOL", 6]]),
        "edges": (
            "SELECT e.kind, s.qualified_name AS a, d.qualified_name AS b FROM edges e JOIN nodes s ON "
            "s.node_id = e.src JOIN nodes d ON d.node_id = e.dst WHERE e.kind LIKE 'SCIP%' ORDER "
            "BY e.kind",
            [["SCIP_SYMBOL_IMPLEMENTATION", a, c], ["SCIP_SYMBOL_REFERENCE", a, c],
             ["SCIP_SYMBOL_TYPE_DEFINITION", "local 1", a]]),
        "props": (
            "SELECT key, value_str FROM props JOIN nodes n ON n.node_id = entity_id WHERE n.kind = "
            "'SCIP_SYMBOL' AND n.name = 'A' AND key <> 'symbol' ORDER BY key",
            [["display_name", "A"], ["documentation", "doc\n\nmore"], ["package_name", "p"],
             ["package_version", "1"], ["signature", "class A"], ["suffix", "type"],
             ["symbol_kind", "Class"]]),
    }
    for name, (sql, wanted) in tables.items():
        found = [list(row.values()) for row in query(bundle, sql)]
        tap.ok(found == wanted, "rows of " + name, "\n".join(map(str, wanted + ["--"] + found)))
    rejects = query(bundle, "SELECT 1 AS n FROM nodes WHERE kind = 'SCIP_SYMBOL' GROUP BY node_id "
                            "HAVING count(*) > 1")
    tap.ok(not rejects, "one node a symbol")
    return files, documents, externals


KNOWN_TREE = {
    "src/pkg/__init__.py": "",
    "src/pkg/app.py": "class App:\n    pass\n",
    "src/lib/__init__.py": "", "src/lib/twice.py": "def f(): pass\n",
    "use.py": """\
import os
import pkg.app
from pkg.app import App
from lib.twice import f
thing = App()
pkg.app.App()
App()
f()
os.getcwd()
os.fsencode()
pkg.other()
thing()
""",
}
# What each call's symbol is called there, and where the call leads.
KNOWN_CALLS = [
    (5, "local 1", ["CALLS_QNAME pkg.app.App"]),  # of no definition
    (6, P + "`pkg.app`/App#", ["CALLS_SYMBOL " + P + "`src.pkg.app`/App#"]),
    (7, "local 3", ["CALLS_QNAME pkg.app.App", "CALLS_SYMBOL local 3"]),  # one of the document
    (8, P + "`lib.twice`/f().", ["CALL f", "CALLS_QNAME lib.twice.f"]),  # which of two?
    (9, "scip-python python python-stdlib 3.11 os/getcwd().",
     ["CALLS_SYMBOL scip-python python python-stdlib 3.11 os/getcwd()."]),
    (10, P + "os/fsencode().", ["CALLS_SYMBOL " + P + "os/fsencode()."]),  # listed as external
    (11, P + "pkg/other().", ["CALLS_QNAME pkg.other"]),  # of our package, and nowhere
    (12, "local 2", ["CALLS_SYMBOL local 2"]),  # a variable of the document: not by its own name
]


def check_known(tap, scratch):
    """A symbol that nothing defines is no answer; one that is spelt without its path is."""
    app, twice = P + "`src.pkg.app`/App#", P + "`%s.lib.twice`/f()."
    lines = KNOWN_TREE["use.py"].splitlines()
    ends = [lines[n - 1].rindex("(") for n, _, _ in KNOWN_CALLS]
    starts = [max(lines[n - 1].rfind(c, 0, e) for c in " .") + 1 for (n, _, _), e in zip(KNOWN_CALLS, ends)]
    use = w.document("use.py", [
        w.occurrence((2, 20, 23), "local 3", 1), w.occurrence((4, 0, 5), "local 2", 1)] + [
        w.occurrence((n - 1, a, b), symbol)
        for (n, symbol, _), a, b in zip(KNOWN_CALLS, starts, ends)], [w.information("local 1")])
    documents = [
        use, w.document("src/pkg/app.py", [w.occurrence((0, 6, 9), app, 1)]),
        w.document("src/lib/twice.py", [w.occurrence((0, 4, 5), twice % "src", 1),
                                        w.occurrence((0, 4, 5), twice % "old", 1)]),
        w.external(w.information(P + "os/fsencode().")), w.external(w.information("local 1"))]
    bundle = make(scratch, "known", KNOWN_TREE, w.metadata() + b"".join(documents))
    found = {}
    for row in query(bundle, "SELECT s.start_line, e.kind, coalesce(d.qualified_name, d.name) AS target, "
                             "d.name FROM edges e JOIN nodes s ON s.node_id = e.src JOIN nodes d ON "
                             "d.node_id = e.dst WHERE e.kind IN ('CALL', 'CALLS_SYMBOL', 'CALLS_QNAME') "
                             "ORDER BY ALL"):
        target = row["name"] if row["kind"] == "CALL" else row["target"]
        found.setdefault(row["start_line"], []).append("%s %s" % (row["kind"], target))
    for line, symbol, wanted in KNOWN_CALLS:
        tap.ok(found.get(line) == wanted, "a call of `%s` in line %d" % (symbol, line), found.get(line))
    rows = query(bundle, "SELECT s.symbol, k.symbol AS known FROM scip_symbols s LEFT JOIN scip_symbols k "
                         "ON k.symbol_id = s.known_id WHERE s.suffix <> 'local' ORDER BY 1")
    known = {row["symbol"]: row["known"] for row in rows}
    tap.ok(known[P + "`pkg.app`/App#"] == app and known[P + "pkg/other()."] is None and known[app] == app,
           "scip_symbols says which symbol one counts as", known)


GROUP_TREE = {"a.py": """\
def f(): pass
def g(): pass
def k(): pass
try:
    h = f
except Exception:
    h = g
h()
f()
g()
class C: pass
C()
from nowhere import made
made()
"""}


def check_groups(tap, scratch):
    """What the index and names say of one call is one group, each with its origin; what both say is the
    index's, and alone where nobody says else."""
    f, g, k, c = (P + "a/%s" % name for name in ("f().", "g().", "k().", "C#"))
    index = w.metadata() + w.document("a.py", [
        *(w.occurrence((n, 4, 5), symbol, 1) for n, symbol in enumerate((f, g, k))),
        w.occurrence((7, 0, 1), k), w.occurrence((8, 0, 1), f), w.occurrence((9, 0, 1), f),
        w.occurrence((10, 6, 7), c, 1), w.occurrence((11, 0, 1), c),
        w.occurrence((13, 0, 4), c)])
    bundle = make(scratch, "groups", GROUP_TREE, index)
    rows = query(bundle, "SELECT s.start_line AS line, e.kind, d.name, e.origin, e.start_byte - s.start_byte AS at, "
                         "e.ambiguity_group_id = e.src AS is_grouped FROM edges e JOIN nodes s ON s.node_id = e.src "
                         "JOIN nodes d ON d.node_id = e.dst WHERE e.kind IN ('CALL', 'INSTANTIATES') ORDER BY ALL")
    found = {}
    for row in rows:
        found.setdefault(row["line"], set()).add((row["kind"], row["name"], row["origin"], row["is_grouped"]))
    wanted = {8: {("CALL", "f", "names", True), ("CALL", "g", "names", True), ("CALL", "k", "scip", True)},
              9: {("CALL", "f", "scip", None)},
              10: {("CALL", "f", "scip", True), ("CALL", "g", "names", True)},
              12: {("INSTANTIATES", "C", "names", None)}, 14: {("INSTANTIATES", "C", "scip", None)}}
    tap.ok(found == wanted, "candidates of the index and of names are one group", found)
    tap.ok(all(row["at"] == 0 for row in rows if row["kind"] == "CALL"), "all at the callee's name", rows)


def check_order(tap, scratch, files, documents, externals):
    chosen = random.Random(7)
    bodies = [d for d in documents] + externals
    wanted = None
    for i, threads in enumerate((1, 4, 2)):
        chosen.shuffle(bodies)
        bundle = make(scratch, "order %d" % i, files, w.metadata() + b"".join(bodies),
                      "--threads", threads)
        found = {k: v for k, v in hashes(bundle).items()
                 if k.endswith(".parquet") and "scip_metadata" not in k}
        # The index's own hash is in its row and node: those alone may differ, and their sizes.
        nodes = query(bundle, "SELECT * FROM nodes WHERE kind <> 'SCIP_INDEX' ORDER BY ALL")
        found = {k: v for k, v in found.items() if "cpg/nodes" not in k and "_stats/" not in k}
        if wanted is None:
            wanted = (found, nodes)
        tap.ok((found, nodes) == wanted, "a shuffled index, %d threads: the same bytes" % threads,
               [k for k in found if found[k] != wanted[0].get(k)])


def main():
    tap = Tap()
    with Scratch() as scratch:
        index = check_columns_of_rows(tap, scratch)
        check_known(tap, scratch)
        check_groups(tap, scratch)
        for check in some((check_columns, check_impossible, check_documents, check_broken)):
            check(tap, scratch)
        if IS_FULL:
            check_read_as_utf8(tap, scratch)
            check_habits(tap, scratch)
            check_order(tap, scratch, *index)
    tap.finish()


main()
