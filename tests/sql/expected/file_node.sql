SELECT
    global_id('FILE', "f"."path") AS "node_id",
    CAST('FILE' AS "node_kind") AS "kind",
    "f"."file_id" AS "file_id",
    CAST(0 AS BIGINT) AS "start_byte",
    "f"."size_bytes" AS "end_byte",
    1 AS "start_line",
    0 AS "start_column",
    "f"."n_lines" AS "end_line",
    CAST(NULL AS INTEGER) AS "end_column",
    "f"."path" AS "name",
    "f"."module" AS "qualified_name",
    CAST("f"."parse_status" AS VARCHAR) AS "status",
    ("f"."parse_status" <> 'ok') AS "damaged"
FROM "repo_files" AS "f"
