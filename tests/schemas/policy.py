#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""policy.py - schemas/policy.schema.json and the loader of policy files say the same.

Every key that the loader's table has stands in the schema, and the other way round. Then a policy
with everything in it is changed at every place (a key more, a key less, another value), and both
must judge each result alike. JSON is YAML, so the policies are written as JSON.
"""

import copy
import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "invariants"))
from harness import PROGRAM, SOURCE, TIMEOUT, Scratch, Tap  # noqa: E402

SCHEMA = json.loads((SOURCE / "schemas/policy.schema.json").read_text())
KNOWN = {"$schema", "$defs", "$ref", "title", "description", "type", "properties",
         "additionalProperties", "propertyNames", "required", "oneOf", "enum", "minimum", "maximum",
         "multipleOf", "pattern", "minLength", "items", "minItems", "maxItems", "uniqueItems"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "number": (int, float),
         "integer": int}

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


def has_type(value, name):
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def holds_number(schema, value):
    return not (value < schema.get("minimum", value) or value > schema.get("maximum", value)
                or Decimal(str(value)) % Decimal(str(schema.get("multipleOf", value or 1))))


def holds_list(schema, value):
    return len(value) >= schema.get("minItems", 0) and \
        len(value) <= schema.get("maxItems", len(value)) and \
        not (schema.get("uniqueItems") and len({json.dumps(v) for v in value}) < len(value)) and \
        all(valid(schema.get("items", {}), item) for item in value)


def holds_object(schema, value):
    own, more = schema.get("properties", {}), schema.get("additionalProperties", {})
    return all(key in value for key in schema.get("required", [])) and \
        all(valid(schema.get("propertyNames", {}), key) for key in value) and \
        all(valid(own[key], item) if key in own else more is not False and valid(more, item)
            for key, item in value.items())


def valid(schema, value):
    """As JSON Schema has it, for the keywords that the schema uses."""
    assert set(schema) <= KNOWN, "policy.py does not know %s" % (set(schema) - KNOWN)
    if "$ref" in schema and not valid(SCHEMA["$defs"][schema["$ref"].split("/")[-1]], value):
        return False
    if "type" in schema and not has_type(value, schema["type"]):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "oneOf" in schema and sum(valid(one, value) for one in schema["oneOf"]) != 1:
        return False
    if isinstance(value, dict):
        return holds_object(schema, value)
    if isinstance(value, list):
        return holds_list(schema, value)
    if isinstance(value, str):
        return re.search(schema.get("pattern", ""), value) is not None and \
            len(value) >= schema.get("minLength", 0)
    return isinstance(value, bool) or holds_number(schema, value)


def at(policy, path):
    for step in path:
        policy = policy[step]
    return policy


def places(value, path=()):
    yield path, value
    for step in (value if isinstance(value, dict) else
                 range(len(value)) if isinstance(value, list) else ()):
        yield from places(value[step], (*path, step))


def other_values(value):
    """Of the same type and of others. A plain scalar is a text to YAML: none where one is meant."""
    yield from ([], {}, ["x"], {"x": 1}, "", "x", "Mine", "a b", "a" * 63, "a" * 64)
    if not isinstance(value, str):
        yield from (True, 0, 1, 2, -1, 0.5, 0.12345, 1.0001, -1.0001, 999, 1000, 1001)
    if isinstance(value, list):
        yield from (value + value[:1], list(reversed(value)), ["c%d" % i for i in range(17)])


def changed(policy):
    for path, value in places(policy):
        label = "/".join(map(str, path)) or "the file"
        if isinstance(value, dict):
            for more in ("unknown", "doc", "base", "keep", "Name"):
                if more not in value:
                    one = copy.deepcopy(policy)
                    at(one, path)[more] = "x"
                    yield "%s with %s" % (label, more), one
        if path:
            one = copy.deepcopy(policy)
            del at(one, path[:-1])[path[-1]]
            yield "no " + label, one
            for other in other_values(value):
                one = copy.deepcopy(policy)
                at(one, path[:-1])[path[-1]] = other
                yield "%s is %s" % (label, json.dumps(other)[:40]), one


class Loader:
    def __init__(self, folder):
        self.path = folder / "policy.yaml"

    def accepts(self, policy):
        self.path.write_text(json.dumps(policy))
        done = subprocess.run([PROGRAM, "rules", "check", "--policy", str(self.path)],
                              timeout=TIMEOUT, capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stderr
        return done.returncode == 0, done.stdout


def check_keys(tap):
    dump = subprocess.run([PROGRAM, "internal", "dump-registry", "--json"], check=True,
                          timeout=TIMEOUT, stdout=subprocess.PIPE)
    table = {(k["where"], k["name"]) for k in json.loads(dump.stdout)["policy_keys"]}
    schema = {(where, name) for where, part in PLACES.items() for name in part["properties"]}
    tap.ok(table == schema, "schema and loader have the same keys", table ^ schema)


def main():
    tap = Tap()
    check_keys(tap)
    with Scratch() as scratch:
        loader = Loader(scratch)
        tap.ok(valid(SCHEMA, FULL) and loader.accepts(FULL)[0], "both accept a policy with all keys",
               loader.accepts(FULL)[1])
        n_accepted, faults, seen = 0, [], set()
        for label, policy in changed(FULL):
            text = json.dumps(policy)
            if text in seen:
                continue
            seen.add(text)
            accepted, problems = loader.accepts(policy)
            n_accepted += accepted
            if accepted != valid(SCHEMA, policy):
                faults.append("%s: the loader %s" % (
                    label, "accepts it" if accepted else "says " + problems.strip()))
        tap.ok(not faults, "both judge %d changed policies alike" % len(seen), "\n".join(faults))
        tap.ok(0 < n_accepted < len(seen), "some of them are fine, some are not", n_accepted)
    tap.finish()


main()
