SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "d"."def_id" AS "entity_id",
    'is_async' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    ("d"."def_kind" = 'async_function') AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "defs" AS "d"
WHERE (("d"."def_kind" = 'function') OR ("d"."def_kind" = 'async_function'))
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "d"."def_id" AS "entity_id",
    'is_generator' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    "d"."is_generator" AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "defs" AS "d"
WHERE (("d"."def_kind" = 'function') OR ("d"."def_kind" = 'async_function'))
