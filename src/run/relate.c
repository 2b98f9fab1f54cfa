/* SPDX-License-Identifier: Apache-2.0 */
#include "run/relate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "graph/gate.h"
#include "kernels/kernels.h"
#include "plan/operator.h"
#include "rules/lane.h"
#include "run/bind.h"
#include "run/extract.h"
#include "run/plan.h"
#include "run/sessions.h"
#include "run/workers.h"

enum { NAME_BYTES = 192, RANGE_ROW_BITS = 40 };

/* --- ranges --- */

/* Further ranges, of the parts of a span. */
static rs_status add_ranges(rs_relationships *made, const rs_evidence *evidence, rs_part_span parts,
                            rs_error *err)
{
    size_t n_most = made->n_ranges + parts.end - parts.first;
    rs_part_range *ranges = rs_realloc(made->ranges, n_most, sizeof *ranges);
    if (ranges == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "plan the ranges: out of memory");
    }
    made->ranges = ranges;
    for (size_t part = parts.first; part < parts.end;) {
        rs_part_range *range = &ranges[made->n_ranges++];
        *range = (rs_part_range){.first_part = part};
        while (part < parts.end && range->n_rows < RS_FILE_ROWS) {
            const rs_batch *batches = evidence->parts[part++].batches;
            range->n_rows += batches[RS_DS_syntax_nodes].n_rows + batches[RS_DS_comments].n_rows;
        }
        range->end_part = part;
    }
    return RS_OK;
}

/* --- names and views --- */

/* The number that stands in a table's name: those of the run have the one behind the last range's. */
static size_t range_number(const rs_pipeline *pipeline, size_t range)
{
    return range == RS_RANGE_RUN ? rs_run_relationships(pipeline)->n_ranges : range;
}

static void add_table_name(const rs_dataset *dataset, size_t number, const char *suffix,
                           rs_buf *sql)
{
    char name[NAME_BYTES];
    int n_bytes = snprintf(name, sizeof name, "%s.%zu%s", dataset->name, number, suffix);
    RS_ASSERT(n_bytes > 0 && (size_t)n_bytes < sizeof name);
    rs_buf_add(sql, "rel.");
    rs_buf_add_sql_name(sql, (rs_str){name, (size_t)n_bytes});
}

/* One table, with the place of each row; that of a later range is behind all before. */
static void add_table(const rs_dataset *dataset, size_t number, rs_buf *sql)
{
    rs_buf_addf(sql, "SELECT *, rowid + CAST(%" PRIu64 " AS BIGINT) AS _row FROM ",
                (uint64_t)number << RANGE_ROW_BITS);
    add_table_name(dataset, number, "", sql);
}

/* The relationship as a range sees it: its own rows, or those of the run, or of all ranges. */
static rs_status add_view(const rs_pipeline *pipeline, rs_session *session, const rs_output *output,
                          size_t range, rs_error *err)
{
    rs_buf sql = {0};
    bool is_run = output->contract->wave == RS_WAVE_RUN;
    size_t n_ranges = rs_run_relationships(pipeline)->n_ranges;
    size_t first = is_run ? n_ranges : range_number(pipeline, range);
    size_t end = first + 1;
    if (range == RS_RANGE_RUN && !is_run) {
        first = 0;
        end = n_ranges;
    }
    for (size_t i = first; i < end; i++) {
        rs_buf_add(&sql, i == first ? "" : " UNION ALL ");
        add_table(output->dataset, i, &sql);
    }
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status = rs_session_add_view(session, output->dataset->name, rs_buf_text(&sql), err);
    }
    rs_buf_release(&sql);
    return status;
}

static rs_status add_rejects_view(const rs_pipeline *pipeline, rs_session *session,
                                  const rs_output *output, size_t range, rs_error *err)
{
    rs_buf sql = {0};
    rs_buf name = {0};
    rs_buf_addf(&name, "%s.rejects", output->dataset->name);
    rs_buf_add(&sql, "SELECT * FROM ");
    add_table_name(output->dataset, range_number(pipeline, range), ".rejects", &sql);
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status = rs_buf_check(&name, err);
    }
    if (status == RS_OK) {
        status = rs_session_add_view(session, rs_buf_text(&name), rs_buf_text(&sql), err);
    }
    rs_buf_release(&name);
    rs_buf_release(&sql);
    return status;
}

/* Those of a file are there for its range, those of the run for the run. */
static bool has_rejects(const rs_output *output, size_t range)
{
    return (output->contract->wave == RS_WAVE_RUN) == (range == RS_RANGE_RUN);
}

rs_status rs_relate_select(const rs_pipeline *pipeline, rs_session *session, size_t range,
                           rs_related related, rs_error *err)
{
    const rs_graph_plan *plan = rs_run_graph_plan(pipeline);
    size_t first_part = 0;
    size_t end_part = rs_run_evidence(pipeline)->n_parts;
    rs_run_scans(pipeline);
    if (range != RS_RANGE_RUN) {
        const rs_part_range *parts = &rs_run_relationships(pipeline)->ranges[range];
        first_part = parts->first_part;
        end_part = parts->end_part;
    }
    RS_TRY(rs_session_select_parts(session, first_part, end_part, err));
    for (size_t i = 0; i < rs_graph_plan_n_outputs(plan); i++) {
        const rs_output *output = rs_graph_plan_output(plan, i);
        if (output->contract == NULL ||
            related < (output->contract->wave == RS_WAVE_RUN ? RS_RELATED_RUN : RS_RELATED_FILES)) {
            continue;
        }
        RS_TRY(add_view(pipeline, session, output, range, err));
        if (has_rejects(output, range)) {
            RS_TRY(add_rejects_view(pipeline, session, output, range, err));
        }
    }
    return RS_OK;
}

/* --- the rows of a rule --- */

/* One worker at its work: where its rows are made, and what they cost. */
typedef struct desk {
    rs_pipeline *pipeline;
    rs_session *session;
    size_t range;
    atomic_uint_fast64_t *n_rows; /* good ones, so far */
    rs_observation *rules;        /* by rule; NULL: nobody looks */
    uint64_t *kernels;            /* the same */
    rs_output_cost *outputs;      /* by output of the plan; the same */
} desk;

static uint64_t look(const desk *at)
{
    return at->rules != NULL ? rs_clock_ns() : 0;
}

rs_status rs_relate_explain(const rs_pipeline *pipeline, rs_session *session, const char *rule_name,
                            const char *output_dataset, const char *sql, rs_error *err)
{
    if (!rs_collector_explains(rs_run_collector(pipeline))) {
        return RS_OK;
    }
    rs_buf plan = {0};
    rs_arena arena = {0};
    const rs_explained *operators = NULL;
    rs_status status = rs_session_explain(session, &arena, &operators, err);
    if (status == RS_OK) {
        status = rs_explained_add_json(operators, &plan, err);
    }
    if (status == RS_OK) {
        rs_collector_explain(rs_run_collector(pipeline), rule_name, output_dataset, sql,
                             rs_buf_text(&plan), true);
    }
    rs_arena_release(&arena);
    rs_buf_release(&plan);
    return status;
}

/* CREATE OR REPLACE TEMP TABLE name AS sql. */
static rs_status make_temp(rs_session *session, const char *label, const char *name,
                           const char *select, uint64_t *n_rows, rs_error *err)
{
    rs_buf sql = {0};
    rs_buf_add(&sql, "CREATE OR REPLACE TEMP TABLE ");
    rs_buf_add_sql_name(&sql, rs_str_of(name));
    rs_buf_add(&sql, " AS\n");
    rs_buf_add(&sql, select);
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status = rs_session_execute_counting(session, label, rs_buf_text(&sql), n_rows, err);
    }
    rs_buf_release(&sql);
    return status;
}

/* The kernel in C: its inputs out of the engine, its rows back into it under the step's name. */
static rs_status run_in_c(const desk *at, const rs_plan *rule, const rs_step *step,
                          uint64_t *n_rows, rs_error *err)
{
    rs_table inputs[RS_STEP_MAX_INPUTS];
    const rs_table *borrowed[RS_STEP_MAX_INPUTS] = {NULL};
    rs_table rows;
    rs_buf sql = {0};
    rs_status status = RS_OK;
    uint64_t started_ns = look(at);
    memset(inputs, 0, sizeof inputs);
    memset(&rows, 0, sizeof rows);
    for (size_t i = 0; i < step->n_inputs && status == RS_OK; i++) {
        borrowed[i] = &inputs[i];
        rs_buf_reset(&sql);
        rs_buf_add(&sql, "SELECT * FROM ");
        rs_buf_add_sql_name(&sql, rs_str_of(step->inputs[i]));
        status = rs_buf_check(&sql, err);
        if (status == RS_OK) {
            status = rs_session_query_table(at->session, rule->name, rs_buf_text(&sql), NULL, 0,
                                            &inputs[i], err);
        }
    }
    if (status == RS_OK) {
        status = rs_kernel_run(step->call, borrowed, step->n_inputs, &rows, err);
    }
    if (status == RS_OK) {
        *n_rows = rs_table_n_rows(&rows);
        status = rs_session_add_table(at->session, step->name, &rows, err);
    }
    rs_table_release(&rows);
    for (size_t i = 0; i < step->n_inputs; i++) {
        rs_table_release(&inputs[i]);
    }
    rs_buf_release(&sql);
    if (at->kernels != NULL) {
        at->kernels[rule->number] += rs_clock_ns() - started_ns;
    }
    return status;
}

/* Steps before the last are views, unless C made them: the engine runs all of them at once. */
static rs_status run_in_engine(const desk *at, const rs_plan *rule, const rs_step *step,
                               bool is_last, uint64_t *n_rows, rs_error *err)
{
    if (!is_last) {
        return rs_session_add_view(at->session, step->name, step->sql, err);
    }
    RS_TRY(make_temp(at->session, rule->name, step->name, step->sql, n_rows, err));
    return rs_relate_explain(at->pipeline, at->session, rule->name, rule->output->name, step->sql,
                             err);
}

/* True for what is wrong with the rule's own plan; a full disk, say, is no matter of a rule. */
static bool is_refusal(rs_status status)
{
    return status == RS_ERR_ENGINE || status == RS_ERR_INVALID || status == RS_ERR_LIMIT;
}

static bool prefers_c(const rs_pipeline *pipeline, const rs_step *step)
{
    return step->call != NULL &&
           rs_lane_choose_for(rs_run_policy(pipeline), step->call).lane == RS_LANE_ARROW_FALLBACK;
}

/* Which of two kinds of relation a kernel's rows are depends on who makes them. */
static rs_status drop_kernels(const desk *at, const rs_plan *rule, bool are_views, rs_error *err)
{
    rs_buf sql = {0};
    for (size_t i = 0; i + 1 < rule->n_steps; i++) {
        const rs_step *step = &rule->steps[i];
        if (step->call != NULL && !prefers_c(at->pipeline, step)) {
            rs_buf_addf(&sql, "DROP %s IF EXISTS ", are_views ? "VIEW" : "TABLE");
            rs_buf_add_sql_name(&sql, rs_str_of(step->name));
            rs_buf_add(&sql, ";");
        }
    }
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK && sql.n_bytes > 0) {
        status = rs_session_execute(at->session, rule->name, sql.bytes, err);
    }
    rs_buf_release(&sql);
    return status;
}

/* All steps; with all_in_c no kernel is left to the engine. */
static rs_status run_steps(const desk *at, const rs_plan *rule, bool all_in_c, uint64_t *n_rows,
                           rs_error *err)
{
    for (size_t i = 0; i < rule->n_steps; i++) {
        const rs_step *step = &rule->steps[i];
        if (prefers_c(at->pipeline, step) || (all_in_c && step->call != NULL)) {
            RS_TRY(run_in_c(at, rule, step, n_rows, err));
        } else {
            RS_TRY(run_in_engine(at, rule, step, i + 1 == rule->n_steps, n_rows, err));
        }
    }
    return RS_OK;
}

/* The kernel that C may run in the engine's stead; NULL when there is none left. */
static const rs_step *refusable_step(const rs_pipeline *pipeline, const rs_plan *rule)
{
    for (size_t i = 0; i < rule->n_steps; i++) {
        if (rule->steps[i].call != NULL && !prefers_c(pipeline, &rule->steps[i])) {
            return &rule->steps[i];
        }
    }
    return NULL;
}

/* No rows, of the form that the gate expects. */
static rs_status make_no_rows(const desk *at, const rs_plan *rule, rs_error *err)
{
    rs_buf sql = {0};
    uint64_t n_rows = 0;
    rs_buf_add(&sql, "SELECT *, CAST(NULL AS BIGINT) AS _o1, CAST(NULL AS BIGINT) AS _o2,"
                     " CAST(NULL AS BIGINT[]) AS _in FROM (");
    rs_status status =
        rs_schema_add_empty_sql(rule->contract->dataset, RS_GROUP_RELATIONSHIPS, &sql, err);
    rs_buf_add(&sql, ")");
    if (status == RS_OK) {
        status = rs_buf_check(&sql, err);
    }
    if (status == RS_OK) {
        status = make_temp(at->session, rule->name, rule->steps[rule->n_steps - 1].name, sql.bytes,
                           &n_rows, err);
    }
    rs_buf_release(&sql);
    return status;
}

/* The engine refused: C may run the kernels; else the rule failed, and the run goes on without
 * its rows. cause is what the engine said. */
static rs_status fall_back(const desk *at, const rs_plan *rule, rs_error *cause, uint64_t *n_rows,
                           rs_error *err)
{
    rs_pipeline *pipeline = at->pipeline;
    const rs_step *step = refusable_step(pipeline, rule);
    rs_fallback fallback = {.rule = rule,
                            .reason = RS_FALLBACK_REFUSED,
                            .error = cause->message,
                            .sql = rule->steps[rule->n_steps - 1].sql};
    if (step != NULL) {
        fallback.expression_type = rs_kernel_get(step->call->kernel)->name;
        fallback.sql = step->sql;
        fallback.violation = rs_policy_lane_rank(rs_run_policy(pipeline), RS_LANE_ARROW_FALLBACK) <
                                     rs_run_policy(pipeline)->lanes.n_allowed
                                 ? NULL
                                 : "kernel_lane";
        rs_collector_fall_back(rs_run_collector(pipeline), &fallback);
        RS_TRY(drop_kernels(at, rule, true, err));
        rs_status status = run_steps(at, rule, true, n_rows, cause);
        RS_TRY(drop_kernels(at, rule, false, err));
        if (status == RS_OK || !is_refusal(status)) {
            return status == RS_OK ? RS_OK : rs_error_set(err, status, "%s", cause->message);
        }
    }
    fallback.reason = RS_FALLBACK_FAILED;
    fallback.error = cause->message;
    fallback.expression_type = rule->op->name;
    fallback.sql = rule->steps[rule->n_steps - 1].sql;
    fallback.violation = NULL;
    rs_collector_fall_back(rs_run_collector(pipeline), &fallback);
    RS_TRY(rs_collector_fail(rs_run_collector(pipeline), rule, cause->message, err));
    *n_rows = 0;
    return make_no_rows(at, rule, err);
}

/* A rule over evidence that was not asked for has no rows; the relation is there all the same. */
static rs_status run_rule(const desk *at, const rs_plan *rule, rs_error *err)
{
    rs_error cause = {0};
    uint64_t n_rows = 0;
    uint64_t started_ns = look(at);
    rs_status status = run_steps(at, rule, false, &n_rows, &cause);
    if (status != RS_OK && !is_refusal(status)) {
        return rs_error_set(err, status, "%s", cause.message);
    }
    if (status != RS_OK) {
        RS_TRY(fall_back(at, rule, &cause, &n_rows, err));
    }
    if (at->rules != NULL) {
        rs_observation_add(&at->rules[rule->number], started_ns, rs_clock_ns(), n_rows);
    }
    return RS_OK;
}

/* --- a relationship --- */

static rs_status make_table(const desk *at, const rs_output *output, const char *suffix,
                            const char *select, uint64_t *n_rows, rs_error *err)
{
    rs_buf sql = {0};
    rs_buf_add(&sql, "CREATE TABLE ");
    add_table_name(output->dataset, range_number(at->pipeline, at->range), suffix, &sql);
    rs_buf_add(&sql, " AS\n");
    rs_buf_add(&sql, select);
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status = rs_session_execute_counting(at->session, output->dataset->name, rs_buf_text(&sql),
                                             n_rows, err);
    }
    rs_buf_release(&sql);
    return status;
}

static rs_status drop_temp(const desk *at, const rs_output *output, bool is_clean, rs_error *err)
{
    const rs_rules *rules = rs_run_rules(at->pipeline);
    rs_buf sql = {0};
    rs_buf_addf(&sql, "DROP %s " RS_GATE_JUDGED, is_clean ? "VIEW" : "TABLE");
    for (size_t i = 0; i < rs_rules_count(rules); i++) {
        const rs_plan *rule = rs_rules_get(rules, i);
        if (rule->contract != output->contract || rule->absent != NULL) {
            continue;
        }
        rs_buf_add(&sql, "; DROP TABLE ");
        rs_buf_add_sql_name(&sql, rs_str_of(rule->steps[rule->n_steps - 1].name));
    }
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status = rs_session_execute(at->session, output->dataset->name, rs_buf_text(&sql), err);
    }
    rs_buf_release(&sql);
    return status;
}

/* The gate over the rows of the rules: good ones, rejects. */
static rs_status finalize(const desk *at, const rs_output *output, rs_error *err)
{
    const char *name = output->dataset->name;
    uint64_t n_judged = 0;
    uint64_t n_good = 0;
    int64_t n_faults = 0;
    RS_TRY(rs_session_query_i64(at->session, name, output->faults_sql, &n_faults, err));
    if (n_faults == 0) {
        RS_TRY(rs_session_add_view(at->session, RS_GATE_JUDGED, output->clean_sql, err));
    } else {
        RS_TRY(make_temp(at->session, name, RS_GATE_JUDGED, output->judged_sql, &n_judged, err));
    }
    RS_TRY(make_table(at, output, "", output->good_sql, &n_good, err));
    atomic_fetch_add(at->n_rows, n_good);
    RS_TRY(rs_relate_explain(at->pipeline, at->session, NULL, name, output->good_sql, err));
    RS_TRY(make_table(at, output, ".rejects", output->judged_rejects_sql, &n_judged, err));
    return drop_temp(at, output, n_faults == 0, err);
}

/* A table without rows, where all rules are skipped. */
static rs_status make_absent(const desk *at, const rs_output *output, rs_error *err)
{
    rs_buf sql = {0};
    uint64_t n_rows = 0;
    rs_buf_add(&sql, "SELECT *, CAST(NULL AS BIGINT[]) AS _in FROM (");
    rs_status status = rs_schema_add_empty_sql(output->dataset, RS_GROUP_RELATIONSHIPS, &sql, err);
    rs_buf_add(&sql, ")");
    if (status == RS_OK) {
        status = rs_buf_check(&sql, err);
    }
    if (status == RS_OK) {
        status = make_table(at, output, "", sql.bytes, &n_rows, err);
    }
    rs_buf_reset(&sql);
    if (status == RS_OK) {
        status = rs_schema_add_empty_sql(output->dataset, RS_GROUP_REJECTS, &sql, err);
    }
    if (status == RS_OK) {
        status = make_table(at, output, ".rejects", sql.bytes, &n_rows, err);
    }
    rs_buf_release(&sql);
    return status;
}

static rs_status make_rows(const desk *at, const rs_output *output, rs_output_cost *cost,
                           rs_error *err)
{
    const rs_rules *rules = rs_run_rules(at->pipeline);
    for (size_t i = 0; i < rs_rules_count(rules); i++) {
        const rs_plan *rule = rs_rules_get(rules, i);
        if (rule->contract == output->contract && rule->absent == NULL) {
            RS_TRY(run_rule(at, rule, err));
        }
    }
    uint64_t started_ns = look(at);
    RS_TRY(finalize(at, output, err));
    if (cost != NULL) {
        rs_output_cost_add(cost, &cost->finalize_ns, started_ns, rs_clock_ns());
    }
    return RS_OK;
}

static rs_status make_relationship(const desk *at, size_t index, rs_error *err)
{
    rs_pipeline *pipeline = at->pipeline;
    const rs_output *output = rs_graph_plan_output(rs_run_graph_plan(pipeline), index);
    if (output->contract->is_absent) {
        RS_TRY(make_absent(at, output, err));
    } else {
        RS_TRY(make_rows(at, output, at->outputs != NULL ? &at->outputs[index] : NULL, err));
    }
    RS_TRY(add_view(pipeline, at->session, output, at->range, err));
    return add_rejects_view(pipeline, at->session, output, at->range, err);
}

/* --- waves --- */

/* The plan lists relationships in the order that their rules are done in, and those of a file need none
 * of the run. */
static rs_status make_wave(const desk *at, rs_wave scope, rs_error *err)
{
    const rs_graph_plan *plan = rs_run_graph_plan(at->pipeline);
    RS_TRY(rs_relate_select(at->pipeline, at->session, at->range,
                            scope == RS_WAVE_RUN ? RS_RELATED_FILES : RS_RELATED_NONE, err));
    for (size_t i = 0; i < rs_graph_plan_n_outputs(plan); i++) {
        const rs_output *output = rs_graph_plan_output(plan, i);
        if (output->contract != NULL && output->contract->wave == scope) {
            RS_TRY(make_relationship(at, i, err));
        }
    }
    return RS_OK;
}

/* Ranges that workers take, one after the other. */
typedef struct wave_work {
    rs_pipeline *pipeline;
    rs_wave scope;
    size_t end_range;
    atomic_size_t next;
    atomic_uint_fast64_t n_rows;
} wave_work;

static rs_status work(void *context, size_t worker, const atomic_bool *stop, rs_error *err)
{
    wave_work *all = context;
    rs_pipeline *pipeline = all->pipeline;
    rs_collector *collector = rs_run_collector(pipeline);
    desk at = {.pipeline = pipeline,
               .session = rs_run_session(pipeline, worker),
               .n_rows = &all->n_rows,
               .rules = rs_collector_rules(collector, worker),
               .kernels = rs_collector_kernels(collector, worker),
               .outputs = rs_collector_outputs(collector, worker)};
    rs_status status = RS_OK;
    while (status == RS_OK && !atomic_load(stop)) {
        at.range = atomic_fetch_add(&all->next, 1);
        if (at.range >= all->end_range) {
            break;
        }
        at.range = all->scope == RS_WAVE_RUN ? RS_RANGE_RUN : at.range;
        status = rs_pipeline_check(pipeline, err);
        if (status == RS_OK) {
            status = make_wave(&at, all->scope, err);
        }
    }
    return status;
}

static void tick(void *context)
{
    rs_pipeline_tick(((wave_work *)context)->pipeline);
}

static rs_status run_wave(rs_pipeline *pipeline, rs_wave scope, size_t first_range,
                          size_t end_range, rs_error *err)
{
    wave_work all = {
        .pipeline = pipeline, .scope = scope, .end_range = end_range, .next = first_range};
    size_t n_ranges = end_range - first_range;
    size_t n_workers = pipeline->n_workers < n_ranges ? pipeline->n_workers : n_ranges;
    (void)rs_run_thing(pipeline, RS_THING_param_tables); /* that rules may read */
    RS_TRY(rs_workers_run(n_workers, work, tick, &all, err));
    rs_run_cost(pipeline)->n_rows += atomic_load(&all.n_rows);
    return RS_OK;
}

rs_status rs_relate_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_relationships *made = state;
    size_t first_range = made->n_ranges;
    if (first_range == 0) {
        RS_TRY(rs_session_execute(rs_run_session(pipeline, 0), "relate", "CREATE SCHEMA rel", err));
    }
    RS_TRY(add_ranges(made, rs_run_evidence(pipeline), parts, err));
    return run_wave(pipeline, RS_WAVE_FILE, first_range, made->n_ranges, err);
}

void rs_relate_release(void *state)
{
    rs_relationships *made = state;
    rs_free(made->ranges);
}

rs_status rs_relate_all_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    (void)state;
    (void)parts;
    return run_wave(pipeline, RS_WAVE_RUN, 0, 1, err);
}
