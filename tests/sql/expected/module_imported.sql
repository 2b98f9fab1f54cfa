SELECT
    CAST('IMPORTS_MODULE' AS "edge_kind") AS "kind",
    "m"."module_id" AS "src",
    "m"."target_id" AS "dst",
    "m"."file_id" AS "file_id",
    "i"."start_byte" AS "start_byte",
    "i"."end_byte" AS "end_byte",
    CAST('names' AS "lens") AS "origin",
    CAST(NULL AS VARCHAR) AS "method",
    CAST(CASE WHEN ('import' = 'attribute') THEN CAST(1 AS DOUBLE) WHEN ('import' = 'binding') THEN CAST(1 AS DOUBLE) WHEN ('import' = 'import') THEN CAST(1 AS DOUBLE) WHEN ('import' = 'several') THEN CAST(0.98999999999999999 AS DOUBLE) WHEN ('import' = 'weak') THEN CAST(0.90000000000000002 AS DOUBLE) ELSE CAST(0.98999999999999999 AS DOUBLE) END AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'module_imported' AS "rule_name",
    100 AS "rule_priority",
    CAST(NULL AS VARCHAR) AS "relationship_rule",
    CAST(NULL AS INTEGER) AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    "i"."damaged" AS "damaged"
FROM "module_imports" AS "m"
JOIN "imports" AS "i" ON ("m"."import_id" = "i"."import_id")
WHERE (("m"."target_id" IS NOT NULL) AND ("m"."target_id" <> "m"."module_id"))
