/* SPDX-License-Identifier: Apache-2.0 */
/* select.h - the plan of a checked rule set, for src/graph: a SELECT for each thing a rule emits. */
#ifndef RS_RULES_SELECT_H
#define RS_RULES_SELECT_H

#include "rules/rule.h"

/* The selects of all rules in the order that they run in; borrowed. */
size_t rs_rules_n_selects(const rs_rules *rules);
const rs_select *rs_rules_select(const rs_rules *rules, size_t index);

/* The rule at a place of the order (rules.h), with its plan. */
const rs_rule *rs_rules_rule(const rs_rules *rules, size_t index);

/* The relationships that packs declare, and the param tables, in the order of the packs. */
size_t rs_rules_n_contracts(const rs_rules *rules);
const rs_contract *rs_rules_contract(const rs_rules *rules, size_t index);
size_t rs_rules_n_params(const rs_rules *rules);
const rs_param_table *rs_rules_param(const rs_rules *rules, size_t index);

/* False only when no row of a can have the key of a row of b. */
bool rs_select_may_clash(const rs_select *a, const rs_select *b);

/* True when the column can be null in a row although the dataset requires it. */
bool rs_select_may_lack(const rs_select *select, size_t column);

#endif
