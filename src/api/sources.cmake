# SPDX-License-Identifier: Apache-2.0
set(RS_API_SOURCES
  bundle.c
  config.c
  diff.c
  gate.c
  output.c
  project.c
  registry.c
  result.c
  run.c
  runs.c
)
