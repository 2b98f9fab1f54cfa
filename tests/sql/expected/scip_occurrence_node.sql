SELECT
    "o"."occurrence_id" AS "node_id",
    CAST('SCIP_OCCURRENCE' AS "node_kind") AS "kind",
    "o"."file_id" AS "file_id",
    "o"."start_byte" AS "start_byte",
    "o"."end_byte" AS "end_byte",
    "o"."start_line" AS "start_line",
    "o"."start_column" AS "start_column",
    "o"."end_line" AS "end_line",
    "o"."end_column" AS "end_column",
    "o"."symbol" AS "name",
    CAST(NULL AS VARCHAR) AS "qualified_name",
    CAST(NULL AS VARCHAR) AS "status",
    CAST(NULL AS BOOLEAN) AS "damaged"
FROM "scip_occurrences" AS "o"
