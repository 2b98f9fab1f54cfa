SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "a"."arg_id" AS "entity_id",
    'argument_index' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST("a"."position" AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "args" AS "a"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "a"."arg_id" AS "entity_id",
    'argument_name' AS "key",
    "a"."keyword" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "args" AS "a"
WHERE "a"."keyword" IS NOT NULL
