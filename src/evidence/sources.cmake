# SPDX-License-Identifier: Apache-2.0
set(RS_EVIDENCE_SOURCES
  scip_decode.c
  scip_finish.c
  scip_index.c
  scip_place.c
  scip_rows.c
  scip_symbol.c
  scope_check.c
  scope_resolve.c
  scope_rows.c
  scope_scan.c
  scope_table.c
  string_value.c
  syntax.c
  syntax_rows.c
)
