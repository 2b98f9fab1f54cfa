-- SPDX-License-Identifier: Apache-2.0
-- What kinds.def asks of rows and no rule proves (ends.c). Views and marks: again.sql.

-- name: ends_lacks
CREATE OR REPLACE TEMP TABLE marks AS
SELECT n.filename, n.file_row_number, 'lacks:' || min(r.key) AS reason
FROM draft_nodes n
JOIN (VALUES "{required}") r(kind, key) ON r.kind = n.kind
ANTI JOIN draft_props p
  ON p.entity_kind = 'node' AND p.entity_id = n.node_id AND p.key = r.key
GROUP BY ALL;

-- name: ends_kinds
CREATE OR REPLACE TEMP TABLE end_kinds AS SELECT * FROM (VALUES "{rows}") t(place, kind, node_kind);

-- name: ends_edges
CREATE OR REPLACE TEMP TABLE marks AS
SELECT filename, file_row_number, reason
FROM (SELECT e.filename, e.file_row_number,
             CASE WHEN s.node_id IS NULL THEN 'dangling:src'
                  WHEN d.node_id IS NULL THEN 'dangling:dst'
                  WHEN e.kind IN (SELECT kind FROM end_kinds WHERE place = 0)
                    AND (e.kind, s.kind) NOT IN
                        (SELECT (kind, node_kind) FROM end_kinds WHERE place = 0) THEN 'kind:src'
                  WHEN e.kind IN (SELECT kind FROM end_kinds WHERE place = 1)
                    AND (e.kind, d.kind) NOT IN
                        (SELECT (kind, node_kind) FROM end_kinds WHERE place = 1) THEN 'kind:dst'
             END AS reason
      FROM draft_edges e
      LEFT JOIN draft_nodes s ON s.node_id = e.src
      LEFT JOIN draft_nodes d ON d.node_id = e.dst
      WHERE "{every}" OR e.rule_name IN ('{rules}'))
WHERE reason IS NOT NULL;

-- name: ends_gone
CREATE OR REPLACE TEMP TABLE gone AS
SELECT edge_id(kind, src, dst, start_byte) AS id
FROM draft_edges
JOIN marks USING (filename, file_row_number);

-- Of what is no node, or an edge that was kept out.
-- name: ends_props
CREATE OR REPLACE TEMP TABLE marks AS
SELECT filename, file_row_number, 'dangling:entity_id' AS reason
FROM draft_props
WHERE CASE entity_kind WHEN 'node' THEN entity_id NOT IN (SELECT node_id FROM draft_nodes)
                       ELSE entity_id IN (SELECT id FROM gone) END;

-- name: ends_derivations
CREATE OR REPLACE TEMP TABLE marks AS
SELECT filename, file_row_number, 'dangling:edge_id' AS reason
FROM draft_derivations
WHERE edge_id IN (SELECT id FROM gone);
