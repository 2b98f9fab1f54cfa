/* SPDX-License-Identifier: Apache-2.0 */
#include "run/node.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

#define BIT(number) ((uint64_t)1 << (number))

size_t rs_nodes_find(const rs_node_table *table, const char *name)
{
    size_t node = 0;
    while (node < table->n_nodes && strcmp(table->nodes[node].name, name) != 0) {
        node++;
    }
    return node;
}

size_t rs_nodes_giver(const rs_node_table *table, size_t thing)
{
    size_t node = 0;
    while (node < table->n_nodes && (table->nodes[node].gives & BIT(thing)) == 0) {
        node++;
    }
    return node;
}

size_t rs_nodes_chain_end(const rs_node_table *table, size_t first)
{
    size_t end = first + 1;
    while (table->nodes[first].is_by_part && end < table->n_nodes && table->nodes[end].is_by_part) {
        end++;
    }
    return end;
}

/* --- is it a pipeline? --- */

/* The needs of a node and of all nodes that it waits for, however far away. */
static rs_things all_needs(const rs_node_table *table, size_t node)
{
    rs_things needs = table->nodes[node].needs;
    for (rs_things before = 0; before != needs;) {
        before = needs;
        for (size_t i = 0; i < table->n_nodes; i++) {
            needs |= (table->nodes[i].gives & needs) != 0 ? table->nodes[i].needs : 0;
        }
    }
    return needs;
}

static rs_status check_need(const rs_node_table *table, size_t node, size_t thing, rs_error *err)
{
    size_t giver = rs_nodes_giver(table, thing);
    const char *name = table->nodes[node].name;
    const char *what = table->things[thing].name;
    if (table->things[thing].origin == RS_THING_OUTSIDE || giver < node) {
        return RS_OK;
    }
    if (giver == table->n_nodes) {
        return rs_error_set(err, RS_ERR_INVALID, "node %s needs %s, which no node gives", name,
                            what);
    }
    bool is_circle = (all_needs(table, giver) & table->nodes[node].gives) != 0;
    return rs_error_set(err, RS_ERR_INVALID,
                        is_circle ? "node %s needs %s of node %s, which waits for it in turn"
                                  : "node %s needs %s, but node %s, which gives it, comes later",
                        name, what, table->nodes[giver].name);
}

static rs_status check_gift(const rs_node_table *table, size_t node, size_t thing, rs_error *err)
{
    const char *name = table->nodes[node].name;
    const char *what = table->things[thing].name;
    size_t giver = rs_nodes_giver(table, thing);
    if (table->things[thing].origin == RS_THING_OUTSIDE) {
        return rs_error_set(err, RS_ERR_INVALID, "node %s gives %s, which comes from outside", name,
                            what);
    }
    return giver == node ? RS_OK
                         : rs_error_set(err, RS_ERR_INVALID, "nodes %s and %s both give %s",
                                        table->nodes[giver].name, name, what);
}

static rs_status check_use(const rs_node_table *table, size_t thing, rs_error *err)
{
    const rs_thing_info *info = &table->things[thing];
    size_t giver = rs_nodes_giver(table, thing);
    rs_things needed = 0;
    for (size_t i = 0; i < table->n_nodes; i++) {
        needed |= table->nodes[i].needs;
    }
    if (info->origin != RS_THING_OUTSIDE && giver == table->n_nodes) {
        return rs_error_set(err, RS_ERR_INVALID, "no node gives %s", info->name);
    }
    if (info->origin == RS_THING_PRODUCT || (needed & BIT(thing)) != 0) {
        return RS_OK;
    }
    return giver == table->n_nodes
               ? rs_error_set(err, RS_ERR_INVALID, "no node needs %s", info->name)
               : rs_error_set(err, RS_ERR_INVALID, "node %s gives %s, which no node needs",
                              table->nodes[giver].name, info->name);
}

rs_status rs_nodes_check(const rs_node_table *table, rs_error *err)
{
    RS_ASSERT(table->n_nodes <= RS_MAX_NODES && table->n_things <= RS_MAX_THINGS);
    for (size_t node = 0; node < table->n_nodes; node++) {
        for (size_t thing = 0; thing < table->n_things; thing++) {
            if ((table->nodes[node].needs & BIT(thing)) != 0) {
                RS_TRY(check_need(table, node, thing, err));
            }
            if ((table->nodes[node].gives & BIT(thing)) != 0) {
                RS_TRY(check_gift(table, node, thing, err));
            }
        }
    }
    for (size_t thing = 0; thing < table->n_things; thing++) {
        RS_TRY(check_use(table, thing, err));
    }
    return RS_OK;
}

/* --- what to run --- */

static rs_status refuse_name(const rs_node_table *table, const char *name, rs_error *err)
{
    rs_buf names = {0};
    for (size_t i = 0; i < table->n_nodes; i++) {
        rs_buf_addf(&names, "%s%s", i == 0 ? "" : ", ", table->nodes[i].name);
    }
    rs_status status =
        rs_error_set(err, RS_ERR_INVALID, "there is no node '%.60s' in the pipeline; there are %s",
                     name, names.failed ? "others" : rs_buf_text(&names));
    rs_buf_release(&names);
    return status;
}

static bool leaves_product(const rs_node_table *table, size_t node)
{
    for (size_t thing = 0; thing < table->n_things; thing++) {
        if ((table->nodes[node].gives & BIT(thing)) != 0 &&
            table->things[thing].origin == RS_THING_PRODUCT) {
            return true;
        }
    }
    return false;
}

/* Whatever a node that is selected needs stands before it: one pass from the end is enough. */
static uint64_t with_needs(const rs_node_table *table, uint64_t selected)
{
    rs_things needs = 0;
    for (size_t node = table->n_nodes; node-- > 0;) {
        if ((table->nodes[node].gives & needs) != 0) {
            selected |= BIT(node);
        }
        if ((selected & BIT(node)) != 0) {
            needs |= table->nodes[node].needs;
        }
    }
    return selected;
}

rs_status rs_nodes_select(const rs_node_table *table, const char *const *only, size_t n_only,
                          const char *until, uint64_t *selected, rs_error *err)
{
    uint64_t asked = 0;
    size_t last = until != NULL ? rs_nodes_find(table, until) : table->n_nodes;
    for (size_t i = 0; i < n_only; i++) {
        size_t node = rs_nodes_find(table, only[i]);
        if (node == table->n_nodes) {
            return refuse_name(table, only[i], err);
        }
        asked |= BIT(node);
    }
    if (until != NULL && last == table->n_nodes) {
        return refuse_name(table, until, err);
    }
    for (size_t node = 0; node < table->n_nodes && n_only == 0; node++) {
        bool is_asked =
            until == NULL || node == last || (node < last && leaves_product(table, node));
        asked |= is_asked ? BIT(node) : 0;
    }
    *selected = with_needs(table, asked);
    return RS_OK;
}
