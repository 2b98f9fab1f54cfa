CREATE VIEW "call_to_qname.rows" AS
SELECT
    "h"."call_id" AS "call_id",
    ("s"."name" || "h"."tail") AS "name",
    global_id('QUALIFIED_NAME', ("s"."qname" || "h"."tail")) AS "qname_id",
    ("s"."qname" || "h"."tail") AS "qname",
    "s"."qname_source" AS "qname_source",
    CAST(CASE WHEN (("s"."status" = 'resolved') AND ("h"."tail" <> '')) THEN 'needs_values' ELSE CAST("s"."status" AS VARCHAR) END AS "reference_status") AS "status",
    CAST(CASE WHEN (("s"."status" = 'resolved') AND ("h"."tail" <> '')) THEN 'variable' ELSE CAST("s"."status_reason" AS VARCHAR) END AS "reference_reason") AS "status_reason",
    "h"."start_byte" AS "start_byte",
    "h"."end_byte" AS "end_byte",
    'QNP_CALLEE' AS "method",
    CAST(CAST(0.29999999999999999 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'call_to_qname' AS "rule_name",
    20 AS "rule_priority",
    ("h"."damaged" OR "s"."damaged") AS "damaged",
    CAST("h"._row AS BIGINT) AS _o1,
    CAST("s"._row AS BIGINT) AS _o2,
    list_concat("h"._in, "s"._in) AS _in
FROM "rel_call_head" AS "h"
JOIN "rel_slot_qname" AS "s" ON ("h"."slot_id" = "s"."slot_id");
