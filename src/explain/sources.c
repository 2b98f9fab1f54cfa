/* SPDX-License-Identifier: Apache-2.0 */
/* sources.c - what the rows of the bundle's datasets are read from: of a file a table, of the run a view.
 *
 * The rows of a file are copied once, whatever is asked of it afterwards: `calls.F` and so on. They
 * stand as they did in the build, as do those in the bundle's files, so that the first of several
 * rows is the build's first. Whoever reads a source names it; nobody needs a number of its rows.
 */
#include <inttypes.h>

#include "engine/dataset_sql.h"
#include "explain/explain_impl.h"
#include "explain/sql_texts.h"

bool rs_explain_is_relationship(const rs_dataset *dataset)
{
    return strcmp(dataset->lens, "relationship") == 0;
}

static bool is_made(const rs_explainer *self, const char *name)
{
    for (size_t i = 0; i < self->n_made; i++) {
        if (strcmp(self->made[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void note_made(rs_explainer *self, const char *name)
{
    self->made = rs_explain_grow(self, self->made, self->n_made, sizeof *self->made);
    if (self->made == NULL) {
        self->n_made = 0;
        return;
    }
    self->made[self->n_made++] = name;
}

/* --- the stored files --- */

/* The dataset's row of the manifest: the one of its rejects, or the other. */
static const json_t *manifest_row(const rs_explainer *self, const char *name, bool is_rejects)
{
    const json_t *datasets = json_object_get(self->bundle.manifest, "datasets");
    for (size_t i = 0; i < json_array_size(datasets); i++) {
        const json_t *row = json_array_get(datasets, i);
        if (strcmp(rs_manifest_text(row, "name"), name) == 0 &&
            strcmp(rs_manifest_text(row, "group"), "params") != 0 &&
            (strcmp(rs_manifest_text(row, "group"), "rejects") == 0) == is_rejects) {
            return row;
        }
    }
    return NULL;
}

bool rs_explain_has(const rs_explainer *self, const char *name)
{
    return manifest_row(self, name, false) != NULL;
}

uint64_t rs_explain_n_rows(const rs_explainer *self, const char *name)
{
    return rs_manifest_number(manifest_row(self, name, false), "rows");
}

static void add_view_of(rs_explainer *self, const char *prefix, const char *name, bool is_rejects)
{
    const char *view = rs_explain_textf(self, "%s_%s", prefix, name);
    const json_t *row = manifest_row(self, name, is_rejects);
    if (!rs_explain_is_ok(self) || is_made(self, view)) {
        return;
    }
    rs_status status = row != NULL ? rs_reader_add_stored(&self->bundle, row, &self->error)
                                   : rs_error_set(&self->error, RS_ERR_INVALID,
                                                  "explain: the bundle has no dataset %s", name);
    if (rs_explain_note(self, status)) {
        note_made(self, view);
    }
}

void rs_explain_add_stored(rs_explainer *self, const char *name)
{
    add_view_of(self, "stored", name, false);
}

bool rs_explain_add_rejects(rs_explainer *self, const char *name)
{
    bool has_rows = rs_manifest_number(manifest_row(self, name, true), "rows") > 0;
    if (has_rows) {
        add_view_of(self, "rejects", name, true);
    }
    return has_rows;
}

/* --- what stands in a file --- */

/* The column by which a dataset's rows lie in files, and whether it holds the file's own id. */
static const rs_column *file_column(const rs_dataset *dataset, bool *is_file)
{
    const rs_column *column = rs_column_find(dataset, RS_STR_LITERAL("file_id"));
    const char *key = dataset->key;
    *is_file = column != NULL && rs_column_is_stored(column);
    if (*is_file) {
        return column;
    }
    column = rs_column_find(dataset, rs_key_next(&key));
    return column != NULL && rs_column_is_local_id(column) ? column : NULL;
}

int64_t rs_explain_file_of(const rs_dataset *dataset, const rs_explain_row *row)
{
    bool is_file = false;
    const rs_column *column = file_column(dataset, &is_file);
    int64_t id = column == NULL ? -1 : rs_explain_i64(row, column->name, -1);
    return is_file && id >= 0 ? id : rs_explain_file_of_id(id);
}

/* The SELECT of the stored rows of a file, or of all where they lie in none. */
static const char *stored_rows(rs_explainer *self, const rs_dataset *dataset, int64_t file_id)
{
    bool is_file = false;
    const rs_column *column = file_column(dataset, &is_file);
    rs_sql_arg args[RS_EXPLAIN_MAX_ARGS] = {rs_sql_word("dataset", dataset->name)};
    if (column == NULL || file_id == RS_EXPLAIN_RUN) {
        return rs_explain_sql(self, &rs_sql_explain_stored, args);
    }
    int64_t first = is_file ? file_id : rs_entity_id(file_id, 0);
    int64_t last = is_file ? file_id : rs_entity_id(file_id + 1, 0) - 1;
    args[1] = rs_sql_word("column", column->name);
    args[2] = rs_sql_word("first", rs_explain_textf(self, "%" PRId64, first));
    args[3] = rs_sql_word("last", rs_explain_textf(self, "%" PRId64, last));
    return rs_explain_sql(self, &rs_sql_explain_stored_of_file, args);
}

/* The dataset's columns of their types: files have texts for words. */
static const char *typed_columns(rs_explainer *self, const rs_dataset *dataset)
{
    rs_buf sql = {0};
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const rs_column *column = &dataset->columns[i];
        bool is_word = column->type == RS_TYPE_ENUM;
        const rs_sql_arg args[] = {rs_sql_word("column", column->name),
                                   rs_sql_word("words", is_word ? column->words->name : "")};
        rs_buf_add(&sql, i == 0 ? "" : ", ");
        rs_sql_add(is_word ? &rs_sql_explain_word_column : &rs_sql_explain_column, args,
                   is_word ? 2 : 1, &sql);
    }
    return rs_explain_keep(self, &sql);
}

/* --- the sources --- */

static void add_view(rs_explainer *self, const char *name, const char *sql)
{
    if (rs_explain_is_ok(self)) {
        (void)rs_explain_note(self,
                              rs_session_add_view(self->bundle.session, name, sql, &self->error));
    }
}

static void add_table(rs_explainer *self, const char *name, const char *rows)
{
    const rs_sql_arg args[RS_EXPLAIN_MAX_ARGS] = {rs_sql_word("table", name),
                                                  rs_sql_rows("rows", rows)};
    const char *sql = rs_explain_sql(self, &rs_sql_explain_take, args);
    if (rs_explain_is_ok(self)) {
        (void)rs_explain_note(self,
                              rs_session_execute(self->bundle.session, name, sql, &self->error));
    }
}

/* A table of a file's rows, or a view of the run's, whose rows are a SELECT. */
static const char *make_source(rs_explainer *self, const rs_dataset *dataset, int64_t file_id,
                               const char *name, const char *rows, bool by_key)
{
    const char *keys[RS_SORT_MAX_TERMS] = {NULL};
    const char *key = dataset->key;
    size_t n_keys = 0;
    char column[RS_EXPLAIN_NAME_BYTES];
    while (by_key && n_keys < RS_SORT_MAX_TERMS && rs_explain_key_next(&key, column)) {
        keys[n_keys++] = rs_explain_textf(self, "%s", column);
    }
    const rs_sql_arg args[RS_EXPLAIN_MAX_ARGS] = {
        rs_sql_expr("columns", typed_columns(self, dataset)),
        rs_sql_rows("rows", rows),
        {.name = n_keys > 0 ? "key" : NULL,
         .form = RS_SQL_WORDS,
         .words = keys,
         .n_words = n_keys}};
    const char *sql =
        rs_explain_sql(self, n_keys > 0 ? &rs_sql_explain_in_order : &rs_sql_explain_typed, args);
    if (file_id == RS_EXPLAIN_RUN) {
        add_view(self, name, sql);
    } else {
        add_table(self, name, sql);
    }
    note_made(self, name);
    return name;
}

const char *rs_explain_nodes(rs_explainer *self, int64_t file_id)
{
    const rs_dataset *nodes = rs_graph_dataset_get(RS_G_nodes);
    const char *source = rs_explain_textf(self, "nodes.%" PRId64, file_id);
    rs_explain_add_stored(self, nodes->name);
    if (file_id == RS_EXPLAIN_RUN) {
        return "stored_nodes";
    }
    if (!is_made(self, source)) {
        add_table(self, source, stored_rows(self, nodes, file_id));
        note_made(self, source);
    }
    return source;
}

/* The view `nodes`, which those of evidence read: of a file, or of all. */
static void select_nodes(rs_explainer *self, int64_t file_id)
{
    if (!self->has_nodes || self->nodes_file != file_id) {
        const rs_sql_arg args[RS_EXPLAIN_MAX_ARGS] = {
            rs_sql_word("source", rs_explain_nodes(self, file_id))};
        add_view(self, "nodes", rs_explain_sql(self, &rs_sql_explain_all_of, args));
        self->has_nodes = true;
        self->nodes_file = file_id;
    }
}

/* The SELECT of rows of evidence, with the columns that its view takes from nodes. */
static const char *evidence_rows(rs_explainer *self, const rs_dataset *dataset, int64_t file_id)
{
    rs_buf sql = {0};
    const char *view = rs_explain_textf(self, "stored_%s", dataset->name);
    if (file_id != RS_EXPLAIN_RUN) {
        view = rs_explain_textf(self, "part.%s", dataset->name);
        add_view(self, view, stored_rows(self, dataset, file_id));
    }
    self->failed = rs_dataset_add_view_sql(dataset, view, &sql, NULL) != RS_OK || self->failed;
    return rs_explain_keep(self, &sql);
}

const char *rs_explain_source(rs_explainer *self, const rs_dataset *dataset, int64_t file_id)
{
    bool is_evidence = !rs_explain_is_relationship(dataset);
    bool is_run = file_id == RS_EXPLAIN_RUN;
    const char *source = rs_explain_textf(self, "%s.%" PRId64, dataset->name, file_id);
    rs_explain_add_stored(self, dataset->name);
    if (is_evidence && (is_run || !is_made(self, source))) {
        select_nodes(self, file_id);
    }
    if (is_made(self, source) || !rs_explain_is_ok(self)) {
        return source;
    }
    return make_source(self, dataset, file_id, source,
                       is_evidence ? evidence_rows(self, dataset, file_id)
                                   : stored_rows(self, dataset, file_id),
                       is_evidence && !is_run);
}

const char *rs_explain_source_at_hand(rs_explainer *self, const rs_dataset *dataset,
                                      int64_t file_id)
{
    const char *source = rs_explain_textf(self, "%s.%" PRId64, dataset->name, file_id);
    rs_explain_add_stored(self, dataset->name);
    return is_made(self, source) ? source : rs_explain_textf(self, "stored_%s", dataset->name);
}
