-- SPDX-License-Identifier: Apache-2.0
-- What the footers of a dataset's files say (doctor_parquet.c), and its rows as a view.

-- name: footer_rows
SELECT file_name, num_rows FROM parquet_file_metadata("{files}") ORDER BY ALL;

-- Columns in their order; more than one row where files differ.
-- name: footer_columns
SELECT DISTINCT string_agg(name || ' ' || duckdb_type, ', ' ORDER BY column_id)
FROM parquet_schema("{files}")
WHERE num_children IS NULL
GROUP BY file_name;

-- The same where a column is a list or a map, which parquet_schema() gives in pieces.
-- name: footer_nested_columns
SELECT string_agg(column_name || ' ' || column_type, ', ')
FROM (DESCRIBE SELECT * FROM read_parquet("{files}"));

-- name: footer_pairs
SELECT decode(key), decode(value), count(*)
FROM parquet_kv_metadata("{files}")
WHERE key::VARCHAR LIKE 'relspec.%'
GROUP BY ALL
ORDER BY ALL;

-- The same of all datasets at once, where every file can be read: two hundred statements less. A folder is
-- a dataset's.
-- name: read_footers
CREATE TABLE relspec_footer_rows AS
SELECT regexp_replace(file_name, '/[^/]*$', '') AS folder, file_name, num_rows
FROM parquet_file_metadata("{files}");
CREATE TABLE relspec_footer_columns AS
SELECT regexp_replace(file_name, '/[^/]*$', '') AS folder,
       string_agg(name || ' ' || duckdb_type, ', ' ORDER BY column_id) AS columns
FROM parquet_schema("{files}")
WHERE num_children IS NULL
GROUP BY file_name;
CREATE TABLE relspec_footer_pairs AS
SELECT regexp_replace(file_name, '/[^/]*$', '') AS folder, decode(key) AS key,
       decode(value) AS value, count(*) AS n_files
FROM parquet_kv_metadata("{files}")
WHERE key::VARCHAR LIKE 'relspec.%'
GROUP BY ALL;

-- name: known_rows
SELECT file_name, num_rows FROM relspec_footer_rows WHERE folder = '{folder}' ORDER BY ALL;

-- name: known_columns
SELECT DISTINCT columns FROM relspec_footer_columns WHERE folder = '{folder}';

-- name: known_pairs
SELECT key, value, n_files FROM relspec_footer_pairs WHERE folder = '{folder}' ORDER BY ALL;

-- name: view_of_files
CREATE OR REPLACE VIEW "{group}_{dataset}" AS SELECT * FROM read_parquet("{files}");
