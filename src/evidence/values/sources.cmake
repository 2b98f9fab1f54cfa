# SPDX-License-Identifier: Apache-2.0
set(RS_EVIDENCE_VALUES_SOURCES
  answer.c
  link.c
  link_call.c
  link_member.c
  link_model.c
  link_name.c
  link_object.c
  link_operate.c
  link_record.c
  link_root.c
  solve.c
  values_expr.c
  values_file.c
  values_record.c
  values_walk.c
)
