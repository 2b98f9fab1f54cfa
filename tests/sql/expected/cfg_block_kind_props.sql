SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "b"."block_id" AS "entity_id",
    'block_kind' AS "key",
    CAST("b"."block_kind" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "cfg_blocks" AS "b"
WHERE (("b"."block_kind" <> 'body') AND ("b"."block_kind" <> 'exit'))
