# SPDX-License-Identifier: Apache-2.0
set(RS_RULES_SOURCES
  check.c
  document.c
  expr_check.c
  expr_parse.c
  expr_sql.c
  fields.c
  load.c
  load_emit.c
  plan.c
  problem.c
  render.c
  rules.c
)
