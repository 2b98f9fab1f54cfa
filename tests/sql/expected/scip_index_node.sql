SELECT
    "m"."index_id" AS "node_id",
    CAST('SCIP_INDEX' AS "node_kind") AS "kind",
    CAST(NULL AS BIGINT) AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST(NULL AS INTEGER) AS "start_line",
    CAST(NULL AS INTEGER) AS "start_column",
    CAST(NULL AS INTEGER) AS "end_line",
    CAST(NULL AS INTEGER) AS "end_column",
    "m"."tool_name" AS "name",
    CAST(NULL AS VARCHAR) AS "qualified_name",
    CAST(NULL AS VARCHAR) AS "status",
    CAST(NULL AS BOOLEAN) AS "damaged"
FROM "scip_metadata" AS "m"
