# SPDX-License-Identifier: Apache-2.0
set(RS_GRAPH_SOURCES
  emit.c
  gate.c
  gate_group.c
  gated.c
  stream.c
)
set(RS_GRAPH_SQL
  sql/emit.sql
  sql/gate.sql
)
