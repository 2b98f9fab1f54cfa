/* SPDX-License-Identifier: Apache-2.0 */
/* scope_check.h - what the files share that look for what the compiler refuses. */
#ifndef RS_EVIDENCE_SCOPE_SCOPE_CHECK_H
#define RS_EVIDENCE_SCOPE_SCOPE_CHECK_H

#include "evidence/scope/scope_impl.h"

/*
 * Give a name (a string) a stamp, which is not 0; returns what it had before, in this file. Stamps are
 * nodes: the list that a name must not come twice in, or the name's own.
 */
uint32_t rs_scope_stamp(rs_file_at_hand *x, int what, uint32_t name, uint32_t stamp);

/* scope_check.c */
/* At most one of n's parts is starred, and not too far behind. */
void rs_scope_check_stars(rs_file_at_hand *x, uint32_t n, uint8_t starred, rs_diagnostic_code code,
                          const char *twice, const char *far);
void rs_scope_check_pattern_name(rs_file_at_hand *x, uint32_t n);

/* scope_pattern.c: checks by class, as in the table of scope_check.c. */
void rs_scope_check_value_pattern(rs_file_at_hand *x, uint32_t n, uint32_t at);
void rs_scope_check_sequence(rs_file_at_hand *x, uint32_t n, uint32_t at);
void rs_scope_check_mapping(rs_file_at_hand *x, uint32_t n, uint32_t at);
void rs_scope_check_class_pattern(rs_file_at_hand *x, uint32_t n, uint32_t at);
void rs_scope_check_capture(rs_file_at_hand *x, uint32_t n, uint32_t at);
void rs_scope_check_alternatives(rs_file_at_hand *x, uint32_t n, uint32_t at);

#endif
