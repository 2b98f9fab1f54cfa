SELECT
    CAST('CALLS_QNAME' AS "edge_kind") AS "kind",
    "q"."call_id" AS "src",
    "q"."qname_id" AS "dst",
    ("q"."call_id" >> 24) AS "file_id",
    "q"."start_byte" AS "start_byte",
    "q"."end_byte" AS "end_byte",
    CAST('scope' AS "lens") AS "origin",
    "q"."method" AS "method",
    CAST("q"."confidence" AS FLOAT) AS "confidence",
    CAST("q"."score" AS FLOAT) AS "score",
    "q"."ambiguity_group_id" AS "ambiguity_group_id",
    'import_called' AS "rule_name",
    100 AS "rule_priority",
    "q"."rule_name" AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    "q"."qname_source" AS "qname_source",
    "q"."damaged" AS "damaged"
FROM "rel_call_qname" AS "q"
ANTI JOIN "rel_call_symbol" AS "s" ON (("q"."call_id" = "s"."call_id") AND (("q"."qname_source" = 'IMPORT') = ("s"."symbol_id" < 0)))
WHERE (("q"."qname_source" = 'IMPORT') AND ("q"."qname_id" IS NOT NULL))
