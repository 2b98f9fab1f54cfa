/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a SELECT into a Parquet file: chunks as they are made, handed to our writer as vectors. */
#include <string.h>

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
    rs_session *session;
    const char *label;
    duckdb_result *result;
    rs_parquet_column *columns;
    rs_parquet_vector *vectors;
    copy_column *state;
    size_t n_columns;
    rs_parquet *file;
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
    size_t n_words = duckdb_enum_dictionary_size(type);
    rs_str *words = rs_alloc_zero(n_words + 1, sizeof *words);
    column->words = words;
    for (size_t i = 0; words != NULL && i < n_words; i++) {
        char *word = duckdb_enum_dictionary_value(type, i);
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
    duckdb_type id = duckdb_get_type_id(type);
    *shape = id == DUCKDB_TYPE_LIST  ? RS_SHAPE_LIST
             : id == DUCKDB_TYPE_MAP ? RS_SHAPE_MAP
                                     : RS_SHAPE_ONE;
    return id == DUCKDB_TYPE_LIST  ? duckdb_list_type_child_type(type)
           : id == DUCKDB_TYPE_MAP ? duckdb_map_type_value_type(type)
                                   : NULL;
}

static rs_status describe(const copying *self, size_t index, rs_error *err)
{
    rs_parquet_column *column = &self->columns[index];
    duckdb_logical_type type = duckdb_column_logical_type(self->result, index);
    duckdb_logical_type inner = value_type(type, &column->shape);
    duckdb_logical_type of_value = inner != NULL ? inner : type;
    rs_status status = RS_OK;
    column->name = duckdb_column_name(self->result, index);
    bool is_known = find_type(duckdb_get_type_id(of_value), &column->type);
    bool is_words = is_known && column->type == RS_TYPE_ENUM;
    if (!is_known || (is_words && (duckdb_enum_internal_type(of_value) != DUCKDB_TYPE_UTINYINT ||
                                   column->shape != RS_SHAPE_ONE))) {
        status =
            rs_error_set(err, RS_ERR_ENGINE, "%s: column %s has a type without a place in a file",
                         self->label, column->name);
    } else if (is_words) {
        status = read_words(of_value, column, err);
    }
    duckdb_destroy_logical_type(&inner);
    duckdb_destroy_logical_type(&type);
    return status;
}

/* --- values --- */

static bool is_valid(const uint64_t *validity, size_t row)
{
    return validity == NULL || (validity[row / 64] >> (row % 64) & 1) != 0;
}

static void set_texts(duckdb_vector from, size_t n, values *own, rs_parquet_vector *to)
{
    const duckdb_string_t *strings = duckdb_vector_get_data(from);
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
                              .values = duckdb_vector_get_data(from),
                              .validity = duckdb_vector_get_validity(from)};
    if (column->type == RS_TYPE_STR) {
        set_texts(from, n, &state->own, to);
    }
}

/* --- lists and maps: few, and in whatever order the engine has their items --- */

static void gather_texts(duckdb_vector from, const size_t *places, size_t n, values *own,
                         rs_parquet_vector *to)
{
    const duckdb_string_t *strings = duckdb_vector_get_data(from);
    const uint64_t *validity = duckdb_vector_get_validity(from);
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
    const char *data = duckdb_vector_get_data(from);
    const uint64_t *validity = duckdb_vector_get_validity(from);
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
    const duckdb_list_entry *lists = duckdb_vector_get_data(from);
    const uint64_t *validity = duckdb_vector_get_validity(from);
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
    duckdb_vector items = duckdb_list_vector_get_child(from);
    if (column->shape == RS_SHAPE_MAP) {
        gather(RS_TYPE_STR, duckdb_struct_vector_get_child(items, 0), places, n_items,
               &state->of_keys, &state->keys);
        items = duckdb_struct_vector_get_child(items, 1);
    }
    gather(column->type, items, places, n_items, &state->of_items, &state->items);
    *to = (rs_parquet_vector){.form = RS_FORM_FLAT,
                              .validity = duckdb_vector_get_validity(from),
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
    size_t n_rows = duckdb_data_chunk_get_size(chunk);
    for (size_t i = 0; i < self->n_columns; i++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, i);
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

static rs_status push_all(const copying *self, rs_error *err)
{
    rs_status status = RS_OK;
    while (status == RS_OK) {
        duckdb_data_chunk chunk = rs_duckdb_fetch(self->session, self->result);
        if (chunk == NULL) {
            const char *text = duckdb_result_error(self->result);
            return text == NULL || text[0] == '\0'
                       ? RS_OK
                       : rs_duckdb_fail(self->session, err, self->label,
                                        duckdb_result_error_type(self->result), text, false);
        }
        status = push_chunk(self, chunk, err);
        duckdb_destroy_data_chunk(&chunk);
    }
    return status;
}

/* --- a file --- */

static rs_status describe_all(copying *self, rs_error *err)
{
    self->n_columns = duckdb_column_count(self->result);
    self->columns = rs_alloc_zero(self->n_columns + 1, sizeof *self->columns);
    self->vectors = rs_alloc_zero(self->n_columns + 1, sizeof *self->vectors);
    self->state = rs_alloc_zero(self->n_columns + 1, sizeof *self->state);
    if (self->columns == NULL || self->vectors == NULL || self->state == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", self->label);
    }
    for (size_t i = 0; i < self->n_columns; i++) {
        RS_TRY(describe(self, i, err));
    }
    return RS_OK;
}

static void values_release(values *own)
{
    rs_bytes_release(&own->bytes);
    rs_bytes_release(&own->validity);
}

static void copying_release(copying *self)
{
    rs_parquet_free(self->file);
    for (size_t i = 0; self->columns != NULL && i < self->n_columns; i++) {
        for (size_t j = 0; j < self->columns[i].n_words; j++) {
            duckdb_free((void *)(uintptr_t)self->columns[i].words[j].bytes);
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

/* Rules of a pack are in these statements: what is wrong with one is the engine's to say, and the
 * statement never stands in a message. */
static rs_status refuse(rs_status status, rs_error *err)
{
    char *excerpt = err != NULL ? strstr(err->message, "\n\nLINE ") : NULL;
    if (excerpt != NULL) {
        *excerpt = '\0';
    }
    if (status == RS_ERR_INVALID && err != NULL) {
        err->status = RS_ERR_ENGINE;
    }
    return status == RS_ERR_INVALID ? RS_ERR_ENGINE : status;
}

rs_status rs_session_copy(rs_session *session, const char *label, const char *select_sql,
                          const char *path, const rs_text_pair *metadata, size_t n_metadata,
                          rs_parquet_written *written, rs_error *err)
{
    static const rs_stream_options options = {.types = RS_STREAM_AS_IT_IS};
    rs_duckdb_statement statement = {0};
    copying self = {.session = session, .label = label, .result = &statement.result};
    rs_status status =
        rs_duckdb_start(session, label, select_sql, NULL, 0, &options, &statement, err);
    if (status != RS_OK) {
        status = refuse(status, err);
    }
    RS_THEN(status, describe_all(&self, err));
    RS_THEN(status, rs_parquet_open(path, self.columns, self.n_columns, metadata, n_metadata,
                                    &self.file, err));
    RS_THEN(status, push_all(&self, err));
    RS_THEN(status, rs_parquet_close(self.file, written, err));
    copying_release(&self);
    rs_duckdb_statement_release(&statement);
    return status;
}

uint64_t rs_duckdb_copied_rows(duckdb_result *result)
{
    uint64_t n_rows = 0;
    duckdb_data_chunk chunk = duckdb_fetch_chunk(*result);
    if (chunk == NULL) {
        return duckdb_rows_changed(result);
    }
    if (duckdb_data_chunk_get_size(chunk) > 0) {
        const int64_t *counts = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
        n_rows = (uint64_t)counts[0];
    }
    duckdb_destroy_data_chunk(&chunk);
    return n_rows;
}
