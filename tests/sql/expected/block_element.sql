SELECT
    CAST('CFG_ELEMENT' AS "edge_kind") AS "kind",
    "e"."block_id" AS "src",
    "e"."node_id" AS "dst",
    ("e"."block_id" >> 24) AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST('flow' AS "lens") AS "origin",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'block_element' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    "e"."damaged" AS "damaged"
FROM "cfg_elements" AS "e"
WHERE "e"."is_first"
