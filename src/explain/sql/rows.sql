-- SPDX-License-Identifier: Apache-2.0
-- What rows are read from (sources.c), and conditions on their values (rows.c). A value is a text here,
-- which takes the type of its column.

-- name: is_value
"{column}" = '{value}'

-- name: is_null
"{column}" IS NULL

-- name: is_one_of
"{column}" IN ('{values}')

-- name: has_byte_of
"{end}" >= '{first}' AND "{start}" <= '{last}'

-- name: column
"{column}"

-- name: overlaps
"{start}" < '{last}' AND "{end}" > '{first}'

-- name: word_column
CAST("{column}" AS "{words}") AS "{column}"

-- name: all_of
SELECT * FROM "{source}";

-- Of a file; then of all.
-- name: stored_of_file
SELECT * FROM "stored_{dataset}" WHERE "{column}" BETWEEN '{first}' AND '{last}';

-- name: stored
SELECT * FROM "stored_{dataset}";

-- name: typed
SELECT "{columns}" FROM "{rows}" AS r;

-- name: in_order
SELECT "{columns}" FROM "{rows}" AS r ORDER BY "{key}";

-- name: take
CREATE TEMP TABLE "{table}" AS "{rows}";
