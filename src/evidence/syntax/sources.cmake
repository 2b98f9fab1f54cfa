# SPDX-License-Identifier: Apache-2.0
set(RS_EVIDENCE_SYNTAX_SOURCES
  string_value.c
  syntax.c
  syntax_rows.c
)
