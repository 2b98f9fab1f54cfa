/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/facts.h"

#include <stdio.h>
#include <unistd.h>

#include "bundle/files.h"
#include "compare/sql_texts.h"

enum { MAX_DOCUMENT_BYTES = 256 << 20 };

rs_status rs_facts_document(const rs_reader *reader, const char *name, json_t **out, rs_error *err)
{
    rs_buf path = {0};
    rs_buf text = {0};
    *out = NULL;
    rs_status status = rs_path_set(&path, reader->directory.bytes, name, err);
    if (status == RS_OK && access(path.bytes, F_OK) == 0) {
        status = rs_files_read(path.bytes, MAX_DOCUMENT_BYTES, &text, err);
        RS_THEN(status, rs_json_parse(rs_buf_str(&text), path.bytes, out, err));
    }
    rs_buf_release(&text);
    rs_buf_release(&path);
    return status;
}

static rs_status need_document(const rs_reader *reader, const char *name, json_t **out,
                               rs_error *err)
{
    RS_TRY(rs_facts_document(reader, name, out, err));
    return *out != NULL ? RS_OK
                        : rs_error_set(err, RS_ERR_INVALID, "read %s/%s: there is none",
                                       reader->directory.bytes, name);
}

/* --- documents --- */

/* Members are moved from the document to the facts. */
static void move(json_t *from, const char *name, json_t *facts, const char *new_name, bool *failed)
{
    json_t *value = json_object_get(from, name);
    RS_ASSERT(json_object_get(facts, new_name) == NULL); /* each fact is stated once */
    rs_json_set(facts, new_name, value == NULL ? json_null() : json_incref(value), failed);
    json_object_del(from, name);
}

static rs_status add_rules(const rs_reader *reader, json_t *facts, bool *failed, rs_error *err)
{
    json_t *signatures = NULL;
    RS_TRY(need_document(reader, "relspec/rule_signatures.json", &signatures, err));
    move(signatures, "graph", facts, "graph_signature", failed);
    move(signatures, "rules", facts, "rules", failed);
    json_decref(signatures);
    return RS_OK;
}

static rs_status add_config(const rs_reader *reader, json_t *facts, bool *failed, rs_error *err)
{
    json_t *config = NULL;
    RS_TRY(need_document(reader, "config.json", &config, err));
    move(config, "policy", facts, "policy", failed);
    rs_json_set(facts, "config", config, failed);
    return RS_OK;
}

static rs_status add_makers(const rs_reader *reader, json_t *facts, bool *failed, rs_error *err)
{
    json_t *environment = NULL;
    rs_buf engine = {0};
    RS_TRY(need_document(reader, "environment.json", &environment, err));
    const json_t *row = json_object_get(environment, "engine");
    const char *version = rs_manifest_text(row, "version"); /* none of an engine that ran nothing */
    rs_buf_addf(&engine, "%s%s%s", rs_manifest_text(row, "name"), version[0] != '\0' ? " " : "",
                version);
    json_t *made_by = json_object();
    rs_json_set(made_by, "engine", rs_json_text(rs_buf_text(&engine)), failed);
    rs_json_set(made_by, "relspec",
                rs_json_text(rs_manifest_text(reader->manifest, "relspec_version")), failed);
    rs_json_set(facts, "made_by", made_by, failed);
    *failed = *failed || engine.failed;
    rs_buf_release(&engine);
    json_decref(environment);
    return RS_OK;
}

/* --- the analysed files --- */

/* As many digits of a file's hash as tell it from what it was before. */
static json_t *short_hash(rs_str content)
{
    enum { MOST_DIGITS = 16 };
    return rs_json_str(
        (rs_str){content.bytes, content.n_bytes < MOST_DIGITS ? content.n_bytes : MOST_DIGITS});
}

static void add_content(json_t *contents, rs_str path, rs_str content, bool *failed)
{
    json_t *name = rs_json_str(path);
    *failed = *failed || name == NULL;
    if (name != NULL) {
        rs_json_set(contents, json_string_value(name), short_hash(content), failed);
    }
    json_decref(name);
}

static rs_status hash_files(rs_cursor *files, rs_sha256 *hash, uint64_t *n_files, json_t *contents,
                            bool *failed, rs_error *err)
{
    size_t n_rows = 1;
    while (n_rows > 0) {
        RS_TRY(rs_cursor_next(files, &n_rows, err));
        for (size_t i = 0; i < n_rows; i++) {
            rs_str path = rs_cursor_str(files, 0, i);
            rs_str content = rs_cursor_str(files, 1, i);
            rs_sha256_add(hash, path.bytes, path.n_bytes);
            rs_sha256_add(hash, "\t", 1);
            rs_sha256_add(hash, content.bytes, content.n_bytes);
            rs_sha256_add(hash, "\n", 1);
            add_content(contents, path, content, failed);
        }
        *n_files += n_rows;
    }
    return RS_OK;
}

static rs_status add_input(rs_reader *reader, json_t *facts, bool *failed, rs_error *err)
{
    char text[RS_SHA256_TEXT_BYTES] = "";
    uint64_t n_files = 0;
    rs_cursor *files = NULL;
    rs_sha256 *hash = rs_sha256_new();
    if (hash == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "compare: out of memory");
    }
    rs_status status = rs_reader_add_view(reader, "repo_files", err);
    RS_THEN(status, rs_session_query(reader->session, "input", rs_sql_compare_input.text, NULL, 0,
                                     &files, err));
    json_t *contents = json_object();
    RS_THEN(status, hash_files(files, hash, &n_files, contents, failed, err));
    rs_cursor_free(files);
    rs_sha256_finish(hash, text);
    rs_sha256_free(hash);
    json_t *input = json_object();
    rs_json_set(input, "files", rs_json_u64(n_files), failed);
    rs_json_set(input, "sha256", rs_json_text(text), failed);
    rs_json_set(input, "content", contents, failed);
    rs_json_set(facts, "input", input, failed);
    return status;
}

/* --- datasets --- */

static rs_status hash_dataset(const json_t *row, char out[RS_SHA256_TEXT_BYTES], rs_error *err)
{
    const json_t *files = json_object_get(row, "files");
    rs_buf text = {0};
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *file = json_array_get(files, i);
        rs_buf_addf(&text, "%s\t%s\n", rs_manifest_text(file, "name"),
                    rs_manifest_text(file, "sha256"));
    }
    rs_status status = rs_buf_check(&text, err);
    if (status == RS_OK) {
        rs_sha256_text(rs_buf_text(&text), text.n_bytes, out);
    }
    rs_buf_release(&text);
    return status;
}

/* Files with times in them have no hash in the manifest. */
static bool is_timed(const json_t *row)
{
    const json_t *files = json_object_get(row, "files");
    return json_object_get(json_array_get(files, 0), "sha256") == NULL;
}

/* What was left out of a tree comes and goes with the tools that somebody runs in it, so neither the rows
 * about that, nor what counts them, say whether anything drifts. */
static bool is_of_surroundings(const json_t *row, bool *also_rows)
{
    static const char *const names[] = {"repo_diagnostics", "column_stats", "dataset_stats",
                                        "scan_telemetry"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(rs_manifest_text(row, "name"), names[i]) == 0) {
            *also_rows = i < 2; /* a column has a row once it has values */
            return true;
        }
    }
    *also_rows = false;
    return false;
}

static rs_status add_dataset(const json_t *row, json_t *datasets, bool *failed, rs_error *err)
{
    char hash[RS_SHA256_TEXT_BYTES];
    bool has_free_rows = false;
    bool is_free = is_of_surroundings(row, &has_free_rows);
    RS_TRY(hash_dataset(row, hash, err));
    RS_ASSERT(is_free || !has_free_rows);
    json_t *dataset = json_object();
    if (!has_free_rows) {
        rs_json_set(dataset, "rows", rs_json_u64(rs_manifest_number(row, "rows")), failed);
    }
    rs_json_set(dataset, "schema_fingerprint",
                rs_json_text(rs_manifest_text(row, "schema_fingerprint")), failed);
    if (!is_free && !is_timed(row)) {
        rs_json_set(dataset, "sha256", rs_json_text(hash), failed);
    }
    rs_json_set(datasets, rs_manifest_text(row, "path"), dataset, failed);
    return RS_OK;
}

/* What the footers say of the rows' order, by path; more than one answer where they disagree. */
static rs_status add_orderings(const rs_reader *reader, json_t *datasets, bool *failed,
                               rs_error *err)
{
    rs_buf sql = {0};
    rs_buf files = {0};
    rs_cursor *result = NULL;
    size_t n_rows = 1;
    rs_status status = rs_files_add_parquet_sql(reader->directory.bytes, 2, &files, err);
    const rs_sql_arg arg = {.name = "files", .form = RS_SQL_EXPR, .word = rs_buf_text(&files)};
    rs_sql_add(&rs_sql_compare_orderings, &arg, 1, &sql);
    RS_THEN(status, rs_buf_check(&sql, err));
    RS_THEN(status,
            rs_session_query(reader->session, "orderings", sql.bytes, NULL, 0, &result, err));
    while (status == RS_OK && n_rows > 0) {
        status = rs_cursor_next(result, &n_rows, err);
        for (size_t i = 0; status == RS_OK && i < n_rows; i++) {
            char path[256];
            rs_str name = rs_cursor_str(result, 0, i);
            snprintf(path, sizeof path, "%.*s", (int)name.n_bytes, name.bytes);
            json_t *dataset = json_object_get(datasets, path);
            if (dataset != NULL) {
                rs_json_set(dataset, "ordering", rs_json_str(rs_cursor_str(result, 1, i)), failed);
            }
        }
    }
    rs_cursor_free(result);
    rs_buf_release(&files);
    rs_buf_release(&sql);
    return status;
}

static rs_status add_datasets(const rs_reader *reader, json_t *facts, bool *failed, rs_error *err)
{
    const json_t *rows = json_object_get(reader->manifest, "datasets");
    json_t *datasets = json_object();
    rs_json_set(facts, "datasets", datasets, failed);
    if (*failed) {
        return RS_OK;
    }
    for (size_t i = 0; i < json_array_size(rows); i++) {
        RS_TRY(add_dataset(json_array_get(rows, i), datasets, failed, err));
    }
    return add_orderings(reader, datasets, failed, err);
}

/* --- rejects --- */

static rs_status count_reasons(rs_reader *reader, const json_t *row, json_t *reasons, bool *failed,
                               rs_error *err)
{
    rs_buf sql = {0};
    rs_cursor *result = NULL;
    size_t n_rows = 1;
    const rs_sql_arg arg = {.name = "dataset", .word = rs_manifest_text(row, "name")};
    rs_sql_add(&rs_sql_compare_reasons, &arg, 1, &sql);
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_reader_add_stored(reader, row, err));
    RS_THEN(status, rs_session_query(reader->session, "rejects", sql.bytes, NULL, 0, &result, err));
    while (status == RS_OK && n_rows > 0) {
        status = rs_cursor_next(result, &n_rows, err);
        for (size_t i = 0; status == RS_OK && i < n_rows; i++) {
            char reason[128];
            rs_str text = rs_cursor_str(result, 0, i);
            snprintf(reason, sizeof reason, "%.*s", (int)text.n_bytes, text.bytes);
            rs_json_set(reasons, reason, json_integer(rs_cursor_i64(result, 1, i)), failed);
        }
    }
    rs_cursor_free(result);
    rs_buf_release(&sql);
    return status;
}

static rs_status add_rejects(rs_reader *reader, json_t *facts, bool *failed, rs_error *err)
{
    const json_t *rows = json_object_get(reader->manifest, "datasets");
    json_t *rejects = json_object();
    rs_json_set(facts, "rejects", rejects, failed);
    for (size_t i = 0; !*failed && i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (strcmp(rs_manifest_text(row, "group"), "rejects") != 0 ||
            rs_manifest_number(row, "rows") == 0) {
            continue;
        }
        json_t *reasons = json_object();
        rs_json_set(rejects, rs_manifest_text(row, "name"), reasons, failed);
        if (!*failed) {
            RS_TRY(count_reasons(reader, row, reasons, failed, err));
        }
    }
    return RS_OK;
}

/* --- all of them --- */

static rs_status add_all(rs_reader *reader, json_t *facts, bool *failed, rs_error *err)
{
    json_t *counts = json_object_get(reader->manifest, "counts");
    rs_json_set(facts, "counts", counts == NULL ? json_object() : json_deep_copy(counts), failed);
    RS_TRY(add_rules(reader, facts, failed, err));
    RS_TRY(add_config(reader, facts, failed, err));
    RS_TRY(add_makers(reader, facts, failed, err));
    RS_TRY(add_input(reader, facts, failed, err));
    RS_TRY(add_datasets(reader, facts, failed, err));
    return add_rejects(reader, facts, failed, err);
}

rs_status rs_facts_new(rs_reader *reader, json_t **out, rs_error *err)
{
    bool failed = false;
    json_t *facts = json_object();
    rs_status status = facts == NULL ? rs_error_set(err, RS_ERR_NOMEM, "compare: out of memory")
                                     : add_all(reader, facts, &failed, err);
    if (status == RS_OK && failed) {
        status = rs_error_set(err, RS_ERR_NOMEM, "compare: out of memory");
    }
    if (status != RS_OK) {
        json_decref(facts);
        facts = NULL;
    }
    *out = facts;
    return status;
}
