/* SPDX-License-Identifier: Apache-2.0 */
#include "run/clash.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "bundle/files.h"
#include "bundle/identity.h"
#include "run/draft.h"
#include "run/plan.h"
#include "run/sessions.h"
#include "run/sql_texts.h"

/* One search, and what it writes again. */
typedef struct search {
    rs_draft *draft;
    const rs_graph_plan *plan;
    rs_session *session;
    rs_buf sql;
    rs_buf path;
} search;

/* --- statements --- */

static rs_status make(search *self, const rs_sql *statement, const rs_sql_arg *args, size_t n_args,
                      rs_error *err)
{
    rs_buf_reset(&self->sql);
    rs_sql_add(statement, args, n_args, &self->sql);
    return rs_buf_check(&self->sql, err);
}

static rs_status run(search *self, const rs_sql *statement, const rs_sql_arg *args, size_t n_args,
                     rs_error *err)
{
    RS_TRY(make(self, statement, args, n_args, err));
    return rs_session_execute(self->session, "compare ids", self->sql.bytes, err);
}

static rs_status count(search *self, const rs_sql *statement, const rs_sql_arg *args, size_t n_args,
                       int64_t *value, rs_error *err)
{
    RS_TRY(make(self, statement, args, n_args, err));
    return rs_session_query_i64(self->session, "compare ids", self->sql.bytes, value, err);
}

/* The name of the view of a dataset's files. */
static const char *view_of(const rs_bundle_dataset *dataset, char name[128])
{
    bool is_reject = dataset->group == RS_GROUP_REJECTS;
    (void)snprintf(name, 128, is_reject ? "draft_rejects_%s" : "draft_%s", dataset->dataset->name);
    return name;
}

static rs_status show(search *self, const rs_bundle_dataset *dataset, rs_error *err)
{
    char name[128];
    rs_buf files = {0};
    rs_buf_reset(&self->path);
    rs_buf_addf(&self->path, "%s/%s/%s", self->draft->directory.bytes,
                rs_bundle_group_name(dataset->group), dataset->dataset->name);
    rs_status status = rs_buf_check(&self->path, err);
    RS_THEN(status, rs_files_add_parquet_sql(self->path.bytes, 0, &files, err));
    RS_THEN(status, rs_buf_check(&files, err));
    const rs_sql_arg arg = {.name = "files", .form = RS_SQL_EXPR, .word = rs_buf_text(&files)};
    RS_THEN(status, make(self, &rs_sql_run_clash_view, &arg, 1, err));
    RS_THEN(status, rs_session_add_view(self->session, view_of(dataset, name),
                                        rs_buf_text(&self->sql), err));
    rs_buf_release(&files);
    return status;
}

/* --- ids and their texts --- */

/* Append the rows of a dataset that have ids of texts, with `source`. */
static void add_identities(const rs_bundle_dataset *dataset, rs_buf *rows)
{
    char view[128];
    size_t n_identities;
    const rs_identity *identities = rs_identities(&n_identities);
    for (size_t i = 0; i < n_identities; i++) {
        if (strcmp(identities[i].dataset, dataset->dataset->name) == 0) {
            rs_buf_add(rows, rows->n_bytes > 0 ? "\nUNION ALL\n" : "");
            rs_buf_addf(rows,
                        "SELECT identity_id, identity_tag, identity_text, filename, "
                        "file_row_number, %d AS source FROM (",
                        (int)(dataset->group == RS_GROUP_REJECTS));
            rs_identity_add_sql(&identities[i], view_of(dataset, view), rows);
            rs_buf_add(rows, ")");
        }
    }
}

/* Whose ids are looked at: evidence and nodes, kept out or not. */
static bool has_identities(const rs_bundle_dataset *dataset)
{
    size_t n_identities;
    const rs_identity *identities = rs_identities(&n_identities);
    for (size_t i = 0; i < n_identities; i++) {
        if (strcmp(identities[i].dataset, dataset->dataset->name) == 0) {
            return rs_bundle_dataset_rows(dataset) > 0;
        }
    }
    return false;
}

static rs_status claim(search *self, rs_error *err)
{
    rs_buf rows = {0};
    rs_status status = RS_OK;
    for (size_t i = 0; i < self->draft->datasets.n_items && status == RS_OK; i++) {
        const rs_bundle_dataset *dataset = &self->draft->datasets.items[i];
        if (has_identities(dataset)) {
            status = show(self, dataset, err);
            add_identities(dataset, &rows);
        }
    }
    RS_THEN(status, rs_buf_check(&rows, err));
    const rs_sql_arg arg = {.name = "rows", .form = RS_SQL_ROWS, .word = rs_buf_text(&rows)};
    RS_THEN(status, run(self, &rs_sql_run_clash_claims, &arg, 1, err));
    rs_buf_release(&rows);
    return status;
}

/* --- files that are written again --- */

static const rs_output *output_of(const search *self, const rs_dataset *dataset)
{
    for (size_t i = 0; i < rs_graph_plan_n_outputs(self->plan); i++) {
        if (rs_graph_plan_output(self->plan, i)->dataset == dataset) {
            return rs_graph_plan_output(self->plan, i);
        }
    }
    return NULL;
}

/* self->path is the file's; what stands beside it under another name becomes it. */
static rs_status replace(search *self, const rs_bundle_dataset *dataset, rs_bundle_file *file,
                         rs_error *err)
{
    const rs_output *output = output_of(self, dataset->dataset);
    RS_ASSERT(output != NULL);
    rs_buf beside = {0};
    rs_buf_addf(&beside, "%s.again", self->path.bytes);
    rs_status status = rs_buf_check(&beside, err);
    RS_THEN(status, rs_session_copy(self->session, "compare ids", self->sql.bytes, beside.bytes,
                                    output->metadata, output->n_metadata, &file->n_rows, err));
    RS_THEN(status, rs_files_remove_tree(self->path.bytes, err));
    RS_THEN(status, rs_files_move(beside.bytes, self->path.bytes, err));
    RS_THEN(status, rs_files_hash(self->path.bytes, file->sha256, &file->n_bytes, err));
    rs_buf_release(&beside);
    return status;
}

/* Write the files of a dataset again in which rows are marked, or all of them. */
static rs_status rewrite(search *self, const rs_bundle_dataset *dataset, const rs_sql *statement,
                         bool is_first_alone, rs_error *err)
{
    const char *columns[RS_PLAN_MAX_COLUMNS];
    char view[128];
    size_t n_columns = 0;
    const rs_output *output = output_of(self, dataset->dataset);
    for (; n_columns < rs_output_n_columns(output); n_columns++) {
        columns[n_columns] = rs_output_column(output, n_columns)->name;
    }
    bool has_columns = statement != &rs_sql_run_clash_damaged;
    for (size_t i = 0; i < (is_first_alone ? 1 : dataset->n_files); i++) {
        rs_bundle_file *file = &dataset->files[i];
        int64_t n_marked = 0;
        RS_TRY(rs_draft_file_path(self->draft, dataset, file->number, &self->path, err));
        const rs_sql_arg args[] = {
            {.name = "file", .word = self->path.bytes},
            {.name = "rows", .word = view_of(dataset, view)},
            {.name = "columns", .form = RS_SQL_WORDS, .words = columns, .n_words = n_columns}};
        RS_TRY(count(self, &rs_sql_run_clash_marked, args, 1, &n_marked, err));
        if (n_marked > 0 || is_first_alone) {
            RS_TRY(make(self, statement, args, has_columns ? 3 : 2, err));
            RS_TRY(replace(self, dataset, file, err));
        }
    }
    return RS_OK;
}

/* --- what is wrong with the rows --- */

/* self->sql has the rows' identities where statement wants them. */
static rs_status mark_identities(search *self, const rs_bundle_dataset *dataset,
                                 const rs_sql *statement, rs_error *err)
{
    rs_buf rows = {0};
    add_identities(dataset, &rows);
    rs_status status = rs_buf_check(&rows, err);
    const rs_sql_arg arg = {.name = "rows", .form = RS_SQL_ROWS, .word = rs_buf_text(&rows)};
    RS_THEN(status, run(self, statement, &arg, 1, err));
    rs_buf_release(&rows);
    return status;
}

static rs_status mark_nodes(search *self, const rs_bundle_dataset *dataset, rs_error *err)
{
    return mark_identities(self, dataset, &rs_sql_run_clash_nodes, err);
}

static rs_status mark_edges(search *self, const rs_bundle_dataset *dataset, rs_error *err)
{
    (void)dataset;
    return run(self, &rs_sql_run_clash_edges, NULL, 0, err);
}

static rs_status mark_props(search *self, const rs_bundle_dataset *dataset, rs_error *err)
{
    enum { MAX_KEYS = 64 };
    const char *keys[MAX_KEYS];
    size_t n_keys = 0;
    size_t n_properties;
    const rs_property *properties = rs_properties(&n_properties);
    (void)dataset;
    for (size_t i = 0; i < n_properties && n_keys < MAX_KEYS; i++) {
        if (properties[i].required && !properties[i].is_edge) {
            keys[n_keys++] = properties[i].key;
        }
    }
    const rs_sql_arg arg = {
        .name = "required", .form = RS_SQL_WORDS, .words = keys, .n_words = n_keys};
    return run(self, &rs_sql_run_clash_props, &arg, 1, err);
}

/* Rejects that an id in any of their columns may explain. */
static rs_status mark_rejects(search *self, const rs_bundle_dataset *dataset, rs_error *err)
{
    const rs_dataset *record = dataset->dataset;
    char view[128];
    rs_buf ids = {0};
    if (strcmp(record->name, "nodes") == 0) {
        return mark_identities(self, dataset, &rs_sql_run_clash_node_rejects, err);
    }
    for (size_t i = 0; i < record->n_columns; i++) {
        if (record->columns[i].is_shared && rs_column_is_stored(&record->columns[i])) {
            rs_buf_addf(&ids, "%sr.", ids.n_bytes > 0 ? ", " : "");
            rs_buf_add_sql_name(&ids, rs_str_of(record->columns[i].name));
        }
    }
    rs_buf_add(&ids, ids.n_bytes > 0 ? "" : "NULL");
    rs_status status = rs_buf_check(&ids, err);
    const rs_sql_arg args[] = {{.name = "rows", .word = view_of(dataset, view)},
                               {.name = "ids", .form = RS_SQL_EXPR, .word = rs_buf_text(&ids)}};
    RS_THEN(status, run(self, &rs_sql_run_clash_rejects, args, 2, err));
    rs_buf_release(&ids);
    return status;
}

/* --- what becomes of it --- */

/* The marked rows, before their files are written again. */
static rs_status keep_moved(search *self, const rs_bundle_dataset *dataset, rs_error *err)
{
    const char *columns[RS_PLAN_MAX_COLUMNS];
    char view[128];
    size_t n_columns = 0;
    for (size_t i = 0; i < dataset->dataset->n_columns; i++) {
        if (rs_column_is_stored(&dataset->dataset->columns[i])) {
            columns[n_columns++] = dataset->dataset->columns[i].name;
        }
    }
    const rs_sql_arg args[] = {
        {.name = "rows", .word = view_of(dataset, view)},
        {.name = "columns", .form = RS_SQL_WORDS, .words = columns, .n_words = n_columns}};
    return run(self, &rs_sql_run_clash_moved, args, 2, err);
}

typedef struct repair {
    const char *dataset;
    rs_status (*mark)(search *self, const rs_bundle_dataset *dataset, rs_error *err);
    bool moves; /* marked rows go to the rejects; else they are marked in their place */
} repair;

static const repair repairs[] = {
    {"nodes", mark_nodes, true}, {"edges", mark_edges, false}, {"props", mark_props, true}};

static rs_status repair_good(search *self, const repair *how, rs_error *err)
{
    const rs_bundle_dataset *dataset = rs_draft_find(self->draft, how->dataset, RS_GROUP_CPG);
    RS_ASSERT(dataset != NULL);
    RS_TRY(show(self, dataset, err));
    RS_TRY(how->mark(self, dataset, err));
    if (!how->moves) {
        return rewrite(self, dataset, &rs_sql_run_clash_damaged, false, err);
    }
    RS_TRY(keep_moved(self, dataset, err));
    return rewrite(self, dataset, &rs_sql_run_clash_kept, false, err);
}

static rs_status repair_rejects(search *self, const rs_bundle_dataset *dataset, bool has_moved,
                                rs_error *err)
{
    RS_TRY(show(self, dataset, err));
    RS_TRY(mark_rejects(self, dataset, err));
    RS_TRY(rewrite(self, dataset, &rs_sql_run_clash_told, false, err));
    return has_moved ? rewrite(self, dataset, &rs_sql_run_clash_added, true, err) : RS_OK;
}

static rs_status repair_all(search *self, rs_error *err)
{
    for (size_t i = 0; i < sizeof repairs / sizeof repairs[0]; i++) {
        RS_TRY(repair_good(self, &repairs[i], err));
        RS_TRY(repair_rejects(self,
                              rs_draft_find(self->draft, repairs[i].dataset, RS_GROUP_REJECTS),
                              repairs[i].moves, err));
    }
    for (size_t i = 0; i < self->draft->datasets.n_items; i++) {
        const rs_bundle_dataset *dataset = &self->draft->datasets.items[i];
        if (dataset->group == RS_GROUP_REJECTS &&
            rs_draft_find(self->draft, dataset->dataset->name, RS_GROUP_RELATIONSHIPS) != NULL &&
            rs_bundle_dataset_rows(dataset) > 0) {
            RS_TRY(repair_rejects(self, dataset, false, err));
        }
    }
    return RS_OK;
}

/* --- the node --- */

static rs_status tell_first(search *self, rs_clashes *clashes, rs_error *err)
{
    rs_cursor *rows = NULL;
    size_t n_rows = 0;
    RS_TRY(rs_session_query(self->session, "compare ids", rs_sql_run_clash_first.text, NULL, 0,
                            &rows, err));
    rs_status status = rs_cursor_next(rows, &n_rows, err);
    if (status == RS_OK && n_rows > 0) {
        rs_buf_add_str(&clashes->first, rs_cursor_str(rows, 0, 0));
        status = rs_buf_check(&clashes->first, err);
    }
    rs_cursor_free(rows);
    return status;
}

static rs_status find_clashes(search *self, rs_clashes *clashes, rs_error *err)
{
    int64_t n_texts = 0;
    RS_TRY(claim(self, err));
    RS_TRY(count(self, &rs_sql_run_clash_count, NULL, 0, &n_texts, err));
    clashes->n_texts = (uint64_t)n_texts;
    if (n_texts == 0) {
        return RS_OK;
    }
    RS_TRY(run(self, &rs_sql_run_clash_losers, NULL, 0, err));
    RS_TRY(tell_first(self, clashes, err));
    return repair_all(self, err);
}

rs_status rs_clash_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    search self = {.draft = rs_run_draft(pipeline),
                   .plan = rs_run_graph_plan(pipeline),
                   .session = rs_run_session(pipeline, 0)};
    (void)parts;
    (void)rs_run_thing(pipeline, RS_THING_evidence_files);
    (void)rs_run_thing(pipeline, RS_THING_graph_files);
    (void)rs_run_thing(pipeline, RS_THING_run_files);
    rs_status status = find_clashes(&self, state, err);
    rs_buf_release(&self.sql);
    rs_buf_release(&self.path);
    return status;
}

void rs_clash_release(void *state)
{
    rs_clashes *clashes = state;
    rs_buf_release(&clashes->first);
}
