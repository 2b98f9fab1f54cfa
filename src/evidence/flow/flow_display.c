/* SPDX-License-Identifier: Apache-2.0 */
/* flow_display.c - what is built piece by piece: calls, dicts, sets, and the texts of `%`.
 *
 * A mapping behind ** is merged, and a key hashed, as soon as it is there; what stands behind it may
 * never be evaluated. So each has an element of its own (action `add`), where the compiler puts it.
 */
#include "evidence/flow/flow_steps.h"

#include <string.h>

/* The compiler puts more parts than these into what it builds one by one. */
enum { MAX_STACK_PAIRS = 15, MAX_STACK_ITEMS = 30 };

static void push_add(rs_file_at_hand *x, uint32_t n)
{
    if (!rs_flow_is_constant(x, n)) {
        EMIT(n, add);
    }
}

/* --- calls and class headers --- */

static bool is_unpacked(const rs_file_at_hand *x, uint32_t keyword)
{
    return node_at(x, keyword)->ast_class == RS_AST_keyword &&
           node_at(x, keyword)->name_end == node_at(x, keyword)->name_start;
}

/*
 * Keywords; **mapping is merged when it is there, and named ones that stand between two mappings with
 * the first, before the second is evaluated: either fails where a name comes twice.
 */
void rs_flow_push_keywords(rs_file_at_hand *x, uint32_t n)
{
    uint32_t pending = RS_NO_NODE; /* value of a named one that was not merged yet */
    bool has_mapping = false;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field != RS_F_keywords) {
            continue;
        }
        bool is_mapping = is_unpacked(x, child);
        if (is_mapping && has_mapping && pending != RS_NO_NODE) {
            EMIT(pending, add);
        }
        PUSH(EVAL, 0, child, 0, 0);
        pending = child + 1;
        if (is_mapping) {
            EMIT(child + 1, add);
            pending = RS_NO_NODE;
            has_mapping = true;
        }
    }
}

/* Positional arguments come before keywords, also where a *argument stands behind one. */
void rs_flow_call(rs_file_at_hand *x, uint32_t n)
{
    bool has_keyword = false;
    bool is_plain = true;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        bool is_keyword = node_at(x, child)->field == RS_F_keywords;
        is_plain &= is_keyword ? !is_unpacked(x, child) : !has_keyword;
        has_keyword |= is_keyword;
    }
    if (is_plain) {
        PUSH(CHILDREN, 0, n, n + 1, 0);
        return;
    }
    push_each(x, n, RS_F_func, FLOW_OP_EVAL);
    push_each(x, n, RS_F_args, FLOW_OP_EVAL);
    rs_flow_push_keywords(x, n);
    EMIT(n, eval);
}

/* --- dicts --- */

static bool is_key(const rs_file_at_hand *x, uint32_t n)
{
    return node_at(x, n)->field == RS_F_keys;
}

/* The n_pairs pairs from key `first` on; they are hashed one by one, or all at the end, or not yet. */
static void push_pairs(rs_file_at_hand *x, uint32_t first, uint32_t n_pairs, bool is_last)
{
    bool is_single = n_pairs > MAX_STACK_PAIRS;
    uint32_t key = first;
    for (uint32_t i = 0; i < n_pairs; i++) {
        uint32_t value = behind(x, key);
        PUSH(EVAL, 0, key, 0, 0);
        PUSH(EVAL, 0, value, 0, 0);
        if (is_single) {
            push_add(x, key);
        }
        key = behind(x, value);
    }
    key = first;
    for (uint32_t i = 0; i < n_pairs && !is_single && !is_last; i++) {
        push_add(x, key);
        key = behind(x, behind(x, key));
    }
}

void rs_flow_dict(rs_file_at_hand *x, uint32_t n)
{
    uint32_t first = n + 1; /* of the pairs that are not in the dict yet */
    uint32_t n_pairs = 0;
    for (uint32_t child = n + 1; child < behind(x, n);) {
        if (is_key(x, child)) {
            first = n_pairs == 0 ? child : first;
            n_pairs++;
            child = behind(x, behind(x, child));
        } else {
            push_pairs(x, first, n_pairs, false);
            n_pairs = 0;
            PUSH(EVAL, 0, child, 0, 0);
            EMIT(child, add);
            child = behind(x, child);
        }
        if (n_pairs == MAX_STACK_PAIRS + 2) {
            push_pairs(x, first, n_pairs, false);
            n_pairs = 0;
        }
    }
    push_pairs(x, first, n_pairs, true);
    EMIT(n, eval);
}

/* --- sets --- */

void rs_flow_set(rs_file_at_hand *x, uint32_t n)
{
    uint32_t n_items = 0;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        n_items++;
    }
    bool is_built = n_items > MAX_STACK_ITEMS;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        bool is_starred = node_at(x, child)->ast_class == RS_AST_Starred;
        for (uint32_t item = n + 1; is_starred && !is_built && item < child;
             item = behind(x, item)) {
            push_add(x, item);
        }
        is_built |= is_starred;
        PUSH(EVAL, 0, child, 0, 0);
        if (is_built && !is_starred) {
            push_add(x, child);
        }
    }
    EMIT(n, eval);
}

/* --- texts --- */

/* The number of %s, %r and %a in a literal; UINT32_MAX where it has any other. */
static uint32_t count_formats(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    uint32_t n_formats = 0;
    rs_buf_reset(&x->scratch);
    rs_string_value(text_between(x, node->start_byte, node->end_byte), &x->scratch);
    const char *text = rs_buf_text(&x->scratch);
    for (const char *at = strchr(text, '%'); at != NULL; at = strchr(at, '%')) {
        at++;
        if (*at != '%') {
            at += strspn(at, "-+ #0");
            at += strspn(at, "0123456789");
            at += *at == '.' ? 1 + strspn(at + 1, "0123456789") : 0;
            n_formats++;
            if (*at == '\0' || strchr("sra", *at) == NULL) {
                return UINT32_MAX;
            }
        }
        at++;
    }
    return n_formats;
}

/* `'...' % (a, b)` is made like an f-string: a is formatted before b is evaluated. */
static bool is_formatted_singly(rs_file_at_hand *x, uint32_t n)
{
    uint32_t op = behind(x, n + 1);
    uint32_t n_parts = 0;
    if (node_at(x, n + 1)->ast_class != RS_AST_Constant ||
        node_at(x, n + 1)->detail != RS_W_literal_kind_string ||
        node_at(x, op)->ast_class != RS_AST_Mod || node_at(x, op + 1)->ast_class != RS_AST_Tuple) {
        return false;
    }
    for (uint32_t child = op + 2; child < behind(x, op + 1); child = behind(x, child)) {
        n_parts++;
        if (node_at(x, child)->ast_class == RS_AST_Starred) {
            return false;
        }
    }
    return count_formats(x, n + 1) == n_parts;
}

void rs_flow_binary(rs_file_at_hand *x, uint32_t n)
{
    if (!is_formatted_singly(x, n)) {
        PUSH(CHILDREN, 0, n, n + 1, 0);
        return;
    }
    uint32_t tuple = behind(x, n + 1) + 1;
    PUSH(EVAL, 0, n + 1, 0, 0);
    for (uint32_t child = tuple + 1; child < behind(x, tuple); child = behind(x, child)) {
        PUSH(EVAL, 0, child, 0, 0);
        push_add(x, child);
    }
    EMIT(tuple, eval);
    EMIT(n, eval);
}
