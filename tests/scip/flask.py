#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""flask.py [SOURCE INDEX] - Flask as scip-python sees it, row by row against a decoder in Python.

Without arguments Flask comes from PyPI and scip-python from npm; skips (77) where neither can be
had. Every occurrence must land on the name of its symbol, or be of a class that is listed here.
"""

import collections
import importlib.util
import re
import subprocess
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import NO_NETWORK, SOURCE, Scratch, Tap, build, query, skip  # noqa: E402

FLASK = "flask==3.1.3"


def decoder():
    spec = importlib.util.spec_from_file_location("scip_decode", HERE.parent / "oracle/scip_decode.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fetch(scratch):
    """Flask's tree and its index, or None."""
    got = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                          "--no-binary", ":all:", "--dest", str(scratch), FLASK],
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    archives = list(scratch.glob("*.tar.gz"))
    if got.returncode != 0 or not archives:
        print("# no Flask: %s" % got.stderr.decode(errors="replace").strip()[-200:])
        return None
    with tarfile.open(archives[0]) as archive:
        archive.extractall(scratch / "flask")
    tree = next((scratch / "flask").iterdir())
    index = scratch / "flask.scip"
    made = subprocess.run([str(SOURCE / "tools/index-scip"), "--install", str(tree), "-o", str(index),
                           "--name", "flask", "--version", "3.1.3"], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, check=False)
    if made.returncode != 0:
        print("# no index: %s" % made.stderr.decode(errors="replace").strip()[-200:])
        return None
    return tree, index


def decode(path):
    """(path, range, symbol, roles, enclosing) of occurrences, declarations, relationships."""
    d = decoder()
    occurrences, symbols, relations = collections.Counter(), set(), {}
    for field, _, message in d.fields(path.read_bytes()):
        if field != 2:
            continue
        name, found, declared = "", [], []
        for number, _, value in d.fields(message):
            if number == 1:
                name = value.decode()
            elif number == 2:
                found.append(value)
            elif number == 3:
                declared.append(value)
        for value in found:
            parts = {"range": [], "symbol": "", "roles": 0, "around": []}
            for number, wire, content in d.fields(value):
                if number in (1, 7):
                    parts["range" if number == 1 else "around"] += d.ints(content, wire)
                elif number == 2:
                    parts["symbol"] = content.decode()
                elif number == 3:
                    parts["roles"] = content
            occurrences[name, tuple(d.rng(parts["range"])), parts["symbol"], parts["roles"],
                        tuple(d.rng(parts["around"])) if parts["around"] else None] += 1
        for value in declared:
            symbol, documentation = "", []
            for number, _, content in d.fields(value):
                if number == 1:
                    symbol = content.decode()
                elif number == 3:
                    documentation.append(content.decode())
                elif number == 4:
                    flags = {n: v for n, _, v in d.fields(content)}
                    key = symbol, flags.get(1, b"").decode()
                    old = relations.get(key, (False,) * 4)
                    relations[key] = tuple(bool(flags.get(i + 2)) or old[i] for i in range(4))
            symbols.add((name, symbol, "\n\n".join(documentation)))
    return occurrences, symbols, relations


# Where scip-python 0.6.6 takes one thing for another: what stands there, and the symbol it says.
MISTAKEN = {
    ("serializer", "src.flask.json.tag`/JSONTag#"),
    ("Call", "_ast/Name#"),
}


def class_of(row, text, source):
    """How what stands at an occurrence is its symbol's name; None when it is not."""
    symbol, name = row["symbol"], row["name"]
    if text == name:
        return "name"
    if re.fullmatch(r"[\w.]+\s+as\s+\w+", text):
        return "import with an alias"
    if symbol.startswith("local "):
        return "local" if re.fullmatch(r"[\w.]+", text) else None
    if name == "__init__" and row["suffix"] == "meta":
        module = symbol.split(" ", 4)[4][:-len("/__init__:")].strip("`")
        if text == "" and row["start_byte"] == 0 and row["symbol_roles"] & 1:
            return "module definition"
        if text.strip(".") and ("." + module).endswith("." + text.strip(".")) or set(text) == {"."}:
            return "module reference"
    if re.fullmatch(r"__\w+__", text) and row["suffix"] in ("namespace", "type"):
        return "implicit name"
    if re.search(r"\b%s\s+as\s+%s\b" % (re.escape(name or ""), re.escape(text)), source):
        return "alias"
    if symbol.startswith("scip-python python python-stdlib ") and re.fullmatch(r"\w+", text):
        return "another name of a foreign module"
    if any(text == t and symbol.endswith(end) for t, end in MISTAKEN):
        return "mistaken"
    return None


CALLS = ("SELECT path, s.start_byte, s.end_byte, e.kind, coalesce(d.qualified_name, d.name) AS target, "
         "e.qname_source, e.confidence FROM edges e JOIN nodes s ON s.node_id = e.src JOIN nodes d ON "
         "d.node_id = e.dst JOIN repo_files f ON f.file_id = s.file_id "
         "WHERE e.kind IN ('CALL', 'CALLS_SYMBOL', 'CALLS_QNAME')")


def calls_of(bundle):
    """Call -> kind -> what it leads to there -> (source of the name, confidence)."""
    found = collections.defaultdict(lambda: collections.defaultdict(dict))
    for row in query(bundle, CALLS):
        place = row["path"], row["start_byte"], row["end_byte"]
        found[place][row["kind"]][row["target"]] = row["qname_source"], row["confidence"]
    return found


def check_nothing_is_lost(tap, bundle, without, index, occurrences):
    """An index gives, and takes nothing away: whatever a call led to without it, it leads to with it,
    or a symbol that is known stands in its place."""
    d = decoder()
    defined = {(None if not s.startswith("local ") else p, s) for p, _, s, roles, _ in occurrences if roles & 1}
    ours = {s.split(" ")[2:4][0] for _, s in defined if not s.startswith("local ")}
    listed = {value.decode() for field, _, message in d.fields(index.read_bytes()) if field == 3
              for number, _, value in d.fields(message) if number == 1}

    def is_known(path, symbol):
        if symbol.startswith("local "):
            return (path, symbol) in defined
        return (None, symbol) in defined or symbol in listed or symbol.split(" ")[2] not in ours

    before, after = calls_of(without), calls_of(bundle)
    unknown = [(place, symbol) for place, kinds in after.items() for symbol in kinds["CALLS_SYMBOL"]
               if not is_known(place[0], symbol)]
    tap.ok(not unknown, "each CALLS_SYMBOL leads to what is defined or of another package", unknown[:9])
    lost, weaker, added, displaced = [], [], [], collections.Counter()
    for place in before.keys() | after.keys():
        old, new = before[place]["CALLS_QNAME"], after[place]["CALLS_QNAME"]
        symbols = after[place]["CALLS_SYMBOL"]
        added += [(place, name) for name in new.keys() - old.keys()]
        for name in old.keys() - new.keys():
            displaced["CALL" if after[place]["CALL"] else "CALLS_SYMBOL" if symbols else "nothing"] += 1
            if not symbols:
                lost.append((place, name))
            elif min(c for _, c in symbols.values()) <= old[name][1] or \
                    old[name][0] == "IMPORT" and all(s.startswith("local ") for s in symbols):
                weaker.append((place, name, dict(symbols)))
    tap.ok(not lost, "no CALLS_QNAME is lost without a symbol in its place", lost[:9])
    tap.ok(not weaker, "and what displaces one is stronger", weaker[:9])
    tap.ok(not added, "no CALLS_QNAME is there with the index alone", added[:9])
    print("# displaced CALLS_QNAME, by the strongest edge in its place: %s" % dict(displaced))
    counts = [{r["kind"]: r["n"] for r in query(b, "SELECT kind, count(*) AS n FROM edges GROUP BY kind")}
              for b in (without, bundle)]
    for kind in sorted(counts[0].keys() | counts[1].keys()):
        print("# %-28s without %6d, with %6d" % (kind, counts[0].get(kind, 0), counts[1].get(kind, 0)))
    fewer = {k: n for k, n in counts[0].items() if k != "CALLS_QNAME" and counts[1].get(k, 0) < n}
    tap.ok(not fewer, "no kind of edge but CALLS_QNAME has fewer with the index", fewer)


def main():
    tap = Tap()
    with Scratch() as scratch:
        found = [Path(a) for a in sys.argv[1:3]] if len(sys.argv) > 2 else fetch(scratch)
        if not found:
            skip(NO_NETWORK, "Flask from PyPI, scip-python from npm")
        tree, index = found
        bundle = build(tree, scratch / "out", "--scip", index)
        occurrences, symbols, relations = decode(index)
        lines = decoder().Lines
        texts = {}

        def spans(path, place):
            of = texts.setdefault(path, lines(str(tree / path)))
            return of.off(*place[:2]), of.off(*place[2:])

        wanted = {(p, *spans(p, r), s, roles, *(spans(p, e) if e else (None, None)))
                  for p, r, s, roles, e in occurrences}
        rows = query(bundle, "SELECT path, start_byte, end_byte, o.symbol, symbol_roles, "
                             "enclosing_start_byte, enclosing_end_byte, name, suffix FROM "
                             "scip_occurrences o JOIN repo_files f ON f.file_id = o.file_id JOIN "
                             "scip_symbols s ON s.symbol_id = o.symbol_id")
        ours = {tuple(r.values())[:7] for r in rows}
        tap.ok(ours == wanted and len(rows) == len(wanted), "%d occurrences" % len(wanted),
               "\n".join(map(str, list(ours ^ wanted)[:9])))
        ours = {(r["path"], r["symbol"], r["documentation"] or "") for r in query(
            bundle, "SELECT path, symbol, documentation FROM scip_symbol_information JOIN "
                    "repo_files USING (file_id)")}
        tap.ok(ours == symbols, "%d declarations" % len(symbols),
               "\n".join(map(str, list(ours ^ symbols)[:9])))
        ours = {(r["symbol"], r["related_symbol"]): tuple(list(r.values())[2:]) for r in query(
            bundle, "SELECT symbol, related_symbol, is_reference, is_implementation, "
                    "is_type_definition, is_definition FROM scip_relationships")}
        tap.ok(ours == relations, "%d relationships" % len(relations), ours)
        classes, strange = collections.Counter(), []
        for row in rows:
            raw = texts[row["path"]].b
            text = raw[row["start_byte"]:row["end_byte"]].decode()
            kind = class_of(row, text, raw.decode())
            classes[kind] += 1
            if kind is None:
                strange.append((text, row["path"], row["start_byte"], row["symbol"]))
        print("# " + ", ".join("%s: %d" % (k, n) for k, n in classes.most_common()))
        tap.ok(not strange, "every occurrence stands on its symbol's name",
               "\n".join(map(str, strange[:20])))
        check_nothing_is_lost(tap, bundle, build(tree, scratch / "without"), index, occurrences)
    tap.finish()


main()
