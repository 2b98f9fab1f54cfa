SELECT
    CAST('DEF_SITE_OF' AS "edge_kind") AS "kind",
    "n"."node_id" AS "src",
    coalesce("n"."slot_id", "n"."binding_id") AS "dst",
    "n"."file_id" AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST('scope' AS "lens") AS "origin",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'definition_site' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    "n"."damaged" AS "damaged"
FROM "name_bindings" AS "n"
WHERE ((((("n"."binding_id" IS NOT NULL) AND ("n"."occurrence" <> 'load')) AND ("n"."occurrence" <> 'del')) AND ("n"."occurrence" <> 'global')) AND ("n"."occurrence" <> 'nonlocal'))
