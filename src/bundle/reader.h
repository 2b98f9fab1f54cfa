/* SPDX-License-Identifier: Apache-2.0 */
/* reader.h - a bundle on disk: its manifest, and every dataset as a view.
 *
 * Views are made when somebody needs them, each with those that it reads: a view costs the engine a
 * look at a file. There are: each dataset under its name with all registered columns, a param table under the name that
 * the rules' SQL has for it (p_<name>); `stored_<dataset>` with those
 * that stand in the files; `rejects_<dataset>`; of the manifest `datasets`, `kinds`,
 * `rejects`; and those of prepared.h.
 *
 * Threads: one at a time for each reader.
 */
#ifndef RS_BUNDLE_READER_H
#define RS_BUNDLE_READER_H

#include "base/json.h"
#include "engine/duckdb/session.h"

typedef struct rs_reader_view rs_reader_view;

typedef struct rs_reader {
    rs_engine *engine;
    rs_session *session;
    rs_buf directory;     /* absolute */
    rs_buf manifest_text; /* as it stands in the file */
    json_t *manifest;
    const rs_kinds
        *kinds;     /* of its nodes and edges: those of the registry, and what the manifest adds */
    rs_arena arena; /* of those */
    rs_reader_view *views; /* that there are, made or not; NULL: nobody asked yet */
    size_t n_views;
    const atomic_bool *stop; /* of whoever opened it; NULL: nobody will */
    int fd; /* of the directory that was opened, whatever has its name now; -1: none */
} rs_reader;

/*
 * Find the bundle (path itself, path/latest, path/run_bundles/latest), read its manifest, open an
 * engine that sees its directory and nothing else. Where stop is given (base/stop.h), it ends what runs, and
 * there is one session at a time.
 *
 * Ownership: the caller owns *out and hands it to rs_reader_free().
 * Errors: RS_ERR_INVALID when there is none, one of another format, or one whose path has * ? or [ in
 * it and fits another bundle as a pattern; RS_ERR_IO; RS_ERR_NOMEM.
 */
rs_status rs_reader_new(const char *path, const atomic_bool *stop, rs_reader **out,
                        rs_error *err) RS_MUST_USE;
/* The same, for statements of users: with an engine that cannot write. */
rs_status rs_reader_new_for_users(const char *path, const atomic_bool *stop, rs_reader **out,
                                  rs_error *err) RS_MUST_USE;
void rs_reader_free(rs_reader *reader);

/*
 * Give status on, unless another bundle has the name of this one now, or none has: then what was read may be
 * of both, and that is said. For whoever is done with reading.
 *
 * Errors: RS_ERR_IO.
 */
rs_status rs_reader_settle(const rs_reader *reader, rs_status status, rs_error *err) RS_MUST_USE;

/*
 * Read a JSON document of the bundle by its name in it: NULL where it is not there, or no JSON; the doctor tells, a
 * reader does without. Ownership: the caller's, json_decref(). Errors: RS_ERR_NOMEM.
 */
rs_status rs_reader_load(const rs_reader *reader, const char *name, json_t **out,
                         rs_error *err) RS_MUST_USE;

/* The directory that rs_reader_new() opens. */
rs_status rs_reader_find(const char *path, rs_buf *directory, rs_error *err) RS_MUST_USE;

/* Append the files of a dataset, its row of the manifest's "datasets", as read_parquet() takes them. */
rs_status rs_reader_add_files_sql(const rs_reader *reader, const json_t *row, rs_buf *sql,
                                  rs_error *err) RS_MUST_USE;
/* Make the view of that name over them. */
rs_status rs_reader_add_files_view(const rs_reader *reader, const json_t *row, const char *name,
                                   rs_error *err) RS_MUST_USE;
/* Make the view of the stored columns of one dataset: its row of the manifest's "datasets". */
rs_status rs_reader_add_stored(rs_reader *reader, const json_t *row, rs_error *err) RS_MUST_USE;
/* Make the view of that name, and those that it reads. Errors: RS_ERR_INVALID where there is none. */
rs_status rs_reader_add_view(rs_reader *reader, const char *name, rs_error *err) RS_MUST_USE;
/* Make all views. */
rs_status rs_reader_add_views(rs_reader *reader, rs_error *err) RS_MUST_USE;

/* From now on users' statements: one thread, no further setting, and faults with their place. */
rs_status rs_reader_serve(rs_reader *reader, rs_error *err) RS_MUST_USE;
/*
 * Make the views that a user's statement names, and those that they read; all of them where it may see
 * more than it names (a name that is none of ours, SHOW TABLES).
 *
 * Errors: as rs_statement_parse(): it is refused where it does more than read.
 */
rs_status rs_reader_add_views_of(rs_reader *reader, const char *label, const char *sql,
                                 rs_error *err) RS_MUST_USE;

/* What rs_reader_free() does about them. */
void rs_reader_forget_views(rs_reader *reader);

/* Members of a dataset's row; "" and 0 where the manifest is not as it should be. */
const char *rs_manifest_text(const json_t *row, const char *key);
uint64_t rs_manifest_number(const json_t *row, const char *key);

#endif
