/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/policy_keys.h"

#include <stddef.h>

#define AT(member) offsetof(rs_policy, member)

/* clang-format off */
static const rs_policy_setting settings[] = {
    {{RS_POLICY_FILE, "ambiguity",    "policies by name", "what becomes of several candidates"}, RS_POLICY_PART, 0, NULL},
    {{RS_POLICY_FILE, "confidence",   "policies by name", "how far a match is to be believed"}, RS_POLICY_PART, 0, NULL},
    {{RS_POLICY_FILE, "diagnostics",  "settings",         "what a run writes about itself"}, RS_POLICY_PART, 0, NULL},
    {{RS_POLICY_FILE, "doc",          "a text",           "what the policy is for"}, RS_POLICY_PART, 0, NULL},
    {{RS_POLICY_FILE, "lanes",        "settings",         "who may run a kernel"}, RS_POLICY_PART, 0, NULL},
    {{RS_POLICY_FILE, "limits",       "settings",         "where a lens gives up on a part of its evidence, by lens and limit"}, RS_POLICY_PART, 0, NULL},
    {{RS_POLICY_FILE, "list_filter",  "settings",         "which lists of values a rule may spell out"}, RS_POLICY_PART, 0, NULL},
    {{RS_POLICY_FILE, "param_tables", "settings",         "tables of the values that a run is given"}, RS_POLICY_PART, 0, NULL},
    {{RS_POLICY_FILE, "sql",          "settings",         "what no rule may hold"}, RS_POLICY_PART, 0, NULL},

    {{RS_POLICY_CONFIDENCE, "base",    "a number from 0 to 1", "confidence before weight and penalty; required"}, RS_POLICY_PART, 0, NULL},
    {{RS_POLICY_CONFIDENCE, "doc",     "a text",               "what such a match rests on"}, RS_POLICY_PART, 0, NULL},
    {{RS_POLICY_CONFIDENCE, "penalty", "a number from 0 to 1", "taken off; default 0"}, RS_POLICY_PART, 0, NULL},
    {{RS_POLICY_CONFIDENCE, "weights", "numbers from -1 to 1 by source", "added for a row of that source; default 0"}, RS_POLICY_PART, 0, NULL},

    {{RS_POLICY_AMBIGUITY, "doc",    "a text",   "what it is for"}, RS_POLICY_PART, 0, NULL},
    {{RS_POLICY_AMBIGUITY, "keep",   "all",      "every candidate stays; this or winner"}, RS_POLICY_PART, 0, NULL},
    {{RS_POLICY_AMBIGUITY, "winner", "keys and order", "one candidate of each group stays; this or keep"}, RS_POLICY_PART, 0, NULL},

    {{RS_POLICY_WINNER, "keys",  "a list of columns", "rows that agree in them are one group; required"}, RS_POLICY_PART, 0, NULL},
    {{RS_POLICY_WINNER, "order", "a list of columns, each with asc (default) or desc", "the first row in this order wins; required"}, RS_POLICY_PART, 0, NULL},

    {{"diagnostics", "events",         "true or false", "an event for each rule that ran"}, RS_POLICY_BOOL, AT(diagnostics.events), NULL},
    {{"diagnostics", "explains",       "true or false", "the engine's plan of each rule"}, RS_POLICY_BOOL, AT(diagnostics.explains), NULL},
    {{"diagnostics", "fallbacks",      "true or false", "a row for each kernel that another lane took over"}, RS_POLICY_BOOL, AT(diagnostics.fallbacks), NULL},
    {{"diagnostics", "kernel_lanes",   "true or false", "a row for each kernel's choice of lane"}, RS_POLICY_BOOL, AT(diagnostics.kernel_lanes), NULL},
    {{"diagnostics", "scan_telemetry", "true or false", "rows, bytes and files of each dataset read"}, RS_POLICY_BOOL, AT(diagnostics.scan_telemetry), NULL},

    {{"lanes", "allowed",      "a list of DF_UDF, BUILTIN, ARROW_FALLBACK", "lanes that may run a kernel, the most welcome first"}, RS_POLICY_LANES, 0, NULL},
    {{"lanes", "on_violation", "warn", "a kernel in another lane gives a warning, never a failed run"}, RS_POLICY_WORD, AT(lanes.on_violation), "warn"},

    {{"limits", "flow_max_facts", "a whole number from 1 to 1099511627776", "facts of one scope, of each kind: operands of phis, reaching definitions, control dependences"}, RS_POLICY_LIMIT, AT(limits.flow_max_facts), NULL},
    {{"limits", "flow_max_growth", "a whole number from 1 to 1099511627776", "elements of a scope for each of its nodes"}, RS_POLICY_LIMIT, AT(limits.flow_max_growth), NULL},
    {{"limits", "flow_max_reaching", "a whole number from 1 to 1099511627776", "definitions that reach uses of one variable, for each of its definitions and uses"}, RS_POLICY_LIMIT, AT(limits.flow_max_reaching), NULL},
    {{"limits", "flow_min_elements", "a whole number from 1 to 1099511627776", "elements that a scope, and reaching definitions that a variable, may have whatever its nodes"}, RS_POLICY_LIMIT, AT(limits.flow_min_elements), NULL},
    {{"limits", "names_max_facts", "a whole number from 1 to 1099511627776", "bindings that are gathered for the names of a file"}, RS_POLICY_LIMIT, AT(limits.names_max_facts), NULL},
    {{"limits", "scip_max_document_bytes", "a whole number from 1 to 1099511627776", "bytes of all documents of one path"}, RS_POLICY_LIMIT, AT(limits.scip_max_document_bytes), NULL},
    {{"limits", "scip_max_key_bytes", "a whole number from 1 to 1099511627776", "bytes of a path or symbol that a message is found by"}, RS_POLICY_LIMIT, AT(limits.scip_max_key_bytes), NULL},
    {{"limits", "scope_max_faults", "a whole number from 1 to 1099511627776", "findings about a file"}, RS_POLICY_LIMIT, AT(limits.scope_max_faults), NULL},
    {{"limits", "scope_max_symbols", "a whole number from 1 to 1099511627776", "names of all scopes of a file"}, RS_POLICY_LIMIT, AT(limits.scope_max_symbols), NULL},
    {{"limits", "values_max_insertions", "a whole number from 1 to 1099511627776", "objects that all variables together may come to hold"}, RS_POLICY_LIMIT, AT(limits.values_max_insertions), NULL},
    {{"limits", "values_max_objects", "a whole number from 1 to 1099511627776", "objects that one variable may hold; 200 at most"}, RS_POLICY_LIMIT, AT(limits.values_max_objects), NULL},

    {{"list_filter", "max_literals", "a whole number from 0 to 1000", "longest IN list of literals that a rule may have"}, RS_POLICY_COUNT, AT(list_filter.max_literals), NULL},

    {{"param_tables", "empty",  "empty_result", "a table without rows lets no row through"}, RS_POLICY_WORD, AT(param_tables.empty), "empty_result"},
    {{"param_tables", "prefix", "a name",       "stands before the names of the tables"}, RS_POLICY_NAME, AT(param_tables.prefix), NULL},
    {{"param_tables", "scope",  "per_run",      "no other run sees the tables"}, RS_POLICY_WORD, AT(param_tables.scope), "per_run"},

    {{"sql", "ddl",        "refuse", "CREATE, DROP, ALTER and their kind"}, RS_POLICY_WORD, AT(sql.ddl), "refuse"},
    {{"sql", "dml",        "refuse", "INSERT, UPDATE, DELETE and their kind"}, RS_POLICY_WORD, AT(sql.dml), "refuse"},
    {{"sql", "statements", "refuse", "any other statement"}, RS_POLICY_WORD, AT(sql.statements), "refuse"},
};
/* clang-format on */

const rs_policy_setting *rs_policy_setting_get(size_t index)
{
    return index < sizeof settings / sizeof settings[0] ? &settings[index] : NULL;
}

const rs_policy_key *rs_policy_key_get(size_t index)
{
    const rs_policy_setting *setting = rs_policy_setting_get(index);
    return setting != NULL ? &setting->key : NULL;
}
