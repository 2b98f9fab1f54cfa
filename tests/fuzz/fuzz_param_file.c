/* SPDX-License-Identifier: Apache-2.0 */
/* Values of a param table are refused with the file and a line, or become a whole Arrow column. */
#include <stdlib.h>

#include "run/param_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

typedef rs_status (*read_fn)(rs_str text, const char *name, rs_param_column *column, rs_error *err);

static void check_column(const rs_table *table)
{
    struct ArrowArrayView view;
    rs_error err = {0};
    require(rs_table_open(table, &view, &err) == RS_OK);
    require(view.children[0]->length == table->rows.length);
    ArrowArrayViewReset(&view);
}

static void read_as(read_fn read, rs_type type, rs_str text)
{
    const rs_column key = {.name = "key", .type = type, .source = "", .doc = ""};
    const rs_param_table param = {.name = "p", .type = "t", .column = &key};
    rs_error err = {0};
    rs_param_column column = {0};
    require(rs_param_column_begin(&column, &param, &err) == RS_OK);
    rs_status status = read(text, "fuzz", &column, &err);
    require(status == RS_OK || status == RS_ERR_INVALID);
    if (status == RS_OK) {
        require(rs_param_column_finish(&column, &err) == RS_OK);
        check_column(&column.table);
    } else {
        require(strncmp(err.message, "fuzz:", 5) == 0 && err.message[5] >= '1' &&
                err.message[5] <= '9');
    }
    rs_table_release(&column.table);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    static const rs_type types[] = {RS_TYPE_STR, RS_TYPE_I64, RS_TYPE_I32,
                                    RS_TYPE_F32, RS_TYPE_F64, RS_TYPE_BOOL};
    rs_str text = {(const char *)bytes, n_bytes};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        read_as(rs_param_read_csv, types[i], text);
        read_as(rs_param_read_json, types[i], text);
    }
    return 0;
}
