# SPDX-License-Identifier: Apache-2.0
set(RS_EVIDENCE_FLOW_SOURCES
  flow_beside.c
  flow_build.c
  flow_const.c
  flow_defuse.c
  flow_display.c
  flow_dom.c
  flow_expr.c
  flow_graph.c
  flow_inner.c
  flow_match.c
  flow_passed.c
  flow_raise.c
  flow_rows.c
  flow_stmt.c
  flow_try.c
)
