SELECT
    CAST('INHERITS_FROM' AS "edge_kind") AS "kind",
    "m"."class_id" AS "src",
    "m"."ancestor_id" AS "dst",
    "m"."file_id" AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST('names' AS "lens") AS "origin",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CASE WHEN ('base' = 'base') THEN CAST(1 AS DOUBLE) WHEN ('base' = 'override') THEN CAST(1 AS DOUBLE) ELSE CAST(0.98999999999999999 AS DOUBLE) END AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'class_derives' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    CAST(NULL AS BOOLEAN) AS "damaged"
FROM "class_mro" AS "m"
WHERE (("m"."base_position" IS NOT NULL) AND ("m"."ancestor_id" IS NOT NULL))
