/* SPDX-License-Identifier: Apache-2.0 */
/* flow_impl.h - the flow lens: in which order a scope's code runs, and which values its names have.
 *
 * Scope by scope, behind the scope lens, whose rows it reads:
 *   build    (flow_build.c, flow_stmt.c, flow_try.c, flow_match.c, flow_expr.c, flow_display.c,
 *            flow_inner.c)
 *            syntax to blocks, elements and edges: an explicit stack of steps, no recursion;
 *            what an element may raise is asked of flow_raise.c and flow_const.c
 *   graph    (flow_graph.c)  labels to blocks; what is live; neighbours; dominators, both ways
 *   defuse   (flow_defuse.c) events, and the definitions that reach each use: sparse, by phis
 *   rows     (flow_rows.c)
 *
 * Blocks are *factored*: an exception may leave a block from any element that may raise, by the one
 * edge of kind exception. The model is CPython 3.11's compiler (docs/flow.md).
 */
#ifndef RS_EVIDENCE_FLOW_IMPL_H
#define RS_EVIDENCE_FLOW_IMPL_H

#include "base/vec.h"
#include "evidence/flow/flow.h"
#include "evidence/scope/scope.h"
#include "evidence/syntax/syntax.h"

/* No block, label, event, row. */
#define RS_FLOW_NONE UINT32_MAX
/* In `extras`. */
#define RS_FLOW_SLOT (UINT32_C(1) << 31)
/* The label of every scope's exit. */
#define RS_FLOW_EXIT 0

/* A row of scopes. */
typedef struct flow_scope {
    uint32_t node;
    uint32_t first_binding; /* by its place among the file's */
    uint8_t type;           /* rs_w_scope_type */
    uint8_t kind;           /* rs_w_scope_kind */
} flow_scope;

typedef struct flow_element {
    uint32_t node;
    uint8_t action; /* rs_w_flow_action */
    uint8_t may_raise;
} flow_element;

typedef struct flow_block {
    uint32_t first_element;
    uint32_t end_element;
    /* Label that an exception goes to, or RS_FLOW_NONE: out of the scope; from flow_graph.c on the
     * block, or RS_FLOW_NONE where none can come. */
    uint32_t handler;
    uint32_t label; /* the first label that was bound to it */
    uint8_t kind;   /* rs_w_block_kind */
    uint8_t may_raise;
    uint8_t is_tested; /* has an edge `false`; what comes next comes by `true` */
    uint8_t is_live;
    uint8_t is_caught; /* from flow_graph.c on: what it raises, if anything, has a handler */
} flow_block;

/* dst is a label until flow_graph.c makes it a block. */
typedef struct flow_edge {
    uint32_t src;
    uint32_t dst;
    uint32_t kind; /* rs_w_flow_kind */
} flow_edge;

/* Where a jump goes; a block, or another label when there was nothing in between. */
typedef struct flow_label {
    uint32_t block;
    uint32_t forward;
    uint32_t n_uses;
    uint32_t kind; /* of the jump that was passed over */
} flow_label;

/* What is left of a construct; what the fields mean is said at the function of the step. */
typedef struct flow_step {
    uint8_t op;
    uint8_t detail;
    uint32_t a;
    uint32_t b;
    uint32_t c;
} flow_step;

typedef enum flow_op {
    FLOW_OP_STATEMENTS, /* siblings a .. b */
    FLOW_OP_EVAL,       /* expression a */
    FLOW_OP_CHILDREN,   /* expressions below a, from node b on, then a itself */
    FLOW_OP_STORE,      /* target a */
    FLOW_OP_DELETE,     /* target a */
    FLOW_OP_EMIT,       /* element of node a, action detail */
    FLOW_OP_EMIT_LIVE,  /* the same, unless nothing leads there */
    FLOW_OP_COND,       /* to label b or c by the truth of a */
    FLOW_OP_BRANCH,     /* to label b or c by the truth of the last element */
    FLOW_OP_LABEL,      /* label a is here; a block of kind detail */
    FLOW_OP_HEAD,       /* the same for a label whose uses come later */
    FLOW_OP_JUMP,       /* to label a, edge kind detail */
    FLOW_OP_RAISE,      /* element a raises */
    FLOW_OP_RERAISE,
    FLOW_OP_HANDLER, /* exceptions go to label a from now on */
    FLOW_OP_FRAME_POP,
    FLOW_OP_FINALLY,    /* behind what try statement a protects */
    FLOW_OP_UNWIND,     /* jump of kind detail through the frames */
    FLOW_OP_FRAME,      /* frame of kind detail for node a; a loop's break b and continue c */
    FLOW_OP_EXCEPT,     /* except clause a of a try that ends at label b */
    FLOW_OP_RERAISE_OR, /* the rest of an exception group goes on; else to label a */
    FLOW_OP_WITH,       /* item a, and those behind it; the statement's body from b to c */
    FLOW_OP_WITH_EXIT,  /* behind what item a protects; its exception label is b */
    FLOW_OP_CASE,       /* case a of a match that ends at label b */
    FLOW_OP_PATTERN,    /* pattern a, else to label b */
    FLOW_OP_TEST,       /* element of pattern a, else to label b */
    FLOW_OP_CAPTURES,   /* names bound by pattern a */
    FLOW_OP_CLAUSE, /* clause a of the comprehension b; c is the label of the next item around */
    FLOW_OP_BOOL,   /* values of a BoolOp a from node b on, end label c */
    FLOW_OP_CHAIN,  /* comparators of a Compare a from node b on, end label c */
    FLOW_N_OPS
} flow_op;

typedef enum flow_frame_kind {
    FLOW_FRAME_LOOP,
    FLOW_FRAME_FINALLY,
    FLOW_FRAME_WITH,
    FLOW_FRAME_UNBIND
} flow_frame_kind;

/* Ways out through a finally body, but for exceptions and its end. */
typedef enum flow_way { FLOW_RETURN, FLOW_BREAK, FLOW_CONTINUE, FLOW_N_WAYS } flow_way;

/* What a jump out of a construct passes. */
typedef struct flow_frame {
    flow_frame_kind kind;
    uint32_t node;
    uint32_t handler;            /* around the construct */
    uint32_t label[FLOW_N_WAYS]; /* LOOP: where to; FINALLY: its copies; or RS_FLOW_NONE */
} flow_frame;

/* A definition, use or deletion; the first of its occurrences where finally bodies have several. */
typedef struct flow_event {
    uint32_t node;
    uint32_t name_row; /* in name_bindings */
    uint32_t block;
    uint8_t kind; /* rs_w_event_kind */
    uint8_t is_own;
    uint8_t maybe_unbound;
    uint8_t too_many_defs;
} flow_event;

typedef struct flow_pair {
    uint32_t first;
    uint32_t second;
    uint32_t kind;
} flow_pair;

RS_VEC_DEFINE(flow_scopes, flow_scope)
RS_VEC_DEFINE(flow_elements, flow_element)
RS_VEC_DEFINE(flow_blocks, flow_block)
RS_VEC_DEFINE(flow_edges, flow_edge)
RS_VEC_DEFINE(flow_labels, flow_label)
RS_VEC_DEFINE(flow_steps, flow_step)
RS_VEC_DEFINE(flow_frames, flow_frame)
RS_VEC_DEFINE(flow_events, flow_event)
RS_VEC_DEFINE(flow_pairs, flow_pair)
RS_VEC_DEFINE(flow_numbers, uint32_t)
RS_VEC_DEFINE(flow_reaches, rs_flow_reach)

/* n times the same value; false when memory is out. */
static inline bool flow_numbers_fill(flow_numbers *numbers, size_t n, uint32_t value)
{
    flow_numbers_reset(numbers);
    if (!flow_numbers_reserve(numbers, n)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        numbers->items[i] = value;
    }
    numbers->n_items = n;
    return true;
}

/* Lists of numbers side by side: those of i are items[start[i]] .. items[start[i + 1] - 1]. */
typedef struct flow_lists {
    flow_numbers start;
    flow_numbers items;
} flow_lists;

/* A dominator tree over blocks. */
typedef struct flow_tree {
    flow_numbers parent; /* immediate dominator, or RS_FLOW_NONE */
    flow_numbers order;  /* blocks as a depth-first walk from the root(s) meets them */
    flow_numbers place;  /* of a block in `order`, from 1; RS_FLOW_NONE for one that is not met */
} flow_tree;

/* Lengauer and Tarjan's own, all by place. */
typedef struct flow_forest {
    flow_numbers above; /* in the walk's tree */
    flow_numbers semi;
    flow_numbers ancestor;
    flow_numbers best;
    flow_numbers bucket; /* first of those whose semidominator it is */
    flow_numbers next;   /* in a bucket */
    flow_numbers dominator;
    flow_numbers path; /* scratch */
} flow_forest;

/* flow_passed.c's own, all by block. */
typedef struct flow_family {
    flow_numbers first;
    flow_numbers n_below;
    flow_numbers next;
    flow_lists children;
    flow_lists steps;
} flow_family;

/* flow_defuse.c's own */
typedef struct flow_values flow_values;

/* Kept from file to file and scope to scope; all-zero is one without memory yet. */
typedef struct rs_flow_lens {
    /* Of the file: */
    flow_numbers name_row; /* by node: its row in name_bindings, or RS_FLOW_NONE */
    flow_scopes scopes;    /* one more behind the last */
    flow_numbers seen;     /* by node: number of the block that its last element is in, + 1 */
    flow_numbers event_of; /* by (name_bindings row of the file) * kinds + kind */
    uint32_t first_scope;  /* number of the file's first scope, */
    uint32_t first_slot;   /* and first binding */
    bool has_future;       /* annotations are not evaluated */
    flow_reaches inner;    /* of rs_flow_beside */
    flow_reaches ends;
    rs_flow_beside beside;
    /* Of the scope at hand: */
    uint32_t scope;
    uint32_t round;   /* how often it was built before: flow_raise.c */
    bool is_function; /* annotations of its variables are not evaluated */
    uint32_t n_max_elements;
    bool is_over;     /* a limit was met */
    const char *what; /* of which there are too many */
    flow_elements elements;
    flow_blocks blocks;
    flow_edges edges;
    flow_labels labels;
    flow_steps steps;
    flow_frames frames;
    uint32_t current;      /* block that takes elements, or RS_FLOW_NONE: nothing leads here */
    uint32_t handler;      /* label for exceptions, or RS_FLOW_NONE */
    flow_lists successors; /* numbers of edges by block: into `edges`, which are sorted by src */
    flow_lists predecessors;
    flow_tree dominators;
    flow_numbers passed; /* by block: elements of its dominator that have run before it */
    flow_tree post_dominators;
    flow_pairs control; /* (block, controller, kind) */
    flow_events events;
    flow_pairs reaching; /* (use, definition) events */
    flow_numbers
        lost; /* the first use of each variable that more definitions reach than are kept */
    flow_numbers extras; /* uses that are no events: nodes, or slots | RS_FLOW_SLOT */
    bool is_extra;       /* reaching is of these, RS_FLOW_NONE for no definition */
    flow_values *values;
    flow_numbers stack; /* scratch */
    flow_numbers marks; /* scratch */
    flow_forest forest; /* scratch */
    flow_family family; /* scratch */
} rs_flow_lens;

static inline rs_flow_lens *flow_lens(const rs_file_at_hand *x)
{
    return x->worker;
}

/* The own variable of a row of name_bindings, from 0; one of another scope is not below n_slots. */
static inline uint32_t rs_flow_slot(const rs_file_at_hand *x, uint32_t row)
{
    const rs_flow_lens *lens = flow_lens(x);
    const rs_batch_column *slots =
        &x->part->batches[RS_DS_name_bindings].columns[RS_C_name_bindings_slot_id];
    if (!rs_batch_is_valid(slots, row)) {
        return RS_FLOW_NONE;
    }
    uint32_t number = (uint32_t)(slots->values.i64[row] - x->base) - lens->first_slot;
    return number - lens->scopes.items[lens->scope].first_binding; /* wraps for scopes before */
}

static inline uint32_t rs_flow_n_slots(const rs_flow_lens *lens)
{
    return lens->scopes.items[lens->scope + 1].first_binding -
           lens->scopes.items[lens->scope].first_binding;
}

/* flow_build.c: the machine */
void rs_flow_build(rs_file_at_hand *x, uint32_t number);
uint32_t rs_flow_label(rs_file_at_hand *x);
void rs_flow_push(rs_file_at_hand *x, flow_op op, uint32_t detail, uint32_t a, uint32_t b,
                  uint32_t c);
/* Steps that were pushed since `begin`, in the order in which they are to run. */
void rs_flow_order(rs_file_at_hand *x, size_t begin);
void rs_flow_emit(rs_file_at_hand *x, uint32_t node, rs_w_flow_action action);
void rs_flow_jump(rs_file_at_hand *x, uint32_t label, rs_w_flow_kind kind);
/* An edge from the current block, which stays open. */
void rs_flow_edge(rs_file_at_hand *x, uint32_t label, rs_w_flow_kind kind);
void rs_flow_bind(rs_file_at_hand *x, uint32_t label, rs_w_block_kind kind, bool is_head);
void rs_flow_set_handler(rs_file_at_hand *x, uint32_t label);
void rs_flow_branch(rs_file_at_hand *x, uint32_t if_true, uint32_t if_false);
void rs_flow_leave(rs_file_at_hand *x, rs_w_flow_kind kind);
void rs_flow_over(rs_file_at_hand *x, const char *what);

/* Steps by their constructs. */
void rs_flow_statement(rs_file_at_hand *x, uint32_t n);  /* flow_stmt.c */
void rs_flow_parameters(rs_file_at_hand *x, uint32_t n); /* flow_stmt.c */
void rs_flow_try(rs_file_at_hand *x, uint32_t n);        /* flow_try.c */
void rs_flow_finally(rs_file_at_hand *x, uint32_t n);
void rs_flow_except(rs_file_at_hand *x, uint32_t n, uint32_t end, bool is_group);
void rs_flow_with(rs_file_at_hand *x, uint32_t item, uint32_t body, uint32_t end);
void rs_flow_with_exit(rs_file_at_hand *x, uint32_t item, uint32_t label);
void rs_flow_unwind(rs_file_at_hand *x, flow_way way);
bool rs_flow_frame_push(rs_file_at_hand *x, flow_frame frame);
void rs_flow_match(rs_file_at_hand *x, uint32_t n); /* flow_match.c */
void rs_flow_case(rs_file_at_hand *x, uint32_t n, uint32_t end);
void rs_flow_pattern(rs_file_at_hand *x, uint32_t n, uint32_t fail);
void rs_flow_test(rs_file_at_hand *x, uint32_t n, uint32_t fail);
void rs_flow_captures(rs_file_at_hand *x, uint32_t n);
void rs_flow_eval(rs_file_at_hand *x, uint32_t n); /* flow_expr.c */
void rs_flow_children(rs_file_at_hand *x, flow_step *step);
void rs_flow_store(rs_file_at_hand *x, uint32_t n, rs_w_flow_action action);
void rs_flow_cond(rs_file_at_hand *x, uint32_t n, uint32_t if_true, uint32_t if_false);
void rs_flow_bool(rs_file_at_hand *x, const flow_step *step);
void rs_flow_chain(rs_file_at_hand *x, const flow_step *step);
void rs_flow_clause(rs_file_at_hand *x, const flow_step *step);
void rs_flow_comprehension(rs_file_at_hand *x, uint32_t n);

void rs_flow_call(rs_file_at_hand *x, uint32_t n); /* flow_display.c */
void rs_flow_push_keywords(rs_file_at_hand *x, uint32_t n);
void rs_flow_dict(rs_file_at_hand *x, uint32_t n);
void rs_flow_set(rs_file_at_hand *x, uint32_t n);
void rs_flow_binary(rs_file_at_hand *x, uint32_t n);
/* What the body of a class or comprehension n does to names of the scope at hand: flow_inner.c */
void rs_flow_inner(rs_file_at_hand *x, uint32_t n);
/* Node n is code that runs when a function is called. */
bool rs_flow_is_function_body(const rs_file_at_hand *x, uint32_t n);

/* flow_const.c: 1, 0, or -1 where the compiler does not know. */
int rs_flow_constant_truth(rs_file_at_hand *x, uint32_t n);

/* True for a literal, or an operation of such that cannot fail, whether it is carried out before or not. */
bool rs_flow_is_constant(rs_file_at_hand *x, uint32_t n);

/* flow_raise.c */
bool rs_flow_may_raise(rs_file_at_hand *x, uint32_t n, rs_w_flow_action action);
/* What `if` and `not` ask. */
bool rs_flow_truth_may_raise(rs_file_at_hand *x, uint32_t n);
/* Reads of what may have no value may raise; true where that leads to a handler: the scope is to be
 * built once more. */
bool rs_flow_raise_unbound(rs_file_at_hand *x);

/* flow_graph.c */
void rs_flow_graph(rs_file_at_hand *x);
/* flow_dom.c */
void rs_flow_dominate(rs_file_at_hand *x);
/* flow_passed.c: lens->passed */
void rs_flow_pass(rs_file_at_hand *x);
/* flow_defuse.c */
void rs_flow_defuse(rs_file_at_hand *x);
/* A use of this row of name_bindings was found that may have no value, when the scope was built last. */
bool rs_flow_is_maybe_unbound(const rs_file_at_hand *x, uint32_t row);
/* flow_beside.c: lens->inner and lens->ends, once the scope has its rows. */
void rs_flow_beside_find(rs_file_at_hand *x);
/* The uses in `extras`, in `reaching` with what they get. */
void rs_flow_extras(rs_file_at_hand *x);
flow_values *rs_flow_values_new(void); /* NULL when memory is out */
void rs_flow_values_free(flow_values *values);

#endif
