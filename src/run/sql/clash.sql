-- SPDX-License-Identifier: Apache-2.0
-- Two texts with one id (clash.c). Views and marks: again.sql.

-- name: clash_identities
-- Those of one dataset: 0 of its good rows, 1 of its rejects.
SELECT identity_id, identity_tag, identity_text, filename, file_row_number,
    CAST('{source}' AS INTEGER) AS source
FROM "{identities}";

-- Where each text stands first: good rows are before rejects.
-- name: clash_claims
CREATE OR REPLACE TEMP TABLE id_claims AS
SELECT identity_id AS id, identity_tag AS tag, identity_text AS text, min(place) AS place
FROM (SELECT identity_id, identity_tag, identity_text,
             {source: source, filename: filename, row: file_row_number} AS place
      FROM "{rows}"
      WHERE identity_id = global_id(identity_tag, identity_text))
GROUP BY ALL;

-- name: clash_count
SELECT count(*) - count(DISTINCT id) FROM id_claims;

-- name: clash_losers
CREATE OR REPLACE TEMP TABLE id_losers AS
SELECT c.id, c.tag, c.text,
       'id_clash:' || c.tag || ' ' || c.text || ' has the id of ' || k.tag || ' ' || k.text AS reason,
       row_number() OVER (ORDER BY c.place) AS number
FROM id_claims c
JOIN (SELECT id, arg_min(tag, place) AS tag, arg_min(text, place) AS text
      FROM id_claims
      GROUP BY id
      HAVING count(*) > 1) k ON k.id = c.id AND (k.tag <> c.tag OR k.text <> c.text);

-- name: clash_first
SELECT substr(reason, 10) FROM id_losers WHERE number = 1;

-- Rows that are not what they say: the place of each, and why. First good rows that have to go.
-- name: clash_nodes
CREATE OR REPLACE TEMP TABLE marks AS
SELECT filename, file_row_number, l.reason
FROM "{rows}" r
JOIN id_losers l ON l.id = r.identity_id AND l.tag = r.identity_tag AND l.text = r.identity_text;

-- A property that every node of the kind has stands first for the node that keeps the id. Of others nobody
-- can tell whose they are.
-- name: clash_props
CREATE OR REPLACE TEMP TABLE marks AS
SELECT filename, file_row_number, reason
FROM draft_props r
JOIN (SELECT id, min(reason) AS reason FROM id_losers GROUP BY id) l
  ON r.entity_kind = 'node' AND l.id = r.entity_id
QUALIFY key NOT IN ('{required}')
     OR row_number() OVER (PARTITION BY entity_id, key ORDER BY filename, file_row_number) > 1;

-- Ids of edges are stored with their derivations alone: two edges with one id have two derivations with one
-- number there, the second of them a reject.
-- name: clash_derivations
SELECT edge_id, input_index FROM "{rows}";

-- name: clash_suspects
CREATE OR REPLACE TEMP TABLE edge_suspects AS
SELECT DISTINCT edge_id AS id FROM (SELECT edge_id FROM "{rows}" GROUP BY edge_id, input_index HAVING count(*) > 1);

-- name: clash_suspect_count
SELECT count(*) FROM edge_suspects;

-- name: clash_edge_losers
CREATE OR REPLACE TEMP TABLE edge_losers AS
SELECT id, count(*) - 1 AS n_lost, list(text ORDER BY text)[1:2] AS texts
FROM (SELECT DISTINCT id, concat_ws(' ', kind, src, dst, coalesce(CAST(start_byte AS VARCHAR), 'NULL')) AS text
      FROM (SELECT edge_id(kind, src, dst, start_byte) AS id, kind, src, dst, start_byte FROM draft_edges)
      SEMI JOIN edge_suspects USING (id))
GROUP BY id
HAVING count(*) > 1;

-- name: clash_edge_count
SELECT CAST(coalesce(sum(n_lost), 0) AS BIGINT) FROM edge_losers;

-- name: clash_edge_first
SELECT 'EDGE ' || texts[2] || ' has the id of EDGE ' || texts[1] FROM edge_losers ORDER BY texts[1] LIMIT 1;

-- Nothing can tell whose derivations they are.
-- name: clash_edge_marks
CREATE OR REPLACE TEMP TABLE marks AS
SELECT filename, file_row_number
FROM draft_edges
WHERE edge_id(kind, src, dst, start_byte) IN (SELECT id FROM edge_losers);

-- Edges stay.
-- name: clash_edges
CREATE OR REPLACE TEMP TABLE marks AS
SELECT filename, file_row_number
FROM draft_edges
WHERE src IN (SELECT id FROM id_losers) OR dst IN (SELECT id FROM id_losers);

-- Rejects that are no duplicates.
-- name: clash_rejects
CREATE OR REPLACE TEMP TABLE marks AS
SELECT filename, file_row_number, min(l.reason) AS reason
FROM "{rows}" r
JOIN id_losers l ON l.id IN ("{ids}")
WHERE r.reason = 'duplicate'
GROUP BY ALL;

-- The same of nodes, by their texts where they have some: one of the text that keeps the id is a duplicate.
-- name: clash_node_rejects
CREATE OR REPLACE TEMP TABLE marks AS
SELECT r.filename, r.file_row_number, min(l.reason) AS reason
FROM draft_rejects_nodes r
LEFT JOIN "{rows}" i ON i.filename = r.filename AND i.file_row_number = r.file_row_number
JOIN id_losers l ON l.id = r.node_id
  AND (i.identity_id IS NULL OR (l.tag = i.identity_tag AND l.text = i.identity_text))
WHERE r.reason = 'duplicate'
GROUP BY ALL;
