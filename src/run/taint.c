/* SPDX-License-Identifier: Apache-2.0 */
#include "run/taint.h"

#include "base/alloc.h"
#include "plan/operator.h"
#include "run/plan.h"
#include "run/relate.h"
#include "run/sessions.h"

/* What is known of each rule in a range. */
typedef struct taint {
    const rs_rules *rules;
    rs_collector *collector;
    size_t range;
    bool *lacks; /* it has no rows there, or not all */
} taint;

/* Does one of the rules of a dataset lack rows? */
static bool is_incomplete(const taint *self, const rs_dataset *dataset, size_t n_known)
{
    for (size_t i = 0; i < n_known; i++) {
        if (self->lacks[i] && rs_rules_get(self->rules, i)->output == dataset) {
            return true;
        }
    }
    return false;
}

/* Rules stand in the order that they run in, so what one reads was looked at before. */
static void look_at(const taint *self, size_t number, bool *left_out)
{
    const rs_plan *rule = rs_rules_get(self->rules, number);
    self->lacks[number] = rs_collector_failed_in(self->collector, rule, self->range);
    for (size_t i = 0; i < rule->n_inputs && rule->absent == NULL; i++) {
        const rs_dataset *input = rule->inputs[i].dataset;
        if (!is_incomplete(self, input, number)) {
            continue;
        }
        self->lacks[number] = true;
        if (rs_plan_may_gain(rule, i)) {
            left_out[number] = true;
            rs_collector_leave_out(self->collector, rule, input);
        }
    }
}

rs_status rs_taint_find(const rs_pipeline *pipeline, size_t range, bool *left_out,
                        size_t *n_left_out, rs_error *err)
{
    taint self = {
        .rules = rs_run_rules(pipeline), .collector = rs_run_collector(pipeline), .range = range};
    size_t n_rules = rs_rules_count(self.rules);
    *n_left_out = 0;
    if (!rs_collector_any_failed(self.collector)) {
        return RS_OK;
    }
    self.lacks = rs_alloc_zero(n_rules + 1, sizeof *self.lacks);
    if (self.lacks == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "look for what a failed rule spoils: out of memory");
    }
    for (size_t i = 0; i < n_rules; i++) {
        look_at(&self, i, left_out);
        *n_left_out += left_out[i];
    }
    rs_free(self.lacks);
    return RS_OK;
}

rs_status rs_taint_check(const rs_pipeline *pipeline, size_t range, const rs_plan *rule,
                         bool *is_left_out, rs_error *err)
{
    size_t n_left_out = 0;
    *is_left_out = false;
    if (!rs_collector_any_failed(rs_run_collector(pipeline))) {
        return RS_OK;
    }
    bool *left_out = rs_alloc_zero(rs_rules_count(rs_run_rules(pipeline)) + 1, sizeof *left_out);
    if (left_out == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "look for what a failed rule spoils: out of memory");
    }
    rs_status status = rs_taint_find(pipeline, range, left_out, &n_left_out, err);
    *is_left_out = left_out[rule->number];
    rs_free(left_out);
    return status;
}
