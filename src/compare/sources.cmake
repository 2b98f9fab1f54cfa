# SPDX-License-Identifier: Apache-2.0
set(RS_COMPARE_SOURCES
  changes.c
  check.c
  diff.c
  facts.c
  findings.c
  invariants.c
  same.c
  snapshot.c
)
set(RS_COMPARE_SQL
  sql/diff.sql
  sql/facts.sql
  sql/invariants.sql
)
