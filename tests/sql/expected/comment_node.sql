SELECT
    "c"."comment_id" AS "node_id",
    CAST('COMMENT' AS "node_kind") AS "kind",
    "c"."file_id" AS "file_id",
    "c"."start_byte" AS "start_byte",
    "c"."end_byte" AS "end_byte",
    "c"."start_line" AS "start_line",
    "c"."start_column" AS "start_column",
    "c"."start_line" AS "end_line",
    "c"."end_column" AS "end_column",
    CAST(NULL AS VARCHAR) AS "name",
    CAST(NULL AS VARCHAR) AS "qualified_name",
    CAST(NULL AS VARCHAR) AS "status",
    CAST(NULL AS BOOLEAN) AS "damaged"
FROM "comments" AS "c"
