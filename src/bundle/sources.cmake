# SPDX-License-Identifier: Apache-2.0
set(RS_BUNDLE_SOURCES
  arrow_ipc.c
  doctor.c
  doctor_files.c
  doctor_graph.c
  doctor_parquet.c
  doctor_rows.c
  files.c
  id_set.c
  manifest.c
  prepared.c
  reader.c
  records.c
  schema_document.c
  view.c
  writer.c
)
