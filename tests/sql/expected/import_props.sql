SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "i"."import_id" AS "entity_id",
    'import_kind' AS "key",
    CAST("i"."import_kind" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "imports" AS "i"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "i"."import_id" AS "entity_id",
    'imported_name' AS "key",
    "i"."name" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "imports" AS "i"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "i"."import_id" AS "entity_id",
    'module' AS "key",
    "i"."module" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "imports" AS "i"
WHERE "i"."module" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "i"."import_id" AS "entity_id",
    'alias' AS "key",
    "i"."alias" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "imports" AS "i"
WHERE "i"."alias" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "i"."import_id" AS "entity_id",
    'level' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST("i"."level" AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "imports" AS "i"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "i"."import_id" AS "entity_id",
    'is_star' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    "i"."is_star" AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "imports" AS "i"
