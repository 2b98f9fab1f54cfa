-- SPDX-License-Identifier: Apache-2.0
-- What the doctor counts and must not find: each statement gives one number (doctor_graph.c). The rows
-- of a dataset's files are stored_<dataset>.

-- name: subtree
SELECT count(*)
FROM stored_syntax_nodes c
JOIN stored_syntax_nodes p ON c.parent_id = p.node_id
WHERE c.node_id + c.n_subtree > p.node_id + p.n_subtree OR c.n_subtree < 1;

-- name: parent_span
SELECT count(*)
FROM stored_syntax_nodes s
JOIN stored_nodes c ON c.node_id = s.node_id
JOIN stored_nodes p ON p.node_id = s.parent_id
WHERE s.ast_class <> 'Error' AND NOT s.damaged AND c.start_byte < p.start_byte
  AND s.field <> 'decorator_list';

-- name: error_count
SELECT count(*)
FROM (SELECT f.file_id
      FROM stored_repo_files f
      LEFT JOIN stored_parse_errors e ON file_of(e.error_id) = f.file_id
      GROUP BY f.file_id, f.n_errors
      HAVING count(e.error_id) <> f.n_errors);

-- name: line_count
SELECT count(*)
FROM (SELECT f.file_id
      FROM stored_repo_files f
      JOIN stored_line_index l ON l.file_id = f.file_id
      GROUP BY f.file_id, f.n_lines
      HAVING count(*) <> f.n_lines OR max(l.line) <> f.n_lines);

-- name: flow_scope
SELECT count(*)
FROM stored_cfg_edges e
LEFT JOIN stored_cfg_blocks a ON a.block_id = e.src_block_id
LEFT JOIN stored_cfg_blocks b ON b.block_id = e.dst_block_id
WHERE a.scope_id IS DISTINCT FROM b.scope_id OR a.scope_id IS NULL;

-- name: flow_live
SELECT count(*)
FROM stored_cfg_edges e
JOIN stored_cfg_blocks a ON a.block_id = e.src_block_id
JOIN stored_cfg_blocks b ON b.block_id = e.dst_block_id
WHERE a.is_live AND NOT b.is_live;

-- name: flow_elements
SELECT count(*)
FROM (SELECT b.block_id
      FROM stored_cfg_blocks b
      LEFT JOIN stored_cfg_elements e ON e.block_id = b.block_id
      GROUP BY b.block_id, b.n_elements
      HAVING count(e.block_id) <> b.n_elements OR max(e.position) + 1 <> b.n_elements);

-- name: dominators
SELECT count(*)
FROM stored_cfg_blocks b
LEFT JOIN stored_dominators d ON d.block_id = b.block_id
LEFT JOIN stored_cfg_blocks a ON a.block_id = d.dominator_id
WHERE (d.block_id IS NULL) <> (NOT b.is_live OR b.block_kind = 'entry') OR NOT a.is_live
   OR a.scope_id <> b.scope_id;

-- name: post_dominators
SELECT count(*)
FROM stored_post_dominators p
LEFT JOIN stored_cfg_blocks a ON a.block_id = p.block_id
LEFT JOIN stored_cfg_blocks b ON b.block_id = p.post_dominator_id
WHERE a.scope_id IS DISTINCT FROM b.scope_id OR a.scope_id IS NULL;

-- name: reaching_variable
SELECT count(*)
FROM stored_reaching_defs r
LEFT JOIN stored_def_use_events u ON u.event_id = r.use_event_id
LEFT JOIN stored_def_use_events d ON d.event_id = r.def_event_id
WHERE u.binding_id IS DISTINCT FROM d.binding_id OR u.event_kind IS DISTINCT FROM 'use'
   OR d.event_kind IS DISTINCT FROM 'def' OR NOT u.is_own;

-- name: derived_edge
SELECT count(*)
FROM (SELECT DISTINCT edge_id FROM stored_derivations) d
ANTI JOIN (SELECT edge_id(kind, src, dst, start_byte) AS edge_id
           FROM stored_edges
           WHERE (SELECT count(*) FROM stored_derivations) > 0) e USING (edge_id);

-- name: node_kinds
-- The kind by its number among the words; null for none of them.
SELECT node_id, CAST(enum_code(TRY_CAST(kind AS node_kind)) AS BIGINT)
FROM stored_nodes;

-- name: edge_ends
SELECT src, dst, CAST(enum_code(TRY_CAST(kind AS edge_kind)) AS BIGINT)
FROM stored_edges;

-- name: reference
-- Ids that refer to nodes (doctor_ids.c): one of a column, and those that are more than that.
SELECT "{column}";

-- name: reference_of_props
SELECT CASE WHEN entity_kind = 'node' THEN entity_id END;

-- name: reference_of_syntax_nodes
SELECT parent_id;

-- name: referring
SELECT "{columns}" FROM "stored_{dataset}";
