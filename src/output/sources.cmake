# SPDX-License-Identifier: Apache-2.0
set(RS_OUTPUT_SOURCES
  arrow.c
  counted.c
  csv.c
  formats.c
  graph_source.c
  json.c
  jsonl.c
  out.c
  parquet.c
  print.c
  property_map.c
  table.c
)
set(RS_OUTPUT_SQL
  sql/graph.sql
)
