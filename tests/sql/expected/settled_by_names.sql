CREATE VIEW "settled_by_names.rows" AS
SELECT
    "t"."call_id" AS "call_id",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CASE WHEN ("t"."how" = 'call') THEN CAST(0.98999999999999999 AS DOUBLE) WHEN ("t"."how" = 'decorated') THEN CAST(0.70999999999999996 AS DOUBLE) WHEN ("t"."how" = 'function') THEN CAST(1 AS DOUBLE) WHEN ("t"."how" = 'init') THEN CAST(0.96999999999999997 AS DOUBLE) WHEN ("t"."how" = 'method') THEN CAST(0.98999999999999999 AS DOUBLE) WHEN ("t"."how" = 'new') THEN CAST(0.98999999999999999 AS DOUBLE) WHEN ("t"."how" = 'several') THEN CAST(0.93999999999999995 AS DOUBLE) ELSE CAST(0.97999999999999998 AS DOUBLE) END AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'settled_by_names' AS "rule_name",
    30 AS "rule_priority",
    FALSE AS "damaged",
    CAST("t"._row AS BIGINT) AS _o1,
    CAST(0 AS BIGINT) AS _o2,
    [CAST(45 AS BIGINT), "t"."call_target_id"] AS _in
FROM "call_targets" AS "t"
WHERE (((("t"."position" = 0) AND ("t"."target_id" IS NOT NULL)) AND ("t"."how" <> 'decorated')) AND ("t"."how" <> 'method'));
