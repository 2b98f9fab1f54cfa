SELECT
    CAST('INSTANTIATES' AS "edge_kind") AS "kind",
    "t"."call_id" AS "src",
    "t"."target_id" AS "dst",
    "t"."file_id" AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST('names' AS "lens") AS "origin",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CASE WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'call') THEN CAST(0.98999999999999999 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'decorated') THEN CAST(0.70999999999999996 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'function') THEN CAST(1 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'init') THEN CAST(0.96999999999999997 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'method') THEN CAST(0.98999999999999999 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'new') THEN CAST(0.98999999999999999 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'several') THEN CAST(0.93999999999999995 AS DOUBLE) ELSE CAST(0.97999999999999998 AS DOUBLE) END AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CASE WHEN ("t"."n_candidates" > 1) THEN "t"."call_id" END AS "ambiguity_group_id",
    'class_made' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    CAST(NULL AS BOOLEAN) AS "damaged"
FROM "call_targets" AS "t"
WHERE ("t"."how" = 'class')
