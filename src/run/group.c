/* SPDX-License-Identifier: Apache-2.0 */
#include "run/group.h"

#include "base/alloc.h"
#include "base/shuffle.h"
#include "run/lenses.h"
#include "run/walk.h"

/* Close a part behind every file with which its sources have part_bytes. Returns how many there
 * are, at least one; ranges NULL: only count them. */
static size_t group_files(const rs_repo_files *files, uint64_t part_bytes, rs_file_range *ranges)
{
    uint64_t n_bytes = 0;
    size_t part = 0;
    for (size_t i = 0; i < files->n_items; i++) {
        if (n_bytes >= part_bytes) {
            n_bytes = 0;
            part++;
            if (ranges != NULL) {
                ranges[part - 1].end_file = i;
                ranges[part].first_file = i;
            }
        }
        n_bytes += (uint64_t)files->items[i].size_bytes;
    }
    if (ranges != NULL) {
        ranges[part].end_file = files->n_items;
    }
    RS_ASSERT(part == 0 || part < files->n_items);
    return part + 1;
}

rs_status rs_group_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_grouping *grouping = state;
    const rs_repo_files *files = &rs_run_files(pipeline)->files;
    const rs_run_options *options = rs_run_given(pipeline, RS_THING_options);
    uint64_t part_bytes = options->part_bytes > 0 ? options->part_bytes : RS_PART_SOURCE_BYTES;
    (void)parts;
    grouping->n_file_parts = group_files(files, part_bytes, NULL);
    grouping->n_parts =
        grouping->n_file_parts + (rs_lens_set_has_rest(rs_run_lenses(pipeline)) ? 1 : 0);
    grouping->files = rs_alloc_zero(grouping->n_parts, sizeof *grouping->files);
    grouping->order = rs_alloc(grouping->n_file_parts, sizeof *grouping->order);
    if (grouping->files == NULL || grouping->order == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "group the files: out of memory");
    }
    (void)group_files(files, part_bytes, grouping->files);
    RS_ASSERT(grouping->files[grouping->n_file_parts - 1].end_file ==
              files->n_items); /* no file is left */
    rs_shuffle(options->shuffle_seed, grouping->order, grouping->n_file_parts);
    rs_run_cost(pipeline)->n_rows = grouping->n_parts;
    return RS_OK;
}

void rs_group_release(void *state)
{
    rs_grouping *grouping = state;
    rs_free(grouping->files);
    rs_free(grouping->order);
}
