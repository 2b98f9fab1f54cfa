/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a SELECT into a Parquet file: a COPY whose format is ours hands each chunk to our writer. A result
 * that streams would do the same, but where a statement has several sources it may wait for itself. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "engine/duckdb/internal.h"
#include "parquet/bytes.h"

/* The engine's types that have a place in a file. */
static const struct {
    duckdb_type engine;
    rs_type type;
} types[] = {
    {DUCKDB_TYPE_BIGINT, RS_TYPE_I64},   {DUCKDB_TYPE_INTEGER, RS_TYPE_I32},
    {DUCKDB_TYPE_BOOLEAN, RS_TYPE_BOOL}, {DUCKDB_TYPE_FLOAT, RS_TYPE_F32},
    {DUCKDB_TYPE_DOUBLE, RS_TYPE_F64},   {DUCKDB_TYPE_VARCHAR, RS_TYPE_STR},
    {DUCKDB_TYPE_ENUM, RS_TYPE_ENUM},
};

/* Values that do not lie in a chunk as the writer takes them. */
typedef struct values {
    rs_bytes bytes;
    rs_bytes validity;
} values;

/* A column on its way: what a list or map holds beside what it is itself. */
typedef struct copy_column {
    rs_parquet_vector items;
    rs_parquet_vector keys;
    values own;
    values of_items;
    values of_keys;
    rs_bytes n_items;
    rs_bytes places; /* of all items in the engine's vector: size_t */
} copy_column;

typedef struct copying {
    const char *label;
    const char *path;
    rs_parquet_tally *tally;
    const char *const *names; /* of the columns */
    size_t n_names;
    const rs_text_pair *metadata;
    size_t n_metadata;
    rs_status status; /* of ours: what the engine is told of it is a text */
    rs_error err;
    rs_parquet_column *columns;
    rs_parquet_vector *vectors;
    copy_column *state;
    size_t n_columns;
    rs_parquet *file;
    bool is_open; /* somebody else's, who closes it */
} copying;

/* --- what comes --- */

static bool find_type(duckdb_type engine, rs_type *type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (types[i].engine == engine) {
            *type = types[i].type;
            return true;
        }
    }
    return false;
}

static rs_status read_words(duckdb_logical_type type, rs_parquet_column *column, rs_error *err)
{
    size_t n_words = rs_duck.enum_dictionary_size(type);
    rs_str *words = rs_alloc_zero(n_words + 1, sizeof *words);
    column->words = words;
    for (size_t i = 0; words != NULL && i < n_words; i++) {
        char *word = rs_duck.enum_dictionary_value(type, i);
        if (word == NULL) {
            words = NULL;
            break;
        }
        words[i] = rs_str_of(word);
        column->n_words++;
    }
    return words != NULL ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "read a type: out of memory");
}

/* The type of a column's values, or of what its lists or maps hold; the caller destroys it. */
static duckdb_logical_type value_type(duckdb_logical_type type, rs_shape *shape)
{
    duckdb_type id = rs_duck.get_type_id(type);
    *shape = id == DUCKDB_TYPE_LIST  ? RS_SHAPE_LIST
             : id == DUCKDB_TYPE_MAP ? RS_SHAPE_MAP
                                     : RS_SHAPE_ONE;
    return id == DUCKDB_TYPE_LIST  ? rs_duck.list_type_child_type(type)
           : id == DUCKDB_TYPE_MAP ? rs_duck.map_type_value_type(type)
                                   : NULL;
}

static rs_status describe(const copying *self, size_t index, duckdb_logical_type type,
                          rs_error *err)
{
    rs_parquet_column *column = &self->columns[index];
    duckdb_logical_type inner = value_type(type, &column->shape);
    duckdb_logical_type of_value = inner != NULL ? inner : type;
    rs_status status = RS_OK;
    column->name = self->names[index];
    bool is_known = find_type(rs_duck.get_type_id(of_value), &column->type);
    bool is_words = is_known && column->type == RS_TYPE_ENUM;
    if (!is_known || (is_words && (rs_duck.enum_internal_type(of_value) != DUCKDB_TYPE_UTINYINT ||
                                   column->shape != RS_SHAPE_ONE))) {
        status =
            rs_error_set(err, RS_ERR_ENGINE, "%s: column %s has a type without a place in a file",
                         self->label, column->name);
    } else if (is_words) {
        status = read_words(of_value, column, err);
    }
    rs_duck.destroy_logical_type(&inner);
    return status;
}

/* --- values --- */

static bool is_valid(const uint64_t *validity, size_t row)
{
    return validity == NULL || (validity[row / 64] >> (row % 64) & 1) != 0;
}

static void set_texts(duckdb_vector from, size_t n, values *own, rs_parquet_vector *to)
{
    const duckdb_string_t *strings = rs_duck.vector_get_data(from);
    rs_bytes_reset(&own->bytes);
    rs_str *texts = (rs_str *)(void *)rs_bytes_room(&own->bytes, n * sizeof *texts + 1);
    for (size_t i = 0; texts != NULL && i < n; i++) {
        texts[i] = is_valid(to->validity, i) ? rs_duckdb_str(&strings[i]) : (rs_str){.bytes = NULL};
    }
    to->values = texts;
    to->validity = NULL;
}

static void set_column(const rs_parquet_column *column, duckdb_vector from, size_t n,
                       copy_column *state, rs_parquet_vector *to)
{
    *to = (rs_parquet_vector){.form = RS_FORM_FLAT,
                              .values = rs_duck.vector_get_data(from),
                              .validity = rs_duck.vector_get_validity(from)};
    if (column->type == RS_TYPE_STR) {
        set_texts(from, n, &state->own, to);
    }
}

/* --- lists and maps: few, and in whatever order the engine has their items --- */

static void gather_texts(duckdb_vector from, const size_t *places, size_t n, values *own,
                         rs_parquet_vector *to)
{
    const duckdb_string_t *strings = rs_duck.vector_get_data(from);
    const uint64_t *validity = rs_duck.vector_get_validity(from);
    rs_str *texts = (rs_str *)(void *)rs_bytes_room(&own->bytes, n * sizeof *texts + 1);
    for (size_t i = 0; texts != NULL && i < n; i++) {
        texts[i] = is_valid(validity, places[i]) ? rs_duckdb_str(&strings[places[i]])
                                                 : (rs_str){.bytes = NULL};
    }
    *to = (rs_parquet_vector){.form = RS_FORM_FLAT, .values = texts};
}

static void gather_numbers(duckdb_vector from, size_t n_value_bytes, const size_t *places, size_t n,
                           values *own, rs_parquet_vector *to)
{
    const char *data = rs_duck.vector_get_data(from);
    const uint64_t *validity = rs_duck.vector_get_validity(from);
    size_t n_words = n / 64 + 1;
    uint8_t *bytes = rs_bytes_room(&own->bytes, n * n_value_bytes + 1);
    uint64_t *bits = (uint64_t *)(void *)rs_bytes_room(&own->validity, n_words * sizeof *bits);
    if (bytes == NULL || bits == NULL) {
        return;
    }
    memset(bits, 0, n_words * sizeof *bits);
    for (size_t i = 0; i < n; i++) {
        memcpy(bytes + i * n_value_bytes, data + places[i] * n_value_bytes, n_value_bytes);
        bits[i / 64] |= (uint64_t)is_valid(validity, places[i]) << (i % 64);
    }
    *to = (rs_parquet_vector){.form = RS_FORM_FLAT, .values = bytes, .validity = bits};
}

static void gather(rs_type type, duckdb_vector from, const size_t *places, size_t n, values *own,
                   rs_parquet_vector *to)
{
    rs_bytes_reset(&own->bytes);
    rs_bytes_reset(&own->validity);
    if (type == RS_TYPE_STR) {
        gather_texts(from, places, n, own, to);
    } else {
        gather_numbers(from, rs_type_bytes(type), places, n, own, to);
    }
}

/* Lengths and places of all items, row by row; how many there are. */
static size_t place_items(duckdb_vector from, size_t n, copy_column *state)
{
    const duckdb_list_entry *lists = rs_duck.vector_get_data(from);
    const uint64_t *validity = rs_duck.vector_get_validity(from);
    size_t n_items = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t n_here = is_valid(validity, i) ? (uint32_t)lists[i].length : 0;
        rs_bytes_add(&state->n_items, &n_here, sizeof n_here);
        for (size_t j = 0; j < n_here; j++) {
            size_t place = lists[i].offset + j;
            rs_bytes_add(&state->places, &place, sizeof place);
        }
        n_items += n_here;
    }
    return state->places.failed || state->n_items.failed ? 0 : n_items;
}

static void set_lists(const rs_parquet_column *column, duckdb_vector from, size_t n,
                      copy_column *state, rs_parquet_vector *to)
{
    rs_bytes_reset(&state->n_items);
    rs_bytes_reset(&state->places);
    size_t n_items = place_items(from, n, state);
    const size_t *places = (const size_t *)(const void *)state->places.bytes;
    duckdb_vector items = rs_duck.list_vector_get_child(from);
    if (column->shape == RS_SHAPE_MAP) {
        gather(RS_TYPE_STR, rs_duck.struct_vector_get_child(items, 0), places, n_items,
               &state->of_keys, &state->keys);
        items = rs_duck.struct_vector_get_child(items, 1);
    }
    gather(column->type, items, places, n_items, &state->of_items, &state->items);
    *to = (rs_parquet_vector){.form = RS_FORM_FLAT,
                              .validity = rs_duck.vector_get_validity(from),
                              .n_items = (const uint32_t *)(const void *)state->n_items.bytes,
                              .items = &state->items,
                              .keys = &state->keys};
}

static bool has_failed(const copy_column *state)
{
    return state->own.bytes.failed || state->of_items.bytes.failed ||
           state->of_items.validity.failed || state->of_keys.bytes.failed ||
           state->n_items.failed || state->places.failed;
}

static rs_status push_chunk(const copying *self, duckdb_data_chunk chunk, rs_error *err)
{
    size_t n_rows = rs_duck.data_chunk_get_size(chunk);
    for (size_t i = 0; i < self->n_columns; i++) {
        duckdb_vector vector = rs_duck.data_chunk_get_vector(chunk, i);
        const rs_parquet_column *column = &self->columns[i];
        if (column->shape == RS_SHAPE_ONE) {
            set_column(column, vector, n_rows, &self->state[i], &self->vectors[i]);
        } else {
            set_lists(column, vector, n_rows, &self->state[i], &self->vectors[i]);
        }
        if (has_failed(&self->state[i])) {
            return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", self->label);
        }
    }
    return rs_parquet_push(self->file, self->vectors, n_rows, err);
}

/* --- what the engine calls --- */

/* The copy that runs in this thread: the engine is told no more than its statement. */
static _Thread_local copying *under_way;

static rs_status describe_all(copying *self, rs_duck_copy_info info, rs_error *err)
{
    self->n_columns = rs_duck.copy_function_bind_get_column_count(info);
    self->columns = rs_alloc_zero(self->n_columns + 1, sizeof *self->columns);
    self->vectors = rs_alloc_zero(self->n_columns + 1, sizeof *self->vectors);
    self->state = rs_alloc_zero(self->n_columns + 1, sizeof *self->state);
    if (self->columns == NULL || self->vectors == NULL || self->state == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", self->label);
    }
    if (self->n_columns != self->n_names) {
        return rs_error_set(err, RS_ERR_ENGINE, "%s: %zu columns, not %zu", self->label,
                            self->n_columns, self->n_names);
    }
    rs_status status = RS_OK;
    for (size_t i = 0; i < self->n_columns && status == RS_OK; i++) {
        duckdb_logical_type type = rs_duck.copy_function_bind_get_column_type(info, i);
        status = describe(self, i, type, err);
        rs_duck.destroy_logical_type(&type);
    }
    return status;
}

static void copy_bind(rs_duck_copy_info info)
{
    copying *self = under_way;
    if (self == NULL || self->columns != NULL) {
        rs_duck.copy_function_bind_set_error(info, "this format is relspec's own");
        return;
    }
    self->status = describe_all(self, info, &self->err);
    if (self->status != RS_OK) {
        rs_duck.copy_function_bind_set_error(info, self->err.message);
    }
}

static rs_status open_file(copying *self)
{
    if (self->is_open) {
        return RS_OK;
    }
    RS_TRY(rs_parquet_open(self->path, self->columns, self->n_columns, self->metadata,
                           self->n_metadata, &self->file, &self->err));
    rs_parquet_set_tally(self->file, self->tally);
    return RS_OK;
}

static void copy_init(rs_duck_copy_info info)
{
    copying *self = under_way;
    self->status = open_file(self);
    if (self->status != RS_OK) {
        rs_duck.copy_function_global_init_set_error(info, self->err.message);
    }
    rs_duck.copy_function_global_init_set_global_state(info, self, NULL);
}

static void copy_sink(rs_duck_copy_info info, duckdb_data_chunk chunk)
{
    copying *self = rs_duck.copy_function_sink_get_global_state(info);
    if (self->status == RS_OK) {
        self->status = push_chunk(self, chunk, &self->err);
    }
    if (self->status != RS_OK) {
        rs_duck.copy_function_sink_set_error(info, self->err.message);
    }
}

static void copy_finalize(rs_duck_copy_info info)
{
    (void)info; /* the file is closed when the engine has said that all went well */
}

rs_status rs_duckdb_add_copy(duckdb_connection connection, rs_error *err)
{
    rs_duck_copy_function function = rs_duck.create_copy_function();
    rs_duck.copy_function_set_name(function, "relspec_parquet");
    rs_duck.copy_function_set_bind(function, copy_bind);
    rs_duck.copy_function_set_global_init(function, copy_init);
    rs_duck.copy_function_set_sink(function, copy_sink);
    rs_duck.copy_function_set_finalize(function, copy_finalize);
    duckdb_state state = rs_duck.register_copy_function(connection, function);
    rs_duck.destroy_copy_function(&function);
    return state == DuckDBSuccess
               ? RS_OK
               : rs_error_set(err, RS_ERR_ENGINE, "open the engine: it takes no format of ours");
}

/* --- a file --- */

static void values_release(values *own)
{
    rs_bytes_release(&own->bytes);
    rs_bytes_release(&own->validity);
}

static void copying_release(copying *self)
{
    if (!self->is_open) {
        rs_parquet_free(self->file);
    }
    for (size_t i = 0; self->columns != NULL && i < self->n_columns; i++) {
        for (size_t j = 0; j < self->columns[i].n_words; j++) {
            rs_duck_free((void *)(uintptr_t)self->columns[i].words[j].bytes);
        }
        rs_free((void *)(uintptr_t)self->columns[i].words);
    }
    for (size_t i = 0; self->state != NULL && i < self->n_columns; i++) {
        copy_column *state = &self->state[i];
        values_release(&state->own);
        values_release(&state->of_items);
        values_release(&state->of_keys);
        rs_bytes_release(&state->n_items);
        rs_bytes_release(&state->places);
    }
    rs_free(self->columns);
    rs_free(self->vectors);
    rs_free(self->state);
}

typedef struct copy_call {
    copying *self;
    rs_session *session;
    const char *sql;
    duckdb_result result;
    duckdb_state state;
} copy_call;

static void copy_it(void *context)
{
    copy_call *call = context;
    under_way = call->self;
    rs_duckdb_observe(call->session);
    call->state = rs_duck.query(call->session->connection, call->sql, &call->result);
    under_way = NULL;
}

static rs_status run_copy(rs_session *session, const char *sql, copying *self, rs_error *err)
{
    copy_call call = {.self = self, .session = session, .sql = sql};
    RS_TRY(rs_duckdb_ready(session, sql, err));
    rs_duckdb_call(session, copy_it, &call);
    rs_status status = RS_OK;
    if (self->status != RS_OK) {
        status = rs_error_set(err, self->status, "%s", self->err.message);
    } else if (call.state != DuckDBSuccess) {
        status = rs_duckdb_fail(session, err, self->label, rs_duck.result_error_type(&call.result),
                                rs_duck.result_error(&call.result), false);
    }
    rs_duck_destroy_result(&call.result);
    return status;
}

rs_status rs_session_copy(rs_session *session, const rs_engine_file *file,
                          rs_parquet_written *written, rs_error *err)
{
    copying self = {.label = file->label,
                    .path = file->path,
                    .tally = file->tally,
                    .names = file->names,
                    .n_names = file->n_names,
                    .metadata = file->metadata,
                    .n_metadata = file->n_metadata,
                    .file = file->open,
                    .is_open = file->open != NULL};
    rs_buf sql = {0};
    rs_buf name = {0};
    if (!self.is_open &&
        access(file->path, F_OK) == 0) { /* the engine would write another, and move it there */
        return rs_error_set_errno(err, EEXIST, "create %s", file->path);
    }
    rs_buf_add(&sql, "COPY (");
    rs_buf_add(&sql, file->sql);
    rs_buf_add(&sql, "\n) TO ");
    rs_buf_add(&name, file->path);
    rs_buf_add(&name, self.is_open ? ".rows" : ""); /* for the same reason another one */
    rs_buf_add_sql_literal(&sql, rs_str_of(rs_buf_text(&name)));
    rs_buf_add(&sql, " (FORMAT relspec_parquet)");
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_buf_check(&name, err));
    RS_THEN(status, run_copy(session, sql.bytes, &self, err));
    if (!self.is_open) {
        RS_THEN(status, rs_parquet_close(self.file, written, err));
    }
    copying_release(&self);
    rs_buf_release(&name);
    rs_buf_release(&sql);
    return status;
}

uint64_t rs_duckdb_copied_rows(duckdb_result *result)
{
    uint64_t n_rows = 0;
    duckdb_data_chunk chunk = rs_duck.fetch_chunk(*result);
    if (chunk == NULL) {
        return rs_duck.rows_changed(result);
    }
    if (rs_duck.data_chunk_get_size(chunk) > 0) {
        const int64_t *counts = rs_duck.vector_get_data(rs_duck.data_chunk_get_vector(chunk, 0));
        n_rows = (uint64_t)counts[0];
    }
    rs_duck.destroy_data_chunk(&chunk);
    return n_rows;
}
