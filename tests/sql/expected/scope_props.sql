SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "s"."scope_id" AS "entity_id",
    'scope_type' AS "key",
    CAST("s"."scope_type" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scopes" AS "s"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "s"."scope_id" AS "entity_id",
    'scope_kind' AS "key",
    CAST("s"."scope_kind" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scopes" AS "s"
