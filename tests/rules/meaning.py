#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""meaning.py - every example of docs/reference/expressions.md: a condition that is true, or that fails.

The examples stand in the tables of operators and functions, so each has some. A rule is made of each
condition, and one of its opposite: that finds nothing.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import Scratch, Tap, query, relspec, write_tree  # noqa: E402

RULE = """\
- name: %s
  doc: An example.
  kind: filter_project
  inputs: {c: calls}
  where: %s
  emit: {edge: RECEIVER, src: c.call_id, dst: c.call_id, origin: scope}
"""


def main():
    tap = Tap()
    registry = json.loads(relspec("internal", "dump-registry", "--json").stdout)
    rows = [(f["name"], f) for f in registry["functions"] if not f["is_aggregate"]] + \
        [(o["symbol"], o) for o in registry["expression_operators"]]
    tap.ok(all(r["doc"] and r["examples"] for _, r in rows), "all have a meaning and examples")
    tap.ok(all(any("NULL" in e for e in f["examples"]) for f in registry["functions"] if not f["is_aggregate"]),
           "each function says what it makes of a null")
    true = [e for _, r in rows for e in r["examples"]]
    failing = [e for _, r in rows for e in r.get("failing", [])]
    rules = [RULE % ("true_%d" % i, json.dumps(e, ensure_ascii=False)) for i, e in enumerate(true)]
    rules += [RULE % ("false_%d" % i, json.dumps("NOT (%s)" % e, ensure_ascii=False))
              for i, e in enumerate(true)]
    rules += [RULE % ("fails_%d" % i, json.dumps(e)) for i, e in enumerate(failing)]
    with Scratch() as scratch:
        write_tree(scratch, {"src/a.py": "f()\n", "packs/p.yaml": "pack: p\nrules:\n" + "".join(rules)})
        checked = relspec("rules", "check", scratch / "packs")
        if not tap.ok(checked.returncode == 0, "all are expressions", checked.stdout + checked.stderr):
            tap.finish()
        done = relspec("build", scratch / "src", "-o", scratch, "--quiet", "--rules", scratch / "packs")
        bundle = scratch / "run_bundles/latest"
        n_rows = {r["rule_name"]: (r["status"], r["rows_out"]) for r in
                  query(bundle, "SELECT rule_name, status, rows_out FROM rule_exec_events "
                                "WHERE scope = 'rule'")}
    tap.ok(done.returncode == (1 if failing else 0), "what fails a rule is a finding", done.stderr)
    for i, example in enumerate(true):
        tap.ok(n_rows.get("true_%d" % i) == ("ok", 1) and n_rows.get("false_%d" % i) == ("ok", 0), example,
               "%s, its opposite %s" % (n_rows.get("true_%d" % i), n_rows.get("false_%d" % i)))
    for i, example in enumerate(failing):
        tap.ok(n_rows.get("fails_%d" % i, ("",))[0] == "error", "fails: " + example,
               n_rows.get("fails_%d" % i))
    tap.finish()


main()
