SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "p"."param_id" AS "entity_id",
    'param_kind' AS "key",
    CAST("p"."param_kind" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "params" AS "p"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "p"."param_id" AS "entity_id",
    'position' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST("p"."position" AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "params" AS "p"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "p"."param_id" AS "entity_id",
    'has_default' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    ("p"."default_id" IS NOT NULL) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "params" AS "p"
