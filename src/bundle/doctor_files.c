/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <inttypes.h>
#include <sys/stat.h>

#include "bundle/doctor.h"
#include "bundle/files.h"
#include "bundle/manifest.h"

enum { MAX_LEVELS = 4 };

/* --- the files against the manifest --- */

/* False when the file is not what the manifest says, which is reported. */
static bool check_file(rs_doctor *doctor, const char *name, uint64_t n_bytes, const char *sha256)
{
    rs_buf path = {0};
    rs_error cause = {0};
    char hash[RS_SHA256_TEXT_BYTES] = "";
    uint64_t n_found = 0;
    bool good = false;
    doctor->n_checks++;
    if (rs_path_set(&path, doctor->reader->directory.bytes, name, &cause) != RS_OK ||
        rs_files_hash(path.bytes, hash, &n_found, &cause) != RS_OK) {
        rs_doctor_report(doctor, "file", name, "%s", cause.message);
    } else if (n_found != n_bytes) {
        rs_doctor_report(doctor, "file", name, "%" PRIu64 " bytes, the manifest says %" PRIu64,
                         n_found, n_bytes);
    } else if (strcmp(hash, sha256) != 0) {
        rs_doctor_report(doctor, "file", name, "SHA-256 is %s, the manifest says %s", hash, sha256);
    } else {
        good = true;
    }
    rs_buf_release(&path);
    return good;
}

static void add_name(const char *directory, const char *name, rs_buf *out)
{
    rs_buf_reset(out);
    rs_buf_addf(out, "%s/%s", directory, name);
}

static bool check_dataset_files(rs_doctor *doctor, const json_t *row, json_t *expected)
{
    const json_t *files = json_object_get(row, "files");
    rs_buf name = {0};
    bool good = json_array_size(files) > 0;
    doctor->n_checks++;
    if (!good) {
        rs_doctor_report(doctor, "dataset", rs_manifest_text(row, "path"), "has no file");
    }
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *file = json_array_get(files, i);
        add_name(rs_manifest_text(row, "path"), rs_manifest_text(file, "name"), &name);
        good = check_file(doctor, rs_buf_text(&name), rs_manifest_number(file, "bytes"),
                          rs_manifest_text(file, "sha256")) &&
               good;
        json_object_set_new(expected, rs_buf_text(&name), json_true());
    }
    rs_buf_release(&name);
    return good;
}

static void mark_broken(rs_doctor *doctor, const json_t *row)
{
    if (strcmp(rs_manifest_text(row, "group"), "rejects") != 0) { /* no check needs those */
        json_object_set_new(doctor->broken, rs_manifest_text(row, "name"), json_true());
    }
}

/* What lies in the bundle and is not in the manifest. The levels of a bundle bound this. */
static void find_strangers(rs_doctor *doctor, const char *below, int level, const json_t *expected)
{
    rs_buf path = {0};
    rs_buf name = {0};
    struct stat info;
    DIR *dir = NULL;
    const struct dirent *entry;
    if (rs_path_set(&path, doctor->reader->directory.bytes, below, NULL) == RS_OK) {
        dir = opendir(path.bytes);
    }
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        rs_buf_reset(&name);
        rs_buf_addf(&name, "%s%s%s", below, below[0] == '\0' ? "" : "/", entry->d_name);
        if (name.failed ||
            rs_path_set(&path, doctor->reader->directory.bytes, name.bytes, NULL) != RS_OK ||
            json_object_get(expected, name.bytes) != NULL) {
            continue;
        }
        if (lstat(path.bytes, &info) == 0 && S_ISDIR(info.st_mode) && level < MAX_LEVELS) {
            find_strangers(doctor, name.bytes, level + 1, expected);
        } else {
            rs_doctor_report(doctor, "stranger", name.bytes, "is not in the manifest");
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    rs_buf_release(&name);
    rs_buf_release(&path);
}

/* --- each dataset's Parquet --- */

static rs_status check_rows_of_file(rs_doctor *doctor, const char *name, uint64_t n_rows,
                                    bool *good, rs_error *err)
{
    rs_buf path = {0};
    rs_buf sql = {0};
    int64_t n_found = 0;
    bool found = false;
    rs_buf_addf(&path, "%s/%s", doctor->reader->directory.bytes, name);
    rs_buf_add(&sql, "SELECT count(*) FROM read_parquet(");
    rs_buf_add_sql_literal(&sql, (rs_str){path.bytes, path.n_bytes});
    rs_buf_add(&sql, ")");
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status = rs_doctor_ask(doctor, "rows", name, sql.bytes, &n_found, &found, err);
    }
    if (status == RS_OK && found && (uint64_t)n_found != n_rows) {
        rs_doctor_report(doctor, "rows", name, "%" PRId64 " rows, the manifest says %" PRIu64,
                         n_found, n_rows);
    }
    *good = *good && found;
    rs_buf_release(&sql);
    rs_buf_release(&path);
    return status;
}

/* The result's columns against the registry's stored ones. */
static void compare_columns(rs_doctor *doctor, const char *path, const rs_dataset *dataset,
                            bool is_reject, const rs_result *result)
{
    size_t n_columns = rs_result_n_columns(result);
    size_t at = 0;
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const rs_column *column = &dataset->columns[i];
        if (!rs_column_is_stored(column)) {
            continue;
        }
        const char *type = rs_type_sql_name(column->type);
        if (at >= n_columns || strcmp(rs_result_column_name(result, at), column->name) != 0 ||
            strcmp(rs_result_column_type(result, at), type) != 0) {
            rs_doctor_report(doctor, "schema", path, "column %zu is %s %s, should be %s %s", at,
                             at < n_columns ? rs_result_column_name(result, at) : "none",
                             at < n_columns ? rs_result_column_type(result, at) : "", column->name,
                             type);
            return;
        }
        at++;
    }
    if (at + (is_reject ? 1 : 0) != n_columns) {
        rs_doctor_report(doctor, "schema", path, "%zu columns, should be %zu", n_columns,
                         at + (is_reject ? 1 : 0));
    }
}

static rs_status check_schema(rs_doctor *doctor, const json_t *row, const rs_dataset *dataset,
                              rs_error *err)
{
    const char *path = rs_manifest_text(row, "path");
    bool is_reject = strcmp(rs_manifest_text(row, "group"), "rejects") == 0;
    char fingerprint[RS_SHA256_TEXT_BYTES];
    rs_buf sql = {0};
    rs_buf pattern = {0};
    rs_result *result = NULL;
    rs_error cause = {0};
    doctor->n_checks += 2;
    RS_TRY(rs_schema_fingerprint(dataset, is_reject ? RS_GROUP_REJECTS : RS_GROUP_CPG, fingerprint,
                                 err));
    if (strcmp(fingerprint, rs_manifest_text(row, "schema_fingerprint")) != 0) {
        rs_doctor_report(doctor, "fingerprint", path, "%s in the manifest, %s by the registry",
                         rs_manifest_text(row, "schema_fingerprint"), fingerprint);
    }
    rs_buf_addf(&pattern, "%s/%s/*.parquet", doctor->reader->directory.bytes, path);
    rs_buf_add(&sql, "SELECT * FROM read_parquet(");
    rs_buf_add_sql_literal(&sql, (rs_str){pattern.bytes, pattern.n_bytes});
    rs_buf_add(&sql, ") LIMIT 0");
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        rs_session *session = doctor->reader->session;
        if (rs_session_query(session, "schema", sql.bytes, NULL, 0, &result, &cause) != RS_OK) {
            rs_doctor_report(doctor, "schema", path, "%s", cause.message);
        } else {
            compare_columns(doctor, path, dataset, is_reject, result);
        }
    }
    rs_result_free(result);
    rs_buf_release(&pattern);
    rs_buf_release(&sql);
    return status;
}

static rs_status check_parquet(rs_doctor *doctor, const json_t *row, rs_error *err)
{
    const char *name = rs_manifest_text(row, "name");
    const json_t *files = json_object_get(row, "files");
    const rs_dataset *dataset = rs_dataset_find(rs_str_of(name));
    uint64_t n_rows = 0;
    bool good = true;
    rs_buf path = {0};
    rs_status status = RS_OK;
    for (size_t i = 0; i < json_array_size(files) && status == RS_OK; i++) {
        const json_t *file = json_array_get(files, i);
        add_name(rs_manifest_text(row, "path"), rs_manifest_text(file, "name"), &path);
        n_rows += rs_manifest_number(file, "rows");
        status = check_rows_of_file(doctor, rs_buf_text(&path), rs_manifest_number(file, "rows"),
                                    &good, err);
    }
    doctor->n_checks++;
    if (n_rows != rs_manifest_number(row, "rows")) {
        rs_doctor_report(doctor, "rows", rs_manifest_text(row, "path"),
                         "%" PRIu64 " rows in the manifest's files, %" PRIu64 " in the dataset",
                         n_rows, rs_manifest_number(row, "rows"));
    }
    if (status == RS_OK && good && dataset != NULL) {
        status = check_schema(doctor, row, dataset, err);
    }
    if (!good) {
        mark_broken(doctor, row);
    }
    rs_buf_release(&path);
    return status;
}

rs_status rs_doctor_check_files(rs_doctor *doctor, rs_error *err)
{
    const json_t *manifest = doctor->reader->manifest;
    const json_t *datasets = json_object_get(manifest, "datasets");
    json_t *expected = json_object();
    rs_status status = RS_OK;
    const char *name;
    json_t *file;
    json_object_foreach(json_object_get(manifest, "files"), name, file)
    {
        (void)check_file(doctor, name, rs_manifest_number(file, "bytes"),
                         rs_manifest_text(file, "sha256"));
        json_object_set_new(expected, name, json_true());
    }
    json_object_set_new(expected, "manifest.json", json_true());
    json_object_set_new(expected, "environment.json", json_true());
    for (size_t i = 0; i < json_array_size(datasets) && status == RS_OK; i++) {
        const json_t *row = json_array_get(datasets, i);
        if (check_dataset_files(doctor, row, expected)) {
            status = check_parquet(doctor, row, err);
        } else {
            mark_broken(doctor, row);
        }
    }
    doctor->n_checks++;
    find_strangers(doctor, "", 0, expected);
    json_decref(expected);
    return status;
}
