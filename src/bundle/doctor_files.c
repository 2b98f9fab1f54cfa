/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_files.c - the files of a bundle against its manifest. */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "bundle/doctor_impl.h"
#include "bundle/files.h"
#include "bundle/manifest.h"
#include "bundle/writer.h"

enum { MAX_LEVELS = 4, MAX_DOCUMENT_BYTES = 256 << 20 };

/* --- the two files that nothing lists --- */

/* A JSON file whose text is not what we make of its content was changed by somebody else. */
static rs_status check_spelling(rs_exam *exam, const char *name, rs_str text, const json_t *value,
                                rs_error *err)
{
    rs_buf printed = {0};
    exam->n_checks++;
    rs_status status = rs_json_print(value, &printed, err);
    if (status == RS_OK && !rs_str_equal(rs_buf_str(&printed), text)) {
        rs_exam_report(exam, "spelling", name, "is not written as relspec writes JSON");
    }
    rs_buf_release(&printed);
    return status;
}

/* member holds the hash of all the others. */
static rs_status check_own_hash(rs_exam *exam, const char *name, const char *member,
                                const json_t *value, rs_error *err)
{
    char hash[RS_SHA256_TEXT_BYTES];
    exam->n_checks++;
    RS_TRY(rs_json_hash_without(value, member, hash, err));
    if (strcmp(hash, rs_manifest_text(value, member)) != 0) {
        rs_exam_report(exam, member, name, "%s is %s, the other members hash to %s", member,
                       rs_manifest_text(value, member), hash);
    }
    return RS_OK;
}

static rs_status check_manifest(rs_exam *exam, rs_error *err)
{
    const rs_reader *reader = exam->doctor->reader;
    RS_TRY(check_spelling(exam, "manifest.json", rs_buf_str(&reader->manifest_text),
                          reader->manifest, err));
    return check_own_hash(exam, "manifest.json", RS_MANIFEST_HASH, reader->manifest, err);
}

/* Keeps what it reads for later exams: no other one runs beside those of its step that use it. */
static rs_status check_environment(rs_exam *exam, rs_error *err)
{
    static const char name[] = "environment.json";
    rs_buf path = {0};
    rs_buf text = {0};
    json_t *value = NULL;
    rs_error cause = {0};
    exam->n_checks++;
    rs_status status = rs_path_set(&path, exam->doctor->reader->directory.bytes, name, &cause);
    RS_THEN(status, rs_files_read(path.bytes, MAX_DOCUMENT_BYTES, &text, &cause));
    RS_THEN(status, rs_json_parse(rs_buf_str(&text), name, &value, &cause));
    if (status == RS_ERR_NOMEM) {
        rs_error_set(err, status, "%s", cause.message);
    } else if (status != RS_OK) {
        rs_exam_report(exam, "file", name, "%s", cause.message);
        status = RS_OK;
    } else {
        status = check_spelling(exam, name, rs_buf_str(&text), value, err);
        RS_THEN(status, check_own_hash(exam, name, RS_ENVIRONMENT_HASH, value, err));
    }
    exam->doctor->environment = value;
    rs_buf_release(&text);
    rs_buf_release(&path);
    return status;
}

/* --- what has to be listed --- */

static void want_text(rs_exam *exam, const char *name)
{
    exam->n_checks++;
    if (json_object_get(json_object_get(exam->doctor->reader->manifest, "files"), name) == NULL) {
        rs_exam_report(exam, "listing", "manifest.json", "does not list %s", name);
    }
}

/* Each group and name once, at the path that they make. */
static void check_places(rs_exam *exam)
{
    const rs_doctor *doctor = exam->doctor;
    char path[256];
    exam->n_checks++;
    for (size_t i = 0; i < doctor->n_datasets; i++) {
        const rs_doctor_dataset *dataset = &doctor->datasets[i];
        snprintf(path, sizeof path, "%s/%s", rs_manifest_text(dataset->row, "group"),
                 dataset->name);
        if (strcmp(path, dataset->path) != 0 || strstr(path, "..") != NULL) {
            rs_exam_report(exam, "listing", "manifest.json", "has dataset %s at %s", path,
                           dataset->path);
        }
        for (size_t j = 0; j < i; j++) {
            if (strcmp(doctor->datasets[j].path, dataset->path) == 0) {
                rs_exam_report(exam, "listing", "manifest.json", "lists %s twice", dataset->path);
            }
        }
    }
}

static void want_dataset(rs_exam *exam, rs_bundle_group group, const rs_dataset *record)
{
    const rs_doctor *doctor = exam->doctor;
    char path[256];
    snprintf(path, sizeof path, "%s/%s", rs_bundle_group_name(group), record->name);
    exam->n_checks++;
    for (size_t i = 0; i < doctor->n_datasets; i++) {
        if (strcmp(doctor->datasets[i].path, path) == 0) {
            uint64_t version = rs_manifest_number(doctor->datasets[i].row, "version");
            if (version != (uint64_t)record->version) {
                rs_exam_report(exam, "version", path, "is %" PRIu64 ", this relspec's is %d",
                               version, record->version);
            }
            return;
        }
    }
    rs_exam_report(exam, "listing", "manifest.json", "does not list dataset %s", path);
}

/* Texts with times in them, which the other list has. */
static void want_timed(rs_exam *exam, const char *name)
{
    exam->n_checks++;
    if (json_object_get(json_object_get(exam->doctor->environment, "files"), name) == NULL) {
        rs_exam_report(exam, "listing", name, "is not in environment.json");
    }
}

static rs_status check_listing(rs_exam *exam, rs_error *err)
{
    static const rs_record_dataset_id timed[] = {RS_R_engine_fallbacks, RS_R_engine_explains};
    static const char *const texts[] = {"README.md",
                                        "config.json",
                                        "relspec/rules.json",
                                        "relspec/rules.arrow",
                                        "relspec/rule_diagnostics.arrow",
                                        "relspec/contracts.json",
                                        "relspec/compiled_outputs.json"};
    (void)err;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        want_text(exam, texts[i]);
    }
    for (size_t i = 0; i < sizeof timed / sizeof timed[0]; i++) {
        char name[256];
        snprintf(name, sizeof name, "relspec/%s.json", rs_record_dataset_get(timed[i])->name);
        want_timed(exam, name);
    }
    for (size_t i = 0; i < exam->doctor->n_datasets; i++) {
        char name[256];
        snprintf(name, sizeof name, "schemas/%s.schema.json", exam->doctor->datasets[i].name);
        want_text(exam, name);
    }
    check_places(exam);
    for (int i = 0; i < RS_N_EVIDENCE; i++) {
        want_dataset(exam, RS_GROUP_EVIDENCE, rs_dataset_get((rs_dataset_id)i));
    }
    for (int i = 0; i < RS_N_GRAPH; i++) {
        want_dataset(exam, RS_GROUP_CPG, rs_graph_dataset_get((rs_graph_dataset_id)i));
        want_dataset(exam, RS_GROUP_REJECTS, rs_graph_dataset_get((rs_graph_dataset_id)i));
    }
    for (int i = 0; i < RS_N_RECORDS; i++) {
        want_dataset(exam, RS_GROUP_RELSPEC, rs_record_dataset_get((rs_record_dataset_id)i));
    }
    return RS_OK;
}

/* --- each file --- */

/* subject: its object in the manifest; `name` is there for a Parquet file, a text's is its key. */
static void check_file(rs_exam *exam, const char *name, const json_t *row)
{
    rs_buf path = {0};
    rs_error cause = {0};
    char hash[RS_SHA256_TEXT_BYTES] = "";
    uint64_t n_found = 0;
    if (json_object_get(row, "sha256") == NULL) { /* it has times in it */
        row = json_object_get(json_object_get(exam->doctor->environment, "files"), name);
    }
    uint64_t n_bytes = rs_manifest_number(row, "bytes");
    exam->n_checks++;
    if (rs_path_set(&path, exam->doctor->reader->directory.bytes, name, &cause) != RS_OK ||
        rs_files_hash(path.bytes, exam->doctor->config->stop, hash, &n_found, &cause) != RS_OK) {
        rs_exam_report(exam, "file", name, "%s", cause.message);
    } else if (n_found != n_bytes) {
        rs_exam_report(exam, "file", name, "%" PRIu64 " bytes, should be %" PRIu64, n_found,
                       n_bytes);
    } else if (strcmp(hash, rs_manifest_text(row, "sha256")) != 0) {
        rs_exam_report(exam, "file", name, "SHA-256 is %s, should be %s", hash,
                       rs_manifest_text(row, "sha256"));
    }
    rs_buf_release(&path);
}

static rs_status check_text_file(rs_exam *exam, rs_error *err)
{
    (void)err;
    const char *name = exam->subject; /* a key of the manifest's "files" */
    check_file(exam, name,
               json_object_get(json_object_get(exam->doctor->reader->manifest, "files"), name));
    return RS_OK;
}

static rs_status check_parquet_file(rs_exam *exam, rs_error *err)
{
    const json_t *row = exam->subject;
    rs_buf name = {0};
    rs_buf_addf(&name, "%s/%s", exam->dataset->path, rs_manifest_text(row, "name"));
    rs_status status = rs_buf_check(&name, err);
    if (status == RS_OK) {
        check_file(exam, name.bytes, row);
    }
    rs_buf_release(&name);
    return status;
}

static rs_status check_has_files(rs_exam *exam, rs_error *err)
{
    (void)err;
    const rs_doctor_dataset *dataset = exam->dataset;
    const json_t *files = json_object_get(dataset->row, "files");
    uint64_t n_rows = 0;
    for (size_t i = 0; i < json_array_size(files); i++) {
        n_rows += rs_manifest_number(json_array_get(files, i), "rows");
    }
    exam->n_checks += 2;
    if (json_array_size(files) == 0) {
        rs_exam_report(exam, "dataset", dataset->path, "has no file");
    }
    if (n_rows != dataset->n_rows) {
        rs_exam_report(exam, "rows", dataset->path,
                       "%" PRIu64 " rows in the manifest's files, %" PRIu64 " in the dataset",
                       n_rows, dataset->n_rows);
    }
    return RS_OK;
}

/* --- files too many --- */

static void visit_below(rs_exam *exam, const char *below, int level);

static void visit_at(rs_exam *exam, const char *name, int level)
{
    rs_buf path = {0};
    struct stat info;
    if (rs_path_set(&path, exam->doctor->reader->directory.bytes, name, NULL) != RS_OK) {
        exam->out_of_memory = true;
    } else if (lstat(path.bytes, &info) == 0 && S_ISDIR(info.st_mode) && level < MAX_LEVELS) {
        visit_below(exam, name, level + 1);
    } else {
        rs_exam_report(exam, "stranger", name, "is not in the manifest");
    }
    rs_buf_release(&path);
}

/* The levels of a bundle bound the recursion. */
static void visit_below(rs_exam *exam, const char *below, int level)
{
    rs_buf path = {0};
    rs_buf name = {0};
    DIR *dir = NULL;
    const struct dirent *entry;
    if (rs_path_set(&path, exam->doctor->reader->directory.bytes, below, NULL) == RS_OK) {
        dir = opendir(path.bytes);
    }
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        rs_buf_reset(&name);
        rs_buf_addf(&name, "%s%s%s", below, below[0] == '\0' ? "" : "/", entry->d_name);
        if (name.failed) {
            exam->out_of_memory = true;
        } else if (json_object_get(exam->doctor->names, name.bytes) == NULL) {
            visit_at(exam, name.bytes, level);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    rs_buf_release(&name);
    rs_buf_release(&path);
}

static rs_status find_strangers(rs_exam *exam, rs_error *err)
{
    (void)err;
    exam->n_checks++;
    visit_below(exam, "", 0);
    return RS_OK;
}

/* --- the step --- */

static rs_status add_name(rs_doctor *doctor, const char *name, rs_error *err)
{
    if (json_object_set_new(doctor->names, name, json_true()) != 0) {
        return rs_error_set(err, RS_ERR_NOMEM, "check the bundle: out of memory");
    }
    return RS_OK;
}

static rs_status add_dataset(rs_doctor *doctor, rs_doctor_dataset *dataset, rs_error *err)
{
    const json_t *files = json_object_get(dataset->row, "files");
    rs_buf name = {0};
    rs_status status = rs_doctor_add_exam(
        doctor, (rs_exam){.fn = check_has_files, .dataset = dataset, .is_opening = true}, err);
    for (size_t i = 0; i < json_array_size(files) && status == RS_OK; i++) {
        const json_t *row = json_array_get(files, i);
        status = rs_doctor_add_exam(doctor,
                                    (rs_exam){.fn = check_parquet_file,
                                              .dataset = dataset,
                                              .subject = row,
                                              .cost = rs_manifest_number(row, "bytes"),
                                              .is_opening = true},
                                    err);
        rs_buf_reset(&name);
        rs_buf_addf(&name, "%s/%s", dataset->path, rs_manifest_text(row, "name"));
        RS_THEN(status, rs_buf_check(&name, err));
        RS_THEN(status, add_name(doctor, name.bytes, err));
    }
    rs_buf_release(&name);
    return status;
}

rs_status rs_doctor_add_file_exams(rs_doctor *doctor, rs_error *err)
{
    static const rs_exam_fn first[] = {check_manifest, check_listing};
    RS_TRY(rs_doctor_add_exam(doctor, (rs_exam){.fn = check_environment}, err));
    RS_TRY(rs_doctor_run_exams(doctor, err)); /* the others look up hashes in it */
    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
        RS_TRY(rs_doctor_add_exam(doctor, (rs_exam){.fn = first[i]}, err));
    }
    RS_TRY(add_name(doctor, "manifest.json", err));
    RS_TRY(add_name(doctor, "environment.json", err));
    const char *name;
    json_t *file;
    json_object_foreach(json_object_get(doctor->reader->manifest, "files"), name, file)
    {
        RS_TRY(add_name(doctor, name, err));
        RS_TRY(rs_doctor_add_exam(doctor, (rs_exam){.fn = check_text_file, .subject = name}, err));
    }
    for (size_t i = 0; i < doctor->n_datasets; i++) {
        RS_TRY(add_dataset(doctor, &doctor->datasets[i], err));
    }
    json_object_foreach(json_object_get(doctor->environment, "files"), name, file)
    {
        if (json_object_get(doctor->names, name) == NULL) { /* no dataset's: a text with times */
            RS_TRY(add_name(doctor, name, err));
            RS_TRY(
                rs_doctor_add_exam(doctor, (rs_exam){.fn = check_text_file, .subject = name}, err));
        }
    }
    return rs_doctor_add_exam(doctor, (rs_exam){.fn = find_strangers}, err);
}
