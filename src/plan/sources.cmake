# SPDX-License-Identifier: Apache-2.0
# A kernel's SQL (schema/kernels.def) and an operator (operator.c) are a file each, by name: those files are
# listed there already.
file(GLOB RS_PLAN_ROWS RELATIVE ${CMAKE_CURRENT_LIST_DIR} CONFIGURE_DEPENDS
  ${CMAKE_CURRENT_LIST_DIR}/kernel_*.c ${CMAKE_CURRENT_LIST_DIR}/op_*.c)
set(RS_PLAN_SOURCES
  ${RS_PLAN_ROWS}
  check.c
  columns.c
  dialect.c
  expr_check.c
  expr_facts.c
  expr_parse.c
  expr_sql.c
  function.c
  operator.c
  plan.c
  problem.c
  proof.c
  render.c
  steps.c
)
