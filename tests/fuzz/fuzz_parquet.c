/* SPDX-License-Identifier: Apache-2.0 */
/* What columns the bytes draw, the engine reads back equal, and the pushes they came in change nothing. */
#include <stdlib.h>
#include <unistd.h>

#include "engine/duckdb/session.h"
#include "parquet/made.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* The row's value as the cursor spells it; "" for a null, and for a list, whose count is compared. */
static bool is_null(const made_column *of, size_t row)
{
    const rs_parquet_vector *vector = &of->vector;
    size_t bit = vector->first_bit + row;
    size_t at = vector->form == RS_FORM_FLAT ? row : 0;
    if (vector->form == RS_FORM_NULL || (vector->form == RS_FORM_FLAT && vector->validity != NULL &&
                                         (vector->validity[bit / 64] >> (bit % 64) & 1) == 0)) {
        return true;
    }
    if (of->column.shape != RS_SHAPE_ONE) {
        return false;
    }
    return (of->column.type == RS_TYPE_STR && ((const rs_str *)vector->values)[at].bytes == NULL) ||
           (of->column.type == RS_TYPE_ENUM &&
            ((const uint8_t *)vector->values)[at] == RS_ENUM_NULL);
}

static bool is_equal_float(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static void check_value(const made_column *of, const rs_cursor *rows, size_t column, size_t row,
                        size_t at_row)
{
    const void *values = of->vector.values;
    size_t at = of->vector.form == RS_FORM_FLAT ? at_row : 0;
    require(rs_cursor_is_null(rows, column, row) == is_null(of, at_row));
    if (of->column.shape != RS_SHAPE_ONE || is_null(of, at_row)) {
        return;
    }
    switch (of->column.type) {
    case RS_TYPE_I64:
        require(rs_cursor_i64(rows, column, row) == ((const int64_t *)values)[at]);
        break;
    case RS_TYPE_I32:
        require(rs_cursor_i64(rows, column, row) == ((const int32_t *)values)[at]);
        break;
    case RS_TYPE_BOOL:
        require(rs_cursor_i64(rows, column, row) == ((const uint8_t *)values)[at]);
        break;
    case RS_TYPE_F32:
        require(
            is_equal_float(rs_cursor_f64(rows, column, row), (double)((const float *)values)[at]));
        break;
    case RS_TYPE_F64:
        require(is_equal_float(rs_cursor_f64(rows, column, row), ((const double *)values)[at]));
        break;
    case RS_TYPE_STR:
        require(rs_str_equal(rs_cursor_str(rows, column, row), ((const rs_str *)values)[at]));
        break;
    case RS_TYPE_ENUM:
        require(rs_str_equal(rs_cursor_str(rows, column, row),
                             of->column.words[((const uint8_t *)values)[at]]));
        break;
    }
}

static void read_back(const made_table *table, rs_session *session, const char *path)
{
    rs_error err = {0};
    rs_buf sql = {0};
    rs_cursor *rows = NULL;
    size_t n_rows = 1;
    size_t n_read = 0;
    rs_buf_addf(&sql, "SELECT * FROM read_parquet('%s')", path);
    require(rs_session_query(session, "read", rs_buf_text(&sql), NULL, 0, &rows, &err) == RS_OK);
    require(rs_cursor_n_columns(rows) == table->n_columns);
    while (n_rows > 0) {
        require(rs_cursor_next(rows, &n_rows, &err) == RS_OK);
        for (size_t row = 0; row < n_rows; row++) {
            for (size_t i = 0; i < table->n_columns; i++) {
                check_value(&table->columns[i], rows, i, row, n_read + row);
            }
        }
        n_read += n_rows;
    }
    require(n_read == table->n_rows);
    rs_cursor_free(rows);
    rs_buf_release(&sql);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    static rs_engine *engine;
    static rs_session *session;
    rs_error err = {0};
    char path[64];
    if (session == NULL) {
        const rs_engine_config config = {.memory_bytes = 256 << 20, .allowed_directory = "/tmp"};
        require(rs_engine_new(&config, &engine, &err) == RS_OK);
        require(rs_session_new(engine, &session, &err) == RS_OK);
    }
    made_source source = {.bytes = bytes, .n_bytes = n_bytes, .state = n_bytes};
    made_table table;
    rs_parquet_written first;
    rs_parquet_written second;
    (void)snprintf(path, sizeof path, "/tmp/relspec-fuzz-%ld.parquet", (long)getpid());
    made_table_draw(&source, 3000, &table);
    require(made_write(&table, path, 1 + made_draw(&source, 700), &first, &err) == RS_OK);
    read_back(&table, session, path);
    (void)unlink(path);
    require(made_write(&table, path, 3001, &second, &err) == RS_OK);
    require(strcmp(first.sha256, second.sha256) == 0);
    (void)unlink(path);
    made_table_release(&table);
    return 0;
}
