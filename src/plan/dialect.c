/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/dialect.h"

#include "base/hash.h"

/* The end of a slice that is below 0 counts from the list's end: there is no such part. */
#define DUCKDB_WITHOUT_LAST                                                                        \
    "array_to_string(list_slice(string_split($1, $2), 1, "                                         \
    "greatest(len(string_split($1, $2)) - $3, 0)), $2)"

/* Arithmetic goes by the functions, not the operators: of `x + 1 > 0` the engine's optimizer makes `x > -1`,
 * which no overflow fails. */
static const rs_template duckdb_templates[] = {
    {"*", "multiply($1, $2)"},
    {"+", "add($1, $2)"},
    {"-", "subtract($1, $2)"},
    {"all", "bool_and($1)"},
    {"any", "bool_or($1)"},
    {"count", "count(*)"},
    {"count_distinct", "count(DISTINCT $1)"},
    {"file_of", "($1 >> $b)"},
    {"file_of some", "CASE WHEN $1 >= 0 THEN ($1 >> $b) END"},
    {"first_part", "split_part($1, $2, 1)"},
    {"n_parts", "len(string_split($1, $2))"},
    {"n_parts null", "CASE WHEN $2 IS NOT NULL THEN len(string_split($1, $2)) END"},
    {"root_of", "($1 << $b)"},
    {"substring", "substr($1, $2)"},
    {"sum", "CAST(sum($1) AS BIGINT)"},
    {"without_last", DUCKDB_WITHOUT_LAST},
    {"without_last null",
     "CASE WHEN $2 IS NOT NULL AND $3 IS NOT NULL THEN " DUCKDB_WITHOUT_LAST " END"},
};

/* stable_id (base/hash.h): what is hashed, then what is made of it. */
#define DUCKDB_TEXT(part) "CAST(strlen(" part ") AS VARCHAR) || ':' || " part
#define DUCKDB_NUMBER(part) "'i' || CAST(" part " AS VARCHAR) || 'e'"
#define DUCKDB_ID(text)                                                                            \
    "CAST(CAST(CAST('0x' || left(sha256(" text "), 16) AS UBIGINT) AS BIT) AS BIGINT)"

static const rs_template duckdb_ids[RS_N_ID_FUNCTIONS] = {
    {"edge_id", DUCKDB_ID("'4:edge' || " DUCKDB_TEXT("$1") " || " DUCKDB_NUMBER(
                    "$2") " || " DUCKDB_NUMBER("$3") " || coalesce(" DUCKDB_NUMBER("$4") ", 'n')")},
    {"global_id",
     "(" DUCKDB_ID(DUCKDB_TEXT("$1") " || " DUCKDB_TEXT("$2")) " | (-9223372036854775807 - 1))"},
};

#define DUCKDB                                                                                     \
    .name = "duckdb", .quote = '"', .has_words = true, .has_qualify = true,                        \
    .text_type = "VARCHAR", .whole_type = "INTEGER", .list_type = {"", "[]"}, .list = {"[", "]"},  \
    .list_length = "len", .list_concat = "list_concat", .split = "string_split",                   \
    .first_by = "arg_min", .row = "row", .whole_division = "//", .semi_join = "SEMI JOIN",         \
    .anti_join = "ANTI JOIN", .templates = duckdb_templates,                                       \
    .n_templates = sizeof duckdb_templates / sizeof duckdb_templates[0]

static const rs_dialect duckdb_with_own_ids = {DUCKDB, .ids = duckdb_ids};

const rs_dialect rs_dialect_duckdb = {DUCKDB, .own_ids = &duckdb_with_own_ids};

/* split() takes a pattern: \Q and \E make one of any text. */
#define SPARK_PARTS "split($1, concat('\\\\Q', $2, '\\\\E'))"

#define SPARK_WITHOUT_LAST                                                                         \
    "array_join(slice(" SPARK_PARTS ", 1, greatest(size(" SPARK_PARTS ") - $3, 0)), $2)"

static const rs_template spark_templates[] = {
    {"<<", "shiftleft($1, $2)"},
    {">>", "shiftright($1, $2)"},
    {"all", "bool_and($1)"},
    {"any", "bool_or($1)"},
    {"count", "count(*)"},
    {"count_distinct", "count(DISTINCT $1)"},
    {"ends_with", "endswith($1, $2)"},
    {"file_of", "shiftright($1, $b)"},
    {"file_of some", "CASE WHEN $1 >= 0 THEN shiftright($1, $b) END"},
    {"first_part", "split_part($1, $2, 1)"},
    {"n_parts", "CAST(size(" SPARK_PARTS ") AS BIGINT)"},
    {"n_parts null", "CASE WHEN $2 IS NOT NULL THEN CAST(size(" SPARK_PARTS ") AS BIGINT) END"},
    {"root_of", "shiftleft($1, $b)"},
    {"starts_with", "startswith($1, $2)"},
    {"substring", "substr($1, $2)"},
    {"sum", "CAST(sum($1) AS BIGINT)"},
    {"without_last", SPARK_WITHOUT_LAST},
    {"without_last null",
     "CASE WHEN $2 IS NOT NULL AND $3 IS NOT NULL THEN " SPARK_WITHOUT_LAST " END"},
};

#define SPARK_TEXT(part) "CAST(octet_length(" part ") AS STRING) || ':' || " part
#define SPARK_NUMBER(part) "'i' || CAST(" part " AS STRING) || 'e'"
/* A base below 0 is that of signed numbers. */
#define SPARK_ID(text) "CAST(conv(substr(sha2(" text ", 256), 1, 16), 16, -10) AS BIGINT)"

static const rs_template spark_ids[RS_N_ID_FUNCTIONS] = {
    {"edge_id", SPARK_ID("'4:edge' || " SPARK_TEXT("$1") " || " SPARK_NUMBER(
                    "$2") " || " SPARK_NUMBER("$3") " || coalesce(" SPARK_NUMBER("$4") ", 'n')")},
    {"global_id",
     "(" SPARK_ID(SPARK_TEXT("$1") " || " SPARK_TEXT("$2")) " | shiftleft(CAST(1 AS BIGINT), 63))"},
};

const rs_dialect rs_dialect_spark = {
    .name = "spark",
    .quote = '`',
    .escapes = true,
    .has_lateral_view = true,
    .splits_by_pattern = true,
    .text_type = "STRING",
    .whole_type = "INT",
    .list_type = {"ARRAY<", ">"},
    .list = {"array(", ")"},
    .list_length = "size",
    .list_concat = "concat",
    .split = "split",
    .first_by = "min_by",
    .row = "struct",
    .whole_division = "DIV",
    .semi_join = "LEFT SEMI JOIN",
    .anti_join = "LEFT ANTI JOIN",
    .templates = spark_templates,
    .n_templates = sizeof spark_templates / sizeof spark_templates[0],
    .ids = spark_ids,
};

const rs_dialect rs_dialect_person = {
    .name = "person",
    .is_for_people = true,
    .whole_division = "/",
};

static const rs_dialect *const dialects[] = {&rs_dialect_duckdb, &rs_dialect_spark};

const rs_dialect *rs_dialect_get(size_t index)
{
    return index < sizeof dialects / sizeof dialects[0] ? dialects[index] : NULL;
}

const rs_dialect *rs_dialect_signed(void)
{
    return dialects[0];
}

static const char *find_template(const rs_template *templates, size_t n_templates, const char *name)
{
    for (size_t i = 0; i < n_templates; i++) {
        if (strcmp(templates[i].name, name) == 0) {
            return templates[i].sql;
        }
    }
    return NULL;
}

const char *rs_dialect_template(const rs_dialect *dialect, const char *name)
{
    const char *text = find_template(dialect->templates, dialect->n_templates, name);
    return text != NULL || dialect->ids == NULL
               ? text
               : find_template(dialect->ids, RS_N_ID_FUNCTIONS, name);
}

static void add_named_call(const char *name, const char *const *args, size_t n_args, rs_buf *sql)
{
    rs_buf_addf(sql, "%s(", name);
    for (size_t i = 0; i < n_args; i++) {
        rs_buf_add(sql, i == 0 ? "" : ", ");
        rs_buf_add(sql, args[i]);
    }
    rs_buf_add_char(sql, ')');
}

void rs_dialect_add_call(const rs_dialect *dialect, const char *name, const char *const *args,
                         size_t n_args, rs_buf *sql)
{
    const char *text = rs_dialect_template(dialect, name);
    if (text == NULL) {
        add_named_call(name, args, n_args, sql);
        return;
    }
    for (; *text != '\0'; text++) {
        if (*text == '$' && text[1] == 'b') {
            rs_buf_addf(sql, "%d", (int)RS_ID_ENTITY_BITS);
            text++;
        } else if (*text == '$') {
            size_t n = (size_t)(*++text - '1');
            RS_ASSERT(n < n_args);
            rs_buf_add(sql, args[n]);
        } else {
            rs_buf_add_char(sql, *text);
        }
    }
}

void rs_dialect_add_name(const rs_dialect *dialect, rs_str name, rs_buf *sql)
{
    if (dialect->quote == '\0') {
        rs_buf_add_str(sql, name);
        return;
    }
    rs_buf_add_char(sql, dialect->quote);
    for (size_t i = 0; i < name.n_bytes; i++) {
        if (name.bytes[i] == dialect->quote) {
            rs_buf_add_char(sql, dialect->quote);
        }
        rs_buf_add_char(sql, name.bytes[i]);
    }
    rs_buf_add_char(sql, dialect->quote);
}

static void add_inside(const rs_dialect *dialect, rs_str text, rs_buf *sql)
{
    for (size_t i = 0; i < text.n_bytes; i++) {
        char c = text.bytes[i];
        if (dialect->escapes && (c == '\'' || c == '\\')) {
            rs_buf_add_char(sql, '\\');
        } else if (c == '\'') {
            rs_buf_add_char(sql, '\'');
        }
        rs_buf_add_char(sql, c);
    }
}

void rs_dialect_add_literal(const rs_dialect *dialect, rs_str text, rs_buf *sql)
{
    rs_buf_add_char(sql, '\'');
    add_inside(dialect, text, sql);
    rs_buf_add_char(sql, '\'');
}

void rs_dialect_add_separator(const rs_dialect *dialect, rs_str text, rs_buf *sql)
{
    rs_buf_add_char(sql, '\'');
    add_inside(dialect, dialect->splits_by_pattern ? RS_STR_LITERAL("\\Q") : rs_str_of(""), sql);
    add_inside(dialect, text, sql);
    add_inside(dialect, dialect->splits_by_pattern ? RS_STR_LITERAL("\\E") : rs_str_of(""), sql);
    rs_buf_add_char(sql, '\'');
}

const char *rs_dialect_type(const rs_dialect *dialect, rs_type type)
{
    bool is_text = type == RS_TYPE_STR || type == RS_TYPE_ENUM;
    return is_text               ? dialect->text_type
           : type == RS_TYPE_I32 ? dialect->whole_type
                                 : rs_type_sql_name(type);
}

const char *rs_file_of_template(bool lies_in_file)
{
    return lies_in_file ? "file_of" : "file_of some";
}

void rs_dialect_add_file_column(const rs_dialect *dialect, const rs_column *column, rs_buf *sql)
{
    rs_buf name = {0};
    rs_dialect_add_name(dialect, rs_str_of(rs_column_file_of(column)), &name);
    const char *args[] = {rs_buf_text(&name)};
    rs_dialect_add_call(dialect, rs_file_of_template(column->required), args, 1, sql);
    sql->failed = sql->failed || name.failed;
    rs_buf_release(&name);
}
