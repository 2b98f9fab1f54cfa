SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "l"."literal_id" AS "entity_id",
    'literal_kind' AS "key",
    CAST("l"."literal_kind" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "literals" AS "l"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "l"."literal_id" AS "entity_id",
    'literal_text' AS "key",
    "l"."text" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "literals" AS "l"
WHERE "l"."text" IS NOT NULL
