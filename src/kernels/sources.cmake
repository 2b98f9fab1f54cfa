# SPDX-License-Identifier: Apache-2.0
set(RS_KERNELS_SOURCES
  align_all.c
  align_best.c
  canonical_sort.c
  dedupe.c
  explode_list.c
  input.c
  interval_align.c
  judge.c
  kernels.c
  order.c
  output.c
  param_signature.c
  stable_id.c
)
