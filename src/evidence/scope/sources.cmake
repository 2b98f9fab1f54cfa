# SPDX-License-Identifier: Apache-2.0
set(RS_EVIDENCE_SCOPE_SOURCES
  scope_builtin.c
  scope_check.c
  scope_pattern.c
  scope_resolve.c
  scope_rows.c
  scope_scan.c
  scope_table.c
)
