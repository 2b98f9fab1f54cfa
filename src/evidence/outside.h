/* SPDX-License-Identifier: Apache-2.0 */
/* outside.h - modules of the world outside, read as files are, for lenses that link.
 *
 * Whoever links asks for what it meets, a module at a time: a stub runs through the lenses of its language
 * up to the one that asks, for the version and platform of the run; its rows are thrown away.
 *
 * Threads: one, the one that links.
 */
#ifndef RS_EVIDENCE_OUTSIDE_H
#define RS_EVIDENCE_OUTSIDE_H

#include "evidence/extract.h"

typedef struct rs_outside rs_outside;

/* set is borrowed; it has a module table. Errors: RS_ERR_NOMEM. */
rs_status rs_outside_new(const rs_lens_set *set, rs_outside **out, rs_error *err) RS_MUST_USE;
void rs_outside_free(rs_outside *outside);

/*
 * What the lens of that name says of a module of form RS_MODULE_STUB, into an empty buffer. Nothing of it
 * has an id.
 * Errors: RS_ERR_NOMEM, RS_ERR_CANCELLED.
 */
rs_status rs_outside_read(rs_outside *outside, const char *lens, uint32_t module, rs_buf *out,
                          rs_error *err) RS_MUST_USE;

#endif
