/* SPDX-License-Identifier: Apache-2.0 */
/* operator.h - how rules combine their inputs: a row and a file each, plan/op_<name>.c.
 *
 * Nobody else tells operators apart: what a reader of packs, an engine or `why` has to know of one
 * stands in its row. Its keys are data, so that the loader, the JSON Schema of packs and the
 * reference page come from them. An engine of ours has its body as engine/<engine>/op_<name>.c.
 *
 * Threads: read-only, any thread.
 */
#ifndef RS_PLAN_OPERATOR_H
#define RS_PLAN_OPERATOR_H

#include "plan/plan.h"

/* --- keys of a pack --- */

/* What a key's value is, and where in the plan it goes. */
typedef enum rs_key_kind {
    RS_KEY_EXPR,     /* rs_expr *: an expression */
    RS_KEY_EXPRS,    /* rs_expr *[]: a list of 1 to `most` of them */
    RS_KEY_INTERVAL, /* rs_expr *[2]: [start, end] */
    RS_KEY_WORD,     /* an enumeration: one of the words, by its number */
    RS_KEY_SWITCH,   /* bool: one of two words, true for the second */
    RS_KEY_TEXT,     /* rs_str */
    RS_KEY_KEYS      /* a mapping of further keys */
} rs_key_kind;

/* A word that others know and this key does not take. */
typedef struct rs_key_hint {
    const char *prefix; /* NULL behind the last */
    const char *before; /* what is said before the word, and behind it */
    const char *behind;
} rs_key_hint;

typedef struct rs_key rs_key;
struct rs_key {
    const char *name; /* NULL behind the last of a list */
    const char *doc;
    rs_key_kind kind;
    bool is_required;
    size_t at;                            /* of the value in rs_plan */
    size_t n_at;                          /* of a list: of its length */
    size_t most;                          /* of a list */
    const char *(*word)(size_t number);   /* NULL behind the last */
    bool (*otherwise)(const rs_plan *of); /* of a switch that is not set; NULL: the first word */
    const rs_key_hint *hints;
    const rs_key *keys; /* of a mapping */
    /* Of a mapping: keys with spaces between, all of which one alternative needs, and no other's. */
    const char *const *choices;
};

/* --- rows --- */

/* What `_o1` and `_o2` name, which order the rows of a plan as their evidence stands. */
typedef enum rs_places {
    RS_PLACES_ONE, /* the first input's row, and `second_place` inside it */
    RS_PLACES_TWO, /* the rows of the first and of the second input; of a join of more, see below */
    RS_PLACES_ANY  /* the number of an input, and its row */
} rs_places;

/* How two inputs meet. */
typedef enum rs_meets { RS_MEETS_NOT, RS_MEETS_BY_EQUALITY, RS_MEETS_BY_INTERVAL } rs_meets;

/* --- checking --- */

typedef struct rs_plan_checker {
    rs_problems *problems;
    rs_arena *arena;
    rs_expr_scope *scope;
    rs_place inputs_place; /* of the first input's dataset */
} rs_plan_checker;

/* key: true or false. */
bool rs_check_condition(rs_plan_checker *checker, rs_expr *expr, const char *key);
/* Rules may name one more input from now on. */
void rs_check_see(rs_plan_checker *checker, rs_plan *plan, const rs_plan_input *input);

struct rs_operator {
    const char *name;
    const char *doc;
    size_t min_inputs;
    size_t max_inputs;
    const rs_key *keys; /* those that it alone, or with few others, takes */
    const char *needs;  /* a key that any rule with an output may have, and this one must; NULL */
    bool needs_output;  /* kernels run before a SELECT does: it makes a relationship first */
    bool is_projection; /* its rows are those of its input one for one, in their order */
    bool filters_first; /* `where` holds of each input by itself, before they meet */
    bool takes_any;     /* it has rows as long as one of its inputs has */
    bool groups;        /* a row stands for several rows of its input: aggregate functions */
    bool hands_on;      /* a row has the columns of the relationship that it was made of */
    rs_places places;
    const char *second_place; /* SQL; of RS_PLACES_ONE */
    rs_meets meets;
    const char *score; /* column of what it adds: the score of a row whose rule says none */
    /* Names, types and conditions; adds the input of its own that rules name. */
    void (*check)(rs_plan_checker *checker, rs_plan *plan);
    /* Rows meet within a file alone, so that a file's rows need no other one. */
    bool (*is_local)(const rs_plan *plan);
    /* No two rows are equal in all of exprs. NULL: nothing is proved. */
    bool (*is_key)(const rs_plan *plan, rs_expr *const *exprs, size_t n_exprs);
    /* The relations that stand before its SELECT; NULL: none. */
    void (*add_steps)(rs_stepper *stepper);
    /* What stands behind FROM. */
    void (*add_from)(const rs_plan *plan, const rs_dialect *dialect, bool with_inputs, rs_buf *sql);
    /* `_in` of a row: what it derives from, where that is not all rows that met. NULL: it is. */
    void (*add_lineage)(const rs_plan *plan, const rs_dialect *dialect, rs_buf *sql);
};

/* All operators, in the order of their documentation; NULL behind the last. */
const rs_operator *rs_operator_get(size_t index);
/* NULL when there is none of that name. */
const rs_operator *rs_operator_find(rs_str name);

/* The key of that name among keys; NULL when there is none. */
const rs_key *rs_key_find(const rs_key *keys, rs_str name);

/* The expressions that a key gave a plan; none of a key of another sort, or that was not said. */
rs_expr *const *rs_key_exprs(const rs_plan *plan, const rs_key *key, size_t *n_exprs);

/* --- what follows from an operator and the plan's own words --- */

/* A join that gives rows of its left side alone. */
bool rs_join_is_half(rs_join join);

/* How many of the inputs' rows are in a row: those of a join, 1 of one that is half. */
size_t rs_plan_n_paired(const rs_plan *plan);

/* The plan has rows without this input: a left or anti join finds nothing there, say. */
bool rs_plan_does_without(const rs_plan *plan, size_t input);

/* Where rows of this input are missing, the plan may have rows that it would not have had: what finds
 * nothing there, what wins over nobody, what is counted. */
bool rs_plan_may_gain(const rs_plan *plan, size_t input);

/* A join of more than two inputs has two of their rows in each place, where 0 is none:
 * (row + 1) * RS_PLAN_PLACE_FACTOR + (next row + 1). So the order is that of the rows, input by input. */
#define RS_PLAN_PLACE_FACTOR (INT64_C(1) << 31)
bool rs_plan_packs_places(const rs_plan *plan);
/* `_o1` (of 0) or `_o2` (of 1) of these rows, by input; -1 is none. */
int64_t rs_plan_pack_place(const int64_t rows[RS_PLAN_MAX_JOINED], size_t number);

/* The row of an input that a row with these places was made of; -1 where it was of none. */
int64_t rs_plan_row_read(const rs_plan *plan, size_t input, int64_t o1, int64_t o2);

#endif
