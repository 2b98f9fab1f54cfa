/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/prepared.h"

#include "bundle/sql_texts.h"
#include "schema/schema.h"

static const rs_sql_arg engine = {.name = "engine", .word = RS_SQL_ENGINE};

static const rs_prepared_view views[] = {
    {"damaged_files", "repo_files",
     "A file that could not be read or parsed as a whole, the worst first.",
     &rs_sql_bundle_view_damaged_files, NULL},
    {"errors_by_reason", "parse_errors",
     "A reason that something does not parse: how often, in how many files.",
     &rs_sql_bundle_view_errors_by_reason, NULL},
    {"rejects_by_reason", "nodes edges props derivations",
     "A reason that rows broke their dataset's contract.", &rs_sql_bundle_view_rejects_by_reason,
     NULL},
    {"unresolved_names", "name_bindings",
     "A name that nothing in its file binds, no star import may bring and `builtins` has not.",
     &rs_sql_bundle_view_unresolved_names, NULL},
    {"unresolved_calls", "rel_call_qname calls repo_files",
     "A callee without a qualified name, and why: how often, and where first.",
     &rs_sql_bundle_view_unresolved_calls, NULL},
    {"refused_imports", "rel_import_target imports repo_files",
     "A relative import that names nothing: Python refuses it, or no path tells its package's "
     "name.",
     &rs_sql_bundle_view_refused_imports, NULL},
    {"unresolved_imports", "imports modules",
     "A module that is imported and is in no file here: of the standard library, installed, or "
     "missing.",
     &rs_sql_bundle_view_unresolved_imports, NULL},
    {"most_called", "calls", "A dotted name that is called: how often, in how many files.",
     &rs_sql_bundle_view_most_called, NULL},
    {"largest_functions", "defs repo_files", "A function, the longest first.",
     &rs_sql_bundle_view_largest_functions, NULL},
    {"undocumented", "defs docstrings repo_files",
     "A function or class with a public name and no docstring.", &rs_sql_bundle_view_undocumented,
     NULL},
    {"edges_by_rule", "edges", "A kind of edge and a rule that emits it.",
     &rs_sql_bundle_view_edges_by_rule, NULL},
    {"ambiguous_edges", "edges", "A question that more than one edge answers.",
     &rs_sql_bundle_view_ambiguous_edges, NULL},
    {"dead_code", "cfg_blocks cfg_elements repo_files",
     "Code that no way leads to: what of a block no other copy of it runs.",
     &rs_sql_bundle_view_dead_code, NULL},
    {"event_blocks", "def_use_events cfg_elements cfg_blocks",
     "A place that an event has in the blocks: several where a finally body has.",
     &rs_sql_bundle_view_event_blocks, NULL},
    {"element_dominators", "cfg_elements dominators",
     "The last element that has run whenever an element starts; those further up are its own.",
     &rs_sql_bundle_view_element_dominators, NULL},
    {"maybe_unbound", "def_use_events bindings repo_files",
     "A use of a variable that may not have a value there.", &rs_sql_bundle_view_maybe_unbound,
     NULL},
    {"slowest_rules", "rule_exec_events", "A rule that ran, the most expensive first.",
     &rs_sql_bundle_view_slowest_rules, NULL},
    {"slowest_outputs", "rule_exec_events",
     "A dataset that rules make, the most expensive first: its gate and its files.",
     &rs_sql_bundle_view_slowest_outputs, NULL},
    {"rules_without_rows", "rule_exec_events", "A rule that gave no row, and why.",
     &rs_sql_bundle_view_rules_without_rows, NULL},
    {"fallbacks_by_reason", RS_SQL_ENGINE "_fallbacks",
     "A reason that the engine refused something: how often, for which rules.",
     &rs_sql_bundle_view_fallbacks_by_reason, &engine},
    {"lane_violations", "rule_diagnostics",
     "A kernel that runs in a lane that the policy does not allow.",
     &rs_sql_bundle_view_lane_violations, NULL},
    {"ambiguous_calls", "edges nodes repo_files",
     "A call with more than one candidate for what it calls, the most ambiguous first.",
     &rs_sql_bundle_view_ambiguous_calls, NULL},
    {"scip_losses", "scip_span_errors", "A reason that something of the SCIP index is not used.",
     &rs_sql_bundle_view_scip_losses, NULL},
    {"callers", "call_targets calls syntax_nodes repo_files modules",
     "A call of a function or class of the repository: what it calls, where, and who does.",
     &rs_sql_bundle_view_callers, NULL},
    {"class_hierarchy", "class_mro syntax_nodes",
     "A class and what it derives from, in the order in which that is searched.",
     &rs_sql_bundle_view_class_hierarchy, NULL},
    {"names_by_status", "reference_statuses call_statuses",
     "How far names and calls are understood, and why no further: how often.",
     &rs_sql_bundle_view_names_by_status, NULL},
    {"open_calls", "call_statuses calls repo_files",
     "A call that is not understood as far as it could be: where, and why no further.",
     &rs_sql_bundle_view_open_calls, NULL},
    {"data_steps",
     "syntax_nodes attributes literals def_use_events reaching_defs name_bindings name_targets "
     "params args calls defs decorators scopes edges",
     "One step of data: from what place to what place, and what it takes from the path into it.",
     &rs_sql_bundle_view_data_steps, NULL},
    {"importers", "module_imports imports modules repo_files",
     "A module that is imported, inside the repository or outside, and who imports it where.",
     &rs_sql_bundle_view_importers, NULL},
};

const rs_prepared_view *rs_prepared_views(size_t *n_views)
{
    *n_views = sizeof views / sizeof views[0];
    return views;
}

void rs_prepared_view_add_sql(const rs_prepared_view *view, rs_buf *out)
{
    rs_sql_add(view->sql, view->arg, view->arg != NULL, out);
}
