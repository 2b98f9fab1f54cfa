/* SPDX-License-Identifier: Apache-2.0 */
/* rule.h - rules as they are inside: what a pack says, and the plan that follows from it.
 *
 * A checked rule is planned into one or more *selects*: what to scan, join and keep, and
 * an expression for each column of the output. A props rule has one for each key.
 */
#ifndef RS_RULES_RULE_H
#define RS_RULES_RULE_H

#include "rules/expr.h"

enum { RS_RULE_MAX_INPUTS = 2, RS_OUTPUT_MAX_COLUMNS = 20, RS_RULE_MAX_KEYS = 32 };

typedef enum rs_join { RS_JOIN_INNER, RS_JOIN_LEFT, RS_JOIN_SEMI, RS_JOIN_ANTI } rs_join;

typedef enum rs_emit_form {
    RS_EMIT_NODE,
    RS_EMIT_EDGE,
    RS_EMIT_PROPS,
    RS_EMIT_EDGE_PROPS
} rs_emit_form;

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
} rs_select;

RS_VEC_DEFINE(rs_select_vec, rs_select)

typedef struct rs_rule {
    rs_rule_info info;
    rs_place place;  /* of its name */
    unsigned source; /* number of the call that added it: a later one overrides */
    rs_rule_input inputs[RS_RULE_MAX_INPUTS];
    rs_place input_places[RS_RULE_MAX_INPUTS];
    rs_join join;
    rs_expr *on;
    rs_expr *where;
    rs_emit_form form;
    rs_place emit_place;
    bool is_broken;                      /* has a problem: not planned */
    const char *kinds[RS_RULE_MAX_KEYS]; /* of a props rule; of an edge or node rule, one or none */
    size_t n_kinds;
    rs_expr *columns[RS_OUTPUT_MAX_COLUMNS]; /* of the emission, by column of the output */
    struct {
        rs_str key;
        rs_place place;
        rs_expr *value;
        const rs_property *property;
    } values[RS_RULE_MAX_KEYS]; /* of a props rule */
    size_t n_values;
    rs_select *selects;
    size_t n_selects;
} rs_rule;

RS_VEC_DEFINE(rs_rule_vec, rs_rule *)

struct rs_rules {
    rs_arena arena;
    rs_problems problems;
    rs_rule_vec list;
    unsigned source;
    bool is_checked;
};

/* What is shared while one pack is read. */
typedef struct rs_loader {
    rs_rules *rules;
    rs_arena *arena;
    rs_problems *problems;
    const char *file;
} rs_loader;

/* Read a pack's tree into rules (load.c) and the emit: of one rule (load_emit.c). */
void rs_load_pack(rs_loader *loader, const rs_yaml *root);
void rs_load_emit(rs_loader *loader, rs_rule *rule, const rs_yaml *emit);

/* Refuse keys of a mapping that are in no row of known; all are NUL-terminated, the last is NULL. */
void rs_load_known_keys(rs_loader *loader, const rs_yaml *mapping, const char *what,
                        const char *const *known);

/* Resolve, type and prove one rule (check.c); plan it into selects (plan.c). */
void rs_check_rule(rs_rules *rules, rs_rule *rule);
bool rs_plan_rule(rs_rules *rules, rs_rule *rule);
/* What the rules say of each other: required properties of the kinds that they emit. */
void rs_check_kinds(rs_rules *rules);

const char *rs_join_name(rs_join join);

/* How a select is rendered; all-zero for reading. */
typedef struct rs_select_style {
    /* The types of edges.rule_name and props.key, of which a plan knows all words: an ENUM costs
     * a byte a row where a text costs 40 ns. NULL: VARCHAR. */
    const char *rule_type;
    const char *key_type;
    /* With columns `_rule` (place), `_o1` and `_o2` (rows of the inputs) behind the output's. */
    bool with_order;
    size_t place;
} rs_select_style;

/* The SELECT of a select's rows: the output's columns in order (render.c). */
void rs_select_add_sql(const rs_select *select, const rs_select_style *style, rs_buf *sql);

#endif
