# SPDX-License-Identifier: Apache-2.0
set(RS_MODULES_SOURCES
  dirs.c
  find.c
  map.c
  table.c
)
