/* SPDX-License-Identifier: Apache-2.0 */
#include "run/relate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "graph/gate.h"
#include "kernels/kernels.h"
#include "rules/lane.h"
#include "run/workers.h"

enum { NAME_BYTES = 192, RANGE_ROW_BITS = 40 };

/* --- ranges --- */

rs_status rs_pipeline_plan_ranges(rs_pipeline *pipeline, rs_error *err)
{
    pipeline->row_ranges = rs_alloc_zero(pipeline->n_parts, sizeof *pipeline->row_ranges);
    if (pipeline->row_ranges == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "plan the ranges: out of memory");
    }
    for (size_t part = 0; part < pipeline->n_parts;) {
        rs_part_range *range = &pipeline->row_ranges[pipeline->n_row_ranges++];
        range->first_part = part;
        while (part < pipeline->n_parts && range->n_rows < RS_FILE_ROWS) {
            const rs_batch *batches = pipeline->parts[part++].batches;
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
    return range == RS_RANGE_RUN ? pipeline->n_row_ranges : range;
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
static rs_status add_view(rs_pipeline *pipeline, rs_session *session, const rs_output *output,
                          size_t range, rs_error *err)
{
    rs_buf sql = {0};
    bool is_run = output->contract->scope == RS_SCOPE_RUN;
    size_t first = is_run ? pipeline->n_row_ranges : range_number(pipeline, range);
    size_t end = first + 1;
    if (range == RS_RANGE_RUN && !is_run) {
        first = 0;
        end = pipeline->n_row_ranges;
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

static rs_status add_rejects_view(rs_pipeline *pipeline, rs_session *session,
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
    return (output->contract->scope == RS_SCOPE_RUN) == (range == RS_RANGE_RUN);
}

/* Views of the relationships of levels below `level`. */
static rs_status select_below(rs_pipeline *pipeline, rs_session *session, size_t range,
                              size_t level, rs_error *err)
{
    size_t first_part = 0;
    size_t end_part = pipeline->n_parts;
    if (range != RS_RANGE_RUN) {
        first_part = pipeline->row_ranges[range].first_part;
        end_part = pipeline->row_ranges[range].end_part;
    }
    RS_TRY(rs_session_select_parts(session, first_part, end_part, err));
    for (size_t i = 0; i < rs_graph_plan_n_outputs(pipeline->plan); i++) {
        const rs_output *output = rs_graph_plan_output(pipeline->plan, i);
        if (output->contract == NULL || output->contract->level >= level) {
            continue;
        }
        RS_TRY(add_view(pipeline, session, output, range, err));
        if (has_rejects(output, range)) {
            RS_TRY(add_rejects_view(pipeline, session, output, range, err));
        }
    }
    return RS_OK;
}

rs_status rs_pipeline_select(rs_pipeline *pipeline, rs_session *session, size_t range,
                             rs_error *err)
{
    return select_below(pipeline, session, range, SIZE_MAX, err);
}

/* --- the rows of a rule --- */

/* CREATE OR REPLACE TEMP TABLE name AS sql. */
static rs_status make_temp(rs_session *session, const char *label, const char *name,
                           const char *select, rs_error *err)
{
    rs_buf sql = {0};
    rs_buf_add(&sql, "CREATE OR REPLACE TEMP TABLE ");
    rs_buf_add_sql_name(&sql, rs_str_of(name));
    rs_buf_add(&sql, " AS\n");
    rs_buf_add(&sql, select);
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status = rs_session_execute(session, label, rs_buf_text(&sql), err);
    }
    rs_buf_release(&sql);
    return status;
}

/* The kernel in C: its inputs out of the engine, its rows back into it under the step's name. */
static rs_status run_in_c(rs_session *session, const char *label, const rs_step *step,
                          rs_error *err)
{
    rs_table inputs[RS_STEP_MAX_INPUTS];
    const rs_table *borrowed[RS_STEP_MAX_INPUTS] = {NULL};
    rs_table rows;
    rs_buf sql = {0};
    rs_status status = RS_OK;
    memset(inputs, 0, sizeof inputs);
    memset(&rows, 0, sizeof rows);
    for (size_t i = 0; i < step->n_inputs && status == RS_OK; i++) {
        borrowed[i] = &inputs[i];
        rs_buf_reset(&sql);
        rs_buf_add(&sql, "SELECT * FROM ");
        rs_buf_add_sql_name(&sql, rs_str_of(step->inputs[i]));
        status = rs_buf_check(&sql, err);
        if (status == RS_OK) {
            status =
                rs_session_query_table(session, label, rs_buf_text(&sql), NULL, 0, &inputs[i], err);
        }
    }
    if (status == RS_OK) {
        status = rs_kernel_run(step->call, borrowed, step->n_inputs, &rows, err);
    }
    if (status == RS_OK) {
        status = rs_session_add_table(session, step->name, &rows, err);
    }
    rs_table_release(&rows);
    for (size_t i = 0; i < step->n_inputs; i++) {
        rs_table_release(&inputs[i]);
    }
    rs_buf_release(&sql);
    return status;
}

static rs_status run_step(rs_pipeline *pipeline, rs_session *session, const rs_rule *rule,
                          size_t index, rs_rule_cost *cost, rs_error *err)
{
    const rs_step *step = &rule->steps[index];
    bool is_last = index + 1 == rule->n_steps;
    if (step->call != NULL) {
        rs_lane_choice choice = rs_lane_choose(pipeline->policy, step->call->kernel, RS_STEP_LANES);
        if (choice.lane == RS_LANE_ARROW_FALLBACK) {
            uint64_t started_ns = rs_clock_ns();
            rs_status status = run_in_c(session, rule->info.name, step, err);
            cost->kernel_ns += rs_clock_ns() - started_ns;
            return status;
        }
    }
    return is_last ? make_temp(session, rule->info.name, step->name, step->sql, err)
                   : rs_session_add_view(session, step->name, step->sql, err);
}

/* A rule over evidence that was not asked for has no rows; the relation is there all the same. */
static rs_status run_rule(rs_pipeline *pipeline, rs_session *session, const rs_rule *rule,
                          rs_rule_cost *cost, rs_error *err)
{
    const rs_step *last = &rule->steps[rule->n_steps - 1];
    rs_buf sql = {0};
    cost->started_ns = rs_clock_ns();
    cost->was_run = true;
    rs_status status = RS_OK;
    for (size_t i = 0; i < rule->n_steps && status == RS_OK; i++) {
        status = run_step(pipeline, session, rule, i, cost, err);
    }
    if (status == RS_OK) {
        int64_t n_rows = 0;
        rs_buf_add(&sql, "SELECT count(*) FROM ");
        rs_buf_add_sql_name(&sql, rs_str_of(last->name));
        status = rs_buf_check(&sql, err);
        if (status == RS_OK) {
            status =
                rs_session_query_i64(session, rule->info.name, rs_buf_text(&sql), &n_rows, err);
        }
        cost->n_rows = (uint64_t)n_rows;
    }
    cost->elapsed_ns = rs_clock_ns() - cost->started_ns;
    rs_buf_release(&sql);
    return status;
}

/* --- a relationship --- */

static rs_status make_table(rs_pipeline *pipeline, rs_session *session, const rs_output *output,
                            size_t range, const char *suffix, const char *select, rs_error *err)
{
    rs_buf sql = {0};
    rs_buf_add(&sql, "CREATE TABLE ");
    add_table_name(output->dataset, range_number(pipeline, range), suffix, &sql);
    rs_buf_add(&sql, " AS\n");
    rs_buf_add(&sql, select);
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status = rs_session_execute(session, output->dataset->name, rs_buf_text(&sql), err);
    }
    rs_buf_release(&sql);
    return status;
}

static rs_status drop_temp(rs_session *session, const rs_output *output, const rs_rules *rules,
                           rs_error *err)
{
    rs_buf sql = {0};
    rs_buf_add(&sql, "DROP TABLE " RS_GATE_JUDGED);
    for (size_t i = 0; i < rs_rules_count(rules); i++) {
        const rs_rule *rule = rs_rules_rule(rules, i);
        if (rule->contract != output->contract) {
            continue;
        }
        rs_buf_add(&sql, "; DROP TABLE ");
        rs_buf_add_sql_name(&sql, rs_str_of(rule->steps[rule->n_steps - 1].name));
    }
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status = rs_session_execute(session, output->dataset->name, rs_buf_text(&sql), err);
    }
    rs_buf_release(&sql);
    return status;
}

static rs_status make_relationship(rs_pipeline *pipeline, rs_session *session,
                                   const rs_output *output, size_t range, rs_error *err)
{
    const char *name = output->dataset->name;
    size_t n_columns = pipeline->n_row_ranges + 1;
    for (size_t i = 0; i < rs_rules_count(pipeline->rules); i++) {
        const rs_rule *rule = rs_rules_rule(pipeline->rules, i);
        if (rule->contract == output->contract) {
            rs_rule_cost *cost =
                &pipeline->rule_costs[i * n_columns + range_number(pipeline, range)];
            RS_TRY(run_rule(pipeline, session, rule, cost, err));
        }
    }
    RS_TRY(make_temp(session, name, RS_GATE_JUDGED, output->judged_sql, err));
    RS_TRY(make_table(pipeline, session, output, range, "", output->good_sql, err));
    RS_TRY(
        make_table(pipeline, session, output, range, ".rejects", output->judged_rejects_sql, err));
    RS_TRY(drop_temp(session, output, pipeline->rules, err));
    RS_TRY(add_view(pipeline, session, output, range, err));
    return add_rejects_view(pipeline, session, output, range, err);
}

/* --- levels --- */

/* The plan lists relationships in the order that their rules are done in. */
static rs_status make_level(rs_pipeline *pipeline, rs_session *session, size_t range, size_t level,
                            rs_error *err)
{
    RS_TRY(select_below(pipeline, session, range, level, err));
    for (size_t i = 0; i < rs_graph_plan_n_outputs(pipeline->plan); i++) {
        const rs_output *output = rs_graph_plan_output(pipeline->plan, i);
        if (output->contract != NULL && output->contract->level == level) {
            RS_TRY(make_relationship(pipeline, session, output, range, err));
        }
    }
    return RS_OK;
}

typedef struct level_work {
    rs_pipeline *pipeline;
    size_t level;
    atomic_size_t next; /* range */
} level_work;

static rs_status work(void *context, size_t worker, const atomic_bool *stop, rs_error *err)
{
    level_work *all = context;
    rs_pipeline *pipeline = all->pipeline;
    bool is_run = all->level % 2 == 1;
    size_t n_ranges = is_run ? 1 : pipeline->n_row_ranges;
    rs_status status = RS_OK;
    while (status == RS_OK && !atomic_load(stop)) {
        size_t range = atomic_fetch_add(&all->next, 1);
        if (range >= n_ranges) {
            break;
        }
        status = rs_pipeline_check(pipeline, err);
        if (status == RS_OK) {
            status = make_level(pipeline, pipeline->sessions[worker], is_run ? RS_RANGE_RUN : range,
                                all->level, err);
        }
    }
    return status;
}

static void tick(void *context)
{
    rs_pipeline_tick(((level_work *)context)->pipeline);
}

static rs_status prepare(rs_pipeline *pipeline, rs_error *err)
{
    size_t n_rules = rs_rules_count(pipeline->rules);
    pipeline->rule_costs =
        rs_alloc_zero(n_rules * (pipeline->n_row_ranges + 1) + 1, sizeof(rs_rule_cost));
    if (pipeline->rule_costs == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "relate: out of memory");
    }
    return rs_session_execute(pipeline->sessions[0], "relate", "CREATE SCHEMA rel", err);
}

rs_status rs_pipeline_relate(rs_pipeline *pipeline, rs_error *err)
{
    size_t n_levels = 0;
    for (size_t i = 0; i < rs_rules_n_contracts(pipeline->rules); i++) {
        size_t level = rs_rules_contract(pipeline->rules, i)->level;
        n_levels = level + 1 > n_levels ? level + 1 : n_levels;
    }
    RS_TRY(prepare(pipeline, err));
    for (size_t level = 0; level < n_levels; level++) {
        level_work all = {.pipeline = pipeline, .level = level};
        size_t n_ranges = level % 2 == 1 ? 1 : pipeline->n_row_ranges;
        size_t n_workers = pipeline->n_workers < n_ranges ? pipeline->n_workers : n_ranges;
        RS_TRY(rs_workers_run(n_workers, work, tick, &all, err));
    }
    for (size_t i = 0; i < rs_rules_count(pipeline->rules) * (pipeline->n_row_ranges + 1); i++) {
        pipeline->costs[RS_STAGE_RELATE].n_rows += pipeline->rule_costs[i].n_rows;
    }
    return RS_OK;
}
