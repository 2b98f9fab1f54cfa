-- SPDX-License-Identifier: Apache-2.0
-- What the doctor counts in one pass over the rows of a dataset (doctor_rows.c). A question is what a
-- statement selects; all that are asked stand in one list.

-- name: ask_rows
SELECT "{answers}" FROM "stored_{dataset}";

-- Each row with what is known of its file.
-- name: ask_rows_of_files
SELECT "{answers}"
FROM (SELECT *, "{file}" AS relspec_file FROM "stored_{dataset}")
LEFT JOIN (SELECT file_id AS relspec_found, size_bytes AS relspec_bytes, n_lines AS relspec_lines
           FROM stored_repo_files) ON relspec_file = relspec_found;

-- name: ask_all
SELECT count(*);

-- name: ask_missing
SELECT count(*) FILTER (WHERE "{column}" IS NULL);

-- Never true, but the engine reads the text, and refuses what is no UTF-8.
-- name: ask_text
SELECT count(*) FILTER (WHERE strlen("{column}") < 0);

-- name: ask_in_no_file
SELECT count(*) FILTER (WHERE "{column}" < 0);

-- name: ask_in_a_file
SELECT count(*) FILTER (WHERE "{column}" >= 0);

-- name: ask_in_another_file
SELECT count(*) FILTER (WHERE file_of("{column}") <> relspec_file);

-- name: ask_line_outside
SELECT count(*) FILTER (WHERE "{column}" < 1 OR "{column}" > relspec_lines);

-- name: ask_byte_outside
SELECT count(*) FILTER (WHERE "{column}" < 0 OR "{column}" > relspec_bytes);

-- name: ask_span
SELECT count(*) FILTER (WHERE "{column}" > "{other}"
                          OR ("{column}" IS NULL) <> ("{other}" IS NULL));

-- name: ask_prop_value
SELECT count(*) FILTER (WHERE (value_str IS NOT NULL)::INT + (value_int IS NOT NULL)::INT +
                              (value_float IS NOT NULL)::INT + (value_bool IS NOT NULL)::INT +
                              (value_json IS NOT NULL)::INT <> 1);

-- name: ask_node_lines
SELECT count(*) FILTER (WHERE start_line > end_line OR start_column < 0 OR end_column < 0);

-- name: ask_confidence
SELECT count(*) FILTER (WHERE confidence < 0 OR confidence > 1);

-- name: ask_parent_first
SELECT count(*) FILTER (WHERE parent_id >= node_id OR file_of(parent_id) <> file_of(node_id));

-- name: ask_file_lost
SELECT count(*) FILTER (WHERE relspec_file IS NOT NULL AND relspec_found IS NULL);
