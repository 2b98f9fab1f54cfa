SELECT
    CAST('REFERS_TO' AS "edge_kind") AS "kind",
    "t"."node_id" AS "src",
    "t"."target_id" AS "dst",
    "t"."file_id" AS "file_id",
    "t"."start_byte" AS "start_byte",
    "t"."end_byte" AS "end_byte",
    CAST('names' AS "lens") AS "origin",
    CAST("t"."how" AS VARCHAR) AS "method",
    CAST(CAST(0.94999999999999996 AS DOUBLE) AS FLOAT) AS "confidence",
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
