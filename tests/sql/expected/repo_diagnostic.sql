SELECT
    CAST('HAS_DIAGNOSTIC' AS "edge_kind") AS "kind",
    global_id('REPOSITORY', '') AS "src",
    "d"."diagnostic_id" AS "dst",
    CAST(NULL AS BIGINT) AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST('inventory' AS "lens") AS "origin",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'repo_diagnostic' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    CAST(NULL AS BOOLEAN) AS "damaged"
FROM "repo_diagnostics" AS "d"
WHERE ("d"."severity" <> 'INFO')
