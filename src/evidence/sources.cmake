# SPDX-License-Identifier: Apache-2.0
set(RS_EVIDENCE_SOURCES
  scope_check.c
  scope_resolve.c
  scope_rows.c
  scope_scan.c
  scope_table.c
  string_value.c
  syntax.c
  syntax_rows.c
)
