/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/prepared.h"

#include "schema/schema.h"

/* Ordered by what one looks for first, then by name, so that LIMIT gives the same rows each time. */
static const rs_prepared_view views[] = {
    {"damaged_files", "repo_files",
     "A file that could not be read or parsed as a whole, the worst first.",
     "SELECT path, parse_status, n_errors, encoding, n_lines FROM repo_files WHERE parse_status <> "
     "'ok' OR n_errors > 0 ORDER BY n_errors DESC, path"},
    {"errors_by_reason", "parse_errors",
     "A reason that something does not parse: how often, in how many files.",
     "SELECT code, severity, message, count(*) AS n_errors, count(DISTINCT file_id) AS n_files "
     "FROM "
     "parse_errors GROUP BY ALL ORDER BY n_errors DESC, code, message"},
    {"rejects_by_reason", "nodes edges props derivations",
     "A reason that rows broke their dataset's contract.",
     "SELECT dataset, reason, count(*) AS n_rows FROM (SELECT 'nodes' AS dataset, reason FROM "
     "rejects_nodes UNION ALL SELECT 'edges', reason FROM rejects_edges UNION ALL SELECT 'props', "
     "reason FROM rejects_props UNION ALL SELECT 'derivations', reason FROM rejects_derivations) "
     "GROUP BY ALL ORDER BY n_rows DESC, dataset, reason"},
    {"unresolved_names", "name_bindings",
     "A name that no variable of its file has: builtins, and mistakes.",
     "SELECT name, count(*) AS n_uses, count(DISTINCT file_id) AS n_files FROM name_bindings WHERE "
     "resolution = 'unbound' GROUP BY name ORDER BY n_uses DESC, name"},
    {"unresolved_imports", "imports modules",
     "A module that is imported and is in no file here: of the standard library, installed, or "
     "missing.",
     "SELECT wanted AS module, count(*) AS n_imports, count(DISTINCT file_id) AS n_files FROM "
     "(SELECT CASE WHEN import_kind = 'from' THEN module ELSE name END AS wanted, file_id FROM "
     "imports WHERE level = 0) i ANTI JOIN (SELECT module AS known FROM modules WHERE module IS "
     "NOT "
     "NULL) m ON wanted = known WHERE wanted IS NOT NULL GROUP BY wanted ORDER BY n_imports DESC, "
     "wanted"},
    {"most_called", "calls", "A dotted name that is called: how often, in how many files.",
     "SELECT callee_text, count(*) AS n_calls, count(DISTINCT file_id) AS n_files FROM calls WHERE "
     "callee_text IS NOT NULL GROUP BY callee_text ORDER BY n_calls DESC, callee_text"},
    {"largest_functions", "defs repo_files", "A function, the longest first.",
     "SELECT path, start_line, qualname, end_line - start_line + 1 AS n_lines, n_params FROM defs "
     "JOIN repo_files USING (file_id) WHERE def_kind IN ('function', 'async_function') ORDER BY "
     "n_lines DESC, path, start_line"},
    {"undocumented", "defs docstrings repo_files",
     "A function or class with a public name and no docstring.",
     "SELECT path, d.start_line, d.def_kind, d.qualname FROM defs d JOIN repo_files USING "
     "(file_id) "
     "ANTI JOIN docstrings s ON s.owner_id = d.def_id WHERE d.name NOT LIKE '\\_%' ESCAPE '\\' AND "
     "d.def_kind <> 'lambda' ORDER BY path, d.start_line"},
    {"edges_by_rule", "edges", "A kind of edge and a rule that emits it.",
     "SELECT kind, rule_name, origin, count(*) AS n_edges, avg(confidence) AS confidence FROM "
     "edges "
     "GROUP BY ALL ORDER BY n_edges DESC, kind, rule_name, origin"},
    {"ambiguous_edges", "edges", "A question that more than one edge answers.",
     "SELECT ambiguity_group_id, kind, src, count(*) AS n_candidates, max(score) AS best_score "
     "FROM "
     "edges WHERE ambiguity_group_id IS NOT NULL GROUP BY ALL HAVING count(*) > 1 ORDER BY "
     "n_candidates DESC, ambiguity_group_id, kind, src"},
    {"dead_code", "cfg_blocks repo_files", "A block of statements that no way leads to.",
     "SELECT path, start_line, block_kind, n_elements FROM cfg_blocks JOIN repo_files USING "
     "(file_id) WHERE NOT is_live AND n_elements > 0 ORDER BY path, start_line"},
    {"maybe_unbound", "def_use_events bindings repo_files",
     "A use of a variable that may not have a value there.",
     "SELECT path, e.start_line, e.start_column, b.name FROM def_use_events e JOIN bindings b "
     "USING "
     "(binding_id) JOIN repo_files f ON f.file_id = e.file_id WHERE e.event_kind = 'use' AND "
     "e.maybe_unbound ORDER BY path, e.start_line, e.start_column"},
    {"slowest_rules", "rule_exec_events", "A rule that ran, the most expensive first.",
     "SELECT rule_name, output_dataset, rows_in, rows_out, duration_ms, lane, timing_ms FROM "
     "rule_exec_events WHERE scope = 'rule' AND status <> 'skipped' ORDER BY duration_ms DESC, "
     "rule_name"},
    {"slowest_outputs", "rule_exec_events",
     "A dataset that rules make, the most expensive first: its gate and its files.",
     "SELECT output_dataset, rows_in, rows_out, rows_rejected, duration_ms, timing_ms FROM "
     "rule_exec_events WHERE scope = 'output' ORDER BY duration_ms DESC, output_dataset"},
    {"rules_without_rows", "rule_exec_events", "A rule that gave no row, and why.",
     "SELECT rule_name, output_dataset, status, coalesce(error_message, 'nothing to find') AS "
     "reason FROM rule_exec_events WHERE scope = 'rule' AND coalesce(rows_out, 0) = 0 ORDER BY "
     "status, rule_name"},
    {"fallbacks_by_reason", RS_ENGINE_NAME "_fallbacks",
     "A reason that the engine refused something: how often, for which rules.",
     "SELECT reason, expression_type, count(*) AS n_times, list_sort(list(DISTINCT rule_name)) AS "
     "rules FROM " RS_ENGINE_NAME
     "_fallbacks GROUP BY ALL ORDER BY n_times DESC, reason, expression_type"},
    {"lane_violations", "rule_diagnostics",
     "A kernel that runs in a lane that the policy does not allow.",
     "SELECT rule_name, metadata['output_dataset'] AS output_dataset, metadata['kernel'] AS "
     "kernel, metadata['lane'] AS lane, metadata['policy_allowed_lanes'] AS allowed FROM "
     "rule_diagnostics WHERE metadata['policy_violation'] = 'true' ORDER BY ALL"},
    {"ambiguous_calls", "edges nodes repo_files",
     "A call with more than one candidate for what it calls, the most ambiguous first.",
     "SELECT path, n.start_line, n.start_column, e.kind, count(*) AS n_candidates, "
     "max(e.confidence) AS best_confidence FROM edges e JOIN nodes n ON n.node_id = e.src JOIN "
     "repo_files f ON f.file_id = n.file_id WHERE e.ambiguity_group_id IS NOT NULL AND n.kind = "
     "'CALL' GROUP BY ALL HAVING count(*) > 1 ORDER BY n_candidates DESC, path, n.start_line, "
     "n.start_column, e.kind"},
    {"scip_losses", "scip_span_errors", "A reason that something of the SCIP index is not used.",
     "SELECT code, reason, count(*) AS n_rows, count(DISTINCT path) AS n_paths FROM "
     "scip_span_errors GROUP BY ALL ORDER BY n_rows DESC, code, reason"},
};

const rs_prepared_view *rs_prepared_views(size_t *n_views)
{
    *n_views = sizeof views / sizeof views[0];
    return views;
}
