SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "t"."type_expr_id" AS "entity_id",
    'type_role' AS "key",
    CAST("t"."role" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "type_exprs" AS "t"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "t"."type_expr_id" AS "entity_id",
    'type_text' AS "key",
    "t"."text" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "type_exprs" AS "t"
