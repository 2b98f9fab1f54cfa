# SPDX-License-Identifier: Apache-2.0
set(RS_RUN_SOURCES
  extract.c
  jobs.c
  pipeline.c
  publish.c
  relate.c
  rules_document.c
  stages.c
  summary.c
  workers.c
)
