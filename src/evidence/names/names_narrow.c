/* SPDX-License-Identifier: Apache-2.0 */
/* names_narrow.c - where a test has said what a variable is: isinstance(), issubclass(), class patterns.
 *
 * A guard is a range of nodes that run only after a test of what a name or chain stands for. Within, the
 * name is the class's instance for whoever asks for its attributes, as long as the same bindings reach it
 * as reach the test: its expression is the test's then. Ranges nest, as the syntax does.
 */
#include <stdlib.h>

#include "evidence/names/names_impl.h"

enum { MAX_PARTS = 16, MAX_CHAIN = 8 };

/* --- expressions of names that stand before what asks for them --- */

static uint32_t early_name(rs_file_at_hand *x, uint32_t n)
{
    uint32_t row = names_lens(x)->row.items[n];
    return row == NAMES_NONE || node_at(x, n)->context == RS_W_context_STORE
               ? NAMES_NONE
               : rs_names_read(x, row);
}

/* That of a name or a chain of attributes of one, as it will be; NAMES_NONE of anything else. */
static uint32_t early_expr(rs_file_at_hand *x, uint32_t n)
{
    uint32_t chain[MAX_CHAIN];
    uint32_t n_chain = 0;
    while (node_at(x, n)->ast_class == RS_AST_Attribute && n_chain < MAX_CHAIN) {
        chain[n_chain++] = n++;
    }
    uint32_t expr = node_at(x, n)->ast_class == RS_AST_Name ? early_name(x, n) : NAMES_NONE;
    while (n_chain > 0 && expr != NAMES_NONE) {
        uint32_t at = chain[--n_chain];
        expr = rs_names_expr(
            x, NAMES_ATTR, 0, expr,
            rs_names_mangled_text(x, names_lens(x)->at.items[at], names_of_node(x, at)));
    }
    return expr;
}

/* What is said to be the class: a name or chain, or a tuple of them. */
static uint32_t class_expr(rs_file_at_hand *x, uint32_t n)
{
    rs_names_lens *lens = x->worker;
    if (node_at(x, n)->ast_class != RS_AST_Tuple) {
        return early_expr(x, n);
    }
    uint32_t parts[MAX_PARTS];
    uint32_t n_parts = 0;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        uint32_t part = n_parts < MAX_PARTS ? early_expr(x, child) : NAMES_NONE;
        if (part == NAMES_NONE) {
            return NAMES_NONE;
        }
        parts[n_parts++] = part;
    }
    size_t first = lens->items.n_items;
    for (uint32_t i = 0; i < n_parts; i++) {
        rs_names_item(x, parts[i]);
    }
    return n_parts == 0 ? NAMES_NONE : rs_names_expr(x, NAMES_UNION, 0, 0, rs_names_list(x, first));
}

/* --- guards --- */

static void guard_add(rs_file_at_hand *x, uint32_t first, uint32_t end, uint32_t subject,
                      uint32_t class_node, bool is_class)
{
    names_guard guard = {.first = first,
                         .end = end,
                         .subject = subject,
                         .class_node = class_node,
                         .outer = NAMES_NONE,
                         .is_class = is_class};
    if (first < end && !names_guards_push(&names_lens(x)->guards, guard)) {
        x->status = RS_ERR_NOMEM;
    }
}

/* isinstance(name, class), in a range where it is known to be true. */
static void call_guard(rs_file_at_hand *x, uint32_t call, uint32_t first, uint32_t end)
{
    bool is_instance = names_is(x, call + 1, "isinstance");
    uint32_t subject = call + 2;
    if (node_at(x, call + 1)->ast_class != RS_AST_Name ||
        (!is_instance && !names_is(x, call + 1, "issubclass")) || subject >= behind(x, call) ||
        node_at(x, subject)->field != RS_F_args) {
        return;
    }
    uint32_t class_node = behind(x, subject);
    uint8_t ast_class = node_at(x, subject)->ast_class;
    if (class_node < behind(x, call) && node_at(x, class_node)->field == RS_F_args &&
        (ast_class == RS_AST_Name || ast_class == RS_AST_Attribute)) {
        guard_add(x, first, end, subject, class_node, !is_instance);
    }
}

static bool is_operator(const rs_file_at_hand *x, uint32_t n, rs_ast_class op)
{
    uint32_t child = child_in(x, n, RS_F_op);
    return child != NAMES_NONE && node_at(x, child)->ast_class == op;
}

/* What a test says of a range that runs where it is true, or false: parts of `and`, or of `or`. */
static void test_guards(rs_file_at_hand *x, uint32_t test, bool is_true, uint32_t first,
                        uint32_t end)
{
    uint32_t work[MAX_PARTS] = {test};
    bool truth[MAX_PARTS] = {is_true};
    uint32_t n_work = 1;
    while (n_work > 0) {
        uint32_t n = work[--n_work];
        bool wanted = truth[n_work];
        uint8_t ast_class = node_at(x, n)->ast_class;
        if (ast_class == RS_AST_Call && wanted) {
            call_guard(x, n, first, end);
        } else if (ast_class == RS_AST_UnaryOp && is_operator(x, n, RS_AST_Not)) {
            work[n_work] = child_in(x, n, RS_F_operand);
            truth[n_work] = !wanted;
            n_work += work[n_work] != NAMES_NONE;
        } else if (ast_class == RS_AST_BoolOp &&
                   is_operator(x, n, wanted ? RS_AST_And : RS_AST_Or)) {
            for (uint32_t child = n + 1; child < behind(x, n) && n_work < MAX_PARTS;
                 child = behind(x, child)) {
                if (node_at(x, child)->field == RS_F_values) {
                    work[n_work] = child;
                    truth[n_work++] = wanted;
                }
            }
        }
    }
}

/* The nodes of a field's list of statements. */
static void field_range(const rs_file_at_hand *x, uint32_t n, rs_ast_field field, uint32_t *first,
                        uint32_t *end, uint32_t *last)
{
    *first = *end = *last = child_in(x, n, field);
    if (*first == NAMES_NONE) {
        *first = *end = 0;
        return;
    }
    for (uint32_t child = *first; child < behind(x, n) && node_at(x, child)->field == field;
         child = behind(x, child)) {
        *last = child;
        *end = behind(x, child);
    }
}

/* What stands behind a statement in its block. */
static void rest_range(const rs_file_at_hand *x, uint32_t n, uint32_t *first, uint32_t *end)
{
    uint32_t parent_end = behind(x, node_at(x, n)->parent);
    *first = *end = behind(x, n);
    while (*end < parent_end && node_at(x, *end)->field == node_at(x, n)->field) {
        *end = behind(x, *end);
    }
}

static bool leaves(const rs_file_at_hand *x, uint32_t statement)
{
    switch (statement == NAMES_NONE ? RS_AST_Pass : node_at(x, statement)->ast_class) {
    case RS_AST_Return:
    case RS_AST_Raise:
    case RS_AST_Continue:
    case RS_AST_Break:
        return true;
    default:
        return false;
    }
}

static void if_guards(rs_file_at_hand *x, uint32_t n)
{
    uint32_t test = child_in(x, n, RS_F_test);
    uint32_t first;
    uint32_t end;
    uint32_t last;
    if (test == NAMES_NONE) {
        return;
    }
    field_range(x, n, RS_F_body, &first, &end, &last);
    test_guards(x, test, true, first, end);
    bool is_left = node_at(x, n)->ast_class == RS_AST_If && leaves(x, last);
    field_range(x, n, RS_F_orelse, &first, &end, &last);
    if (node_at(x, n)->ast_class != RS_AST_While) {
        test_guards(x, test, false, first, end);
    }
    if (is_left && end == 0) {
        rest_range(x, n, &first, &end);
        test_guards(x, test, false, first, end);
    }
}

static void assert_guards(rs_file_at_hand *x, uint32_t n)
{
    uint32_t test = child_in(x, n, RS_F_test);
    uint32_t first;
    uint32_t end;
    rest_range(x, n, &first, &end);
    if (test != NAMES_NONE) {
        test_guards(x, test, true, first, end);
    }
}

/* a and b: b runs where a is true; a or b: where it is false. */
static void bool_guards(rs_file_at_hand *x, uint32_t n)
{
    bool is_and = is_operator(x, n, RS_AST_And);
    uint32_t n_parts = 0;
    for (uint32_t child = n + 1; child < behind(x, n) && n_parts < MAX_PARTS;
         child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_values) {
            test_guards(x, child, is_and, behind(x, child), behind(x, n));
            n_parts++;
        }
    }
}

/* [p.x for p in ps if isinstance(p, C)]: the element runs where all conditions are true. */
static void comprehension_guards(rs_file_at_hand *x, uint32_t n)
{
    uint32_t of = node_at(x, n)->parent;
    uint32_t element = of + 1;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_ifs &&
            node_at(x, element)->ast_class != RS_AST_comprehension) {
            test_guards(x, child, true, element, behind(x, element));
        }
    }
}

/* case C(): and case C() as name:, of a subject that is a name or chain. */
static void case_guards(rs_file_at_hand *x, uint32_t n)
{
    uint32_t match = node_at(x, n)->parent;
    uint32_t subject = child_in(x, match, RS_F_subject);
    uint32_t pattern = child_in(x, n, RS_F_pattern);
    if (subject == NAMES_NONE || pattern == NAMES_NONE ||
        (node_at(x, subject)->ast_class != RS_AST_Name &&
         node_at(x, subject)->ast_class != RS_AST_Attribute)) {
        return;
    }
    uint32_t first = behind(x, pattern);
    if (node_at(x, pattern)->ast_class == RS_AST_MatchAs && pattern + 1 < behind(x, pattern)) {
        pattern++;
    }
    if (node_at(x, pattern)->ast_class == RS_AST_MatchClass) {
        guard_add(x, first, behind(x, n), subject, pattern + 1, false);
    }
}

static int compare_guards(const void *left, const void *right)
{
    const names_guard *a = left;
    const names_guard *b = right;
    if (a->first != b->first) {
        return (a->first > b->first) - (a->first < b->first);
    }
    if (a->end != b->end) {
        return (a->end < b->end) - (a->end > b->end);
    }
    if (a->subject != b->subject) {
        return (a->subject > b->subject) - (a->subject < b->subject);
    }
    return (a->class_node > b->class_node) - (a->class_node < b->class_node);
}

/* Each guard's next one around it. */
static void nest(names_guards *guards)
{
    uint32_t around = NAMES_NONE;
    if (guards->n_items > 1) {
        qsort(guards->items, guards->n_items, sizeof *guards->items, compare_guards);
    }
    for (uint32_t i = 0; i < guards->n_items; i++) {
        while (around != NAMES_NONE && guards->items[around].end <= guards->items[i].first) {
            around = guards->items[around].outer;
        }
        guards->items[i].outer = around;
        around = i;
    }
}

void rs_names_guards(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    names_guards_reset(&lens->guards);
    for (uint32_t n = 1; n < x->tree.n_nodes && x->status == RS_OK; n++) {
        switch (node_at(x, n)->ast_class) {
        case RS_AST_If:
        case RS_AST_IfExp:
        case RS_AST_While:
            if_guards(x, n);
            break;
        case RS_AST_Assert:
            assert_guards(x, n);
            break;
        case RS_AST_BoolOp:
            bool_guards(x, n);
            break;
        case RS_AST_comprehension:
            comprehension_guards(x, n);
            break;
        case RS_AST_match_case:
            case_guards(x, n);
            break;
        default:
            break;
        }
    }
    nest(&lens->guards);
}

/* --- what is asked --- */

uint32_t rs_names_last_guard(const names_guards *guards, uint32_t n)
{
    size_t low = 0;
    size_t high = guards->n_items;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (guards->items[middle].first <= n) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? NAMES_NONE : (uint32_t)low - 1;
}

uint32_t rs_names_narrowed(rs_file_at_hand *x, uint32_t n)
{
    rs_names_lens *lens = x->worker;
    uint32_t expr = names_expr_of(x, n);
    uint8_t op = lens->exprs.items[expr].op;
    uint32_t i =
        op == NAMES_NAME || op == NAMES_ATTR ? rs_names_last_guard(&lens->guards, n) : NAMES_NONE;
    for (uint32_t n_seen = 0; i != NAMES_NONE && n_seen < MAX_PARTS; n_seen++) {
        const names_guard guard = lens->guards.items[i];
        i = guard.outer;
        if (n >= guard.end || !rs_str_equal(names_of_node(x, n), names_of_node(x, guard.subject)) ||
            early_expr(x, guard.subject) != expr) {
            continue;
        }
        uint32_t of = class_expr(x, guard.class_node);
        if (of == NAMES_NONE || x->status != RS_OK) {
            return expr;
        }
        return guard.is_class ? of : rs_names_expr(x, NAMES_ANNOTATED, 0, of, 0);
    }
    return expr;
}
