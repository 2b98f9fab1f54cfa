CREATE VIEW "slot_by_import.rows" AS
SELECT
    "b"."slot_id" AS "slot_id",
    coalesce("t"."bound", "t"."written") AS "name",
    "t"."bound" AS "qname",
    'IMPORT' AS "qname_source",
    CAST("t"."status" AS "reference_status") AS "status",
    CAST("t"."status_reason" AS "reference_reason") AS "status_reason",
    'IMPORT_BINDING' AS "method",
    CAST(CAST(0.29999999999999999 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'slot_by_import' AS "rule_name",
    10 AS "rule_priority",
    ("b"."damaged" OR "t"."damaged") AS "damaged",
    CAST("b"._row AS BIGINT) AS _o1,
    CAST("t"._row AS BIGINT) AS _o2,
    list_concat([CAST(22 AS BIGINT), "b"."node_id"], "t"._in) AS _in
FROM "name_bindings" AS "b"
JOIN "rel_import_target" AS "t" ON ("b"."node_id" = "t"."import_id")
WHERE (("b"."occurrence" = 'import') AND ("b"."slot_id" IS NOT NULL));
