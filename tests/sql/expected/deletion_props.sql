SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "e"."event_id" AS "entity_id",
    'is_deletion' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    ("e"."event_kind" = 'del') AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "def_use_events" AS "e"
WHERE ("e"."event_kind" = 'del')
