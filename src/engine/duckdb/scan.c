/* SPDX-License-Identifier: Apache-2.0 */
/* relspec_scan(dataset, first_part, end_part): evidence, scanned where it lies.
 *
 * Numbers are copied up to 2048 rows at a time, words as numbers of an ENUM type; a
 * string is the copy of a 16-byte value that was prepared once for its part. So nothing
 * is called for a value. A chunk never spans two parts, so a bitmap's words start where
 * the chunk does.
 */
#include <string.h>

#include "base/alloc.h"
#include "engine/duckdb/internal.h"

enum { MAX_COLUMNS = 64 };

/* Behind the dataset's columns in a scan's: the row's place. */
static const rs_column row_column = {.name = "_row", .type = RS_TYPE_I64, .required = true};

typedef struct scan_bind {
    rs_engine *engine;
    rs_dataset_id dataset;
    size_t first_part;
    size_t end_part;
    size_t columns[MAX_COLUMNS]; /* of the dataset, by result column; n_columns of it: _row */
    size_t n_columns;
} scan_bind;

/* Where a scan stands, and what it must fill. */
typedef struct scan_state {
    size_t part;
    size_t row;        /* in the part */
    int64_t n_before;  /* rows of the parts before */
    size_t *projected; /* result column of each vector of the chunk */
    size_t n_projected;
} scan_state;

duckdb_string_t rs_duckdb_string(rs_str text)
{
    duckdb_string_t string;
    memset(&string, 0, sizeof string);
    string.value.inlined.length = (uint32_t)text.n_bytes;
    if (text.n_bytes <= sizeof string.value.inlined.inlined) {
        if (text.n_bytes > 0) {
            memcpy(string.value.inlined.inlined, text.bytes, text.n_bytes);
        }
        return string;
    }
    memcpy(string.value.pointer.prefix, text.bytes, sizeof string.value.pointer.prefix);
    /* The engine's type has no const; it reads the bytes only. */
    string.value.pointer.ptr = (char *)(uintptr_t)text.bytes;
    return string;
}

rs_str rs_duckdb_str(const duckdb_string_t *string)
{
    size_t n_bytes = string->value.inlined.length;
    if (n_bytes <= sizeof string->value.inlined.inlined) {
        return (rs_str){string->value.inlined.inlined, n_bytes};
    }
    return (rs_str){string->value.pointer.ptr, n_bytes};
}

static duckdb_type engine_type(rs_type type)
{
    switch (type) {
    case RS_TYPE_I64:
        return DUCKDB_TYPE_BIGINT;
    case RS_TYPE_I32:
        return DUCKDB_TYPE_INTEGER;
    case RS_TYPE_BOOL:
        return DUCKDB_TYPE_BOOLEAN;
    case RS_TYPE_F32:
        return DUCKDB_TYPE_FLOAT;
    case RS_TYPE_F64:
        return DUCKDB_TYPE_DOUBLE;
    case RS_TYPE_STR:
        return DUCKDB_TYPE_VARCHAR;
    case RS_TYPE_ENUM:
        return DUCKDB_TYPE_ENUM;
    }
    return DUCKDB_TYPE_INVALID;
}

/* Of a column; the caller destroys it. */
static duckdb_logical_type logical_type(const rs_engine *engine, const rs_column *column)
{
    if (column->type != RS_TYPE_ENUM) {
        return rs_duck.create_logical_type(engine_type(column->type));
    }
    /* The engine's parameter has no const; it copies the words. */
    const rs_words *words = rs_kinds_words(engine->kinds, column->words);
    return rs_duck.create_enum_type((const char **)(uintptr_t)words->words, words->n_words);
}

/* --- bind --- */

static void add_result_column(duckdb_bind_info info, const rs_engine *engine,
                              const rs_column *column)
{
    duckdb_logical_type type = logical_type(engine, column);
    rs_duck.bind_add_result_column(info, column->name, type);
    rs_duck.destroy_logical_type(&type);
}

static int64_t bound_i64(duckdb_bind_info info, idx_t index)
{
    duckdb_value value = rs_duck.bind_get_parameter(info, index);
    int64_t number = rs_duck.get_int64(value);
    rs_duck.destroy_value(&value);
    return number;
}

/* The dataset that the first parameter names; false when there is none. */
static bool bound_dataset(duckdb_bind_info info, rs_dataset_id *dataset)
{
    duckdb_value value = rs_duck.bind_get_parameter(info, 0);
    char *name = rs_duck.get_varchar(value);
    rs_duck.destroy_value(&value);
    bool found = false;
    for (int i = 0; i < RS_N_EVIDENCE && name != NULL && !found; i++) {
        *dataset = (rs_dataset_id)i;
        found = strcmp(rs_dataset_get(*dataset)->name, name) == 0;
    }
    rs_duck_free(name);
    return found;
}

/* Rows of the parts, or SIZE_MAX when one of them is not there. */
static size_t rows_of(const scan_bind *bind)
{
    size_t n_rows = 0;
    RS_ASSERT(bind->end_part <= bind->engine->n_parts);
    for (size_t i = bind->first_part; i < bind->end_part; i++) {
        const rs_part *part = bind->engine->parts[i].part;
        if (part == NULL) {
            return SIZE_MAX;
        }
        n_rows += part->batches[bind->dataset].n_rows;
    }
    return n_rows;
}

static void scan_bind_call(duckdb_bind_info info)
{
    rs_engine *engine = rs_duck.bind_get_extra_info(info);
    scan_bind *bind = rs_alloc_zero(1, sizeof *bind);
    if (bind == NULL) {
        rs_duck.bind_set_error(info, "out of memory");
        return;
    }
    rs_duck.bind_set_bind_data(info, bind, rs_free);
    int64_t first_part = bound_i64(info, 1);
    int64_t end_part = bound_i64(info, 2);
    if (!bound_dataset(info, &bind->dataset) || first_part < 0 || end_part < first_part ||
        (uint64_t)end_part > engine->n_parts) {
        rs_duck.bind_set_error(info, "no such dataset or parts");
        return;
    }
    bind->engine = engine;
    bind->first_part = (size_t)first_part;
    bind->end_part = (size_t)end_part;
    size_t n_rows = rows_of(bind);
    if (n_rows == SIZE_MAX) {
        rs_duck.bind_set_error(info, "a part is not there");
        return;
    }
    const rs_dataset *dataset = rs_dataset_get(bind->dataset);
    RS_ASSERT(dataset->n_columns < MAX_COLUMNS);
    for (size_t i = 0; i < dataset->n_columns; i++) {
        if (rs_column_is_in_memory(&dataset->columns[i])) {
            add_result_column(info, engine, &dataset->columns[i]);
            bind->columns[bind->n_columns++] = i;
        }
    }
    add_result_column(info, engine, &row_column);
    RS_ASSERT(bind->n_columns < MAX_COLUMNS);
    bind->columns[bind->n_columns++] = dataset->n_columns;
    rs_duck.bind_set_cardinality(info, n_rows, true);
}

/* --- init --- */

static void state_free(void *data)
{
    scan_state *state = data;
    rs_free(state->projected);
    rs_free(state);
}

static void scan_init_call(duckdb_init_info info)
{
    const scan_bind *bind = rs_duck.init_get_bind_data(info);
    scan_state *state = rs_alloc_zero(1, sizeof *state);
    if (state == NULL) {
        rs_duck.init_set_error(info, "out of memory");
        return;
    }
    rs_duck.init_set_init_data(info, state, state_free);
    rs_duck.init_set_max_threads(info, 1);
    if (bind->engine->counts_scans) {
        atomic_fetch_add(&bind->engine->scans[bind->dataset].n_scans, 1);
    }
    state->part = bind->first_part;
    state->n_projected = rs_duck.init_get_column_count(info);
    state->projected = rs_alloc(state->n_projected + 1, sizeof *state->projected);
    if (state->projected == NULL) {
        rs_duck.init_set_error(info, "out of memory");
        return;
    }
    for (size_t i = 0; i < state->n_projected; i++) {
        state->projected[i] = rs_duck.init_get_column_index(info, i);
    }
}

/* --- scan --- */

static void fill_strings(duckdb_vector vector, const uint32_t *numbers, size_t n_rows,
                         const duckdb_string_t *strings)
{
    duckdb_string_t *out = rs_duck.vector_get_data(vector);
    uint64_t *validity = NULL;
    for (size_t i = 0; i < n_rows; i++) {
        if (numbers[i] != RS_STR_NULL) {
            out[i] = strings[numbers[i]];
            continue;
        }
        if (validity == NULL) {
            rs_duck.vector_ensure_validity_writable(vector);
            validity = rs_duck.vector_get_validity(vector);
        }
        validity[i / 64] &= ~(UINT64_C(1) << (i % 64));
    }
}

static void fill_words(duckdb_vector vector, const uint8_t *numbers, size_t n_rows)
{
    memcpy(rs_duck.vector_get_data(vector), numbers, n_rows);
    if (memchr(numbers, RS_ENUM_NULL, n_rows) == NULL) {
        return;
    }
    rs_duck.vector_ensure_validity_writable(vector);
    uint64_t *validity = rs_duck.vector_get_validity(vector);
    for (size_t i = 0; i < n_rows; i++) {
        if (numbers[i] == RS_ENUM_NULL) {
            validity[i / 64] &= ~(UINT64_C(1) << (i % 64));
        }
    }
}

static void fill_numbers(duckdb_vector vector, const rs_batch_column *column, rs_type type,
                         size_t first_row, size_t n_rows)
{
    RS_ASSERT(first_row % 64 == 0 ||
              column->validity == NULL); /* words of a bitmap start where a chunk does */
    size_t n_bytes = rs_type_bytes(type);
    memcpy(rs_duck.vector_get_data(vector), (const char *)column->values.data + first_row * n_bytes,
           n_rows * n_bytes);
    if (column->validity != NULL) {
        rs_duck.vector_ensure_validity_writable(vector);
        memcpy(rs_duck.vector_get_validity(vector), column->validity + first_row / 64,
               (n_rows + 63) / 64 * sizeof *column->validity);
    }
}

static void fill_places(duckdb_vector vector, int64_t first, size_t n_rows)
{
    int64_t *out = rs_duck.vector_get_data(vector);
    for (size_t i = 0; i < n_rows; i++) {
        out[i] = first + (int64_t)i;
    }
}

static void fill_column(const scan_bind *bind, const scan_state *state, size_t column,
                        duckdb_vector vector, size_t n_rows)
{
    const rs_engine_part *part = &bind->engine->parts[state->part];
    const rs_batch *batch = &part->part->batches[bind->dataset];
    if (column == batch->dataset->n_columns) {
        fill_places(vector, state->n_before + (int64_t)state->row, n_rows);
        return;
    }
    const rs_batch_column *values = &batch->columns[column];
    RS_ASSERT(column < batch->dataset->n_columns && state->row + n_rows <= batch->n_rows);
    const rs_column *record = &batch->dataset->columns[column];
    switch (record->type) {
    case RS_TYPE_STR:
        fill_strings(vector, values->values.str + state->row, n_rows, part->strings);
        break;
    case RS_TYPE_ENUM:
        fill_words(vector, values->values.u8 + state->row, n_rows);
        break;
    case RS_TYPE_I64:
    case RS_TYPE_I32:
    case RS_TYPE_BOOL:
    case RS_TYPE_F32:
    case RS_TYPE_F64:
        fill_numbers(vector, values, record->type, state->row, n_rows);
        break;
    }
}

static void count_scanned(const scan_bind *bind, const scan_state *state, size_t n_rows)
{
    struct rs_scan_counter *counter = &bind->engine->scans[bind->dataset];
    if (!bind->engine->counts_scans) {
        return;
    }
    const rs_dataset *dataset = rs_dataset_get(bind->dataset);
    size_t n_bytes = 0;
    for (size_t i = 0; i < state->n_projected; i++) {
        size_t column = state->projected[i] < bind->n_columns ? bind->columns[state->projected[i]]
                                                              : dataset->n_columns;
        n_bytes += column < dataset->n_columns ? rs_type_bytes(dataset->columns[column].type) : 0;
    }
    atomic_fetch_add(&counter->n_rows, n_rows);
    atomic_fetch_add(&counter->n_bytes, n_rows * n_bytes);
}

static void scan_call(duckdb_function_info info, duckdb_data_chunk chunk)
{
    const scan_bind *bind = rs_duck.function_get_bind_data(info);
    scan_state *state = rs_duck.function_get_init_data(info);
    const rs_batch *batch = NULL;
    for (; state->part < bind->end_part; state->part++, state->row = 0) {
        batch = &bind->engine->parts[state->part].part->batches[bind->dataset];
        if (state->row < batch->n_rows) {
            break;
        }
        state->n_before += (int64_t)batch->n_rows;
    }
    if (state->part == bind->end_part || batch == NULL) {
        rs_duck.data_chunk_set_size(chunk, 0);
        return;
    }
    size_t n_rows = batch->n_rows - state->row;
    size_t n_most = rs_duck.vector_size();
    n_rows = n_rows < n_most ? n_rows : n_most;
    for (size_t i = 0; i < state->n_projected; i++) {
        /* Beyond the columns: a count of rows, which needs no value. */
        if (state->projected[i] < bind->n_columns) {
            fill_column(bind, state, bind->columns[state->projected[i]],
                        rs_duck.data_chunk_get_vector(chunk, i), n_rows);
        }
    }
    rs_duck.data_chunk_set_size(chunk, n_rows);
    count_scanned(bind, state, n_rows);
    state->row += n_rows;
}

/* --- registration --- */

rs_status rs_duckdb_add_scan(rs_engine *engine, duckdb_connection connection, rs_error *err)
{
    duckdb_table_function function = rs_duck.create_table_function();
    duckdb_logical_type text = rs_duck.create_logical_type(DUCKDB_TYPE_VARCHAR);
    duckdb_logical_type number = rs_duck.create_logical_type(DUCKDB_TYPE_BIGINT);
    rs_duck.table_function_set_name(function, "relspec_scan");
    rs_duck.table_function_add_parameter(function, text);
    rs_duck.table_function_add_parameter(function, number);
    rs_duck.table_function_add_parameter(function, number);
    rs_duck.table_function_set_extra_info(function, engine, NULL);
    rs_duck.table_function_set_bind(function, scan_bind_call);
    rs_duck.table_function_set_init(function, scan_init_call);
    rs_duck.table_function_set_function(function, scan_call);
    rs_duck.table_function_supports_projection_pushdown(function, true);
    duckdb_state state = rs_duck.register_table_function(connection, function);
    rs_duck.destroy_logical_type(&text);
    rs_duck.destroy_logical_type(&number);
    rs_duck.destroy_table_function(&function);
    if (state != DuckDBSuccess) {
        return rs_error_set(err, RS_ERR_ENGINE, "open the engine: it takes no table function");
    }
    return RS_OK;
}
