/* SPDX-License-Identifier: Apache-2.0 */
/* nanoarrow's IPC part, as we build it: a table through a stream of bytes and back. */
#include <nanoarrow/nanoarrow_ipc.h>

#include "unit/tables.h"

static int write_table(struct ArrowArrayView *view, const rs_table *table,
                       struct ArrowBuffer *bytes)
{
    struct ArrowIpcOutputStream stream;
    struct ArrowIpcWriter writer;
    NANOARROW_RETURN_NOT_OK(ArrowIpcOutputStreamInitBuffer(&stream, bytes));
    int code = ArrowIpcWriterInit(&writer, &stream);
    if (code != NANOARROW_OK) {
        stream.release(&stream);
        return code;
    }
    code = ArrowIpcWriterWriteSchema(&writer, &table->schema, NULL);
    code = code == NANOARROW_OK ? ArrowIpcWriterWriteArrayView(&writer, view, NULL) : code;
    code = code == NANOARROW_OK ? ArrowIpcWriterWriteArrayView(&writer, NULL, NULL) : code;
    ArrowIpcWriterReset(&writer);
    return code;
}

static void read_table(struct ArrowBuffer *bytes, rs_table *table)
{
    struct ArrowIpcInputStream input;
    struct ArrowArrayStream stream;
    TABLES_OK(ArrowIpcInputStreamInitBuffer(&input, bytes));
    TABLES_OK(ArrowIpcArrayStreamReaderInit(&stream, &input, NULL));
    TABLES_OK(stream.get_schema(&stream, &table->schema));
    TABLES_OK(stream.get_next(&stream, &table->rows));
    stream.release(&stream);
}

static void a_table_comes_back(void **state)
{
    (void)state;
    static const char rows[] = "1|a text|true|[1,~]\n~|~|false|~\n-3||~|[]\n";
    rs_error err = {0};
    rs_table table;
    rs_table back = {0};
    struct ArrowArrayView view;
    struct ArrowBuffer bytes;
    rs_buf text = {0};
    tables_make(&table, "n:i64 t:str b:bool l:f64[]", rows);
    assert_int_equal(rs_table_open(&table, &view, &err), RS_OK);
    ArrowBufferInit(&bytes);
    TABLES_OK(write_table(&view, &table, &bytes));
    read_table(&bytes, &back);
    tables_text(&back, false, &text);
    assert_string_equal(rs_buf_text(&text), rows);
    ArrowArrayViewReset(&view);
    rs_table_release(&table);
    rs_table_release(&back);
    rs_buf_release(&text);
}

static uint8_t *validity(struct ArrowArray *array)
{
    return ArrowArrayValidityBitmap(array)->buffer.data;
}

/* Bits behind the last row, in a column and in the elements of a list. */
static void rows_end_in_nothing(void **state)
{
    (void)state;
    rs_table table;
    tables_make(&table, "n:i64 l:f64[]", "1|[1,~]\n~|[~]\n3|~\n");
    uint8_t *numbers = validity(table.rows.children[0]);
    uint8_t *elements = validity(table.rows.children[1]->children[0]);
    numbers[0] |= 0xf8;
    elements[0] |= 0xf8;
    TABLES_OK(rs_arrow_finish(&table.rows, NULL));
    assert_int_equal(numbers[0], 0x05);
    assert_int_equal(elements[0], 0x01);
    rs_table_release(&table);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_table_comes_back),
    cmocka_unit_test(rows_end_in_nothing),
};

UNIT_TESTS(arrow_ipc, tests)
