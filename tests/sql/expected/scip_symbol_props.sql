SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "s"."symbol_id" AS "entity_id",
    'symbol' AS "key",
    "s"."symbol" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scip_symbols" AS "s"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "s"."symbol_id" AS "entity_id",
    'suffix' AS "key",
    CAST("s"."suffix" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scip_symbols" AS "s"
WHERE "s"."suffix" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "s"."symbol_id" AS "entity_id",
    'package_name' AS "key",
    "s"."package_name" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scip_symbols" AS "s"
WHERE "s"."package_name" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "s"."symbol_id" AS "entity_id",
    'package_version' AS "key",
    "s"."package_version" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scip_symbols" AS "s"
WHERE "s"."package_version" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "s"."symbol_id" AS "entity_id",
    'is_external' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CASE WHEN "s"."is_external" THEN TRUE END AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scip_symbols" AS "s"
WHERE CASE WHEN "s"."is_external" THEN TRUE END IS NOT NULL
