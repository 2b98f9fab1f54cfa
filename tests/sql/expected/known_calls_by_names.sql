CREATE VIEW "known_calls_by_names.rows" AS
SELECT
    "t"."call_id" AS "call_id",
    "t"."target_id" AS "def_id",
    CAST("t"."how" AS "call_how") AS "how",
    "t"."n_candidates" AS "n_candidates",
    "k"."start_byte" AS "start_byte",
    "k"."end_byte" AS "end_byte",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CASE WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'call') THEN CAST(0.98999999999999999 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'decorated') THEN CAST(0.70999999999999996 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'function') THEN CAST(1 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'init') THEN CAST(0.96999999999999997 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'method') THEN CAST(0.98999999999999999 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'new') THEN CAST(0.98999999999999999 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'several') THEN CAST(0.93999999999999995 AS DOUBLE) ELSE CAST(0.97999999999999998 AS DOUBLE) END AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'known_calls_by_names' AS "rule_name",
    30 AS "rule_priority",
    "k"."damaged" AS "damaged",
    CAST("t"._row AS BIGINT) AS _o1,
    CAST("k"._row AS BIGINT) AS _o2,
    list_concat([CAST(45 AS BIGINT), "t"."call_target_id"], "k"._in) AS _in
FROM "call_targets" AS "t"
JOIN "rel_known_call" AS "k" ON ("t"."call_id" = "k"."call_id")
WHERE (("t"."target_id" IS NOT NULL) AND ("t"."how" <> 'class'));
