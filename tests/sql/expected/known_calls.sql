CREATE VIEW "known_calls.rows" AS
SELECT
    "c"."call_id" AS "call_id",
    "c"."callee_name_start_byte" AS "start_byte",
    "c"."callee_name_end_byte" AS "end_byte",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'known_calls' AS "rule_name",
    20 AS "rule_priority",
    "c"."damaged" AS "damaged",
    CAST("c"._row AS BIGINT) AS _o1,
    CAST(0 AS BIGINT) AS _o2,
    [CAST(12 AS BIGINT), "c"."call_id"] AS _in
FROM "calls" AS "c"
SEMI JOIN "rel_call_symbol" AS "s" ON ("c"."call_id" = "s"."call_id")
WHERE (("c"."callee_name_start_byte" IS NOT NULL) AND ("c"."callee_name_end_byte" IS NOT NULL));
