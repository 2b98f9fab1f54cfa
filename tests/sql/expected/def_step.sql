SELECT
    CAST('STEP_DEF' AS "edge_kind") AS "kind",
    "e"."node_id" AS "src",
    "e"."event_id" AS "dst",
    "e"."file_id" AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST('flow' AS "lens") AS "origin",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'def_step' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    "e"."damaged" AS "damaged"
FROM "def_use_events" AS "e"
WHERE ("e"."event_kind" = 'def')
