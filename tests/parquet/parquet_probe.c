/* SPDX-License-Identifier: Apache-2.0 */
/* parquet_probe SEED ROWS PARQUET JSON - a table of random columns (made.h) as the writer writes it, and its
 * values as JSON, a list of rows a column: whole numbers and bits of floats as text, so that they are exact. */
#include <inttypes.h>

#include "made.h"

static void print_value(const made_column *of, const rs_parquet_vector *vector, rs_type type,
                        size_t row, rs_buf *out)
{
    size_t at = vector->form == RS_FORM_FLAT ? row : 0;
    uint64_t bits = 0;
    size_t bit = vector->first_bit + row;
    bool is_null =
        vector->form == RS_FORM_NULL || (vector->form == RS_FORM_FLAT && vector->validity != NULL &&
                                         (vector->validity[bit / 64] >> (bit % 64) & 1) == 0);
    const char *value = (const char *)vector->values + at * made_value_bytes(type);
    is_null = is_null ||
              (type == RS_TYPE_STR && ((const rs_str *)(const void *)value)->bytes == NULL) ||
              (type == RS_TYPE_ENUM && *(const uint8_t *)value == RS_ENUM_NULL);
    if (is_null) {
        rs_buf_add(out, "null");
    } else if (type == RS_TYPE_STR) {
        rs_buf_add_json_text(out, *(const rs_str *)(const void *)value);
    } else if (type == RS_TYPE_ENUM) {
        rs_buf_add_json_text(out, of->column.words[*(const uint8_t *)value]);
    } else if (type == RS_TYPE_BOOL) {
        rs_buf_add(out, *value != 0 ? "true" : "false");
    } else if (type == RS_TYPE_I64) {
        rs_buf_addf(out, "\"%" PRId64 "\"", *(const int64_t *)(const void *)value);
    } else if (type == RS_TYPE_I32) {
        rs_buf_addf(out, "\"%" PRId32 "\"", *(const int32_t *)(const void *)value);
    } else {
        memcpy(&bits, value, made_value_bytes(type));
        rs_buf_addf(out, "\"%0*" PRIx64 "\"", (int)made_value_bytes(type) * 2, bits);
    }
}

static void print_items(const made_column *of, size_t row, size_t *at, rs_buf *out)
{
    if ((of->vector.validity[row / 64] >> (row % 64) & 1) == 0) {
        rs_buf_add(out, "null");
        return;
    }
    rs_buf_add(out, "[");
    for (uint32_t i = 0; i < of->vector.n_items[row]; i++, (*at)++) {
        rs_buf_add(out, i > 0 ? "," : "");
        if (of->column.shape == RS_SHAPE_MAP) {
            rs_buf_add(out, "[");
            print_value(of, &of->keys, RS_TYPE_STR, *at, out);
            rs_buf_add(out, ",");
        }
        print_value(of, &of->items, of->column.type, *at, out);
        rs_buf_add(out, of->column.shape == RS_SHAPE_MAP ? "]" : "");
    }
    rs_buf_add(out, "]");
}

static void print_column(const made_column *of, size_t n_rows, rs_buf *out)
{
    static const char *const types[] = {
        [RS_TYPE_I64] = "int64",  [RS_TYPE_I32] = "int32",  [RS_TYPE_BOOL] = "bool",
        [RS_TYPE_F32] = "float",  [RS_TYPE_F64] = "double", [RS_TYPE_STR] = "string",
        [RS_TYPE_ENUM] = "string"};
    static const char *const shapes[] = {"one", "list", "map"};
    size_t at = 0;
    rs_buf_addf(out, "{\"name\":\"%s\",\"type\":\"%s\",\"shape\":\"%s\",\"values\":[", of->name,
                types[of->column.type], shapes[of->column.shape]);
    for (size_t row = 0; row < n_rows; row++) {
        rs_buf_add(out, row > 0 ? "," : "");
        if (of->column.shape == RS_SHAPE_ONE) {
            print_value(of, &of->vector, of->column.type, row, out);
        } else {
            print_items(of, row, &at, out);
        }
    }
    rs_buf_add(out, "]}");
}

static int print(const made_table *table, const rs_parquet_written *written, const char *path)
{
    rs_buf text = {0};
    FILE *file = fopen(path, "wb");
    rs_buf_addf(&text,
                "{\"rows\":%zu,\"bytes\":%" PRIu64 ",\"groups\":%" PRIu64 ",\"sha256\":\"%s\",",
                table->n_rows, written->n_bytes, written->n_groups, written->sha256);
    rs_buf_add(&text, "\"columns\":[");
    for (size_t i = 0; i < table->n_columns; i++) {
        rs_buf_add(&text, i > 0 ? ",\n" : "");
        print_column(&table->columns[i], table->n_rows, &text);
    }
    rs_buf_add(&text, "]}\n");
    bool is_done =
        file != NULL && !text.failed && fwrite(text.bytes, 1, text.n_bytes, file) == text.n_bytes;
    is_done = file != NULL && fclose(file) == 0 && is_done;
    rs_buf_release(&text);
    return is_done ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        (void)fprintf(stderr, "usage: parquet_probe SEED ROWS PARQUET JSON\n");
        return 2;
    }
    made_source source = {.state = strtoull(argv[1], NULL, 10)};
    made_table table;
    rs_parquet_written written = {0};
    rs_error err = {0};
    made_table_draw(&source, 30000, &table);
    size_t n_rows = strtoull(argv[2], NULL, 10);
    table.n_rows = n_rows < table.n_rows ? n_rows : table.n_rows;
    if (made_write(&table, argv[3], 1 + made_draw(&source, 5000), &written, &err) != RS_OK) {
        (void)fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    int code = print(&table, &written, argv[4]);
    made_table_release(&table);
    return code;
}
