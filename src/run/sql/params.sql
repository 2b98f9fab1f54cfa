-- SPDX-License-Identifier: Apache-2.0
-- Values that a run was given: a Parquet file's, as the view param_file (param_parquet.c), and a param's
-- table (params.c).

-- name: file_columns
SELECT * FROM param_file LIMIT 0;

-- The first value that a type does not have.
-- name: value_outside
SELECT CAST("{column}" AS VARCHAR)
FROM param_file
WHERE "{column}" IS NOT NULL AND TRY_CAST("{column}" AS "{type}") IS NULL
LIMIT 1;

-- name: float_outside
SELECT CAST("{column}" AS VARCHAR)
FROM param_file
WHERE "{column}" IS NOT NULL
  AND (TRY_CAST("{column}" AS "{type}") IS NULL OR NOT isfinite(TRY_CAST("{column}" AS "{type}")))
LIMIT 1;

-- name: file_values
SELECT CAST("{column}" AS "{type}") AS "{key}" FROM param_file;

-- name: values_in_order
SELECT CAST("{column}" AS "{type}") AS "{column}", n_given FROM "{table}" ORDER BY 1 NULLS LAST;

-- The distinct values of tables that hold what files gave, as they are compared and stored: a zero has no
-- sign.
-- name: given_values
CREATE TABLE "{table}" AS
SELECT CAST("{column}" AS "{type}") AS "{column}", count(*) AS n_given
FROM query_table(["{chunks}"])
GROUP BY 1;

-- name: given_floats
CREATE TABLE "{table}" AS
SELECT CAST("{column}" + 0 AS "{type}") AS "{column}", count(*) AS n_given
FROM query_table(["{chunks}"])
GROUP BY 1;
