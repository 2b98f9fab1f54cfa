SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "e"."symbol_id" AS "entity_id",
    'symbol_kind' AS "key",
    CAST("e"."kind" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scip_external_symbols" AS "e"
WHERE ("e"."is_first" AND ("e"."symbol_id" IS NOT NULL))
    AND "e"."kind" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "e"."symbol_id" AS "entity_id",
    'display_name' AS "key",
    "e"."display_name" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scip_external_symbols" AS "e"
WHERE ("e"."is_first" AND ("e"."symbol_id" IS NOT NULL))
    AND "e"."display_name" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "e"."symbol_id" AS "entity_id",
    'enclosing_symbol' AS "key",
    "e"."enclosing_symbol" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scip_external_symbols" AS "e"
WHERE ("e"."is_first" AND ("e"."symbol_id" IS NOT NULL))
    AND "e"."enclosing_symbol" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "e"."symbol_id" AS "entity_id",
    'documentation' AS "key",
    "e"."documentation" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scip_external_symbols" AS "e"
WHERE ("e"."is_first" AND ("e"."symbol_id" IS NOT NULL))
    AND "e"."documentation" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "e"."symbol_id" AS "entity_id",
    'signature' AS "key",
    "e"."signature_text" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scip_external_symbols" AS "e"
WHERE ("e"."is_first" AND ("e"."symbol_id" IS NOT NULL))
    AND "e"."signature_text" IS NOT NULL
