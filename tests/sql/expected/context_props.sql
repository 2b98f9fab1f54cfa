SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "n"."node_id" AS "entity_id",
    'expr_context' AS "key",
    CAST("n"."context" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "syntax_nodes" AS "n"
WHERE ("n"."context" IS NOT NULL)
