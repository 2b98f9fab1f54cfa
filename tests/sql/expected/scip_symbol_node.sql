SELECT
    "s"."symbol_id" AS "node_id",
    CAST('SCIP_SYMBOL' AS "node_kind") AS "kind",
    "s"."file_id" AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST(NULL AS INTEGER) AS "start_line",
    CAST(NULL AS INTEGER) AS "start_column",
    CAST(NULL AS INTEGER) AS "end_line",
    CAST(NULL AS INTEGER) AS "end_column",
    "s"."name" AS "name",
    "s"."symbol" AS "qualified_name",
    CAST(NULL AS VARCHAR) AS "status",
    CAST(NULL AS BOOLEAN) AS "damaged"
FROM "scip_symbols" AS "s"
