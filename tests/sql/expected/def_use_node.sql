SELECT
    "e"."event_id" AS "node_id",
    CAST("e"."kind" AS "node_kind") AS "kind",
    "e"."file_id" AS "file_id",
    "e"."start_byte" AS "start_byte",
    "e"."end_byte" AS "end_byte",
    "e"."start_line" AS "start_line",
    "e"."start_column" AS "start_column",
    CAST(NULL AS INTEGER) AS "end_line",
    CAST(NULL AS INTEGER) AS "end_column",
    CAST(NULL AS VARCHAR) AS "name",
    CAST(NULL AS VARCHAR) AS "qualified_name",
    CASE WHEN "e"."too_many_defs" THEN 'TOO_MANY_DEFINITIONS' END AS "status",
    "e"."damaged" AS "damaged"
FROM "def_use_events" AS "e"
