# SPDX-License-Identifier: Apache-2.0
set(RS_ENGINE_DUCKDB_SOURCES
  arrow.c
  copy.c
  database.c
  functions.c
  profile.c
  result.c
  rows_json.c
  scan.c
  table.c
)
set(RS_ENGINE_DUCKDB_SQL
  sql/session.sql
)
