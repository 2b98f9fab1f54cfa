#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""project.py - schemas/relspec.schema.json and the loader of project files say the same.

Every key of the loader's table stands in the schema, and the other way round. Then a file with everything
in it is changed at every place, paths in particular, and both must judge each result alike. JSON is YAML,
so the files are written as JSON.
"""

import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import schema  # noqa: E402
from harness import NO_NETWORK, PROGRAM, TIMEOUT, Tap  # noqa: E402

PROJECT = schema.Schema("relspec.schema.json")
SCHEMA = PROJECT.root
GATE = SCHEMA["properties"]["gate"]

# Where a table row's key stands -> the schema of that mapping.
PLACES = {
    "the project file": SCHEMA,
    "gate": GATE,
    "bands": GATE["properties"]["bands"],
    "a param": SCHEMA["properties"]["params"]["additionalProperties"]["anyOf"][2],
}

FULL = {
    "include": ["src/", "*.pyi"],
    "exclude": ["tests/**"],
    "rules": "packs/mine",
    "policy": "policy.yaml",
    "scip": "index.scip",
    "params": {"layers": ["core", 1, None, True], "one": "x", "watched": {"file": "lists/w.csv"}},
    "gate": {"bands": {"default_percent": 2.5, "nodes": {"CALL": 3}, "edges": {"REF": 0.25}}},
}

PATHS = ["a", "a/b", "./a", "a/", "a//b", "a/./b", "..a", "a..", "a/..b", ".a", "...", "../a", "a/..",
         "a/../b", "..", ".", "./", "/", "/a", "//a", "", "~/a", "a/" * 2000 + "b", "a" * 4095, "a" * 4096]


def check_keys(tap):
    dump = subprocess.run([PROGRAM, "internal", "dump-registry", "--json"], check=True,
                          timeout=TIMEOUT, stdout=subprocess.PIPE)
    table = {(k["where"], k["name"]) for k in json.loads(dump.stdout)["project_keys"]}
    known = {(where, name) for where, part in PLACES.items() for name in part["properties"]}
    tap.ok(table == known, "schema and loader have the same keys", table ^ known)


def main():
    tap = Tap()
    check_keys(tap)
    PROJECT.keep(FULL)
    cases = [("all keys", FULL)]
    cases += schema.mutants(FULL, ("unknown", "output", "engine", "file", "Name"))
    cases += [("rules: %.40s" % p, {"rules": p}) for p in PATHS]
    cases += [("file: %.40s" % p, {"params": {"a": {"file": p}}}) for p in PATHS]
    answers = schema.ask("project", [json.dumps(project) for _, project in cases])
    tap.ok(PROJECT.valid(FULL) and answers[0] == "ok", "both accept a file with all keys", answers[0])
    faults = ["%s: the loader says %s" % (label, answer)
              for (label, project), answer in zip(cases, answers)
              if (answer == "ok") != PROJECT.valid(project)]
    tap.ok(not faults, "both judge %d changed files alike" % len(cases), "\n".join(faults[:40]))
    n_accepted = answers.count("ok")
    tap.ok(0 < n_accepted < len(cases), "some of them are fine, some are not", n_accepted)
    found = schema.differences(PROJECT, cases[::10])
    if found is None:
        tap.skip("jsonschema judges as we do", NO_NETWORK, "jsonschema")
    else:
        tap.ok(not found, "jsonschema judges as we do", "\n".join(found))
    tap.finish()


main()
