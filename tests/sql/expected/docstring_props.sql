SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "d"."owner_id" AS "entity_id",
    'docstring' AS "key",
    "d"."text" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "docstrings" AS "d"
