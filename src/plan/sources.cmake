# SPDX-License-Identifier: Apache-2.0
set(RS_PLAN_SOURCES
  dialect.c
  expr_check.c
  expr_parse.c
  expr_sql.c
  function.c
  kernel_sql.c
  problem.c
)
