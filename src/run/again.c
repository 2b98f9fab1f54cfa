/* SPDX-License-Identifier: Apache-2.0 */
#include "run/again.h"

#include <stdio.h>
#include <string.h>

#include "bundle/files.h"
#include "run/plan.h"
#include "run/sql_texts.h"

rs_again rs_again_of(const rs_pipeline *pipeline)
{
    return (rs_again){.draft = rs_run_draft(pipeline),
                      .plan = rs_run_graph_plan(pipeline),
                      .kinds = rs_rules_kinds(rs_run_rules(pipeline)),
                      .session = rs_run_session(pipeline, 0)};
}

void rs_again_release(rs_again *self)
{
    rs_buf_release(&self->sql);
    rs_buf_release(&self->path);
}

/* --- statements --- */

rs_status rs_again_make(rs_again *self, const rs_sql *statement, const rs_sql_arg *args,
                        size_t n_args, rs_error *err)
{
    rs_buf_reset(&self->sql);
    rs_sql_add(statement, args, n_args, &self->sql);
    return rs_buf_check(&self->sql, err);
}

rs_status rs_again_run(rs_again *self, const rs_sql *statement, const rs_sql_arg *args,
                       size_t n_args, rs_error *err)
{
    RS_TRY(rs_again_make(self, statement, args, n_args, err));
    return rs_session_execute(self->session, "compare ids", self->sql.bytes, err);
}

rs_status rs_again_count(rs_again *self, const rs_sql *statement, const rs_sql_arg *args,
                         size_t n_args, int64_t *value, rs_error *err)
{
    RS_TRY(rs_again_make(self, statement, args, n_args, err));
    return rs_session_query_i64(self->session, "compare ids", self->sql.bytes, value, err);
}

const char *rs_again_view(const rs_bundle_dataset *dataset, char name[128])
{
    bool is_reject = dataset->group == RS_GROUP_REJECTS;
    (void)snprintf(name, 128, is_reject ? "draft_rejects_%s" : "draft_%s", dataset->dataset->name);
    return name;
}

rs_status rs_again_show(rs_again *self, const rs_bundle_dataset *dataset, rs_error *err)
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
    RS_THEN(status, rs_again_make(self, &rs_sql_run_again_view, &arg, 1, err));
    RS_THEN(status, rs_session_add_view(self->session, rs_again_view(dataset, name),
                                        rs_buf_text(&self->sql), err));
    rs_buf_release(&files);
    return status;
}

/* --- files that are written again --- */

static const rs_output *output_of(const rs_again *self, const rs_dataset *dataset)
{
    for (size_t i = 0; i < rs_graph_plan_n_outputs(self->plan); i++) {
        if (rs_graph_plan_output(self->plan, i)->dataset == dataset) {
            return rs_graph_plan_output(self->plan, i);
        }
    }
    return NULL;
}

/* self->path is the file's; what stands beside it under another name becomes it. */
static rs_status replace(rs_again *self, const rs_bundle_dataset *dataset, rs_bundle_file *file,
                         rs_error *err)
{
    const rs_output *output = output_of(self, dataset->dataset);
    RS_ASSERT(output != NULL);
    rs_buf beside = {0};
    rs_parquet_written written = {0};
    const char *names[RS_PLAN_MAX_COLUMNS + 1];
    size_t n_names = rs_output_names(output, dataset->group == RS_GROUP_REJECTS, names);
    rs_buf_addf(&beside, "%s.again", self->path.bytes);
    rs_status status = rs_buf_check(&beside, err);
    const rs_engine_file made = {.label = "compare ids",
                                 .sql = self->sql.bytes,
                                 .names = names,
                                 .n_names = n_names,
                                 .path = beside.bytes,
                                 .metadata = output->metadata,
                                 .n_metadata = output->n_metadata,
                                 .tally = file->tally};
    RS_THEN(status, rs_session_copy(self->session, &made, &written, err));
    RS_THEN(status, rs_files_remove_tree(self->path.bytes, err));
    RS_THEN(status, rs_files_move(beside.bytes, self->path.bytes, err));
    rs_bundle_file_set(file, &written);
    rs_buf_release(&beside);
    return status;
}

/* Write the files of a dataset again in which rows are marked, or all of them. */
rs_status rs_again_write(rs_again *self, const rs_bundle_dataset *dataset, const rs_sql *statement,
                         bool is_first_alone, rs_error *err)
{
    const char *columns[RS_PLAN_MAX_COLUMNS];
    char view[128];
    size_t n_columns = 0;
    const rs_output *output = output_of(self, dataset->dataset);
    for (; n_columns < rs_output_n_columns(output); n_columns++) {
        columns[n_columns] = rs_output_column(output, n_columns)->name;
    }
    bool has_columns = statement != &rs_sql_run_again_damaged;
    for (size_t i = 0; i < (is_first_alone ? 1 : dataset->n_files); i++) {
        rs_bundle_file *file = &dataset->files[i];
        int64_t n_marked = 0;
        RS_TRY(rs_draft_file_path(self->draft, dataset, file->number, &self->path, err));
        const rs_sql_arg args[] = {
            {.name = "file", .word = self->path.bytes},
            {.name = "rows", .word = rs_again_view(dataset, view)},
            {.name = "columns", .form = RS_SQL_WORDS, .words = columns, .n_words = n_columns}};
        RS_TRY(rs_again_count(self, &rs_sql_run_again_marked, args, 1, &n_marked, err));
        if (n_marked > 0 || is_first_alone) {
            RS_TRY(rs_again_make(self, statement, args, has_columns ? 3 : 2, err));
            RS_TRY(replace(self, dataset, file, err));
        }
    }
    return RS_OK;
}

/* The marked rows, before their files are written again. */
rs_status rs_again_keep_moved(rs_again *self, const rs_bundle_dataset *dataset, rs_error *err)
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
        {.name = "rows", .word = rs_again_view(dataset, view)},
        {.name = "columns", .form = RS_SQL_WORDS, .words = columns, .n_words = n_columns}};
    return rs_again_run(self, &rs_sql_run_again_moved, args, 2, err);
}

rs_status rs_again_move(rs_again *self, const char *dataset, rs_error *err)
{
    const rs_bundle_dataset *good = rs_draft_find(self->draft, dataset, RS_GROUP_CPG);
    const rs_bundle_dataset *rejects = rs_draft_find(self->draft, dataset, RS_GROUP_REJECTS);
    int64_t n_marked = 0;
    RS_ASSERT(good != NULL && rejects != NULL);
    RS_TRY(rs_again_count(self, &rs_sql_run_again_marks, NULL, 0, &n_marked, err));
    if (n_marked == 0) {
        return RS_OK;
    }
    RS_TRY(rs_again_keep_moved(self, good, err));
    RS_TRY(rs_again_write(self, good, &rs_sql_run_again_kept, false, err));
    RS_TRY(rs_again_show(self, rejects, err));
    return rs_again_write(self, rejects, &rs_sql_run_again_added, true, err);
}
