/* SPDX-License-Identifier: Apache-2.0 */
/* CSV and JSON texts into columns; what is refused and how it is said: tests/cli/params. */
#include "run/param_file.h"

#include "unit/tables.h"

typedef rs_status (*read_fn)(rs_str text, const char *name, rs_param_column *column, rs_error *err);

typedef struct file_case {
    const char *label;
    read_fn read;
    rs_type type;
    const char *text;
    const char *want; /* rows as tables_text() has them; NULL: refused */
} file_case;

#define CSV rs_param_read_csv
#define JSON rs_param_read_json
#define BOM "\xef\xbb\xbf"

static const file_case cases[] = {
    {"csv: nothing", CSV, RS_TYPE_STR, "", ""},
    {"csv: a mark alone", CSV, RS_TYPE_STR, BOM, ""},
    {"csv: a header alone", CSV, RS_TYPE_STR, "key", ""},
    {"csv: a header with its line end", CSV, RS_TYPE_STR, BOM "key\r\n", ""},
    {"csv: no header", CSV, RS_TYPE_STR, "a\nb", "a\nb\n"},
    {"csv: line ends of all kinds", CSV, RS_TYPE_STR, "key\na\r\nb\rc\n", "a\nb\nc\n"},
    {"csv: an empty line is a null, an empty text is none", CSV, RS_TYPE_STR, "key\n\n\"\"\n",
     "~\n\n"},
    {"csv: the last field is empty", CSV, RS_TYPE_STR, "n,key\n1,", "~\n"},
    {"csv: the first field of several", CSV, RS_TYPE_I64, "key,n\n1,2\n-3,4\n", "1\n-3\n"},
    {"csv: the last field of several", CSV, RS_TYPE_I64, "n,m,key\n1,2,3", "3\n"},
    {"csv: quotes, commas and line ends in quotes", CSV, RS_TYPE_STR,
     "\"key\",n\n\"a, \"\"b\"\"\",\"x\r\ny\"\n", "a, \"b\"\n"},
    {"csv: spaces are kept", CSV, RS_TYPE_STR, "key\n a \n", " a \n"},
    {"csv: a number has none", CSV, RS_TYPE_I64, "key\n 1\n", NULL},
    {"csv: a comment is a value", CSV, RS_TYPE_STR, "# no\n", "# no\n"},
    {"csv: more fields than the first line", CSV, RS_TYPE_STR, "key\na\nb,c\n", NULL},
    {"csv: a quote that does not close", CSV, RS_TYPE_STR, "key\n\"a", NULL},
    {"csv: the ends of a width", CSV, RS_TYPE_I32, "2147483647\n-2147483648\n",
     "2147483647\n-2147483648\n"},
    {"csv: behind the end of a width", CSV, RS_TYPE_I32, "2147483648", NULL},
    {"csv: behind the end of all", CSV, RS_TYPE_I64, "9223372036854775808", NULL},
    {"csv: no plus", CSV, RS_TYPE_I64, "+1", NULL},
    {"csv: a sign alone", CSV, RS_TYPE_I64, "-", NULL},
    {"csv: hexadecimal", CSV, RS_TYPE_F64, "0x10", NULL},
    {"csv: fractions", CSV, RS_TYPE_F64, "0.5\n-2e3\n.25\n", "0.5\n-2000\n0.25\n"},
    {"csv: a fraction beyond the width", CSV, RS_TYPE_F32, "1e39", NULL},
    {"csv: two points", CSV, RS_TYPE_F64, "1.2.3", NULL},
    {"csv: truth", CSV, RS_TYPE_BOOL, "true\nfalse\n\n", "true\nfalse\n~\n"},
    {"csv: truth in capitals", CSV, RS_TYPE_BOOL, "True", NULL},
    {"csv: no UTF-8", CSV, RS_TYPE_STR, "\xc3", NULL},

    {"json: no values", JSON, RS_TYPE_STR, " [ ] ", ""},
    {"json: texts and a null", JSON, RS_TYPE_STR, BOM "[\"a\", null,\n\"\"]\n", "a\n~\n\n"},
    {"json: escapes", JSON, RS_TYPE_STR, "[\"\\\"\\\\\\/\\u00e4\\u20AC\\ud83d\\ude00\"]",
     "\"\\/\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\n"},
    {"json: half a pair", JSON, RS_TYPE_STR, "[\"\\ud83d\"]", NULL},
    {"json: the other half", JSON, RS_TYPE_STR, "[\"\\ude00\"]", NULL},
    {"json: two first halves", JSON, RS_TYPE_STR, "[\"\\ud83d\\ud83d\"]", NULL},
    {"json: an escape that breaks off", JSON, RS_TYPE_STR, "[\"\\u12", NULL},
    {"json: a line end in a text", JSON, RS_TYPE_STR, "[\"a\nb\"]", NULL},
    {"json: whole numbers", JSON, RS_TYPE_I64, "[0, -9223372036854775808]",
     "0\n-9223372036854775808\n"},
    {"json: a leading zero", JSON, RS_TYPE_I64, "[01]", NULL},
    {"json: a fraction for a whole number", JSON, RS_TYPE_I64, "[1e2]", NULL},
    {"json: fractions", JSON, RS_TYPE_F64, "[1, 2.5, 1e2, -1E-2]", "1\n2.5\n100\n-0.01\n"},
    {"json: a point without digits", JSON, RS_TYPE_F64, "[1.]", NULL},
    {"json: an exponent without digits", JSON, RS_TYPE_F64, "[1e]", NULL},
    {"json: truth", JSON, RS_TYPE_BOOL, "[true,false]", "true\nfalse\n"},
    {"json: a text of truth", JSON, RS_TYPE_BOOL, "[\"true\"]", NULL},
    {"json: an empty file", JSON, RS_TYPE_STR, "", NULL},
    {"json: an array that does not close", JSON, RS_TYPE_STR, "[\"a\",", NULL},
    {"json: a value behind a value", JSON, RS_TYPE_STR, "[\"a\" \"b\"]", NULL},
    {"json: another array behind it", JSON, RS_TYPE_STR, "[][]", NULL},
};

typedef struct reading {
    const file_case *from;
    rs_buf rows; /* text of the column, for a reading that is not a sweep's */
    bool is_quiet;
    rs_error err;
} reading;

static rs_status read_case(void *context)
{
    reading *self = context;
    const file_case *c = self->from;
    const rs_column key = {.name = "key", .type = c->type, .source = "", .doc = ""};
    const rs_param_table param = {.name = "p", .type = "t", .column = &key};
    rs_param_column column = {0};
    rs_status status = rs_param_column_begin(&column, &param, &self->err);
    if (status == RS_OK) {
        status = c->read(rs_str_of(c->text), "file", &column, &self->err);
    }
    if (status == RS_OK) {
        status = rs_param_column_finish(&column, &self->err);
    }
    if (status == RS_OK && !self->is_quiet) {
        tables_text(&column.table, false, &self->rows);
    }
    rs_table_release(&column.table);
    return status;
}

static void texts_become_columns(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        reading self = {.from = &cases[i]};
        rs_status status = read_case(&self);
        if (cases[i].want == NULL) {
            UNIT_CHECK(status == RS_ERR_INVALID, "%s: status %d, %s", cases[i].label, (int)status,
                       rs_buf_text(&self.rows));
            UNIT_CHECK(strncmp(self.err.message, "file:", 5) == 0, "%s: %s", cases[i].label,
                       self.err.message);
        } else {
            UNIT_CHECK(status == RS_OK, "%s: %s", cases[i].label, self.err.message);
            UNIT_CHECK(strcmp(rs_buf_text(&self.rows), cases[i].want) == 0, "%s: %s",
                       cases[i].label, rs_buf_text(&self.rows));
        }
        rs_buf_release(&self.rows);
    }
}

static void a_null_byte_ends_nothing(void **state)
{
    (void)state;
    static const char csv[] = "key\na\0b\nc\n";
    static const char json[] = "[\"a\"]\0[";
    const rs_column key = {.name = "key", .type = RS_TYPE_STR, .source = "", .doc = ""};
    const rs_param_table param = {.name = "p", .type = "str", .column = &key};
    rs_error err = {0};
    rs_param_column column = {0};
    assert_int_equal(rs_param_column_begin(&column, &param, &err), RS_OK);
    assert_int_equal(rs_param_read_csv((rs_str){csv, sizeof csv - 1}, "f", &column, &err), RS_OK);
    assert_int_equal(column.table.rows.length, 2);
    UNIT_REFUSED(rs_param_read_json((rs_str){json, sizeof json - 1}, "f", &column, &err), &err,
                 RS_ERR_INVALID, "f:1: expected the end of the file");
    rs_table_release(&column.table);
}

static void reading_runs_out_of_memory(void **state)
{
    (void)state;
    static const file_case files[] = {
        {"csv", CSV, RS_TYPE_STR, "n,key\n1,a\n2,\"b\"\n3,\n", ""},
        {"json", JSON, RS_TYPE_STR, "[\"a\", null, \"b\\n\"]", ""},
    };
    for (size_t i = 0; i < UNIT_COUNT(files); i++) {
        reading self = {.from = &files[i], .is_quiet = true};
        UNIT_SWEEP(read_case, &self);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(texts_become_columns),
    cmocka_unit_test(a_null_byte_ends_nothing),
    cmocka_unit_test(reading_runs_out_of_memory),
};

UNIT_TESTS(param_file, tests)
