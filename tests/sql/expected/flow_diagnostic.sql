SELECT
    CAST('HAS_DIAGNOSTIC' AS "edge_kind") AS "kind",
    global_id('FILE', "f"."path") AS "src",
    "e"."diagnostic_id" AS "dst",
    "e"."file_id" AS "file_id",
    "e"."start_byte" AS "start_byte",
    "e"."end_byte" AS "end_byte",
    CAST('syntax' AS "lens") AS "origin",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'flow_diagnostic' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    "e"."damaged" AS "damaged"
FROM "flow_diagnostics" AS "e"
JOIN "repo_files" AS "f" ON ("e"."file_id" = "f"."file_id")
