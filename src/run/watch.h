/* SPDX-License-Identifier: Apache-2.0 */
/* watch.h - which ids a file has while it is written, for who looks for two texts with one id (clash.h).
 *
 * Of rows whose ids are made of texts an id is kept with a hash of the text, of derivations an edge's id with
 * the number of its input: where no id stands twice with what it may not, there is nothing to be looked for
 * in the files. A file of more such rows than it keeps knows nothing.
 *
 * Threads: one at a time, that of the file's writer.
 */
#ifndef RS_RUN_WATCH_H
#define RS_RUN_WATCH_H

#include "base/vec.h"
#include "parquet/tally.h"

enum { RS_WATCH_ROWS = 1 << 18 }; /* of a run, at most */

typedef struct rs_watched {
    int64_t id;
    int64_t what; /* hash of a text; number of an input */
} rs_watched;

RS_VEC_DEFINE(rs_watched_vec, rs_watched)

typedef struct rs_watch rs_watch;

/* A dataset's watch; *out stays NULL for one without such ids.
 * Ownership: the caller hands *out to rs_watch_free(). Errors: RS_ERR_NOMEM. */
rs_status rs_watch_new(const char *dataset, rs_watch **out, rs_error *err) RS_MUST_USE;
void rs_watch_free(rs_watch *self); /* accepts NULL */

/* As rs_parquet_tally.see. */
void rs_watch_see(void *watch, const rs_parquet_column *columns, size_t n_columns,
                  const rs_parquet_vector *vectors, size_t n_rows);

/* Append what was seen; false when that is not all, or there is no room. */
bool rs_watch_take(const rs_watch *watch, rs_watched_vec *out);

/* In any order: does an id stand there twice: with two texts, or with one input? Sorts them. */
bool rs_watched_meet(rs_watched_vec *all, bool of_texts);

#endif
