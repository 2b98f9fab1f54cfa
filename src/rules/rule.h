/* SPDX-License-Identifier: Apache-2.0 */
/* rule.h - rules as they are inside: what a pack says, and the plan that follows from it.
 *
 * A rule says these, and may leave most of them out:
 *
 *   combine  one input, a join, an alignment of intervals, an exploded list, a union
 *   where    keep rows of what was combined
 *   group    aggregate them
 *   select   an expression for each column of the output
 *   policy   confidence, by name
 *   filter   keep rows of the output
 *   winner   keep the best row for each key
 *
 * A checked rule is planned into one or more *selects*: one for its output, or one for each key
 * of a props rule. That is the intermediate form that every dialect is rendered from.
 */
#ifndef RS_RULES_RULE_H
#define RS_RULES_RULE_H

#include "plan/expr.h"
#include "rules/contract.h"
#include "rules/policy.h"
#include "schema/kernel.h"

enum {
    RS_RULE_MAX_SEEN = RS_RULE_MAX_INPUTS + 2, /* inputs and what an operator adds */
    RS_OUTPUT_MAX_COLUMNS = 40,
    RS_RULE_MAX_KEYS = 32,
    RS_RULE_MAX_ITEMS = 16 /* of an exploded list */
};

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
    rs_expr *ties[RS_RULE_MAX_ITEMS]; /* columns of the right side that order equal candidates */
    size_t n_ties;
} rs_align;

/* explode_list: a row for each value of a list. */
typedef struct rs_explode {
    rs_expr *items[RS_RULE_MAX_ITEMS]; /* the list's values ... */
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

/* What a rule says of how sure it is, by names of policies; NULL: nothing. */
typedef struct rs_rule_policies {
    const char *confidence;
    rs_place confidence_place;
    const rs_confidence_policy *found; /* once checked */
    rs_expr *source;                   /* the policy weighs by it */
    const char *ambiguity;
    rs_place ambiguity_place;
} rs_rule_policies;

typedef struct rs_step rs_step;

/* Rows of one output dataset. */
typedef struct rs_select {
    const struct rs_rule *rule;
    const rs_dataset *output;
    rs_expr *columns[RS_OUTPUT_MAX_COLUMNS]; /* by column of output; NULL: the column is null */
    const rs_property *property;             /* of a props rule */
    const char *kind;                        /* constant kind, or NULL when rows say it */
    bool drops_null_value;                   /* a props row whose value is null is none */
    bool is_ordered;                         /* rows come in the order of the evidence */
    bool is_unique;                          /* no two rows of it have the same key */
    bool is_derived; /* its edges come from joined rows: derivations keep them */
} rs_select;

RS_VEC_DEFINE(rs_select_vec, rs_select)

typedef struct rs_rule {
    rs_rule_info info;
    const rs_yaml *written; /* the mapping that it was loaded from */
    rs_place place;         /* of its name */
    size_t number;          /* place in the order that rules run in */
    unsigned source;        /* number of the call that added it: a later one overrides */
    /* The inputs, then what the operator adds: `match`, `item` or `each`, and `out`. */
    rs_rule_input inputs[RS_RULE_MAX_SEEN];
    rs_place input_places[RS_RULE_MAX_SEEN];
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
    rs_rule_policies policies;
    const rs_param_use *param_uses; /* once checked */
    const rs_contract *contract;    /* of its output; NULL for the graph's datasets */
    rs_emit_form form;
    rs_place emit_place;
    bool is_broken;                      /* has a problem: not planned */
    const char *absent;                  /* evidence that a run does not have: skipped (skip.c) */
    const char *kinds[RS_RULE_MAX_KEYS]; /* of a props rule; of an edge or node rule, one or none */
    size_t n_kinds;
    rs_expr *columns[RS_OUTPUT_MAX_COLUMNS]; /* by column of the output */
    struct {
        rs_str key;
        rs_place place;
        rs_expr *value;
        const rs_property *property;
    } values[RS_RULE_MAX_KEYS]; /* of a props rule */
    size_t n_values;
    rs_select *selects;
    size_t n_selects;
    rs_step *steps; /* of a relationship */
    size_t n_steps;
} rs_rule;

RS_VEC_DEFINE(rs_rule_vec, rs_rule *)

/* A pack that was read; its rules are loaded once all contracts are known. */
typedef struct rs_pack {
    const char *file;
    const rs_yaml *root;
    unsigned source; /* as in rs_rule */
} rs_pack;

RS_VEC_DEFINE(rs_pack_vec, rs_pack)

struct rs_rules {
    rs_arena arena;
    rs_problems problems;
    rs_pack_vec packs;
    rs_contract_vec contracts;
    rs_param_table_vec params;
    rs_rule_vec list;
    const rs_policy *policy;
    unsigned source;
    bool is_checked;
};

/* What is shared while one pack is read. */
typedef struct rs_loader {
    rs_rules *rules;
    rs_arena *arena;
    rs_problems *problems;
    const char *file;
    unsigned source;
} rs_loader;

/* Read a pack's contracts (contract.c) and param tables (param.c), its rules (load.c), and of one rule what its operator
 * takes (load_operator.c) and what it emits (load_emit.c). */
void rs_load_contracts(rs_loader *loader, const rs_yaml *root);
void rs_load_params(rs_loader *loader, const rs_yaml *root);
void rs_load_rules(rs_loader *loader, const rs_yaml *root);
void rs_load_operator(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping);
void rs_load_rows(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping);
/* Refuse what only rows of a relationship have. */
void rs_load_refuse_rows(rs_loader *loader, const rs_yaml *mapping);
void rs_load_emit(rs_loader *loader, rs_rule *rule, const rs_yaml *emit);

/* What a column's `type:` says; false with a problem (contract.c). */
bool rs_load_type(rs_loader *loader, const rs_yaml *word, rs_column *column);

/* --- what loaders share (load_value.c), beside rules/fields.h --- */

/* The child of a key that must be of kind; NULL, with a problem where it is required, when not. */
const rs_yaml *rs_load_child(rs_loader *loader, const rs_yaml *mapping, const char *key,
                             rs_yaml_kind kind, bool is_required);
/* A word as kinds, origins and methods are: no column, which has a dot, and no literal. */
bool rs_yaml_is_bare_word(const rs_yaml *scalar);
/* An expression; NULL with a problem when there is none. */
rs_expr *rs_load_expr(rs_loader *loader, const rs_yaml *scalar);
/* An expression, or a bare word that stands for itself. */
rs_expr *rs_load_value(rs_loader *loader, const rs_yaml *value, bool may_be_word);
/* Expressions of a list of 1 to n_most; returns how many, 0 with a problem. */
size_t rs_load_exprs(rs_loader *loader, const rs_yaml *list, const char *what, rs_expr **exprs,
                     size_t n_most);

/* --- checking and planning --- */

/* Names that param tables would share with datasets (param.c). */
void rs_check_params(rs_rules *rules);

/* Resolve, type and prove one rule (check.c). */
void rs_check_rule(rs_rules *rules, rs_rule *rule);
/* A value against the column that it fills (check_value.c). */
bool rs_check_column(rs_rules *rules, const rs_column *column, const rs_expr *expr);
void rs_check_property(rs_rules *rules, const rs_property *property, const rs_expr *expr);
/* What the rules say of each other: required properties of the kinds that they emit (kinds.c). */
void rs_check_kinds(rs_rules *rules);
/* The order that rules run in, their scopes and levels (order.c). */
void rs_order_rules(rs_rules *rules);
/* Into selects (plan.c), and those of a relationship into steps (steps.c). */
bool rs_plan_rule(rs_rules *rules, rs_rule *rule);
bool rs_plan_steps(rs_rules *rules, rs_rule *rule);
/* Its signature (signature.c). */
rs_status rs_sign_rule(rs_rule *rule, rs_error *err) RS_MUST_USE;

const char *rs_join_name(rs_join join);

/* left.a = right.b, or several of them joined by AND; each side names one input alone. */
bool rs_on_is_equality(const rs_expr *on);
/* The two sides of an equality meet only within one file. */
bool rs_on_is_local(const rs_expr *on);
/* True for what is always the id of something in a file: such rows meet within a file alone. */
bool rs_expr_is_local_id(const rs_expr *expr);
/* The first input that is a relationship; SIZE_MAX when there is none. */
size_t rs_rule_relationship(const rs_rule *rule);
/* An edge takes the column from the relationship that it is made of. */
bool rs_inherits(const char *column);
/* The inputs that an expression names, a bit each. */
unsigned rs_expr_inputs(const rs_expr *expr);

/* How a select is rendered; all-zero for reading. */
typedef struct rs_select_style {
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

/* The SELECT of a select's rows: the output's columns in order (render.c). */
void rs_select_add_sql(const rs_select *select, const rs_select_style *style, rs_buf *sql);

/*
 * What a row of an input derives from, as a BIGINT[]: number of the dataset (rs_dataset_id) and id
 * of each row of evidence, one after the other. Those of a relationship are its rows' own `_in`.
 */
void rs_input_add_sql(const rs_rule_input *input, bool may_be_absent, rs_buf *sql);

#endif
