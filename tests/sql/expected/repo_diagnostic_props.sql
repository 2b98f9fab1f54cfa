SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "d"."diagnostic_id" AS "entity_id",
    'severity' AS "key",
    CAST("d"."severity" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "repo_diagnostics" AS "d"
WHERE ("d"."severity" <> 'INFO')
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "d"."diagnostic_id" AS "entity_id",
    'code' AS "key",
    CAST("d"."code" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "repo_diagnostics" AS "d"
WHERE ("d"."severity" <> 'INFO')
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "d"."diagnostic_id" AS "entity_id",
    'message' AS "key",
    "d"."message" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "repo_diagnostics" AS "d"
WHERE ("d"."severity" <> 'INFO')
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "d"."diagnostic_id" AS "entity_id",
    'path' AS "key",
    "d"."path" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "repo_diagnostics" AS "d"
WHERE ("d"."severity" <> 'INFO')
