# SPDX-License-Identifier: Apache-2.0
set(RS_EVIDENCE_SOURCES
  extract.c
  file.c
  language.c
  outside.c
)
