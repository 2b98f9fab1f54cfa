# SPDX-License-Identifier: Apache-2.0
set(RS_MODULES_SOURCES
  dirs.c
  find.c
  ini.c
  map.c
  project.c
  requires.c
  setup.c
  stubs.c
  table.c
  toml.c
)
