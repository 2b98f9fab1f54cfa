SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "e"."diagnostic_id" AS "entity_id",
    'severity' AS "key",
    CAST("e"."severity" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "flow_diagnostics" AS "e"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "e"."diagnostic_id" AS "entity_id",
    'code' AS "key",
    CAST("e"."code" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "flow_diagnostics" AS "e"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "e"."diagnostic_id" AS "entity_id",
    'message' AS "key",
    "e"."message" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "flow_diagnostics" AS "e"
