SELECT
    "b"."block_id" AS "node_id",
    CAST("b"."kind" AS "node_kind") AS "kind",
    "b"."file_id" AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST(NULL AS INTEGER) AS "start_line",
    CAST(NULL AS INTEGER) AS "start_column",
    CAST(NULL AS INTEGER) AS "end_line",
    CAST(NULL AS INTEGER) AS "end_column",
    CAST(NULL AS VARCHAR) AS "name",
    CAST(NULL AS VARCHAR) AS "qualified_name",
    CAST(NULL AS VARCHAR) AS "status",
    CAST(NULL AS BOOLEAN) AS "damaged"
FROM "cfg_blocks" AS "b"
