# SPDX-License-Identifier: Apache-2.0
set(RS_ENGINE_SOURCES
  duckdb.c
  duckdb_arrow.c
  duckdb_copy.c
  duckdb_functions.c
  duckdb_profile.c
  duckdb_result.c
  duckdb_scan.c
  duckdb_table.c
  footer.c
  rows_json.c
)
