SELECT
    CAST('IMPLICIT_CALL' AS "edge_kind") AS "kind",
    "t"."node_id" AS "src",
    "t"."target_id" AS "dst",
    "t"."file_id" AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST('values' AS "lens") AS "origin",
    CAST("t"."site" AS VARCHAR) AS "method",
    CAST(CASE WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE 'implicit' END = 'call') THEN CAST(0.94999999999999996 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE 'implicit' END = 'implicit') THEN CAST(0.93999999999999995 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE 'implicit' END = 'many') THEN CAST(0.59999999999999998 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE 'implicit' END = 'several') THEN CAST(0.84999999999999998 AS DOUBLE) ELSE CAST(0.94999999999999996 AS DOUBLE) END AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CASE WHEN ("t"."n_candidates" > 1) THEN "t"."node_id" END AS "ambiguity_group_id",
    'implicit_call' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    CAST(NULL AS BOOLEAN) AS "damaged"
FROM "value_targets" AS "t"
WHERE ((("t"."target_id" IS NOT NULL) AND (NOT "t"."is_class")) AND ("t"."site" <> 'call'))
