CREATE VIEW "call_without_name.rows" AS
SELECT
    "h"."call_id" AS "call_id",
    "h"."text" AS "name",
    CAST(NULL AS BIGINT) AS "qname_id",
    CAST(NULL AS VARCHAR) AS "qname",
    CAST(NULL AS VARCHAR) AS "qname_source",
    CAST(CASE WHEN ("h"."resolution" = 'implicit') THEN 'needs_values' WHEN (("h"."resolution" = 'star_import') OR ("m"."module_kind" = 'package')) THEN 'needs_names' ELSE 'unresolved' END AS "reference_status") AS "status",
    CAST(CASE WHEN ("h"."resolution" = 'implicit') THEN 'implicit' WHEN ("h"."resolution" = 'star_import') THEN 'star_import' WHEN ("m"."module_kind" = 'package') THEN 'submodule' ELSE 'unbound' END AS "reference_reason") AS "status_reason",
    "h"."start_byte" AS "start_byte",
    "h"."end_byte" AS "end_byte",
    'CALLEE_HEAD' AS "method",
    CAST(CAST(0.80000000000000004 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'call_without_name' AS "rule_name",
    20 AS "rule_priority",
    "h"."damaged" AS "damaged",
    CAST("h"._row AS BIGINT) AS _o1,
    CAST("m"._row AS BIGINT) AS _o2,
    list_concat("h"._in, [CAST(3 AS BIGINT), "m"."module_id"]) AS _in
FROM "rel_call_head" AS "h"
JOIN "modules" AS "m" ON (("h"."call_id" >> 24) = "m"."file_id")
WHERE ((("h"."resolution" = 'unbound') OR ("h"."resolution" = 'star_import')) OR ("h"."resolution" = 'implicit'));
