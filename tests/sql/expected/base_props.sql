SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "b"."base_id" AS "entity_id",
    'base_index' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST("b"."position" AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "class_bases" AS "b"
WHERE (("b"."arg_kind" = 'positional') OR ("b"."arg_kind" = 'star'))
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "b"."base_id" AS "entity_id",
    'base_text' AS "key",
    "b"."text" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "class_bases" AS "b"
WHERE (("b"."arg_kind" = 'positional') OR ("b"."arg_kind" = 'star'))
    AND "b"."text" IS NOT NULL
