SELECT
    CAST('REACHING_DEF' AS "edge_kind") AS "kind",
    "r"."def_event_id" AS "src",
    "r"."use_event_id" AS "dst",
    "r"."file_id" AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST('flow' AS "lens") AS "origin",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CASE WHEN (CASE WHEN "r"."is_shared" THEN 'shared' ELSE 'own' END = 'shared') THEN CAST(0.80000000000000004 AS DOUBLE) ELSE CAST(1 AS DOUBLE) END AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'reaching_definition' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    CAST(NULL AS BOOLEAN) AS "damaged"
FROM "reaching_defs" AS "r"
