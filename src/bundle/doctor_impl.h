/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_impl.h - what the files behind doctor.h share: exams, and what they look at.
 *
 * An *exam* is one function over one subject, run by one worker with a session of its own. It keeps
 * its findings; they are reported after the step, exam by exam. While exams run, the doctor and its
 * datasets are read-only, but for what an exam's comment says.
 */
#ifndef RS_BUNDLE_DOCTOR_IMPL_H
#define RS_BUNDLE_DOCTOR_IMPL_H

#include "base/arena.h"
#include "base/vec.h"
#include "bundle/doctor.h"
#include "bundle/id_set.h"
#include "bundle/reader.h"

typedef struct rs_doctor rs_doctor;
typedef struct rs_exam rs_exam;

/* One row of the manifest's "datasets". */
typedef struct rs_doctor_dataset {
    const json_t *row;
    const char *name;
    const char *path; /* "evidence/defs" */
    bool is_reject;
    const rs_dataset *record; /* of the registry; NULL: it has none */
    bool is_readable;         /* its files are there and open */
    uint64_t n_rows;          /* as the manifest says */
    json_t *schema; /* its schema document: the registry's own where there is one; or NULL */
} rs_doctor_dataset;

typedef rs_status (*rs_exam_fn)(rs_exam *exam, rs_error *err);

typedef struct rs_doctor_finding {
    const char *check; /* constant */
    char *object;
    char *message;
} rs_doctor_finding;

RS_VEC_DEFINE(rs_doctor_finding_vec, rs_doctor_finding)

struct rs_exam {
    rs_exam_fn fn;
    rs_doctor *doctor;
    rs_doctor_dataset *dataset; /* NULL: none in particular */
    const void *subject;
    size_t number;   /* which of several exams of the subject */
    uint64_t cost;   /* those with the highest go first */
    bool is_opening; /* a finding makes the dataset unreadable */

    rs_session *session; /* while it runs */
    uint64_t n_checks;
    rs_doctor_finding_vec findings;
    bool out_of_memory; /* a finding is lost */
};

RS_VEC_DEFINE(rs_exam_vec, rs_exam)

/* What footers say: of files, of columns, of metadata; texts lie in the doctor's arena. */
enum { RS_FOOTER_ROWS, RS_FOOTER_COLUMNS, RS_FOOTER_PAIRS, RS_N_FOOTER_QUESTIONS };
typedef struct rs_footer_row {
    rs_str folder; /* of the dataset */
    rs_str texts[2];
    int64_t number;
} rs_footer_row;

RS_VEC_DEFINE(rs_footer_row_vec, rs_footer_row)

struct rs_doctor {
    const rs_doctor_config *config;
    rs_reader *reader;
    rs_doctor_dataset *datasets;
    size_t n_datasets;
    json_t *environment; /* environment.json; NULL when it cannot be read */
    bool knows_footers;  /* those of all files */
    rs_footer_row_vec footers[RS_N_FOOTER_QUESTIONS];
    rs_arena arena;
    json_t *names;         /* of everything that the manifest lists: path -> true */
    rs_id_set node_ids;    /* made by the exam of the nodes' ids; marks are kinds (doctor_ids.c) */
    rs_exam_vec exams;     /* of the step */
    rs_exam **by_cost;     /* while they run */
    atomic_size_t next;    /* of by_cost */
    rs_session **sessions; /* of workers, while exams run */
    size_t n_sessions;
    uint64_t n_checks;
    uint64_t n_findings;
};

/* --- exams (doctor.c) --- */

/* Plan an exam of the step: *exam is copied. */
rs_status rs_doctor_add_exam(rs_doctor *doctor, rs_exam exam, rs_error *err) RS_MUST_USE;
/* Run and report what was planned. */
rs_status rs_doctor_run_exams(rs_doctor *doctor, rs_error *err) RS_MUST_USE;

/* The dataset of that name that is no reject and readable; NULL for none. */
rs_doctor_dataset *rs_doctor_find(const rs_doctor *doctor, const char *name);

void rs_exam_report(rs_exam *exam, const char *check, const char *object, const char *format, ...)
    RS_PRINTF(4, 5);

/* Run a SELECT. What the engine refuses is a finding, and *out is NULL. */
rs_status rs_exam_query(rs_exam *exam, const char *check, const char *object, const char *sql,
                        rs_cursor **out, rs_error *err) RS_MUST_USE;
/* A finding "N message" when the SELECT's one number is not 0. */
rs_status rs_exam_count(rs_exam *exam, const char *check, const char *object, const char *sql,
                        const char *message, rs_error *err) RS_MUST_USE;
/* An exam function's step over a result's rows; at is called for each. */
typedef void (*rs_exam_row_fn)(rs_exam *exam, const rs_cursor *result, size_t row, void *context);
rs_status rs_exam_each_row(rs_exam *exam, const char *check, const char *object, const char *sql,
                           rs_exam_row_fn at, void *context, rs_error *err) RS_MUST_USE;

/* --- the steps --- */

rs_status rs_doctor_add_file_exams(rs_doctor *doctor, rs_error *err) RS_MUST_USE;
rs_status rs_doctor_add_parquet_exams(rs_doctor *doctor, rs_error *err) RS_MUST_USE;
rs_status rs_doctor_add_row_exams(rs_doctor *doctor, rs_error *err) RS_MUST_USE;
rs_status rs_doctor_add_graph_exams(rs_doctor *doctor, rs_error *err) RS_MUST_USE;
/* Of the step before: the nodes' ids. */
rs_status rs_doctor_add_node_exam(rs_doctor *doctor, rs_error *err) RS_MUST_USE;
rs_status rs_doctor_add_reference_exams(rs_doctor *doctor, rs_error *err) RS_MUST_USE;
rs_status rs_doctor_add_identity_exams(rs_doctor *doctor, rs_error *err) RS_MUST_USE;

/* --- schema documents --- */

/* The column in its document; NULL for none. */
const json_t *rs_schema_column(const json_t *schema, const char *name);
bool rs_schema_column_is_stored(const json_t *column);
/* Call fn with each name of the key, in order. */
typedef void (*rs_key_fn)(rs_str name, void *context);
void rs_schema_each_key(const json_t *schema, rs_key_fn fn, void *context);
/* Append SQL for the file that a row lies in. False, and nothing is appended, when its dataset lies
 * in no file. */
bool rs_schema_add_file_sql(const rs_doctor_dataset *dataset, rs_buf *sql);

#endif
