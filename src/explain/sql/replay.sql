-- SPDX-License-Identifier: Apache-2.0
-- A rule once more: what is bound of its inputs (inputs.c), what it measured (replay.c), and who else could
-- have been its row (rivals.c). The steps of a rule are views of the session that it was done again in.

-- name: input
SELECT "{alias}".* FROM "{source}" AS "{alias}" WHERE "{condition}";

-- name: span
SELECT min("{start}") AS first, max("{end}") AS last FROM "{dataset}" AS "{alias}";

-- The interval that a row was aligned by.
-- name: interval
SELECT _start, _end FROM "{rule}.{side}" WHERE _row = $1;

-- The rows that an interval meets, with what their rank is made of.
-- name: aligned
SELECT m.match_rank AS _rank, m.match_score AS _score, s._end - s._start AS _length,
       s.* EXCLUDE (_row), d.*
FROM "{pairs}" AS m
JOIN "{rule}.right" AS s ON s._row = m.right_row
JOIN "{dataset}" AS d ON d._row = m.right_row
WHERE m.left_row = $1
ORDER BY m.match_rank
LIMIT $2;

-- name: beaten
SELECT * EXCLUDE (_in) FROM "{rule}.candidates" WHERE "{keys}" ORDER BY "{order}" LIMIT $1;

-- name: kept
SELECT * FROM "{source}" WHERE "{asked}" ORDER BY confidence DESC, score DESC NULLS LAST LIMIT $1;

-- name: rejected
SELECT * FROM "rejects_{dataset}" WHERE "{asked}" ORDER BY ALL LIMIT $1;

-- name: derivations
SELECT input_index, input_dataset, input_id
FROM stored_derivations
WHERE edge_id = $1 AND rule_name IS NOT DISTINCT FROM $2
ORDER BY input_index;

-- What the run noted of each rule.
-- name: events
SELECT rule_name, engine, lane, duration_ms, rows_in, rows_out, status
FROM stored_rule_exec_events
WHERE scope = 'rule';
