/* SPDX-License-Identifier: Apache-2.0 */
/* Values as something else: words as texts, texts as words, whole numbers as others. */
#include <stdint.h>
#include <string.h>

#include "engine/native/native.h"

/* data: a text a word. */
static void run_word_text(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    rs_native_operands o;
    const rs_str *texts = op->data;
    if (!rs_native_begin_one(machine, op, n, &o)) {
        return;
    }
    const uint8_t *a = o.a;
    rs_str *out = o.out;
    for (size_t i = 0; i < o.n; i++) { /* also of a null, RS_ENUM_NULL */
        out[i] = texts[a[i]];
    }
}

rs_native_value rs_native_as_text(rs_native_compiler *compiler, rs_native_value value)
{
    if (value.class != RS_NATIVE_WORD) {
        return value;
    }
    rs_str *texts = rs_native_take(compiler, UINT8_MAX + 1, sizeof *texts);
    for (size_t i = 0; texts != NULL && i < value.words->n_words; i++) {
        texts[i] = rs_str_of(value.words->words[i]);
    }
    return rs_native_emit(compiler,
                          (rs_native_op){.run = run_word_text, .a = value.at, .data = texts},
                          RS_NATIVE_TEXT, NULL);
}

static void run_whole_float(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    rs_native_operands o;
    if (!rs_native_begin_one(machine, op, n, &o)) {
        return;
    }
    for (size_t i = 0; i < o.n; i++) {
        ((double *)o.out)[i] = (double)((const int64_t *)o.a)[i];
    }
}

rs_native_value rs_native_as_float(rs_native_compiler *compiler, rs_native_value value)
{
    return value.class != RS_NATIVE_WHOLE
               ? value
               : rs_native_emit(compiler, (rs_native_op){.run = run_whole_float, .a = value.at},
                                RS_NATIVE_FLOAT, NULL);
}

static void run_short_float(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    rs_native_operands o;
    if (!rs_native_begin_one(machine, op, n, &o)) {
        return;
    }
    for (size_t i = 0; i < o.n; i++) {
        ((double *)o.out)[i] = (double)(float)((const double *)o.a)[i];
    }
}

/* --- what may not fit --- */

static void fail_row(rs_native_machine *machine, const rs_native_op *op, size_t n, size_t row,
                     const char *fault)
{
    uint8_t *valid = rs_native_own_validity(machine, op->out, n);
    if (valid[row] == RS_NATIVE_VALID) {
        valid[row] = RS_NATIVE_FAULT;
        machine->fault = fault;
    }
}

static void run_small(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    rs_native_operands o;
    if (!rs_native_begin_one(machine, op, n, &o)) {
        return;
    }
    const int64_t *a = o.a;
    machine->registers[op->out].value.values = a;
    for (size_t i = 0; i < o.n; i++) {
        if (a[i] < INT32_MIN || a[i] > INT32_MAX) {
            fail_row(machine, op, o.n, i, "a number does not fit its column");
        }
    }
}

static const char no_word[] = "a text that is no word of its column";

/* data: the set. */
static void run_text_word(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    rs_native_operands o;
    const rs_words *words = op->data;
    if (!rs_native_begin_one(machine, op, n, &o)) {
        return;
    }
    const rs_str *a = o.a;
    uint8_t *out = o.out;
    const rs_native_vector made = *rs_native_at(machine, op->out);
    for (size_t i = 0; i < o.n; i++) {
        size_t word = 0;
        out[i] = 0;
        if (rs_native_valid_at(&made, i) != RS_NATIVE_VALID) {
            continue;
        }
        while (word < words->n_words && !rs_str_equal(rs_str_of(words->words[word]), a[i])) {
            word++;
        }
        if (word == words->n_words) {
            fail_row(machine, op, o.n, i, no_word);
        } else {
            out[i] = (uint8_t)word;
        }
    }
}

/* data: the number of each word in the other set; RS_ENUM_NULL: it is none of it. */
static void run_word_word(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    rs_native_operands o;
    const uint8_t *numbers = op->data;
    if (!rs_native_begin_one(machine, op, n, &o)) {
        return;
    }
    const uint8_t *a = o.a;
    uint8_t *out = o.out;
    for (size_t i = 0; i < o.n; i++) {
        out[i] = numbers[a[i]];
        if (out[i] == RS_ENUM_NULL) {
            out[i] = 0;
            fail_row(machine, op, o.n, i, no_word);
        }
    }
}

static uint8_t word_number(const rs_words *words, rs_str text)
{
    for (size_t i = 0; i < words->n_words; i++) {
        if (rs_str_equal(rs_str_of(words->words[i]), text)) {
            return (uint8_t)i;
        }
    }
    return RS_ENUM_NULL;
}

/* --- columns --- */

/* Packs add words to these (schema/kinds.h), which no plan knows. */
static bool is_of_kinds(const rs_words *words)
{
    return words == rs_words_find("node_kind") || words == rs_words_find("edge_kind");
}

static rs_native_value to_word(rs_native_compiler *compiler, rs_native_value value,
                               const rs_expr *expr, const rs_words *words)
{
    if (value.class == RS_NATIVE_WORD && value.words == words) {
        return value;
    }
    if (expr->kind == RS_EXPR_TEXT && word_number(words, expr->text) != RS_ENUM_NULL) {
        uint8_t number = word_number(words, expr->text);
        rs_native_value made = rs_native_constant(compiler, RS_NATIVE_WORD, &number, sizeof number);
        made.words = words;
        return made;
    }
    if (value.class == RS_NATIVE_TEXT && is_of_kinds(words)) {
        return rs_native_refuse(compiler, "a kind that a pack may declare");
    }
    if (value.class == RS_NATIVE_TEXT) {
        return rs_native_emit(compiler,
                              (rs_native_op){.run = run_text_word, .a = value.at, .data = words},
                              RS_NATIVE_WORD, words);
    }
    uint8_t *numbers = rs_native_take(compiler, UINT8_MAX + 1, 1);
    for (size_t i = 0; numbers != NULL && i < value.words->n_words; i++) {
        numbers[i] = word_number(words, rs_str_of(value.words->words[i]));
    }
    return rs_native_emit(compiler,
                          (rs_native_op){.run = run_word_word, .a = value.at, .data = numbers},
                          RS_NATIVE_WORD, words);
}

rs_native_value rs_native_cast(rs_native_compiler *compiler, rs_native_value value,
                               const rs_expr *expr, const rs_column *column)
{
    if (value.class == RS_NATIVE_NOTHING || compiler->failed || compiler->cannot) {
        return value;
    }
    switch (column->type) {
    case RS_TYPE_STR:
        return rs_native_as_text(compiler, value);
    case RS_TYPE_ENUM:
        return to_word(compiler, value, expr, column->words);
    case RS_TYPE_F64:
        return rs_native_as_float(compiler, value);
    case RS_TYPE_F32:
        value = rs_native_as_float(compiler, value);
        return rs_native_emit(compiler, (rs_native_op){.run = run_short_float, .a = value.at},
                              RS_NATIVE_FLOAT, NULL);
    case RS_TYPE_I32:
        return expr->type == RS_EXPR_IS_I32
                   ? value
                   : rs_native_emit(compiler, (rs_native_op){.run = run_small, .a = value.at},
                                    RS_NATIVE_WHOLE, NULL);
    case RS_TYPE_I64:
    case RS_TYPE_BOOL:
        return value;
    }
    return value;
}
