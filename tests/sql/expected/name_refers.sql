SELECT
    CAST('REFERS_TO' AS "edge_kind") AS "kind",
    "t"."node_id" AS "src",
    "t"."target_id" AS "dst",
    "t"."file_id" AS "file_id",
    "t"."start_byte" AS "start_byte",
    "t"."end_byte" AS "end_byte",
    CAST('names' AS "lens") AS "origin",
    CAST("t"."how" AS VARCHAR) AS "method",
    CAST(CASE WHEN (CASE WHEN ("t"."rank" > 0) THEN 'weak' WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'attribute') THEN CAST(1 AS DOUBLE) WHEN (CASE WHEN ("t"."rank" > 0) THEN 'weak' WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'binding') THEN CAST(1 AS DOUBLE) WHEN (CASE WHEN ("t"."rank" > 0) THEN 'weak' WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'import') THEN CAST(1 AS DOUBLE) WHEN (CASE WHEN ("t"."rank" > 0) THEN 'weak' WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'several') THEN CAST(0.98999999999999999 AS DOUBLE) WHEN (CASE WHEN ("t"."rank" > 0) THEN 'weak' WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'weak') THEN CAST(0.90000000000000002 AS DOUBLE) ELSE CAST(0.98999999999999999 AS DOUBLE) END AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CASE WHEN ("t"."n_candidates" > 1) THEN "t"."node_id" END AS "ambiguity_group_id",
    'name_refers' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    CAST(NULL AS BOOLEAN) AS "damaged"
FROM "name_targets" AS "t"
WHERE ("t"."is_final" AND ("t"."target_id" IS NOT NULL))
