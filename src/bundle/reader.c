/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/reader.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/alloc.h"
#include "bundle/files.h"
#include "bundle/manifest.h"
#include "bundle/prepared.h"
#include "bundle/sql_texts.h"
#include "bundle/view.h"

enum { MAX_MANIFEST_BYTES = 256 << 20, MAX_VERSION_BYTES = 32 };

const char *rs_manifest_text(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text != NULL ? text : "";
}

uint64_t rs_manifest_number(const json_t *row, const char *key)
{
    json_int_t number = json_integer_value(json_object_get(row, key));
    return number < 0 ? 0 : (uint64_t)number;
}

/* --- opening --- */

rs_status rs_reader_find(const char *path, rs_buf *directory, rs_error *err)
{
    static const char *const places[] = {"manifest.json", "latest/manifest.json",
                                         "run_bundles/latest/manifest.json"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        RS_TRY(rs_path_set(directory, path, places[i], err));
        if (access(directory->bytes, F_OK) != 0) {
            continue;
        }
        directory->n_bytes -= strlen("/manifest.json");
        directory->bytes[directory->n_bytes] = '\0';
        rs_buf found = {0};
        rs_status status = rs_files_resolve(directory->bytes, &found, err);
        rs_buf_release(directory);
        *directory = found;
        return status;
    }
    if (access(path, F_OK) != 0) {
        return rs_error_set(err, RS_ERR_INVALID, "open bundle %s: no such file or directory", path);
    }
    return rs_error_set(err, RS_ERR_INVALID,
                        "open bundle %s: no manifest.json there, nor in run_bundles/latest", path);
}

/* What wrote a manifest, as far as it can be shown: the text is not ours. */
static const char *maker_of(const json_t *manifest)
{
    const char *maker = rs_manifest_text(manifest, "relspec_version");
    size_t n_bytes = strspn(maker, "0123456789.+-abcdefghijklmnopqrstuvwxyz");
    bool is_shown = n_bytes > 0 && n_bytes < MAX_VERSION_BYTES && maker[n_bytes] == '\0';
    return is_shown ? maker : "of an unknown version";
}

/* Another version is another shape: it is refused, with what helps. */
static rs_status check_version(const json_t *manifest, const char *path, rs_error *err)
{
    const json_t *version = json_object_get(manifest, "format_version");
    if (!json_is_integer(version)) {
        return rs_error_set(err, RS_ERR_INVALID,
                            "open %s: it has no format_version, so no relspec left it like that: "
                            "build the bundle again",
                            path);
    }
    if (json_integer_value(version) == RS_BUNDLE_FORMAT_VERSION) {
        return RS_OK;
    }
    return rs_error_set(err, RS_ERR_INVALID,
                        "open %s: a bundle of format %" PRId64 ", written by relspec %s; this one "
                        "reads format %d: build it again (relspec build), or use that relspec",
                        path, (int64_t)json_integer_value(version), maker_of(manifest),
                        RS_BUNDLE_FORMAT_VERSION);
}

static rs_status load_manifest(rs_reader *reader, rs_error *err)
{
    rs_buf path = {0};
    rs_status status = rs_path_set(&path, reader->directory.bytes, "manifest.json", err);
    RS_THEN(status, rs_files_read(path.bytes, MAX_MANIFEST_BYTES, &reader->manifest_text, err));
    if (status == RS_OK) {
        rs_str text = {reader->manifest_text.bytes, reader->manifest_text.n_bytes};
        status = rs_json_parse(text, path.bytes, &reader->manifest, err);
    }
    if (status == RS_OK &&
        strcmp(rs_manifest_text(reader->manifest, "format"), RS_BUNDLE_FORMAT) != 0) {
        status =
            rs_error_set(err, RS_ERR_INVALID, "open %s: no manifest of a run bundle", path.bytes);
    }
    if (status == RS_OK) {
        status = check_version(reader->manifest, path.bytes, err);
    }
    rs_buf_release(&path);
    return status;
}

/* The engine takes a path with * ? or [ in it for a pattern first: it must fit no other bundle. */
static rs_status check_pattern(const rs_reader *reader, rs_error *err)
{
    const char *directory = rs_buf_text(&reader->directory);
    rs_buf path = {0};
    glob_t found = {0};
    if (strpbrk(directory, "*?[") == NULL) {
        return RS_OK;
    }
    RS_TRY(rs_path_set(&path, directory, "manifest.json", err));
    rs_status status = RS_OK;
    if (glob(path.bytes, GLOB_NOESCAPE, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc && status == RS_OK; i++) {
            if (strcmp(found.gl_pathv[i], path.bytes) != 0) {
                status = rs_error_set(err, RS_ERR_INVALID,
                                      "open %s: taken for a pattern, that path fits %s, too: "
                                      "rename one of them",
                                      path.bytes, found.gl_pathv[i]);
            }
        }
        globfree(&found);
    }
    rs_buf_release(&path);
    return status;
}

static rs_status open_engine(rs_reader *reader, const char *output_directory, rs_error *err)
{
    rs_engine_config config = {.is_parallel = true,
                               .allowed_directory = reader->directory.bytes,
                               .output_directory = output_directory};
    RS_TRY(rs_engine_new(&config, &reader->engine, err));
    return rs_session_new(reader->engine, &reader->session, err);
}

rs_status rs_reader_new(const char *path, rs_reader **out, rs_error *err)
{
    return rs_reader_new_for_output(path, NULL, out, err);
}

rs_status rs_reader_new_for_output(const char *path, const char *output_directory, rs_reader **out,
                                   rs_error *err)
{
    *out = NULL;
    rs_reader *reader = rs_alloc_zero(1, sizeof *reader);
    if (reader == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "open bundle %s: out of memory", path);
    }
    rs_status status = rs_reader_find(path, &reader->directory, err);
    RS_THEN(status, load_manifest(reader, err));
    RS_THEN(status, check_pattern(reader, err));
    RS_THEN(status, open_engine(reader, output_directory, err));
    if (status != RS_OK) {
        rs_reader_free(reader);
        return status;
    }
    *out = reader;
    return RS_OK;
}

void rs_reader_free(rs_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    rs_session_free(reader->session);
    rs_engine_free(reader->engine);
    json_decref(reader->manifest);
    rs_buf_release(&reader->manifest_text);
    rs_buf_release(&reader->directory);
    rs_free(reader);
}

/* --- views --- */

static bool is_rejects(const json_t *row)
{
    return strcmp(rs_manifest_text(row, "group"), "rejects") == 0;
}

static rs_status stored_name(const json_t *row, rs_buf *name, rs_error *err)
{
    rs_buf_addf(name, "%s_%s", is_rejects(row) ? "rejects" : "stored",
                rs_manifest_text(row, "name"));
    return rs_buf_check(name, err);
}

rs_status rs_reader_add_files_sql(const rs_reader *reader, const json_t *row, rs_buf *sql,
                                  rs_error *err)
{
    rs_buf path = {0};
    rs_status status =
        rs_path_set(&path, rs_buf_text(&reader->directory), rs_manifest_text(row, "path"), err);
    RS_THEN(status, rs_files_add_parquet_sql(path.bytes, 0, sql, err));
    rs_buf_release(&path);
    return status;
}

rs_status rs_reader_add_files_view(const rs_reader *reader, const json_t *row, const char *name,
                                   rs_error *err)
{
    rs_buf files = {0};
    rs_status status = rs_reader_add_files_sql(reader, row, &files, err);
    RS_THEN(status, rs_session_add_parquet_view(reader->session, name, files.bytes, err));
    rs_buf_release(&files);
    return status;
}

rs_status rs_reader_add_stored(rs_reader *reader, const json_t *row, rs_error *err)
{
    rs_buf name = {0};
    rs_status status = stored_name(row, &name, err);
    RS_THEN(status, rs_reader_add_files_view(reader, row, name.bytes, err));
    rs_buf_release(&name);
    return status;
}

/* The name that statements know a dataset by: that of a param table is the one rules' SQL has. */
static const char *view_name(const rs_reader *reader, const json_t *row, rs_buf *name)
{
    if (strcmp(rs_manifest_text(row, "group"), "params") != 0) {
        return rs_manifest_text(row, "name");
    }
    const json_t *prefix = json_object_get(reader->manifest, "param_prefix");
    rs_buf_add(name, json_string_value(prefix) != NULL ? json_string_value(prefix) : "p_");
    rs_buf_add(name, rs_manifest_text(row, "name"));
    return rs_buf_text(name);
}

rs_status rs_reader_add_dataset(rs_reader *reader, const json_t *row, rs_error *err)
{
    RS_TRY(rs_reader_add_stored(reader, row, err));
    if (is_rejects(row)) {
        return RS_OK;
    }
    rs_buf stored = {0};
    rs_buf sql = {0};
    rs_buf view = {0};
    const rs_dataset *dataset = rs_dataset_find(rs_str_of(rs_manifest_text(row, "name")));
    const char *name = view_name(reader, row, &view);
    rs_status status = rs_buf_check(&view, err);
    RS_THEN(status, stored_name(row, &stored, err));
    if (status == RS_OK && dataset != NULL) {
        status = rs_dataset_add_view_sql(dataset, stored.bytes, &sql, err);
    } else if (status == RS_OK) {
        const rs_sql_arg arg = {.name = "stored", .word = stored.bytes};
        rs_sql_add(&rs_sql_bundle_all_columns, &arg, 1, &sql);
        status = rs_buf_check(&sql, err);
    }
    RS_THEN(status, rs_session_add_view(reader->session, name, sql.bytes, err));
    rs_buf_release(&view);
    rs_buf_release(&sql);
    rs_buf_release(&stored);
    return status;
}

/* "(VALUES (...), ...) t(columns)" of rows that were collected, or none of them. */
static rs_status add_values_view(rs_reader *reader, const char *name, const char *columns,
                                 const char *empty, const rs_buf *rows, rs_error *err)
{
    rs_buf sql = {0};
    bool is_empty = rows->n_bytes == 0;
    const rs_sql_arg args[] = {{.name = is_empty ? "row" : "rows",
                                .form = RS_SQL_EXPR,
                                .word = is_empty ? empty : rs_buf_text(rows)},
                               {.name = "columns", .form = RS_SQL_EXPR, .word = columns}};
    rs_sql_add(is_empty ? &rs_sql_bundle_listed_none : &rs_sql_bundle_listed, args, 2, &sql);
    rs_status status = rs_buf_check(rows, err);
    RS_THEN(status, rs_buf_check(&sql, err));
    RS_THEN(status, rs_session_add_view(reader->session, name, sql.bytes, err));
    rs_buf_release(&sql);
    return status;
}

static void add_literal(rs_buf *rows, const char *before, const char *text)
{
    rs_buf_add(rows, before);
    rs_buf_add_sql_literal(rows, rs_str_of(text));
}

static uint64_t sum_bytes(const json_t *files)
{
    uint64_t n_bytes = 0;
    for (size_t i = 0; i < json_array_size(files); i++) {
        n_bytes += rs_manifest_number(json_array_get(files, i), "bytes");
    }
    return n_bytes;
}

static rs_status add_datasets_view(rs_reader *reader, rs_error *err)
{
    const json_t *datasets = json_object_get(reader->manifest, "datasets");
    rs_buf rows = {0};
    for (size_t i = 0; i < json_array_size(datasets); i++) {
        const json_t *row = json_array_get(datasets, i);
        const json_t *files = json_object_get(row, "files");
        add_literal(&rows, i == 0 ? "(" : ", (", rs_manifest_text(row, "name"));
        add_literal(&rows, ", ", rs_manifest_text(row, "group"));
        rs_buf_addf(&rows,
                    ", %" PRIu64 "::BIGINT, %" PRIu64 "::BIGINT, %zu::BIGINT, %" PRIu64 "::BIGINT",
                    rs_manifest_number(row, "version"), rs_manifest_number(row, "rows"),
                    json_array_size(files), sum_bytes(files));
        add_literal(&rows, ", ", rs_manifest_text(row, "schema_fingerprint"));
        rs_buf_add(&rows, ")");
    }
    rs_status status =
        add_values_view(reader, "datasets",
                        "dataset, dataset_group, version, n_rows, n_files, n_bytes, fingerprint",
                        "'', '', 0, 0, 0, 0, ''", &rows, err);
    rs_buf_release(&rows);
    return status;
}

static void add_kind_rows(rs_buf *rows, const json_t *manifest, const char *entity)
{
    static const char *const states[] = {"produced", "planned"};
    const json_t *counts = json_object_get(json_object_get(manifest, "counts"), entity);
    const json_t *kinds = json_object_get(json_object_get(manifest, "kinds"), entity);
    for (size_t s = 0; s < 2; s++) {
        const json_t *names = json_object_get(kinds, states[s]);
        for (size_t i = 0; i < json_array_size(names); i++) {
            const char *name = json_string_value(json_array_get(names, i));
            name = name != NULL ? name : "";
            add_literal(rows, rows->n_bytes == 0 ? "(" : ", (", name);
            rs_buf_addf(rows, ", '%.4s', '%s', %" PRIu64 "::BIGINT)", entity, states[s],
                        rs_manifest_number(counts, name));
        }
    }
}

static rs_status add_manifest_views(rs_reader *reader, rs_error *err)
{
    rs_buf kinds = {0};
    rs_buf rejects = {0};
    const char *dataset;
    json_t *n_rows;
    add_kind_rows(&kinds, reader->manifest, "nodes");
    add_kind_rows(&kinds, reader->manifest, "edges");
    json_object_foreach(json_object_get(reader->manifest, "rejects"), dataset, n_rows)
    {
        add_literal(&rejects, rejects.n_bytes == 0 ? "(" : ", (", dataset);
        rs_buf_addf(&rejects, ", %" PRId64 "::BIGINT)", (int64_t)json_integer_value(n_rows));
    }
    rs_status status = add_datasets_view(reader, err);
    RS_THEN(status, add_values_view(reader, "kinds", "kind, entity, state, n_rows", "'', '', '', 0",
                                    &kinds, err));
    RS_THEN(status, add_values_view(reader, "rejects", "dataset, n_rows", "'', 0", &rejects, err));
    rs_buf_release(&rejects);
    rs_buf_release(&kinds);
    return status;
}

/* True when the manifest lists a dataset of that name. */
static bool has_dataset(const rs_reader *reader, const char *name, size_t n_bytes)
{
    const json_t *datasets = json_object_get(reader->manifest, "datasets");
    for (size_t i = 0; i < json_array_size(datasets); i++) {
        const char *found = rs_manifest_text(json_array_get(datasets, i), "name");
        if (strlen(found) == n_bytes && memcmp(found, name, n_bytes) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_all(const rs_reader *reader, const char *needs)
{
    while (*needs != '\0') {
        size_t n_bytes = strcspn(needs, " ");
        if (!has_dataset(reader, needs, n_bytes)) {
            return false;
        }
        needs += n_bytes + strspn(needs + n_bytes, " ");
    }
    return true;
}

static rs_status add_prepared_views(rs_reader *reader, rs_error *err)
{
    size_t n_views = 0;
    const rs_prepared_view *views = rs_prepared_views(&n_views);
    rs_buf sql = {0};
    rs_status status = RS_OK;
    for (size_t i = 0; i < n_views && status == RS_OK; i++) {
        const rs_prepared_view *view = &views[i];
        if (!has_all(reader, view->needs) || has_dataset(reader, view->name, strlen(view->name))) {
            continue;
        }
        rs_buf_reset(&sql);
        rs_prepared_view_add_sql(view, &sql);
        status = rs_buf_check(&sql, err);
        RS_THEN(status, rs_session_add_view(reader->session, view->name, rs_buf_text(&sql), err));
    }
    rs_buf_release(&sql);
    return status;
}

rs_status rs_reader_add_views(rs_reader *reader, rs_error *err)
{
    const json_t *datasets = json_object_get(reader->manifest, "datasets");
    /* The others' views read `nodes`. */
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < json_array_size(datasets); i++) {
            const json_t *row = json_array_get(datasets, i);
            bool is_nodes = strcmp(rs_manifest_text(row, "path"), "cpg/nodes") == 0;
            if (is_nodes == (pass == 0)) {
                RS_TRY(rs_reader_add_dataset(reader, row, err));
            }
        }
    }
    RS_TRY(add_manifest_views(reader, err));
    RS_TRY(add_prepared_views(reader, err));
    /* Whoever asks without ORDER BY shall have the same answer twice. */
    RS_TRY(rs_session_use_one_thread(reader->session, err));
    RS_TRY(rs_session_tell_places(reader->session, err));
    return rs_session_lock(reader->session, err);
}
