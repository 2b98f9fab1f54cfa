SELECT
    CAST('edge' AS "entity_kind") AS "entity_kind",
    edge_id('TYPE_PARAM_OF', "n"."node_id", "n"."parent_id", NULL) AS "entity_id",
    'position' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST("n"."field_index" AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "syntax_nodes" AS "n"
WHERE ("n"."field" = 'type_params')
