SELECT
    CAST('SCOPE_PARENT' AS "edge_kind") AS "kind",
    "s"."scope_id" AS "src",
    "s"."parent_scope_id" AS "dst",
    "s"."file_id" AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST('scope' AS "lens") AS "origin",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'scope_parent' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    "s"."damaged" AS "damaged"
FROM "scopes" AS "s"
WHERE ("s"."parent_scope_id" IS NOT NULL)
