/* SPDX-License-Identifier: Apache-2.0 */
/* native.h - an engine of ours: plans as programs over vectors, a batch of rows at a time.
 *
 *   table.c      rows that are bound: copied, or where they lie
 *   compile.c    expressions to programs: typed instructions over registers, constants stay constants
 *   load.c, number.c, logic.c, text.c, cast.c    what the instructions do, a file a family
 *   op_<name>.c  how an operator combines rows: it hands on batches, by place of row in each input
 *   winner.c     the best row of each key
 *   output.c     where, select, filter of a batch; frames out
 *   engine.c     the row of the table of engines
 *
 * What expressions mean stands in tests/naive/value.h. A row whose value cannot be made (a number that
 * does not fit) has a fault in its place, which lives as a null does, in the validity: what drops the value,
 * a branch of a CASE that is not taken, drops its fault. One that reaches a condition or an output fails
 * the plan.
 *
 * Threads: a session, and what it prepared, belong to one thread at a time; `interrupt` from any.
 */
#ifndef RS_ENGINE_NATIVE_NATIVE_H
#define RS_ENGINE_NATIVE_NATIVE_H

#include <string.h>

#include "base/arena.h"
#include "base/stop.h"
#include "base/vec.h"
#include "engine/engine.h"
#include "plan/operator.h"

#define RS_NATIVE_NO_ROW UINT32_MAX /* in a list of rows: none, all columns are null */

/* --- vectors --- */

/* What a register holds: what its values are in memory. */
typedef enum rs_native_class {
    RS_NATIVE_UNSAID,  /* no value: a condition that there is not */
    RS_NATIVE_NOTHING, /* nulls alone */
    RS_NATIVE_BOOL,    /* uint8_t 0 or 1 */
    RS_NATIVE_WORD,    /* uint8_t, number of a word */
    RS_NATIVE_WHOLE,   /* int64_t */
    RS_NATIVE_FLOAT,   /* double */
    RS_NATIVE_TEXT     /* rs_str */
} rs_native_class;

/* Of a row's value: 0 is a null, RS_NATIVE_FAULT one that could not be made. */
enum { RS_NATIVE_VALID = 1, RS_NATIVE_FAULT = 2 };

/* RS_FORM_CONSTANT: one value. Where one is null or a fault something may be looked at all the same. */
typedef struct rs_native_vector {
    rs_form form;
    const void *values;
    const uint8_t *valid; /* NULL: all of them are */
    size_t n_bytes;       /* of a value; of what an operator adds alone */
} rs_native_vector;

/* --- rows --- */

/* Rows that lie together. */
typedef struct rs_native_segment {
    uint32_t first_row; /* place of its first row among those of the table */
    uint32_t n_rows;
    const rs_vector *columns;  /* by column of the dataset; one that is derived has no values */
    const rs_lineage *lineage; /* of a relationship's rows; NULL: none */
    void *owned;               /* what columns lie in */
    rs_strings *strings;       /* the same of copied texts; NULL: somebody else's */
} rs_native_segment;

RS_VEC_DEFINE(rs_native_segments, rs_native_segment)

typedef struct rs_native_table {
    const rs_dataset *dataset;
    rs_native_segments segments;
    uint32_t n_rows;
} rs_native_table;

/* Take a frame's rows in, copied. Errors: RS_ERR_NOMEM; RS_ERR_LIMIT for too many rows. */
rs_status rs_native_table_add(rs_native_table *table, const rs_frame *frame,
                              rs_error *err) RS_MUST_USE;
/* Take in rows of a batch where they lie, until the table is cleared. */
rs_status rs_native_table_borrow(rs_native_table *table, const rs_batch *batch,
                                 const rs_strings *strings, const rs_lineage *lineage,
                                 rs_error *err) RS_MUST_USE;
void rs_native_table_clear(rs_native_table *table);
/* The segment that a row lies in; hint is where to look first, and may be NULL. */
const rs_native_segment *rs_native_table_find(const rs_native_table *table, uint32_t row,
                                              const rs_native_segment *hint);

/* The rows of an input in a batch: listed, or n from first_row on, which lie in one segment. */
typedef struct rs_native_side {
    const rs_native_table *table; /* NULL: the plan has no such input */
    const uint32_t *rows;
    uint32_t first_row;
} rs_native_side;

/* Rows that met, row by row. */
typedef struct rs_native_batch {
    size_t n_rows; /* 1 .. RS_FRAME_ROWS */
    rs_native_side sides[RS_PLAN_MAX_INPUTS];
    rs_native_vector
        added[3]; /* columns of the input that the operator adds; a union's are its inputs' */
    size_t input; /* of a union: whose rows they are */
} rs_native_batch;

/* --- programs --- */

typedef struct rs_native_machine rs_native_machine;
typedef struct rs_native_op rs_native_op;

/* Run an instruction over n rows. */
typedef void rs_native_run(rs_native_machine *machine, const rs_native_op *op, size_t n);

/* out = run(a, b, c): registers. */
struct rs_native_op {
    rs_native_run *run;
    uint16_t out;
    uint16_t a;
    uint16_t b;
    uint16_t c;
    const void *data; /* a table of words, a constant, a function */
    int64_t least;    /* of whole numbers: what fits */
    int64_t most;
};

RS_VEC_DEFINE(rs_native_ops, rs_native_op)

/* A value while an expression is compiled. */
typedef struct rs_native_value {
    rs_native_class class;
    const rs_words *words; /* RS_NATIVE_WORD */
    uint16_t at;           /* register */
} rs_native_value;

typedef struct rs_native_loaded {
    size_t input;
    size_t column;
    rs_native_value value;
} rs_native_loaded;

RS_VEC_DEFINE(rs_native_loads, rs_native_loaded)

/* Instructions in their order. All-zero is none. */
typedef struct rs_native_program {
    rs_native_ops ops;
    rs_native_loads loads; /* columns that are loaded already */
    size_t n_registers;
} rs_native_program;

/* What is compiled into a program, and where it fails. */
typedef struct rs_native_compiler {
    const rs_plan *plan;
    rs_arena *arena; /* of what programs refer to */
    rs_native_program *program;
    size_t input;                   /* of a union: whose columns `each` stands for */
    const rs_native_value *outputs; /* by column: what a filter's `out` is; NULL: no filter */
    rs_buf *why_not;                /* what it cannot do; NULL: nobody asks */
    bool cannot;
    bool failed; /* memory ran out */
} rs_native_compiler;

/* The value of an expression; anything where that cannot be compiled. */
rs_native_value rs_native_compile(rs_native_compiler *compiler, const rs_expr *expr);
/* The same as a column has it. */
rs_native_value rs_native_compile_as(rs_native_compiler *compiler, const rs_expr *expr,
                                     const rs_column *column);
/* The same as both sides of an equality are compared: WHOLE, FLOAT or TEXT. */
rs_native_value rs_native_compile_key(rs_native_compiler *compiler, const rs_expr *side,
                                      const rs_expr *other);
void rs_native_program_release(rs_native_program *program);

/* For compile.c's parts: one more instruction, with a register of its own. */
rs_native_value rs_native_emit(rs_native_compiler *compiler, rs_native_op op, rs_native_class class,
                               const rs_words *words);
/* The plan is no matter of this engine. */
rs_native_value rs_native_refuse(rs_native_compiler *compiler, const char *format, ...)
    RS_PRINTF(2, 3);
void *rs_native_take(rs_native_compiler *compiler, size_t n_items, size_t n_item_bytes);
rs_native_value rs_native_constant(rs_native_compiler *compiler, rs_native_class class,
                                   const void *value, size_t n_bytes);
rs_native_value rs_native_null(rs_native_compiler *compiler);
/* cast.c: a value of another class; a word as a text, a whole number as one with a fraction. */
rs_native_value rs_native_as_text(rs_native_compiler *compiler, rs_native_value value);
rs_native_value rs_native_as_float(rs_native_compiler *compiler, rs_native_value value);
/* text is the literal's, where the value is one; NULL: it is none. */
rs_native_value rs_native_cast(rs_native_compiler *compiler, rs_native_value value,
                               const rs_expr *expr, const rs_column *column);
/* number.c, logic.c, text.c */
rs_native_value rs_native_compile_number(rs_native_compiler *compiler, const rs_expr *expr);
rs_native_value rs_native_compile_bits(rs_native_compiler *compiler, const rs_expr *expr);
rs_native_value rs_native_compile_compare(rs_native_compiler *compiler, const rs_expr *expr);
rs_native_value rs_native_compile_in(rs_native_compiler *compiler, const rs_expr *expr);
rs_native_value rs_native_compile_in_param(rs_native_compiler *compiler, const rs_expr *expr);
rs_native_value rs_native_compile_logic(rs_native_compiler *compiler, const rs_expr *expr);
rs_native_value rs_native_compile_is_null(rs_native_compiler *compiler, const rs_expr *expr);
rs_native_value rs_native_choose(rs_native_compiler *compiler, rs_native_value condition,
                                 rs_native_value yes, rs_native_value no);
rs_native_value rs_native_first(rs_native_compiler *compiler, rs_native_value value,
                                rs_native_value otherwise);
rs_native_value rs_native_and(rs_native_compiler *compiler, rs_native_value a, rs_native_value b);
rs_native_value rs_native_negate(rs_native_compiler *compiler, rs_native_value value);
rs_native_value rs_native_compile_concat(rs_native_compiler *compiler, const rs_expr *expr);
rs_native_value rs_native_compile_call(rs_native_compiler *compiler, const rs_expr *expr);
/* Where part stands in text at or behind `from`; SIZE_MAX for nowhere. */
size_t rs_native_find(rs_str text, size_t from, rs_str part);
/* load.c */
rs_native_value rs_native_compile_load(rs_native_compiler *compiler, size_t input, size_t column);

/* --- running them --- */

typedef struct rs_native_register {
    rs_native_vector value;
    void *room; /* RS_FRAME_ROWS of any class, then as many of validity; NULL: not yet */
} rs_native_register;

struct rs_native_machine {
    rs_native_register *registers;
    size_t n_registers;
    const rs_native_batch *batch; /* at hand */
    rs_arena texts;               /* that a batch made */
    const char *fault;            /* the last one */
    bool failed;                  /* memory ran out */
    /* The rows of a dataset; NULL: none are bound. */
    const rs_native_table *(*table)(void *context, const rs_dataset *dataset);
    void *context;
};

/* Registers for a program. Errors: RS_ERR_NOMEM. */
rs_status rs_native_machine_reserve(rs_native_machine *machine, size_t n_registers,
                                    rs_error *err) RS_MUST_USE;
void rs_native_machine_release(rs_native_machine *machine);
/* Over a batch, whose texts of before are gone. Errors: RS_ERR_NOMEM. */
rs_status rs_native_machine_run(rs_native_machine *machine, const rs_native_program *program,
                                const rs_native_batch *batch, rs_error *err) RS_MUST_USE;
/* No row of a value is a fault, else RS_ERR_ENGINE. */
rs_status rs_native_check(const rs_native_machine *machine, const rs_native_vector *value, size_t n,
                          rs_error *err) RS_MUST_USE;

static inline const rs_native_vector *rs_native_at(const rs_native_machine *machine, uint16_t at)
{
    return &machine->registers[at].value;
}

/* Room of a register for its values and, behind them, their validity. */
static inline void *rs_native_values(rs_native_machine *machine, uint16_t at)
{
    return machine->registers[at].room;
}

static inline uint8_t *rs_native_validity(rs_native_machine *machine, uint16_t at)
{
    return (uint8_t *)machine->registers[at].room + RS_FRAME_ROWS * sizeof(rs_str);
}

static inline uint8_t rs_native_valid_at(const rs_native_vector *value, size_t row)
{
    if (value->form == RS_FORM_NULL) {
        return 0;
    }
    return value->valid == NULL ? RS_NATIVE_VALID
                                : value->valid[value->form == RS_FORM_CONSTANT ? 0 : row];
}

/* Operands of an instruction that is null where one of them is. */
typedef struct rs_native_operands {
    const void *a;
    const void *b;
    void *out;
    bool a_steps; /* a value a row, not one for all */
    bool b_steps;
    size_t n;
} rs_native_operands;

/* Settle the form and validity of out; false when that is all there is to do. */
bool rs_native_begin(rs_native_machine *machine, const rs_native_op *op, size_t n,
                     rs_native_operands *operands);
bool rs_native_begin_one(rs_native_machine *machine, const rs_native_op *op, size_t n,
                         rs_native_operands *operands);
/* Validity of out that may be written; all are valid where nothing was said. */
uint8_t *rs_native_own_validity(rs_native_machine *machine, uint16_t at, size_t n);
void rs_native_set(rs_native_machine *machine, uint16_t at, rs_form form, const uint8_t *valid);

/* --- plans --- */

typedef struct rs_native_session rs_native_session;
typedef struct rs_native_plan rs_native_plan;
typedef struct rs_native_flow rs_native_flow;

/* An operator's body; by the name of its row in plan/operator.c. */
typedef struct rs_native_operator {
    const char *name;
    /* Compile what it needs; false when memory is out or it cannot, as the compiler says. */
    bool (*prepare)(rs_native_plan *plan, rs_native_compiler *compiler);
    /* Hand on all batches in the order of the evidence. */
    rs_status (*run)(rs_native_flow *flow, rs_error *err);
} rs_native_operator;

extern const rs_native_operator rs_native_op_filter_project;
extern const rs_native_operator rs_native_op_hash_join;
extern const rs_native_operator rs_native_op_interval_align;
extern const rs_native_operator rs_native_op_explode_list;
extern const rs_native_operator rs_native_op_union_all;
extern const rs_native_operator rs_native_op_winner_select;
extern const rs_native_operator rs_native_op_aggregate;

/* A column of texts that is one of an input, by its numbers; input SIZE_MAX: it is not. */
typedef struct rs_native_text {
    size_t input;
    size_t column;
} rs_native_text;

/* What a row of an input is called in lineage: the number of its dataset, and its key there. */
typedef struct rs_native_origin {
    size_t number;
    size_t key;
    bool is_relationship; /* its rows have a lineage of their own */
} rs_native_origin;

/* One output of a plan: its columns, and what of its rows is kept. */
typedef struct rs_native_select {
    const rs_select *of;
    rs_native_program program;
    rs_native_value *columns; /* by column of the output */
    rs_native_text *texts;    /* the same */
    rs_native_value filter;   /* UNSAID: all rows */
} rs_native_select;

/* An equality of a join, by the input that it meets. */
typedef struct rs_native_key {
    rs_native_class class;
    uint16_t left;
    uint16_t right;
} rs_native_key;

enum { RS_NATIVE_MAX_KEYS = 8 };

/* How an input of a join is met. */
typedef struct rs_native_meeting {
    rs_native_program left; /* over the inputs before it */
    rs_native_program right;
    rs_native_key keys[RS_NATIVE_MAX_KEYS];
    size_t n_keys;
    rs_native_value left_where; /* UNSAID: all rows may meet */
    rs_native_value right_where;
} rs_native_meeting;

struct rs_native_plan {
    rs_native_session *session; /* NULL: compiled to see whether it can be */
    const rs_plan *plan;
    const rs_native_operator *op;
    rs_arena arena;
    size_t n_variants; /* of the programs below: a union has one an input */
    rs_native_program *where;
    rs_native_value *where_value; /* UNSAID: all rows */
    rs_native_select *selects;    /* select by select, of the first variant; then of the next */
    rs_native_meeting meetings[RS_PLAN_MAX_JOINED];
    rs_native_program items; /* of some operators: columns of their own */
    rs_native_value item[RS_PLAN_MAX_ITEMS];
    size_t second_place; /* column that an operator adds, a row's place in its input's; 0: none */
    bool has_lineage;
    rs_native_origin origins[RS_PLAN_MAX_INPUTS];
};

typedef struct rs_native_output rs_native_output; /* output.c */

/* A run of one of a plan's selects. */
struct rs_native_flow {
    const rs_native_plan *plan;
    rs_native_machine *machine;
    rs_native_output *output;
    const atomic_bool *stop; /* of the engine's caller */
    const atomic_bool *interrupted;
    size_t select;
    const rs_sink *sink;
    uint64_t n_rows; /* that were pushed */
};

/* The rows of an input. */
const rs_native_table *rs_native_input(const rs_native_flow *flow, size_t input);
/* Go through rows of an input, batch by batch, none across two segments; false behind the last. */
bool rs_native_next(const rs_native_table *table, uint32_t *row, size_t *segment,
                    rs_native_side *side, size_t *n_rows);

/* --- keys --- */

static inline uint64_t rs_native_mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

static inline uint64_t rs_native_hash_text(rs_str text)
{
    uint64_t hash = text.n_bytes;
    size_t at = 0;
    for (; at + sizeof hash <= text.n_bytes; at += sizeof hash) {
        uint64_t word = 0;
        memcpy(&word, text.bytes + at, sizeof word);
        hash = rs_native_mix(hash, word);
    }
    for (; at < text.n_bytes; at++) {
        hash = rs_native_mix(hash, (unsigned char)text.bytes[at]);
    }
    return hash;
}

/* op_aggregate.c: a call that says whether one of a group's rows is damaged: the row that stands for it is. */
bool rs_native_is_damage_of_group(const rs_plan *plan, const rs_expr *call);

/* op_hash_join.c: the equalities of a join, and conditions of one side, into the meetings. */
void rs_native_compile_on(rs_native_plan *plan, rs_native_compiler *compiler, const rs_expr *on);

/* Of n rows, or of those that were picked before, the ones in which a condition is true. */
size_t rs_native_keep_true(const rs_native_vector *condition, bool is_picked, size_t n,
                           uint32_t *picked);

/* --- output.c --- */

/* Compile where, selects and filter. */
bool rs_native_prepare_output(rs_native_plan *plan, rs_native_compiler *compiler);
void rs_native_release_output(rs_native_plan *plan);
/* What operators hand batches to. */
rs_status rs_native_hand_on(rs_native_flow *flow, const rs_native_batch *batch,
                            rs_error *err) RS_MUST_USE;
/* winner.c: of the rows that make() hands to a sink, the best of each key go to the flow's own sink. */
rs_status rs_native_choose_best(rs_native_flow *flow,
                                rs_status (*make)(rs_native_flow *flow, rs_error *err),
                                rs_error *err) RS_MUST_USE;
/* Room that flows share, one after the other; NULL when memory is out. */
rs_native_output *rs_native_output_new(rs_error *err);
void rs_native_output_free(rs_native_output *output);

#endif
