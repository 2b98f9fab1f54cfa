SELECT
    CAST('edge' AS "entity_kind") AS "entity_kind",
    edge_id('HAS_BASE', "b"."def_id", "b"."base_id", NULL) AS "entity_id",
    'position' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST("b"."position" AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "class_bases" AS "b"
WHERE (("b"."arg_kind" = 'positional') OR ("b"."arg_kind" = 'star'))
