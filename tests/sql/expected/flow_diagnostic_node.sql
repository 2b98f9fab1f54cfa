SELECT
    "e"."diagnostic_id" AS "node_id",
    CAST('DIAGNOSTIC' AS "node_kind") AS "kind",
    "e"."file_id" AS "file_id",
    "e"."start_byte" AS "start_byte",
    "e"."end_byte" AS "end_byte",
    "e"."start_line" AS "start_line",
    "e"."start_column" AS "start_column",
    CAST(NULL AS INTEGER) AS "end_line",
    CAST(NULL AS INTEGER) AS "end_column",
    CAST("e"."code" AS VARCHAR) AS "name",
    CAST(NULL AS VARCHAR) AS "qualified_name",
    CAST(NULL AS VARCHAR) AS "status",
    "e"."damaged" AS "damaged"
FROM "flow_diagnostics" AS "e"
