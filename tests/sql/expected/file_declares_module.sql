SELECT
    CAST('FILE_DECLARES_MODULE' AS "edge_kind") AS "kind",
    global_id('FILE', "f"."path") AS "src",
    "m"."module_id" AS "dst",
    "m"."file_id" AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST('inventory' AS "lens") AS "origin",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'file_declares_module' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    CAST(NULL AS BOOLEAN) AS "damaged"
FROM "modules" AS "m"
JOIN "repo_files" AS "f" ON ("m"."file_id" = "f"."file_id")
