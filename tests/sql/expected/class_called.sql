SELECT
    CAST('INSTANTIATES' AS "edge_kind") AS "kind",
    "d"."call_id" AS "src",
    "d"."def_id" AS "dst",
    ("d"."call_id" >> 24) AS "file_id",
    "d"."start_byte" AS "start_byte",
    "d"."end_byte" AS "end_byte",
    CAST('scip' AS "lens") AS "origin",
    "d"."method" AS "method",
    CAST("d"."confidence" AS FLOAT) AS "confidence",
    CAST("d"."score" AS FLOAT) AS "score",
    "d"."ambiguity_group_id" AS "ambiguity_group_id",
    'class_called' AS "rule_name",
    100 AS "rule_priority",
    "d"."rule_name" AS "relationship_rule",
    "d"."symbol_roles" AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    "d"."damaged" AS "damaged"
FROM "rel_call_definition" AS "d"
ANTI JOIN "call_targets" AS "t" ON (("d"."call_id" = "t"."call_id") AND ("d"."def_id" = "t"."target_id"))
WHERE ("d"."def_kind" = 'class')
