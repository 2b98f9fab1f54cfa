SELECT
    "n"."node_id" AS "node_id",
    CAST("n"."kind" AS "node_kind") AS "kind",
    "n"."file_id" AS "file_id",
    "n"."start_byte" AS "start_byte",
    "n"."end_byte" AS "end_byte",
    "n"."start_line" AS "start_line",
    "n"."start_column" AS "start_column",
    "n"."end_line" AS "end_line",
    "n"."end_column" AS "end_column",
    "n"."name" AS "name",
    "n"."qualified_name" AS "qualified_name",
    CAST(NULL AS VARCHAR) AS "status",
    "n"."damaged" AS "damaged"
FROM "syntax_nodes" AS "n"
