/* SPDX-License-Identifier: Apache-2.0 */
#include "run/param_column.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "repo/source.h"

enum { NUMBER_BYTES = 64, SHOWN_BYTES = 40 };

/* --- messages --- */

const char *rs_param_expectation(const rs_param_table *param, rs_buf *text)
{
    rs_buf_reset(text);
    switch (param->column->type) {
    case RS_TYPE_I64:
        rs_buf_add(text, "a whole number of 64 bits");
        break;
    case RS_TYPE_I32:
        rs_buf_add(text, "a whole number of 32 bits");
        break;
    case RS_TYPE_BOOL:
        rs_buf_add(text, "true or false");
        break;
    case RS_TYPE_F32:
    case RS_TYPE_F64:
        rs_buf_add(text, "a number");
        break;
    case RS_TYPE_STR:
        rs_buf_add(text, "a text");
        break;
    case RS_TYPE_ENUM:
        rs_buf_addf(text, "a word of %s", param->column->words->name);
        break;
    }
    return rs_buf_text(text);
}

/* The start of a text on one line: bytes that a terminal might obey, and what is no UTF-8, as ?. */
static void add_shown(rs_str text, rs_buf *out)
{
    size_t n_shown = text.n_bytes < SHOWN_BYTES ? text.n_bytes : SHOWN_BYTES;
    size_t bad_end = 0;
    size_t bad = rs_utf8_find_invalid(text.bytes, n_shown, 0, &bad_end);
    for (size_t i = 0; i < n_shown; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        if (i == bad) {
            rs_buf_add_char(out, '?');
            i = bad_end - 1;
            bad = rs_utf8_find_invalid(text.bytes, n_shown, bad_end, &bad_end);
        } else {
            rs_buf_add_char(out, (char)(byte < 0x20 || byte == 0x7f ? '?' : byte));
        }
    }
    rs_buf_add(out, n_shown < text.n_bytes ? "..." : "");
}

rs_status rs_param_refuse(const rs_param_table *param, const rs_cell *cell, rs_error *err)
{
    static const char *const quotes[] = {[RS_CELL_ANY] = "\"",
                                         [RS_CELL_TEXT] = "\"",
                                         [RS_CELL_NUMBER] = "",
                                         [RS_CELL_BOOL] = "",
                                         [RS_CELL_NULL] = ""};
    rs_buf expected = {0};
    rs_buf found = {0};
    const char *quote = quotes[cell->kind];
    add_shown(cell->text, &found);
    rs_status status =
        rs_error_set(err, RS_ERR_INVALID, "expected %s, found %s%s%s",
                     rs_param_expectation(param, &expected), quote, rs_buf_text(&found), quote);
    rs_buf_release(&found);
    rs_buf_release(&expected);
    return status;
}

/* --- values --- */

/* The text of a number, with an end; false for one that is too long for any. */
static bool number_text(rs_str text, char out[NUMBER_BYTES])
{
    if (text.n_bytes == 0 || text.n_bytes >= NUMBER_BYTES) {
        return false;
    }
    memcpy(out, text.bytes, text.n_bytes);
    out[text.n_bytes] = '\0';
    return true;
}

static bool read_whole(rs_str text, int64_t *number)
{
    char written[NUMBER_BYTES];
    char *end = NULL;
    if (!number_text(text, written) ||
        strspn(written + (written[0] == '-'), "0123456789") != text.n_bytes - (written[0] == '-')) {
        return false;
    }
    errno = 0;
    *number = strtoll(written, &end, 10);
    return errno == 0 && end == written + text.n_bytes && end[-1] != '-';
}

/* With a point, whatever the caller's locale writes; no infinity, nothing that is no number. */
static bool read_number(rs_str text, bool is_single, double *number)
{
    char written[NUMBER_BYTES];
    if (!number_text(text, written) || strspn(written, "0123456789+-.eE") != text.n_bytes ||
        written[0] == '+') {
        return false;
    }
    char half[8];
    char *point = strchr(written, '.');
    if (point != NULL && snprintf(half, sizeof half, "%.1f", 0.5) == 3) {
        *point = half[1];
    }
    char *end = NULL;
    *number = is_single ? (double)strtof(written, &end) : strtod(written, &end);
    return end == written + text.n_bytes && isfinite(*number);
}

static bool is_text(const rs_cell *cell)
{
    size_t bad_end = 0;
    return (cell->kind == RS_CELL_ANY || cell->kind == RS_CELL_TEXT) &&
           rs_utf8_find_invalid(cell->text.bytes, cell->text.n_bytes, 0, &bad_end) ==
               cell->text.n_bytes;
}

static bool is_word(const rs_words *words, rs_str text)
{
    for (size_t i = 0; i < words->n_words; i++) {
        if (rs_str_equal(rs_str_of(words->words[i]), text)) {
            return true;
        }
    }
    return false;
}

rs_status rs_param_check_word(const rs_param_table *param, rs_str word, rs_error *err)
{
    const rs_cell cell = {.kind = RS_CELL_TEXT, .text = word};
    return is_word(param->column->words, word) ? RS_OK : rs_param_refuse(param, &cell, err);
}

static int append_text(struct ArrowArray *to, rs_str text)
{
    return ArrowArrayAppendString(to, (struct ArrowStringView){text.bytes, (int64_t)text.n_bytes});
}

/* Append the value; *fits is false, and nothing is appended, when the text is none of the type. */
static int append(const rs_param_table *param, const rs_cell *cell, struct ArrowArray *to,
                  bool *fits)
{
    bool may_be_number = cell->kind == RS_CELL_ANY || cell->kind == RS_CELL_NUMBER;
    bool may_be_bool = cell->kind == RS_CELL_ANY || cell->kind == RS_CELL_BOOL;
    int64_t whole = 0;
    double number = 0;
    switch (param->column->type) {
    case RS_TYPE_I64:
    case RS_TYPE_I32:
        *fits = may_be_number && read_whole(cell->text, &whole) &&
                (param->column->type == RS_TYPE_I64 || (whole >= INT32_MIN && whole <= INT32_MAX));
        return *fits ? ArrowArrayAppendInt(to, whole) : NANOARROW_OK;
    case RS_TYPE_BOOL:
        whole = rs_str_equal(cell->text, RS_STR_LITERAL("true"));
        *fits = may_be_bool && (whole != 0 || rs_str_equal(cell->text, RS_STR_LITERAL("false")));
        return *fits ? ArrowArrayAppendInt(to, whole) : NANOARROW_OK;
    case RS_TYPE_F32:
    case RS_TYPE_F64:
        *fits =
            may_be_number && read_number(cell->text, param->column->type == RS_TYPE_F32, &number);
        return *fits ? ArrowArrayAppendDouble(to, number) : NANOARROW_OK;
    case RS_TYPE_STR:
        *fits = is_text(cell);
        return *fits ? append_text(to, cell->text) : NANOARROW_OK;
    case RS_TYPE_ENUM:
        *fits = is_text(cell) && is_word(param->column->words, cell->text);
        return *fits ? append_text(to, cell->text) : NANOARROW_OK;
    }
    return NANOARROW_OK;
}

/* --- the column --- */

static enum ArrowType arrow_type(rs_type type)
{
    switch (type) {
    case RS_TYPE_I64:
        return NANOARROW_TYPE_INT64;
    case RS_TYPE_I32:
        return NANOARROW_TYPE_INT32;
    case RS_TYPE_BOOL:
        return NANOARROW_TYPE_BOOL;
    case RS_TYPE_F32:
        return NANOARROW_TYPE_FLOAT;
    case RS_TYPE_F64:
        return NANOARROW_TYPE_DOUBLE;
    case RS_TYPE_STR:
    case RS_TYPE_ENUM:
        return NANOARROW_TYPE_STRING;
    }
    return NANOARROW_TYPE_NA;
}

static int begin(rs_param_column *column)
{
    struct ArrowSchema *schema = &column->table.schema;
    ArrowSchemaInit(schema);
    NANOARROW_RETURN_NOT_OK(ArrowSchemaSetTypeStruct(schema, 1));
    NANOARROW_RETURN_NOT_OK(
        ArrowSchemaSetType(schema->children[0], arrow_type(column->param->column->type)));
    NANOARROW_RETURN_NOT_OK(ArrowSchemaSetName(schema->children[0], column->param->column->name));
    NANOARROW_RETURN_NOT_OK(ArrowArrayInitFromSchema(&column->table.rows, schema, NULL));
    return ArrowArrayStartAppending(&column->table.rows);
}

rs_status rs_param_column_begin(rs_param_column *column, const rs_param_table *param, rs_error *err)
{
    *column = (rs_param_column){.param = param};
    return rs_arrow_status(begin(column), NULL, "load values", err);
}

rs_status rs_param_column_add(rs_param_column *column, const rs_cell *cell, rs_error *err)
{
    struct ArrowArray *to = column->table.rows.children[0];
    bool fits = true;
    int code = cell->kind == RS_CELL_NULL ? ArrowArrayAppendNull(to, 1)
                                          : append(column->param, cell, to, &fits);
    if (!fits) {
        return rs_param_refuse(column->param, cell, err);
    }
    column->table.rows.length++;
    return rs_arrow_status(code, NULL, "load values", err);
}

rs_status rs_param_column_finish(rs_param_column *column, rs_error *err)
{
    struct ArrowError arrow_error = {{0}};
    int code = rs_arrow_finish(&column->table.rows, &arrow_error);
    return rs_arrow_status(code, &arrow_error, "load values", err);
}
