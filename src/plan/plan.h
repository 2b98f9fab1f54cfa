/* SPDX-License-Identifier: Apache-2.0 */
/* plan.h - a rule, typed and placed: what every engine, the graph and `why` get of it.
 *
 * rules/ makes plans of packs (rules/rules.h). A plan says these, and may leave most of them out:
 *
 *   combine  one input, a join, an alignment of intervals, an exploded list, a union
 *   where    keep rows of what was combined
 *   group    aggregate them
 *   select   an expression for each column of the output
 *   filter   keep rows of the output
 *   winner   keep the best row for each key
 *
 * Its rows are those of its *selects*: one for its output, or one for each key of a props rule. How
 * rows of a relationship come about, relation by relation, its *steps* say (plan/steps.h).
 * Policies are resolved: a confidence is an expression over numbers, a winner has its terms.
 *
 * Ownership: everything lies in the rule set that made it. Threads: read-only, any thread.
 */
#ifndef RS_PLAN_PLAN_H
#define RS_PLAN_PLAN_H

#include "base/hash.h"
#include "plan/confidence.h"
#include "plan/contract.h"
#include "plan/expr.h"
#include "schema/kernel.h"

enum {
    RS_PLAN_MAX_INPUTS = 8,
    RS_PLAN_MAX_JOINED = 4,                    /* of a join: two to each of `_o1` and `_o2` */
    RS_PLAN_MAX_SEEN = RS_PLAN_MAX_INPUTS + 2, /* inputs and what an operator adds */
    RS_PLAN_MAX_COLUMNS = 40,                  /* of an output */
    RS_PLAN_MAX_KEYS = 32,                     /* of a props rule */
    RS_PLAN_MAX_ITEMS = 16                     /* of an exploded list */
};

typedef struct rs_operator rs_operator; /* plan/operator.h */

typedef enum rs_join { RS_JOIN_INNER, RS_JOIN_LEFT, RS_JOIN_SEMI, RS_JOIN_ANTI } rs_join;

typedef enum rs_emit_form {
    RS_EMIT_NODE,
    RS_EMIT_EDGE,
    RS_EMIT_PROPS,
    RS_EMIT_EDGE_PROPS,
    RS_EMIT_ROWS /* of a relationship */
} rs_emit_form;

/* interval_align: half-open intervals of the first input against those of the second. */
typedef struct rs_align {
    rs_expr *left[2]; /* start, end */
    rs_expr *right[2];
    rs_align_mode mode;
    bool keeps_all;                   /* every candidate, not the best one alone */
    bool keeps_left;                  /* also rows that meet none */
    rs_expr *ties[RS_PLAN_MAX_ITEMS]; /* columns of the right side that order equal candidates */
    size_t n_ties;
} rs_align;

/* explode_list: a row for each value of a list. */
typedef struct rs_explode {
    rs_expr *items[RS_PLAN_MAX_ITEMS]; /* the list's values ... */
    size_t n_items;
    rs_expr *text; /* ... or a text that is split at each separator */
    rs_str separator;
} rs_explode;

/* Keep the first row for each key, in the order given, then that of every remaining column. */
typedef struct rs_winner {
    rs_sort_term keys[RS_SORT_MAX_TERMS];
    size_t n_keys;
    rs_sort_term order[RS_SORT_MAX_TERMS];
    size_t n_order;
} rs_winner;

/* What settled how sure a row is; NULL: nothing did. */
typedef struct rs_plan_policies {
    const rs_confidence_policy *confidence;
    rs_expr *source;       /* the policy weighs by it */
    const char *ambiguity; /* name of the policy: its winner is the plan's */
} rs_plan_policies;

typedef struct rs_plan rs_plan;
typedef struct rs_step rs_step;       /* plan/steps.h */
typedef struct rs_stepper rs_stepper; /* the same */

/* Rows of one output dataset. */
typedef struct rs_select {
    const rs_plan *plan;
    const rs_dataset *output;
    rs_expr *columns[RS_PLAN_MAX_COLUMNS]; /* by column of output; NULL: the column is null */
    const rs_property *property;           /* of a props rule */
    const char *kind;                      /* constant kind, or NULL when rows say it */
    bool drops_null_value;                 /* a props row whose value is null is none */
    bool is_derived; /* its edges come from joined rows: derivations keep them */
    /* Proved, so that nobody looks at the rows again (proof.c): */
    bool is_ordered;   /* rows come in the order of the evidence */
    bool is_unique;    /* no two rows of it have the same key */
    uint64_t not_null; /* columns of output that hold no null, a bit each */
    bool has_end[2];   /* src and dst of its edges refer to what their kind says */
    bool has_share;    /* confidence lies in 0 .. 1 */
} rs_select;

struct rs_plan {
    /* What the rule is called. */
    const char *name;
    const char *doc;
    const char *pack; /* file that it stands in */
    uint32_t line;    /* from 1 */
    bool is_builtin;  /* of the packs that are in the program */
    /* What combines its inputs. */
    const rs_operator *op;
    /* The inputs, then what the operator adds: `match`, `item` or `each`, and `out`. */
    rs_plan_input inputs[RS_PLAN_MAX_SEEN];
    size_t n_inputs;
    size_t n_seen;
    rs_join join;
    rs_expr *on;
    rs_align align;
    rs_explode explode;
    rs_expr *where;
    rs_expr *group_by[RS_SORT_MAX_TERMS];
    size_t n_group_by;
    rs_expr *filter;
    rs_winner winner;
    /* What becomes of its rows. */
    const rs_dataset *output;
    const rs_contract *contract; /* of a relationship; NULL for the graph's datasets */
    rs_emit_form form;
    const char *kinds[RS_PLAN_MAX_KEYS]; /* of a props rule; of an edge or node rule, one or none */
    size_t n_kinds;
    const char *emits;                     /* the kinds, separated by spaces; "" when rows say it */
    rs_expr *columns[RS_PLAN_MAX_COLUMNS]; /* by column of the output, as the rule says them */
    rs_plan_policies policies;
    const rs_param_use *param_uses;
    const rs_select *selects; /* at least one */
    size_t n_selects;
    rs_step *steps; /* of a relationship */
    size_t n_steps;
    /* When it runs. */
    rs_wave wave;
    int32_t priority;
    size_t number;                             /* place in the order that rules run in */
    const char *absent;                        /* evidence that a run does not have: skipped */
    char signature[RS_SHA256_TEXT_BYTES];      /* SHA-256 of its canonical text */
    char plan_signature[RS_SHA256_TEXT_BYTES]; /* SHA-256 of its SQL */
};

/* "inner", ... */
const char *rs_join_name(rs_join join);

/* The first input that is a relationship; SIZE_MAX when there is none. */
size_t rs_plan_relationship(const rs_plan *plan);

/* Settle which columns of its inputs a plan reads, once it has its selects (columns.c). */
void rs_plan_note_columns(rs_plan *plan);

/* --- proofs (proof.c) --- */

/* Settle what can be proved of a select's rows, once it has its columns. */
void rs_select_prove(rs_select *select);

/* False only when no row of a can have the key of a row of b. */
bool rs_select_may_clash(const rs_select *a, const rs_select *b);

/* True when the column can be null in a row although the dataset requires it. */
bool rs_select_may_lack(const rs_select *select, size_t column);
/* The same of a column that holds a share, a number of 0 .. 1. */
bool rs_select_may_be_outside(const rs_select *select, size_t column);

/* A row that lies in or below what does not parse says so in a column of this name, and so does every row
 * that is made of one: the planner sees to that. */
#define RS_DAMAGE_COLUMN "damaged"

/* The columns that hold a share are those of this name. */
#define RS_SHARE_COLUMN "confidence"

/* --- what a select is as SQL (render.c) --- */

/* How a select is rendered; all-zero but for the dialect for reading. */
typedef struct rs_select_style {
    const rs_dialect *dialect;
    /* The types of edges.rule_name and props.key, of which a plan knows all words: an ENUM costs
     * a byte a row where a text costs 40 ns. NULL: VARCHAR. */
    const char *rule_type;
    const char *key_type;
    bool with_place; /* with `_rule`, which is place, behind the output's columns */
    size_t place;
    bool with_order;  /* with `_o1` and `_o2`, the rows' places in the inputs */
    bool with_inputs; /* with `_in`, the rows of evidence behind a row (rs_input_add_sql()) */
    bool is_observed; /* rows pass the engine's observe(), with the rule's number */
} rs_select_style;

/* The SELECT of a select's rows: the output's columns in order. */
void rs_select_add_sql(const rs_select *select, const rs_select_style *style, rs_buf *sql);
/* Of several of one output; the place of each is its number. */
void rs_selects_add_sql(const rs_select *const *selects, size_t n_selects,
                        const rs_select_style *style, rs_buf *sql);

/* The SQL of a plan's rows: a statement, or where it has steps one view a step. */
void rs_plan_add_sql(const rs_plan *plan, const rs_dialect *dialect, rs_buf *out);

/*
 * What a row of an input derives from, as a BIGINT[]: number of the dataset (rs_dataset_id) and id
 * of each row of evidence, one after the other. Those of a relationship are its rows' own `_in`.
 */
void rs_input_add_sql(const rs_plan_input *input, const rs_dialect *dialect, bool may_be_absent,
                      rs_buf *sql);

#endif
