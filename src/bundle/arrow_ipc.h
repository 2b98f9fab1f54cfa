/* SPDX-License-Identifier: Apache-2.0 */
/* arrow_ipc.h - rows as Arrow IPC: a stream, or the file that can be read at random.
 *
 * https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format
 *
 * Threads: one at a time.
 */
#ifndef RS_BUNDLE_ARROW_IPC_H
#define RS_BUNDLE_ARROW_IPC_H

#include "base/error.h"
#include "base/str.h"
#include "schema/table.h"

/* Takes bytes as they come; a status other than RS_OK ends the writing with it. */
typedef rs_status (*rs_ipc_write_fn)(const char *bytes, size_t n_bytes, void *context);

/*
 * Write all batches of a stream as an IPC stream.
 *
 * Ownership: rows is read to its end, and stays the caller's to release.
 * Errors: what write says; RS_ERR_ENGINE with the words of a stream that breaks; RS_ERR_NOMEM.
 */
rs_status rs_ipc_write_stream(struct ArrowArrayStream *rows, rs_ipc_write_fn write, void *context,
                              rs_error *err) RS_MUST_USE;

/* One table as an IPC file at path, which is replaced. It is held in memory: for small ones. */
rs_status rs_ipc_write_file(const rs_table *table, const char *path, rs_error *err) RS_MUST_USE;

#endif
