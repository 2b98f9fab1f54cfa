/* SPDX-License-Identifier: Apache-2.0 */
/* publish.c - the bundle's documents, and its name. */
#include <stdio.h>
#include <string.h>

#include "run/count.h"
#include "run/draft.h"
#include "run/index.h"
#include "run/params.h"
#include "run/plan.h"
#include "run/publish.h"
#include "run/rules_document.h"
#include "run/sessions.h"
#include "run/summary.h"
#include "run/walk.h"

static json_t *globs_document(const rs_str *globs, size_t n_globs, bool *failed)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < n_globs; i++) {
        rs_json_push(rows, rs_json_str(globs[i]), failed);
    }
    return rows;
}

/* The index by its content: where it lay changes nothing. */
static json_t *scip_document(const rs_pipeline *pipeline, bool *failed)
{
    const rs_scip_index *index = rs_run_index(pipeline);
    if (index == NULL) {
        return json_null();
    }
    json_t *row = json_object();
    rs_json_set(row, "sha256", rs_json_text(index->sha256[0] != '\0' ? index->sha256 : NULL),
                failed);
    rs_json_set(row, "size_bytes", rs_json_u64(index->n_bytes), failed);
    return row;
}

/* The whole policy that was in force, and its signature. */
static rs_status add_policy(const rs_policy *policy, json_t *config, bool *failed, rs_error *err)
{
    json_t *document = NULL;
    RS_TRY(rs_json_parse(policy->json, "the policy", &document, err));
    rs_json_set(config, "policy", document, failed);
    rs_json_set(config, "policy_signature", rs_json_text(policy->signature), failed);
    return RS_OK;
}

static json_t *python_document(const rs_run_options *options)
{
    char text[16];
    (void)snprintf(text, sizeof text, "3.%u", (unsigned)options->python);
    return options->python > 0 ? rs_json_text(text) : json_null();
}

/* What was asked for, as far as it may change the content. */
static rs_status add_config(rs_pipeline *pipeline, rs_error *err)
{
    const rs_run_options *options = rs_run_given(pipeline, RS_THING_options);
    bool failed = false;
    json_t *config = json_object();
    rs_json_set(config, "include", globs_document(options->include, options->n_include, &failed),
                &failed);
    rs_json_set(config, "exclude", globs_document(options->exclude, options->n_exclude, &failed),
                &failed);
    rs_json_set(config, "gitignore", json_boolean(options->gitignore), &failed);
    rs_json_set(config, "default_excludes", json_boolean(options->default_excludes), &failed);
    rs_json_set(config, "max_file_bytes",
                rs_json_u64(rs_run_max_file_bytes(rs_run_given(pipeline, RS_THING_options))),
                &failed);
    rs_json_set(config, "repository_id", rs_json_text(options->repository_id), &failed);
    rs_json_set(config, "scip", scip_document(pipeline, &failed), &failed);
    rs_json_set(config, "python", python_document(options), &failed);
    rs_json_set(config, "params", rs_params_signatures(pipeline, &failed), &failed);
    rs_json_set(config, "engine", rs_json_text(pipeline->engine_type->name), &failed);
    rs_json_set(config, "determinism_tier", rs_json_text("canonical"), &failed);
    rs_status status = add_policy(rs_run_policy(pipeline), config, &failed, err);
    RS_THEN(status, failed ? rs_error_set(err, RS_ERR_NOMEM, "write config.json: out of memory")
                           : rs_bundle_writer_add_json(rs_run_draft(pipeline)->writer,
                                                       "config.json", config, err));
    json_decref(config);
    return status;
}

static rs_status add_readme(rs_pipeline *pipeline, rs_error *err)
{
    rs_buf text = {0};
    rs_status status = rs_bundle_add_readme(rs_run_draft(pipeline)->datasets.items,
                                            rs_run_draft(pipeline)->datasets.n_items, &text, err);
    RS_THEN(status, rs_bundle_writer_add_text(rs_run_draft(pipeline)->writer, "README.md",
                                              rs_buf_str(&text), err));
    rs_buf_release(&text);
    return status;
}

static rs_status add_schema(rs_pipeline *pipeline, const rs_bundle_dataset *dataset, rs_error *err)
{
    bool failed = false;
    char name[128];
    char fingerprint[RS_SHA256_TEXT_BYTES];
    snprintf(name, sizeof name, "schemas/%s.schema.json", dataset->dataset->name);
    RS_TRY(rs_schema_fingerprint(dataset->dataset, dataset->group, fingerprint, err));
    json_t *schema =
        rs_schema_document(dataset->dataset, rs_rules_kinds(rs_run_rules(pipeline)), &failed);
    rs_json_set(schema, "group", rs_json_text(rs_bundle_group_name(dataset->group)), &failed);
    rs_json_set(schema, "schema_fingerprint", rs_json_text(fingerprint), &failed);
    rs_status status =
        failed ? rs_error_set(err, RS_ERR_NOMEM, "write %s: out of memory", name)
               : rs_bundle_writer_add_json(rs_run_draft(pipeline)->writer, name, schema, err);
    json_decref(schema);
    return status;
}

static rs_status add_rules(rs_pipeline *pipeline, rs_error *err)
{
    json_t *document = NULL;
    RS_TRY(rs_rules_add_document(rs_run_rules(pipeline),
                                 rs_run_given(pipeline, RS_THING_packs)->rules_dir, false,
                                 &document, err));
    rs_status status = rs_bundle_writer_add_json(rs_run_draft(pipeline)->writer,
                                                 "relspec/rules.json", document, err);
    json_decref(document);
    document = NULL;
    RS_THEN(status, rs_rules_add_signatures(rs_run_rules(pipeline), &document, err));
    RS_THEN(status, rs_bundle_writer_add_json(rs_run_draft(pipeline)->writer,
                                              "relspec/rule_signatures.json", document, err));
    json_decref(document);
    return status;
}

static rs_status add_documents(rs_pipeline *pipeline, rs_error *err)
{
    static const char *const directories[] = {"relationships", "relspec", "schemas"};
    for (size_t i = 0; i < sizeof directories / sizeof directories[0]; i++) {
        RS_TRY(rs_bundle_writer_add_directory(rs_run_draft(pipeline)->writer, directories[i], err));
    }
    RS_TRY(add_readme(pipeline, err));
    RS_TRY(add_config(pipeline, err));
    RS_TRY(rs_params_describe(pipeline, err));
    for (size_t i = 0; i < rs_run_draft(pipeline)->datasets.n_items; i++) {
        if (rs_run_draft(pipeline)->datasets.items[i].group != RS_GROUP_REJECTS) {
            RS_TRY(add_schema(pipeline, &rs_run_draft(pipeline)->datasets.items[i], err));
        }
    }
    return add_rules(pipeline, err);
}

/* What a rule can make: the kinds that it names; where an expression gives the kind, those of the lens
 * that it reads. */
static void add_makeable(const rs_plan *rule, const rs_kinds *all, json_t *nodes, json_t *edges,
                         bool *failed)
{
    json_t *kinds = rule->form == RS_EMIT_NODE ? nodes : edges;
    if (rule->form != RS_EMIT_NODE && rule->form != RS_EMIT_EDGE) {
        return;
    }
    for (size_t i = 0; i < rule->n_kinds; i++) {
        rs_json_set(kinds, rule->kinds[i], json_true(), failed);
    }
    for (size_t i = 0; rule->n_kinds == 0 && i < rs_kinds_count(all, false); i++) {
        const rs_kind *kind = rs_kinds_get(all, false, i);
        if (strcmp(kind->lens, rule->inputs[0].dataset->lens) == 0) {
            rs_json_set(kinds, kind->name, json_true(), failed);
        }
    }
}

/* {"nodes": {KIND: true}, "edges": ...}: also of rules without evidence in this run. */
static json_t *makeable_document(const rs_rules *rules, bool *failed)
{
    json_t *row = json_object();
    json_t *nodes = json_object();
    json_t *edges = json_object();
    for (size_t i = 0; i < rs_rules_count(rules); i++) {
        add_makeable(rs_rules_get(rules, i), rs_rules_kinds(rules), nodes, edges, failed);
    }
    rs_json_set(row, "nodes", nodes, failed);
    rs_json_set(row, "edges", edges, failed);
    return row;
}

/* The manifest, as far as it is not of files. */
static rs_status make_manifest(const rs_pipeline *pipeline, json_t **manifest, rs_error *err)
{
    const rs_bundle_dataset_vec *datasets = &rs_run_draft(pipeline)->datasets;
    json_t *rules = NULL;
    bool failed = false;
    RS_TRY(rs_rules_add_summary(rs_run_rules(pipeline),
                                rs_run_given(pipeline, RS_THING_packs)->rules_dir, &rules, err));
    json_t *makeable = makeable_document(rs_run_rules(pipeline), &failed);
    rs_status status =
        rs_manifest_new(datasets->items, datasets->n_items, rs_run_counts(pipeline)->kinds,
                        makeable, rs_rules_kinds(rs_run_rules(pipeline)), rules,
                        rs_run_given(pipeline, RS_THING_options)->relspec_version, manifest, err);
    json_decref(rules);
    json_decref(makeable);
    if (status == RS_OK) {
        rs_json_set(*manifest, "params", rs_params_signatures(pipeline, &failed), &failed);
        rs_json_set(*manifest, "param_prefix",
                    rs_json_text(rs_run_policy(pipeline)->param_tables.prefix), &failed);
        status =
            failed ? rs_error_set(err, RS_ERR_NOMEM, "describe the bundle: out of memory") : RS_OK;
    }
    return status;
}

rs_status rs_publish_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_publication *publication = state;
    json_t *environment = NULL;
    bool failed = false;
    (void)parts;
    rs_draft_await_files(pipeline);
    (void)rs_run_thing(pipeline, RS_THING_record_files);
    RS_TRY(add_documents(pipeline, err));
    RS_TRY(make_manifest(pipeline, &publication->manifest, err));
    environment = rs_environment_document(pipeline, &failed);
    rs_status status = failed
                           ? rs_error_set(err, RS_ERR_NOMEM, "describe the bundle: out of memory")
                           : rs_pipeline_check(pipeline, err);
    RS_THEN(status, rs_bundle_writer_publish(rs_run_draft(pipeline)->writer, publication->manifest,
                                             environment, err));
    json_decref(environment);
    return status;
}

void rs_publish_release(void *state)
{
    rs_publication *publication = state;
    json_decref(publication->manifest);
}
