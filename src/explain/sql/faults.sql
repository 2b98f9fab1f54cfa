-- SPDX-License-Identifier: Apache-2.0
-- What something has, and what rules saw of it (why_not.c, faults.c).

-- name: edges_from
SELECT kind, src, dst, start_byte, rule_name, relationship_rule, confidence,
       edge_id(kind, src, dst, start_byte) AS edge_id
FROM stored_edges
WHERE src = $1;

-- name: definitions
SELECT *, file_of(def_id) AS file_id, name_start_byte AS start_byte, name_end_byte AS end_byte
FROM stored_defs
WHERE name = $1 OR qualname = $1
LIMIT 5;

-- name: row_of_question
SELECT * FROM "{source}" WHERE "{column}" = $1 LIMIT 1;

-- Names by their identifier; a binding may have none of its own.
-- name: bindings_on_line
SELECT *
FROM "{source}"
WHERE coalesce(name_start_byte, start_byte) >= $1 AND coalesce(name_start_byte, start_byte) < $2;

-- name: bindings_around_byte
SELECT *
FROM "{source}"
WHERE coalesce(name_start_byte, start_byte) <= $1 AND coalesce(name_end_byte, end_byte) > $1;

-- name: names_on_line
SELECT * FROM "{source}" WHERE name_start_byte >= $1 AND name_start_byte < $2;

-- name: names_around_byte
SELECT * FROM "{source}" WHERE name_start_byte <= $1 AND name_end_byte > $1;

-- Rows of a rule's input, each with what the rule asks of it.
-- name: side
SELECT "{alias}".*, "{measures}" FROM "{source}" AS "{alias}" WHERE "{condition}" LIMIT $1;

-- The same of those that a row of the other input meets.
-- name: partners
SELECT "{alias}".*, "{measures}"
FROM "{row}" AS "{mine}"
JOIN "{source}" AS "{alias}" ON "{on}"
LIMIT $1;

-- The same of those that meet rows of several inputs; and whether any rows that met hold a condition.
-- name: met
SELECT "{alias}".*, "{measures}" FROM "{rows}" JOIN "{source}" AS "{alias}" ON "{on}" LIMIT $1;

-- name: holds
SELECT 1 FROM "{rows}" WHERE "{condition}" LIMIT 1;
