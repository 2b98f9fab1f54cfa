/* SPDX-License-Identifier: Apache-2.0 */
#include "run/relate.h"

#include "base/alloc.h"
#include "engine/duckdb/kept.h"
#include "plan/operator.h"
#include "rules/lane.h"
#include "run/bind.h"
#include "run/extract.h"
#include "run/plan.h"
#include "run/relate_held.h"
#include "run/sessions.h"
#include "run/taint.h"
#include "run/workers.h"

/* --- ranges --- */

size_t rs_range_end(const rs_evidence *evidence, size_t first, size_t end, uint64_t *n_rows)
{
    *n_rows = 0;
    while (first < end && *n_rows < RS_FILE_ROWS) {
        const rs_batch *batches = evidence->parts[first++].batches;
        *n_rows += batches[RS_DS_syntax_nodes].n_rows + batches[RS_DS_comments].n_rows;
    }
    return first;
}

/* Further ranges, of the parts of a span. */
static rs_status add_ranges(rs_relationships *made, const rs_evidence *evidence, rs_part_span parts,
                            rs_error *err)
{
    RS_ASSERT(parts.first <= parts.end && parts.end <= evidence->n_parts);
    size_t n_most = made->n_ranges + parts.end - parts.first;
    rs_part_range *ranges = rs_realloc(made->ranges, n_most, sizeof *ranges);
    if (ranges == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "plan the ranges: out of memory");
    }
    made->ranges = ranges;
    for (size_t part = parts.first; part < parts.end;) {
        rs_part_range *range = &ranges[made->n_ranges++];
        *range = (rs_part_range){.first_part = part};
        part = rs_range_end(evidence, part, parts.end, &range->n_rows);
        range->end_part = part;
        RS_ASSERT(range->first_part < range->end_part);
    }
    return RS_OK;
}

static rs_status open_relations(const rs_pipeline *pipeline, rs_relationships *made,
                                size_t first_range, rs_error *err)
{
    made->n_outputs = rs_graph_plan_n_outputs(rs_run_graph_plan(pipeline));
    for (size_t i = first_range; i < made->n_ranges; i++) {
        RS_TRY(rs_relations_open(pipeline, &made->ranges[i].relations, err));
    }
    return RS_OK;
}

/* --- what a session sees --- */

/* The number that stands in a table's name: those of the run have the one behind the last range's. */
static size_t range_number(const rs_pipeline *pipeline, size_t range)
{
    return range == RS_RANGE_RUN ? rs_run_relationships(pipeline)->n_ranges : range;
}

/* The relationship as a range sees it: its own rows, or those of the run, or of all ranges. */
static rs_status show_good(const rs_pipeline *pipeline, rs_session *session,
                           const rs_output *output, size_t range, rs_error *err)
{
    bool is_run = output->contract->wave == RS_WAVE_RUN;
    size_t n_ranges = rs_run_relationships(pipeline)->n_ranges;
    size_t first = is_run ? n_ranges : range_number(pipeline, range);
    RS_ASSERT(range == RS_RANGE_RUN || range < n_ranges);
    if (range == RS_RANGE_RUN && !is_run) {
        return rs_session_show_kept(session, output->dataset, 0, n_ranges, err);
    }
    return rs_session_show_kept(session, output->dataset, first, first + 1, err);
}

static rs_status show_rejects(const rs_pipeline *pipeline, rs_session *session,
                              const rs_output *output, size_t range, rs_error *err)
{
    return rs_session_show_rejects(session, output->dataset, range_number(pipeline, range), err);
}

/* It is a table of the engine's. */
static bool is_in_engine(const rs_pipeline *pipeline, size_t index)
{
    const rs_beside *beside = rs_run_beside(pipeline);
    return !rs_beside_holds(beside, index) || rs_beside_hands_over(beside, index);
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
    (void)rs_run_thing(pipeline, RS_THING_param_tables); /* rules may read them */
    if (range != RS_RANGE_RUN) {
        RS_ASSERT(range < rs_run_relationships(pipeline)->n_ranges);
        const rs_part_range *parts = &rs_run_relationships(pipeline)->ranges[range];
        first_part = parts->first_part;
        end_part = parts->end_part;
    }
    RS_TRY(rs_session_select_parts(session, first_part, end_part, err));
    for (size_t i = 0; i < rs_graph_plan_n_outputs(plan); i++) {
        const rs_output *output = rs_graph_plan_output(plan, i);
        if (output->contract == NULL || !is_in_engine(pipeline, i) ||
            related < (output->contract->wave == RS_WAVE_RUN ? RS_RELATED_RUN : RS_RELATED_FILES)) {
            continue;
        }
        RS_TRY(show_good(pipeline, session, output, range, err));
        if (has_rejects(output, range) && !rs_beside_holds(rs_run_beside(pipeline), i)) {
            RS_TRY(show_rejects(pipeline, session, output, range, err));
        }
    }
    return RS_OK;
}

rs_status rs_relate_session(const rs_pipeline *pipeline, size_t worker, size_t range,
                            rs_related related, rs_session **session, rs_error *err)
{
    const rs_sessions *sessions = rs_run_thing(pipeline, RS_THING_engine);
    rs_seen *seen = &sessions->seen[worker];
    *session = rs_run_session(pipeline, worker);
    RS_TRY(rs_session_open(*session, err)); /* else it would be a rule that fails */
    if (seen->is_known && seen->range == range && seen->related == (unsigned)related) {
        return RS_OK;
    }
    seen->is_known = false;
    RS_TRY(rs_relate_select(pipeline, *session, range, related, err));
    *seen = (rs_seen){true, range, (unsigned)related};
    return RS_OK;
}

/* --- the rows of a rule --- */

typedef rs_relate_worker relate_worker;

static uint64_t started_at(const relate_worker *at)
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
    RS_THEN(status, rs_explained_add_json(operators, &plan, err));
    if (status == RS_OK) {
        rs_collector_explain(rs_run_collector(pipeline), rule_name, output_dataset, sql,
                             rs_buf_text(&plan), true);
    }
    rs_arena_release(&arena);
    rs_buf_release(&plan);
    return status;
}

/* True for what is wrong with the rule's own plan; a full disk, say, is no matter of a rule. Memory that
 * the engine lacks for a kernel's pairs may be enough for the kernel in C. */
static bool is_refusal(rs_status status)
{
    return status == RS_ERR_ENGINE || status == RS_ERR_INVALID || status == RS_ERR_LIMIT;
}

/* context is the policy. */
static bool prefers_c(const void *context, const rs_kernel_call *call)
{
    return rs_lane_choose_for(context, call).lane == RS_LANE_ARROW_FALLBACK;
}

/* The rule's plan, prepared once for the session of this worker. */
static rs_status prepare(const relate_worker *at, const rs_plan *rule, void **out, rs_error *err)
{
    RS_ASSERT(rule->number < rs_rules_count(rs_run_rules(at->pipeline)));
    void **prepared = &at->prepared[rule->number];
    if (*prepared == NULL) {
        RS_TRY(at->pipeline->engine_type->prepare(at->session, rule, prepared, err));
    }
    *out = *prepared;
    return RS_OK;
}

/* The rows of a rule stay in the engine; with all_in_c no kernel is left to it. */
static rs_status keep(const relate_worker *at, const rs_plan *rule, bool all_in_c, uint64_t *n_rows,
                      rs_error *err)
{
    void *prepared = NULL;
    rs_keep how = {
        .is_in_c = prefers_c, .context = rs_run_policy(at->pipeline), .all_in_c = all_in_c};
    RS_TRY(prepare(at, rule, &prepared, err));
    rs_status status = at->pipeline->engine_type->keep(prepared, &how, err);
    *n_rows = how.n_rows;
    if (at->kernels != NULL) {
        at->kernels[rule->number] += how.kernel_ns;
    }
    if (status != RS_OK || how.sql == NULL) {
        return status;
    }
    return all_in_c && !rs_collector_explains_fallback(rs_run_collector(at->pipeline), rule)
               ? RS_OK
               : rs_relate_explain(at->pipeline, at->session, rule->name, rule->output->name,
                                   how.sql, err);
}

/* The kernel that C may run in the engine's stead; NULL when there is none left. */
static const rs_step *refusable_step(const rs_pipeline *pipeline, const rs_plan *rule)
{
    for (size_t i = 0; i < rule->n_steps; i++) {
        if (rule->steps[i].call != NULL &&
            !prefers_c(rs_run_policy(pipeline), rule->steps[i].call)) {
            return &rule->steps[i];
        }
    }
    return NULL;
}

/* The engine refused: C may run the kernels; else the rule failed, and the run goes on without
 * its rows. cause is what the engine said. */
static rs_status fall_back(const relate_worker *at, const rs_plan *rule, rs_error *cause,
                           uint64_t *n_rows, rs_error *err)
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
        rs_status status = keep(at, rule, true, n_rows, cause);
        if (status == RS_OK) {
            rs_collector_take_over(rs_run_collector(pipeline), rule);
        }
        if (status == RS_OK || !is_refusal(status)) {
            return status == RS_OK ? RS_OK : rs_error_set(err, status, "%s", cause->message);
        }
    }
    RS_ASSERT(at->prepared[rule->number] != NULL);
    fallback.reason = RS_FALLBACK_FAILED;
    fallback.error = cause->message;
    fallback.expression_type = rule->op->name;
    fallback.sql = rule->steps[rule->n_steps - 1].sql;
    fallback.violation = NULL;
    rs_collector_fall_back(rs_run_collector(pipeline), &fallback);
    RS_TRY(rs_collector_fail(rs_run_collector(pipeline), rule, at->range, cause->message, err));
    *n_rows = 0;
    return at->pipeline->engine_type->keep_none(at->prepared[rule->number], err);
}

/* A rule over evidence that was not asked for has no rows; the relation is there all the same. */
static rs_status run_rule(const relate_worker *at, const rs_plan *rule, rs_error *err)
{
    rs_error cause = {0};
    uint64_t n_rows = 0;
    uint64_t started_ns = started_at(at);
    rs_status status = keep(at, rule, false, &n_rows, &cause);
    bool may_fall_back = is_refusal(status) ||
                         (status == RS_ERR_NOMEM && refusable_step(at->pipeline, rule) != NULL);
    if (status != RS_OK && !may_fall_back) {
        return rs_error_set(err, status, "%s", cause.message);
    }
    if (status != RS_OK) {
        RS_TRY(fall_back(at, rule, &cause, &n_rows, err));
    }
    rs_collector_note_rule(rs_run_collector(at->pipeline), rule);
    if (at->rules != NULL) {
        rs_observation_add(&at->rules[rule->number], started_ns, rs_clock_ns(), n_rows);
    }
    return RS_OK;
}

/* No rows of a rule that might find too much. */
static rs_status leave_out(const relate_worker *at, const rs_plan *rule, rs_error *err)
{
    void *prepared = NULL;
    RS_TRY(prepare(at, rule, &prepared, err));
    return at->pipeline->engine_type->keep_none(prepared, err);
}

/* --- a relationship --- */

static rs_kept kept_as(const relate_worker *at, const rs_output *output, bool are_rejects)
{
    return (rs_kept){output->dataset, range_number(at->pipeline, at->range), are_rejects};
}

static rs_status forget_rows(const relate_worker *at, const rs_output *output, rs_error *err)
{
    const rs_rules *rules = rs_run_rules(at->pipeline);
    for (size_t i = 0; i < rs_rules_count(rules); i++) {
        const rs_plan *rule = rs_rules_get(rules, i);
        if (rule->contract == output->contract && rule->absent == NULL) {
            RS_TRY(at->pipeline->engine_type->forget(at->prepared[rule->number], err));
        }
    }
    return RS_OK;
}

/* A plan of the gate, its kernels in the lanes that the policy gives them. */
static rs_status keep_gated(const relate_worker *at, size_t index, const rs_plan *gate,
                            const rs_kept *as, uint64_t *n_rows, rs_error *err)
{
    const rs_engine_type *engine = at->pipeline->engine_type;
    RS_ASSERT(gate->n_steps > 0);
    const rs_policy *policy = rs_run_policy(at->pipeline);
    rs_keep how = {.as = as, .is_in_c = prefers_c, .context = policy};
    void *prepared = NULL;
    RS_TRY(engine->prepare(at->session, gate, &prepared, err));
    rs_status status = engine->keep(prepared, &how, err);
    engine->release(prepared);
    *n_rows = how.n_rows;
    rs_collector_note_gate(rs_run_collector(at->pipeline), index, how.lanes);
    return status != RS_OK || how.sql == NULL || as == NULL || as->are_rejects
               ? status
               : rs_relate_explain(at->pipeline, at->session, NULL, gate->name, how.sql, err);
}

/* The gate over the rows of the rules: good ones, rejects. */
static rs_status finalize(const relate_worker *at, size_t index, rs_error *err)
{
    const rs_output *output = rs_graph_plan_output(rs_run_graph_plan(at->pipeline), index);
    const rs_contract_gate *gate = output->gate;
    RS_ASSERT(output->contract != NULL && !output->contract->is_absent && gate != NULL);
    const char *name = output->dataset->name;
    const rs_kept good = kept_as(at, output, false);
    const rs_kept rejects = kept_as(at, output, true);
    uint64_t n_rows = 0;
    int64_t n_faults = 0;
    RS_TRY(rs_session_query_i64(at->session, name, gate->faults_sql, &n_faults, err));
    RS_TRY(n_faults == 0 ? rs_session_add_view(at->session, gate->judged, gate->clean_sql, err)
                         : keep_gated(at, index, gate->judge, NULL, &n_rows, err));
    RS_TRY(keep_gated(at, index, gate->good, &good, &n_rows, err));
    atomic_fetch_add(at->n_rows, n_rows);
    RS_TRY(keep_gated(at, index, gate->rejects, &rejects, &n_rows, err));
    RS_TRY(rs_session_drop(at->session, name, gate->judged, n_faults == 0, err));
    return forget_rows(at, output, err);
}

/* A table without rows, where all rules are skipped. */
static rs_status make_absent(const relate_worker *at, const rs_output *output, rs_error *err)
{
    static const rs_bundle_group groups[] = {RS_GROUP_RELATIONSHIPS, RS_GROUP_REJECTS};
    rs_buf sql = {0};
    rs_status status = RS_OK;
    for (size_t i = 0; i < 2 && status == RS_OK; i++) {
        rs_buf_reset(&sql);
        status = rs_schema_add_empty_sql(output->dataset, groups[i], &sql, err);
        RS_THEN(status,
                rs_session_keep_none(at->session, kept_as(at, output, i == 1), sql.bytes, err));
    }
    rs_buf_release(&sql);
    return status;
}

static rs_status make_rows(const relate_worker *at, size_t index, rs_error *err)
{
    const rs_rules *rules = rs_run_rules(at->pipeline);
    const rs_output *output = rs_graph_plan_output(rs_run_graph_plan(at->pipeline), index);
    for (size_t i = 0; i < rs_rules_count(rules); i++) {
        const rs_plan *rule = rs_rules_get(rules, i);
        if (rule->contract != output->contract || rule->absent != NULL) {
            continue;
        }
        bool is_left_out = false;
        RS_TRY(rs_taint_check(at->pipeline, at->range, rule, &is_left_out, err));
        RS_TRY(is_left_out ? leave_out(at, rule, err) : run_rule(at, rule, err));
    }
    uint64_t started_ns = started_at(at);
    RS_TRY(finalize(at, index, err));
    if (at->outputs != NULL) {
        rs_output_cost *cost = &at->outputs[index];
        rs_output_cost_add(cost, &cost->finalize_ns, started_ns, rs_clock_ns());
    }
    return RS_OK;
}

/* Rules of the engine read it, too. */
static rs_status hand_over(const relate_worker *at, const rs_output *output, size_t index,
                           rs_error *err)
{
    const rs_relationships *made = rs_run_relationships(at->pipeline);
    const rs_gated *relation = &rs_relationships_of(made, at->range)[index];
    RS_TRY(rs_session_keep_held(at->session, kept_as(at, output, false), &relation->good, err));
    return show_good(at->pipeline, at->session, output, at->range, err);
}

static rs_status make_relationship(const relate_worker *at, size_t index, rs_error *err)
{
    rs_pipeline *pipeline = at->pipeline;
    const rs_output *output = rs_graph_plan_output(rs_run_graph_plan(pipeline), index);
    const rs_beside *beside = rs_run_beside(pipeline);
    if (rs_beside_holds(beside, index)) {
        RS_TRY(rs_relate_hold(at, index, err));
        return rs_beside_hands_over(beside, index) ? hand_over(at, output, index, err) : RS_OK;
    }
    if (output->contract->is_absent) {
        RS_TRY(make_absent(at, output, err));
    } else {
        RS_TRY(make_rows(at, index, err));
    }
    RS_TRY(show_good(pipeline, at->session, output, at->range, err));
    return show_rejects(pipeline, at->session, output, at->range, err);
}

/* --- waves --- */

/* Relationships of the wave are made in the engine, or handed over to it. */
static bool asks_engine(const rs_pipeline *pipeline, rs_wave scope)
{
    const rs_graph_plan *plan = rs_run_graph_plan(pipeline);
    for (size_t i = 0; i < rs_graph_plan_n_outputs(plan); i++) {
        const rs_output *output = rs_graph_plan_output(plan, i);
        if (output->contract != NULL && output->contract->wave == scope &&
            is_in_engine(pipeline, i)) {
            return true;
        }
    }
    return false;
}

/* What the worker sees before the wave. */
static rs_status see_rows(relate_worker *at, rs_wave scope, rs_error *err)
{
    rs_beside *beside = rs_run_beside(at->pipeline);
    const rs_sessions *sessions = rs_run_thing(at->pipeline, RS_THING_engine);
    if (beside->type != NULL) {
        RS_TRY(rs_beside_select(at->pipeline, beside, at->number, at->range, scope == RS_WAVE_RUN,
                                err));
    }
    if (asks_engine(at->pipeline, scope)) {
        RS_TRY(rs_relate_session(at->pipeline, at->number, at->range,
                                 scope == RS_WAVE_RUN ? RS_RELATED_FILES : RS_RELATED_NONE,
                                 &at->session, err));
        sessions->seen[at->number].is_known = false; /* there will be more */
    }
    return RS_OK;
}

/* The plan lists relationships in the order that their rules are done in, and those of a file need none
 * of the run. */
static rs_status make_wave(relate_worker *at, rs_wave scope, rs_error *err)
{
    const rs_graph_plan *plan = rs_run_graph_plan(at->pipeline);
    RS_TRY(see_rows(at, scope, err));
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

static rs_status open_prepared(relate_worker *at, rs_error *err)
{
    at->prepared = rs_alloc_zero(rs_rules_count(rs_run_rules(at->pipeline)) + 1, sizeof(void *));
    return at->prepared != NULL ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "relate: out of memory");
}

static void release_prepared(relate_worker *at)
{
    for (size_t i = 0; at->prepared != NULL && i < rs_rules_count(rs_run_rules(at->pipeline));
         i++) {
        at->pipeline->engine_type->release(at->prepared[i]);
    }
    rs_free((void *)at->prepared);
}

static rs_status work(void *context, size_t worker, const atomic_bool *stop, rs_error *err)
{
    wave_work *all = context;
    rs_pipeline *pipeline = all->pipeline;
    rs_collector *collector = rs_run_collector(pipeline);
    relate_worker at = {.pipeline = pipeline,
                        .number = worker,
                        .n_rows = &all->n_rows,
                        .rules = rs_collector_rules(collector, worker),
                        .kernels = rs_collector_kernels(collector, worker),
                        .outputs = rs_collector_outputs(collector, worker)};
    rs_status status = open_prepared(&at, err);
    while (status == RS_OK && !atomic_load(stop)) {
        at.range = atomic_fetch_add(&all->next, 1);
        if (at.range >= all->end_range) {
            break;
        }
        at.range = all->scope == RS_WAVE_RUN ? RS_RANGE_RUN : at.range;
        status = rs_pipeline_check(pipeline, err);
        RS_THEN(status, make_wave(&at, all->scope, err));
    }
    release_prepared(&at);
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
    RS_ASSERT(first_range <= end_range);
    size_t n_ranges = end_range - first_range;
    size_t n_workers = pipeline->n_workers < n_ranges ? pipeline->n_workers : n_ranges;
    RS_TRY(rs_workers_run(n_workers, work, tick, &all, err));
    rs_run_cost(pipeline)->n_rows += atomic_load(&all.n_rows);
    return RS_OK;
}

rs_status rs_relate_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_relationships *made = state;
    size_t first_range = made->n_ranges;
    RS_TRY(add_ranges(made, rs_run_evidence(pipeline), parts, err));
    RS_TRY(open_relations(pipeline, made, first_range, err));
    return run_wave(pipeline, RS_WAVE_FILE, first_range, made->n_ranges, err);
}

void rs_relate_release(void *state)
{
    rs_relationships *made = state;
    for (size_t i = 0; i < made->n_ranges; i++) {
        rs_relations_free(made->ranges[i].relations, made->n_outputs);
    }
    rs_relations_free(made->run, made->n_outputs);
    rs_free(made->ranges);
}

rs_status rs_relate_all_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_relationships *made = rs_run_thing(pipeline, RS_THING_relationships);
    (void)state;
    (void)parts;
    made->n_outputs = rs_graph_plan_n_outputs(rs_run_graph_plan(pipeline));
    RS_TRY(rs_relations_open(pipeline, &made->run, err));
    return run_wave(pipeline, RS_WAVE_RUN, 0, 1, err);
}
