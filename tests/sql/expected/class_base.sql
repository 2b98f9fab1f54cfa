SELECT
    CAST('HAS_BASE' AS "edge_kind") AS "kind",
    "b"."def_id" AS "src",
    "b"."base_id" AS "dst",
    "b"."file_id" AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST('syntax' AS "lens") AS "origin",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'class_base' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    "b"."damaged" AS "damaged"
FROM "class_bases" AS "b"
WHERE (("b"."arg_kind" = 'positional') OR ("b"."arg_kind" = 'star'))
