CREATE VIEW "target_by_symbol.rows" AS
SELECT
    "d"."call_id" AS "call_id",
    "d"."def_id" AS "def_id",
    "d"."start_byte" AS "start_byte",
    "d"."end_byte" AS "end_byte",
    "d"."symbol_roles" AS "symbol_roles",
    'SYMBOL_DEFINITION' AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'target_by_symbol' AS "rule_name",
    30 AS "rule_priority",
    "d"."damaged" AS "damaged",
    CAST("d"._row AS BIGINT) AS _o1,
    CAST(0 AS BIGINT) AS _o2,
    "d"._in AS _in
FROM "rel_call_definition" AS "d"
WHERE ("d"."def_kind" <> 'class');
