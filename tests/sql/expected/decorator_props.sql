SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "d"."decorator_id" AS "entity_id",
    'decorator_index' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST("d"."position" AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "decorators" AS "d"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "d"."decorator_id" AS "entity_id",
    'decorator_text' AS "key",
    "d"."text" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "decorators" AS "d"
WHERE "d"."text" IS NOT NULL
