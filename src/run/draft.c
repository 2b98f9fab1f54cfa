/* SPDX-License-Identifier: Apache-2.0 */
#include "run/draft.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "bundle/files.h"
#include "parquet/tally.h"
#include "run/watch.h"

rs_status rs_draft_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_draft *draft = state;
    const rs_run_options *options = rs_run_given(pipeline, RS_THING_options);
    (void)parts;
    RS_TRY(rs_bundle_writer_new(options->output, options->run_name, &draft->writer, err));
    return rs_files_resolve(rs_bundle_writer_directory(draft->writer), &draft->directory, err);
}

void rs_draft_forget_file(rs_bundle_file *file)
{
    if (file->tally != NULL) {
        rs_watch_free(file->tally->seer);
        rs_parquet_tally_release(file->tally);
        rs_free(file->tally);
        file->tally = NULL;
    }
}

void rs_draft_release(void *state)
{
    rs_draft *draft = state;
    for (size_t i = 0; i < draft->datasets.n_items; i++) {
        const rs_bundle_dataset *dataset = &draft->datasets.items[i];
        for (size_t file = 0; file < dataset->n_files; file++) {
            rs_draft_forget_file(&dataset->files[file]);
        }
        rs_free(dataset->files);
    }
    rs_bundle_dataset_vec_release(&draft->datasets);
    rs_bundle_writer_free(draft->writer);
    rs_buf_release(&draft->directory);
}

rs_status rs_draft_add_dataset(rs_draft *draft, rs_bundle_group group, const rs_dataset *dataset,
                               size_t *index, rs_error *err)
{
    char name[128];
    *index = draft->datasets.n_items;
    if (!rs_bundle_dataset_vec_push(&draft->datasets,
                                    (rs_bundle_dataset){.group = group, .dataset = dataset})) {
        return rs_error_set(err, RS_ERR_NOMEM, "plan the files: out of memory");
    }
    RS_ASSERT(strlen(rs_bundle_group_name(group)) + 1 + strlen(dataset->name) < sizeof name);
    snprintf(name, sizeof name, "%s/%s", rs_bundle_group_name(group), dataset->name);
    return rs_bundle_writer_add_directory(draft->writer, name, err);
}

/* By which column rows are counted: the graph by kind, rejects by rule. */
static const char *counted_column(const rs_bundle_dataset *dataset)
{
    const rs_str rule_name = RS_STR_LITERAL("rule_name");
    const rs_str kind = RS_STR_LITERAL("kind");
    rs_str name = dataset->group == RS_GROUP_REJECTS ? rule_name : kind;
    bool is_counted = dataset->group == RS_GROUP_REJECTS || dataset->group == RS_GROUP_CPG;
    return is_counted && rs_column_find(dataset->dataset, name) != NULL ? name.bytes : NULL;
}

/* What a run says of itself is written by what reads the others'. */
static rs_status add_tally(const rs_bundle_dataset *dataset, rs_bundle_file *file, rs_error *err)
{
    if (dataset->group == RS_GROUP_RELSPEC) {
        return RS_OK;
    }
    file->tally = rs_alloc_zero(1, sizeof *file->tally);
    if (file->tally == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "plan the files: out of memory");
    }
    rs_watch *watch = NULL;
    RS_TRY(rs_watch_new(dataset->dataset->name, &watch, err));
    file->tally->counted = counted_column(dataset);
    file->tally->see = watch != NULL ? rs_watch_see : NULL;
    file->tally->seer = watch;
    return RS_OK;
}

rs_status rs_draft_add_file(rs_draft *draft, size_t dataset, size_t *file, rs_error *err)
{
    RS_ASSERT(dataset < draft->datasets.n_items);
    rs_bundle_dataset *to = &draft->datasets.items[dataset];
    rs_bundle_file *files = rs_realloc(to->files, to->n_files + 1, sizeof *files);
    if (files == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "plan the files: out of memory");
    }
    files[to->n_files] = (rs_bundle_file){.number = (uint32_t)to->n_files};
    to->files = files;
    *file = to->n_files++;
    return add_tally(to, &files[*file], err);
}

rs_status rs_draft_file_path(const rs_draft *draft, const rs_bundle_dataset *dataset,
                             uint32_t number, rs_buf *path, rs_error *err)
{
    char name[RS_BUNDLE_FILE_NAME_BYTES];
    rs_bundle_file_name(number, name);
    rs_buf_reset(path);
    rs_buf_addf(path, "%s/%s/%s/%s", rs_bundle_writer_directory(draft->writer),
                rs_bundle_group_name(dataset->group), dataset->dataset->name, name);
    return rs_buf_check(path, err);
}

void rs_draft_await_files(const rs_pipeline *pipeline)
{
    static const rs_thing files[] = {RS_THING_evidence_files, RS_THING_graph_files,
                                     RS_THING_run_files, RS_THING_param_files};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        (void)rs_run_thing(pipeline, files[i]);
    }
}

const rs_bundle_dataset *rs_draft_find(const rs_draft *draft, const char *name,
                                       rs_bundle_group group)
{
    for (size_t i = 0; i < draft->datasets.n_items; i++) {
        const rs_bundle_dataset *dataset = &draft->datasets.items[i];
        if (dataset->group == group && strcmp(dataset->dataset->name, name) == 0) {
            return dataset;
        }
    }
    return NULL;
}
