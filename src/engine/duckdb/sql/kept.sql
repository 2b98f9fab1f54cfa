-- SPDX-License-Identifier: Apache-2.0
-- Rows that stay in the engine between plans (kept.h).

-- name: open_kept
CREATE SCHEMA rel;

-- name: keep
CREATE TABLE rel."{table}" AS "{rows}";

-- name: keep_for_now
CREATE OR REPLACE TEMP TABLE "{table}" AS "{rows}";

-- name: kept_rows
-- One table, with the place of each row; that of a later number is behind all before.
SELECT *, rowid + CAST('{first_row}' AS BIGINT) AS _row FROM rel."{table}";

-- name: kept_rejects
SELECT * FROM rel."{table}";

-- name: without_rows
SELECT *, CAST(NULL AS BIGINT[]) AS _in FROM "{rows}";

-- name: rows_of
SELECT * FROM "{relation}";

-- name: bound_rows
-- Those of a table of the session, in their order.
SELECT * EXCLUDE (_row) FROM "{dataset}" ORDER BY _row;

-- name: drop_view
DROP VIEW IF EXISTS "{relation}";

-- name: drop_table
DROP TABLE IF EXISTS "{relation}";
