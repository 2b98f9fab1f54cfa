-- SPDX-License-Identifier: Apache-2.0
-- What a session is told beside plans.

-- name: add_view
CREATE OR REPLACE TEMP VIEW "{view}" AS "{rows}";

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
