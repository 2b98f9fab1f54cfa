/* SPDX-License-Identifier: Apache-2.0 */
/* internal.h - the public header as the library itself sees it: base/error.h comes first, so that
 * statuses and errors are one type on both sides.
 */
#ifndef RS_API_INTERNAL_H
#define RS_API_INTERNAL_H

#include "base/error.h"

#include <relspec/relspec.h>
#include <stdatomic.h>

#include "base/str.h"
#include "base/vec.h"
#include "bundle/reader.h"
#include "run/options.h"

RS_VEC_DEFINE(rs_str_vec, rs_str)
RS_VEC_DEFINE(rs_param_source_vec, rs_param_source)

struct rs_config {
    char *path;
    char *output;
    char *engine;
    char *run_name;
    char *rules_dir;
    char *policy_file; /* NULL: the built-in policy */
    bool has_policy;   /* somebody chose it */
    char *repository_id;
    char *scip;
    uint32_t python;    /* minor version of Python 3; 0: as project files ask */
    rs_str_vec include; /* copies, NUL-terminated */
    rs_str_vec exclude;
    rs_param_source_vec params; /* of copies */
    rs_str_vec only;            /* nodes of the pipeline */
    char *until;                /* the same; NULL: no end */
    unsigned n_threads;
    uint64_t n_memory_bytes;
    uint64_t max_file_bytes;
    bool gitignore;
    bool default_excludes;
    uint64_t shuffle_seed; /* 0: files are taken in the order of their paths */
    bool explain;
    bool events_off;
    rs_progress_fn progress;
    void *progress_context;
    char *project_file; /* NULL: none was read */
    json_t *origins;    /* of settings that are the file's: the line, by name; not copied */
    json_t *bands;      /* of a gate, in place of the snapshot's; NULL: the file has none */
};

/* Ownership: the caller owns *out, also on failure, and hands it to rs_config_free(). */
rs_status rs_config_copy(const rs_config *from, rs_config **out, rs_error *err) RS_MUST_USE;

/* Build as config says; what rs_run_execute() does for a run. */
rs_status rs_config_build(rs_config *config, const atomic_bool *cancelled, rs_buf *summary,
                          rs_buf *path, rs_error *err) RS_MUST_USE;

struct rs_stop {
    atomic_bool is_raised;
};

/* What is looked at (base/stop.h); NULL for NULL. */
static inline const atomic_bool *rs_stop_flag(const rs_stop *stop)
{
    return stop != NULL ? &stop->is_raised : NULL;
}

struct rs_bundle {
    rs_stop stop; /* rs_bundle_cancel() */
    rs_reader *reader;
    bool serves;   /* users' statements, from the first on */
    size_t n_open; /* results and streams: the session reads one statement at a time */
};

struct rs_result {
    rs_bundle *bundle;
    rs_cursor *rows; /* NULL: they were taken in another way */
    bool is_begun;   /* some of the rows were */
    char *sql;
    rs_param *params; /* of owned texts */
    size_t n_params;
    rs_buf text; /* of rs_result_text() */
};

/* The rows of a result of which none was taken, as a stream without a hold on the bundle: result
 * outlives it. */
rs_status rs_result_open_stream(rs_result *result, size_t n_batch_rows, uint64_t max_rows,
                                struct ArrowArrayStream *out, rs_error *err) RS_MUST_USE;

#endif
