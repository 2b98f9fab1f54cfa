CREATE VIEW "settled_by_index.rows" AS
SELECT
    "k"."call_id" AS "call_id",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'settled_by_index' AS "rule_name",
    20 AS "rule_priority",
    "k"."damaged" AS "damaged",
    CAST("k"._row AS BIGINT) AS _o1,
    CAST(0 AS BIGINT) AS _o2,
    "k"._in AS _in
FROM "rel_known_call" AS "k";
