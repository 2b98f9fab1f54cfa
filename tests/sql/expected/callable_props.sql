SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "d"."def_id" AS "entity_id",
    'n_params' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST("d"."n_params" AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "defs" AS "d"
WHERE ("d"."def_kind" <> 'class')
