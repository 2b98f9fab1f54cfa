SELECT
    CAST('CALL' AS "edge_kind") AS "kind",
    "t"."call_id" AS "src",
    "t"."target_id" AS "dst",
    "t"."file_id" AS "file_id",
    coalesce("c"."callee_name_start_byte", "c"."start_byte") AS "start_byte",
    coalesce("c"."callee_name_end_byte", "c"."end_byte") AS "end_byte",
    CAST('names' AS "lens") AS "origin",
    CAST("t"."how" AS VARCHAR) AS "method",
    CAST(CASE WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'call') THEN CAST(0.98999999999999999 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'decorated') THEN CAST(0.70999999999999996 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'function') THEN CAST(1 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'init') THEN CAST(0.96999999999999997 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'method') THEN CAST(0.98999999999999999 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'new') THEN CAST(0.98999999999999999 AS DOUBLE) WHEN (CASE WHEN ("t"."n_candidates" > 3) THEN 'many' WHEN ("t"."n_candidates" > 1) THEN 'several' ELSE CAST("t"."how" AS VARCHAR) END = 'several') THEN CAST(0.93999999999999995 AS DOUBLE) ELSE CAST(0.97999999999999998 AS DOUBLE) END AS FLOAT) AS "confidence",
    CAST("k"."score" AS FLOAT) AS "score",
    CASE WHEN ("t"."n_candidates" > 1) THEN "t"."call_id" END AS "ambiguity_group_id",
    'call_by_names' AS "rule_name",
    100 AS "rule_priority",
    "k"."rule_name" AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    ((coalesce("c"."damaged", FALSE) OR coalesce("k"."damaged", FALSE)) OR coalesce("v"."damaged", FALSE)) AS "damaged"
FROM "call_targets" AS "t"
LEFT JOIN "calls" AS "c" ON ("t"."call_id" = "c"."call_id")
LEFT JOIN "rel_known_call" AS "k" ON ("t"."call_id" = "k"."call_id")
LEFT JOIN "rel_valued_call" AS "v" ON ("t"."call_id" = "v"."call_id")
WHERE (((("t"."target_id" IS NOT NULL) AND ("t"."how" <> 'class')) AND ("k"."call_id" IS NULL)) AND (("t"."how" <> 'decorated') OR ("v"."call_id" IS NULL)))
