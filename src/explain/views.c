/* SPDX-License-Identifier: Apache-2.0 */
/* views.c - the bundle's datasets as a rule's inputs: of one file as a table, of the run as a view.
 *
 * The rows of a file are copied once, whatever is asked of it afterwards: `calls.F` and so on.
 * `_row` is a row's place in its file or run; it orders candidates as it did in the build, as
 * rows stand in the bundle in that order.
 */
#include <inttypes.h>
#include <stdio.h>

#include "bundle/view.h"
#include "explain/explain_impl.h"

bool rs_explain_is_relationship(const rs_dataset *dataset)
{
    return strcmp(dataset->lens, "relationship") == 0;
}

const rs_dataset *rs_explain_dataset(const rs_explainer *self, const char *name)
{
    const rs_dataset *dataset = rs_dataset_find(rs_str_of(name));
    for (size_t i = 0; dataset == NULL && i < rs_rules_n_contracts(self->rules); i++) {
        const rs_dataset *other = rs_rules_contract(self->rules, i)->dataset;
        dataset = strcmp(other->name, name) == 0 ? other : NULL;
    }
    return dataset;
}

static bool is_made(const rs_explainer *self, const char *name)
{
    return json_object_get(self->made, name) != NULL;
}

static void note_made(rs_explainer *self, const char *name)
{
    rs_json_set(self->made, name, json_true(), &self->failed);
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

rs_status rs_explain_add_stored(rs_explainer *self, const char *name, rs_error *err)
{
    char view[RS_EXPLAIN_NAME_BYTES];
    snprintf(view, sizeof view, "stored_%s", name);
    if (is_made(self, view)) {
        return RS_OK;
    }
    const json_t *row = manifest_row(self, name, false);
    if (row == NULL) {
        return rs_error_set(err, RS_ERR_INVALID, "explain: the bundle has no dataset %s", name);
    }
    RS_TRY(rs_reader_add_stored(&self->bundle, row, err));
    note_made(self, view);
    return RS_OK;
}

rs_status rs_explain_add_files(const rs_explainer *self, const char *name, rs_buf *sql,
                               rs_error *err)
{
    rs_buf_add(sql, "read_parquet(");
    RS_TRY(rs_reader_add_files_sql(&self->bundle, manifest_row(self, name, false), sql, err));
    rs_buf_add(sql, ", filename = true, file_row_number = true)");
    return rs_buf_check(sql, err);
}

rs_status rs_explain_add_rejects(rs_explainer *self, const char *name, bool *has_rows,
                                 rs_error *err)
{
    char view[RS_EXPLAIN_NAME_BYTES];
    const json_t *row = manifest_row(self, name, true);
    snprintf(view, sizeof view, "rejects_%s", name);
    *has_rows = row != NULL && rs_manifest_number(row, "rows") > 0;
    if (!*has_rows || is_made(self, view)) {
        return RS_OK;
    }
    RS_TRY(rs_reader_add_stored(&self->bundle, row, err));
    note_made(self, view);
    return RS_OK;
}

rs_status rs_explain_add_params(rs_explainer *self, rs_error *err)
{
    const json_t *datasets = json_object_get(self->bundle.manifest, "datasets");
    rs_status status = RS_OK;
    for (size_t i = 0; i < json_array_size(datasets) && status == RS_OK; i++) {
        const json_t *row = json_array_get(datasets, i);
        for (size_t j = 0; j < rs_rules_n_params(self->rules) && status == RS_OK &&
                           strcmp(rs_manifest_text(row, "group"), "params") == 0;
             j++) {
            const rs_param_table *param = rs_rules_param(self->rules, j);
            if (strcmp(param->name, rs_manifest_text(row, "name")) != 0) {
                continue;
            }
            status = rs_reader_add_files_view(&self->bundle, row, param->table, err);
        }
    }
    return status;
}

/* --- the rows of a file --- */

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

int64_t rs_explain_file_of(const rs_dataset *dataset, const json_t *row)
{
    bool is_file = false;
    const rs_column *column = file_column(dataset, &is_file);
    int64_t id = column == NULL ? -1 : rs_explain_i64(row, column->name, -1);
    if (id < 0) {
        return RS_EXPLAIN_RUN;
    }
    return is_file ? id : id >> RS_ID_ENTITY_BITS;
}

void rs_explain_add_in_file(int64_t file_id, rs_buf *sql)
{
    int64_t first = rs_entity_id(file_id, 0);
    rs_buf_addf(sql, " BETWEEN %" PRId64 " AND %" PRId64, first,
                first | ((INT64_C(1) << RS_ID_ENTITY_BITS) - 1));
}

static void add_file_rows(const rs_dataset *dataset, int64_t file_id, rs_buf *sql)
{
    bool is_file = false;
    const rs_column *column = file_column(dataset, &is_file);
    rs_buf_addf(sql, "SELECT * FROM stored_%s", dataset->name);
    if (column != NULL && is_file) {
        rs_buf_addf(sql, " WHERE file_id = %" PRId64, file_id);
    } else if (column != NULL) {
        rs_buf_add(sql, " WHERE ");
        rs_buf_add_sql_name(sql, rs_str_of(column->name));
        rs_explain_add_in_file(file_id, sql);
    }
}

static void add_key_order(const rs_dataset *dataset, rs_buf *sql)
{
    const char *key = dataset->key;
    const char *before = " ORDER BY ";
    while (*key != '\0') {
        rs_buf_add(sql, before);
        rs_buf_add_sql_name(sql, rs_key_next(&key));
        before = ", ";
    }
}

/* CREATE TEMP TABLE name AS sql, once. */
static rs_status make_table(rs_explainer *self, const char *name, const rs_buf *select,
                            rs_error *err)
{
    rs_buf sql = {0};
    rs_buf_add(&sql, "CREATE TEMP TABLE ");
    rs_buf_add_sql_name(&sql, rs_str_of(name));
    rs_buf_add(&sql, " AS ");
    rs_buf_add_str(&sql, rs_buf_str(select));
    sql.failed = sql.failed || select->failed;
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status = rs_session_execute(self->bundle.session, name, rs_buf_text(&sql), err);
    }
    if (status == RS_OK) {
        note_made(self, name);
    }
    rs_buf_release(&sql);
    return status;
}

/* The table of a file's nodes, or the view of all. */
static rs_status make_nodes(rs_explainer *self, int64_t file_id, char table[RS_EXPLAIN_NAME_BYTES],
                            rs_error *err)
{
    const rs_dataset *nodes = rs_graph_dataset_get(RS_G_nodes);
    rs_buf sql = {0};
    snprintf(table, RS_EXPLAIN_NAME_BYTES, "stored_%s", nodes->name);
    RS_TRY(rs_explain_add_stored(self, nodes->name, err));
    if (file_id == RS_EXPLAIN_RUN) {
        return RS_OK;
    }
    snprintf(table, RS_EXPLAIN_NAME_BYTES, "%s.%" PRId64, nodes->name, file_id);
    if (is_made(self, table)) {
        return RS_OK;
    }
    add_file_rows(nodes, file_id, &sql);
    rs_status status = make_table(self, table, &sql, err);
    rs_buf_release(&sql);
    return status;
}

/* The view `nodes`, which those of evidence read: of a file, or of all. */
static rs_status select_nodes(rs_explainer *self, int64_t file_id, rs_error *err)
{
    char table[RS_EXPLAIN_NAME_BYTES];
    rs_buf sql = {0};
    if (self->has_nodes && self->nodes_file == file_id) {
        return RS_OK;
    }
    RS_TRY(make_nodes(self, file_id, table, err));
    rs_buf_add(&sql, "SELECT * FROM ");
    rs_buf_add_sql_name(&sql, rs_str_of(table));
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status = rs_session_add_view(self->bundle.session, "nodes", rs_buf_text(&sql), err);
    }
    self->has_nodes = status == RS_OK;
    self->nodes_file = file_id;
    rs_buf_release(&sql);
    return status;
}

rs_status rs_explain_add_nodes_name(rs_explainer *self, int64_t node_id, rs_buf *sql, rs_error *err)
{
    char table[RS_EXPLAIN_NAME_BYTES];
    RS_TRY(
        make_nodes(self, node_id < 0 ? RS_EXPLAIN_RUN : node_id >> RS_ID_ENTITY_BITS, table, err));
    rs_buf_add_sql_name(sql, rs_str_of(table));
    return RS_OK;
}

rs_status rs_explain_add_rows_name(rs_explainer *self, const rs_dataset *dataset, int64_t file_id,
                                   rs_buf *sql, rs_error *err)
{
    char table[RS_EXPLAIN_NAME_BYTES];
    snprintf(table, sizeof table, "%s.%" PRId64, dataset->name, file_id);
    if (!is_made(self, table)) {
        snprintf(table, sizeof table, "stored_%s", dataset->name);
        RS_TRY(rs_explain_add_stored(self, dataset->name, err));
    }
    rs_buf_add_sql_name(sql, rs_str_of(table));
    return RS_OK;
}

/* The rows of evidence of a file, with the columns that its view takes from nodes. */
static rs_status add_evidence_rows(rs_explainer *self, const rs_dataset *dataset, int64_t file_id,
                                   rs_buf *sql, rs_error *err)
{
    char view[RS_EXPLAIN_NAME_BYTES];
    rs_buf rows = {0};
    snprintf(view, sizeof view, "file_%s", dataset->name);
    add_file_rows(dataset, file_id, &rows);
    rs_status status = rs_buf_check(&rows, err);
    if (status == RS_OK) {
        status = rs_session_add_view(self->bundle.session, view, rs_buf_text(&rows), err);
    }
    if (status == RS_OK) {
        status = rs_dataset_add_view_sql(dataset, view, sql, err);
    }
    rs_buf_release(&rows);
    return status;
}

static rs_status make_file_table(rs_explainer *self, const rs_dataset *dataset, int64_t file_id,
                                 const char *table, rs_error *err)
{
    rs_buf sql = {0};
    rs_status status = RS_OK;
    if (rs_explain_is_relationship(dataset)) {
        rs_buf_add(&sql, "SELECT *, CAST([] AS BIGINT[]) AS _in FROM (");
        add_file_rows(dataset, file_id, &sql);
        rs_buf_add(&sql, ")");
    } else {
        status = add_evidence_rows(self, dataset, file_id, &sql, err);
        add_key_order(dataset, &sql);
    }
    if (status == RS_OK) {
        status = make_table(self, table, &sql, err);
    }
    rs_buf_release(&sql);
    return status;
}

/* --- the rows of the run --- */

/* Where they stand in the files: the number of the file, then that of the row in it. */
static rs_status add_run_rows(rs_explainer *self, const rs_dataset *dataset, rs_buf *sql,
                              rs_error *err)
{
    char stored[RS_EXPLAIN_NAME_BYTES];
    if (!rs_explain_is_relationship(dataset)) {
        snprintf(stored, sizeof stored, "stored_%s", dataset->name);
        rs_buf_add(sql, "SELECT *, row_number() OVER () - 1 AS _row FROM (");
        RS_TRY(rs_dataset_add_view_sql(dataset, stored, sql, err));
        rs_buf_add(sql, ")");
        return RS_OK;
    }
    rs_buf_add(sql, "SELECT * EXCLUDE (filename, file_row_number), CAST([] AS BIGINT[]) AS _in, "
                    "(CAST(substring(filename, length(filename) - 12, 5) AS BIGINT) << 40) + "
                    "file_row_number AS _row FROM ");
    return rs_explain_add_files(self, dataset->name, sql, err);
}

rs_status rs_explain_select(rs_explainer *self, const rs_dataset *dataset, int64_t file_id,
                            const char *condition, rs_error *err)
{
    char table[RS_EXPLAIN_NAME_BYTES];
    rs_buf sql = {0};
    RS_TRY(rs_explain_add_stored(self, dataset->name, err));
    if (dataset == rs_graph_dataset_get(RS_G_nodes)) {
        return select_nodes(self, file_id, err);
    }
    if (!rs_explain_is_relationship(dataset)) {
        RS_TRY(select_nodes(self, file_id, err));
    }
    rs_status status = RS_OK;
    rs_buf_add(&sql, condition != NULL ? "SELECT * FROM (" : "");
    if (file_id == RS_EXPLAIN_RUN) {
        status = add_run_rows(self, dataset, &sql, err);
    } else {
        snprintf(table, sizeof table, "%s.%" PRId64, dataset->name, file_id);
        status = is_made(self, table) ? RS_OK : make_file_table(self, dataset, file_id, table, err);
        rs_buf_add(&sql, "SELECT *, rowid AS _row FROM ");
        rs_buf_add_sql_name(&sql, rs_str_of(table));
    }
    if (condition != NULL) {
        rs_buf_addf(&sql, ") WHERE %s", condition);
    }
    if (status == RS_OK) {
        status = rs_buf_check(&sql, err);
    }
    if (status == RS_OK) {
        status = rs_session_add_view(self->bundle.session, dataset->name, rs_buf_text(&sql), err);
    }
    rs_buf_release(&sql);
    return status;
}
