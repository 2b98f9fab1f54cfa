SELECT
    "b"."block_id" AS "node_id",
    CAST("b"."kind" AS "node_kind") AS "kind",
    "b"."file_id" AS "file_id",
    "b"."start_byte" AS "start_byte",
    "b"."end_byte" AS "end_byte",
    "b"."start_line" AS "start_line",
    "b"."start_column" AS "start_column",
    "b"."end_line" AS "end_line",
    "b"."end_column" AS "end_column",
    "b"."name" AS "name",
    CAST(NULL AS VARCHAR) AS "qualified_name",
    CAST(NULL AS VARCHAR) AS "status",
    CAST(NULL AS BOOLEAN) AS "damaged"
FROM "cfg_blocks" AS "b"
