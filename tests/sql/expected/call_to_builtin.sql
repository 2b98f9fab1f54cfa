CREATE VIEW "call_to_builtin.rows" AS
SELECT
    "h"."call_id" AS "call_id",
    ('builtins.' || "h"."text") AS "name",
    global_id('QUALIFIED_NAME', ('builtins.' || "h"."text")) AS "qname_id",
    ('builtins.' || "h"."text") AS "qname",
    'BUILTIN' AS "qname_source",
    CAST(CASE WHEN ("h"."resolution" = 'builtin') THEN 'builtin' ELSE 'ambiguous' END AS "reference_status") AS "status",
    CAST(CASE WHEN ("h"."resolution" = 'star_or_builtin') THEN 'star_import' END AS "reference_reason") AS "status_reason",
    "h"."start_byte" AS "start_byte",
    "h"."end_byte" AS "end_byte",
    'QNP_BUILTIN' AS "method",
    CAST(CAST(0.29999999999999999 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'call_to_builtin' AS "rule_name",
    20 AS "rule_priority",
    "h"."damaged" AS "damaged",
    CAST("h"._row AS BIGINT) AS _o1,
    CAST(0 AS BIGINT) AS _o2,
    "h"._in AS _in
FROM "rel_call_head" AS "h"
WHERE (("h"."resolution" = 'builtin') OR ("h"."resolution" = 'star_or_builtin'));
