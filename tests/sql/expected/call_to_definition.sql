CREATE VIEW "call_to_definition.rows" AS
SELECT
    "c"."call_id" AS "call_id",
    "d"."def_id" AS "def_id",
    CAST("d"."def_kind" AS "def_kind") AS "def_kind",
    "c"."start_byte" AS "start_byte",
    "c"."end_byte" AS "end_byte",
    "c"."symbol_roles" AS "symbol_roles",
    'SYMBOL_DEFINITION' AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'call_to_definition' AS "rule_name",
    20 AS "rule_priority",
    ("c"."damaged" OR "d"."damaged") AS "damaged",
    CAST("c"._row AS BIGINT) AS _o1,
    CAST("d"._row AS BIGINT) AS _o2,
    list_concat("c"._in, "d"._in) AS _in
FROM "rel_call_symbol" AS "c"
JOIN "rel_def_symbol" AS "d" ON ("c"."symbol_id" = "d"."symbol_id");
