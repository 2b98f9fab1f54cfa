CREATE VIEW "slot_by_scope.rows" AS
SELECT
    "b"."binding_id" AS "slot_id",
    ("s"."prefix" || "b"."name") AS "name",
    ("s"."prefix" || "b"."name") AS "qname",
    'LOCAL' AS "qname_source",
    CAST(CASE WHEN "b"."is_namespace" THEN 'resolved' ELSE 'needs_values' END AS "reference_status") AS "status",
    CAST(CASE WHEN (NOT "b"."is_namespace") THEN 'variable' END AS "reference_reason") AS "status_reason",
    'SCOPE_BINDING' AS "method",
    CAST(CAST(0.29999999999999999 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'slot_by_scope' AS "rule_name",
    10 AS "rule_priority",
    "s"."damaged" AS "damaged",
    CAST("b"._row AS BIGINT) AS _o1,
    CAST("s"._row AS BIGINT) AS _o2,
    list_concat([CAST(20 AS BIGINT), "b"."binding_id"], "s"._in) AS _in
FROM "bindings" AS "b"
JOIN "rel_scope_name" AS "s" ON ("b"."scope_id" = "s"."scope_id")
WHERE ("b"."is_local" AND ("b"."is_assigned" OR "b"."is_parameter"));
