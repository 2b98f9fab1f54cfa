CREATE VIEW "call_to_head.rows" AS
SELECT
    "c"."call_id" AS "call_id",
    "b"."node_id" AS "name_id",
    "b"."slot_id" AS "slot_id",
    "c"."callee_text" AS "text",
    substr("c"."callee_text", add(length(split_part("c"."callee_text", '.', 1)), 1)) AS "tail",
    CAST("b"."resolution" AS "resolution") AS "resolution",
    "c"."callee_start_byte" AS "start_byte",
    "c"."callee_end_byte" AS "end_byte",
    'CALLEE_HEAD' AS "method",
    CAST(CAST(0.80000000000000004 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'call_to_head' AS "rule_name",
    10 AS "rule_priority",
    ("c"."damaged" OR "b"."damaged") AS "damaged",
    CAST("c"._row AS BIGINT) AS _o1,
    CAST("b"._row AS BIGINT) AS _o2,
    list_concat([CAST(12 AS BIGINT), "c"."call_id"], [CAST(22 AS BIGINT), "b"."node_id"]) AS _in
FROM "calls" AS "c"
JOIN "name_bindings" AS "b" ON ((subtract(add("c"."callee_id", len(string_split("c"."callee_text", '.'))), 1) = "b"."node_id") AND ("c"."file_id" = "b"."file_id"))
WHERE ("c"."callee_text" IS NOT NULL);
