# SPDX-License-Identifier: Apache-2.0
set(RS_EVIDENCE_SCIP_SOURCES
  scip_decode.c
  scip_index.c
  scip_known.c
  scip_link.c
  scip_place.c
  scip_rest.c
  scip_rows.c
  scip_symbol.c
  scip_table.c
)
