SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "b"."block_id" AS "entity_id",
    'is_dead' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    (NOT "b"."is_live") AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "cfg_blocks" AS "b"
WHERE ((NOT "b"."is_live") AND ("b"."block_kind" <> 'exit'))
