SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "c"."call_id" AS "entity_id",
    'callee_shape' AS "key",
    CAST("c"."callee_shape" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "calls" AS "c"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "c"."call_id" AS "entity_id",
    'callee_text' AS "key",
    "c"."callee_text" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "calls" AS "c"
WHERE "c"."callee_text" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "c"."call_id" AS "entity_id",
    'n_positional' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST("c"."n_positional" AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "calls" AS "c"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "c"."call_id" AS "entity_id",
    'n_keyword' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST("c"."n_keyword" AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "calls" AS "c"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "c"."call_id" AS "entity_id",
    'has_star' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CASE WHEN "c"."has_star" THEN TRUE END AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "calls" AS "c"
WHERE CASE WHEN "c"."has_star" THEN TRUE END IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "c"."call_id" AS "entity_id",
    'has_double_star' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CASE WHEN "c"."has_double_star" THEN TRUE END AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "calls" AS "c"
WHERE CASE WHEN "c"."has_double_star" THEN TRUE END IS NOT NULL
