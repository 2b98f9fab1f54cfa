SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "o"."occurrence_id" AS "entity_id",
    'symbol_roles' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST("o"."symbol_roles" AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scip_occurrences" AS "o"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    "o"."occurrence_id" AS "entity_id",
    'syntax_kind' AS "key",
    CAST("o"."syntax_kind" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "scip_occurrences" AS "o"
WHERE "o"."syntax_kind" IS NOT NULL
