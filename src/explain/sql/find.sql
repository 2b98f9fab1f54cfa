-- SPDX-License-Identifier: Apache-2.0
-- Files, nodes, and the edges that a question is about (place.c, find.c). A parameter that is null does
-- not choose; -1 stands for no byte.

-- name: files_of_path
SELECT file_id, path
FROM stored_repo_files
WHERE path = $1 OR ends_with(path, '/' || $1)
ORDER BY length(path)
LIMIT 2;

-- name: file
SELECT file_id, path, sha256, size_bytes FROM stored_repo_files WHERE file_id = $1;

-- name: lines
SELECT start_byte FROM stored_line_index WHERE file_id = $1 ORDER BY line;

-- name: node
SELECT node_id, kind, name, qualified_name, file_id, start_byte, end_byte
FROM "{nodes}"
WHERE node_id = $1;

-- Calls whose first byte, or whose callee's last identifier, stands on the line.
-- name: calls_on_line
SELECT *
FROM "{source}"
WHERE coalesce(callee_name_start_byte, start_byte) >= $1
      AND coalesce(callee_name_start_byte, start_byte) < $2
      OR start_byte >= $1 AND start_byte < $2
ORDER BY start_byte, end_byte DESC;

-- name: evidence_of_edge
SELECT DISTINCT rule_name, file_of(input_id) AS file_id
FROM stored_derivations
WHERE edge_id = $1 AND input_id >= 0;

-- name: address_near_evidence
SELECT kind, src, dst, start_byte
FROM stored_edges
WHERE rule_name IN ('{rules}') AND file_id IN ('{files}')
      AND edge_id(kind, src, dst, start_byte) = $1
LIMIT 1;

-- name: address
SELECT kind, src, dst, start_byte
FROM stored_edges
WHERE edge_id(kind, src, dst, start_byte) = $1
LIMIT 1;

-- An edge by the columns that its id is made of.
-- name: edge_at_address
SELECT e.*, edge_id(e.kind, e.src, e.dst, e.start_byte) AS edge_id
FROM stored_edges AS e
WHERE e.kind = $1 AND e.src = $2 AND e.dst = $3 AND coalesce(e.start_byte, -1) = $4;

-- Edges that a relationship or the names lens found. What is greater than '' is not null; so put, the
-- engine sees from a row group's statistics that it has none.
-- name: edges_of_calls
SELECT e.*, edge_id(e.kind, e.src, e.dst, e.start_byte) AS edge_id
FROM stored_edges AS e
WHERE (e.relationship_rule > '' OR e.kind IN ('{kinds}')) AND e.src IN ('{calls}')
      AND ($1 IS NULL OR e.kind = $1)
ORDER BY e.src, e.kind, e.confidence DESC, e.score DESC, e.dst;

-- name: edges_without_files
SELECT null_count
FROM stored_column_stats
WHERE dataset_name = 'edges' AND dataset_group = 'cpg' AND column_name = 'file_id';

-- The edges of a file, those without one only where $2 says that there may be any, with their anchors:
-- their own, that of the node that they end at, or start at.
-- name: anchored_edges
SELECT e.*, edge_id(e.kind, e.src, e.dst, e.start_byte) AS edge_id,
       coalesce(e.start_byte, d.start_byte, s.start_byte) AS _start,
       coalesce(e.end_byte, d.end_byte, s.end_byte) AS _end
FROM (SELECT * FROM stored_edges WHERE file_id = $1
      UNION ALL
      SELECT *
      FROM stored_edges
      WHERE $2 AND file_id IS NULL AND src BETWEEN root_of($1) AND root_of($1 + 1) - 1) AS e
LEFT JOIN "{nodes}" AS d ON d.node_id = e.dst
LEFT JOIN "{nodes}" AS s ON s.node_id = e.src
WHERE $3 IS NULL OR e.kind = $3;

-- name: edges_on_line
SELECT * EXCLUDE (_start, _end)
FROM "{edges}"
WHERE _start >= $4 AND _start < $5
ORDER BY relationship_rule IS NULL, _end - _start, kind, src, dst;

-- Of each kind those with the smallest place around the byte.
-- name: edges_around_byte
SELECT * EXCLUDE (_start, _end)
FROM "{edges}"
WHERE _start <= $4 AND _end > $4
QUALIFY _end - _start = min(_end - _start) OVER (PARTITION BY kind)
ORDER BY relationship_rule IS NULL, _end - _start, kind, src, dst;

-- name: count_of_kind
SELECT count(*) AS n_edges FROM stored_edges WHERE kind = $1;

-- name: edges_of_kind
SELECT e.*, edge_id(e.kind, e.src, e.dst, e.start_byte) AS edge_id
FROM stored_edges AS e
WHERE e.kind = $1
LIMIT $2;
