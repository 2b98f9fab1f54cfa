/* SPDX-License-Identifier: Apache-2.0 */
/* file_draft.h - a file that gets its name when it is whole and on the disk.
 *
 * It is written in a folder of its own beside it, `<path>.tmp-<pid>`, whose lock (draft_lock.h) says that
 * somebody is at it; what a killed writer left of one goes with the next draft of that path.
 *
 * Threads: one at a time.
 */
#ifndef RS_BUNDLE_FILE_DRAFT_H
#define RS_BUNDLE_FILE_DRAFT_H

#include <stdio.h>

#include "base/error.h"
#include "base/str.h"

typedef struct rs_file_draft {
    const char *path; /* borrowed */
    rs_buf directory; /* absolute, once it is ours */
    rs_buf file;
    rs_buf lock;
    int lock_fd;  /* -1: there is none */
    FILE *stream; /* NULL: who writes opens the file */
} rs_file_draft;

/*
 * What is at path will be replaced if it is a file, and is refused if it is anything else.
 *
 * Ownership: the caller hands *draft to rs_file_draft_close() in any case.
 * Errors: RS_ERR_IO, RS_ERR_NOMEM; RS_ERR_INVALID where something else is there.
 */
rs_status rs_file_draft_open(const char *path, bool is_stream, rs_file_draft *draft,
                             rs_error *err) RS_MUST_USE;

/* Appends to a draft with a stream; takes what an rs_out_fn takes. */
rs_status rs_file_draft_write(const char *bytes, size_t n_bytes, void *draft);

/*
 * With RS_OK give the file its name; then remove what is left of the draft. Gives status, or what
 * failed here: what the disk did not take is known only now.
 */
rs_status rs_file_draft_close(rs_file_draft *draft, rs_status status, rs_error *err) RS_MUST_USE;

#endif
