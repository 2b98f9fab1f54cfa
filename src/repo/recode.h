/* SPDX-License-Identifier: Apache-2.0 */
/* recode.h - bytes of any encoding but UTF-8 as UTF-8 text, with the way back.
 *
 * Threads: one at a time for one output.
 */
#ifndef RS_REPO_RECODE_H
#define RS_REPO_RECODE_H

#include "repo/codec.h"
#include "repo/source.h"

/* What is appended to. The caller resets or keeps its parts. */
typedef struct rs_recoded {
    rs_buf *text;
    rs_source_pieces *pieces; /* without a last one at the end */
    size_t bad_start;         /* first bytes that the encoding does not have; SIZE_MAX for none */
    size_t bad_end;
    bool is_missing; /* this system's iconv does not have the encoding; nothing was done */
} rs_recoded;

/*
 * Recode bytes[0..n_bytes) by a codec that is text and not UTF-8. What the encoding does not have
 * becomes U+FFFD.
 *
 * Errors: RS_ERR_NOMEM.
 */
rs_status rs_recode(const rs_codec *codec, const char *bytes, size_t n_bytes, rs_recoded *out,
                    rs_error *err) RS_MUST_USE;

#endif
