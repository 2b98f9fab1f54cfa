# SPDX-License-Identifier: Apache-2.0
"""pack_schema.py - the JSON Schema of rule packs (schemas/pack.schema.json), for tools/gen-reference.

What the language is stands here; kinds, words and names of datasets come from the registry.
tests/schemas/pack.py holds it against the loader, and lists what a schema cannot say.
"""

NAME = "^[a-z][a-z0-9_]*$"
ORDER = "^[a-z][a-z0-9_]* *( ([aA][sS][cC]|[dD][eE][sS][cC]))?$"
RESERVED = ["match", "item", "each", "out", "params"]
TYPES = ["id", "gid", "i64", "i32", "bool", "f32", "f64", "str"]
STRONG = ["interval_align", "explode_list", "winner_select"]  # their kernels make rows first

# kind -> what it is, the number of inputs, keys that only it (and others with them) must have
KINDS = {
    "filter_project": ("Rows of one input, or one row of none.", (0, 1), []),
    "hash_join": ("Rows of two inputs that are equal in something.", (2, 2), ["join", "on"]),
    "interval_align": ("Rows of two inputs whose spans meet.", (2, 2), ["on", "align"]),
    "explode_list": ("A row for each value of a list.", (1, 1), ["explode"]),
    "union_all": ("Rows of several inputs, one behind the other.", (2, 8), []),
    "winner_select": ("The best row for each key.", (1, 1), ["winner"]),
    "aggregate": ("A row for each group.", (1, 1), ["group_by"]),
}
OPERATOR_KEYS = ["join", "on", "align", "explode", "group_by"]
ROW_KEYS = ["select", "score", "method", "confidence", "ambiguity", "filter", "winner"]

# emit key -> (doc, expression or word); the places that every form with an anchor has
PLACE = {"file": "The file that it lies in."}
NODE_KEYS = dict(PLACE, start_byte="First byte.", end_byte="The byte behind it.",
                 start_line="First line, from 1.", start_column="Byte in that line, from 0.",
                 end_line="Last line.", end_column="Byte in that line.", name="Its own name.",
                 qualified_name="What it is called from outside.",
                 damaged="It lies beside a region that could not be read.")
EDGE_KEYS = dict(PLACE, confidence="How far it is to be believed, 0 to 1; without one 1, or that of "
                                   "the relationship.",
                 score="The match's own score.", group="The question that it answers, as an id.",
                 symbol_roles="SCIP's role bits.",
                 damaged="It lies beside a region that could not be read.")


def ref(name, doc=None):
    return {"$ref": "#/$defs/" + name, **({"description": doc} if doc else {})}


def mapping(properties, required=(), **more):
    return {"type": "object", "additionalProperties": False, "properties": properties,
            **({"required": list(required)} if required else {}), **more}


def listed(items, most, least=1, **more):
    return {"type": "array", "items": items, "minItems": least, "maxItems": most, **more}


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
        "node_kind": {"enum": [k["name"] for k in registry["node_kinds"]]},
        "edge_kind": {"enum": [k["name"] for k in registry["edge_kinds"]]},
        "origin": {"anyOf": [{"enum": words["lens"] + [None]}, ref("no_word")]},
        "no_word": {"description": "An expression; a word alone stands for itself.",
                    "type": "string", "pattern": "[^A-Za-z0-9_]|^[0-9_]"},
    }


def dataset(registry):
    standard = standard_columns(registry)
    column = mapping({
        "type": ref("type"),
        "of": {"description": "What an id refers to.",
               "enum": [e["name"] for e in registry["entities"]]},
        "required": {"description": "Never null; a row without it is a reject.", "type": "boolean"},
        "doc": ref("text", "What it means."),
    }, ["type", "doc"])
    column["if"] = {"required": ["of"]}
    column["then"] = {"properties": {"type": {"enum": ["id", "gid"]}}}
    return mapping({
        "name": ref("name", "What rules and queries call it."),
        "version": {"description": "Raised when its rows mean something else.", "type": "integer",
                    "minimum": 1, "maximum": 1000000},
        "doc": ref("text", "What one row is."),
        "key": ref("keys", "No two rows are equal in all of these."),
        "group": ref("column_name", "The question that rows are candidates of: an id."),
        "sort": ref("order", "Order of the rows; without one, that of the key."),
        "rank": {"description": "How strong its evidence is: 1 the strongest.", "type": "integer",
                 "minimum": 1, "maximum": 9},
        "columns": {
            "description": "Every relationship has these besides: %s." % ", ".join(standard),
            "type": "object", "minProperties": 1, "maxProperties": 40 - len(standard),
            "propertyNames": {"allOf": [ref("name"), {"not": {"enum": standard}}]},
            "additionalProperties": column,
        },
    }, ["name", "doc", "key", "columns"])


def standard_columns(registry):
    """What every relationship ends with."""
    names = [[c["name"] for c in r["columns"]] for r in registry["relationships"]]
    n_common = 0
    while all(n[-1 - n_common] == names[0][-1 - n_common] for n in names):
        n_common += 1
    return names[0][len(names[0]) - n_common:]


def param():
    return mapping({"name": ref("name", "Rules write IN params.NAME."), "type": ref("type"),
                    "doc": ref("text", "What its values are."),
                    "key": {"allOf": [ref("name"), {"not": {"const": "n_given"}}],
                            "description": "The column of its values; value where unsaid."},
                    "required": {"description": "A run whose rules read it gives it values.",
                                 "type": "boolean"},
                    "empty": {"description": "What a table without rows means.",
                              "enum": ["empty_result", "refuse"]}}, ["name", "type", "doc"])


# --- emit ---


def properties_of(registry, kinds):
    of_all = registry["node_properties"] if kinds == "node_kinds" else []
    return sorted({p["key"] for k in [{"properties": of_all}, *registry[kinds]]
                   for p in k["properties"]})


def props(registry, key, kinds, kind):
    return mapping({
        key: {"description": "The kind that the properties are of, or several.",
              "anyOf": [kind, listed(kind, 32)]},
        "id": ref("expression", "What they are of: its id."),
        "values": {"description": "Property -> its value; one that is null is not stored.",
                   "type": "object", "minProperties": 1, "maxProperties": 32,
                   "propertyNames": {"enum": properties_of(registry, kinds)},
                   "additionalProperties": {"allOf": [ref("expression"),
                                                      {"not": {"type": "null"}}]}},
    }, [key, "id", "values"])


def emit(registry):
    anchor = {"description": "Where it stands: an input, whose place is taken, or [start, end].",
              "anyOf": [ref("name"), ref("span")]}
    statuses = ref("expression", "How far it is known.")
    node = {"node": {"description": "Its kind, or an expression that gives it.",
                     "anyOf": [ref("node_kind"), ref("no_word")]},
            "id": ref("expression", "Its id: node_id, or global_id(...)."), "status": statuses,
            **{k: ref("expression", doc) for k, doc in NODE_KEYS.items()}, "anchor": anchor}
    edge = {"edge": ref("edge_kind", "Its kind."), "src": ref("expression", "Id of its start."),
            "dst": ref("expression", "Id of its end."),
            "origin": ref("origin", "The lens that knows of it; without one, the kind's."),
            "method": ref("expression", "How the ends were matched: a word, or an expression."),
            "relationship_rule": ref("expression", "The rule that found the match."),
            "qname_source": ref("expression", "What a qualified name rests on."),
            **{k: ref("expression", doc) for k, doc in EDGE_KEYS.items()}, "anchor": anchor}
    either = {"anyOf": [ref("node_kind"), {"enum": ["ANY"]}]}
    either_edge = {"anyOf": [ref("edge_kind"), {"enum": ["ANY"]}]}
    forms = [mapping(node, ["node", "id"]), mapping(edge, ["edge", "src", "dst"]),
             props(registry, "props", "node_kinds", either)]
    if properties_of(registry, "edge_kinds"):
        forms.append(props(registry, "edge_props", "edge_kinds", either_edge))
    return {"description": "What it makes of the graph; its first key says what.", "oneOf": forms}


# --- rules ---


def operator(kind):
    """What a rule of a kind must have, and may not."""
    _, (least, most), keys = KINDS[kind]
    then = {"properties": {"inputs": {"minProperties": least, "maxProperties": most}},
            "required": keys + (["output"] if kind in STRONG else [])}
    for key in OPERATOR_KEYS:
        if key not in keys:
            then["properties"][key] = False
    return {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": then}


def rule(registry):
    confidence = [n for n in sorted(registry["policy"]["confidence"])]
    ambiguity = [n for n in sorted(registry["policy"]["ambiguity"])]
    policy = {"anyOf": [{"enum": confidence}, ref("text")]}
    align = mapping({
        "left": ref("span", "Its span: [start, end], of the first input."),
        "right": ref("span", "The same, of the second."),
        "mode": {"description": "How spans must meet.",
                 "enum": ["exact", "contained_best", "overlap_best", "covering_smallest"]},
        "how": {"description": "left: rows of the first that meet none stay.",
                "enum": ["inner", "left"]},
        "keep": {"description": "All matches, or the best; exact keeps all where nothing is said.",
                 "enum": ["best", "all"]},
        "ties": listed(ref("expression"), 16, description="Order of equal candidates."),
    }, ["left", "right", "mode"])
    explode = {"oneOf": [
        mapping({"list": listed(ref("expression"), 16, description="Values, a row each.")},
                ["list"]),
        mapping({"split": ref("expression", "A text that is cut."),
                 "separator": ref("text", "Where.")}, ["split", "separator"])]}
    winner = mapping({"keys": ref("keys", "One row stays for each value of these."),
                      "order": ref("order", "The first one: then by all remaining columns.")},
                     ["keys", "order"])
    properties = {
        "name": ref("name", "Names the rule in rows, edges and messages."),
        "doc": ref("text", "What it says."),
        "kind": {"description": " ".join("%s: %s" % (k, v[0]) for k, v in KINDS.items()),
                 "enum": list(KINDS)},
        "inputs": {"description": "Alias -> dataset.", "type": "object",
                   "propertyNames": {"allOf": [ref("name"), {"not": {"enum": RESERVED}}]},
                   "additionalProperties": ref("dataset_name")},
        "join": {"description": "Rows of both; of the first also without a match; of the first that "
                                "have one; that have none.",
                 "enum": ["inner", "left", "semi", "anti"]},
        "on": ref("text", "a.x = b.y, or several of them joined by AND."),
        "align": align,
        "explode": explode,
        "where": ref("condition", "Which of the combined rows count."),
        "group_by": listed(ref("expression"), 16, description="Columns; a row for each value."),
        "select": {"description": "Column of the output -> what it holds.", "type": "object",
                   "propertyNames": ref("column_name"), "additionalProperties": ref("expression")},
        "score": ref("expression", "How good the match is; the higher the better."),
        "method": ref("expression", "How the ends were matched: a word, or an expression."),
        "confidence": {"description": "The policy that says how sure it is; with source, weighed by "
                                      "what that gives.",
                       "anyOf": [policy, mapping({"policy": policy, "source": ref("text")},
                                                 ["policy", "source"])]},
        "ambiguity": {"description": "The policy that says what becomes of several candidates.",
                      "anyOf": [{"enum": ambiguity}, ref("text")]},
        "filter": ref("condition", "Which rows of the output stay: out.column ..."),
        "winner": winner,
        "output": ref("name", "The relationship that it makes rows of."),
        "priority": {"description": "Smaller ones run first and win; 100 where nothing is said.",
                     "type": "integer", "minimum": 0, "maximum": 1000000},
        "emit": emit(registry),
    }
    emits = {"required": ["emit"], "properties": {k: False for k in ROW_KEYS + ["output"]}}
    has_rows = {"required": ["output", "select", "confidence"], "properties": {"emit": False}}
    return mapping(properties, ["name", "doc", "kind", "inputs"],
                   allOf=[{"oneOf": [emits, has_rows]}] + [operator(kind) for kind in KINDS])


def schema(registry):
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A relspec rule pack",
        "description": "Rules, and the relationships that they make; see docs/writing-rules.md. Made "
                       "by tools/gen-reference from tools/pack_schema.py: do not edit.",
        **mapping({
            "pack": ref("text", "Its name."),
            "doc": ref("text", "What its rules have in common."),
            "datasets": {"description": "Relationships, each with its contract.", "type": "array",
                         "items": ref("dataset")},
            "params": {"description": "Tables of values that a run is given.", "type": "array",
                       "items": ref("param")},
            "rules": {"type": "array", "items": ref("rule")},
        }, ["pack", "rules"]),
        "$defs": {**definitions(registry), "dataset": dataset(registry), "param": param(),
                  "rule": rule(registry)},
    }
