/* SPDX-License-Identifier: Apache-2.0 */
/* writer.h - a run bundle in the making, and the moment at which it is one.
 *
 * A writer makes `<output>/run_bundles/.tmp-<run>-<pid>`, takes files into it, and publishes it:
 * manifest.json last, then one rename to `<output>/run_bundles/<run>` and the link `latest`. As long
 * as it is at it, it holds a lock on the file `.lock-<run>-<pid>` (draft_lock.h). A writer that is
 * freed before removes what it made; what a killed run left behind is removed by the next writer of
 * that directory, which can have the lock.
 *
 * Threads: rs_bundle_writer_directory() from any thread, the rest from one.
 */
#ifndef RS_BUNDLE_WRITER_H
#define RS_BUNDLE_WRITER_H

#include "base/hash.h"
#include "base/json.h"

typedef struct rs_bundle_writer rs_bundle_writer;

/* True for names that a bundle may have: letters, digits, '.', '_', '-'; no '.' or '-' first. */
bool rs_bundle_name_is_valid(const char *name);

/*
 * Start a bundle below output_dir, which is made when it is missing. run_name NULL names the
 * bundle by its content.
 *
 * Ownership: texts are copied; the caller owns *out and hands it to rs_bundle_writer_free().
 * Errors: RS_ERR_IO, RS_ERR_NOMEM, RS_ERR_INVALID for a name that is none.
 */
rs_status rs_bundle_writer_new(const char *output_dir, const char *run_name, rs_bundle_writer **out,
                               rs_error *err) RS_MUST_USE;
/* Accepts NULL. Removes the directory unless it was published. */
void rs_bundle_writer_free(rs_bundle_writer *writer);

/* Remove what killed runs left in a run_bundles/; what cannot be removed stays, and is no bundle. */
void rs_bundle_remove_leftovers(const char *bundles);

/* True when a run that is at it is to have the name. */
bool rs_bundle_is_being_made(const char *bundles, const char *name);

/*
 * Remove a bundle: it loses its name first, as a draft with a lock, so that nothing half removed looks like
 * one. *is_busy, with RS_OK: somebody else does the same.
 *
 * Errors: RS_ERR_IO, RS_ERR_NOMEM.
 */
rs_status rs_bundle_take_away(const char *bundles, const char *name, bool *is_busy,
                              rs_error *err) RS_MUST_USE;

/* The directory that files go into. Borrowed. */
const char *rs_bundle_writer_directory(const rs_bundle_writer *writer);

/* Make a directory below it, with those above. */
rs_status rs_bundle_writer_add_directory(rs_bundle_writer *writer, const char *name,
                                         rs_error *err) RS_MUST_USE;

/* Write a text file; the manifest will list it. */
rs_status rs_bundle_writer_add_text(rs_bundle_writer *writer, const char *name, rs_str text,
                                    rs_error *err) RS_MUST_USE;
/* The same for JSON; value is borrowed. */
rs_status rs_bundle_writer_add_json(rs_bundle_writer *writer, const char *name, const json_t *value,
                                    rs_error *err) RS_MUST_USE;

/* A file that somebody else made below the directory: the manifest will list it. */
rs_status rs_bundle_writer_list(rs_bundle_writer *writer, const char *name,
                                rs_error *err) RS_MUST_USE;

/* The same as rs_bundle_writer_add_json() for a file with times in it: environment.json will list it. */
rs_status rs_bundle_writer_add_timed_json(rs_bundle_writer *writer, const char *name,
                                          const json_t *value, rs_error *err) RS_MUST_USE;

/*
 * Finish: content_hash and the list of text files are added to manifest (borrowed, changed),
 * environment.json and manifest.json are written, the directory gets its name. A bundle of that
 * name is replaced in one step where the system can exchange two names.
 */
rs_status rs_bundle_writer_publish(rs_bundle_writer *writer, json_t *manifest, json_t *environment,
                                   rs_error *err) RS_MUST_USE;

/* The published directory, "" before. Borrowed. */
const char *rs_bundle_writer_path(const rs_bundle_writer *writer);
/* Known once published; "" before. */
const char *rs_bundle_writer_content_hash(const rs_bundle_writer *writer);

/* Members that hold the hash of all the others: of manifest.json, of environment.json. */
#define RS_MANIFEST_HASH "content_hash"
#define RS_ENVIRONMENT_HASH "environment_hash"

#endif
