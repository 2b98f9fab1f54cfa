# SPDX-License-Identifier: Apache-2.0
set(RS_EXPLAIN_SOURCES
  faults.c
  find.c
  open.c
  place.c
  replay.c
  rivals.c
  rows.c
  views.c
  why.c
  why_not.c
)
set(RS_EXPLAIN_SQL
  sql/find.sql
)
