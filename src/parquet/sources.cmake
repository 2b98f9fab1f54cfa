# SPDX-License-Identifier: Apache-2.0
set(RS_PARQUET_SOURCES
  arrow.c
  bytes.c
  chunk.c
  delta.c
  dictionary.c
  footer.c
  frame.c
  hybrid.c
  leaf.c
  levels.c
  sink.c
  statistics.c
  tally.c
  thrift.c
  writer.c
)
