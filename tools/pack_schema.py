# SPDX-License-Identifier: Apache-2.0
"""pack_schema.py - the JSON Schema of rule packs (schemas/pack.schema.json), for tools/gen-reference.

The language stands in the registry: keys of packs (src/rules/pack_keys.c), operators with theirs
(src/plan/op_*.c), kinds, words, names of datasets. What stands here is how JSON Schema says a type of
value. tests/schemas/pack.py holds it against the loader, and lists what a schema cannot say.
"""

NAME = "^[a-z][a-z0-9_]*$"
KIND = "^[A-Z][A-Z0-9_]*$"
ORDER = "^[a-z][a-z0-9_]* *( ([aA][sS][cC]|[dD][eE][sS][cC]))?$"
RESERVED = ["match", "item", "each", "out", "params"]
TYPES = ["id", "gid", "i64", "i32", "bool", "f32", "f64", "str"]
FORMS = ["node", "edge", "props", "edge_props"]


def ref(name):
    return {"$ref": "#/$defs/" + name}


def mapping(properties, required=(), **more):
    return {"type": "object", "additionalProperties": False, "properties": properties,
            **({"required": list(required)} if required else {}), **more}


def listed(items, most, least=1, **more):
    return {"type": "array", "items": items, "minItems": least, "maxItems": most, **more}


# --- names and expressions ---


def definitions(registry):
    words = {s["name"]: s["words"] for s in registry["words"]}
    known = [d["name"] for d in registry["datasets"] if d["group"] != "cpg"]
    known += [r["name"] for r in registry["relationships"]]
    return {
        "text": {"type": "string", "minLength": 1},
        "name": {"type": "string", "pattern": NAME, "maxLength": 63},
        "dataset_name": {"anyOf": [{"enum": known}, ref("name")]},
        "column_name": {"type": "string", "pattern": NAME},
        "expression": {
            "description": "alias.column, a literal, an operator of SQL, CASE, COALESCE, IN, or a "
                           "function.",
            "type": ["string", "number", "boolean", "null"], "minLength": 1},
        "condition": {"description": "An expression that is true or false.",
                      "type": ["string", "boolean"], "minLength": 1},
        "span": listed(ref("expression"), 2, 2),
        "keys": listed(ref("column_name"), 16, uniqueItems=True),
        "order": listed({"type": "string", "pattern": ORDER}, 16, uniqueItems=True),
        "type": {"description": "id (of something in a file), gid (of something in none), a number, "
                                "a text, or a set of words.", "enum": TYPES + sorted(words)},
        "kind_name": {"type": "string", "pattern": KIND, "maxLength": 64,
                      "not": {"enum": ["TRUE", "FALSE", "NULL"]}},
        "node_kind": {"anyOf": [{"enum": [k["name"] for k in registry["node_kinds"]]},
                                ref("kind_name")]},
        "edge_kind": {"anyOf": [{"enum": [k["name"] for k in registry["edge_kinds"]]},
                                ref("kind_name")]},
        "words": {"type": "array", "items": {"type": "string", "pattern": "^[^ \\t\\r\\n]+$"}},
        "origin": {"anyOf": [{"enum": words["lens"] + [None]}, ref("no_word")]},
        "no_word": {"description": "An expression; a word alone stands for itself.",
                    "type": "string", "pattern": "[^A-Za-z0-9_]|^[0-9_]"},
    }


def standard_columns(registry):
    """What every relationship ends with."""
    names = [[c["name"] for c in r["columns"]] for r in registry["relationships"]]
    n_common = 0
    while all(n[-1 - n_common] == names[0][-1 - n_common] for n in names):
        n_common += 1
    return names[0][len(names[0]) - n_common:]


def properties_of(registry, kinds):
    of_all = registry["node_properties"] if kinds == "node_kinds" else []
    return sorted({p["key"] for k in [{"properties": of_all}, *registry[kinds]]
                   for p in k["properties"]})


# --- what the value of a key is ---


def column_set(registry, key):
    standard = standard_columns(registry)
    return {"description": "%s Those are: %s." % (key["doc"], ", ".join(standard)),
            "type": "object", "minProperties": 1, "maxProperties": key["most"] - len(standard),
            "propertyNames": {"allOf": [ref("name"), {"not": {"enum": standard}}]},
            "additionalProperties": {
                **part(registry, "a column"), "if": {"required": ["of"]},
                "then": {"properties": {"type": {"enum": ["id", "gid"]}}}}}


def values(registry, key):
    if key["name"] == "winner":
        return part(registry, "winner")
    if key["name"] == "select":
        return {"type": "object", "propertyNames": ref("column_name"),
                "additionalProperties": ref("expression")}
    kinds = "node_kinds" if key["first"] == "props" else "edge_kinds"
    return {"type": "object", "minProperties": 1, "maxProperties": key["most"],
            "propertyNames": {"anyOf": [{"enum": properties_of(registry, kinds)}, ref("name")]},
            "additionalProperties": {"allOf": [ref("expression"), {"not": {"type": "null"}}]}}


def policy(registry, key):
    of = "ambiguity" if key["name"] == "ambiguity" else "confidence"
    named = {"anyOf": [{"enum": sorted(registry["policy"][of])}, ref("text")]}
    weighed = key["name"] == "confidence"
    return {"anyOf": [named, part(registry, "confidence")]} if weighed else named


def kind(_, key):
    one = {"anyOf": [ref("node_kind"), ref("no_word")]}
    return one if key["name"] == "node" else ref("edge_kind")


def kinds(_, key):
    one = ref("node_kind" if key["name"] == "props" else "edge_kind")
    any_of = {"anyOf": [one, {"enum": ["ANY"]}]}
    return {"anyOf": [any_of, listed(any_of, key["most"])]}


def inputs(_, __):
    return {"type": "object",
            "propertyNames": {"allOf": [ref("name"), {"not": {"enum": RESERVED}}]},
            "additionalProperties": ref("dataset_name")}


def own_kind(registry, key):
    """What a pack declares: none of the registry's."""
    of = "node_kinds" if key["part"] == "a node kind" else "edge_kinds"
    taken = [k["name"] for k in registry[of]] + ["ANY"]
    return {"allOf": [ref("kind_name"), {"not": {"enum": taken}}]}


def ends(registry, key):
    """Entities that are nodes; kinds."""
    entities = [e["name"] for e in registry["entities"] if e["kinds"]]
    return {"anyOf": [{"enum": entities}, ref("node_kind"), listed(ref("node_kind"), key["most"])]}


def property_set(registry, key):
    of = "nodes" if key["part"] == "a node kind" else "edges"
    taken = [c["name"] for d in registry["datasets"] if d["name"] == of for c in d["columns"]]
    return {"type": "object", "maxProperties": key["most"],
            "propertyNames": {"allOf": [ref("name"), {"not": {"enum": taken}}]},
            "additionalProperties": {
                **part(registry, "a property"),
                "if": {"required": ["words"], "properties": {"words": {"minItems": 1}}},
                "then": {"properties": {"type": {"const": "str"}}}}}


def name(_, key):
    other = {"key": {"allOf": [ref("name"), {"not": {"const": "n_given"}}]}}
    return other.get(key["name"], ref("name"))


def emit(registry, _):
    forms = [form for form in FORMS
             if form != "edge_props" or properties_of(registry, "edge_kinds")]
    return {"oneOf": [part(registry, "emit", form) for form in forms]}


# type -> its schema, from the registry and the key
VALUES = {
    "text": lambda r, k: ref("text"),
    "name": name,
    "whole": lambda r, k: {"type": "integer", "minimum": k["least"], "maximum": k["most"]},
    "bool": lambda r, k: {"type": "boolean"},
    "type": lambda r, k: ref("type"),
    "kind_name": own_kind,
    "lens": lambda r, k: {"enum": next(s["words"] for s in r["words"] if s["name"] == "lens")},
    "ends": ends,
    "words": lambda r, k: ref("words"),
    "property_type": lambda r, k: {"enum": ["str", "int", "float", "bool"]},
    "property_set": property_set,
    "node_kinds": lambda r, k: {"type": "array", "items": part(r, "a node kind")},
    "edge_kinds": lambda r, k: {"type": "array", "items": part(r, "an edge kind")},
    "entity": lambda r, k: {"enum": [e["name"] for e in r["entities"]]},
    "column": lambda r, k: ref("column_name"),
    "columns": lambda r, k: ref("keys"),
    "order": lambda r, k: ref("order"),
    "expression": lambda r, k: ref("text") if k["name"] == "source" else ref("expression"),
    "value": lambda r, k: ref("origin") if k["name"] == "origin" else ref("expression"),
    "condition": lambda r, k: ref("condition"),
    "operator": lambda r, k: {"description": " ".join("%s: %s." % (o["name"], o["doc"])
                                                      for o in r["operators"]),
                              "enum": [o["name"] for o in r["operators"]]},
    "inputs": inputs,
    "values": values,
    "policy": policy,
    "empty": lambda r, k: {"enum": ["empty_result", "refuse"]},
    "kind": kind,
    "kinds": kinds,
    "anchor": lambda r, k: {"anyOf": [ref("name"), ref("span")]},
    "column_set": column_set,
    "datasets": lambda r, k: {"type": "array", "items": ref("dataset")},
    "params": lambda r, k: {"type": "array", "items": ref("param")},
    "rules": lambda r, k: {"type": "array", "items": ref("rule")},
    "emit": emit,
}


def part(registry, of, first=None):
    """A mapping of a pack: its keys, and which of them it must have."""
    keys = [k for k in registry["pack_keys"] if k["part"] == of and first in (None, k["first"])]
    return mapping({k["name"]: {"description": k["doc"], **VALUES[k["type"]](registry, k)}
                    for k in keys}, [k["name"] for k in keys if k["required"]])


# --- operators ---


def alternatives(key):
    """A mapping of which one alternative is there."""
    inner = {k["name"]: k for k in key["keys"]}
    each = [choice.split() for choice in key["choices"]]
    return {"oneOf": [mapping({n: operator_value(inner[n]) for n in names}, names)
                      for names in each]}


def operator_value(key):
    if key.get("keys"):
        value = alternatives(key) if key["choices"] else mapping(
            {k["name"]: operator_value(k) for k in key["keys"]},
            [k["name"] for k in key["keys"] if k["required"]])
    elif key["words"]:
        value = {"enum": key["words"]}
    elif key["type"] == "expressions":
        value = listed(ref("expression"), key["most"])
    else:
        # A condition that is no more than true or false joins nothing.
        value = ref("text" if key["name"] == "on" else key["type"])
    return {"description": key["doc"][0].upper() + key["doc"][1:] + ".", **value}


def operator_keys(registry):
    return {k["name"]: operator_value(k) for o in registry["operators"] for k in o["keys"]}


def operator(registry, of):
    """What a rule of an operator must have, and may not."""
    mine = {k["name"] for k in of["keys"]}
    then = {"properties": {"inputs": {"minProperties": of["min_inputs"],
                                      "maxProperties": of["max_inputs"]}},
            "required": [k["name"] for k in of["keys"] if k["required"]]
            + ([of["needs"]] if of["needs"] else []) + (["output"] if of["needs_output"] else [])}
    for key in operator_keys(registry):
        if key not in mine:
            then["properties"][key] = False
    return {"if": {"properties": {"kind": {"const": of["name"]}}, "required": ["kind"]},
            "then": then}


def rule(registry):
    of_rows = [k["name"] for k in registry["pack_keys"] if k["of_rows"]]
    emits = {"required": ["emit"], "properties": {k: False for k in of_rows + ["output"]}}
    has_rows = {"required": ["output", "select", "confidence"], "properties": {"emit": False}}
    body = part(registry, "a rule")
    body["properties"].update(operator_keys(registry))
    return {**body, "allOf": [{"oneOf": [emits, has_rows]}]
            + [operator(registry, of) for of in registry["operators"]]}


def schema(registry):
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A relspec rule pack",
        "description": "Rules, and the relationships that they make; see docs/writing-rules.md. Made "
                       "by tools/gen-reference from the registry: do not edit.",
        **part(registry, "a pack"),
        "$defs": {**definitions(registry), "dataset": part(registry, "a dataset"),
                  "param": part(registry, "a param table"), "rule": rule(registry)},
    }
