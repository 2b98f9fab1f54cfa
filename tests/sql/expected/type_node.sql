SELECT
    global_id('TYPE', "t"."text") AS "node_id",
    CAST('TYPE' AS "node_kind") AS "kind",
    CAST(NULL AS BIGINT) AS "file_id",
    CAST(NULL AS BIGINT) AS "start_byte",
    CAST(NULL AS BIGINT) AS "end_byte",
    CAST(NULL AS INTEGER) AS "start_line",
    CAST(NULL AS INTEGER) AS "start_column",
    CAST(NULL AS INTEGER) AS "end_line",
    CAST(NULL AS INTEGER) AS "end_column",
    "t"."text" AS "name",
    CAST(NULL AS VARCHAR) AS "qualified_name",
    CAST(NULL AS VARCHAR) AS "status",
    bool_or("t"."damaged") AS "damaged"
FROM "type_exprs" AS "t"
GROUP BY "t"."text"
