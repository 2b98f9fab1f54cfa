/* SPDX-License-Identifier: Apache-2.0 */
/* value.h - what an expression of a rule means, one row at a time.
 *
 * The meaning of the language, as every engine must give it:
 *
 *   null        An operator or function of a null is null, but for: IS [NOT] NULL; AND with a false,
 *               OR with a true; coalesce; CASE, whose condition must be true; a null text in a word's
 *               place. IN is true on a match, else null where it compared a null, else false. A param
 *               table has no nulls; nothing is in an empty one, not even a null.
 *   number      Whole numbers have 32 bits where both sides have, else 64. What does not fit fails the
 *               rule: + - * of whole numbers, a negated least one, a shift to the left that loses a bit.
 *               `/` of whole numbers cuts off the fraction; by 0 it is null, as is `%`. One side with a
 *               fraction makes both so: IEEE arithmetic, NaN equal to itself and above all numbers.
 *   shift       By less than 0, or of a number below 0 to the left: fails. By 64 bits or more to the
 *               right: 0.
 *   text        Compared by bytes. length and substring count characters (code points), from 1.
 *   word        One of a set, which orders it by its place there; beside a text, or a word of another
 *               set, a text.
 *   aggregate   Over the rows whose value is not null; of none null, but for count, which is 0.
 */
#ifndef RS_TESTS_NAIVE_VALUE_H
#define RS_TESTS_NAIVE_VALUE_H

#include "base/arena.h"
#include "plan/plan.h"
#include "schema/frame.h"

typedef enum naive_kind {
    NAIVE_NULL,
    NAIVE_BOOL,
    NAIVE_INT,
    NAIVE_FLOAT,
    NAIVE_TEXT,
    NAIVE_WORD
} naive_kind;

typedef struct naive_value {
    naive_kind kind;
    const rs_words *words; /* NAIVE_WORD: i is the number of the word */
    int64_t i;
    double f;
    rs_str text;
} naive_value;

/* A row of a dataset: a value for each of its columns, its place among them, what it was made of. */
typedef struct naive_row {
    const naive_value *values;
    int64_t place;
    rs_row_place from; /* in the inputs of the plan that made it */
    const rs_origin *origins;
    size_t n_origins;
} naive_row;

/* Where an expression is evaluated. Rows are by input of the rule; NULL: absent, all its columns are
 * null. `group` lists the rows of an aggregate, of the first input. */
typedef struct naive_scope {
    rs_arena *arena;
    const naive_row *rows[RS_PLAN_MAX_SEEN];
    const rs_plan_input *inputs;
    const naive_row *const *group;
    size_t n_group;
    /* The values of a param table. */
    const naive_value *(*param)(void *context, const rs_param_table *table, size_t *n_values);
    void *context;
    const char *fault; /* the first thing that fails the rule */
} naive_scope;

naive_value naive_eval(naive_scope *scope, const rs_expr *expr);
bool naive_is_true(naive_value value);

/* Below 0, 0, above 0; a null is equal to a null and above all others. */
int naive_compare(naive_value a, naive_value b);
/* The value as a column has it. */
naive_value naive_cast(naive_scope *scope, naive_value value, const rs_column *column);
rs_str naive_text(naive_value value); /* of a text or a word */

#endif
