SELECT
    CAST('CALL' AS "edge_kind") AS "kind",
    "t"."call_id" AS "src",
    "t"."target_id" AS "dst",
    "t"."file_id" AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST('names' AS "lens") AS "origin",
    CAST("t"."how" AS VARCHAR) AS "method",
    CAST(CAST(0.94999999999999996 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CASE WHEN ("t"."n_candidates" > 1) THEN "t"."call_id" END AS "ambiguity_group_id",
    'call_by_names' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    CAST(NULL AS BOOLEAN) AS "damaged"
FROM "call_targets" AS "t"
WHERE (("t"."target_id" IS NOT NULL) AND ("t"."how" <> 'class'))
