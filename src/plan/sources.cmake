# SPDX-License-Identifier: Apache-2.0
set(RS_PLAN_SOURCES
  columns.c
  dialect.c
  expr_check.c
  expr_facts.c
  expr_parse.c
  expr_sql.c
  function.c
  kernel_sql.c
  plan.c
  problem.c
  proof.c
  render.c
  steps.c
)
