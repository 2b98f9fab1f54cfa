CREATE VIEW "target_by_names.rows" AS
SELECT
    "n"."call_id" AS "call_id",
    "n"."def_id" AS "def_id",
    "n"."start_byte" AS "start_byte",
    "n"."end_byte" AS "end_byte",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST("n"."how" AS VARCHAR) AS "method",
    CAST(CASE WHEN (CASE WHEN ("n"."n_candidates" > 3) THEN 'many' WHEN ("n"."n_candidates" > 1) THEN 'several' ELSE CAST("n"."how" AS VARCHAR) END = 'call') THEN CAST(0.98999999999999999 AS DOUBLE) WHEN (CASE WHEN ("n"."n_candidates" > 3) THEN 'many' WHEN ("n"."n_candidates" > 1) THEN 'several' ELSE CAST("n"."how" AS VARCHAR) END = 'decorated') THEN CAST(0.70999999999999996 AS DOUBLE) WHEN (CASE WHEN ("n"."n_candidates" > 3) THEN 'many' WHEN ("n"."n_candidates" > 1) THEN 'several' ELSE CAST("n"."how" AS VARCHAR) END = 'function') THEN CAST(1 AS DOUBLE) WHEN (CASE WHEN ("n"."n_candidates" > 3) THEN 'many' WHEN ("n"."n_candidates" > 1) THEN 'several' ELSE CAST("n"."how" AS VARCHAR) END = 'init') THEN CAST(0.96999999999999997 AS DOUBLE) WHEN (CASE WHEN ("n"."n_candidates" > 3) THEN 'many' WHEN ("n"."n_candidates" > 1) THEN 'several' ELSE CAST("n"."how" AS VARCHAR) END = 'method') THEN CAST(0.98999999999999999 AS DOUBLE) WHEN (CASE WHEN ("n"."n_candidates" > 3) THEN 'many' WHEN ("n"."n_candidates" > 1) THEN 'several' ELSE CAST("n"."how" AS VARCHAR) END = 'new') THEN CAST(0.98999999999999999 AS DOUBLE) WHEN (CASE WHEN ("n"."n_candidates" > 3) THEN 'many' WHEN ("n"."n_candidates" > 1) THEN 'several' ELSE CAST("n"."how" AS VARCHAR) END = 'several') THEN CAST(0.93999999999999995 AS DOUBLE) ELSE CAST(0.97999999999999998 AS DOUBLE) END AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'target_by_names' AS "rule_name",
    40 AS "rule_priority",
    "n"."damaged" AS "damaged",
    CAST("n"._row AS BIGINT) AS _o1,
    CAST(0 AS BIGINT) AS _o2,
    "n"._in AS _in
FROM "rel_named_call" AS "n"
ANTI JOIN "rel_call_definition" AS "d" ON (("n"."call_id" = "d"."call_id") AND ("n"."def_id" = "d"."def_id"));
