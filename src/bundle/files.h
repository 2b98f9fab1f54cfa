/* SPDX-License-Identifier: Apache-2.0 */
/* files.h - the file system as bundles need it: whole files, whole trees, hashes.
 *
 * Paths are NUL-terminated. Errors are RS_ERR_IO with the system's words and the path, or
 * RS_ERR_NOMEM.
 *
 * Threads: all functions may be called from any thread.
 */
#ifndef RS_BUNDLE_FILES_H
#define RS_BUNDLE_FILES_H

#include <stdatomic.h>

#include "base/hash.h"

/* Replace path by directory "/" name. */
rs_status rs_path_set(rs_buf *path, const char *directory, const char *name,
                      rs_error *err) RS_MUST_USE;

/* Make the directory, and those above it that are missing; there already is fine. */
rs_status rs_files_make_dirs(const char *path, rs_error *err) RS_MUST_USE;

/* Remove a file or a directory with all that is in it, following no link; not there is fine. */
rs_status rs_files_remove_tree(const char *path, rs_error *err) RS_MUST_USE;

/* Make the file from bytes[0..n_bytes); what was there is replaced. */
rs_status rs_files_write(const char *path, const char *bytes, size_t n_bytes,
                         rs_error *err) RS_MUST_USE;

/* Append a whole regular file to *out. Errors: also RS_ERR_LIMIT over max_bytes. */
rs_status rs_files_read(const char *path, size_t max_bytes, rs_buf *out, rs_error *err) RS_MUST_USE;

/* Move a file to a name that is not taken, also to another file system. */
rs_status rs_files_move(const char *from, const char *to, rs_error *err) RS_MUST_USE;

/* Hash a regular file; RS_ERR_CANCELLED once stop is raised (base/stop.h). */
rs_status rs_files_hash(const char *path, const atomic_bool *stop, char hash[RS_SHA256_TEXT_BYTES],
                        uint64_t *n_bytes, rs_error *err) RS_MUST_USE;

/* Append the absolute path behind all links. */
rs_status rs_files_resolve(const char *path, rs_buf *out, rs_error *err) RS_MUST_USE;

/*
 * Append the Parquet files that lie depth folders below the directory, by name, as a list that SQL's
 * read_parquet() takes. The path to them may have a * ? or [ in it: the engine takes it as it stands
 * unless it fits something else, too, which lies outside of what the engine may read and is refused.
 * Where there is no file, a pattern stands for them, so that the engine says so.
 */
rs_status rs_files_add_parquet_sql(const char *directory, unsigned depth, rs_buf *sql,
                                   rs_error *err) RS_MUST_USE;

/*
 * Have what was written to the file system that fd is of on the disk, names too, before returning. What
 * could not be written since fd was opened is an error, also where a close() told somebody who did not
 * listen: so fd is older than what was written.
 *
 * Errors: RS_ERR_IO when the system says that something could not be written; a file system that
 * cannot be asked is none.
 */
rs_status rs_files_sync(int fd, const char *what, rs_error *err) RS_MUST_USE;
/* The same of one file. */
rs_status rs_files_sync_one(int fd, const char *what, rs_error *err) RS_MUST_USE;
/* The same for what names the directory itself has. */
rs_status rs_files_sync_names(const char *directory, rs_error *err) RS_MUST_USE;

/* Swap two names in one step where the system can; false (errno set) where it cannot. */
bool rs_files_exchange(const char *a, const char *b);

#endif
