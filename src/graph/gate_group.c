/* SPDX-License-Identifier: Apache-2.0 */
/* Groups: which selects may give rows of the same key, so that somebody has to look. */
#include <string.h>

#include "graph/gate.h"

/* Edges by kind; all others as the rules run. */
static int compare_selects(const rs_select *a, const rs_select *b)
{
    if (a->output == rs_graph_dataset_get(RS_G_edges) && a->kind != NULL && b->kind != NULL) {
        return strcmp(a->kind, b->kind);
    }
    return 0;
}

/* Stable: selects that compare equal stay in the order of the rules. */
static bool insert_select(rs_select_list *list, const rs_select *select)
{
    if (!rs_select_list_push(list, select)) {
        return false;
    }
    size_t at = list->n_items - 1;
    for (; at > 0 && compare_selects(select, list->items[at - 1]) < 0; at--) {
        list->items[at] = list->items[at - 1];
    }
    list->items[at] = select;
    return true;
}

static bool may_have_faults(const rs_select *select)
{
    for (size_t i = 0; i < select->output->n_columns; i++) {
        if (rs_select_may_lack(select, i) || rs_select_may_be_outside(select, i)) {
            return true;
        }
    }
    return false;
}

void rs_group_faults(const rs_group *group, const rs_dataset *dataset, uint64_t *required,
                     uint64_t *shares)
{
    *required = 0;
    *shares = 0;
    for (size_t i = 0; i < dataset->n_columns; i++) {
        for (size_t j = 0; j < group->selects.n_items; j++) {
            const rs_select *select = group->selects.items[j];
            *required |= (uint64_t)rs_select_may_lack(select, i) << i;
            *shares |= (uint64_t)rs_select_may_be_outside(select, i) << i;
        }
    }
}

static bool clashes_with(const rs_group *group, const rs_select *select)
{
    for (size_t i = 0; i < group->selects.n_items; i++) {
        if (rs_select_may_clash(group->selects.items[i], select)) {
            return true;
        }
    }
    return false;
}

static void describe_group(rs_group *group)
{
    RS_ASSERT(group->selects.n_items > 0);
    const rs_select *first = group->selects.items[0];
    for (size_t i = 0; i < group->selects.n_items; i++) {
        group->is_derived = group->is_derived || group->selects.items[i]->is_derived;
    }
    bool is_alone = group->selects.n_items == 1;
    group->is_ordered = is_alone && first->is_ordered;
    group->is_unique = is_alone && first->is_unique;
    group->is_proved = group->is_unique && !may_have_faults(first);
}

/* Put select into the group that it clashes with, and every further such group into that one. */
static bool place_select(rs_group_vec *groups, const rs_select *select, size_t place)
{
    rs_group *home = NULL;
    size_t n_kept = 0;
    for (size_t i = 0; i < groups->n_items; i++) {
        rs_group *group = &groups->items[i];
        if (!clashes_with(group, select)) {
            groups->items[n_kept++] = *group;
        } else if (home == NULL) {
            groups->items[n_kept] = *group;
            home = &groups->items[n_kept++];
        } else {
            for (size_t j = 0; j < group->selects.n_items; j++) {
                if (!rs_select_list_push(&home->selects, group->selects.items[j])) {
                    return false;
                }
            }
            rs_select_list_release(&group->selects);
        }
    }
    groups->n_items = n_kept;
    if (home != NULL) {
        return rs_select_list_push(&home->selects, select);
    }
    rs_group group = {.place = place};
    if (!rs_select_list_push(&group.selects, select) || !rs_group_vec_push(groups, group)) {
        rs_select_list_release(&group.selects);
        return false;
    }
    return true;
}

static bool is_wanted(const rs_select *select, const rs_dataset *dataset, rs_wave scope,
                      const bool *left_out)
{
    const rs_plan *rule = select->plan;
    return select->output == dataset && rule->wave == scope && rule->absent == NULL &&
           (left_out == NULL || !left_out[rule->number]);
}

rs_status rs_gate_group(const rs_rules *rules, const rs_dataset *dataset, rs_wave scope,
                        const bool *left_out, rs_group_vec *groups, rs_error *err)
{
    rs_select_list ordered = {0};
    bool fits = true;
    for (size_t i = 0; i < rs_rules_n_selects(rules) && fits; i++) {
        const rs_select *select = rs_rules_select(rules, i);
        if (is_wanted(select, dataset, scope, left_out)) {
            fits = insert_select(&ordered, select);
        }
    }
    for (size_t i = 0; i < ordered.n_items && fits; i++) {
        fits = place_select(groups, ordered.items[i], i);
    }
    for (size_t i = 0; i < groups->n_items; i++) {
        describe_group(&groups->items[i]);
    }
    rs_select_list_reset(&ordered);
    rs_select_list_release(&ordered);
    if (!fits) {
        return rs_error_set(err, RS_ERR_NOMEM, "plan %s: out of memory", dataset->name);
    }
    return RS_OK;
}

void rs_gate_release(rs_group_vec *groups)
{
    for (size_t i = 0; i < groups->n_items; i++) {
        rs_select_list_release(&groups->items[i].selects);
    }
    rs_group_vec_reset(groups);
    rs_group_vec_release(groups);
}
