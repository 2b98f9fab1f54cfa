#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - param tables end to end: values by list, CSV, JSON and Parquet, in a relationship and in
rules that emit; what is missing, empty and null; signatures by the recipe of docs/params.md."""

import json
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "invariants")]
from harness import IS_FULL, Scratch, Tap, build, query, relspec, some, write_tree  # noqa: E402
from recipe import signature  # noqa: E402

PACK = """\
pack: watch
params:
- {name: watched, type: str, key: callee, doc: callees to look at}
- {name: ignored, type: str, key: callee, doc: callees to look away from}
- {name: sizes, type: i32, doc: numbers of arguments}
datasets:
- name: rel_watched
  doc: Calls of what is watched.
  key: [call_id]
  columns:
    call_id: {type: id, required: true, doc: the call}
    callee: {type: str, required: true, doc: as it is written}
- name: rel_rest
  doc: Calls of what is not ignored.
  key: [call_id]
  columns:
    call_id: {type: id, required: true, doc: the call}
rules:
- name: watched_calls
  doc: Calls whose callee is watched.
  kind: filter_project
  inputs: {c: calls}
  where: c.callee_text IN params.watched
  select: {call_id: c.call_id, callee: c.callee_text}
  confidence: scope
  output: rel_watched
- name: other_calls
  doc: Calls whose callee is not ignored.
  kind: hash_join
  inputs: {c: calls, n: syntax_nodes}
  join: inner
  on: c.call_id = n.node_id
  where: c.callee_text NOT IN params.ignored
  select: {call_id: c.call_id}
  confidence: scope
  output: rel_rest
- name: watched_edge
  doc: From a call that is watched to the file's first node.
  kind: filter_project
  inputs: {c: calls}
  where: c.callee_text IN params.watched AND c.n_positional IN params.sizes
  emit: {edge: RECEIVER, src: c.call_id, dst: c.call_id, origin: scope}
"""

CODE = "f(1)\nf(1, 2)\ng()\nh(1)\nnone(1)\n"
VALUES = ["f", "g", "f", "no, \"such\"\nthing", "ü", ""]


def rows(bundle, sql):
    return [tuple(row.values()) for row in query(bundle, sql)]


def names(bundle):
    return [row[0] for row in rows(bundle, "SELECT callee FROM rel_watched ORDER BY callee")]


def manifest(bundle):
    return json.loads((bundle / "manifest.json").read_text())


def specs(bundle):
    document = json.loads((bundle / "params/specs.json").read_text())
    return {spec["name"]: spec for spec in document["params"]}


def told(bundle):
    """Tables that were not given, each for the rules that read it."""
    return rows(bundle, "SELECT metadata['param'], rule_name FROM rule_diagnostics WHERE "
                        "metadata['code'] = 'param_missing' AND severity = 'warning' ORDER BY ALL")


class Place:
    """A tree of several files, a pack, and builds of them."""

    def __init__(self, scratch, pack=PACK):
        self.root, self.n_builds = scratch, 0
        self.tree = write_tree(scratch / "tree", {"a.py": CODE, "b/c.py": CODE})
        write_tree(scratch / "packs", {"watch.yaml": pack})

    def build(self, *params, options=()):
        self.n_builds += 1
        given = [word for param in params for word in ("--param", param)]
        return build(self.tree, self.root / ("out%d" % self.n_builds), "--rules",
                     self.root / "packs", *given, *options).resolve()

    def refused(self, *params):
        given = [word for param in params for word in ("--param", param)]
        done = relspec("build", self.tree, "-o", self.root / "refused", "--rules",
                       self.root / "packs", *given)
        return done.returncode, done.stderr, (self.root / "refused").exists()


def csv_field(text):
    return '"%s"' % text.replace('"', '""')


def parquet(place, bundle, path, sql):
    done = relspec("query", bundle, "--format", "parquet", "-o", path, sql)
    assert done.returncode == 0, done.stderr


def ways_to_arrive(tap, place):
    """Lists, files, in any order: one signature, one content hash, the same bytes."""
    plain = place.build("watched=f")
    write_tree(place.root, {
        "one.csv": "callee\r\n" + "\r\n".join(map(csv_field, VALUES)) + "\r\n",
        "bare.csv": "\n".join(map(csv_field, reversed(VALUES))),
        "more.csv": "n,callee,rest\n" + "".join("1,%s,\n" % csv_field(v) for v in VALUES),
        "list.json": json.dumps(VALUES, indent=1),
        "ascii.json": "\ufeff[" + ",".join(json.dumps(v) for v in sorted(VALUES)) + "]",
    })
    parquet(place, plain, place.root / "one.parquet",
            "SELECT 7 AS n, callee FROM (VALUES %s) t(callee)"
            % ", ".join("('%s')" % v.replace("'", "''") for v in VALUES))
    as_list = ["watched=" + v for v in VALUES]
    ways = {"a list": as_list,
            "half a list, half a file": ["watched=@%s/rest.json" % place.root] + as_list[:3],
            "the list backwards": as_list[::-1]}
    write_tree(place.root, {"rest.json": json.dumps(VALUES[3:])})
    for file in ("one.csv", "bare.csv", "more.csv", "list.json", "ascii.json", "one.parquet"):
        ways[file] = ["watched=@%s/%s" % (place.root, file)]
    first = None
    for way, params in some(list(ways.items()), 2):
        bundle = place.build(*params)
        found = (manifest(bundle)["content_hash"], manifest(bundle)["params"]["watched"],
                 (bundle / "params/watched/part-00000.parquet").read_bytes())
        first = first or found
        tap.ok(found == first, "%s gives the same bundle" % way, (found[:2], first[:2]))
    tap.ok(first[1] == signature("watched", "str", VALUES), "its signature is the recipe's", first[1])
    tap.ok(rows(bundle, "SELECT n_given FROM p_watched ORDER BY callee") == [(1,), (2,), (1,), (1,),
                                                                            (1,)],
           "each value once, with how often it was given")
    tap.ok(manifest(plain)["content_hash"] != first[0], "other values are another bundle")
    more = place.build(*as_list, "watched=f")
    tap.ok(rows(more, "SELECT call_id FROM rel_watched ORDER BY ALL") ==
           rows(bundle, "SELECT call_id FROM rel_watched ORDER BY ALL") and
           manifest(more)["content_hash"] != first[0],
           "a value once more changes no row, but the hash")


def rules_see_them(tap, place):
    bundle = place.build("watched=f", "watched=h", "sizes=2", "sizes=0", "ignored=f")
    tap.ok(names(bundle) == ["f"] * 4 + ["h"] * 2, "a relationship in every file", names(bundle))
    rest = rows(bundle, "SELECT callee_text FROM rel_rest JOIN calls USING (call_id) ORDER BY ALL")
    tap.ok(rest == [("g",)] * 2 + [("h",)] * 2 + [("none",)] * 2, "NOT IN, in a join", rest)
    edges = rows(bundle, "SELECT c.callee_text, c.n_positional FROM edges e JOIN calls c "
                         "ON c.call_id = e.src WHERE e.rule_name = 'watched_edge'")
    tap.ok(edges == [("f", 2)] * 2, "a rule that emits reads two of them", edges)
    hashes = {manifest(place.build("watched=f", "sizes=1", options=("--threads", n)))["content_hash"]
              for n in some(("1", "4"), 0)}
    tap.ok(len(hashes) == int(IS_FULL), "the number of threads changes nothing")
    edge = rows(bundle, "SELECT edge_id FROM edges WHERE rule_name = 'watched_edge' LIMIT 1")[0][0]
    why = relspec("why", bundle, edge, "--rules", place.root / "packs")
    tap.ok(why.returncode == 0 and "no rule with the bundle's signature" not in why.stdout and
           "watched_edge" in why.stdout, "why replays a rule with them", why.stdout + why.stderr)
    deps = json.loads((bundle / "params/rule_param_deps.json").read_text())
    tap.ok(sorted(deps["rules"]) == ["other_calls", "watched_calls", "watched_edge"] and
           deps["params"]["sizes"] == ["watched_edge"] and
           sorted(deps["rules"]["watched_edge"]["params"]) == ["sizes", "watched"] and
           deps["rules"]["other_calls"]["datasets"] == ["calls", "syntax_nodes"],
           "who reads what is in the bundle", deps)
    sql = [r["sql"] for r in json.loads((bundle / "relspec/rules.json").read_text())["rules"]
           if r["name"] == "watched_calls"][0]
    tap.ok('"p_watched"' in sql, "the rules' SQL names the view of relspec query", sql)


MISSING = [("ignored", "other_calls"), ("sizes", "watched_edge"), ("watched", "watched_calls"),
           ("watched", "watched_edge")]


def missing_empty_null(tap, place):
    write_tree(place.root, {"empty.csv": "callee\n", "empty.json": "[]", "null.json": "[null]",
                            "null.csv": "callee\n\n", "void.csv": ""})
    parquet(place, place.build(), place.root / "empty.parquet",
            "SELECT 'x' AS callee WHERE false")
    parquet(place, place.build(), place.root / "null.parquet",
            "SELECT CAST(NULL AS VARCHAR) AS callee")
    states = {}
    for state, values, files in (
            ("missing", None, [None]),
            ("empty", [], ["empty.csv", "empty.json", "void.csv", "empty.parquet"]),
            ("given", [None], ["null.json", "null.csv", "null.parquet"])):
        for file in files:
            given = ["%s=@%s/%s" % (name, place.root, file) for name in ("watched", "ignored")
                     if file]
            bundle = place.build(*given)
            spec = specs(bundle)
            states[state] = spec["watched"]["signature"]
            tap.ok(spec["watched"]["state"] == state and
                   states[state] == signature("watched", "str", values),
                   "%s: %s, and signed so" % (file, state), spec["watched"])
            tap.ok(names(bundle) == [] and rows(bundle, "SELECT count(*) FROM rel_rest") == [(10,)],
                   "%s: IN lets no row through, NOT IN every one" % file, names(bundle))
            tap.ok(told(bundle) == [t for t in MISSING if t[0] == "sizes" or not file],
                   "%s: only what is missing is told" % file, told(bundle))
    tap.ok(len(set(states.values())) == 3, "three signatures")
    done = relspec("build", place.tree, "-o", place.root / "told", "--rules", place.root / "packs")
    tap.ok("watched has no value, so nothing is in it for watched_calls, watched_edge" in
           done.stderr, "the summary says so", done.stderr)


TYPED = [
    ("an_i64", "i64", [-9223372036854775808, 9223372036854775807, 0, 0, None]),
    ("an_i32", "i32", [-2147483648, 2147483647, 1, None]),
    ("a_bool", "bool", [True, False, True, None]),
    ("an_f64", "f64", [0.1, -2.5e300, 3.0, None]),
    ("an_f32", "f32", [0.1, 0.25, None]),
    ("a_str", "str", ["a", "", None, "1", "null"]),
    ("an_id", "id", [16777216, 5]),
    ("a_word", "context", ["LOAD", "STORE", "LOAD", None]),
]


def spell(value):
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    return csv_field(value) if isinstance(value, str) else repr(value)


def typed_values(tap, scratch):
    """Each type, by each kind of file."""
    place = Place(scratch, "pack: typed\nparams:\n" + "".join(
        "- {name: %s, type: %s, doc: values}\n" % (name, kind) for name, kind, _ in TYPED) + "rules: []\n")
    plain = place.build()
    types = {"context": "VARCHAR", "str": "VARCHAR", "f32": "FLOAT", "f64": "DOUBLE",
             "bool": "BOOLEAN"}
    for name, kind, values in TYPED:
        write_tree(scratch, {name + ".csv": "".join(spell(v) + "\n" for v in values),
                             name + ".json": json.dumps(values)})
        literals = ["(NULL)" if v is None else "('%s')" % (v if isinstance(v, str) else repr(v))
                    for v in values]
        parquet(place, plain, scratch / (name + ".parquet"),
                "SELECT CAST(v AS %s) AS value FROM (VALUES %s) t(v)"
                % (types.get(kind, "BIGINT"), ", ".join(literals)))
    for ending in ("csv", "json", "parquet"):
        bundle = place.build(*("%s=@%s/%s.%s" % (name, scratch, name, ending)
                               for name, _, _ in TYPED))
        found = json.loads((bundle / "params/signatures.json").read_text())
        wrong = [name for name, kind, values in TYPED
                 if found[name] != signature(name, kind, values)]
        tap.ok(not wrong, "%s: every type is signed by the recipe" % ending, wrong)
    tap.ok(rows(bundle, "SELECT value, n_given FROM p_an_i64 ORDER BY value") ==
           [(-9223372036854775808, 1), (0, 2), (9223372036854775807, 1), (None, 1)],
           "values are kept as they were", rows(bundle, "SELECT * FROM p_an_i64"))


KINDS = """\
pack: kinds
params:
- {name: uses, type: context, doc: words}
- {name: texts, type: str, doc: words as texts}
- {name: counts, type: i64, doc: whole numbers}
- {name: rates, type: f64, doc: fractions}
- {name: flags, type: bool, doc: what is true}
- {name: ids, type: id, doc: calls}
datasets:
- name: rel_kind
  doc: What was found, and how.
  key: [found_id, how]
  columns:
    found_id: {type: id, required: true, doc: a node}
    how: {type: str, required: true, doc: the rule's name}
rules:
"""

# Rule -> input, its id, condition, rows that it finds in three lines of code.
KIND_RULES = {
    "word_in_words": ("name_refs", "n.name_ref_id", "n.context IN params.uses", 3),
    "word_in_texts": ("name_refs", "n.name_ref_id", "n.context IN params.texts", 2),
    "text_in_words": ("name_refs", "n.name_ref_id", "n.name IN params.uses", 1),
    "short_in_long": ("calls", "n.call_id", "n.n_positional IN params.counts", 1),
    "whole_in_fractions": ("calls", "n.call_id", "n.n_positional IN params.rates", 1),
    "truth": ("calls", "n.call_id", "n.has_star NOT IN params.flags", 1),
    "id": ("calls", "n.call_id", "n.call_id IN params.ids", 1),
}


def typed_rules(tap, scratch):
    """Values of each type against columns of the same and of another one."""
    place = Place(scratch, KINDS + "".join(
        "- {name: %s, doc: d, kind: filter_project, inputs: {n: %s}, where: '%s', "
        "select: {found_id: %s, how: \"'%s'\"}, confidence: scope, output: rel_kind}\n"
        % (name, dataset, condition, id_column, name)
        for name, (dataset, id_column, condition, _) in KIND_RULES.items()))
    write_tree(place.tree, {"a.py": "x = 1\nLOAD = x\nf(x)\n", "b/c.py": ""})
    call = rows(place.build(), "SELECT call_id FROM calls")[0][0]
    bundle = place.build("uses=LOAD", "texts=STORE", "counts=1", "rates=1.0", "flags=true",
                         "ids=%d" % call)
    found = dict(rows(bundle, "SELECT how, count(*) FROM rel_kind GROUP BY how"))
    tap.ok(found == {name: rule[3] for name, rule in KIND_RULES.items()},
           "rules compare values of every type", found)


def required(tap, scratch):
    place = Place(scratch, PACK.replace("type: str, key: callee, doc: callees to look at",
                                        "type: str, key: callee, required: true, empty: refuse, "
                                        "doc: callees to look at"))
    code, said, is_there = place.refused("ignored=x")
    tap.ok(code == 2 and "param watched: expected values, found none given; rule watched_calls "
           "needs them (" in said and "watch.yaml:23:24), " in said and "watch.yaml:3 declares" in
           said, "a required table without values is an error with rule, pack and line",
           (code, said))
    tap.ok(not is_there, "and nothing was written")
    write_tree(scratch, {"empty.json": "[]"})
    code, said, _ = place.refused("watched=@%s/empty.json" % scratch)
    tap.ok(code == 2 and "expected at least one value, found an empty table" in said,
           "an empty one is refused where the pack says so", (code, said))
    tap.ok(names(place.build("watched=g")) == ["g", "g"], "with a value all is well")


def damaged(tap, place):
    bundle = place.build("watched=f")
    for kind in ("delete", "truncate"):
        copy = place.root / kind
        shutil.copytree(bundle, copy)
        file = copy / "params/watched/part-00000.parquet"
        file.unlink() if kind == "delete" else file.write_bytes(file.read_bytes()[:-9])
        done = relspec("doctor", copy)
        tap.ok(done.returncode == 1 and "params/watched" in done.stdout,
               "the doctor sees that a file of values is not as it was: %s" % kind, done.stdout)


def without_packs(tap, scratch):
    tree = write_tree(scratch / "tree", {"a.py": CODE})
    bundle = build(tree, scratch)
    tap.ok(specs(bundle) == {} and manifest(bundle)["params"] == {},
           "a bundle of rules without params says that there are none")
    done = relspec("build", tree, "-o", scratch / "refused", "--param", "x=1")
    tap.ok(done.returncode == 2 and "param x: no pack declares it" in done.stderr,
           "a value that nobody asked for is refused", done.stderr)


def main():
    tap = Tap()
    with Scratch() as scratch:
        place = Place(scratch / "whole")
        for part in some((ways_to_arrive, rules_see_them, missing_empty_null, damaged)):
            part(tap, place)
        for part in some((required, typed_values, typed_rules, without_packs)):
            part(tap, scratch / part.__name__)
    tap.finish()


main()
