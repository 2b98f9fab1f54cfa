SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "i"."symbol_id" AS "entity_id",
    'symbol_kind' AS "key",
    CAST("i"."kind" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scip_symbol_information" AS "i"
WHERE "i"."is_first"
    AND "i"."kind" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "i"."symbol_id" AS "entity_id",
    'display_name' AS "key",
    "i"."display_name" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scip_symbol_information" AS "i"
WHERE "i"."is_first"
    AND "i"."display_name" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "i"."symbol_id" AS "entity_id",
    'enclosing_symbol' AS "key",
    "i"."enclosing_symbol" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scip_symbol_information" AS "i"
WHERE "i"."is_first"
    AND "i"."enclosing_symbol" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "i"."symbol_id" AS "entity_id",
    'documentation' AS "key",
    "i"."documentation" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scip_symbol_information" AS "i"
WHERE "i"."is_first"
    AND "i"."documentation" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "i"."symbol_id" AS "entity_id",
    'signature' AS "key",
    "i"."signature_text" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scip_symbol_information" AS "i"
WHERE "i"."is_first"
    AND "i"."signature_text" IS NOT NULL
