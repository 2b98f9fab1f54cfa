-- SPDX-License-Identifier: Apache-2.0
-- What the gate does to rows between its kernels.

-- name: rule_rows
-- Of one rule of a relationship, as it runs behind those before.
SELECT "{columns}", CAST('{rule}' AS INTEGER) AS _rule, _o1, _o2, _in FROM "{relation}";

-- name: faults
-- How many keys stand twice, and how many rows have a fault of their own.
WITH r AS "{rows}",
    judged AS "{judged}"
SELECT (SELECT count(*) FROM (SELECT 1 FROM r GROUP BY "{keys}" HAVING count(*) > 1))
    + (SELECT count(*) FROM judged WHERE reason IS NOT NULL);

-- name: clean
-- Rows without a fault, as the kernel that judges would have them.
SELECT *, CAST(NULL AS VARCHAR) AS reason FROM "{rows}";

-- name: good
SELECT "{columns}" FROM "{judged}" WHERE reason IS NULL;

-- name: bad
SELECT "{columns}" FROM "{judged}" WHERE reason IS NOT NULL;

-- name: answers
-- Good rows; those of one question that more than one of them answers say so.
SELECT * REPLACE (
    CASE WHEN "{group}" IN (
        SELECT "{group}" FROM "{judged}" WHERE reason IS NULL GROUP BY "{group}" HAVING count(*) > 1
    ) THEN "{group}" END AS ambiguity_group_id)
FROM "{judged}" WHERE reason IS NULL;

-- name: no_answers
-- The same where rows answer no question.
SELECT * REPLACE (CAST(NULL AS BIGINT) AS ambiguity_group_id)
FROM "{judged}" WHERE reason IS NULL;

-- name: derived
-- A row for each row of evidence behind each edge; _in lists dataset and id, one after the other.
SELECT "{edge_id}" AS edge_id, CAST(rule_name AS VARCHAR) AS rule_name, relationship_rule,
    CAST(_i AS INTEGER) AS input_index, ['{datasets}'][_in[2 * _i + 1] + 1] AS input_dataset,
    _in[2 * _i + 2] AS input_id, _rule, _o1, _o2, _i
FROM (
    SELECT *, CAST(kind AS VARCHAR) AS kind_text, unnest(range(len(_in) // 2)) AS _i FROM "{edges}");
