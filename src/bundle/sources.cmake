# SPDX-License-Identifier: Apache-2.0
set(RS_BUNDLE_SOURCES
  files.c
  json.c
  manifest.c
  reader.c
  schema_document.c
  writer.c
)
