/* SPDX-License-Identifier: Apache-2.0 */
/* expr.h - the expressions of rules: a typed subset of SQL.
 *
 *   columns       alias.column
 *   literals      'text', 12, 0x1f, 1.5, TRUE, FALSE, NULL
 *   loosest first OR, AND, NOT, = <> != < <= > >= IS [NOT] NULL [NOT] IN (...),
 *                 ||, |, &, << >>, + -, * / %, unary - ~
 *   and           CASE WHEN c THEN x ... [ELSE y] END, f(x, ...), (x)
 *                 x [NOT] IN params.name, where a pack declares the param table
 *
 * An expression is parsed once, checked against the datasets of its rule and
 * rendered from its tree: no text of a pack gets into SQL as it is.
 * Recursion is bounded by RS_EXPR_MAX_DEPTH.
 */
#ifndef RS_PLAN_EXPR_H
#define RS_PLAN_EXPR_H

#include "plan/dialect.h"
#include "plan/problem.h"
#include "schema/kinds.h"

typedef struct rs_plan_input {
    const char *alias; /* as expressions name it */
    const rs_dataset *dataset;
    const char *sql_alias; /* as SQL names it: another where an operator adds columns to an input */
    const char *sql_prefix; /* of its columns there */
    uint64_t columns; /* that are read, a bit each: any other one is neither kept nor scanned */
} rs_plan_input;

enum { RS_EXPR_MAX_DEPTH = 64, RS_EXPR_MAX_CHILDREN = 1000, RS_EXPR_MAX_NOT_NULL = 16 };

typedef enum rs_expr_kind {
    RS_EXPR_COLUMN,
    RS_EXPR_TEXT,
    RS_EXPR_INT,
    RS_EXPR_FLOAT,
    RS_EXPR_BOOL,
    RS_EXPR_NULL,
    RS_EXPR_UNARY,
    RS_EXPR_BINARY,
    RS_EXPR_IS_NULL,
    RS_EXPR_IN,       /* the first child in the others */
    RS_EXPR_IN_PARAM, /* the child in the param table `text` */
    RS_EXPR_CASE,     /* condition, value, ... [, else] */
    RS_EXPR_CALL
} rs_expr_kind;

/* What a value is while rules are checked. */
typedef enum rs_expr_type {
    RS_EXPR_IS_UNKNOWN, /* already reported */
    RS_EXPR_IS_NOTHING, /* NULL */
    RS_EXPR_IS_BOOL,
    RS_EXPR_IS_I32,
    RS_EXPR_IS_I64,
    RS_EXPR_IS_F64,
    RS_EXPR_IS_TEXT,
    RS_EXPR_IS_WORD /* of the set `words` */
} rs_expr_type;

typedef enum rs_expr_class {
    RS_OP_LOGIC,   /* bool, bool -> bool */
    RS_OP_COMPARE, /* alike -> bool */
    RS_OP_BITS,    /* whole numbers */
    RS_OP_NUMBER,  /* numbers */
    RS_OP_CONCAT   /* texts */
} rs_expr_class;

typedef struct rs_expr_op {
    const char *symbol; /* as written; the engine's is the same but for whole-number division */
    int precedence;
    rs_expr_class op_class;
    const char *doc;
    const char *examples; /* conditions that are true, a line each */
    const char *failing;  /* one that fails its rule; NULL: none does */
} rs_expr_op;

typedef struct rs_function {
    const char *name;
    const char *parameters; /* a letter each: t text, i whole number, n number, b true or false,
                               a any; the last one repeats where is_variadic */
    bool is_variadic;
    size_t n_strict;     /* a null in the first so many makes the result null */
    rs_expr_type result; /* RS_EXPR_IS_UNKNOWN: that of the arguments */
    bool is_aggregate;
    bool makes_id;        /* by the kernel stable_id */
    const char *doc;      /* its one meaning, as every engine must give it */
    const char *examples; /* conditions that are true, a line each; NULL: of an aggregate */
} rs_function;

/* What a param table that was given no single value means. */
typedef enum rs_param_empty {
    RS_PARAM_EMPTY_RESULT, /* nothing is in it: no row passes IN, every row NOT IN */
    RS_PARAM_EMPTY_REFUSED /* a mistake of who runs */
} rs_param_empty;

/* A param table that a pack declares: values of one type, given with the run. */
typedef struct rs_param_table {
    const char *name;
    const char *table; /* its name in SQL: the policy's prefix and its own */
    const char *type;  /* as the pack says it */
    const char *doc;
    const rs_dataset *dataset; /* as the bundle has it: the key column, how often it was given */
    const rs_column *column;   /* the key column */
    rs_param_empty empty;
    bool required;   /* a rule that reads it cannot do without values */
    rs_place place;  /* of its name */
    unsigned source; /* number of the call that added it: a later one overrides */
} rs_param_table;

/* That a rule reads a param table; where it says so first. */
typedef struct rs_param_use rs_param_use;
struct rs_param_use {
    const rs_param_table *param;
    rs_place place;
    const rs_param_use *next;
};

RS_VEC_DEFINE(rs_param_table_vec, rs_param_table)

typedef struct rs_expr rs_expr;
struct rs_expr {
    rs_expr_kind kind;
    rs_place place;
    size_t depth; /* 1 for a leaf */
    rs_expr_type type;
    const rs_words *words;
    bool is_nullable;
    bool is_negated; /* IS NOT NULL, NOT IN */
    bool has_else;
    rs_str alias; /* of a column */
    rs_str text;  /* name of a column or function, text of a literal; NUL-terminated */
    size_t input; /* of a column, once checked */
    const rs_column *column;
    int64_t i64;
    double f64;
    const rs_expr_op *op;
    const rs_function *function;
    size_t node_kind; /* of global_id() with the name of a kind: its number, from 1; once checked */
    const rs_param_table *param; /* of RS_EXPR_IN_PARAM, once checked */
    rs_expr *first;              /* child */
    rs_expr *next;               /* sibling */
    size_t n_children;
};

/* A column known to hold no null. */
typedef struct rs_not_null {
    size_t input;
    const rs_column *column;
} rs_not_null;

/* What an expression may name. */
typedef struct rs_expr_scope {
    const rs_plan_input *inputs;
    size_t n_inputs;
    size_t
        first_visible; /* inputs from this one on: a union's rows stand for those of its inputs */
    size_t n_visible;  /* inputs before this one: a semi join's right side is not seen */
    size_t n_sure;     /* inputs from this one on may be absent: a left join's right side */
    rs_not_null not_null[RS_EXPR_MAX_NOT_NULL];
    size_t n_not_null;
    bool has_aggregates;   /* aggregate functions may stand here */
    int64_t max_literals;  /* behind IN */
    const rs_kinds *kinds; /* of the run; NULL: those of the registry */
    const rs_param_table_vec *params;
    const rs_param_use *param_uses; /* those met so far, the last first; in problems->arena */
    rs_problems *problems;
} rs_expr_scope;

/* Parse a text; NULL when it does not parse (a problem says why) or memory is out. */
rs_expr *rs_expr_parse(const rs_placed_text *text, rs_arena *arena, rs_problems *problems);

/* A text literal. */
rs_expr *rs_expr_new_text(rs_str text, rs_place place, rs_arena *arena, rs_problems *problems);

/* Resolve and type; false when a problem was added. */
bool rs_expr_check(rs_expr_scope *scope, rs_expr *expr);

/* The condition holds from now on: the columns that it compares are not null. */
void rs_expr_assume(rs_expr_scope *scope, const rs_expr *condition);

/* What a column's values are. */
rs_expr_type rs_expr_type_of(const rs_column *column);

/* "text", "whole number", "word of context". */
const char *rs_expr_type_name(const rs_expr *expr, rs_arena *arena);

/* --- what follows from a tree (expr_facts.c) --- */

/* The inputs that an expression names, a bit each. */
unsigned rs_expr_inputs(const rs_expr *expr);
/* The columns of an input that an expression names, a bit each. */
uint64_t rs_expr_columns(const rs_expr *expr, const rs_plan_input *inputs, size_t input);
/* left.a = right.b, or several of them joined by AND; each side names one input alone, and not the same. */
bool rs_on_is_equality(const rs_expr *on);
/* The last input that an equality of an `on` names: the one that it is met by. */
size_t rs_on_input(const rs_expr *equality);
/* Some equality of the `on` is one of this input with one before it. */
bool rs_on_has_input(const rs_expr *on, size_t input);
/* The same with equalities of one input's column and a constant behind the first. */
bool rs_on_starts_with_equality(const rs_expr *on);
/* The rows of an input and of those before it meet only within one file. */
bool rs_on_is_local(const rs_expr *on, size_t input);
/* True for what is always the id of something in a file: such rows meet within a file alone. */
bool rs_expr_is_local_id(const rs_expr *expr);
/* The same for what lies in no file. */
bool rs_expr_is_global_id(const rs_expr *expr);
/* What an id refers to, by the registry; RS_ENTITY_any where nothing is known of it. */
rs_referent rs_expr_referent(const rs_expr *expr);
/* The id is known to be one of what lies in a file. */
bool rs_expr_lies_in_file(const rs_expr *expr);
bool rs_expr_is_and(const rs_expr *expr);

/* Append it as a person reads it: names without quotes, numbers as they are, no parentheses around the
 * whole. */
void rs_expr_add_words(const rs_plan_input *inputs, const rs_expr *expr, rs_buf *out);

/* Append SQL of a dialect. */
void rs_expr_add_sql(const rs_expr *expr, const rs_plan_input *inputs, const rs_dialect *dialect,
                     rs_buf *sql);

const rs_expr_op *rs_expr_op_find(rs_str symbol);
const rs_expr_op *rs_expr_op_get(size_t index); /* NULL behind the last */
/* function.c */
const rs_function *rs_function_find(rs_str name);
const rs_function *rs_function_get(size_t index); /* NULL behind the last */

#endif
