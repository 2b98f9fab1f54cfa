/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/pack_keys.h"

#include <string.h>

static const char *const parts[] = {
    [RS_PACK_FILE] = "a pack",
    [RS_PACK_NODE_KIND] = "a node kind",
    [RS_PACK_EDGE_KIND] = "an edge kind",
    [RS_PACK_PROPERTY] = "a property",
    [RS_PACK_DATASET] = "a dataset",
    [RS_PACK_COLUMN] = "a column",
    [RS_PACK_PARAM] = "a param table",
    [RS_PACK_RULE] = "a rule",
    [RS_PACK_CONFIDENCE] = "confidence",
    [RS_PACK_WINNER] = "winner",
    [RS_PACK_NODE] = "emit",
    [RS_PACK_EDGE] = "emit",
    [RS_PACK_PROPS] = "emit",
    [RS_PACK_EDGE_PROPS] = "emit",
};

static const struct {
    const char *name;
    const char *doc;
} types[] = {
    [RS_PACK_TEXT] = {"text", "a text"},
    [RS_PACK_NAME] = {"name", "a name of a-z, 0-9 and _"},
    [RS_PACK_WHOLE] = {"whole", "a whole number"},
    [RS_PACK_BOOL] = {"bool", "true or false"},
    [RS_PACK_TYPE] = {"type", "a type"},
    [RS_PACK_ENTITY] = {"entity", "an entity of the registry"},
    [RS_PACK_A_COLUMN] = {"column", "a column"},
    [RS_PACK_COLUMNS] = {"columns", "a list of columns"},
    [RS_PACK_ORDER] = {"order", "a list of columns, each with asc (default) or desc"},
    [RS_PACK_EXPRESSION] = {"expression", "an expression"},
    [RS_PACK_VALUE] = {"value", "an expression, or a word that stands for itself"},
    [RS_PACK_CONDITION] = {"condition", "an expression that is true or false"},
    [RS_PACK_OPERATOR] = {"operator", "an operator"},
    [RS_PACK_INPUTS] = {"inputs", "datasets by alias"},
    [RS_PACK_VALUES] = {"values", "expressions by column or property"},
    [RS_PACK_POLICY] = {"policy", "the name of a policy"},
    [RS_PACK_EMPTY] = {"empty", "empty_result or refuse"},
    [RS_PACK_KIND] = {"kind", "a kind"},
    [RS_PACK_KINDS] = {"kinds", "a kind, ANY, or a list of kinds"},
    [RS_PACK_ANCHOR] = {"anchor", "an input, or [start, end]"},
    [RS_PACK_KIND_NAME] = {"kind_name", "a name of A-Z, 0-9 and _"},
    [RS_PACK_LENS] = {"lens", "a lens"},
    [RS_PACK_ENDS] = {"ends", "an entity of the registry, a kind of node, or a list of kinds"},
    [RS_PACK_WORDS] = {"words", "a list of words"},
    [RS_PACK_PROPERTY_TYPE] = {"property_type", "str, int, float or bool"},
    [RS_PACK_PROPERTY_SET] = {"property_set", "properties by name"},
    [RS_PACK_NODE_KINDS] = {"node_kinds", "a list of node kinds"},
    [RS_PACK_EDGE_KINDS] = {"edge_kinds", "a list of edge kinds"},
    [RS_PACK_COLUMN_SET] = {"column_set", "columns by name"},
    [RS_PACK_DATASETS] = {"datasets", "a list of datasets"},
    [RS_PACK_PARAMS] = {"params", "a list of param tables"},
    [RS_PACK_RULES] = {"rules", "a list of rules"},
    [RS_PACK_EMIT] = {"emit", "a mapping whose first key says what: node, edge, props, edge_props"},
};

#define NEEDED .is_required = true
#define OPTIONAL .is_required = false
#define OF_ROWS .is_of_rows = true
#define FROM(first, last) .least = (first), .most = (last)
#define FILLS(name) .column = (name)

/* clang-format off */
static const rs_pack_key keys[] = {
    {RS_PACK_FILE, "pack",     RS_PACK_TEXT,     "Its name.", NEEDED},
    {RS_PACK_FILE, "doc",      RS_PACK_TEXT,     "What its rules have in common.", OPTIONAL},
    {RS_PACK_FILE, "node_kinds", RS_PACK_NODE_KINDS, "Kinds of nodes that the registry has not.", OPTIONAL},
    {RS_PACK_FILE, "edge_kinds", RS_PACK_EDGE_KINDS, "Kinds of edges that the registry has not.", OPTIONAL},
    {RS_PACK_FILE, "datasets", RS_PACK_DATASETS, "Relationships, each with its contract.", OPTIONAL},
    {RS_PACK_FILE, "params",   RS_PACK_PARAMS,   "Tables of values that a run is given.", OPTIONAL},
    {RS_PACK_FILE, "rules",    RS_PACK_RULES,    "What makes rows of evidence.", NEEDED},

    {RS_PACK_NODE_KIND, "name",       RS_PACK_KIND_NAME, "What rules, queries and exports call it.", NEEDED},
    {RS_PACK_NODE_KIND, "lens",       RS_PACK_LENS,      "The lens whose evidence makes it.", NEEDED},
    {RS_PACK_NODE_KIND, "label",      RS_PACK_TEXT,      "Its label in the Code Property Graph specification, where it has one.", OPTIONAL},
    {RS_PACK_NODE_KIND, "covers",     RS_PACK_WORDS,     "Kinds of another system that it stands for.", OPTIONAL},
    {RS_PACK_NODE_KIND, "doc",        RS_PACK_TEXT,      "What one node is.", NEEDED},
    {RS_PACK_NODE_KIND, "properties", RS_PACK_PROPERTY_SET, "What its nodes have besides the columns of `nodes`.", .most = 32},

    {RS_PACK_EDGE_KIND, "name",       RS_PACK_KIND_NAME, "What rules, queries and exports call it.", NEEDED},
    {RS_PACK_EDGE_KIND, "lens",       RS_PACK_LENS,      "The lens whose evidence makes it: its `origin`, where a rule says no other.", NEEDED},
    {RS_PACK_EDGE_KIND, "src",        RS_PACK_ENDS,      "What its edges start at.", NEEDED, .most = 32},
    {RS_PACK_EDGE_KIND, "dst",        RS_PACK_ENDS,      "What they end at.", NEEDED, .most = 32},
    {RS_PACK_EDGE_KIND, "label",      RS_PACK_TEXT,      "Its label in the Code Property Graph specification, where it has one.", OPTIONAL},
    {RS_PACK_EDGE_KIND, "covers",     RS_PACK_WORDS,     "Kinds of another system that it stands for.", OPTIONAL},
    {RS_PACK_EDGE_KIND, "doc",        RS_PACK_TEXT,      "What one edge states.", NEEDED},
    {RS_PACK_EDGE_KIND, "properties", RS_PACK_PROPERTY_SET, "What its edges have besides the columns of `edges`.", .most = 32},

    {RS_PACK_PROPERTY, "type",     RS_PACK_PROPERTY_TYPE, "What it holds.", NEEDED},
    {RS_PACK_PROPERTY, "required", RS_PACK_BOOL,  "Each has it: a node without it is a reject.", OPTIONAL},
    {RS_PACK_PROPERTY, "words",    RS_PACK_WORDS, "The only texts that it may be; any where nothing is said.", OPTIONAL},
    {RS_PACK_PROPERTY, "doc",      RS_PACK_TEXT,  "What it means.", NEEDED},

    {RS_PACK_DATASET, "name",    RS_PACK_NAME,       "What rules and queries call it.", NEEDED},
    {RS_PACK_DATASET, "version", RS_PACK_WHOLE,      "Raised when its rows mean something else.", FROM(1, 1000000)},
    {RS_PACK_DATASET, "doc",     RS_PACK_TEXT,       "What one row is.", NEEDED},
    {RS_PACK_DATASET, "key",     RS_PACK_COLUMNS,    "No two rows are equal in all of these.", NEEDED, .most = 16},
    {RS_PACK_DATASET, "group",   RS_PACK_A_COLUMN,   "The question that rows are candidates of: an id.", OPTIONAL},
    {RS_PACK_DATASET, "sort",    RS_PACK_ORDER,      "Order of the rows; without one, that of the key.", .most = 16},
    {RS_PACK_DATASET, "rank",    RS_PACK_WHOLE,      "How strong its evidence is: 1 the strongest.", FROM(1, 9)},
    {RS_PACK_DATASET, "columns", RS_PACK_COLUMN_SET, "What its rows hold besides what every relationship has.", NEEDED, .most = 40},

    {RS_PACK_COLUMN, "type",     RS_PACK_TYPE, "What it holds.", NEEDED},
    {RS_PACK_COLUMN, "of",       RS_PACK_ENTITY, "What an id refers to.", OPTIONAL},
    {RS_PACK_COLUMN, "required", RS_PACK_BOOL, "Never null; a row without it is a reject.", OPTIONAL},
    {RS_PACK_COLUMN, "doc",      RS_PACK_TEXT, "What it means.", NEEDED},

    {RS_PACK_PARAM, "name",     RS_PACK_NAME,  "Rules write IN params.NAME.", NEEDED},
    {RS_PACK_PARAM, "type",     RS_PACK_TYPE,  "Of its values.", NEEDED},
    {RS_PACK_PARAM, "doc",      RS_PACK_TEXT,  "What its values are.", NEEDED},
    {RS_PACK_PARAM, "key",      RS_PACK_NAME,  "The column of its values; value where unsaid.", OPTIONAL},
    {RS_PACK_PARAM, "required", RS_PACK_BOOL,  "A run whose rules read it gives it values.", OPTIONAL},
    {RS_PACK_PARAM, "empty",    RS_PACK_EMPTY, "What a table without rows means.", OPTIONAL},

    {RS_PACK_RULE, "name",       RS_PACK_NAME,      "Names the rule in rows, edges and messages.", NEEDED},
    {RS_PACK_RULE, "doc",        RS_PACK_TEXT,      "What it says.", NEEDED},
    {RS_PACK_RULE, "kind",       RS_PACK_OPERATOR,  "How it combines its inputs.", NEEDED},
    {RS_PACK_RULE, "inputs",     RS_PACK_INPUTS,    "What it reads.", NEEDED},
    {RS_PACK_RULE, "where",      RS_PACK_CONDITION, "Which of the combined rows count.", OPTIONAL},
    {RS_PACK_RULE, "select",     RS_PACK_VALUES,    "Column of the output -> what it holds.", OF_ROWS},
    {RS_PACK_RULE, "score",      RS_PACK_EXPRESSION, "How good the match is; the higher the better.", OF_ROWS, FILLS("score")},
    {RS_PACK_RULE, "method",     RS_PACK_VALUE,     "How the ends were matched.", OF_ROWS, FILLS("method")},
    {RS_PACK_RULE, "confidence", RS_PACK_POLICY,    "The policy that says how sure it is; with source, weighed by what that gives.", OF_ROWS},
    {RS_PACK_RULE, "ambiguity",  RS_PACK_POLICY,    "The policy that says what becomes of several candidates.", OF_ROWS},
    {RS_PACK_RULE, "filter",     RS_PACK_CONDITION, "Which rows of the output stay: out.column ...", OF_ROWS},
    {RS_PACK_RULE, "winner",     RS_PACK_VALUES,    "Which one of several rows stays.", OF_ROWS},
    {RS_PACK_RULE, "output",     RS_PACK_NAME,      "The relationship that it makes rows of.", OPTIONAL},
    {RS_PACK_RULE, "priority",   RS_PACK_WHOLE,     "Smaller ones run first and win; 100 where nothing is said.", FROM(0, 1000000)},
    {RS_PACK_RULE, "emit",       RS_PACK_EMIT,      "What it makes of the graph.", OPTIONAL},

    {RS_PACK_CONFIDENCE, "policy", RS_PACK_POLICY, "The policy.", NEEDED},
    {RS_PACK_CONFIDENCE, "source", RS_PACK_EXPRESSION, "A text that it weighs by.", NEEDED},

    {RS_PACK_WINNER, "keys",  RS_PACK_COLUMNS, "One row stays for each value of these.", NEEDED, .most = 16},
    {RS_PACK_WINNER, "order", RS_PACK_ORDER,   "The first one: then by all remaining columns.", NEEDED, .most = 16},

    {RS_PACK_NODE, "node",           RS_PACK_KIND,       "Its kind, or an expression that gives it.", NEEDED},
    {RS_PACK_NODE, "id",             RS_PACK_EXPRESSION, "Its id: node_id, or global_id(...).", NEEDED, FILLS("node_id")},
    {RS_PACK_NODE, "file",           RS_PACK_EXPRESSION, "The file that it lies in.", FILLS("file_id")},
    {RS_PACK_NODE, "start_byte",     RS_PACK_EXPRESSION, "First byte.", FILLS("start_byte")},
    {RS_PACK_NODE, "end_byte",       RS_PACK_EXPRESSION, "The byte behind it.", FILLS("end_byte")},
    {RS_PACK_NODE, "start_line",     RS_PACK_EXPRESSION, "First line, from 1.", FILLS("start_line")},
    {RS_PACK_NODE, "start_column",   RS_PACK_EXPRESSION, "Byte in that line, from 0.", FILLS("start_column")},
    {RS_PACK_NODE, "end_line",       RS_PACK_EXPRESSION, "Last line.", FILLS("end_line")},
    {RS_PACK_NODE, "end_column",     RS_PACK_EXPRESSION, "Byte in that line.", FILLS("end_column")},
    {RS_PACK_NODE, "name",           RS_PACK_EXPRESSION, "Its own name.", FILLS("name")},
    {RS_PACK_NODE, "qualified_name", RS_PACK_EXPRESSION, "What it is called from outside.", FILLS("qualified_name")},
    {RS_PACK_NODE, "status",         RS_PACK_VALUE,      "How far it is known.", FILLS("status")},
    {RS_PACK_NODE, "damaged",        RS_PACK_EXPRESSION, "It lies in a region that could not be read: beside the rows that it is made of, which say so themselves.", FILLS("damaged")},
    {RS_PACK_NODE, "anchor",         RS_PACK_ANCHOR,     "Where it stands.", OPTIONAL},

    {RS_PACK_EDGE, "edge",              RS_PACK_KIND,       "Its kind.", NEEDED},
    {RS_PACK_EDGE, "src",               RS_PACK_EXPRESSION, "Id of its start.", NEEDED, FILLS("src")},
    {RS_PACK_EDGE, "dst",               RS_PACK_EXPRESSION, "Id of its end.", NEEDED, FILLS("dst")},
    {RS_PACK_EDGE, "file",              RS_PACK_EXPRESSION, "The file that it lies in.", FILLS("file_id")},
    {RS_PACK_EDGE, "origin",            RS_PACK_VALUE,      "The lens that knows of it; without one, the kind's.", FILLS("origin")},
    {RS_PACK_EDGE, "method",            RS_PACK_VALUE,      "How the ends were matched.", FILLS("method")},
    {RS_PACK_EDGE, "confidence",        RS_PACK_POLICY,     "The policy that says how sure it is; without one that of the relationship, or the policy `evidence`. A column hands on what stands in it.", OPTIONAL},
    {RS_PACK_EDGE, "score",             RS_PACK_EXPRESSION, "The match's own score.", FILLS("score")},
    {RS_PACK_EDGE, "group",             RS_PACK_EXPRESSION, "The question that it answers, as an id.", FILLS("ambiguity_group_id")},
    {RS_PACK_EDGE, "relationship_rule", RS_PACK_VALUE,      "The rule that found the match.", FILLS("relationship_rule")},
    {RS_PACK_EDGE, "symbol_roles",      RS_PACK_EXPRESSION, "SCIP's role bits.", FILLS("symbol_roles")},
    {RS_PACK_EDGE, "qname_source",      RS_PACK_VALUE,      "What a qualified name rests on.", FILLS("qname_source")},
    {RS_PACK_EDGE, "damaged",           RS_PACK_EXPRESSION, "It lies in a region that could not be read: beside the rows that it is made of, which say so themselves.", FILLS("damaged")},
    {RS_PACK_EDGE, "anchor",            RS_PACK_ANCHOR,     "Where it stands.", OPTIONAL},

    {RS_PACK_PROPS, "props",  RS_PACK_KINDS,      "The kind of node that the properties are of.", NEEDED, .most = 32},
    {RS_PACK_PROPS, "id",     RS_PACK_EXPRESSION, "What they are of: its id.", NEEDED, FILLS("entity_id")},
    {RS_PACK_PROPS, "values", RS_PACK_VALUES,     "Property -> its value; one that is null is not stored.", NEEDED, .most = 32},

    {RS_PACK_EDGE_PROPS, "edge_props", RS_PACK_KINDS,      "The kind of edge that the properties are of.", NEEDED, .most = 32},
    {RS_PACK_EDGE_PROPS, "id",         RS_PACK_EXPRESSION, "What they are of: edge_id(...).", NEEDED, FILLS("entity_id")},
    {RS_PACK_EDGE_PROPS, "values",     RS_PACK_VALUES,     "Property -> its value; one that is null is not stored.", NEEDED, .most = 32},
};
/* clang-format on */

const rs_pack_key *rs_pack_key_get(size_t index)
{
    return index < sizeof keys / sizeof keys[0] ? &keys[index] : NULL;
}

const rs_pack_key *rs_pack_key_next(rs_pack_part part, const rs_pack_key *key)
{
    for (size_t i = key == NULL ? 0 : (size_t)(key - keys) + 1; i < sizeof keys / sizeof keys[0];
         i++) {
        if (keys[i].part == part) {
            return &keys[i];
        }
    }
    return NULL;
}

const rs_pack_key *rs_pack_key_find(rs_pack_part part, const char *name)
{
    const rs_pack_key *key = rs_pack_key_next(part, NULL);
    while (key != NULL && strcmp(key->name, name) != 0) {
        key = rs_pack_key_next(part, key);
    }
    return key;
}

const char *rs_pack_part_name(rs_pack_part part)
{
    return parts[part];
}

const char *rs_pack_type_name(rs_pack_type type)
{
    return types[type].name;
}

const char *rs_pack_type_doc(rs_pack_type type)
{
    return types[type].doc;
}
