/* SPDX-License-Identifier: Apache-2.0 */
/* values_impl.h - the half of the values lens that sees one file: its records.
 *
 * Behind the names lens, whose tables of the same file it reads (names_impl.h). Two passes, neither of
 * which recurses: expr (values_expr.c) backwards, so that parts come before what they are parts of: a
 * variable for each expression; walk (values_walk.c) forwards: what statements do with them.
 */
#ifndef RS_EVIDENCE_VALUES_IMPL_H
#define RS_EVIDENCE_VALUES_IMPL_H

#include "evidence/names/names_impl.h"
#include "evidence/values/summary.h"
#include "evidence/values/values.h"

RS_VEC_DEFINE(values_records, values_record)

/* Kept from file to file; all-zero is one without memory yet. */
typedef struct rs_values_lens {
    names_numbers var;      /* by node: variable of its value, or none */
    names_numbers given;    /* by node: variable that a target gets, or none */
    names_numbers of_expr;  /* by expression of names: variable, or none */
    names_numbers of_guard; /* by guard of names: variable of its subject within, or none */
    values_records records;
    names_numbers blocks;
    names_numbers items; /* of the block that is made */
    names_numbers texts;
    rs_buf text_bytes;
    names_table text_table;
    names_table constants; /* records of constants, each once */
    uint32_t n_fixed;
} rs_values_lens;

static inline rs_values_lens *values_lens(const rs_file_at_hand *x)
{
    return x->worker;
}

static inline uint32_t values_var(const rs_file_at_hand *x, uint32_t n)
{
    return n == NAMES_NONE ? VALUES_NONE : values_lens(x)->var.items[n];
}

/* Variables of what function f returns, and yields. */
static inline uint32_t values_returned(const rs_file_at_hand *x, uint32_t f)
{
    return (uint32_t)x->names_beside->bindings.n_items + 2 * f;
}

static inline uint32_t values_yielded(const rs_file_at_hand *x, uint32_t f)
{
    return values_returned(x, f) + 1;
}

/* The function or lambda whose code node n is, or none. */
static inline uint32_t values_function_at(const rs_file_at_hand *x, uint32_t n)
{
    const rs_names_lens *names = x->names_beside;
    return names->scopes.items[names->at.items[n]].around_def;
}

/* values_record.c. A record's variable; none when memory is out, or there are too many. */
uint32_t rs_values_record(rs_file_at_hand *x, values_record record);
/* The same for what is no event: equal ones are one. */
uint32_t rs_values_constant(rs_file_at_hand *x, values_op op, uint32_t a);
uint32_t rs_values_text(rs_file_at_hand *x, rs_str text);
/* The identifier of an attribute or keyword, mangled where it is private. */
uint32_t rs_values_name(rs_file_at_hand *x, uint32_t n);
void rs_values_item(rs_file_at_hand *x, uint32_t item);
/* The block of lens->items from `first` on, which are taken away; counted: behind their number. */
uint32_t rs_values_block(rs_file_at_hand *x, size_t first, bool counted);
void rs_values_copy(rs_file_at_hand *x, uint32_t n, uint32_t from, uint32_t to);

/* values_expr.c */
void rs_values_exprs(rs_file_at_hand *x);
/* The value that a name, attribute or item has which is changed in place. */
uint32_t rs_values_read(rs_file_at_hand *x, uint32_t n);
uint32_t rs_values_object(rs_file_at_hand *x, const char *class_name);

/* values_walk.c */
void rs_values_walk(rs_file_at_hand *x);

#endif
