SELECT
    "s"."scope_id" AS "node_id",
    CAST('SCOPE' AS "node_kind") AS "kind",
    "s"."file_id" AS "file_id",
    "s"."start_byte" AS "start_byte",
    "s"."end_byte" AS "end_byte",
    "s"."start_line" AS "start_line",
    "s"."start_column" AS "start_column",
    CAST(NULL AS INTEGER) AS "end_line",
    CAST(NULL AS INTEGER) AS "end_column",
    "s"."name" AS "name",
    "s"."qualname" AS "qualified_name",
    CAST(NULL AS VARCHAR) AS "status",
    "s"."damaged" AS "damaged"
FROM "scopes" AS "s"
