/* SPDX-License-Identifier: Apache-2.0 */
/* params.h - the param tables of a run: their values, their tables in the engine, their files.
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
#include "schema/table.h"

struct rs_pipeline;

/* What a run was given for a name. Texts are borrowed as long as the pipeline runs. */
typedef struct rs_param_source {
    const char *name;
    bool is_file;     /* text is the path of one */
    const char *text; /* NULL: the value is null */
} rs_param_source;

RS_VEC_DEFINE(rs_table_vec, rs_table)

/* The values of one declared table. */
typedef struct rs_param_values {
    const rs_param_table *param;
    bool is_given;
    rs_table_vec chunks; /* of one column each; none once the engine has them */
    uint64_t n_values;   /* nulls and repeated ones too */
    uint64_t n_nulls;
    char signature[RS_SHA256_TEXT_BYTES];
    rs_bundle_file file; /* once written */
} rs_param_values;

/*
 * Load and sign the values of all tables that the packs declare.
 *
 * Errors: RS_ERR_INVALID for a name that no pack declares, values of a wrong type, a file that is
 * none of CSV, JSON and Parquet, no values where a table may not be empty or a rule cannot do
 * without; RS_ERR_IO, RS_ERR_LIMIT, RS_ERR_NOMEM.
 */
rs_status rs_pipeline_load_params(struct rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;

/* Make the tables that rules read, in the engine, for all sessions. */
rs_status rs_pipeline_make_params(struct rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;

/* Write params/<name>/part-00000.parquet and add the datasets to those of the pipeline, which has
 * room for them. */
rs_status rs_pipeline_write_params(struct rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;

/* Write params/specs.json, signatures.json and rule_param_deps.json (param_documents.c). */
rs_status rs_pipeline_describe_params(struct rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;

/* The values of a declared table. */
const rs_param_values *rs_pipeline_param(const struct rs_pipeline *pipeline,
                                         const rs_param_table *param);

/* {name: signature} of all tables, for the manifest and config.json. */
json_t *rs_pipeline_param_signatures(const struct rs_pipeline *pipeline, bool *failed);

/* Tables that rules read and that were given nothing: [{code, message, param, rules}]. */
json_t *rs_pipeline_param_diagnostics(const struct rs_pipeline *pipeline, bool *failed);

void rs_params_release(rs_param_values *params, size_t n_params);

#endif
