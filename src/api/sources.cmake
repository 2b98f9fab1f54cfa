# SPDX-License-Identifier: Apache-2.0
set(RS_API_SOURCES
  bundle.c
  config.c
  diff.c
  gate.c
  registry.c
  result_arrow.c
  result_text.c
  run.c
)
