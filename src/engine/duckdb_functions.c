/* SPDX-License-Identifier: Apache-2.0 */
/* The ids of base/hash.h as SQL functions. */
#include <string.h>

#include "base/hash.h"
#include "engine/duckdb_internal.h"

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

/* edge_id(kind, src, dst, start_byte): start_byte may be null. */
static void edge_id_call(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    (void)info;
    argument kind = argument_of(input, 0);
    argument src = argument_of(input, 1);
    argument dst = argument_of(input, 2);
    argument start_byte = argument_of(input, 3);
    int64_t *out = duckdb_vector_get_data(output);
    size_t n_rows = duckdb_data_chunk_get_size(input);
    const uint64_t first = rs_stable_id_init("edge");
    for (size_t i = 0; i < n_rows; i++) {
        if (!is_valid(&kind, i) || !is_valid(&src, i) || !is_valid(&dst, i)) {
            set_null(output, i);
            continue;
        }
        uint64_t hash = rs_stable_id_str(first, str_at(&kind, i));
        hash = rs_stable_id_i64(hash, i64_at(&src, i));
        hash = rs_stable_id_i64(hash, i64_at(&dst, i));
        if (is_valid(&start_byte, i)) {
            hash = rs_stable_id_i64(hash, i64_at(&start_byte, i));
        }
        out[i] = (int64_t)hash;
    }
}

static const function_row functions[] = {
    {"global_id", global_id_call, {DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR}, 2},
    {"edge_id",
     edge_id_call,
     {DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_BIGINT},
     4},
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
