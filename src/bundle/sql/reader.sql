-- SPDX-License-Identifier: Apache-2.0
-- Views of a bundle that is read (reader.c).

-- Of a dataset that this registry does not have: its columns as they are.
-- name: all_columns
SELECT * FROM "{stored}";

-- What the manifest lists, a row each; the first is null in all columns and none of them, so that there
-- is one where nothing is listed.
-- name: list_datasets
SELECT CAST(dataset AS VARCHAR) AS dataset, CAST(dataset_group AS VARCHAR) AS dataset_group,
       CAST(version AS BIGINT) AS version, CAST(n_rows AS BIGINT) AS n_rows,
       CAST(n_files AS BIGINT) AS n_files, CAST(n_bytes AS BIGINT) AS n_bytes,
       CAST(fingerprint AS VARCHAR) AS fingerprint
FROM (VALUES "{rows}") t(dataset, dataset_group, version, n_rows, n_files, n_bytes, fingerprint)
WHERE dataset IS NOT NULL;

-- name: list_kinds
SELECT CAST(kind AS VARCHAR) AS kind, CAST(entity AS VARCHAR) AS entity,
       CAST(state AS VARCHAR) AS state, CAST(n_rows AS BIGINT) AS n_rows
FROM (VALUES "{rows}") t(kind, entity, state, n_rows)
WHERE kind IS NOT NULL;

-- name: list_rejects
SELECT CAST(dataset AS VARCHAR) AS dataset, CAST(n_rows AS BIGINT) AS n_rows
FROM (VALUES "{rows}") t(dataset, n_rows)
WHERE dataset IS NOT NULL;

-- The one row of a run (run_view.c); a column of it.
-- name: run
SELECT "{columns}";

-- name: column_of_run
SELECT CAST("{value}" AS "{type}") AS "{column}";
