/* SPDX-License-Identifier: Apache-2.0 */
#include "run/node.h"

#define BIT(number) ((uint64_t)1 << (number))

size_t rs_nodes_find(const rs_node_table *table, rs_str name)
{
    size_t node = 0;
    while (node < table->n_nodes && !rs_str_equal(rs_str_of(table->nodes[node].name), name)) {
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

static rs_status find_named(const rs_node_table *table, rs_str name, size_t *node, rs_error *err)
{
    rs_buf names = {0};
    *node = rs_nodes_find(table, name);
    if (*node < table->n_nodes) {
        return RS_OK;
    }
    for (size_t i = 0; i < table->n_nodes; i++) {
        rs_buf_addf(&names, "%s%s", i == 0 ? "" : ", ", table->nodes[i].name);
    }
    rs_status status =
        rs_error_set(err, RS_ERR_INVALID, "the pipeline has no node '%.*s'; it has %s",
                     name.n_bytes < 60 ? (int)name.n_bytes : 60, name.bytes,
                     names.failed ? "others" : rs_buf_text(&names));
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

static rs_status ask_until(const rs_node_table *table, const char *until, uint64_t *asked,
                           rs_error *err)
{
    size_t last = 0;
    RS_TRY(find_named(table, rs_str_of(until), &last, err));
    *asked = BIT(last);
    for (size_t node = 0; node < last; node++) {
        *asked |= leaves_product(table, node) ? BIT(node) : 0;
    }
    return RS_OK;
}

rs_status rs_nodes_ask(const rs_node_table *table, const rs_node_choice *choice, uint64_t *asked,
                       rs_error *err)
{
    *asked = 0;
    if (choice->n_only > 0 && choice->until != NULL) {
        return rs_error_set(err, RS_ERR_INVALID,
                            "a run is either of some nodes only or until one, not both");
    }
    if (choice->until != NULL) {
        return ask_until(table, choice->until, asked, err);
    }
    for (size_t i = 0; i < choice->n_only; i++) {
        size_t node = 0;
        RS_TRY(find_named(table, choice->only[i], &node, err));
        *asked |= BIT(node);
    }
    for (size_t node = 0; node < table->n_nodes && choice->n_only == 0; node++) {
        *asked |= BIT(node);
    }
    return RS_OK;
}

/* Whatever a node needs stands before it: one pass from the end is enough. */
uint64_t rs_nodes_with_needs(const rs_node_table *table, uint64_t asked)
{
    uint64_t selected = asked;
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
