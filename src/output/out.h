/* SPDX-License-Identifier: Apache-2.0 */
/* out.h - where a format's output goes: bytes in pieces to a function, or a file (bundle/file_draft.h).
 *
 * Threads: one at a time.
 */
#ifndef RS_OUTPUT_OUT_H
#define RS_OUTPUT_OUT_H

#include "base/error.h"
#include "base/str.h"

/* Takes bytes as they come; a status other than RS_OK ends the writing with it. */
typedef rs_status (*rs_out_fn)(const char *bytes, size_t n_bytes, void *context);

typedef struct rs_out {
    rs_buf text; /* what is not handed on yet: formats append here, and call rs_out_flow() */
    rs_out_fn write;
    void *context;
    /* Where a format that is a file writes one, which is not there; else NULL. */
    const char *path;
    const char *directory; /* that it lies in */
    bool has_numbers;      /* JSON: whole numbers of 64 bits are numbers, not texts */
    unsigned n_columns;    /* a terminal's, which a table keeps to; 0: as wide as it needs */
} rs_out;

/* Hand on what has come together, when it is worth it. Errors: those of write; RS_ERR_NOMEM. */
rs_status rs_out_flow(rs_out *out, rs_error *err) RS_MUST_USE;
/* Hand on all of it. */
rs_status rs_out_flush(rs_out *out, rs_error *err) RS_MUST_USE;
void rs_out_release(rs_out *out);

#endif
