/* SPDX-License-Identifier: Apache-2.0 */
#include "run/draft.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "bundle/files.h"

rs_status rs_draft_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_draft *draft = state;
    const rs_run_options *options = rs_run_given(pipeline, RS_THING_options);
    (void)parts;
    RS_TRY(rs_bundle_writer_new(options->output, options->run_name, &draft->writer, err));
    return rs_files_resolve(rs_bundle_writer_directory(draft->writer), &draft->directory, err);
}

void rs_draft_release(void *state)
{
    rs_draft *draft = state;
    for (size_t i = 0; i < draft->datasets.n_items; i++) {
        rs_free(draft->datasets.items[i].files);
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
    snprintf(name, sizeof name, "%s/%s", rs_bundle_group_name(group), dataset->name);
    return rs_bundle_writer_add_directory(draft->writer, name, err);
}

rs_status rs_draft_add_file(rs_draft *draft, size_t dataset, size_t *file, rs_error *err)
{
    rs_bundle_dataset *to = &draft->datasets.items[dataset];
    rs_bundle_file *files = rs_realloc(to->files, to->n_files + 1, sizeof *files);
    if (files == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "plan the files: out of memory");
    }
    files[to->n_files] = (rs_bundle_file){.number = (uint32_t)to->n_files};
    to->files = files;
    *file = to->n_files++;
    return RS_OK;
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
