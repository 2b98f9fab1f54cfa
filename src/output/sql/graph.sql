-- SPDX-License-Identifier: Apache-2.0
-- What an export reads (graph_source.c): a part of the graph at a time. The columns of each are
-- numbered there in this order.

-- name: files
SELECT file_id, path FROM export_files;

-- name: nodes
SELECT node_id, kind, file_id, start_byte, end_byte, start_line, start_column, end_line, end_column,
       name, qualified_name, status, damaged
FROM export_nodes;

-- name: edges
SELECT kind, src, dst, file_id, start_byte, end_byte, origin, method, confidence, score,
       ambiguity_group_id, rule_name, damaged
FROM export_edges;

-- name: props
SELECT entity_id, key, value_str, value_int, value_float, value_bool, value_json
FROM export_props
WHERE entity_kind = '{entity}';
