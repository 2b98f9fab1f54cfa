# SPDX-License-Identifier: Apache-2.0
set(RS_RUN_SOURCES
  collect.c
  extract.c
  jobs.c
  pipeline.c
  probe.c
  publish.c
  record.c
  record_stats.c
  relate.c
  rules_document.c
  stages.c
  summary.c
  workers.c
)
