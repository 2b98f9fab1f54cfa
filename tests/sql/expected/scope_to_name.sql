CREATE VIEW "scope_to_name.rows" AS
SELECT
    "s"."scope_id" AS "scope_id",
    (coalesce(("m"."module" || '.'), '') || CASE WHEN ("s"."qualname" = '') THEN '' WHEN ("s"."scope_type" = 'class') THEN ("s"."qualname" || '.') ELSE ("s"."qualname" || '.<locals>.') END) AS "prefix",
    'SCOPE_QUALNAME' AS "method",
    CAST(CAST(0.80000000000000004 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'scope_to_name' AS "rule_name",
    10 AS "rule_priority",
    "s"."damaged" AS "damaged",
    CAST("s"._row AS BIGINT) AS _o1,
    CAST("m"._row AS BIGINT) AS _o2,
    list_concat([CAST(19 AS BIGINT), "s"."scope_id"], [CAST(3 AS BIGINT), "m"."module_id"]) AS _in
FROM "scopes" AS "s"
JOIN "modules" AS "m" ON ("s"."file_id" = "m"."file_id");
