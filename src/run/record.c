/* SPDX-License-Identifier: Apache-2.0 */
/* record.c - what a run has to say of itself, dataset by dataset (schema/relspec.def). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "plan/operator.h"
#include "plan/steps.h"
#include "rules/lane.h"
#include "run/clash.h"
#include "run/draft.h"
#include "run/params.h"
#include "run/plan.h"
#include "run/record.h"
#include "run/sessions.h"

/* --- rule_diagnostics --- */

static void begin_diagnostic(rs_records *rows, const char *domain, const rs_plan *rule,
                             const char *severity, const char *message)
{
    rs_records_text(rows, RS_C_rule_diagnostics_domain, domain);
    rs_records_text(rows, RS_C_rule_diagnostics_rule_name, rule != NULL ? rule->name : NULL);
    rs_records_text(rows, RS_C_rule_diagnostics_plan_signature,
                    rule != NULL ? rule->plan_signature : NULL);
    rs_records_text(rows, RS_C_rule_diagnostics_severity, severity);
    rs_records_text(rows, RS_C_rule_diagnostics_message, message);
}

static void add_metadata(rs_records *rows, const char *key, const char *value)
{
    rs_records_pair(rows, RS_C_rule_diagnostics_metadata, key, value);
}

/* "DF_UDF BUILTIN ARROW_FALLBACK" */
static void allowed_lanes(const rs_policy *policy, char text[128])
{
    size_t n_bytes = 0;
    text[0] = '\0';
    for (size_t i = 0; i < policy->lanes.n_allowed; i++) {
        int n = snprintf(text + n_bytes, 128 - n_bytes, "%s%s", i == 0 ? "" : " ",
                         rs_words_find("kernel_lane")->words[policy->lanes.allowed[i]]);
        n_bytes += n > 0 ? (size_t)n : 0;
        RS_ASSERT(n_bytes < 128); /* or what follows would be written behind the end */
    }
}

/* One decision of the router: for a rule, or for the gate of an output. */
static void add_lane(rs_records *rows, const rs_policy *policy, const rs_plan *rule,
                     const char *domain, const char *output, const rs_lane_choice *choice)
{
    const rs_kernel_info *kernel = rs_kernel_get(choice->kernel);
    char message[256];
    char allowed[128];
    allowed_lanes(policy, allowed);
    snprintf(message, sizeof message, "%s runs in the lane %s: %s", kernel->name,
             rs_lane_name(choice->lane), choice->reason);
    begin_diagnostic(rows, domain, rule, choice->is_violation ? "warning" : "info", message);
    add_metadata(rows, "code", "kernel_lane");
    add_metadata(rows, "kernel", kernel->name);
    add_metadata(rows, "lane", rs_lane_name(choice->lane));
    add_metadata(rows, "volatility", rs_volatility_name(kernel->volatility));
    add_metadata(rows, "ordering_required", kernel->requires_ordering ? "true" : "false");
    add_metadata(rows, "policy_allowed_lanes", allowed);
    add_metadata(rows, "policy_action", policy->lanes.on_violation);
    add_metadata(rows, "policy_violation", choice->is_violation ? "true" : "false");
    add_metadata(rows, "output_dataset", output);
    rs_records_end(rows);
}

/* Where a kernel ran that the engine refused. */
static void run_in_c(const rs_policy *policy, rs_lane_choice *choice)
{
    const rs_kernel_info *kernel = rs_kernel_get(choice->kernel);
    RS_ASSERT(kernel->n_lanes > 0);
    if (kernel->lanes[kernel->n_lanes - 1] == RS_LANE_ARROW_FALLBACK) {
        choice->lane = RS_LANE_ARROW_FALLBACK;
        choice->is_violation =
            rs_policy_lane_rank(policy, RS_LANE_ARROW_FALLBACK) >= policy->lanes.n_allowed;
        choice->reason = "the engine refused it";
    }
}

/* A rule of the graph runs with the statements of its output. */
static bool has_run(const rs_pipeline *pipeline, const rs_plan *rule)
{
    const rs_collector *collector = rs_run_collector(pipeline);
    return rule->contract != NULL
               ? rs_collector_ran(collector, rule)
               : rule->absent == NULL && rs_collector_left_out(collector, rule) == NULL;
}

static void add_rule_lanes(const rs_pipeline *pipeline, const rs_plan *rule, rs_records *rows)
{
    if (!has_run(pipeline, rule)) {
        return;
    }
    rs_lane_choice lanes[RS_RULE_MAX_KERNELS];
    size_t n_lanes = rs_rule_lanes(rule, rs_run_policy(pipeline), lanes);
    bool took_over = rs_collector_took_over(rs_run_collector(pipeline), rule);
    for (size_t i = 0; i < n_lanes; i++) {
        if (took_over) {
            run_in_c(rs_run_policy(pipeline), &lanes[i]);
        }
        add_lane(rows, rs_run_policy(pipeline), rule, rs_rule_domain(rule), rule->output->name,
                 &lanes[i]);
    }
}

/* The kernels in the statements of the graph: their rows stream from the engine into files, so that no
 * lane outside of it can run them there. */
static void add_graph_lanes(const rs_pipeline *pipeline, const rs_output *output, rs_records *rows)
{
    const rs_policy *policy = rs_run_policy(pipeline);
    for (int kernel = 0; kernel < RS_N_KERNELS; kernel++) {
        if ((output->kernels >> (unsigned)kernel & 1U) != 0) {
            const rs_lane_choice choice = rs_lane_choose_inside(policy, (rs_kernel_id)kernel);
            add_lane(rows, policy, NULL, "cpg", output->dataset->name, &choice);
        }
    }
}

/* The kernels that the gate of a relationship ran, which it does only where they have something to do. */
static void add_gate_lanes(const rs_pipeline *pipeline, size_t index, rs_records *rows)
{
    const rs_policy *policy = rs_run_policy(pipeline);
    const rs_output *output = rs_graph_plan_output(rs_run_graph_plan(pipeline), index);
    for (int kernel = 0; kernel < RS_N_KERNELS; kernel++) {
        const rs_lane_choice choice = rs_lane_choose(policy, (rs_kernel_id)kernel, RS_STEP_LANES);
        if (rs_collector_gate_ran(rs_run_collector(pipeline), index, (rs_kernel_id)kernel,
                                  choice.lane)) {
            add_lane(rows, policy, NULL, "relationships", output->dataset->name, &choice);
        }
    }
}

/* Why the engine beside did not run a rule. */
static void add_refusal(const rs_pipeline *pipeline, const rs_plan *rule, rs_records *rows)
{
    const char *why = rs_beside_refusal(rs_run_beside(pipeline), rule);
    char message[256];
    if (pipeline->engine_beside == NULL || rs_run_beside(pipeline)->type == NULL || why == NULL ||
        !has_run(pipeline, rule)) {
        return;
    }
    snprintf(message, sizeof message, "%s runs it: %s does not do %s", pipeline->engine_type->name,
             pipeline->engine_beside->name, why);
    begin_diagnostic(rows, rs_rule_domain(rule), rule, "info", message);
    add_metadata(rows, "code", "engine");
    add_metadata(rows, "engine", pipeline->engine_type->name);
    add_metadata(rows, "why_not", why);
    add_metadata(rows, "output_dataset", rule->output->name);
    rs_records_end(rows);
}

static void add_skipped(const rs_plan *rule, rs_records *rows)
{
    char message[128];
    snprintf(message, sizeof message, "skipped: the run has no evidence of the lens %s",
             rule->absent);
    begin_diagnostic(rows, rs_rule_domain(rule), rule, "info", message);
    add_metadata(rows, "code", "rule_skipped");
    add_metadata(rows, "missing_evidence", rule->absent);
    add_metadata(rows, "output_dataset", rule->output->name);
    rs_records_end(rows);
}

/* It reads rows that are missing, and might find too much without them. */
static void add_left_out(const rs_plan *rule, const rs_dataset *missing, rs_records *rows)
{
    const rs_diagnostic_info *info = rs_diagnostic_get(RS_D_rule_skipped);
    char message[256];
    snprintf(message, sizeof message, "skipped: rows of %s are missing, whose rule failed",
             missing->name);
    begin_diagnostic(rows, rs_rule_domain(rule), rule, "warning", message);
    add_metadata(rows, "code", info->code);
    add_metadata(rows, "missing_rows", missing->name);
    add_metadata(rows, "remedy", info->remedy);
    add_metadata(rows, "output_dataset", rule->output->name);
    rs_records_end(rows);
}

static void add_failed(const rs_plan *rule, const char *why, rs_records *rows)
{
    begin_diagnostic(rows, rs_rule_domain(rule), rule, "error", why);
    add_metadata(rows, "code", "rule_failed");
    add_metadata(rows, "output_dataset", rule->output->name);
    rs_records_end(rows);
}

/* A table that the rule reads, and that the run gave nothing. */
static void add_missing_params(const rs_pipeline *pipeline, const rs_plan *rule, rs_records *rows)
{
    const rs_diagnostic_info *info = rs_diagnostic_get(RS_D_param_missing);
    for (const rs_param_use *use = rule->param_uses; use != NULL; use = use->next) {
        char message[256];
        if (rs_run_param(pipeline, use->param)->is_given) {
            continue;
        }
        snprintf(message, sizeof message, "param table %s: %s", use->param->name, info->title);
        begin_diagnostic(rows, rs_rule_domain(rule), rule, "warning", message);
        add_metadata(rows, "code", info->code);
        add_metadata(rows, "param", use->param->name);
        add_metadata(rows, "policy_empty", rs_run_policy(pipeline)->param_tables.empty);
        add_metadata(rows, "remedy", info->remedy);
        add_metadata(rows, "output_dataset", rule->output->name);
        rs_records_end(rows);
    }
}

static void add_clashes(const rs_pipeline *pipeline, rs_records *rows)
{
    const rs_clashes *clashes = rs_run_clashes(pipeline);
    const rs_diagnostic_info *info = rs_diagnostic_get(RS_D_id_clash);
    char number[32];
    if (clashes->n_texts > 0) {
        snprintf(number, sizeof number, "%" PRIu64, clashes->n_texts);
        begin_diagnostic(rows, "cpg", NULL, "error", rs_buf_text(&clashes->first));
        add_metadata(rows, "code", info->code);
        add_metadata(rows, "texts", number);
        add_metadata(rows, "remedy", info->remedy);
        rs_records_end(rows);
    }
}

static rs_status fill_diagnostics(const rs_pipeline *pipeline, rs_record *record, rs_records *rows,
                                  rs_error *err)
{
    (void)record;
    (void)err;
    for (size_t i = 0; i < rs_rules_count(rs_run_rules(pipeline)); i++) {
        const rs_plan *rule = rs_rules_get(rs_run_rules(pipeline), i);
        const char *why = rs_collector_failed(rs_run_collector(pipeline), rule);
        if (rs_run_policy(pipeline)->diagnostics.kernel_lanes) {
            add_rule_lanes(pipeline, rule, rows);
        }
        add_refusal(pipeline, rule, rows);
        add_missing_params(pipeline, rule, rows);
        if (rule->absent != NULL) {
            add_skipped(rule, rows);
        }
        if (why != NULL) {
            add_failed(rule, why, rows);
        }
        const rs_dataset *missing = rs_collector_left_out(rs_run_collector(pipeline), rule);
        if (missing != NULL) {
            add_left_out(rule, missing, rows);
        }
    }
    for (size_t i = 0; i < rs_graph_plan_n_outputs(rs_run_graph_plan(pipeline)); i++) {
        const rs_output *output = rs_graph_plan_output(rs_run_graph_plan(pipeline), i);
        if (!rs_run_policy(pipeline)->diagnostics.kernel_lanes) {
            break;
        }
        if (output->family == RS_OUTPUT_GRAPH) {
            add_graph_lanes(pipeline, output, rows);
        } else if (output->family == RS_OUTPUT_RELATIONSHIP) {
            add_gate_lanes(pipeline, i, rows);
        }
    }
    add_clashes(pipeline, rows);
    return RS_OK;
}

/* --- rule_exec_events --- */

static double as_ms(uint64_t ns)
{
    return (double)ns / 1e6;
}

static uint64_t rows_of(const rs_pipeline *pipeline, const char *name)
{
    static const rs_bundle_group groups[] = {RS_GROUP_EVIDENCE, RS_GROUP_RELATIONSHIPS,
                                             RS_GROUP_CPG};
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        const rs_bundle_dataset *dataset = rs_draft_find(rs_run_draft(pipeline), name, groups[i]);
        if (dataset != NULL) {
            return rs_bundle_dataset_rows(dataset);
        }
    }
    return 0;
}

static uint64_t rows_in(const rs_pipeline *pipeline, const rs_plan *rule)
{
    uint64_t n_rows = 0;
    for (size_t i = 0; i < rule->n_inputs; i++) {
        n_rows += rows_of(pipeline, rule->inputs[i].dataset->name);
    }
    return n_rows;
}

static rs_status set_fingerprint(rs_records *rows, int column, const rs_dataset *dataset,
                                 rs_error *err)
{
    char hash[RS_SHA256_TEXT_BYTES];
    RS_TRY(rs_schema_fingerprint(dataset, RS_GROUP_RELATIONSHIPS, hash, err));
    rs_records_text(rows, column, hash);
    return RS_OK;
}

/* From the clock that never goes back to that of the world. */
static void set_time(const rs_pipeline *pipeline, rs_records *rows, int column, uint64_t at_ns)
{
    if (at_ns != 0) {
        rs_records_i64(rows, column,
                       pipeline->started_unix_ns + (int64_t)(at_ns - pipeline->started_ns));
    }
}

static void set_status(const rs_pipeline *pipeline, const rs_plan *rule, rs_records *rows)
{
    const char *why = rs_collector_failed(rs_run_collector(pipeline), rule);
    const rs_dataset *missing = rs_collector_left_out(rs_run_collector(pipeline), rule);
    rs_records_text(rows, RS_C_rule_exec_events_status,
                    why != NULL                               ? "error"
                    : rule->absent != NULL || missing != NULL ? "skipped"
                                                              : "ok");
    rs_records_text(rows, RS_C_rule_exec_events_error_type,
                    why != NULL            ? "engine"
                    : rule->absent != NULL ? "missing_evidence"
                    : missing != NULL      ? "missing_rows"
                                           : NULL);
    rs_records_text(rows, RS_C_rule_exec_events_error_message,
                    why != NULL            ? why
                    : rule->absent != NULL ? rule->absent
                    : missing != NULL      ? missing->name
                                           : NULL);
}

static const char *lane_of(const rs_pipeline *pipeline, const rs_plan *rule)
{
    rs_lane_choice lanes[RS_RULE_MAX_KERNELS];
    size_t n_lanes = rs_rule_lanes(rule, rs_run_policy(pipeline), lanes);
    bool took_over = rs_collector_took_over(rs_run_collector(pipeline), rule);
    return rs_lane_name(took_over     ? RS_LANE_ARROW_FALLBACK
                        : n_lanes > 0 ? lanes[0].lane
                                      : RS_LANE_BUILTIN);
}

/* Of nodes and properties rejects do not name their rule; then only none is known. */
static void set_rejected(const rs_pipeline *pipeline, const rs_record *record, const rs_plan *rule,
                         rs_records *rows)
{
    const rs_bundle_dataset *rejects =
        rs_draft_find(rs_run_draft(pipeline), rule->output->name, RS_GROUP_REJECTS);
    bool names_rules = rs_column_find(rule->output, RS_STR_LITERAL("rule_name")) != NULL;
    if (names_rules || rejects == NULL || rs_bundle_dataset_rows(rejects) == 0) {
        rs_records_i64(rows, RS_C_rule_exec_events_rows_rejected,
                       names_rules ? (int64_t)record->n_rejected[rule->number] : 0);
    }
}

static rs_status add_rule_event(const rs_pipeline *pipeline, const rs_record *record,
                                const rs_plan *rule, rs_records *rows, rs_error *err)
{
    const rs_dataset *output = rule->output;
    uint64_t kernel_ns = 0;
    rs_observation seen = rs_collector_rule(rs_run_collector(pipeline), rule->number, &kernel_ns);
    RS_TRY(set_fingerprint(rows, RS_C_rule_exec_events_schema_fingerprint, output, err));
    rs_records_text(rows, RS_C_rule_exec_events_rule_name, rule->name);
    rs_records_text(rows, RS_C_rule_exec_events_output_dataset, rule->output->name);
    rs_records_text(rows, RS_C_rule_exec_events_scope, "rule");
    rs_records_text(rows, RS_C_rule_exec_events_rule_kind, rule->op->name);
    rs_records_text(rows, RS_C_rule_exec_events_plan_signature, rule->plan_signature);
    rs_records_text(rows, RS_C_rule_exec_events_engine,
                    rs_beside_takes(rs_run_beside(pipeline), rule) ? pipeline->engine_beside->name
                                                                   : pipeline->engine_type->name);
    rs_records_i64(rows, RS_C_rule_exec_events_rows_in, (int64_t)rows_in(pipeline, rule));
    set_status(pipeline, rule, rows);
    if (rule->absent == NULL) {
        rs_records_i64(rows, RS_C_rule_exec_events_rows_out, (int64_t)seen.n_rows);
        set_rejected(pipeline, record, rule, rows);
        rs_records_f64(rows, RS_C_rule_exec_events_duration_ms, as_ms(seen.elapsed_ns));
        rs_records_text(rows, RS_C_rule_exec_events_lane, lane_of(pipeline, rule));
        set_time(pipeline, rows, RS_C_rule_exec_events_started_at_unix_ns, seen.started_ns);
        set_time(pipeline, rows, RS_C_rule_exec_events_ended_at_unix_ns, seen.ended_ns);
        rs_records_f64_pair(rows, RS_C_rule_exec_events_timing_ms, "execute",
                            as_ms(seen.elapsed_ns - kernel_ns));
        rs_records_f64_pair(rows, RS_C_rule_exec_events_timing_ms, "kernels", as_ms(kernel_ns));
    }
    rs_records_pair(rows, RS_C_rule_exec_events_metadata, "rule_scope", rs_wave_name(rule->wave));
    rs_records_pair(rows, RS_C_rule_exec_events_metadata, "domain", rs_rule_domain(rule));
    rs_records_end(rows);
    return RS_OK;
}

/* The rules of an output, separated by spaces, and the rows that they gave. */
static void add_rule_names(const rs_pipeline *pipeline, const rs_output *output, rs_buf *names,
                           uint64_t *n_rows)
{
    for (size_t i = 0; i < rs_rules_count(rs_run_rules(pipeline)); i++) {
        const rs_plan *rule = rs_rules_get(rs_run_rules(pipeline), i);
        if (strcmp(rule->output->name, output->dataset->name) == 0) {
            uint64_t kernel_ns = 0;
            rs_buf_addf(names, "%s%s", names->n_bytes == 0 ? "" : " ", rule->name);
            *n_rows += rs_collector_rule(rs_run_collector(pipeline), i, &kernel_ns).n_rows;
        }
    }
}

static rs_status add_output_event(const rs_pipeline *pipeline, size_t index, rs_records *rows,
                                  rs_error *err)
{
    const rs_output *output = rs_graph_plan_output(rs_run_graph_plan(pipeline), index);
    rs_output_cost cost = rs_collector_output(rs_run_collector(pipeline), index);
    bool is_graph = output->family == RS_OUTPUT_GRAPH;
    const char *name = output->dataset->name;
    const rs_bundle_dataset *rejects =
        rs_draft_find(rs_run_draft(pipeline), name, RS_GROUP_REJECTS);
    rs_buf names = {0};
    uint64_t n_rows = 0;
    add_rule_names(pipeline, output, &names, &n_rows);
    rs_status status = rs_buf_check(&names, err);
    RS_THEN(status,
            set_fingerprint(rows, RS_C_rule_exec_events_schema_fingerprint, output->dataset, err));
    if (status == RS_OK) {
        bool is_absent = !is_graph && output->contract->is_absent;
        rs_records_text(rows, RS_C_rule_exec_events_rule_name, "*");
        rs_records_pair(rows, RS_C_rule_exec_events_metadata, "rules", rs_buf_text(&names));
        rs_records_text(rows, RS_C_rule_exec_events_output_dataset, name);
        rs_records_text(rows, RS_C_rule_exec_events_scope, "output");
        rs_records_text(rows, RS_C_rule_exec_events_engine,
                        rs_beside_holds(rs_run_beside(pipeline), index)
                            ? pipeline->engine_beside->name
                            : pipeline->engine_type->name);
        rs_records_text(rows, RS_C_rule_exec_events_status, is_absent ? "skipped" : "ok");
        rs_records_i64(rows, RS_C_rule_exec_events_rows_in, (int64_t)n_rows);
        rs_records_i64(rows, RS_C_rule_exec_events_rows_out, (int64_t)rows_of(pipeline, name));
        rs_records_i64(rows, RS_C_rule_exec_events_rows_rejected,
                       rejects != NULL ? (int64_t)rs_bundle_dataset_rows(rejects) : 0);
        rs_records_f64(rows, RS_C_rule_exec_events_duration_ms,
                       as_ms(cost.finalize_ns + cost.write_ns));
        set_time(pipeline, rows, RS_C_rule_exec_events_started_at_unix_ns, cost.started_ns);
        set_time(pipeline, rows, RS_C_rule_exec_events_ended_at_unix_ns, cost.ended_ns);
        rs_records_f64_pair(rows, RS_C_rule_exec_events_timing_ms, "finalize",
                            as_ms(cost.finalize_ns));
        rs_records_f64_pair(rows, RS_C_rule_exec_events_timing_ms, "write", as_ms(cost.write_ns));
        rs_records_end(rows);
    }
    rs_buf_release(&names);
    return status;
}

static rs_status fill_events(const rs_pipeline *pipeline, rs_record *record, rs_records *rows,
                             rs_error *err)
{
    if (rs_collector_rules(rs_run_collector(pipeline), 0) == NULL) {
        return RS_OK; /* events are off */
    }
    RS_TRY(rs_record_count_rejects(pipeline, record, err));
    for (size_t i = 0; i < rs_rules_count(rs_run_rules(pipeline)); i++) {
        RS_TRY(
            add_rule_event(pipeline, record, rs_rules_get(rs_run_rules(pipeline), i), rows, err));
    }
    for (size_t i = 0; i < rs_graph_plan_n_outputs(rs_run_graph_plan(pipeline)); i++) {
        if (rs_graph_plan_output(rs_run_graph_plan(pipeline), i)->family != RS_OUTPUT_EVIDENCE) {
            RS_TRY(add_output_event(pipeline, i, rows, err));
        }
    }
    return RS_OK;
}

/* --- rule_compile_artifacts --- */

static json_t *step_document(const rs_step *step, bool *failed)
{
    json_t *row = json_object();
    json_t *inputs = json_array();
    for (size_t i = 0; i < step->n_inputs; i++) {
        rs_json_push(inputs, rs_json_text(step->inputs[i]), failed);
    }
    rs_json_set(row, "name", rs_json_text(step->name), failed);
    rs_json_set(row, "kernel",
                rs_json_text(step->call != NULL ? rs_kernel_get(step->call->kernel)->name : NULL),
                failed);
    rs_json_set(row, "reads", inputs, failed);
    rs_json_set(row, "sql", rs_json_text(step->sql), failed);
    return row;
}

/* What of a select is proved, and so not checked again when its rows pass the gate. */
static json_t *select_document(const rs_select *select, bool *failed)
{
    json_t *row = json_object();
    rs_json_set(row, "output", rs_json_text(select->output->name), failed);
    rs_json_set(row, "kind", rs_json_text(select->kind), failed);
    rs_json_set(row, "key", rs_json_text(select->property != NULL ? select->property->key : NULL),
                failed);
    rs_json_set(row, "is_ordered", json_boolean(select->is_ordered), failed);
    rs_json_set(row, "is_unique", json_boolean(select->is_unique), failed);
    rs_json_set(row, "is_derived", json_boolean(select->is_derived), failed);
    return row;
}

static rs_status set_ir(const rs_plan *rule, rs_records *rows, rs_error *err)
{
    bool failed = false;
    rs_buf text = {0};
    json_t *ir = json_object();
    json_t *steps = json_array();
    json_t *selects = json_array();
    for (size_t i = 0; i < rule->n_steps; i++) {
        rs_json_push(steps, step_document(&rule->steps[i], &failed), &failed);
    }
    for (size_t i = 0; i < rule->n_selects; i++) {
        rs_json_push(selects, select_document(&rule->selects[i], &failed), &failed);
    }
    rs_json_set(ir, "scope", rs_json_text(rs_wave_name(rule->wave)), &failed);
    rs_json_set(ir, "steps", steps, &failed);
    rs_json_set(ir, "selects", selects, &failed);
    rs_status status =
        failed ? rs_error_set(err, RS_ERR_NOMEM, "describe %s: out of memory", rule->name)
               : rs_json_print_compact(ir, &text, err);
    if (status == RS_OK) {
        rs_records_str(rows, RS_C_rule_compile_artifacts_ir_json, rs_buf_str(&text));
    }
    json_decref(ir);
    rs_buf_release(&text);
    return status;
}

static rs_status set_texts(const rs_pipeline *pipeline, const rs_plan *rule, rs_records *rows,
                           rs_error *err)
{
    rs_buf text = {0};
    json_t *canonical = NULL;
    rs_status status =
        rs_rules_add_canonical(rs_run_rules(pipeline), rule->number, &canonical, err);
    RS_THEN(status, rs_json_print_compact(canonical, &text, err));
    if (status == RS_OK) {
        rs_records_str(rows, RS_C_rule_compile_artifacts_rule_json, rs_buf_str(&text));
        rs_buf_reset(&text);
        status = rs_rules_add_sql(rs_run_rules(pipeline), rule->number, &text, err);
    }
    if (status == RS_OK) {
        rs_records_str(rows, RS_C_rule_compile_artifacts_sql, rs_buf_str(&text));
    }
    json_decref(canonical);
    rs_buf_release(&text);
    return status;
}

static void add_flag(rs_records *rows, int column, const char *what, const char *name)
{
    char text[192];
    if (name != NULL) {
        snprintf(text, sizeof text, "%s:%s", what, name);
        rs_records_item(rows, column, text);
    }
}

/* The relationship whose confidence an edge takes over, where it has no policy of its own. */
static const char *confidence_giver(const rs_plan *rule)
{
    size_t input = rs_plan_relationship(rule);
    bool takes_over =
        rule->form == RS_EMIT_EDGE && rule->policies.confidence == NULL && input != SIZE_MAX;
    return takes_over ? rule->inputs[input].dataset->name : NULL;
}

static rs_status add_artifact(const rs_pipeline *pipeline, const rs_plan *rule, rs_records *rows,
                              rs_error *err)
{
    enum { FLAGS = RS_C_rule_compile_artifacts_policy_flags };
    const rs_dataset *output = rule->output;
    const rs_confidence_policy *confidence = rule->policies.confidence;
    rs_lane_choice lanes[RS_RULE_MAX_KERNELS];
    size_t n_lanes = rs_rule_lanes(rule, rs_run_policy(pipeline), lanes);
    char contract[RS_CONTRACT_NAME_BYTES];
    rs_dataset_contract_name(output, contract);
    rs_records_text(rows, RS_C_rule_compile_artifacts_rule_name, rule->name);
    rs_records_text(rows, RS_C_rule_compile_artifacts_domain, rs_rule_domain(rule));
    rs_records_text(rows, RS_C_rule_compile_artifacts_rule_kind, rule->op->name);
    rs_records_text(rows, RS_C_rule_compile_artifacts_signature, rule->signature);
    rs_records_text(rows, RS_C_rule_compile_artifacts_plan_signature, rule->plan_signature);
    rs_records_begin(rows, RS_C_rule_compile_artifacts_lanes);
    for (size_t i = 0; i < n_lanes; i++) {
        add_flag(rows, RS_C_rule_compile_artifacts_lanes, rs_kernel_get(lanes[i].kernel)->name,
                 rs_lane_name(lanes[i].lane));
    }
    rs_records_text(rows, RS_C_rule_compile_artifacts_dialect,
                    pipeline->engine_type->dialect->name);
    rs_records_text(rows, RS_C_rule_compile_artifacts_output_dataset, output->name);
    rs_records_text(rows, RS_C_rule_compile_artifacts_contract, contract);
    rs_records_begin(rows, FLAGS);
    add_flag(rows, FLAGS, "confidence", confidence != NULL ? confidence->name : NULL);
    add_flag(rows, FLAGS, "confidence_of", confidence_giver(rule));
    add_flag(rows, FLAGS, "ambiguity", rule->policies.ambiguity);
    add_flag(rows, FLAGS, "skipped", rule->absent);
    RS_TRY(set_fingerprint(rows, RS_C_rule_compile_artifacts_schema_fingerprint, output, err));
    RS_TRY(set_ir(rule, rows, err));
    RS_TRY(set_texts(pipeline, rule, rows, err));
    rs_records_end(rows);
    return RS_OK;
}

static rs_status fill_artifacts(const rs_pipeline *pipeline, rs_record *record, rs_records *rows,
                                rs_error *err)
{
    (void)record;
    for (size_t i = 0; i < rs_rules_count(rs_run_rules(pipeline)); i++) {
        RS_TRY(add_artifact(pipeline, rs_rules_get(rs_run_rules(pipeline), i), rows, err));
    }
    return RS_OK;
}

/* --- writing --- */

/* Rows that are made here, and those that the collector has. */
typedef struct record_source {
    rs_record_dataset_id dataset;
    rs_status (*fill)(const rs_pipeline *pipeline, rs_record *record, rs_records *rows,
                      rs_error *err);
    rs_records *(*collected)(rs_collector *collector);
    const char *arrow; /* also written under this name, for consumers of the reference system */
} record_source;

static const record_source sources[] = {
    {RS_R_rule_diagnostics, fill_diagnostics, NULL, "relspec/rule_diagnostics.arrow"},
    {RS_R_rule_exec_events, fill_events, NULL, NULL},
    {RS_R_engine_fallbacks, NULL, rs_collector_fallbacks, NULL},
    {RS_R_engine_explains, NULL, rs_collector_plans, NULL},
    {RS_R_rule_compile_artifacts, fill_artifacts, NULL, "relspec/rules.arrow"},
    {RS_R_column_stats, rs_record_fill_columns, NULL, NULL}, /* counts row groups for those below */
    {RS_R_dataset_stats, rs_record_fill_datasets, NULL, NULL},
    {RS_R_scan_telemetry, rs_record_fill_scans, NULL, NULL},
};

static rs_status write_arrow(rs_pipeline *pipeline, rs_records *rows, const char *name,
                             rs_error *err)
{
    rs_buf path = {0};
    rs_buf_addf(&path, "%s/%s", rs_bundle_writer_directory(rs_run_draft(pipeline)->writer), name);
    rs_status status = rs_buf_check(&path, err);
    RS_THEN(status, rs_records_write_arrow(rows, path.bytes, err));
    RS_THEN(status, rs_bundle_writer_list(rs_run_draft(pipeline)->writer, name, err));
    rs_buf_release(&path);
    return status;
}

static rs_status write_records(rs_pipeline *pipeline, const record_source *source, rs_records *rows,
                               rs_error *err)
{
    const rs_dataset *dataset = rs_record_dataset_get(source->dataset);
    rs_draft *draft = rs_run_draft(pipeline);
    size_t index = 0;
    size_t number = 0;
    rs_buf path = {0};
    RS_TRY(rs_draft_add_dataset(draft, RS_GROUP_RELSPEC, dataset, &index, err));
    RS_TRY(rs_draft_add_file(draft, index, &number, err));
    rs_bundle_file *file = &draft->datasets.items[index].files[number];
    rs_status status =
        rs_draft_file_path(draft, &draft->datasets.items[index], file->number, &path, err);
    RS_THEN(status, rs_records_write(rows, path.bytes, file, err));
    if (status == RS_OK && source->arrow != NULL) {
        status = write_arrow(pipeline, rows, source->arrow, err);
    }
    rs_buf_release(&path);
    return status;
}

static rs_status write_source(rs_pipeline *pipeline, rs_record *record, const record_source *source,
                              rs_error *err)
{
    rs_records *made = NULL;
    rs_records *rows =
        source->collected != NULL ? source->collected(rs_run_collector(pipeline)) : NULL;
    rs_status status = RS_OK;
    if (rows == NULL) {
        status = rs_records_new(rs_record_dataset_get(source->dataset), &made, err);
        rows = made;
    }
    if (status == RS_OK && source->fill != NULL) {
        status = source->fill(pipeline, record, rows, err);
    }
    RS_THEN(status, write_records(pipeline, source, rows, err));
    if (status == RS_OK) {
        rs_run_cost(pipeline)->n_rows += rs_records_n_rows(rows);
    }
    rs_records_free(made);
    return status;
}

rs_status rs_record_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    (void)parts;
    rs_draft_await_files(pipeline);
    (void)rs_run_thing(pipeline, RS_THING_plans); /* in the collector */
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        RS_TRY(write_source(pipeline, state, &sources[i], err));
    }
    return rs_record_snapshots(pipeline, err);
}

void rs_record_release(void *state)
{
    rs_record *record = state;
    rs_free(record->n_row_groups);
    rs_free(record->n_rejected);
}
