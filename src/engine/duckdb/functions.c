/* SPDX-License-Identifier: Apache-2.0 */
/* The ids of base/hash.h as SQL functions, and a look at rows as they pass. */
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "engine/duckdb/internal.h"

enum { MAX_PARAMETERS = 4, MAX_KIND_BYTES = 64 };

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
    duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, index);
    return (argument){duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector)};
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
    duckdb_vector_ensure_validity_writable(vector);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
}

/* global_id(kind, text): null when one of them is. */
static void global_id_call(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    argument kinds = argument_of(input, 0);
    argument texts = argument_of(input, 1);
    int64_t *out = duckdb_vector_get_data(output);
    size_t n_rows = duckdb_data_chunk_get_size(input);
    char kind[MAX_KIND_BYTES] = "";
    for (size_t i = 0; i < n_rows; i++) {
        if (!is_valid(&kinds, i) || !is_valid(&texts, i)) {
            set_null(output, i);
            continue;
        }
        rs_str name = str_at(&kinds, i);
        if (name.n_bytes >= sizeof kind) {
            duckdb_scalar_function_set_error(info, "the kind is too long");
            return;
        }
        memcpy(kind, name.bytes, name.n_bytes);
        kind[name.n_bytes] = '\0';
        out[i] = rs_global_id(kind, str_at(&texts, i));
    }
}

/* The hash of the kind, of which there are few, and the same ones stand together. */
static void hash_kinds(const argument *kinds, uint64_t *hashes, size_t n_rows)
{
    const uint64_t first = rs_stable_id_init("edge");
    const duckdb_string_t *words = kinds->data;
    size_t last = n_rows;
    for (size_t i = 0; i < n_rows; i++) {
        if (!is_valid(kinds, i)) {
            continue;
        }
        /* Equal words may have unequal strings, where they are long; they are hashed again. */
        if (last == n_rows || memcmp(&words[i], &words[last], sizeof words[0]) != 0) {
            hashes[i] = rs_stable_id_str(first, str_at(kinds, i));
        } else {
            hashes[i] = hashes[last];
        }
        last = i;
    }
}

/* Take numbers into the hashes, where they are not null. */
static void hash_numbers(const argument *numbers, uint64_t *hashes, size_t n_rows)
{
    if (numbers->validity == NULL) {
        rs_stable_ids_add_i64(hashes, numbers->data, n_rows);
        return;
    }
    for (size_t i = 0; i < n_rows; i++) {
        if (is_valid(numbers, i)) {
            hashes[i] = rs_stable_id_i64(hashes[i], i64_at(numbers, i));
        }
    }
}

/* edge_id(kind, src, dst, start_byte): start_byte may be null. */
static void edge_id_call(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    (void)info;
    uint64_t *hashes = duckdb_vector_get_data(output);
    size_t n_rows = duckdb_data_chunk_get_size(input);
    argument kind = argument_of(input, 0);
    hash_kinds(&kind, hashes, n_rows);
    for (idx_t column = 1; column < 4; column++) {
        argument numbers = argument_of(input, column);
        hash_numbers(&numbers, hashes, n_rows);
    }
    for (idx_t column = 0; column < 3; column++) {
        argument required = argument_of(input, column);
        for (size_t i = 0; i < n_rows && required.validity != NULL; i++) {
            if (!is_valid(&required, i)) {
                set_null(output, i);
            }
        }
    }
}

/* --- stable_id --- */

/* Take the words of a set into the hashes of the rows; false when memory is out. */
static bool hash_words(duckdb_vector vector, duckdb_logical_type type, uint64_t *hashes,
                       size_t n_rows)
{
    const uint64_t *validity = duckdb_vector_get_validity(vector);
    const void *data = duckdb_vector_get_data(vector);
    duckdb_type numbers = duckdb_enum_internal_type(type);
    for (size_t i = 0; i < n_rows; i++) {
        if (validity != NULL && (validity[i / 64] >> (i % 64) & 1) == 0) {
            continue;
        }
        size_t number = numbers == DUCKDB_TYPE_UTINYINT    ? ((const uint8_t *)data)[i]
                        : numbers == DUCKDB_TYPE_USMALLINT ? ((const uint16_t *)data)[i]
                                                           : ((const uint32_t *)data)[i];
        char *word = duckdb_enum_dictionary_value(type, number);
        if (word == NULL) {
            return false;
        }
        hashes[i] = rs_stable_id_str(hashes[i], rs_str_of(word));
        duckdb_free(word);
    }
    return true;
}

/* NULL, or why the part cannot be hashed. */
static const char *hash_part(duckdb_data_chunk input, idx_t index, uint64_t *hashes, size_t n_rows)
{
    duckdb_vector vector = duckdb_data_chunk_get_vector(input, index);
    argument part = argument_of(input, index);
    duckdb_logical_type logical = duckdb_vector_get_column_type(vector);
    duckdb_type type = duckdb_get_type_id(logical);
    const char *fault = NULL;
    if (type == DUCKDB_TYPE_ENUM) {
        fault = hash_words(vector, logical, hashes, n_rows) ? NULL : "out of memory";
    } else if (type != DUCKDB_TYPE_BIGINT && type != DUCKDB_TYPE_INTEGER &&
               type != DUCKDB_TYPE_VARCHAR && type != DUCKDB_TYPE_SQLNULL) {
        fault = "a part of an id is no INTEGER, BIGINT, VARCHAR or word";
    }
    duckdb_destroy_logical_type(&logical);
    for (size_t i = 0; i < n_rows && fault == NULL; i++) {
        if (type == DUCKDB_TYPE_SQLNULL || type == DUCKDB_TYPE_ENUM || !is_valid(&part, i)) {
            continue;
        }
        if (type == DUCKDB_TYPE_VARCHAR) {
            hashes[i] = rs_stable_id_str(hashes[i], str_at(&part, i));
        } else {
            int64_t number =
                type == DUCKDB_TYPE_BIGINT ? i64_at(&part, i) : ((const int32_t *)part.data)[i];
            hashes[i] = rs_stable_id_i64(hashes[i], number);
        }
    }
    return fault;
}

/* stable_id(tag, part...): a null part is skipped, as in Spark's xxhash64. */
static void stable_id_call(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    uint64_t *hashes = duckdb_vector_get_data(output);
    size_t n_rows = duckdb_data_chunk_get_size(input);
    for (size_t i = 0; i < n_rows; i++) {
        hashes[i] = RS_STABLE_ID_SEED;
    }
    const char *fault = NULL;
    for (idx_t i = 0; i < duckdb_data_chunk_get_column_count(input) && fault == NULL; i++) {
        fault = hash_part(input, i, hashes, n_rows);
    }
    if (fault != NULL) {
        duckdb_scalar_function_set_error(info, fault);
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
    size_t n_rows = duckdb_data_chunk_get_size(input);
    argument numbers = argument_of(input, 0);
    argument values = argument_of(input, 1);
    if (n_rows == 0) {
        return;
    }
    memcpy(duckdb_vector_get_data(output), values.data, n_rows * sizeof(int64_t));
    if (values.validity != NULL) {
        duckdb_vector_ensure_validity_writable(output);
        memcpy(duckdb_vector_get_validity(output), values.validity,
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
    duckdb_scalar_function function = duckdb_create_scalar_function();
    duckdb_logical_type number = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    duckdb_scalar_function_set_name(function, row->name);
    for (size_t i = 0; i < row->n_parameters; i++) {
        duckdb_logical_type type = duckdb_create_logical_type(row->parameters[i]);
        duckdb_scalar_function_add_parameter(function, type);
        duckdb_destroy_logical_type(&type);
    }
    if (row->takes_more) {
        duckdb_logical_type any = duckdb_create_logical_type(DUCKDB_TYPE_ANY);
        duckdb_scalar_function_set_varargs(function, any);
        duckdb_destroy_logical_type(&any);
    }
    if (row->is_volatile) {
        duckdb_scalar_function_set_volatile(function);
    }
    duckdb_scalar_function_set_return_type(function, number);
    duckdb_scalar_function_set_special_handling(function);
    duckdb_scalar_function_set_function(function, row->call);
    duckdb_state state = duckdb_register_scalar_function(connection, function);
    duckdb_destroy_logical_type(&number);
    duckdb_destroy_scalar_function(&function);
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
