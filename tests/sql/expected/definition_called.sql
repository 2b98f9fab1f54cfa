SELECT
    CAST('CALL' AS "edge_kind") AS "kind",
    "r"."call_id" AS "src",
    "r"."def_id" AS "dst",
    ("r"."call_id" >> 24) AS "file_id",
    "r"."start_byte" AS "start_byte",
    "r"."end_byte" AS "end_byte",
    CAST(CASE WHEN ("r"."symbol_roles" IS NULL) THEN 'names' ELSE 'scip' END AS "lens") AS "origin",
    "r"."method" AS "method",
    CAST("r"."confidence" AS FLOAT) AS "confidence",
    CAST("r"."score" AS FLOAT) AS "score",
    "r"."ambiguity_group_id" AS "ambiguity_group_id",
    'definition_called' AS "rule_name",
    100 AS "rule_priority",
    "r"."rule_name" AS "relationship_rule",
    "r"."symbol_roles" AS "symbol_roles",
    CAST(NULL AS VARCHAR) AS "qname_source",
    "r"."damaged" AS "damaged"
FROM "rel_call_target" AS "r"
