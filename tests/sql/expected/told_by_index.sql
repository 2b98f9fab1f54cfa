CREATE VIEW "told_by_index.rows" AS
SELECT
    "r"."call_id" AS "call_id",
    "r"."def_id" AS "def_id",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'told_by_index' AS "rule_name",
    20 AS "rule_priority",
    "r"."damaged" AS "damaged",
    CAST("r"._row AS BIGINT) AS _o1,
    CAST(0 AS BIGINT) AS _o2,
    "r"._in AS _in
FROM "rel_call_target" AS "r";
