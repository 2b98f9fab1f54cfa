-- SPDX-License-Identifier: Apache-2.0
-- What a session is told beside plans.

-- name: add_view
CREATE OR REPLACE TEMP VIEW "{view}" AS "{rows}";

-- name: add_file_of
CREATE MACRO file_of(id) AS CASE WHEN id >= 0 THEN id >> CAST('{bits}' AS INTEGER) END;

-- name: add_root_of
CREATE MACRO root_of(file_id) AS file_id << CAST('{bits}' AS INTEGER);

-- name: spill_to
SET temp_directory = '{directory}';

-- name: allow_directories
SET allowed_directories = ['{directories}'];

-- name: close_files
SET enable_external_access = false;

-- name: use_one_thread
SET threads = 1;

-- name: lock
SET lock_configuration = true;

-- name: tell_places
SET errors_as_json = true;

-- name: profile
PRAGMA enable_profiling = 'no_output';

-- name: unbind
DROP VIEW IF EXISTS "{view}"; DROP TABLE IF EXISTS "{table}";
