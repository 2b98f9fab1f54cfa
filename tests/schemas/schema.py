# SPDX-License-Identifier: Apache-2.0
"""schema.py - what the tests of schemas share: a validator, mutants of a document, the loaders."""

import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import SOURCE, TIMEOUT, readers  # noqa: E402

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "number": (int, float),
         "integer": int, "null": type(None)}


def has_type(value, names):
    return any(isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))
               for name in ([names] if isinstance(names, str) else names))


class Schema:
    """As JSON Schema has it, for the keywords that ours use; others are an error of the test."""

    def __init__(self, name):
        self.root = json.loads((SOURCE / "schemas" / name).read_text())
        self.kept = {}  # what is known of values that keep() was told of

    def keep(self, value):
        """The same object will be asked about again and again, inside of others."""
        for _, part in places(value):
            if isinstance(part, (dict, list)):
                self.kept[id(part)] = {}

    def valid(self, value, schema=None):
        schema = self.root if schema is None else schema
        if isinstance(schema, bool):
            return schema
        known = self.kept.get(id(value))
        if known is None:
            return self.check(value, schema)
        if id(schema) not in known:
            known[id(schema)] = self.check(value, schema)
        return known[id(schema)]

    def check(self, value, schema):
        return all(getattr(self, "is_" + key.lstrip("$"))(value, wanted, schema)
                   for key, wanted in schema.items() if key not in self.WORDS)

    WORDS = {"$schema", "$defs", "title", "description",
             "then", "else"}  # read with if

    def is_ref(self, value, wanted, _):
        return self.valid(value, self.root["$defs"][wanted.split("/")[-1]])

    def is_type(self, value, wanted, _):
        return has_type(value, wanted)

    def is_properties(self, value, wanted, _):
        return not isinstance(value, dict) or all(
            self.valid(value[key], part) for key, part in wanted.items() if key in value)

    def is_patternProperties(self, value, wanted, _):
        return not isinstance(value, dict) or all(
            self.valid(item, part) for key, item in value.items()
            for pattern, part in wanted.items() if re.search(pattern, key))

    def is_additionalProperties(self, value, wanted, schema):
        return not isinstance(value, dict) or all(
            self.valid(item, wanted) for key, item in value.items()
            if key not in schema.get("properties", {}) and
            not any(re.search(p, key) for p in schema.get("patternProperties", {})))

    def is_propertyNames(self, value, wanted, _):
        return not isinstance(value, dict) or all(self.valid(key, wanted) for key in value)

    def is_required(self, value, wanted, _):
        return not isinstance(value, dict) or all(key in value for key in wanted)

    def is_minProperties(self, value, wanted, _):
        return not isinstance(value, dict) or len(value) >= wanted

    def is_maxProperties(self, value, wanted, _):
        return not isinstance(value, dict) or len(value) <= wanted

    def is_items(self, value, wanted, _):
        return not isinstance(value, list) or all(self.valid(item, wanted) for item in value)

    def is_minItems(self, value, wanted, _):
        return not isinstance(value, list) or len(value) >= wanted

    def is_maxItems(self, value, wanted, _):
        return not isinstance(value, list) or len(value) <= wanted

    def is_uniqueItems(self, value, wanted, _):
        return not isinstance(value, list) or not wanted or \
            len({json.dumps(item) for item in value}) == len(value)

    def is_enum(self, value, wanted, _):
        return any(type(value) is type(one) and value == one for one in wanted)

    def is_const(self, value, wanted, _):
        return type(value) is type(wanted) and value == wanted

    def is_pattern(self, value, wanted, _):
        return not isinstance(value, str) or re.search(wanted, value) is not None

    def is_minLength(self, value, wanted, _):
        return not isinstance(value, str) or len(value) >= wanted

    def is_maxLength(self, value, wanted, _):
        return not isinstance(value, str) or len(value) <= wanted

    def is_minimum(self, value, wanted, _):
        return not has_type(value, "number") or value >= wanted

    def is_maximum(self, value, wanted, _):
        return not has_type(value, "number") or value <= wanted

    def is_multipleOf(self, value, wanted, _):
        return not has_type(value, "number") or not Decimal(str(value)) % Decimal(str(wanted))

    def is_anyOf(self, value, wanted, _):
        return any(self.valid(value, one) for one in wanted)

    def is_oneOf(self, value, wanted, _):
        return sum(self.valid(value, one) for one in wanted) == 1

    def is_allOf(self, value, wanted, _):
        return all(self.valid(value, one) for one in wanted)

    def is_not(self, value, wanted, _):
        return not self.valid(value, wanted)

    def is_if(self, value, wanted, schema):
        branch = schema.get("then" if self.valid(value, wanted) else "else", True)
        return self.valid(value, branch)


def differences(schema, values):
    """Where the jsonschema of PyPI judges otherwise than ours; None where it cannot be had."""
    python = readers()
    if python is None:
        return None
    judge = ("import json, sys, jsonschema; schema, values = json.load(sys.stdin); "
             "json.dump([jsonschema.Draft202012Validator(schema).is_valid(v) for v in values], "
             "sys.stdout)")
    asked = json.dumps([schema.root, [value for _, value in values]])
    told = subprocess.run([str(python), "-c", judge], input=asked, stdout=subprocess.PIPE,
                          encoding="utf-8", check=True).stdout
    return [label for (label, value), theirs in zip(values, json.loads(told))
            if theirs != schema.valid(value)]


# --- mutants ---


def places(value, path=()):
    yield path, value
    for step in (value if isinstance(value, dict) else
                 range(len(value)) if isinstance(value, list) else ()):
        yield from places(value[step], (*path, step))


def replaced(document, path, change):
    """A copy with change(value) at path; what is not on the way there is shared."""
    if not path:
        return change(document)
    copy = document.copy()
    copy[path[0]] = replaced(document[path[0]], path[1:], change)
    return copy


def without(key):
    def change(value):
        copy = value.copy()
        del copy[key]
        return copy
    return change


def other_values(value):
    """Of the same type and of others. To YAML a plain number is a text: none where one is meant."""
    yield from ([], {}, ["x"], {"x": 1}, "", "x")
    if isinstance(value, (dict, list)):
        yield from (True, 0, 0.5)
    else:
        yield from ("Mine", "a b", "a" * 63, "a" * 64)
    if not isinstance(value, (dict, list, str)):
        yield from (True, 0, 1, 2, -1, 0.5, 0.12345, 1.0001, -1.0001, 999, 1000, 1001, 1000001)
    if isinstance(value, list):
        yield from (value + value[:1], value[:1], list(reversed(value)),
                    ["c%d" % i for i in range(17)])


def mutants(document, new_keys, others=other_values):
    """(label, document) - each a key more, a key less or another value away from document."""
    seen = {json.dumps(document)}
    for path, value in places(document):
        label = "/".join(map(str, path)) or "the file"
        made = []
        if isinstance(value, dict):
            made += [("%s with %s" % (label, key), replaced(document, path,
                                                            lambda v, k=key: dict(v, **{k: "x"})))
                     for key in new_keys if key not in value]
        if path:
            made.append(("no " + label, replaced(document, path[:-1], without(path[-1]))))
            made += [("%s is %s" % (label, json.dumps(other)[:40]),
                      replaced(document, path, lambda _, o=other: o)) for other in others(value)]
        for name, one in made:
            text = json.dumps(one)
            if text not in seen:
                seen.add(text)
                yield name, one


# --- the loaders ---


WORD = re.compile(r'(?<!\\)"(?!(?:true|false|null)")([A-Za-z_][A-Za-z0-9_]*)"(?!:)', re.IGNORECASE)


def yaml_of(value):
    """JSON, with words as plain scalars: some words mean less in quotes."""
    return WORD.sub(r"\1", json.dumps(value))


def ask(mode, texts):
    """The probe's line on each text."""
    probe = os.path.join(os.environ["RS_BINARY_DIR"], "tests", "schema_probe")
    done = subprocess.run([probe, mode], input="".join(t + "\0" for t in texts), check=True,
                          timeout=TIMEOUT, stdout=subprocess.PIPE, universal_newlines=True)
    lines = done.stdout.split("\n")[:-1]
    assert len(lines) == len(texts), "%d answers to %d texts" % (len(lines), len(texts))
    return lines


def read_yaml(path):
    """As our own reader has it."""
    return json.loads(ask("json", [path.read_text()])[0])
