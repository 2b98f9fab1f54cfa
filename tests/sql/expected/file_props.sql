SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    global_id('FILE', "f"."path") AS "entity_id",
    'sha256' AS "key",
    "f"."sha256" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "repo_files" AS "f"
WHERE "f"."sha256" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    global_id('FILE', "f"."path") AS "entity_id",
    'size_bytes' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    "f"."size_bytes" AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "repo_files" AS "f"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    global_id('FILE', "f"."path") AS "entity_id",
    'n_lines' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST("f"."n_lines" AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "repo_files" AS "f"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    global_id('FILE', "f"."path") AS "entity_id",
    'encoding' AS "key",
    "f"."encoding" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "repo_files" AS "f"
WHERE "f"."encoding" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    global_id('FILE', "f"."path") AS "entity_id",
    'newline' AS "key",
    CAST("f"."newline" AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "repo_files" AS "f"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    global_id('FILE', "f"."path") AS "entity_id",
    'module' AS "key",
    "f"."module" AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "repo_files" AS "f"
WHERE "f"."module" IS NOT NULL
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    global_id('FILE', "f"."path") AS "entity_id",
    'is_package' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST(NULL AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    "f"."is_package" AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "repo_files" AS "f"
UNION ALL
SELECT
    CAST('node' AS "entity_kind") AS "entity_kind",
    global_id('FILE', "f"."path") AS "entity_id",
    'n_errors' AS "key",
    CAST(NULL AS VARCHAR) AS "value_str",
    CAST("f"."n_errors" AS BIGINT) AS "value_int",
    CAST(NULL AS DOUBLE) AS "value_float",
    CAST(NULL AS BOOLEAN) AS "value_bool",
    CAST(NULL AS VARCHAR) AS "value_json"
FROM "repo_files" AS "f"
