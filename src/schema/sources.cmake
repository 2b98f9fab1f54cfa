# SPDX-License-Identifier: Apache-2.0
set(RS_SCHEMA_SOURCES
  batch.c
  cursor.c
  entity.c
  fingerprint.c
  frame.c
  held.c
  held_order.c
  kernel.c
  kinds.c
  kinds_document.c
  rows.c
  schema.c
  table.c
)
