/* SPDX-License-Identifier: Apache-2.0 */
/* snapshots.c - the JSON that consumers of the reference system look for beside the datasets. */
#include <stdio.h>
#include <string.h>

#include "plan/operator.h"
#include "run/draft.h"
#include "run/plan.h"
#include "run/record.h"
#include "run/sessions.h"

/* --- contracts.json --- */

static json_t *names_document(const char *names, bool *failed)
{
    json_t *list = json_array();
    while (*names != '\0') {
        rs_json_push(list, rs_json_str(rs_key_next(&names)), failed);
    }
    return list;
}

static json_t *required_document(const rs_dataset *dataset, bool *failed)
{
    json_t *list = json_array();
    for (size_t i = 0; i < dataset->n_columns; i++) {
        if (dataset->columns[i].required && rs_column_is_stored(&dataset->columns[i])) {
            rs_json_push(list, rs_json_text(dataset->columns[i].name), failed);
        }
    }
    return list;
}

static json_t *sort_document(const rs_contract *contract, bool *failed)
{
    json_t *list = json_array();
    for (size_t i = 0; i < contract->n_sort; i++) {
        const rs_sort_term *term = &contract->sort[i];
        json_t *row = json_object();
        rs_json_set(row, "column", rs_json_text(term->column->name), failed);
        rs_json_set(row, "order", rs_json_text(term->is_descending ? "descending" : "ascending"),
                    failed);
        rs_json_push(list, row, failed);
    }
    return list;
}

static rs_status contract_document(const rs_output *output, const rs_kinds *kinds, json_t **out,
                                   rs_error *err)
{
    const rs_dataset *dataset = output->dataset;
    bool failed = false;
    char hash[RS_SHA256_TEXT_BYTES];
    char name[RS_CONTRACT_NAME_BYTES];
    RS_TRY(rs_schema_fingerprint(dataset, RS_GROUP_RELATIONSHIPS, hash, err));
    rs_dataset_contract_name(dataset, name);
    json_t *row = json_object();
    rs_json_set(row, "name", rs_json_text(name), &failed);
    rs_json_set(row, "dataset", rs_json_text(dataset->name), &failed);
    rs_json_set(row, "version", json_integer(dataset->version), &failed);
    rs_json_set(row, "required_non_null", required_document(dataset, &failed), &failed);
    rs_json_set(row, "key_fields", names_document(dataset->key, &failed), &failed);
    rs_json_set(row, "dedupe",
                rs_json_text(output->contract != NULL ? "keep_best_by_score" : "keep_first"),
                &failed);
    rs_json_set(row, "canonical_sort",
                output->contract != NULL ? sort_document(output->contract, &failed) : json_null(),
                &failed);
    rs_json_set(row, "schema_fingerprint", rs_json_text(hash), &failed);
    rs_json_set(row, "schema", rs_schema_document(dataset, kinds, &failed), &failed);
    *out = row;
    return failed ? rs_error_set(err, RS_ERR_NOMEM, "describe contracts: out of memory") : RS_OK;
}

/* --- compiled_outputs.json --- */

static json_t *contributor_document(const rs_plan *rule, bool *failed)
{
    json_t *inputs = json_array();
    for (size_t i = 0; i < rule->n_inputs; i++) {
        rs_json_push(inputs, rs_json_text(rule->inputs[i].dataset->name), failed);
    }
    json_t *row = json_object();
    rs_json_set(row, "rule_name", rs_json_text(rule->name), failed);
    rs_json_set(row, "priority", json_integer(rule->priority), failed);
    rs_json_set(row, "kind", rs_json_text(rule->op->name), failed);
    rs_json_set(row, "inputs", inputs, failed);
    rs_json_set(row, "skipped", json_boolean(rule->absent != NULL), failed);
    return row;
}

static json_t *output_document(const rs_pipeline *pipeline, const rs_output *output, bool *failed)
{
    char name[RS_CONTRACT_NAME_BYTES];
    json_t *contributors = json_array();
    for (size_t i = 0; i < rs_rules_count(rs_run_rules(pipeline)); i++) {
        const rs_plan *rule = rs_rules_get(rs_run_rules(pipeline), i);
        if (strcmp(rule->output->name, output->dataset->name) == 0) {
            rs_json_push(contributors, contributor_document(rule, failed), failed);
        }
    }
    rs_dataset_contract_name(output->dataset, name);
    json_t *row = json_object();
    rs_json_set(row, "dataset", rs_json_text(output->dataset->name), failed);
    rs_json_set(row, "contract", rs_json_text(name), failed);
    rs_json_set(row, "contributors", contributors, failed);
    return row;
}

/* Both, over all outputs that rules make. */
static rs_status add_outputs(const rs_pipeline *pipeline, json_t *contracts, json_t *outputs,
                             bool *failed, rs_error *err)
{
    for (size_t i = 0; i < rs_graph_plan_n_outputs(rs_run_graph_plan(pipeline)); i++) {
        const rs_output *output = rs_graph_plan_output(rs_run_graph_plan(pipeline), i);
        json_t *contract = NULL;
        if (output->family == RS_OUTPUT_EVIDENCE) {
            continue;
        }
        RS_TRY(contract_document(output, rs_rules_kinds(rs_run_rules(pipeline)), &contract, err));
        rs_json_push(contracts, contract, failed);
        rs_json_set(outputs, output->dataset->name, output_document(pipeline, output, failed),
                    failed);
    }
    return RS_OK;
}

/* One of the engine's datasets as a document under its name. */
static rs_status add_timed(const rs_pipeline *pipeline, rs_record_dataset_id id,
                           rs_records *records, rs_error *err)
{
    json_t *rows = NULL;
    char name[128];
    snprintf(name, sizeof name, "relspec/%s.json", rs_record_dataset_get(id)->name);
    RS_TRY(rs_records_document(records, &rows, err));
    rs_status status =
        rs_bundle_writer_add_timed_json(rs_run_draft(pipeline)->writer, name, rows, err);
    json_decref(rows);
    return status;
}

rs_status rs_record_snapshots(const rs_pipeline *pipeline, rs_error *err)
{
    bool failed = false;
    json_t *contracts = json_array();
    json_t *outputs = json_object();
    rs_status status = add_outputs(pipeline, contracts, outputs, &failed, err);
    if (status == RS_OK && failed) {
        status = rs_error_set(err, RS_ERR_NOMEM, "describe contracts: out of memory");
    }
    RS_THEN(status, rs_bundle_writer_add_json(rs_run_draft(pipeline)->writer,
                                              "relspec/contracts.json", contracts, err));
    RS_THEN(status, rs_bundle_writer_add_json(rs_run_draft(pipeline)->writer,
                                              "relspec/compiled_outputs.json", outputs, err));
    json_decref(contracts);
    json_decref(outputs);
    RS_THEN(status, add_timed(pipeline, RS_R_engine_fallbacks,
                              rs_collector_fallbacks(rs_run_collector(pipeline)), err));
    return status == RS_OK ? add_timed(pipeline, RS_R_engine_explains,
                                       rs_collector_plans(rs_run_collector(pipeline)), err)
                           : status;
}
