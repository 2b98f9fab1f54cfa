/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/stop.h"
#include "bundle/doctor_impl.h"
#include "bundle/files.h"
#include "schema/schema.h"

/* --- what an exam does --- */

void rs_exam_report(rs_exam *exam, const char *check, const char *object, const char *format, ...)
{
    char message[RS_ERROR_TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    for (char *at = message; *at != '\0'; at++) { /* one line a finding */
        if (*at == '\n' || *at == '\r') {
            *at = ' ';
        }
    }
    rs_doctor_finding finding = {.check = check,
                                 .object = rs_strndup(object, strlen(object)),
                                 .message = rs_strndup(message, strlen(message))};
    if (finding.object == NULL || finding.message == NULL ||
        !rs_doctor_finding_vec_push(&exam->findings, finding)) {
        rs_free(finding.object);
        rs_free(finding.message);
        exam->out_of_memory = true;
    }
}

/* What the engine says is a finding, unless it says that nothing goes any more. */
static rs_status take_refusal(rs_exam *exam, const char *check, const char *object,
                              const rs_error *cause, rs_error *err)
{
    if (cause->status == RS_ERR_NOMEM || cause->status == RS_ERR_CANCELLED) {
        return rs_error_set(err, cause->status, "%s", cause->message);
    }
    rs_exam_report(exam, check, object, "%s", cause->message);
    return RS_OK;
}

rs_status rs_exam_query(rs_exam *exam, const char *check, const char *object, const char *sql,
                        rs_cursor **out, rs_error *err)
{
    rs_error cause = {0};
    exam->n_checks++;
    if (rs_session_query(exam->session, check, sql, NULL, 0, out, &cause) == RS_OK) {
        return RS_OK;
    }
    *out = NULL;
    return take_refusal(exam, check, object, &cause, err);
}

rs_status rs_exam_each_row(rs_exam *exam, const char *check, const char *object, const char *sql,
                           rs_exam_row_fn at, void *context, rs_error *err)
{
    rs_cursor *result = NULL;
    rs_error cause = {0};
    RS_TRY(rs_exam_query(exam, check, object, sql, &result, err));
    rs_status status = RS_OK;
    for (size_t n_rows = 1; result != NULL && n_rows > 0;) {
        if (rs_cursor_next(result, &n_rows, &cause) != RS_OK) {
            status = take_refusal(exam, check, object, &cause, err);
            break;
        }
        for (size_t i = 0; i < n_rows; i++) {
            at(exam, result, i, context);
        }
    }
    rs_cursor_free(result);
    return status;
}

static void take_number(rs_exam *exam, const rs_cursor *result, size_t row, void *context)
{
    (void)exam;
    *(int64_t *)context = rs_cursor_i64(result, 0, row);
}

rs_status rs_exam_count(rs_exam *exam, const char *check, const char *object, const char *sql,
                        const char *message, rs_error *err)
{
    int64_t n_rows = 0;
    RS_TRY(rs_exam_each_row(exam, check, object, sql, take_number, &n_rows, err));
    if (n_rows > 0) {
        rs_exam_report(exam, check, object, "%lld %s", (long long)n_rows, message);
    }
    return RS_OK;
}

/* --- running exams --- */

rs_status rs_doctor_add_exam(rs_doctor *doctor, rs_exam exam, rs_error *err)
{
    exam.doctor = doctor;
    if (!rs_exam_vec_push(&doctor->exams, exam)) {
        return rs_error_set(err, RS_ERR_NOMEM, "check the bundle: out of memory");
    }
    return RS_OK;
}

static int dearer_first(const void *left, const void *right)
{
    const rs_exam *a = *(rs_exam *const *)left;
    const rs_exam *b = *(rs_exam *const *)right;
    return a->cost > b->cost ? -1 : a->cost < b->cost;
}

static rs_status work(void *context, size_t worker, const atomic_bool *stop, rs_error *err)
{
    rs_doctor *doctor = context;
    rs_status status = RS_OK;
    while (status == RS_OK && !atomic_load(stop)) {
        size_t at = atomic_fetch_add(&doctor->next, 1);
        if (at >= doctor->exams.n_items) {
            break;
        }
        RS_TRY(rs_stop_check(doctor->config->stop, err));
        rs_exam *exam = doctor->by_cost[at];
        RS_ASSERT(exam->session == NULL && exam->findings.n_items == 0); /* one worker's, once */
        exam->session = doctor->sessions[worker];
        status = exam->fn(exam, err);
        if (status == RS_OK && exam->out_of_memory) {
            status = rs_error_set(err, RS_ERR_NOMEM, "check the bundle: out of memory");
        }
    }
    return status;
}

/* Again and again: what is interrupted may not have begun. */
static void interrupt_when_stopped(void *context)
{
    const rs_doctor *doctor = context;
    for (size_t i = 0; rs_stopped(doctor->config->stop) && i < doctor->n_sessions; i++) {
        rs_session_interrupt(doctor->sessions[i]);
    }
}

static rs_status open_sessions(rs_doctor *doctor, size_t n_workers, rs_error *err)
{
    doctor->sessions = rs_alloc_zero(n_workers, sizeof(void *)); /* the list holds pointers */
    if (doctor->sessions == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "check the bundle: out of memory");
    }
    while (doctor->n_sessions < n_workers) {
        RS_TRY(rs_session_new(doctor->reader->engine, &doctor->sessions[doctor->n_sessions], err));
        doctor->n_sessions++;
    }
    return RS_OK;
}

static void close_sessions(rs_doctor *doctor)
{
    while (doctor->n_sessions > 0) {
        rs_session_free(doctor->sessions[--doctor->n_sessions]);
    }
    rs_free((void *)doctor->sessions);
    doctor->sessions = NULL;
}

static rs_status run_all(rs_doctor *doctor, rs_error *err)
{
    const rs_doctor_config *config = doctor->config;
    size_t n_exams = doctor->exams.n_items;
    size_t n_workers = config->n_workers < n_exams ? config->n_workers : n_exams;
    atomic_bool never = false;
    atomic_store(&doctor->next, 0);
    rs_status status = open_sessions(doctor, n_workers > 0 ? n_workers : 1, err);
    if (status == RS_OK) {
        status = config->crew == NULL || n_workers < 1
                     ? work(doctor, 0, &never, err)
                     : config->crew(n_workers, work, interrupt_when_stopped, doctor, err);
    }
    close_sessions(doctor);
    return rs_stopped(config->stop) ? rs_stop_check(config->stop, err) : status;
}

static void report_exam(rs_doctor *doctor, rs_exam *exam, bool wanted)
{
    doctor->n_checks += exam->n_checks;
    for (size_t i = 0; i < exam->findings.n_items; i++) {
        rs_doctor_finding *finding = &exam->findings.items[i];
        if (wanted) {
            doctor->config->report(finding->check, finding->object, finding->message,
                                   doctor->config->context);
            doctor->n_findings++;
        }
        rs_free(finding->object);
        rs_free(finding->message);
    }
    if (exam->is_opening && exam->findings.n_items > 0) {
        exam->dataset->is_readable = false;
    }
    rs_doctor_finding_vec_release(&exam->findings);
}

rs_status rs_doctor_run_exams(rs_doctor *doctor, rs_error *err)
{
    size_t n_exams = doctor->exams.n_items;
    RS_ASSERT(doctor->by_cost == NULL); /* steps do not nest */
    doctor->by_cost = rs_alloc(n_exams + 1, sizeof *doctor->by_cost);
    if (doctor->by_cost == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "check the bundle: out of memory");
    }
    for (size_t i = 0; i < n_exams; i++) {
        doctor->by_cost[i] = &doctor->exams.items[i];
    }
    qsort(doctor->by_cost, n_exams, sizeof *doctor->by_cost, dearer_first);
    rs_status status = run_all(doctor, err);
    for (size_t i = 0; i < n_exams; i++) {
        report_exam(doctor, &doctor->exams.items[i], status == RS_OK);
    }
    rs_free(doctor->by_cost);
    doctor->by_cost = NULL;
    rs_exam_vec_reset(&doctor->exams);
    return status;
}

/* --- datasets --- */

rs_doctor_dataset *rs_doctor_find(const rs_doctor *doctor, const char *name)
{
    for (size_t i = 0; i < doctor->n_datasets; i++) {
        rs_doctor_dataset *dataset = &doctor->datasets[i];
        if (!dataset->is_reject && dataset->is_readable && strcmp(dataset->name, name) == 0) {
            return dataset;
        }
    }
    return NULL;
}

static const rs_dataset *record_of(const char *name)
{
    const rs_dataset *record = rs_dataset_find(rs_str_of(name));
    return record != NULL ? record : rs_record_dataset_find(rs_str_of(name));
}

static rs_status list_datasets(rs_doctor *doctor, rs_error *err)
{
    const json_t *rows = json_object_get(doctor->reader->manifest, "datasets");
    doctor->names = json_object();
    doctor->datasets = rs_alloc_zero(json_array_size(rows) + 1, sizeof *doctor->datasets);
    if (doctor->names == NULL || doctor->datasets == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "check the bundle: out of memory");
    }
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *name = rs_manifest_text(row, "name");
        doctor->datasets[doctor->n_datasets++] = (rs_doctor_dataset){
            .row = row,
            .name = name,
            .path = rs_manifest_text(row, "path"),
            .is_reject = strcmp(rs_manifest_text(row, "group"), "rejects") == 0,
            .record = record_of(name),
            .is_readable = true,
            .n_rows = rs_manifest_number(row, "rows"),
        };
    }
    return RS_OK;
}

/* --- all of it --- */

static rs_status check_all(rs_doctor *doctor, rs_error *err)
{
    RS_TRY(rs_session_open(doctor->reader->session, err)); /* else it would be a finding */
    RS_TRY(list_datasets(doctor, err));
    RS_TRY(rs_doctor_add_file_exams(doctor, err));
    RS_TRY(rs_doctor_run_exams(doctor, err));
    RS_TRY(rs_doctor_add_parquet_exams(doctor, err));
    RS_TRY(rs_doctor_run_exams(doctor, err));
    RS_TRY(rs_doctor_add_row_exams(doctor, err));
    RS_TRY(rs_doctor_add_graph_exams(doctor, err));
    RS_TRY(rs_doctor_run_exams(doctor, err));
    RS_TRY(rs_doctor_add_reference_exams(doctor, err));
    RS_TRY(rs_doctor_add_identity_exams(doctor, err));
    return rs_doctor_run_exams(doctor, err);
}

static void release(rs_doctor *doctor)
{
    for (size_t i = 0; i < doctor->exams.n_items; i++) { /* planned, never run */
        rs_doctor_finding_vec_release(&doctor->exams.items[i].findings);
    }
    rs_exam_vec_release(&doctor->exams);
    for (size_t i = 0; i < doctor->n_datasets; i++) {
        json_decref(doctor->datasets[i].schema);
    }
    rs_free(doctor->datasets);
    for (size_t i = 0; i < RS_N_FOOTER_QUESTIONS; i++) {
        rs_footer_row_vec_release(&doctor->footers[i]);
    }
    rs_arena_release(&doctor->arena);
    rs_id_set_release(&doctor->node_ids);
    json_decref(doctor->names);
    json_decref(doctor->environment);
    rs_reader_free(doctor->reader);
}

/* True when there is a bundle whose manifest cannot be used. */
static bool has_manifest(const char *path)
{
    rs_buf directory = {0};
    rs_buf manifest = {0};
    bool found = rs_reader_find(path, &directory, NULL) == RS_OK &&
                 rs_path_set(&manifest, directory.bytes, "manifest.json", NULL) == RS_OK &&
                 access(manifest.bytes, F_OK) == 0;
    rs_buf_release(&manifest);
    rs_buf_release(&directory);
    return found;
}

rs_status rs_doctor_run(const rs_doctor_config *config, uint64_t *n_checks, uint64_t *n_findings,
                        rs_error *err)
{
    rs_doctor doctor = {.config = config};
    rs_error cause = {0};
    rs_status status = rs_reader_new(config->path, NULL, &doctor.reader, &cause);
    if (status == RS_OK) {
        status = rs_reader_settle(doctor.reader, check_all(&doctor, err), err);
    } else if ((status == RS_ERR_INVALID || status == RS_ERR_IO) && has_manifest(config->path)) {
        doctor.n_checks++;
        doctor.n_findings++;
        config->report("manifest", "manifest.json", cause.message, config->context);
        status = RS_OK;
    } else {
        status = rs_error_set(err, status, "%s", cause.message);
    }
    *n_checks = doctor.n_checks;
    *n_findings = doctor.n_findings;
    release(&doctor);
    return status;
}
