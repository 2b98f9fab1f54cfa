/* SPDX-License-Identifier: Apache-2.0 */
/* skip.c - rules over evidence that a run does not have give no rows, so they are not run. */
#include <string.h>

#include "plan/operator.h"
#include "rules/rule.h"

static bool is_absent(const rs_rules *rules, const rs_dataset *dataset, const char *lens)
{
    const rs_contract *contract = rs_contract_find(&rules->contracts, rs_str_of(dataset->name));
    return contract != NULL ? contract->is_absent : strcmp(dataset->lens, lens) == 0;
}

/* A union has the rows of those inputs that are there; all others need each of theirs. */
static bool has_no_rows(const rs_rules *rules, const rs_rule *rule, const char *lens)
{
    size_t n_absent = 0;
    for (size_t i = 0; i < rule->plan.n_inputs; i++) {
        n_absent += is_absent(rules, rule->plan.inputs[i].dataset, lens) &&
                    !rs_plan_does_without(&rule->plan, i);
    }
    RS_ASSERT(n_absent <= rule->plan.n_inputs);
    return rule->plan.op->takes_any ? n_absent == rule->plan.n_inputs : n_absent > 0;
}

static bool all_absent(const rs_rules *rules, const rs_contract *contract)
{
    for (size_t i = 0; i < rules->list.n_items; i++) {
        const rs_rule *rule = rules->list.items[i];
        if (rule->plan.contract == contract && rule->plan.absent == NULL) {
            return false;
        }
    }
    return true;
}

void rs_rules_skip_absent(rs_rules *rules, const char *lens)
{
    RS_ASSERT(rules->is_checked);
    for (size_t i = 0; i < rules->list.n_items; i++) {
        rs_rule *rule = rules->list.items[i];
        if (!has_no_rows(rules, rule, lens)) {
            continue;
        }
        rule->plan.absent = lens;
        if (rule->plan.contract != NULL) { /* whoever reads it comes later in the order */
            rs_contract *contract =
                rs_contract_find(&rules->contracts, rs_str_of(rule->plan.output->name));
            RS_ASSERT(contract != NULL);
            contract->is_absent = all_absent(rules, contract);
        }
    }
}
