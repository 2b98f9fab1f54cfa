-- SPDX-License-Identifier: Apache-2.0
-- Views of a bundle that is read (reader.c).

-- Of a dataset that this registry does not have: its columns as they are.
-- name: all_columns
SELECT * FROM "{stored}";

-- Rows of the manifest; then the same without any, its columns by the types of one that is left out.
-- name: listed
SELECT * FROM (VALUES "{rows}") t("{columns}");

-- name: listed_none
SELECT * FROM (VALUES ("{row}")) t("{columns}") WHERE false;
