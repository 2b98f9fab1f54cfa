/* SPDX-License-Identifier: Apache-2.0 */
#include "run/keep.h"

#include <string.h>

#include "plan/operator.h"
#include "run/bind.h"
#include "run/extract.h"
#include "run/plan.h"
#include "run/relate.h"
#include "run/sessions.h"

#define ALL UINT64_MAX

/* What summary.c, coverage.c and warnings.c read of evidence. */
static const struct {
    rs_dataset_id dataset;
    uint64_t columns;
} summarised[] = {
    {RS_DS_repo_files, ALL},
    {RS_DS_parse_errors, ALL},
    {RS_DS_scip_documents, ALL},
    {RS_DS_scip_span_errors, ALL},
    {RS_DS_scip_occurrences, UINT64_C(1) << RS_C_scip_occurrences_occurrence_id |
                                 UINT64_C(1) << RS_C_scip_occurrences_symbol |
                                 UINT64_C(1) << RS_C_scip_occurrences_start_byte |
                                 UINT64_C(1) << RS_C_scip_occurrences_end_byte},
    {RS_DS_calls, UINT64_C(1) << RS_C_calls_call_id |
                      UINT64_C(1) << RS_C_calls_callee_name_start_byte |
                      UINT64_C(1) << RS_C_calls_callee_name_end_byte},
    {RS_DS_reference_statuses, UINT64_C(1) << RS_C_reference_statuses_status},
    {RS_DS_call_statuses, UINT64_C(1) << RS_C_call_statuses_status},
};

static uint64_t column_bit(const rs_dataset *dataset, const char *name)
{
    const rs_column *column = rs_column_find(dataset, rs_str_of(name));
    return column != NULL ? UINT64_C(1) << (column - dataset->columns) : 0;
}

/* What a rule reads of an input: the columns that it names, what derives them, what names the row. */
static uint64_t columns_of(const rs_plan_input *input)
{
    const rs_dataset *dataset = input->dataset;
    uint64_t columns =
        input->columns | column_bit(dataset, dataset->key) | column_bit(dataset, RS_DAMAGE_COLUMN);
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const char *id = (columns >> i & 1) != 0 ? rs_column_file_of(&dataset->columns[i]) : NULL;
        columns |= id != NULL ? column_bit(dataset, id) : 0;
    }
    return columns;
}

/* What the rules of the run read of a dataset. */
static uint64_t read_by_run(const rs_rules *rules, const rs_dataset *dataset)
{
    uint64_t columns = 0;
    for (size_t i = 0; i < rs_rules_count(rules); i++) {
        const rs_plan *rule = rs_rules_get(rules, i);
        for (size_t j = 0; j < rule->n_inputs && rule->wave == RS_WAVE_RUN && rule->absent == NULL;
             j++) {
            const rs_plan_input *input = &rule->inputs[j];
            bool is_same = strcmp(input->dataset->name, dataset->name) == 0;
            columns |= is_same ? columns_of(input) : 0;
        }
    }
    return columns;
}

/* --- parts --- */

static rs_status keep_parts(const rs_pipeline *pipeline, rs_part_span parts, rs_error *err)
{
    const rs_evidence *evidence = rs_run_evidence(pipeline);
    uint64_t columns[RS_N_EVIDENCE];
    for (size_t i = 0; i < RS_N_EVIDENCE; i++) {
        columns[i] = read_by_run(rs_run_rules(pipeline), rs_dataset_get((rs_dataset_id)i));
    }
    for (size_t i = 0; i < sizeof summarised / sizeof summarised[0]; i++) {
        columns[summarised[i].dataset] |= summarised[i].columns;
    }
    for (size_t i = parts.first; i < parts.end; i++) {
        RS_TRY(rs_part_keep(&evidence->parts[i], columns, err));
    }
    return RS_OK;
}

/* --- relationships --- */

static rs_status keep_gated(const rs_rules *rules, rs_gated *gated, rs_error *err)
{
    rs_held *good = &gated->good;
    if (good->batch.dataset == NULL) {
        return RS_OK;
    }
    uint64_t columns = read_by_run(rules, good->batch.dataset);
    rs_held_close(&gated->rejects);
    if (columns == 0) {
        rs_gated_close(gated);
        return RS_OK;
    }
    rs_strings texts = {.items = NULL};
    rs_status status = rs_batch_keep(&good->batch, columns, &good->strings, &texts, err);
    rs_strings_release(&good->strings);
    good->strings = texts;
    return status;
}

static rs_status keep_ranges(const rs_pipeline *pipeline, rs_part_span parts, rs_error *err)
{
    const rs_relationships *made = rs_run_relationships(pipeline);
    for (size_t i = 0; i < made->n_ranges; i++) {
        rs_gated *relations = made->ranges[i].relations;
        bool is_of_parts = made->ranges[i].first_part >= parts.first;
        for (size_t j = 0; j < made->n_outputs && is_of_parts && relations != NULL; j++) {
            RS_TRY(keep_gated(rs_run_rules(pipeline), &relations[j], err));
        }
    }
    return RS_OK;
}

rs_status rs_keep_for_later(rs_pipeline *pipeline, rs_part_span parts, rs_error *err)
{
    if (rs_collector_explains(
            rs_run_collector(pipeline))) { /* the engine is asked about all rules once more */
        return RS_OK;
    }
    RS_TRY(keep_ranges(pipeline, parts, err));
    RS_TRY(keep_parts(pipeline, parts, err));
    return rs_bind_again(pipeline, parts, err);
}
