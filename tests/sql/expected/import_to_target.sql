CREATE VIEW "import_to_target.rows" AS
SELECT
    "i"."import_id" AS "import_id",
    ((CASE WHEN ("i"."level" <= 12) THEN substr('............', subtract(13, "i"."level")) ELSE '............' END || coalesce(("i"."module" || '.'), '')) || "i"."name") AS "written",
    CASE WHEN ("i"."level" = 0) THEN (coalesce(("i"."module" || '.'), '') || "i"."name") WHEN (coalesce(array_to_string(list_slice(string_split("m"."package", '.'), 1, greatest(len(string_split("m"."package", '.')) - subtract("i"."level", 1), 0)), '.'), '') <> '') THEN (((array_to_string(list_slice(string_split("m"."package", '.'), 1, greatest(len(string_split("m"."package", '.')) - subtract("i"."level", 1), 0)), '.') || '.') || coalesce(("i"."module" || '.'), '')) || "i"."name") END AS "target",
    CASE WHEN (("i"."import_kind" = 'import') AND ("i"."alias" IS NULL)) THEN split_part("i"."name", '.', 1) WHEN ("i"."level" = 0) THEN (coalesce(("i"."module" || '.'), '') || "i"."name") WHEN (coalesce(array_to_string(list_slice(string_split("m"."package", '.'), 1, greatest(len(string_split("m"."package", '.')) - subtract("i"."level", 1), 0)), '.'), '') <> '') THEN (((array_to_string(list_slice(string_split("m"."package", '.'), 1, greatest(len(string_split("m"."package", '.')) - subtract("i"."level", 1), 0)), '.') || '.') || coalesce(("i"."module" || '.'), '')) || "i"."name") END AS "bound",
    CAST(CASE WHEN (("i"."level" = 0) OR (coalesce(array_to_string(list_slice(string_split("m"."package", '.'), 1, greatest(len(string_split("m"."package", '.')) - subtract("i"."level", 1), 0)), '.'), '') <> '')) THEN 'needs_names' WHEN ("m"."root_is_package" AND CASE WHEN ("i"."level" = 1) THEN TRUE ELSE (coalesce(array_to_string(list_slice(string_split("m"."package", '.'), 1, greatest(len(string_split("m"."package", '.')) - subtract("i"."level", 2), 0)), '.'), '') <> '') END) THEN 'needs_names' ELSE 'unresolved' END AS "reference_status") AS "status",
    CAST(CASE WHEN (("i"."level" = 0) OR (coalesce(array_to_string(list_slice(string_split("m"."package", '.'), 1, greatest(len(string_split("m"."package", '.')) - subtract("i"."level", 1), 0)), '.'), '') <> '')) THEN 'imported' WHEN ("m"."root_is_package" AND CASE WHEN ("i"."level" = 1) THEN TRUE ELSE (coalesce(array_to_string(list_slice(string_split("m"."package", '.'), 1, greatest(len(string_split("m"."package", '.')) - subtract("i"."level", 2), 0)), '.'), '') <> '') END) THEN 'unnamed_package' WHEN ((coalesce("m"."package", '') = '') AND (NOT "m"."root_is_package")) THEN 'no_package' ELSE 'beyond_top_level' END AS "reference_reason") AS "status_reason",
    'IMPORT_DECLARATION' AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST(NULL AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'import_to_target' AS "rule_name",
    10 AS "rule_priority",
    "i"."damaged" AS "damaged",
    CAST("i"._row AS BIGINT) AS _o1,
    CAST("m"._row AS BIGINT) AS _o2,
    list_concat([CAST(9 AS BIGINT), "i"."import_id"], [CAST(3 AS BIGINT), "m"."module_id"]) AS _in
FROM "imports" AS "i"
JOIN "modules" AS "m" ON ("i"."file_id" = "m"."file_id")
WHERE (NOT "i"."is_star");
