/* SPDX-License-Identifier: Apache-2.0 */
/* The ids of base/hash.h as SQL functions, and a look at rows as they pass. */
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/hash.h"
#include "engine/duckdb/internal.h"

enum { MAX_PARAMETERS = 4 };

/* An argument's vector, and which of its rows are valid (NULL: all). */
typedef struct argument {
    const void *data;
    const uint64_t *validity;
} argument;

typedef struct function_row {
    const char *name;
    duckdb_scalar_function_t call;
    duckdb_type parameters[MAX_PARAMETERS];
    size_t n_parameters;
    bool takes_more; /* arguments of any type */
    bool is_volatile;
} function_row;

static argument argument_of(duckdb_data_chunk chunk, idx_t index)
{
    duckdb_vector vector = rs_duck.data_chunk_get_vector(chunk, index);
    return (argument){rs_duck.vector_get_data(vector), rs_duck.vector_get_validity(vector)};
}

static bool is_valid(const argument *arg, size_t row)
{
    return arg->validity == NULL || (arg->validity[row / 64] >> (row % 64) & 1) != 0;
}

static rs_str str_at(const argument *arg, size_t row)
{
    return rs_duckdb_str(&((const duckdb_string_t *)arg->data)[row]);
}

static int64_t i64_at(const argument *arg, size_t row)
{
    return ((const int64_t *)arg->data)[row];
}

static void set_null(duckdb_vector vector, size_t row)
{
    rs_duck.vector_ensure_validity_writable(vector);
    rs_duck.validity_set_row_invalid(rs_duck.vector_get_validity(vector), row);
}

/* --- ids --- */

/* global_id(kind, text): null when one of them is. */
static void global_id_call(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    (void)info;
    argument kinds = argument_of(input, 0);
    argument texts = argument_of(input, 1);
    int64_t *out = rs_duck.vector_get_data(output);
    size_t n_rows = rs_duck.data_chunk_get_size(input);
    for (size_t i = 0; i < n_rows; i++) {
        if (is_valid(&kinds, i) && is_valid(&texts, i)) {
            out[i] = rs_global_id(str_at(&kinds, i), str_at(&texts, i));
        } else {
            set_null(output, i);
        }
    }
}

/* edge_id(kind, src, dst, start_byte): null when one of the first three is. */
static void edge_id_call(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    (void)info;
    int64_t *out = rs_duck.vector_get_data(output);
    size_t n_rows = rs_duck.data_chunk_get_size(input);
    argument kinds = argument_of(input, 0);
    argument ends[] = {argument_of(input, 1), argument_of(input, 2)};
    argument starts = argument_of(input, 3);
    for (size_t i = 0; i < n_rows; i++) {
        if (is_valid(&kinds, i) && is_valid(&ends[0], i) && is_valid(&ends[1], i)) {
            int64_t start_byte = is_valid(&starts, i) ? i64_at(&starts, i) : 0;
            out[i] = rs_edge_id(str_at(&kinds, i), i64_at(&ends[0], i), i64_at(&ends[1], i),
                                is_valid(&starts, i) ? &start_byte : NULL);
        } else {
            set_null(output, i);
        }
    }
}

/* --- stable_id --- */

/* A column of parts. */
typedef struct part_column {
    argument values;
    duckdb_logical_type logical;
    duckdb_type type;
    duckdb_type word_type; /* of the numbers of words */
    char *word;            /* that of the last row, from the engine; NULL: none */
} part_column;

static void open_part(duckdb_data_chunk input, idx_t index, part_column *part)
{
    duckdb_vector vector = rs_duck.data_chunk_get_vector(input, index);
    *part = (part_column){.values = argument_of(input, index),
                          .logical = rs_duck.vector_get_column_type(vector)};
    part->type = rs_duck.get_type_id(part->logical);
    if (part->type == DUCKDB_TYPE_ENUM) {
        part->word_type = rs_duck.enum_internal_type(part->logical);
    }
}

static void close_part(part_column *part)
{
    rs_duck_free(part->word);
    rs_duck.destroy_logical_type(&part->logical);
}

static const char *word_at(part_column *part, size_t row)
{
    const void *data = part->values.data;
    size_t number = part->word_type == DUCKDB_TYPE_UTINYINT    ? ((const uint8_t *)data)[row]
                    : part->word_type == DUCKDB_TYPE_USMALLINT ? ((const uint16_t *)data)[row]
                                                               : ((const uint32_t *)data)[row];
    rs_duck_free(part->word);
    part->word = rs_duck.enum_dictionary_value(part->logical, number);
    return part->word;
}

/* NULL, or why it cannot be hashed. */
static const char *read_part(part_column *part, size_t row, rs_id_part *out)
{
    *out = (rs_id_part){0};
    if (part->type == DUCKDB_TYPE_SQLNULL || !is_valid(&part->values, row)) {
        return NULL;
    }
    if (part->type == DUCKDB_TYPE_VARCHAR) {
        *out = rs_id_text(str_at(&part->values, row));
    } else if (part->type == DUCKDB_TYPE_BIGINT) {
        *out = rs_id_number(i64_at(&part->values, row));
    } else if (part->type == DUCKDB_TYPE_INTEGER) {
        *out = rs_id_number(((const int32_t *)part->values.data)[row]);
    } else if (part->type == DUCKDB_TYPE_ENUM) {
        const char *word = word_at(part, row);
        *out = rs_id_text(rs_str_of(word));
        return word != NULL ? NULL : "out of memory";
    } else {
        return "a part of an id is no INTEGER, BIGINT, VARCHAR or word";
    }
    return NULL;
}

/* stable_id(tag, part...) */
static void stable_id_call(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    int64_t *out = rs_duck.vector_get_data(output);
    size_t n_rows = rs_duck.data_chunk_get_size(input);
    size_t n_parts = rs_duck.data_chunk_get_column_count(input);
    part_column *columns = rs_alloc_zero(n_parts, sizeof *columns);
    rs_id_part *parts = rs_alloc_zero(n_parts, sizeof *parts);
    bool has_memory = columns != NULL && parts != NULL;
    const char *fault = has_memory ? NULL : "out of memory";
    for (size_t k = 0; k < n_parts && has_memory; k++) {
        open_part(input, k, &columns[k]);
    }
    for (size_t i = 0; i < n_rows && fault == NULL; i++) {
        for (size_t k = 0; k < n_parts && fault == NULL; k++) {
            fault = read_part(&columns[k], i, &parts[k]);
        }
        out[i] = fault == NULL ? rs_stable_id(parts, n_parts) : 0;
    }
    for (size_t k = 0; k < n_parts && has_memory; k++) {
        close_part(&columns[k]);
    }
    rs_free(parts);
    rs_free(columns);
    if (fault != NULL) {
        rs_duck.scalar_function_set_error(info, fault);
    }
}

/* --- observe --- */

/* An engine that counts has no other thread than the caller's: a statement's rows are made in its
 * own. */
static _Thread_local struct {
    rs_observation *observations;
    size_t n_observations;
    uint64_t last_ns;
} observed;

void rs_duckdb_observe(const rs_session *session)
{
    observed.observations = session->observations;
    observed.n_observations = session->n_observations;
    observed.last_ns = session->observations != NULL ? rs_clock_ns() : 0;
}

static void count_rows(size_t number, size_t n_rows)
{
    if (number >= observed.n_observations) {
        return;
    }
    rs_observation *to = &observed.observations[number];
    uint64_t now_ns = rs_clock_ns();
    to->started_ns = to->started_ns == 0 ? observed.last_ns : to->started_ns;
    to->elapsed_ns += now_ns - observed.last_ns;
    to->ended_ns = now_ns;
    to->n_rows += n_rows;
    observed.last_ns = now_ns;
}

/* observe(number, value): the number is a constant. */
static void observe_call(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    (void)info;
    size_t n_rows = rs_duck.data_chunk_get_size(input);
    argument numbers = argument_of(input, 0);
    argument values = argument_of(input, 1);
    if (n_rows == 0) {
        return;
    }
    memcpy(rs_duck.vector_get_data(output), values.data, n_rows * sizeof(int64_t));
    if (values.validity != NULL) {
        rs_duck.vector_ensure_validity_writable(output);
        memcpy(rs_duck.vector_get_validity(output), values.validity,
               (n_rows + 63) / 64 * sizeof(uint64_t));
    }
    if (observed.observations != NULL && is_valid(&numbers, 0)) {
        count_rows((size_t)i64_at(&numbers, 0), n_rows);
    }
}

static const function_row functions[] = {
    {.name = "global_id",
     .call = global_id_call,
     .parameters = {DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR},
     .n_parameters = 2},
    {.name = "edge_id",
     .call = edge_id_call,
     .parameters = {DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_BIGINT,
                    DUCKDB_TYPE_BIGINT},
     .n_parameters = 4},
    {.name = "stable_id",
     .call = stable_id_call,
     .parameters = {DUCKDB_TYPE_VARCHAR},
     .n_parameters = 1,
     .takes_more = true},
    {.name = "observe",
     .call = observe_call,
     .parameters = {DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_BIGINT},
     .n_parameters = 2,
     .is_volatile = true},
};

static duckdb_state add_function(duckdb_connection connection, const function_row *row)
{
    duckdb_scalar_function function = rs_duck.create_scalar_function();
    duckdb_logical_type number = rs_duck.create_logical_type(DUCKDB_TYPE_BIGINT);
    rs_duck.scalar_function_set_name(function, row->name);
    for (size_t i = 0; i < row->n_parameters; i++) {
        duckdb_logical_type type = rs_duck.create_logical_type(row->parameters[i]);
        rs_duck.scalar_function_add_parameter(function, type);
        rs_duck.destroy_logical_type(&type);
    }
    if (row->takes_more) {
        duckdb_logical_type any = rs_duck.create_logical_type(DUCKDB_TYPE_ANY);
        rs_duck.scalar_function_set_varargs(function, any);
        rs_duck.destroy_logical_type(&any);
    }
    if (row->is_volatile) {
        rs_duck.scalar_function_set_volatile(function);
    }
    rs_duck.scalar_function_set_return_type(function, number);
    rs_duck.scalar_function_set_special_handling(function);
    rs_duck.scalar_function_set_function(function, row->call);
    duckdb_state state = rs_duck.register_scalar_function(connection, function);
    rs_duck.destroy_logical_type(&number);
    rs_duck.destroy_scalar_function(&function);
    return state;
}

rs_status rs_duckdb_add_functions(duckdb_connection connection, rs_error *err)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (add_function(connection, &functions[i]) != DuckDBSuccess) {
            return rs_error_set(err, RS_ERR_ENGINE, "open the engine: it takes no function %s",
                                functions[i].name);
        }
    }
    return RS_OK;
}
