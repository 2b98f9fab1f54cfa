-- SPDX-License-Identifier: Apache-2.0
-- The edges that a question is about (find.c).

-- An edge by the columns that its id is made of; -1 stands for no byte.
-- name: edge_at_address
SELECT e.*, edge_id(e.kind, e.src, e.dst, e.start_byte) AS edge_id
FROM stored_edges AS e
WHERE e.kind = $1 AND e.src = $2 AND e.dst = $3 AND coalesce(e.start_byte, -1) = $4;
