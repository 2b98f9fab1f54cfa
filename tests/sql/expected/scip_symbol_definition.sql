SELECT
    CAST('SCIP_SYMBOL_DEFINITION' AS "edge_kind") AS "kind",
    "r"."symbol_id" AS "src",
    "r"."related_symbol_id" AS "dst",
    CAST(NULL AS BIGINT) AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST('scip' AS "lens") AS "origin",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'scip_symbol_definition' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    CAST(NULL AS BOOLEAN) AS "damaged"
FROM "scip_relationships" AS "r"
WHERE "r"."is_definition"
