SELECT
    "q"."qname_id" AS "node_id",
    CAST('QUALIFIED_NAME' AS "node_kind") AS "kind",
    CAST(NULL AS BIGINT) AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST(NULL AS INTEGER) AS "start_line",
    CAST(NULL AS INTEGER) AS "start_column",
    CAST(NULL AS INTEGER) AS "end_line",
    CAST(NULL AS INTEGER) AS "end_column",
    "q"."qname" AS "name",
    "q"."qname" AS "qualified_name",
    CAST(NULL AS VARCHAR) AS "status",
    bool_or("q"."damaged") AS "damaged"
FROM "rel_call_qname" AS "q"
WHERE (("q"."qname_id" IS NOT NULL) AND ("q"."qname" IS NOT NULL))
GROUP BY "q"."qname_id", "q"."qname"
