-- SPDX-License-Identifier: Apache-2.0
-- The prepared views of a bundle (prepared.c): ordered by what one looks for first, then by name, so
-- that LIMIT gives the same rows each time.

-- name: view_damaged_files
SELECT path, parse_status, n_errors, encoding, n_lines
FROM repo_files
WHERE parse_status <> 'ok' OR n_errors > 0
ORDER BY n_errors DESC, path;

-- name: view_errors_by_reason
SELECT code, severity, message, count(*) AS n_errors, count(DISTINCT file_id) AS n_files
FROM parse_errors
GROUP BY ALL
ORDER BY n_errors DESC, code, message;

-- name: view_rejects_by_reason
SELECT dataset, reason, count(*) AS n_rows
FROM (SELECT 'nodes' AS dataset, reason FROM rejects_nodes
      UNION ALL SELECT 'edges', reason FROM rejects_edges
      UNION ALL SELECT 'props', reason FROM rejects_props
      UNION ALL SELECT 'derivations', reason FROM rejects_derivations)
GROUP BY ALL
ORDER BY n_rows DESC, dataset, reason;

-- name: view_unresolved_names
SELECT name, count(*) AS n_uses, count(DISTINCT file_id) AS n_files
FROM name_bindings
WHERE resolution = 'unbound'
GROUP BY name
ORDER BY n_uses DESC, name;

-- name: view_unresolved_calls
SELECT status, status_reason, name, count(*) AS n_calls, count(DISTINCT q.call_id >> 24) AS n_files,
       arg_min(path, (path, start_line)) AS path, arg_min(start_line, (path, start_line)) AS start_line
FROM rel_call_qname q
JOIN calls c USING (call_id)
JOIN repo_files f ON f.file_id = c.file_id
WHERE q.qname IS NULL
GROUP BY status, status_reason, name
ORDER BY n_calls DESC, status, status_reason, name;

-- name: view_refused_imports
SELECT path, i.start_line, written, status, status_reason
FROM rel_import_target t
JOIN imports i USING (import_id)
JOIN repo_files f ON f.file_id = i.file_id
WHERE target IS NULL
ORDER BY path, i.start_line, i.import_id;

-- name: view_unresolved_imports
SELECT wanted AS module, count(*) AS n_imports, count(DISTINCT file_id) AS n_files
FROM (SELECT CASE WHEN import_kind = 'from' THEN module ELSE name END AS wanted, file_id
      FROM imports
      WHERE level = 0) i
ANTI JOIN (SELECT module AS known FROM modules WHERE module IS NOT NULL) m ON wanted = known
WHERE wanted IS NOT NULL
GROUP BY wanted
ORDER BY n_imports DESC, wanted;

-- name: view_most_called
SELECT callee_text, count(*) AS n_calls, count(DISTINCT file_id) AS n_files
FROM calls
WHERE callee_text IS NOT NULL
GROUP BY callee_text
ORDER BY n_calls DESC, callee_text;

-- name: view_largest_functions
SELECT path, start_line, qualname, end_line - start_line + 1 AS n_lines, n_params
FROM defs
JOIN repo_files USING (file_id)
WHERE def_kind IN ('function', 'async_function')
ORDER BY n_lines DESC, path, start_line;

-- name: view_undocumented
SELECT path, d.start_line, d.def_kind, d.qualname
FROM defs d
JOIN repo_files USING (file_id)
ANTI JOIN docstrings s ON s.owner_id = d.def_id
WHERE d.name NOT LIKE '\_%' ESCAPE '\' AND d.def_kind <> 'lambda'
ORDER BY path, d.start_line;

-- name: view_edges_by_rule
SELECT kind, rule_name, origin, count(*) AS n_edges, avg(confidence) AS confidence
FROM edges
GROUP BY ALL
ORDER BY n_edges DESC, kind, rule_name, origin;

-- name: view_ambiguous_edges
SELECT ambiguity_group_id, kind, src, count(*) AS n_candidates, max(score) AS best_score
FROM edges
WHERE ambiguity_group_id IS NOT NULL
GROUP BY ALL
HAVING count(*) > 1
ORDER BY n_candidates DESC, ambiguity_group_id, kind, src;

-- name: view_dead_code
-- A finally body stands in several blocks: its code is dead where no copy of it is live.
SELECT path, b.start_line, b.block_kind, count(*) AS n_elements
FROM (SELECT node_id, min(block_id) AS block_id
      FROM cfg_elements
      JOIN cfg_blocks USING (block_id)
      GROUP BY node_id
      HAVING NOT bool_or(is_live)) e
JOIN cfg_blocks b USING (block_id)
JOIN repo_files f ON f.file_id = b.file_id
GROUP BY path, b.start_line, b.block_kind, block_id
ORDER BY path, b.start_line, block_id;

-- name: view_event_blocks
SELECT v.event_id, v.event_kind, v.node_id, e.block_id, e.position, b.is_live
FROM def_use_events v
JOIN cfg_elements e
  ON e.node_id = v.node_id
 AND e.action = CASE v.event_kind WHEN 'def' THEN 'store' WHEN 'use' THEN 'eval' ELSE 'delete' END
JOIN cfg_blocks b ON b.block_id = e.block_id
ORDER BY v.event_id, e.block_id, e.position;

-- name: view_element_dominators
-- The block above a block without a passed element says nothing of elements: the next one does.
WITH RECURSIVE above AS (
    SELECT block_id, dominator_id, n_passed FROM dominators
    UNION ALL
    SELECT a.block_id, d.dominator_id, d.n_passed
    FROM above a
    JOIN dominators d ON d.block_id = a.dominator_id
    WHERE a.n_passed = 0)
SELECT e.block_id, e.position, e.node_id, e.action, d.block_id AS dominator_block_id,
       d.position AS dominator_position, d.node_id AS dominator_node_id, d.action AS dominator_action
FROM cfg_elements e
LEFT JOIN above a ON e.position = 0 AND a.block_id = e.block_id AND a.n_passed > 0
JOIN cfg_elements d
  ON d.block_id = CASE WHEN e.position = 0 THEN a.dominator_id ELSE e.block_id END
 AND d.position = CASE WHEN e.position = 0 THEN a.n_passed ELSE e.position END - 1
ORDER BY e.block_id, e.position;

-- name: view_maybe_unbound
SELECT path, e.start_line, e.start_column, b.name
FROM def_use_events e
JOIN bindings b USING (binding_id)
JOIN repo_files f ON f.file_id = e.file_id
WHERE e.event_kind = 'use' AND e.maybe_unbound
ORDER BY path, e.start_line, e.start_column;

-- name: view_slowest_rules
SELECT rule_name, output_dataset, rows_in, rows_out, duration_ms, lane, timing_ms
FROM rule_exec_events
WHERE scope = 'rule' AND status <> 'skipped'
ORDER BY duration_ms DESC, rule_name;

-- name: view_slowest_outputs
SELECT output_dataset, rows_in, rows_out, rows_rejected, duration_ms, timing_ms
FROM rule_exec_events
WHERE scope = 'output'
ORDER BY duration_ms DESC, output_dataset;

-- name: view_rules_without_rows
SELECT rule_name, output_dataset, status, coalesce(error_message, 'nothing to find') AS reason
FROM rule_exec_events
WHERE scope = 'rule' AND coalesce(rows_out, 0) = 0
ORDER BY status, rule_name;

-- name: view_fallbacks_by_reason
SELECT reason, expression_type, count(*) AS n_times, list_sort(list(DISTINCT rule_name)) AS rules
FROM "{engine}_fallbacks"
GROUP BY ALL
ORDER BY n_times DESC, reason, expression_type;

-- name: view_lane_violations
SELECT rule_name, metadata['output_dataset'] AS output_dataset, metadata['kernel'] AS kernel,
       metadata['lane'] AS lane, metadata['policy_allowed_lanes'] AS allowed
FROM rule_diagnostics
WHERE metadata['policy_violation'] = 'true'
ORDER BY ALL;

-- name: view_ambiguous_calls
SELECT path, n.start_line, n.start_column, e.kind, count(*) AS n_candidates,
       max(e.confidence) AS best_confidence
FROM edges e
JOIN nodes n ON n.node_id = e.src
JOIN repo_files f ON f.file_id = n.file_id
WHERE e.ambiguity_group_id IS NOT NULL AND n.kind = 'CALL'
GROUP BY ALL
HAVING count(*) > 1
ORDER BY n_candidates DESC, path, n.start_line, n.start_column, e.kind;

-- name: view_scip_losses
SELECT code, reason, count(*) AS n_rows, count(DISTINCT path) AS n_paths
FROM scip_span_errors
GROUP BY ALL
ORDER BY n_rows DESC, code, reason;

-- name: view_callers
SELECT d.qualified_name AS callee, f.path, c.start_line, coalesce(e.qualified_name, m.module) AS caller,
       t.how, t.n_candidates
FROM call_targets t
JOIN calls c ON c.call_id = t.call_id
JOIN syntax_nodes d ON d.node_id = t.target_id
JOIN repo_files f ON f.file_id = c.file_id
LEFT JOIN syntax_nodes e ON e.node_id = c.enclosing_def_id
LEFT JOIN modules m ON m.file_id = c.file_id
ORDER BY callee, f.path, c.start_line, c.start_byte, t.how;

-- name: view_class_hierarchy
SELECT c.qualified_name AS class, m.position, coalesce(a.qualified_name, m.external) AS ancestor,
       m.base_position
FROM class_mro m
JOIN syntax_nodes c ON c.node_id = m.class_id
LEFT JOIN syntax_nodes a ON a.node_id = m.ancestor_id
ORDER BY class, m.class_id, m.position;

-- name: view_names_by_status
WITH told AS (
    SELECT kind::VARCHAR AS what, status, reason FROM reference_statuses
    UNION ALL SELECT 'call', status, reason FROM call_statuses
),
counts AS (
    SELECT what, status, reason, count(*) AS n_times FROM told GROUP BY ALL
)
SELECT what, status, reason, n_times, round(n_times / sum(n_times) OVER (PARTITION BY what), 4) AS share
FROM counts
ORDER BY what, n_times DESC, status, reason;

-- name: view_open_calls
SELECT s.status, s.reason, f.path, c.start_line, c.start_column, c.callee_text
FROM call_statuses s
JOIN calls c ON c.call_id = s.call_id
JOIN repo_files f ON f.file_id = c.file_id
WHERE s.status NOT IN ('resolved', 'builtin', 'external')
ORDER BY s.status, s.reason, f.path, c.start_line, c.start_column, c.call_id;

-- name: view_importers
SELECT i.name AS module, i.status, f.path, a.start_line, coalesce(m.module, f.path) AS importer
FROM module_imports i
JOIN imports a ON a.import_id = i.import_id
JOIN modules m ON m.module_id = i.module_id
JOIN repo_files f ON f.file_id = m.file_id
ORDER BY i.name, i.status, f.path, a.start_line, i.module_import_id;
