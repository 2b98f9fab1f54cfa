/* SPDX-License-Identifier: Apache-2.0 */
#include "run/count.h"

#include "parquet/tally.h"
#include "run/draft.h"

static rs_status count(const rs_draft *draft, const char *name, json_t *counts, rs_error *err)
{
    const rs_bundle_dataset *dataset = rs_draft_find(draft, name, RS_GROUP_CPG);
    bool failed = false;
    json_t *kinds = json_object();
    RS_ASSERT(dataset != NULL);
    for (size_t i = 0; i < dataset->n_files; i++) {
        const rs_tally_count_vec *found = &dataset->files[i].tally->counts;
        for (size_t j = 0; j < found->n_items; j++) {
            rs_str kind = found->items[j].value;
            json_int_t n_before =
                json_integer_value(json_object_getn(kinds, kind.bytes, kind.n_bytes));
            failed =
                failed || json_object_setn_new(
                              kinds, kind.bytes, kind.n_bytes,
                              json_integer(n_before + (json_int_t)found->items[j].n_rows)) != 0;
        }
    }
    rs_json_set(counts, name, kinds, &failed);
    return failed ? rs_error_set(err, RS_ERR_NOMEM, "count kinds: out of memory") : RS_OK;
}

rs_status rs_count_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_counts *counts = state;
    (void)parts;
    (void)rs_run_thing(pipeline, RS_THING_graph_files);
    (void)rs_run_thing(pipeline, RS_THING_run_files);
    (void)rs_run_thing(pipeline, RS_THING_contracts);
    counts->kinds = json_object();
    if (counts->kinds == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "count kinds: out of memory");
    }
    RS_TRY(count(rs_run_draft(pipeline), "nodes", counts->kinds, err));
    return count(rs_run_draft(pipeline), "edges", counts->kinds, err);
}

void rs_count_release(void *state)
{
    rs_counts *counts = state;
    json_decref(counts->kinds);
}
