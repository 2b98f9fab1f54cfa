/* SPDX-License-Identifier: Apache-2.0 */
/* reader_views.c - the views of a bundle that is read: what there is, and each when it is needed. */
#include <inttypes.h>
#include <strings.h>

#include "base/alloc.h"
#include "bundle/prepared.h"
#include "bundle/reader.h"
#include "bundle/run_view.h"
#include "bundle/sql_texts.h"
#include "engine/dataset_sql.h"
#include "engine/duckdb/statement.h"

/* A view, made or not. */
struct rs_reader_view {
    char *name; /* owned */
    rs_status (*make)(rs_reader *reader, const rs_reader_view *view, rs_error *err);
    const json_t *row;                /* of the manifest's "datasets" */
    const rs_prepared_view *prepared; /* one of those */
    bool is_made;                     /* or being made */
};

/* --- datasets --- */

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

rs_status rs_reader_add_stored(rs_reader *reader, const json_t *row, rs_error *err)
{
    rs_buf name = {0};
    rs_status status = stored_name(row, &name, err);
    RS_THEN(status, rs_reader_add_files_view(reader, row, name.bytes, err));
    rs_buf_release(&name);
    return status;
}

static rs_status make_stored(rs_reader *reader, const rs_reader_view *view, rs_error *err)
{
    return rs_reader_add_files_view(reader, view->row, view->name, err);
}

static rs_status make_dataset(rs_reader *reader, const rs_reader_view *view, rs_error *err)
{
    rs_buf stored = {0};
    rs_buf sql = {0};
    const rs_dataset *dataset = rs_dataset_find(rs_str_of(rs_manifest_text(view->row, "name")));
    rs_status status = stored_name(view->row, &stored, err);
    RS_THEN(status, rs_reader_add_view(reader, stored.bytes, err));
    if (status == RS_OK && dataset != NULL && rs_dataset_view_reads_nodes(dataset)) {
        status = rs_reader_add_view(reader, "nodes", err);
    }
    if (status == RS_OK && dataset != NULL) {
        status = rs_dataset_add_view_sql(dataset, stored.bytes, &sql, err);
    } else if (status == RS_OK) {
        const rs_sql_arg arg = {.name = "stored", .word = stored.bytes};
        rs_sql_add(&rs_sql_bundle_all_columns, &arg, 1, &sql);
        status = rs_buf_check(&sql, err);
    }
    RS_THEN(status, rs_session_add_view(reader->session, view->name, sql.bytes, err));
    rs_buf_release(&sql);
    rs_buf_release(&stored);
    return status;
}

/* --- what the manifest lists --- */

/* The view of rows that were collected behind a first one. */
static rs_status add_list(rs_reader *reader, const char *name, const rs_sql *statement,
                          const rs_buf *rows, rs_error *err)
{
    rs_buf sql = {0};
    const rs_sql_arg arg = {.name = "rows", .form = RS_SQL_EXPR, .word = rs_buf_text(rows)};
    rs_sql_add(statement, &arg, 1, &sql);
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

static rs_status make_datasets(rs_reader *reader, const rs_reader_view *view, rs_error *err)
{
    const json_t *datasets = json_object_get(reader->manifest, "datasets");
    rs_buf rows = {0};
    rs_buf_add(&rows, "(NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
    for (size_t i = 0; i < json_array_size(datasets); i++) {
        const json_t *row = json_array_get(datasets, i);
        const json_t *files = json_object_get(row, "files");
        add_literal(&rows, ", (", rs_manifest_text(row, "name"));
        add_literal(&rows, ", ", rs_manifest_text(row, "group"));
        rs_buf_addf(&rows, ", %" PRIu64 ", %" PRIu64 ", %zu, %" PRIu64,
                    rs_manifest_number(row, "version"), rs_manifest_number(row, "rows"),
                    json_array_size(files), sum_bytes(files));
        add_literal(&rows, ", ", rs_manifest_text(row, "schema_fingerprint"));
        rs_buf_add(&rows, ")");
    }
    rs_status status = add_list(reader, view->name, &rs_sql_bundle_list_datasets, &rows, err);
    rs_buf_release(&rows);
    return status;
}

static void add_kind_rows(rs_buf *rows, const json_t *manifest, const char *entity)
{
    static const char *const states[] = {"produced", "absent", "planned"};
    const json_t *counts = json_object_get(json_object_get(manifest, "counts"), entity);
    const json_t *kinds = json_object_get(json_object_get(manifest, "kinds"), entity);
    for (size_t s = 0; s < sizeof states / sizeof states[0]; s++) {
        const json_t *names = json_object_get(kinds, states[s]);
        for (size_t i = 0; i < json_array_size(names); i++) {
            const char *name = json_string_value(json_array_get(names, i));
            name = name != NULL ? name : "";
            add_literal(rows, ", (", name);
            rs_buf_addf(rows, ", '%.4s', '%s', %" PRIu64 ")", entity, states[s],
                        rs_manifest_number(counts, name));
        }
    }
}

static rs_status make_kinds(rs_reader *reader, const rs_reader_view *view, rs_error *err)
{
    rs_buf rows = {0};
    rs_buf_add(&rows, "(NULL, NULL, NULL, NULL)");
    add_kind_rows(&rows, reader->manifest, "nodes");
    add_kind_rows(&rows, reader->manifest, "edges");
    rs_status status = add_list(reader, view->name, &rs_sql_bundle_list_kinds, &rows, err);
    rs_buf_release(&rows);
    return status;
}

static rs_status make_rejects(rs_reader *reader, const rs_reader_view *view, rs_error *err)
{
    rs_buf rows = {0};
    const char *dataset;
    json_t *n_rows;
    rs_buf_add(&rows, "(NULL, NULL)");
    json_object_foreach(json_object_get(reader->manifest, "rejects"), dataset, n_rows)
    {
        add_literal(&rows, ", (", dataset);
        rs_buf_addf(&rows, ", %" PRId64 ")", (int64_t)json_integer_value(n_rows));
    }
    rs_status status = add_list(reader, view->name, &rs_sql_bundle_list_rejects, &rows, err);
    rs_buf_release(&rows);
    return status;
}

static rs_status make_run(rs_reader *reader, const rs_reader_view *view, rs_error *err)
{
    rs_buf sql = {0};
    rs_status status = rs_run_view_add_sql(reader, &sql, err);
    RS_THEN(status, rs_session_add_view(reader->session, view->name, rs_buf_text(&sql), err));
    rs_buf_release(&sql);
    return status;
}

/* --- prepared views --- */

static rs_status add_views_in(rs_reader *reader, const rs_statement *statement, rs_error *err);

static rs_status make_prepared(rs_reader *reader, const rs_reader_view *view, rs_error *err)
{
    rs_buf sql = {0};
    rs_statement statement = {0};
    rs_prepared_view_add_sql(view->prepared, &sql);
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status,
            rs_statement_parse(reader->session, view->name, rs_buf_text(&sql), &statement, err));
    RS_THEN(status, add_views_in(reader, &statement, err));
    RS_THEN(status, rs_session_add_view(reader->session, view->name, rs_buf_text(&sql), err));
    rs_statement_release(&statement);
    rs_buf_release(&sql);
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

/* --- all of them --- */

static rs_reader_view *find(const rs_reader *reader, const char *name)
{
    for (size_t i = 0; i < reader->n_views; i++) {
        if (strcasecmp(reader->views[i].name, name) == 0) {
            return &reader->views[i];
        }
    }
    return NULL;
}

/* There is room for it. The last of a name is the one. */
static rs_status list_view(rs_reader *reader, const char *name, rs_reader_view view, rs_error *err)
{
    rs_reader_view *place = find(reader, name);
    view.name = place != NULL ? place->name : rs_strndup(name, strlen(name));
    if (view.name == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "list the views: out of memory");
    }
    place = place != NULL ? place : &reader->views[reader->n_views++];
    *place = view;
    return RS_OK;
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

static rs_status list_dataset(rs_reader *reader, const json_t *row, rs_error *err)
{
    rs_buf stored = {0};
    rs_buf name = {0};
    rs_status status = stored_name(row, &stored, err);
    const rs_reader_view files = {.make = make_stored, .row = row};
    RS_THEN(status, list_view(reader, rs_buf_text(&stored), files, err));
    if (status == RS_OK && !is_rejects(row)) {
        const char *known_as = view_name(reader, row, &name);
        const rs_reader_view view = {.make = make_dataset, .row = row};
        status = rs_buf_check(&name, err);
        RS_THEN(status, list_view(reader, known_as, view, err));
    }
    rs_buf_release(&name);
    rs_buf_release(&stored);
    return status;
}

static rs_status list_all(rs_reader *reader, rs_error *err)
{
    static const struct {
        const char *name;
        rs_reader_view view;
    } lists[] = {{"datasets", {.make = make_datasets}},
                 {"kinds", {.make = make_kinds}},
                 {"rejects", {.make = make_rejects}},
                 {"run", {.make = make_run}}};
    const json_t *datasets = json_object_get(reader->manifest, "datasets");
    size_t n_prepared = 0;
    const rs_prepared_view *prepared = rs_prepared_views(&n_prepared);
    size_t n_lists = sizeof lists / sizeof lists[0];
    reader->views =
        rs_alloc_zero(2 * json_array_size(datasets) + n_lists + n_prepared, sizeof *reader->views);
    if (reader->views == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "list the views: out of memory");
    }
    for (size_t i = 0; i < json_array_size(datasets); i++) {
        RS_TRY(list_dataset(reader, json_array_get(datasets, i), err));
    }
    for (size_t i = 0; i < n_lists; i++) {
        RS_TRY(list_view(reader, lists[i].name, lists[i].view, err));
    }
    for (size_t i = 0; i < n_prepared; i++) {
        const char *name = prepared[i].name;
        if (has_all(reader, prepared[i].needs) && !has_dataset(reader, name, strlen(name))) {
            const rs_reader_view view = {.make = make_prepared, .prepared = &prepared[i]};
            RS_TRY(list_view(reader, name, view, err));
        }
    }
    return RS_OK;
}

static rs_status need_list(rs_reader *reader, rs_error *err)
{
    return reader->views == NULL ? list_all(reader, err) : RS_OK;
}

void rs_reader_forget_views(rs_reader *reader)
{
    for (size_t i = 0; i < reader->n_views; i++) {
        rs_free(reader->views[i].name);
    }
    rs_free(reader->views);
    reader->views = NULL;
    reader->n_views = 0;
}

/* A manifest that was forged may have views that read each other: the engine says so. */
static rs_status make(rs_reader *reader, rs_reader_view *view, rs_error *err)
{
    if (view->is_made) {
        return RS_OK;
    }
    view->is_made = true;
    rs_status status = view->make(reader, view, err);
    view->is_made = status == RS_OK;
    return status;
}

rs_status rs_reader_add_view(rs_reader *reader, const char *name, rs_error *err)
{
    RS_TRY(need_list(reader, err));
    rs_reader_view *view = find(reader, name);
    return view != NULL ? make(reader, view, err)
                        : rs_error_set(err, RS_ERR_INVALID, "the bundle has no %s", name);
}

rs_status rs_reader_add_views(rs_reader *reader, rs_error *err)
{
    RS_TRY(need_list(reader, err));
    for (size_t i = 0; i < reader->n_views; i++) {
        RS_TRY(make(reader, &reader->views[i], err));
    }
    return RS_OK;
}

/* --- what a statement names --- */

static bool is_local(const rs_statement *statement, const char *name)
{
    for (size_t i = 0; i < statement->locals.n_items; i++) {
        if (strcasecmp(statement->locals.items[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static rs_status add_views_in(rs_reader *reader, const rs_statement *statement, rs_error *err)
{
    bool needs_all = statement->asks_what_there_is;
    RS_TRY(need_list(reader, err));
    for (size_t i = 0; i < statement->tables.n_items; i++) {
        const char *name = statement->tables.items[i];
        rs_reader_view *view = find(reader, name);
        if (view != NULL) {
            RS_TRY(make(reader, view, err));
        }
        needs_all = needs_all || (view == NULL && !is_local(statement, name));
    }
    return needs_all ? rs_reader_add_views(reader, err) : RS_OK;
}

rs_status rs_reader_serve(rs_reader *reader, rs_error *err)
{
    /* Whoever asks without ORDER BY shall have the same answer twice. */
    RS_TRY(rs_session_use_one_thread(reader->session, err));
    RS_TRY(rs_session_tell_places(reader->session, err));
    return rs_session_lock(reader->session, err);
}

rs_status rs_reader_add_views_of(rs_reader *reader, const char *label, const char *sql,
                                 rs_error *err)
{
    rs_statement statement;
    rs_status status = rs_statement_parse(reader->session, label, sql, &statement, err);
    if (status == RS_OK) {
        status = add_views_in(reader, &statement, err);
        if (status != RS_OK) {
            (void)rs_error_prefix(err, status, "open bundle %s", rs_buf_text(&reader->directory));
        }
    }
    rs_statement_release(&statement);
    return status;
}
