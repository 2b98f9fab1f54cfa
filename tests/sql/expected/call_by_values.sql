SELECT
    CAST('CALL' AS "edge_kind") AS "kind",
    "c"."call_id" AS "src",
    "t"."target_id" AS "dst",
    "t"."file_id" AS "file_id",
    coalesce("c"."callee_name_start_byte", "c"."start_byte") AS "start_byte",
    coalesce("c"."callee_name_end_byte", "c"."end_byte") AS "end_byte",
    CAST('values' AS "lens") AS "origin",
    CAST("t"."site" AS VARCHAR) AS "method",
    CAST(CASE WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."site" AS VARCHAR) END = 'call') THEN CAST(0.94999999999999996 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."site" AS VARCHAR) END = 'implicit') THEN CAST(0.93999999999999995 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."site" AS VARCHAR) END = 'many') THEN CAST(0.59999999999999998 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."site" AS VARCHAR) END = 'several') THEN CAST(0.84999999999999998 AS DOUBLE) ELSE CAST(0.94999999999999996 AS DOUBLE) END AS FLOAT) AS "confidence",
    CAST("n"."score" AS FLOAT) AS "score",
    CASE WHEN ("t"."n_candidates" > 1) THEN "t"."node_id" END AS "ambiguity_group_id",
    'call_by_values' AS "rule_name",
    100 AS "rule_priority",
    "n"."rule_name" AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    ((coalesce("c"."damaged", FALSE) OR coalesce("n"."damaged", FALSE)) OR coalesce("m"."damaged", FALSE)) AS "damaged"
FROM "value_targets" AS "t"
LEFT JOIN "calls" AS "c" ON ("t"."node_id" = "c"."call_id")
LEFT JOIN "rel_settled_call" AS "n" ON ("t"."node_id" = "n"."call_id")
LEFT JOIN "rel_told_call" AS "m" ON ("t"."node_id" = "m"."call_id") AND ("t"."target_id" = "m"."def_id")
WHERE ((((("t"."target_id" IS NOT NULL) AND (NOT "t"."is_class")) AND ("t"."site" = 'call')) AND ("n"."call_id" IS NULL)) AND ("m"."call_id" IS NULL))
