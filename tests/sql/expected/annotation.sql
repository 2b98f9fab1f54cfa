SELECT
    CAST('HAS_ANNOTATION' AS "edge_kind") AS "kind",
    "t"."owner_id" AS "src",
    "t"."type_expr_id" AS "dst",
    "t"."file_id" AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST('syntax' AS "lens") AS "origin",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'annotation' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    "t"."damaged" AS "damaged"
FROM "type_exprs" AS "t"
WHERE ((("t"."role" = 'param') OR ("t"."role" = 'return')) OR ("t"."role" = 'variable'))
