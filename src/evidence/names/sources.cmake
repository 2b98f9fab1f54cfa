# SPDX-License-Identifier: Apache-2.0
set(RS_EVIDENCE_NAMES_SOURCES
  names_bind.c
  names_context.c
  names_expr.c
  names_file.c
  names_reach.c
  names_refs.c
  names_static.c
  names_string.c
  names_table.c
  names_view.c
  names_walk.c
)
