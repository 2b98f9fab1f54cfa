SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "b"."binding_id" AS "entity_id",
    'scope_class' AS "key",
    CAST("b"."scope_class" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "bindings" AS "b"
