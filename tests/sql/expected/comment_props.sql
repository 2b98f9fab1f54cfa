SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "c"."comment_id" AS "entity_id",
    'text' AS "key",
    "c"."text" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "comments" AS "c"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "c"."comment_id" AS "entity_id",
    'is_own_line' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    "c"."is_own_line" AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "comments" AS "c"
