# SPDX-License-Identifier: Apache-2.0
set(RS_BASE_SOURCES
  alloc.c
  arena.c
  clock.c
  error.c
  hash.c
  json.c
  line_index.c
  memory.c
  shuffle.c
  sql.c
  str.c
)
