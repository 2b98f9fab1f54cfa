/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a statement as frames of a dataset: numbers as they lie in a chunk, texts and words by number. */
#include <string.h>

#include "base/alloc.h"
#include "engine/duckdb/internal.h"

/* What frames need of a result: a vector a column, and the texts of the chunk at hand. */
typedef struct framer {
    const rs_dataset *dataset;
    duckdb_result *result;
    rs_vector *columns;
    void **own; /* by column: numbers of its texts or words; NULL where it has none */
    rs_strings strings;
    rs_origin *origins;
    uint32_t *ends;
    size_t n_origins; /* that there is room for */
    rs_row_place *places;
} framer;

static rs_status framer_init(framer *of, const rs_dataset *dataset, const rs_kinds *kinds,
                             duckdb_result *result, rs_error *err)
{
    *of = (framer){.dataset = dataset, .result = result};
    of->columns = rs_alloc_zero(dataset->n_columns, sizeof *of->columns);
    of->own = rs_alloc_zero(dataset->n_columns, sizeof *of->own);
    of->ends = rs_alloc(RS_FRAME_ROWS, sizeof *of->ends);
    of->places = rs_alloc(RS_FRAME_ROWS, sizeof *of->places);
    bool failed = of->columns == NULL || of->own == NULL || of->ends == NULL || of->places == NULL;
    for (size_t i = 0; i < dataset->n_columns && !failed; i++) {
        const rs_column *column = &dataset->columns[i];
        of->columns[i] = (rs_vector){.form = RS_FORM_FLAT,
                                     .type = column->type,
                                     .words = rs_kinds_words(kinds, column->words),
                                     .strings = &of->strings};
        if (column->type == RS_TYPE_STR || column->type == RS_TYPE_ENUM) {
            of->own[i] = rs_alloc(RS_FRAME_ROWS, rs_type_bytes(column->type));
            of->columns[i].values = of->own[i];
            failed = of->own[i] == NULL;
        }
    }
    return failed ? rs_error_set(err, RS_ERR_NOMEM, "rows of %s: out of memory", dataset->name)
                  : RS_OK;
}

static void framer_release(framer *of)
{
    for (size_t i = 0; of->own != NULL && i < of->dataset->n_columns; i++) {
        rs_free(of->own[i]);
    }
    rs_strings_release(&of->strings);
    rs_free(of->columns);
    rs_free(of->own);
    rs_free(of->origins);
    rs_free(of->ends);
    rs_free(of->places);
}

static bool is_valid(const uint64_t *validity, size_t row)
{
    return validity == NULL || (validity[row / 64] >> (row % 64) & 1) != 0;
}

static void read_texts(framer *of, size_t column, duckdb_vector vector, size_t n_rows)
{
    uint32_t *numbers = of->own[column];
    const duckdb_string_t *texts = rs_duck.vector_get_data(vector);
    const uint64_t *validity = rs_duck.vector_get_validity(vector);
    for (size_t i = 0; i < n_rows; i++) {
        numbers[i] = is_valid(validity, i) ? rs_strings_add(&of->strings, rs_duckdb_str(&texts[i]))
                                           : RS_STR_NULL;
    }
}

/* The engine's ENUM has the words of the set in their order, so that its numbers are ours. */
static void read_words(framer *of, size_t column, duckdb_vector vector, size_t n_rows)
{
    uint8_t *numbers = of->own[column];
    const uint8_t *words = rs_duck.vector_get_data(vector);
    const uint64_t *validity = rs_duck.vector_get_validity(vector);
    for (size_t i = 0; i < n_rows; i++) {
        numbers[i] = is_valid(validity, i) ? words[i] : RS_ENUM_NULL;
    }
}

static rs_status read_lineage(framer *of, duckdb_vector vector, size_t n_rows, rs_lineage *lineage,
                              rs_error *err)
{
    const duckdb_list_entry *lists = rs_duck.vector_get_data(vector);
    const int64_t *numbers = rs_duck.vector_get_data(rs_duck.list_vector_get_child(vector));
    size_t n_pairs = 0;
    for (size_t i = 0; i < n_rows; i++) {
        n_pairs += lists[i].length / 2;
    }
    if (n_pairs > of->n_origins) {
        rs_origin *origins = rs_realloc(of->origins, n_pairs, sizeof *origins);
        if (origins == NULL) {
            return rs_error_set(err, RS_ERR_NOMEM, "rows of %s: out of memory", of->dataset->name);
        }
        of->origins = origins;
        of->n_origins = n_pairs;
    }
    n_pairs = 0;
    for (size_t i = 0; i < n_rows; i++) {
        for (size_t j = 0; j + 1 < lists[i].length; j += 2) {
            const int64_t *pair = numbers + lists[i].offset + j;
            of->origins[n_pairs++] = (rs_origin){pair[0], pair[1]};
        }
        of->ends[i] = (uint32_t)n_pairs;
    }
    RS_ASSERT(n_pairs <= of->n_origins);
    *lineage = (rs_lineage){of->origins, of->ends};
    return RS_OK;
}

/* They stand behind the dataset's columns. */
static void read_places(framer *of, duckdb_data_chunk chunk, size_t n_rows)
{
    size_t n_columns = of->dataset->n_columns;
    const int64_t *first = rs_duck.vector_get_data(rs_duck.data_chunk_get_vector(chunk, n_columns));
    const int64_t *second =
        rs_duck.vector_get_data(rs_duck.data_chunk_get_vector(chunk, n_columns + 1));
    const uint64_t *is_there =
        rs_duck.vector_get_validity(rs_duck.data_chunk_get_vector(chunk, n_columns + 1));
    for (size_t i = 0; i < n_rows; i++) {
        of->places[i] = (rs_row_place){first[i], is_valid(is_there, i) ? second[i] : -1};
    }
}

static rs_status push_chunk(framer *of, duckdb_data_chunk chunk, const rs_sink *sink, rs_error *err)
{
    size_t n_rows = rs_duck.data_chunk_get_size(chunk);
    size_t n_columns = of->dataset->n_columns;
    rs_lineage lineage = {0};
    RS_ASSERT(n_rows <= RS_FRAME_ROWS);
    rs_strings_release(&of->strings);
    of->strings = (rs_strings){0};
    for (size_t i = 0; i < n_columns; i++) {
        duckdb_vector vector = rs_duck.data_chunk_get_vector(chunk, i);
        if (of->columns[i].type == RS_TYPE_STR) {
            read_texts(of, i, vector, n_rows);
        } else if (of->columns[i].type == RS_TYPE_ENUM) {
            read_words(of, i, vector, n_rows);
        } else {
            of->columns[i].values = rs_duck.vector_get_data(vector);
            of->columns[i].validity = rs_duck.vector_get_validity(vector);
        }
    }
    if (of->strings.failed) {
        return rs_error_set(err, RS_ERR_NOMEM, "rows of %s: out of memory", of->dataset->name);
    }
    size_t n_more = rs_duck.data_chunk_get_column_count(chunk) - n_columns;
    bool has_lineage = n_more % 2 == 1;
    if (n_more >= 2) {
        read_places(of, chunk, n_rows);
    }
    if (has_lineage) {
        duckdb_vector origins = rs_duck.data_chunk_get_vector(chunk, n_columns + n_more - 1);
        RS_TRY(read_lineage(of, origins, n_rows, &lineage, err));
    }
    const rs_frame frame = {.n_rows = n_rows,
                            .columns = of->columns,
                            .n_columns = n_columns,
                            .lineage = has_lineage ? &lineage : NULL,
                            .places = n_more >= 2 ? of->places : NULL};
    return n_rows > 0 ? sink->push(sink->context, &frame, err) : RS_OK;
}

static rs_status push_all(framer *of, rs_session *session, const char *label, const rs_sink *sink,
                          uint64_t *n_rows, rs_error *err)
{
    rs_status status = RS_OK;
    while (status == RS_OK) {
        duckdb_data_chunk chunk = rs_duckdb_fetch(session, of->result);
        if (chunk == NULL) {
            const char *text = rs_duck.result_error(of->result);
            return text == NULL || text[0] == '\0'
                       ? RS_OK
                       : rs_duckdb_fail(session, err, label, rs_duck.result_error_type(of->result),
                                        text, false);
        }
        *n_rows += rs_duck.data_chunk_get_size(chunk);
        status = push_chunk(of, chunk, sink, err);
        rs_duck.destroy_data_chunk(&chunk);
    }
    return status;
}

/* The types that a frame's columns come in. */
static bool has_type(duckdb_type type, const rs_column *column)
{
    static const duckdb_type wanted[] = {
        [RS_TYPE_I64] = DUCKDB_TYPE_BIGINT,   [RS_TYPE_I32] = DUCKDB_TYPE_INTEGER,
        [RS_TYPE_BOOL] = DUCKDB_TYPE_BOOLEAN, [RS_TYPE_F32] = DUCKDB_TYPE_FLOAT,
        [RS_TYPE_F64] = DUCKDB_TYPE_DOUBLE,   [RS_TYPE_STR] = DUCKDB_TYPE_VARCHAR,
        [RS_TYPE_ENUM] = DUCKDB_TYPE_ENUM,
    };
    return type == wanted[column->type];
}

/* Behind the dataset's columns: nothing, `_in`, both places, or both places and `_in`. */
static bool has_more(duckdb_result *result, size_t n_columns)
{
    size_t n_more = rs_duck.column_count(result) - n_columns;
    bool fits = n_more <= 3;
    for (size_t i = 0; i + 1 < n_more && fits; i++) {
        fits = rs_duck.column_type(result, n_columns + i) == DUCKDB_TYPE_BIGINT;
    }
    return fits && (n_more % 2 == 0 ||
                    rs_duck.column_type(result, n_columns + n_more - 1) == DUCKDB_TYPE_LIST);
}

static rs_status check_columns(duckdb_result *result, const char *label, const rs_dataset *dataset,
                               rs_error *err)
{
    bool fits = rs_duck.column_count(result) >= dataset->n_columns;
    for (size_t i = 0; i < dataset->n_columns && fits; i++) {
        fits = has_type(rs_duck.column_type(result, i), &dataset->columns[i]);
    }
    return fits && has_more(result, dataset->n_columns)
               ? RS_OK
               : rs_error_set(err, RS_ERR_INVALID, "%s: gives no rows of %s", label, dataset->name);
}

rs_status rs_session_query_frames(rs_session *session, const char *label, const char *sql,
                                  const rs_dataset *dataset, const rs_sink *sink, uint64_t *n_rows,
                                  rs_error *err)
{
    static const rs_stream_options options = {.types = RS_STREAM_AS_IT_IS};
    rs_duckdb_statement statement = {0};
    framer of = {0};
    *n_rows = 0;
    rs_status status = rs_duckdb_start(session, label, sql, NULL, 0, &options, &statement, err);
    RS_THEN(status, check_columns(&statement.result, label, dataset, err));
    if (status == RS_OK) {
        status = framer_init(&of, dataset, session->engine->kinds, &statement.result, err);
        RS_THEN(status, push_all(&of, session, label, sink, n_rows, err));
        framer_release(&of);
    }
    rs_duckdb_statement_release(&statement);
    return status;
}
