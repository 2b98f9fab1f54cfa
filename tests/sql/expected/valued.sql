CREATE VIEW "valued.rows" AS
SELECT
    "m"."call_id" AS "call_id",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CASE WHEN ('call' = 'call') THEN CAST(0.94999999999999996 AS DOUBLE) WHEN ('call' = 'implicit') THEN CAST(0.93999999999999995 AS DOUBLE) WHEN ('call' = 'many') THEN CAST(0.59999999999999998 AS DOUBLE) WHEN ('call' = 'several') THEN CAST(0.84999999999999998 AS DOUBLE) ELSE CAST(0.94999999999999996 AS DOUBLE) END AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'valued' AS "rule_name",
    30 AS "rule_priority",
    FALSE AS "damaged",
    CAST("m"._row AS BIGINT) AS _o1,
    CAST("t"._row AS BIGINT) AS _o2,
    list_concat([CAST(45 AS BIGINT), "m"."call_target_id"], [CAST(47 AS BIGINT), "t"."value_target_id"]) AS _in
FROM "call_targets" AS "m"
JOIN "value_targets" AS "t" ON ("m"."call_id" = "t"."node_id")
WHERE (((((("m"."position" = 0) AND ("m"."how" = 'decorated')) AND ("t"."site" = 'call')) AND ("t"."position" = 0)) AND ("t"."target_id" IS NOT NULL)) AND (NOT "t"."is_class"));
