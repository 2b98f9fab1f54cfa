# SPDX-License-Identifier: Apache-2.0
# Until the syntax lens is there, nothing can be extracted.
if(EXISTS ${PROJECT_SOURCE_DIR}/src/evidence/syntax.h)
  set(RS_RUN_SOURCES
    extract.c
    jobs.c
    pipeline.c
    publish.c
    rules_document.c
    stages.c
    summary.c
    workers.c
  )
endif()
