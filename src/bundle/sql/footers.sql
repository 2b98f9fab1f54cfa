-- SPDX-License-Identifier: Apache-2.0
-- What the footers of files say (doctor_parquet.c): two texts and a number a row; and a dataset's rows as a view.

-- name: footer_rows
SELECT file_name, '', num_rows FROM parquet_file_metadata("{files}") ORDER BY ALL;

-- Columns in their order; more than one row where files differ.
-- name: footer_columns
SELECT DISTINCT string_agg(name || ' ' || duckdb_type, ', ' ORDER BY column_id), '', CAST(0 AS BIGINT)
FROM parquet_schema("{files}")
WHERE num_children IS NULL
GROUP BY file_name;

-- The same where a column is a list or a map, which parquet_schema() gives in pieces.
-- name: footer_nested_columns
SELECT string_agg(column_name || ' ' || column_type, ', '), '', CAST(0 AS BIGINT)
FROM (DESCRIBE SELECT * FROM read_parquet("{files}"));

-- name: footer_pairs
SELECT decode(key), decode(value), count(*)
FROM parquet_kv_metadata("{files}")
WHERE key::VARCHAR LIKE 'relspec.%'
GROUP BY ALL
ORDER BY ALL;

-- The same of all datasets at once, where every file can be read: three hundred statements less. The folder
-- in front is a dataset's.
-- name: known_rows
SELECT regexp_replace(file_name, '/[^/]*$', ''), file_name, '', num_rows
FROM parquet_file_metadata("{files}")
ORDER BY ALL;

-- name: known_columns
SELECT DISTINCT regexp_replace(file_name, '/[^/]*$', ''),
       string_agg(name || ' ' || duckdb_type, ', ' ORDER BY column_id), '', CAST(0 AS BIGINT)
FROM parquet_schema("{files}")
WHERE num_children IS NULL
GROUP BY file_name
ORDER BY ALL;

-- name: known_pairs
SELECT regexp_replace(file_name, '/[^/]*$', ''), decode(key), decode(value), count(*)
FROM parquet_kv_metadata("{files}")
WHERE key::VARCHAR LIKE 'relspec.%'
GROUP BY ALL
ORDER BY ALL;

-- name: view_of_files
CREATE OR REPLACE VIEW "{group}_{dataset}" AS SELECT * FROM read_parquet("{files}");
