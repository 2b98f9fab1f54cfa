#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""policy.py - schemas/policy.schema.json and the loader of policy files say the same.

Every key that the loader's table has stands in the schema, and the other way round. Then a policy
with everything in it is changed at every place (a key more, a key less, another value), and both
must judge each result alike. JSON is YAML, so the policies are written as JSON.
"""

import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import schema  # noqa: E402
from harness import NO_NETWORK, PROGRAM, TIMEOUT, Tap  # noqa: E402

POLICY = schema.Schema("policy.schema.json")
SCHEMA = POLICY.root

# Where a table row's key stands -> the schema of that mapping.
PLACES = {
    "a policy file": SCHEMA,
    "a confidence policy": SCHEMA["$defs"]["confidence_policy"],
    "an ambiguity policy": SCHEMA["$defs"]["ambiguity_policy"],
    "winner": SCHEMA["$defs"]["winner"],
    **{name: part for name, part in SCHEMA["properties"].items() if "properties" in part},
}

FULL = {
    "doc": "everything",
    "confidence": {"mine": {"doc": "d", "base": 0.5, "penalty": 0.25,
                            "weights": {"SCIP": 0.0001, "guess": -1}}},
    "ambiguity": {"all": {"doc": "d", "keep": "all"},
                  "best": {"winner": {"keys": ["call_id", "k"], "order": ["score desc", "c asc", "d"]}}},
    "lanes": {"allowed": ["BUILTIN", "DF_UDF"], "on_violation": "warn"},
    "list_filter": {"max_literals": 3},
    "param_tables": {"scope": "per_run", "prefix": "p_", "empty": "empty_result"},
    "sql": {"ddl": "refuse", "dml": "refuse", "statements": "refuse"},
    "diagnostics": {"events": False, "fallbacks": True, "explains": True, "scan_telemetry": False,
                    "kernel_lanes": True},
}


def check_keys(tap):
    dump = subprocess.run([PROGRAM, "internal", "dump-registry", "--json"], check=True,
                          timeout=TIMEOUT, stdout=subprocess.PIPE)
    table = {(k["where"], k["name"]) for k in json.loads(dump.stdout)["policy_keys"]}
    schema = {(where, name) for where, part in PLACES.items() for name in part["properties"]}
    tap.ok(table == schema, "schema and loader have the same keys", table ^ schema)


def main():
    tap = Tap()
    check_keys(tap)
    POLICY.keep(FULL)
    cases = [("all keys", FULL)]
    cases += schema.mutants(FULL, ("unknown", "doc", "base", "keep", "Name"))
    answers = schema.ask("policy", [json.dumps(policy) for _, policy in cases])
    tap.ok(POLICY.valid(FULL) and answers[0] == "ok", "both accept a policy with all keys",
           answers[0])
    faults = ["%s: the loader says %s" % (label, answer)
              for (label, policy), answer in zip(cases, answers)
              if (answer == "ok") != POLICY.valid(policy)]
    tap.ok(not faults, "both judge %d changed policies alike" % len(cases), "\n".join(faults))
    n_accepted = answers.count("ok")
    tap.ok(0 < n_accepted < len(cases), "some of them are fine, some are not", n_accepted)
    found = schema.differences(POLICY, cases[::10])
    if found is None:
        tap.skip("jsonschema judges as we do", NO_NETWORK, "jsonschema")
    else:
        tap.ok(not found, "jsonschema judges as we do", "\n".join(found))
    tap.finish()


main()
