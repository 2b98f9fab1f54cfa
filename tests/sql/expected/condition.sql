SELECT
    CAST('CONDITION' AS "edge_kind") AS "kind",
    "n"."parent_id" AS "src",
    "n"."node_id" AS "dst",
    "n"."file_id" AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST('syntax' AS "lens") AS "origin",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'condition' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    "n"."damaged" AS "damaged"
FROM "syntax_nodes" AS "n"
WHERE (((("n"."field" = 'test') OR ("n"."field" = 'ifs')) OR ("n"."field" = 'guard')) AND ("n"."kind" <> 'UNKNOWN'))
