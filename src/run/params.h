/* SPDX-License-Identifier: Apache-2.0 */
/* params.h - the nodes of param tables: their values, their tables in the engine, their files.
 *
 * A table that a pack declares is *missing* as long as the run gives it nothing, *given* from the
 * first value or file on, however few values that brings. Values are loaded before anything is
 * read, so that a mistake costs no time; rules of every session see the tables.
 *
 * Threads: the one that runs the pipeline.
 */
#ifndef RS_RUN_PARAMS_H
#define RS_RUN_PARAMS_H

#include "base/json.h"
#include "base/vec.h"
#include "bundle/manifest.h"
#include "plan/expr.h"
#include "run/pipeline.h"
#include "schema/table.h"

RS_VEC_DEFINE(rs_table_vec, rs_table)

/* The values of one declared table. */
typedef struct rs_param_values {
    const rs_param_table *param;
    bool is_given;
    rs_table_vec chunks; /* of one column each; none once the engine has them */
    uint64_t n_values;   /* nulls and repeated ones too */
    uint64_t n_nulls;
    char signature[RS_SHA256_TEXT_BYTES];
    uint64_t n_distinct; /* once written */
} rs_param_values;

typedef struct rs_params {
    rs_param_values *items; /* by rs_rules_param() */
    size_t n_items;
} rs_params;

/*
 * Load and sign the values of all tables that the packs declare. State: rs_params.
 *
 * Errors: RS_ERR_INVALID for a name that no pack declares, values of a wrong type, a file that is
 * none of CSV, JSON and Parquet, no values where a table may not be empty or a rule cannot do
 * without; RS_ERR_IO, RS_ERR_LIMIT, RS_ERR_NOMEM.
 */
rs_status rs_params_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                        rs_error *err) RS_MUST_USE;
void rs_params_release(void *state);

/* Make the tables that rules read, in the engine, for all sessions. No state. */
rs_status rs_param_tables_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                              rs_error *err) RS_MUST_USE;

/* Write params/<name>/part-00000.parquet. No state. */
rs_status rs_write_params_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                              rs_error *err) RS_MUST_USE;

static inline const rs_params *rs_run_params(const rs_pipeline *pipeline)
{
    return rs_run_thing(pipeline, RS_THING_param_values);
}

/* The values of a declared table. */
const rs_param_values *rs_run_param(const rs_pipeline *pipeline, const rs_param_table *param);

/* --- what is said of them (param_documents.c) --- */

/* Write params/specs.json, signatures.json and rule_param_deps.json. */
rs_status rs_params_describe(const rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;

/* {name: signature} of all tables, for the manifest and config.json. */
json_t *rs_params_signatures(const rs_pipeline *pipeline, bool *failed);

/* Tables that rules read and that were given nothing: [{code, message, param, rules}]. */
json_t *rs_params_diagnostics(const rs_pipeline *pipeline, bool *failed);

#endif
