SELECT
    "d"."diagnostic_id" AS "node_id",
    CAST('DIAGNOSTIC' AS "node_kind") AS "kind",
    "d"."file_id" AS "file_id",
    "d"."start_byte" AS "start_byte",
    "d"."end_byte" AS "end_byte",
    "d"."start_line" AS "start_line",
    "d"."start_column" AS "start_column",
    "d"."end_line" AS "end_line",
    "d"."end_column" AS "end_column",
    "d"."code" AS "name",
    CAST(NULL AS VARCHAR) AS "qualified_name",
    CAST(NULL AS VARCHAR) AS "status",
    CAST(NULL AS BOOLEAN) AS "damaged"
FROM "scip_diagnostics" AS "d"
