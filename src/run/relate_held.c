/* SPDX-License-Identifier: Apache-2.0 */
#include "run/relate_held.h"

#include "base/alloc.h"
#include "run/plan.h"
#include "run/sessions.h"
#include "run/taint.h"

rs_status rs_relations_open(const rs_pipeline *pipeline, rs_gated **out, rs_error *err)
{
    size_t n_outputs = rs_graph_plan_n_outputs(rs_run_graph_plan(pipeline));
    *out = rs_alloc_zero(n_outputs, sizeof **out);
    return *out != NULL ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "hold rows: out of memory");
}

void rs_relations_free(rs_gated *relations, size_t n_outputs)
{
    for (size_t i = 0; i < n_outputs && relations != NULL; i++) {
        rs_gated_close(&relations[i]);
    }
    rs_free(relations);
}

/* --- the rows of a rule --- */

static rs_status hold(void *context, const rs_frame *frame, rs_error *err)
{
    return rs_held_add(context, frame, err);
}

static rs_status run_rule(const rs_relate_worker *at, const rs_plan *rule, rs_held *held,
                          rs_error *err)
{
    rs_collector *collector = rs_run_collector(at->pipeline);
    const rs_sink sink = {.push = hold, .context = held};
    size_t n_before = held->batch.n_rows;
    rs_observation cost = {0};
    rs_error cause = {0};
    RS_ASSERT(rule->n_selects == 1);
    rs_status status = rs_beside_run(at->pipeline, rs_run_beside(at->pipeline), at->number,
                                     &rule->selects[0], &sink, &cost, &cause);
    if (status == RS_ERR_ENGINE) {
        rs_held_cut(held, n_before);
        status = rs_collector_fail(collector, rule, at->range, cause.message, &cause);
    }
    if (status != RS_OK) {
        return rs_error_set(err, status, "%s", cause.message);
    }
    rs_collector_note_rule(collector, rule);
    if (at->rules != NULL) {
        rs_observation_add(&at->rules[rule->number], cost.started_ns, cost.ended_ns,
                           held->batch.n_rows - n_before);
    }
    return RS_OK;
}

static rs_status run_rules(const rs_relate_worker *at, const rs_contract *contract, rs_held *held,
                           rs_error *err)
{
    const rs_rules *rules = rs_run_rules(at->pipeline);
    for (size_t i = 0; i < rs_rules_count(rules); i++) {
        const rs_plan *rule = rs_rules_get(rules, i);
        bool is_left_out = false;
        if (rule->contract != contract || rule->absent != NULL) {
            continue;
        }
        RS_TRY(rs_taint_check(at->pipeline, at->range, rule, &is_left_out, err));
        RS_TRY(is_left_out ? RS_OK : run_rule(at, rule, held, err));
    }
    return RS_OK;
}

/* --- the gate --- */

/* What the steps of a gate are elsewhere: the kernels that had something to do. */
static void note_gate(const rs_relate_worker *at, size_t index, const rs_gated *relation)
{
    unsigned lanes[RS_N_KERNELS] = {0};
    lanes[RS_KERNEL_canonical_sort] = RS_LANE_BIT(RS_LANE_BUILTIN);
    lanes[RS_KERNEL_judge] = relation->rejects.batch.n_rows > 0 ? RS_LANE_BIT(RS_LANE_BUILTIN) : 0;
    rs_collector_note_gate(rs_run_collector(at->pipeline), index, lanes);
}

static rs_status judge(const rs_relate_worker *at, size_t index, rs_gated *relation, rs_error *err)
{
    const rs_output *output = rs_graph_plan_output(rs_run_graph_plan(at->pipeline), index);
    uint64_t started_ns = at->outputs != NULL ? rs_clock_ns() : 0;
    RS_TRY(rs_gated_judge(relation, output->contract, err));
    note_gate(at, index, relation);
    atomic_fetch_add(at->n_rows, relation->good.batch.n_rows);
    if (at->outputs != NULL) {
        rs_output_cost *cost = &at->outputs[index];
        rs_output_cost_add(cost, &cost->finalize_ns, started_ns, rs_clock_ns());
    }
    return RS_OK;
}

rs_status rs_relate_hold(const rs_relate_worker *at, size_t index, rs_error *err)
{
    const rs_output *output = rs_graph_plan_output(rs_run_graph_plan(at->pipeline), index);
    const rs_relationships *made = rs_run_relationships(at->pipeline);
    rs_gated *relation = &rs_relationships_of(made, at->range)[index];
    RS_TRY(rs_gated_open(relation, output->dataset, err));
    if (!output->contract->is_absent) {
        RS_TRY(run_rules(at, output->contract, &relation->good, err));
        RS_TRY(judge(at, index, relation, err));
    }
    return rs_beside_show(rs_run_beside(at->pipeline), at->number, relation, err);
}
