/* SPDX-License-Identifier: Apache-2.0 */
/* made.h - columns of every type, shape and pattern, drawn from bytes: what the writer's tests write.
 *
 * The same bytes give the same columns. A fuzzer's bytes are drawn one by one; behind them, and for tests
 * that have a seed alone, numbers of a generator follow.
 */
#ifndef RS_TESTS_PARQUET_MADE_H
#define RS_TESTS_PARQUET_MADE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parquet/parquet.h"

enum { MADE_MAX_COLUMNS = 12, MADE_WORDS = 5 };

typedef struct made_source {
    const uint8_t *bytes;
    size_t n_bytes;
    uint64_t state;
} made_source;

/* What holds the values of a vector. */
typedef struct made_values {
    void *values;
    uint64_t *validity;
    uint32_t *n_items;
    char *texts;
} made_values;

typedef struct made_column {
    char name[24];
    rs_parquet_column column;
    rs_parquet_vector vector;
    rs_parquet_vector items;
    rs_parquet_vector keys;
    made_values own[3];
} made_column;

typedef struct made_table {
    made_column columns[MADE_MAX_COLUMNS];
    size_t n_columns;
    size_t n_rows;
} made_table;

static inline uint64_t made_next(made_source *of)
{
    of->state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = of->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 0 .. n - 1 */
static inline size_t made_draw(made_source *of, size_t n)
{
    if (of->n_bytes > 0) {
        of->n_bytes--;
        of->state = of->state * 31 + *of->bytes;
        return *of->bytes++ % n;
    }
    return (size_t)(made_next(of) % n);
}

static inline void *made_alloc(size_t n_bytes)
{
    void *block = calloc(n_bytes + 8, 1);
    if (block == NULL) {
        abort();
    }
    return block;
}

/* --- numbers --- */

enum { MADE_CONSTANT, MADE_RUNS, MADE_RISING, MADE_FEW, MADE_ANY, MADE_EXTREME, MADE_PATTERNS };

/* A number for a row; last is what came before. */
static inline int64_t made_number(made_source *of, size_t pattern, size_t row, int64_t last)
{
    static const int64_t extremes[] = {INT64_MIN, INT64_MAX, 0, -1, 1, INT32_MIN, INT32_MAX};
    switch (pattern) {
    case MADE_CONSTANT:
        return 7;
    case MADE_RUNS:
        return made_next(of) % 40 == 0 ? (int64_t)(made_next(of) % 5) : last;
    case MADE_RISING:
        return last + (int64_t)(made_next(of) % 9) - (row % 100 == 0 ? 50 : 0);
    case MADE_FEW:
        return (int64_t)(made_next(of) % 300) - 100;
    case MADE_EXTREME:
        return extremes[made_next(of) % (sizeof extremes / sizeof extremes[0])];
    default:
        return (int64_t)(made_next(of) >> (made_next(of) % 64));
    }
}

static inline double made_float(int64_t number, size_t pattern)
{
    static const double extremes[] = {0.0, -0.0, INFINITY, -INFINITY, NAN, 1e-300, 3.4e38};
    return pattern == MADE_EXTREME ? extremes[(uint64_t)number % 7] : (double)number / 8;
}

/* --- texts --- */

static const char *const made_pieces[] = {"",     "a",  "os.path",          "\xc3\xa9",
                                          "x\"y", "\n", "\xf0\x9f\x90\x8d", "self"};

static inline rs_str made_text(made_source *of, size_t pattern, size_t row, char *room)
{
    size_t n_pieces = 0;
    int n = 0;
    switch (pattern) {
    case MADE_CONSTANT:
        return RS_STR_LITERAL("always the same");
    case MADE_RUNS:
    case MADE_FEW:
        n = snprintf(room, 64, "name_%u",
                     (unsigned)(made_next(of) % (pattern == MADE_RUNS ? 3 : 700)));
        return (rs_str){room, (size_t)n};
    case MADE_RISING: /* nearly all are different, and some of them long */
        n = snprintf(room, 700, "%0*zu", 10 + (int)(made_next(of) % 4 == 0) * 600, row);
        return (rs_str){room, (size_t)n};
    case MADE_EXTREME: /* bounds that have to be cut, and some that cannot be */
        for (n_pieces = 0; n_pieces < 30; n_pieces++) {
            n += snprintf(room + n, 16, "%s", made_pieces[row % 2 == 0 ? 6 : made_next(of) % 8]);
        }
        return (rs_str){room, (size_t)n};
    default:
        for (n_pieces = made_next(of) % 5; n_pieces > 0; n_pieces--) {
            n += snprintf(room + n, 16, "%s", made_pieces[made_next(of) % 8]);
        }
        return (rs_str){room, (size_t)n};
    }
}

/* --- vectors --- */

static inline size_t made_value_bytes(rs_type type)
{
    return type == RS_TYPE_STR                            ? sizeof(rs_str)
           : type == RS_TYPE_I64 || type == RS_TYPE_F64   ? 8
           : type == RS_TYPE_BOOL || type == RS_TYPE_ENUM ? 1
                                                          : 4;
}

static inline void made_set(made_source *of, rs_type type, size_t pattern, size_t row,
                            int64_t number, void *values, char *room)
{
    switch (type) {
    case RS_TYPE_I64:
        ((int64_t *)values)[row] = number;
        break;
    case RS_TYPE_I32:
        ((int32_t *)values)[row] = (int32_t)(uint32_t)(uint64_t)number;
        break;
    case RS_TYPE_BOOL:
        ((uint8_t *)values)[row] = number % 2 != 0;
        break;
    case RS_TYPE_F32:
        ((float *)values)[row] = (float)made_float(number, pattern);
        break;
    case RS_TYPE_F64:
        ((double *)values)[row] = made_float(number, pattern);
        break;
    case RS_TYPE_STR:
        ((rs_str *)values)[row] = made_text(of, pattern, row, room);
        break;
    case RS_TYPE_ENUM:
        ((uint8_t *)values)[row] = (uint8_t)((uint64_t)number % MADE_WORDS);
        break;
    }
}

/* Which rows are null: none, all, one in four, long stretches, all but the first. */
static inline bool made_is_null(made_source *of, size_t pattern, size_t row)
{
    switch (pattern) {
    case 1:
        return true;
    case 2:
        return made_next(of) % 4 == 0;
    case 3:
        return row / 500 % 2 == 1;
    case 4:
        return row > 0;
    default:
        return false;
    }
}

static inline void made_fill(made_source *of, rs_type type, size_t n, bool has_nulls,
                             rs_parquet_vector *vector, made_values *own)
{
    size_t pattern = made_draw(of, MADE_PATTERNS);
    size_t nulls = has_nulls ? made_draw(of, 6) : 0;
    int64_t number = (int64_t)made_draw(of, 256) << made_draw(of, 50);
    bool is_flat = made_draw(of, 5) > 0;
    size_t n_values = is_flat ? n : 1;
    own->values = made_alloc(n_values * made_value_bytes(type));
    own->texts = made_alloc(type == RS_TYPE_STR ? n_values * 700 : 0);
    own->validity = nulls > 0 && is_flat ? made_alloc((n + 63) / 64 * 8 + 8) : NULL;
    *vector = (rs_parquet_vector){.form = is_flat      ? RS_FORM_FLAT
                                          : nulls == 1 ? RS_FORM_NULL
                                                       : RS_FORM_CONSTANT,
                                  .values = own->values,
                                  .validity = own->validity,
                                  .first_bit = own->validity != NULL ? 5 : 0};
    for (size_t row = 0; row < n_values; row++) {
        number = made_number(of, pattern, row, number);
        made_set(of, type, pattern, row, number, own->values, own->texts + row * 700);
        if (own->validity == NULL) {
            continue;
        }
        if (made_is_null(of, nulls, row)) {
            if (type == RS_TYPE_STR && row % 2 == 0) { /* the other way to say it */
                ((rs_str *)own->values)[row] = (rs_str){0};
            } else if (type == RS_TYPE_ENUM && row % 2 == 0) {
                ((uint8_t *)own->values)[row] = RS_ENUM_NULL;
            } else {
                continue;
            }
        }
        own->validity[(row + 5) / 64] |= UINT64_C(1) << ((row + 5) % 64);
    }
}

static const rs_str made_words[MADE_WORDS] = {
    {"Call", 4}, {"Name", 4}, {"", 0}, {"FunctionDef", 11}, {"never the greatest", 18}};

static inline void made_nested(made_source *of, made_column *to, size_t n_rows)
{
    bool is_map = to->column.shape == RS_SHAPE_MAP;
    size_t n_items = 0;
    uint64_t *validity = made_alloc((n_rows + 63) / 64 * 8);
    to->own[0].validity = validity;
    to->own[0].n_items = made_alloc(n_rows * sizeof(uint32_t));
    for (size_t row = 0; row < n_rows; row++) {
        bool is_valid = made_next(of) % 5 > 0;
        to->own[0].n_items[row] = is_valid ? (uint32_t)(made_next(of) % 4) : 0;
        validity[row / 64] |= (uint64_t)is_valid << (row % 64);
        n_items += to->own[0].n_items[row];
    }
    made_fill(of, to->column.type, n_items, true, &to->items, &to->own[1]);
    to->vector = (rs_parquet_vector){.form = RS_FORM_FLAT,
                                     .validity = validity,
                                     .n_items = to->own[0].n_items,
                                     .items = &to->items,
                                     .keys = is_map ? &to->keys : NULL};
    if (is_map) { /* keys that are not null, and differ within a row */
        rs_str *keys = made_alloc(n_items * sizeof *keys);
        to->own[2].texts = made_alloc(n_items * 32);
        to->own[2].values = keys;
        for (size_t i = 0; i < n_items; i++) {
            char *room = to->own[2].texts + i * 32;
            keys[i] = (rs_str){room, (size_t)snprintf(room, 32, "k%zu", i % 9)};
        }
        to->keys = (rs_parquet_vector){.form = RS_FORM_FLAT, .values = keys};
    }
}

static inline void made_table_draw(made_source *of, size_t n_max_rows, made_table *table)
{
    static const rs_type types[] = {RS_TYPE_I64, RS_TYPE_I32, RS_TYPE_BOOL, RS_TYPE_F32,
                                    RS_TYPE_F64, RS_TYPE_STR, RS_TYPE_ENUM};
    memset(table, 0, sizeof *table);
    table->n_columns = 1 + made_draw(of, MADE_MAX_COLUMNS);
    table->n_rows = made_draw(of, 256) * made_draw(of, 256) % (n_max_rows + 1);
    for (size_t i = 0; i < table->n_columns; i++) {
        made_column *to = &table->columns[i];
        size_t shape = made_draw(of, 6);
        (void)snprintf(to->name, sizeof to->name, "c%zu", i);
        to->column = (rs_parquet_column){.name = to->name,
                                         .type = types[made_draw(of, 7)],
                                         .shape = shape < 2 ? (rs_shape)(1 + shape) : RS_SHAPE_ONE};
        if (to->column.type == RS_TYPE_ENUM) {
            to->column.words = made_words;
            to->column.n_words = MADE_WORDS;
        }
        if (to->column.shape == RS_SHAPE_ONE) {
            made_fill(of, to->column.type, table->n_rows, true, &to->vector, &to->own[0]);
        } else {
            made_nested(of, to, table->n_rows);
        }
    }
}

static inline void made_table_release(made_table *table)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        for (size_t j = 0; j < 3; j++) {
            made_values *own = &table->columns[i].own[j];
            free(own->values);
            free(own->validity);
            free(own->n_items);
            free(own->texts);
        }
    }
}

/* --- writing --- */

static inline size_t made_sum(const uint32_t *n_items, size_t n)
{
    size_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += n_items[i];
    }
    return sum;
}

static inline rs_parquet_vector made_slice(rs_parquet_vector from, rs_type type, size_t first)
{
    if (from.form == RS_FORM_FLAT) {
        from.values =
            from.values != NULL ? (const char *)from.values + first * made_value_bytes(type) : NULL;
        from.first_bit += first;
    }
    return from;
}

/* The vectors of the rows from first on; items and keys have room for those of lists. */
static inline void made_vectors(const made_table *table, size_t first, rs_parquet_vector *vectors,
                                rs_parquet_vector *items, rs_parquet_vector *keys)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const made_column *from = &table->columns[i];
        vectors[i] = made_slice(from->vector, from->column.type, first);
        if (from->column.shape != RS_SHAPE_ONE) {
            size_t first_item = made_sum(from->vector.n_items, first);
            items[i] = made_slice(from->items, from->column.type, first_item);
            keys[i] = made_slice(from->keys, RS_TYPE_STR, first_item);
            vectors[i].n_items = from->vector.n_items + first;
            vectors[i].items = &items[i];
            vectors[i].keys = &keys[i];
        }
    }
}

/* Write the table in pushes of n_push rows. */
static inline rs_status made_write(const made_table *table, const char *path, size_t n_push,
                                   rs_parquet_written *written, rs_error *err)
{
    const rs_text_pair pairs[] = {{"relspec.dataset", "made"}, {"relspec.empty", ""}};
    rs_parquet_column columns[MADE_MAX_COLUMNS];
    rs_parquet_vector vectors[3][MADE_MAX_COLUMNS];
    rs_parquet *file = NULL;
    for (size_t i = 0; i < table->n_columns; i++) {
        columns[i] = table->columns[i].column;
    }
    rs_status status = rs_parquet_open(path, columns, table->n_columns, pairs, 2, &file, err);
    for (size_t at = 0; status == RS_OK && at < table->n_rows; at += n_push) {
        size_t n = table->n_rows - at < n_push ? table->n_rows - at : n_push;
        made_vectors(table, at, vectors[0], vectors[1], vectors[2]);
        status = rs_parquet_push(file, vectors[0], n, err);
    }
    RS_THEN(status, rs_parquet_close(file, written, err));
    rs_parquet_free(file);
    return status;
}

#endif
