#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - what a run warns of: one list in the summary, which --strict refuses, and of which what the
call itself got wrong is told even to those who want to hear nothing."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "invariants")]
from harness import Scratch, Tap, relspec, some, write_tree  # noqa: E402

CLEAN = {"a.py": "import os\ndef f():\n    return os.getcwd()\n"}
BROKEN = {"a.py": "x = (1\n", "b.py": "x = 'a\n"}

# Of every call a sum that no BIGINT holds: the engine refuses while the rule runs.
FAILING = """\
pack: failing
datasets:
- name: rel_far
  doc: A place too far.
  key: [call_id]
  columns:
    call_id: {type: id, required: true, doc: the call}
    place: {type: i64, required: true, doc: its place}
rules:
- name: far_call
  doc: No number is so large.
  kind: filter_project
  inputs: {c: calls}
  select: {call_id: c.call_id, place: c.end_byte + 9223372036854775807}
  confidence: cst
  output: rel_far
"""

# Of two rows with one key the second is a reject.
REJECTED = """\
pack: rejected
datasets:
- name: rel_of_file
  doc: One call of each file.
  key: [file_id]
  columns:
    file_id: {type: id, required: true, doc: the file}
rules:
- name: call_of_file
  doc: As if each had one.
  kind: filter_project
  inputs: {c: calls}
  select: {file_id: c.file_id}
  confidence: cst
  output: rel_of_file
"""

# A rule reads a table that nobody filled.
PARAM = """\
pack: asks
params:
- {name: layers, type: str, doc: names}
datasets:
- name: rel_layer
  doc: Calls by name.
  key: [call_id]
  columns:
    call_id: {type: id, required: true, doc: the call}
rules:
- name: layer_call
  doc: Of those names.
  kind: filter_project
  inputs: {c: calls}
  where: c.callee_text IN params.layers
  select: {call_id: c.call_id}
  confidence: cst
  output: rel_layer
"""

# Of each: files, options with {here} for the scratch directory, codes, whether it is told in any case,
# whether it makes exit 1 without --strict.
CASES = {
    "nothing": (CLEAN, (), set(), False, False),
    "parse errors": (BROKEN, (), {"bracket_unclosed", "string_unterminated"}, False, False),
    "a lost index": (CLEAN, ("--scip", "{here}/none.scip"), {"scip_index_unreadable"}, True, False),
    "no index": (CLEAN, ("--scip", "{here}/tree/a.py"), {"scip_index_broken"}, True, False),
    "a failed rule": (dict(CLEAN, **{"../rules/p.yaml": FAILING}), ("--rules", "{here}/rules"),
                      {"rule_failed"}, True, True),
    "rejects": (dict(CLEAN, **{"../rules/p.yaml": REJECTED, "b.py": "f()\nf()\n"}),
                ("--rules", "{here}/rules"), {"rows_rejected"}, False, False),
    "a forbidden lane": (dict(CLEAN, **{"../p.yaml": "lanes: {allowed: [ARROW_FALLBACK]}\n"}),
                         ("--policy", "{here}/p.yaml"), {"lane_forbidden"}, False, False),
    "no sources": ({"a.txt": ""}, (), {"no_sources"}, False, False),
    "no values": (dict(CLEAN, **{"../rules/p.yaml": PARAM}), ("--rules", "{here}/rules"),
                  {"param_missing"}, False, False),
}


def outcome(scratch, name, *more):
    files, options, _, _, _ = CASES[name]
    write_tree(scratch / "tree", files)
    options = [option.format(here=scratch) for option in options]
    return relspec("build", scratch / "tree", "-o", scratch / "out", *options, *more)


def check(tap, scratch, name):
    _, options, codes, is_told, fails = CASES[name]
    strict = outcome(scratch, name, "--strict", "--json")
    warnings = json.loads(strict.stdout)["warnings"]
    found = {w["code"] for w in warnings}
    tap.ok(found == codes, "%s: its codes" % name, warnings)
    tap.ok(strict.returncode == (1 if codes else 0), "%s: --strict" % name, strict.returncode)
    tap.ok(len(strict.stderr.splitlines()) == len(codes), "%s: --strict says why" % name,
           strict.stderr)
    quiet = outcome(scratch, name, "-q")
    tap.ok(quiet.returncode == (1 if fails else 0), "%s: without --strict" % name, quiet.returncode)
    tap.ok(bool(quiet.stderr) == is_told, "%s: with -q" % name, quiet.stderr)
    if name == "a lost index":
        tap.ok("%s/none.scip: " % scratch in quiet.stderr, "and by its path", quiet.stderr)
    if name == "parse errors":
        summary = outcome(scratch, name).stderr
        tap.ok("\nwarnings     2\n" in summary and all("\n  %s " % c in summary for c in codes),
               "%s: in the summary" % name, summary)


def main():
    tap = Tap()
    for name in some(list(CASES)):
        with Scratch() as scratch:
            check(tap, scratch, name)
    tap.finish()


if __name__ == "__main__":
    main()
