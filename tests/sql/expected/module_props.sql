SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "m"."module_id" AS "entity_id",
    'module_kind' AS "key",
    CAST("m"."module_kind" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "modules" AS "m"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "m"."module_id" AS "entity_id",
    'package' AS "key",
    "m"."package" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "modules" AS "m"
WHERE "m"."package" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "m"."module_id" AS "entity_id",
    'source_root' AS "key",
    "m"."source_root" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "modules" AS "m"
