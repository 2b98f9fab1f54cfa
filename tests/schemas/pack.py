#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pack.py - schemas/pack.schema.json and the loader of rule packs say the same.

All packs of ours are fine to the schema. Then a pack with everything in it (whole.yaml) is changed at
every place, and whatever the schema refuses the loader must refuse too. What the loader refuses the
schema refuses as well, or it is of one of the classes that no schema can say: CANNOT_SAY, each of
which must be met. The mistakes of tests/cli/refused go the same way.
"""

import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import schema  # noqa: E402
from harness import NO_NETWORK, SOURCE, Tap  # noqa: E402

PACK = schema.Schema("pack.schema.json")

# class -> what the loader's message holds
CANNOT_SAY = {
    "a name that something else declares":
        "unknown dataset|unknown input|has no column|no pack (has|declares)|unknown .* policy|"
        "unknown function|unknown (node|edge) kind|expected an entity|kind [A-Z_]+ has no property|is no input|anchor: expected an input",
    "what an expression says": "found|no character|is no word of|is none of|takes .* arguments|must be|refuses",
    "what a column holds": "expected the id|is required and has no expression|may be null|"
                           "expected a required|expected one of one type|literals behind IN",
    "two of one name": "stands already|two contracts|stands here twice",
    "what rules say of each other": "is stuck|no rule writes|is a dataset of relspec|have no id of their own",
    "what an operator's expressions have to do with its inputs":
        "is not seen here|expected .*alone|of another input|stands only in|not in group_by|on: expected|"
        "group_by: expected a column",
    "properties that a kind requires": "requires the property",
}
UNKNOWN_KEY = "zzzzzzzzzzzzzzzz"


def our_packs():
    for folder in ("rules/python", "examples/rules", "examples/kinds",
                   "examples/params", "tests/schemas"):
        yield from sorted((SOURCE / folder).glob("*.yaml"))


def mistakes():
    """(name, pack as text) of tests/cli/refused/mistakes.yaml."""
    text = (SOURCE / "tests/cli/refused/mistakes.yaml").read_text()
    for part in re.split("^### ", text, flags=re.M)[1:]:
        name, _, pack = part.partition("\n")
        yield name, pack


def others(value):
    yield from schema.other_values(value)
    if isinstance(value, str):
        yield from ("c.call_id", "CALL", "score DESC", "score down", "9", "each", "TRUE")
    yield None


def keys_of(part):
    """Keys of the mappings of the schema, with those of its definitions."""
    for value in part.values() if isinstance(part, dict) else part:
        if isinstance(value, (dict, list)):
            yield from keys_of(value)
    if isinstance(part, dict) and part.get("type") == "object":
        yield frozenset(part.get("properties", ()))
    if isinstance(part, dict):  # the loader lists the keys of all alternatives together
        yield frozenset(key for one in part.get("oneOf", ()) for key in one.get("properties", ()))


def check_keys(tap, whole):
    """The loader lists its keys to who uses a wrong one; those are the keys of the schema."""
    schemas = {keys for keys in keys_of(PACK.root) if keys}
    asked = [schema.replaced(whole, path, lambda v: dict(v, **{UNKNOWN_KEY: "x"}))
             for path, value in schema.places(whole) if isinstance(value, dict)]
    answers = schema.ask("pack", [schema.yaml_of(pack) for pack in asked])
    found = {frozenset(m.group(1).split()) for m in
             (re.search("unknown key .*; expected one of: (.*)", a) for a in answers) if m}
    tap.ok(found and found <= schemas, "what the loader knows the schema knows", found - schemas)
    used = {key for _, value in schema.places(whole) if isinstance(value, dict) for key in value}
    wanted = set().union(*schemas)
    tap.ok(wanted <= used, "whole.yaml has every key of the schema", wanted - used)


def judge(cases, texts):
    """What the schema refuses and the loader takes; what no schema can say, by class; the rest."""
    too_strict, met, too_lax = [], set(), []
    for (label, pack), answer in zip(cases, schema.ask("pack", texts)):
        is_fine = PACK.valid(pack)
        if answer == "ok" and not is_fine:
            too_strict.append(label)
        if answer != "ok" and is_fine:
            message = answer.split(": ", 1)[1]
            classes = [name for name, words in CANNOT_SAY.items() if re.search(words, message)]
            met.update(classes[:1])
            too_lax += [] if classes else ["%s: %s" % (label, answer)]
    return too_strict, met, too_lax


def main():
    tap = Tap()
    for path in our_packs():
        tap.ok(PACK.valid(schema.read_yaml(path)), "%s is fine" % path.relative_to(SOURCE))
    whole = schema.read_yaml(HERE / "whole.yaml")
    PACK.keep(whole)
    check_keys(tap, whole)
    cases = [("whole.yaml", whole), *schema.mutants(whole, ("unknown", "doc", "output"), others)]
    texts = [schema.yaml_of(pack) for _, pack in cases]
    wrong = list(mistakes())
    for (name, text), read in zip(wrong, schema.ask("json", [text for _, text in wrong])):
        if read:  # else it is no YAML
            cases.append((name, json.loads(read)))
            texts.append(text)
    too_strict, met, too_lax = judge(cases, texts)
    tap.ok(schema.ask("pack", texts[:1]) == ["ok"], "the loader takes whole.yaml",
           schema.ask("pack", texts[:1]))
    tap.ok(not too_strict, "what the schema refuses of %d the loader refuses" % len(cases),
           "\n".join(too_strict))
    tap.ok(not too_lax, "what the loader refuses the schema does, where it can", "\n".join(too_lax))
    tap.ok(met == set(CANNOT_SAY), "each class that no schema can say is met", set(CANNOT_SAY) - met)
    found = schema.differences(PACK, cases[::40])
    if found is None:
        tap.skip("jsonschema judges as we do", NO_NETWORK, "jsonschema")
    else:
        tap.ok(not found, "jsonschema judges as we do", "\n".join(found))
    tap.finish()


main()
