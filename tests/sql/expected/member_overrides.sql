SELECT
    CAST('OVERRIDES' AS "edge_kind") AS "kind",
    "o"."member_id" AS "src",
    "o"."overridden_id" AS "dst",
    "o"."file_id" AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST('names' AS "lens") AS "origin",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CASE WHEN ('override' = 'base') THEN CAST(1 AS DOUBLE) WHEN ('override' = 'override') THEN CAST(1 AS DOUBLE) ELSE CAST(0.98999999999999999 AS DOUBLE) END AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'member_overrides' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    CAST(NULL AS BOOLEAN) AS "damaged"
FROM "overrides" AS "o"
