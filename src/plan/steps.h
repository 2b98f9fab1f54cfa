/* SPDX-License-Identifier: Apache-2.0 */
/* steps.h - how the rows of a relationship are made: relations, one after the other.
 *
 * A step makes a relation under a name: a SELECT, or a kernel over relations that stand before it.
 * The last one is the rule's rows: the output's columns, then `_o1`, `_o2`, `_in` (plan.h). A
 * kernel runs in one of its lanes: as the SELECT that stands beside its call, or in C.
 *
 *   interval_align   NAME.left, NAME.right -> NAME.match -> NAME.rows
 *   explode_list     NAME.list -> NAME.items -> NAME.rows
 *   winner           NAME.candidates -> NAME.rows
 *   all others       NAME.rows
 */
#ifndef RS_PLAN_STEPS_H
#define RS_PLAN_STEPS_H

#include "plan/kernel_sql.h"
#include "plan/plan.h"

/* What a relation is named behind the rule's name and a dot. */
#define RS_STEP_NAME_LEFT "left"
#define RS_STEP_NAME_RIGHT "right"
#define RS_STEP_NAME_MATCH "match"
#define RS_STEP_NAME_LIST "list"
#define RS_STEP_NAME_ITEMS "items"
#define RS_STEP_NAME_CANDIDATES "candidates"
#define RS_STEP_NAME_ROWS "rows"

enum { RS_STEP_MAX = 6, RS_STEP_MAX_INPUTS = 2, RS_STEP_NAME_BYTES = 96 };

/* Lanes that can run the kernel of a step, a bit each (rules/lane.h). */
#define RS_STEP_LANES (RS_LANE_BIT(RS_LANE_BUILTIN) | RS_LANE_BIT(RS_LANE_ARROW_FALLBACK))

typedef void rs_step_sql(const rs_plan *plan, const rs_dialect *dialect, rs_buf *sql);

struct rs_step {
    const char *name;           /* of the relation */
    const char *sql;            /* of rs_step_add_sql(), in the dialect that it was settled in */
    rs_step_sql *add_sql;       /* a SELECT; NULL: a kernel */
    const rs_kernel_call *call; /* NULL: no kernel */
    const char *inputs[RS_STEP_MAX_INPUTS]; /* of the kernel */
    size_t n_inputs;
    rs_names columns; /* of the kernel's inputs, where its order needs them */
};

/* --- making them --- */

/* Steps that are being made, one behind the other. All-zero but for plan and arena. */
struct rs_stepper {
    rs_plan *plan;
    rs_arena *arena;
    rs_step steps[RS_STEP_MAX];
    size_t n_steps;
    bool failed; /* memory ran out */
};

/* Zeroed room in the arena; NULL when memory is out. */
void *rs_stepper_take(rs_stepper *stepper, size_t n_items, size_t n_item_bytes);
/* "_k0", "_k1", ... */
rs_names rs_stepper_numbered(rs_stepper *stepper, char letter, size_t n_names);
/* The dataset's columns, then what a plan hands on beside them. */
rs_names rs_stepper_columns(rs_stepper *stepper, const rs_dataset *dataset, const char *const *more,
                            size_t n_more);
/* A relation that is a SELECT: of the plan, or a text, which is released. */
void rs_stepper_add(rs_stepper *stepper, const char *name, rs_step_sql *add_sql);
void rs_stepper_add_text(rs_stepper *stepper, const char *name, rs_buf *sql);
/* A kernel over the last n_inputs relations, whose columns are given where its order needs them. */
void rs_stepper_add_kernel(rs_stepper *stepper, const char *name, const rs_kernel_call *call,
                           size_t n_inputs, rs_names columns);
/* The plan has these steps, with their SQL. False when memory is out. */
bool rs_stepper_finish(rs_stepper *stepper, const rs_dialect *dialect);

/* --- what they are --- */

/* Settle the steps of a plan whose rows are a relationship's, with their SQL; false when memory is out. */
bool rs_plan_add_steps(rs_plan *plan, const rs_dialect *dialect, rs_arena *arena);

/* The SELECT of a step; of a kernel, what it is in the lane BUILTIN. */
void rs_step_add_sql(const rs_plan *plan, const rs_step *step, const rs_dialect *dialect,
                     rs_buf *sql);

/* All steps as one statement: the columns of the last one's rows, in its order. */
void rs_steps_add_select(const rs_plan *plan, rs_names columns, const rs_dialect *dialect,
                         rs_buf *sql);

/* "rule.name", quoted. */
void rs_step_add_name(const rs_plan *plan, const char *name, const rs_dialect *dialect,
                      rs_buf *sql);

#endif
