/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_rows.c - what its schema promises of each dataset's rows: one pass for all that can be said
 * of a row alone, one for each column of words, one for order and key.
 */
#include <stdarg.h>
#include <stdio.h>

#include "bundle/doctor_impl.h"
#include "bundle/sql_texts.h"

/* --- questions of one pass: how many rows are such that ... --- */

typedef struct question {
    const char *check;
    char message[160]; /* behind the count */
} question;

RS_VEC_DEFINE(question_vec, question)

typedef struct questionnaire {
    rs_buf answers; /* the list of what is counted */
    question_vec questions;
    bool failed;
} questionnaire;

/* What a statement of questions.sql can be asked about. */
typedef struct subject {
    const char *column;
    const char *other; /* a second column; NULL: it is about one */
} subject;

static void ask(questionnaire *self, const char *check, const rs_sql *about, subject of,
                const char *format, ...) RS_PRINTF(5, 6);

static void ask(questionnaire *self, const char *check, const rs_sql *about, subject of,
                const char *format, ...)
{
    question next = {.check = check};
    const rs_sql_arg args[] = {{.name = "column", .word = of.column},
                               {.name = "other", .word = of.other}};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(next.message, sizeof next.message, format, arguments);
    va_end(arguments);
    rs_sql_add_list(about, args, (size_t)(of.column != NULL) + (of.other != NULL), &self->answers);
    self->failed = self->failed || !question_vec_push(&self->questions, next);
}

static bool ends_with(const char *text, const char *end)
{
    size_t n_text = strlen(text);
    size_t n_end = strlen(end);
    return n_text >= n_end && strcmp(text + n_text - n_end, end) == 0;
}

static void ask_of_value(questionnaire *self, const json_t *column)
{
    const subject it = {.column = rs_manifest_text(column, "name")};
    if (!json_is_true(json_object_get(column, "nullable"))) {
        ask(self, "required", &rs_sql_bundle_ask_missing, it, "rows have no %s", it.column);
    }
    if (strcmp(rs_manifest_text(column, "type"), "string") == 0) {
        ask(self, "text", &rs_sql_bundle_ask_text, it, "rows have no text in %s", it.column);
    }
}

/* An id's sign tells whether what it refers to lies in a file; one of the row's own file, in which. */
static void ask_of_home(questionnaire *self, const rs_dataset *record, const json_t *column,
                        bool has_file)
{
    const subject it = {.column = rs_manifest_text(column, "name")};
    const rs_entity *entity = rs_entity_find(rs_str_of(rs_manifest_text(column, "refers_to")));
    if (entity == NULL || entity->home == RS_HOME_EITHER) {
        return;
    }
    bool is_in_file = entity->home == RS_HOME_FILE;
    ask(self, "home", is_in_file ? &rs_sql_bundle_ask_in_no_file : &rs_sql_bundle_ask_in_a_file, it,
        "rows have a %s that lies in %s file", it.column, is_in_file ? "no" : "a");
    const rs_column *own = record != NULL ? rs_column_find(record, rs_str_of(it.column)) : NULL;
    if (has_file && is_in_file && entity->family != RS_ENTITY_file && own != NULL &&
        rs_column_is_local_id(own)) {
        ask(self, "home", &rs_sql_bundle_ask_in_another_file, it,
            "rows have a %s that lies in another file", it.column);
    }
}

/* Offsets and lines lie inside the row's file; a span that is stored whole is one. */
static void ask_of_place(questionnaire *self, const json_t *schema, const json_t *column)
{
    const char *name = rs_manifest_text(column, "name");
    const subject it = {.column = name};
    bool is_line = ends_with(name, "start_line") || ends_with(name, "end_line");
    bool is_start = ends_with(name, "start_byte");
    if (!is_line && !is_start && !ends_with(name, "end_byte")) {
        return;
    }
    ask(self, "span", is_line ? &rs_sql_bundle_ask_line_outside : &rs_sql_bundle_ask_byte_outside,
        it, "rows have %s outside their file", name);
    char end[128];
    snprintf(end, sizeof end, "%.*send_byte", (int)(strlen(name) - strlen("start_byte")), name);
    if (is_start && rs_schema_column_is_stored(rs_schema_column(schema, end))) {
        ask(self, "span", &rs_sql_bundle_ask_span, (subject){name, end},
            "rows have %s behind %s, or one of them alone", name, end);
    }
}

/* What a dataset promises beyond its columns. */
typedef struct row_check {
    const char *dataset;
    const char *name;
    const rs_sql *about;
    const char *message; /* behind the count */
} row_check;

static const row_check row_checks[] = {
    {"props", "prop_value", &rs_sql_bundle_ask_prop_value, "properties have not exactly one value"},
    {"nodes", "span", &rs_sql_bundle_ask_node_lines, "nodes have lines or columns that are none"},
    {"edges", "confidence", &rs_sql_bundle_ask_confidence,
     "edges have a confidence outside 0 to 1"},
    {"syntax_nodes", "parent_first", &rs_sql_bundle_ask_parent_first,
     "syntax nodes do not stand behind their parent"},
};

/* The answers from the rows, each with its file's size; that of repo_files is its own. */
static void add_pass(const questionnaire *self, const rs_exam *exam, const char *file_sql,
                     rs_buf *sql)
{
    const rs_sql_arg args[] = {
        {.name = "answers", .form = RS_SQL_EXPR, .word = rs_buf_text(&self->answers)},
        {.name = "dataset", .word = exam->dataset->name},
        {.name = "file", .form = RS_SQL_EXPR, .word = file_sql}};
    rs_sql_add(file_sql == NULL ? &rs_sql_bundle_ask_rows : &rs_sql_bundle_ask_rows_of_files, args,
               file_sql == NULL ? 2 : 3, sql);
}

static void ask_all(questionnaire *self, const rs_exam *exam, const char *file_sql)
{
    const json_t *schema = exam->dataset->schema;
    const json_t *columns = json_object_get(schema, "columns");
    for (size_t i = 0; i < json_array_size(columns); i++) {
        const json_t *column = json_array_get(columns, i);
        if (rs_schema_column_is_stored(column)) {
            ask_of_value(self, column);
            ask_of_home(self, exam->dataset->record, column, file_sql != NULL);
            if (file_sql != NULL) {
                ask_of_place(self, schema, column);
            }
        }
    }
    for (size_t i = 0; i < sizeof row_checks / sizeof row_checks[0]; i++) {
        if (strcmp(row_checks[i].dataset, exam->dataset->name) == 0) {
            ask(self, row_checks[i].name, row_checks[i].about, (subject){0}, "%s",
                row_checks[i].message);
        }
    }
    if (file_sql != NULL) {
        ask(self, "file", &rs_sql_bundle_ask_file_lost, (subject){0},
            "rows lie in a file that is not there");
    }
}

static void take_answers(rs_exam *exam, const rs_cursor *result, size_t row, void *context)
{
    const questionnaire *self = context;
    const rs_doctor_dataset *dataset = exam->dataset;
    int64_t n_rows = rs_cursor_i64(result, 0, row);
    RS_ASSERT(row == 0); /* one row of counts */
    exam->n_checks += self->questions.n_items;
    if ((uint64_t)n_rows != dataset->n_rows) {
        rs_exam_report(exam, "rows", dataset->path, "%lld rows can be read, the manifest says %llu",
                       (long long)n_rows, (unsigned long long)dataset->n_rows);
    }
    for (size_t i = 0; i < self->questions.n_items; i++) {
        int64_t n_bad = rs_cursor_i64(result, i + 1, row);
        if (n_bad > 0) {
            rs_exam_report(exam, self->questions.items[i].check, dataset->path, "%lld %s",
                           (long long)n_bad, self->questions.items[i].message);
        }
    }
}

static rs_status check_rows(rs_exam *exam, rs_error *err)
{
    questionnaire self = {0};
    /* What a run was given may name files that are not there. */
    bool is_given = strcmp(rs_manifest_text(exam->dataset->row, "group"), "params") == 0;
    bool has_files = !is_given && rs_doctor_find(exam->doctor, "repo_files") != NULL &&
                     strcmp(exam->dataset->name, "repo_files") != 0;
    rs_buf file = {0};
    rs_buf sql = {0};
    bool lies_in_file = has_files && rs_schema_add_file_sql(exam->dataset, &file);
    const char *file_sql = lies_in_file ? rs_buf_text(&file) : NULL;
    rs_sql_add_list(&rs_sql_bundle_ask_all, NULL, 0, &self.answers);
    ask_all(&self, exam, file_sql);
    add_pass(&self, exam, file_sql, &sql);
    rs_status status = self.failed || file.failed || self.answers.failed
                           ? rs_error_set(err, RS_ERR_NOMEM, "check the rows: out of memory")
                           : rs_buf_check(&sql, err);
    RS_THEN(status, rs_exam_each_row(exam, "rows", exam->dataset->path, sql.bytes, take_answers,
                                     &self, err));
    question_vec_release(&self.questions);
    rs_buf_release(&file);
    rs_buf_release(&self.answers);
    rs_buf_release(&sql);
    return status;
}

/* --- words --- */

static void report_word(rs_exam *exam, const rs_cursor *result, size_t row, void *context)
{
    const char *column = context;
    rs_str word = rs_cursor_str(result, 0, row);
    rs_exam_report(exam, "word", exam->dataset->path, "%s has '%.*s', which is no word of it",
                   column, (int)word.n_bytes, word.bytes);
}

static rs_status check_words(rs_exam *exam, rs_error *err)
{
    const json_t *column = exam->subject;
    const json_t *words = json_object_get(column, "values");
    const char *name = rs_manifest_text(column, "name");
    rs_buf listed = {0};
    rs_buf sql = {0};
    for (size_t i = 0; i < json_array_size(words); i++) {
        const char *word = json_string_value(json_array_get(words, i));
        rs_buf_add(&listed, i == 0 ? "" : ", ");
        rs_buf_add_sql_literal(&listed, rs_str_of(word != NULL ? word : ""));
    }
    const rs_sql_arg args[] = {
        {.name = "column", .word = name},
        {.name = "dataset", .word = exam->dataset->name},
        {.name = "words", .form = RS_SQL_EXPR, .word = rs_buf_text(&listed)}};
    rs_sql_add(&rs_sql_bundle_foreign_words, args, 3, &sql);
    rs_status status = rs_buf_check(&listed, err);
    RS_THEN(status, rs_buf_check(&sql, err));
    RS_THEN(status, rs_exam_each_row(exam, "word", exam->dataset->path, sql.bytes, report_word,
                                     (void *)(uintptr_t)name, err));
    rs_buf_release(&listed);
    rs_buf_release(&sql);
    return status;
}

/* --- order and key --- */

static void add_key_name(rs_str name, void *context)
{
    rs_buf *sql = context;
    rs_buf_add(sql, sql->n_bytes == 0 ? "" : ", ");
    rs_buf_add_sql_name(sql, name);
}

/* The rows' file, where they lie in one, and their key. */
static void add_order_sql(const rs_doctor_dataset *dataset, const rs_buf *file, const rs_buf *key,
                          rs_buf *sql)
{
    const rs_sql_arg args[] = {{.name = "file", .form = RS_SQL_EXPR, .word = rs_buf_text(file)},
                               {.name = "key", .form = RS_SQL_EXPR, .word = rs_buf_text(key)},
                               {.name = "dataset", .word = dataset->name}};
    rs_sql_add(&rs_sql_bundle_out_of_order, args, 3, sql);
}

static void add_key_sql(const rs_doctor_dataset *dataset, const rs_buf *key, rs_buf *sql)
{
    const rs_sql_arg args[] = {{.name = "key", .form = RS_SQL_EXPR, .word = rs_buf_text(key)},
                               {.name = "dataset", .word = dataset->name}};
    rs_buf_reset(sql);
    rs_sql_add(&rs_sql_bundle_equal_keys, args, 2, sql);
}

static rs_status check_order(rs_exam *exam, rs_error *err)
{
    const rs_doctor_dataset *dataset = exam->dataset;
    rs_buf file = {0};
    bool lies_in_file = rs_schema_add_file_sql(dataset, &file);
    bool is_files = strcmp(dataset->name, "repo_files") == 0;
    bool is_ordered = (is_files || lies_in_file) &&
                      strcmp(rs_manifest_text(dataset->row, "group"), "evidence") == 0 &&
                      rs_doctor_find(exam->doctor, "repo_files") != NULL;
    rs_buf key = {0};
    rs_buf sql = {0};
    rs_schema_each_key(dataset->schema, add_key_name, &key);
    key.failed = key.failed || file.failed;
    rs_status status = rs_buf_check(&key, err);
    if (status == RS_OK && is_ordered && is_files) {
        status = rs_exam_count(exam, "order", dataset->path, rs_sql_bundle_paths_out_of_order.text,
                               "rows stand before a path that is less", err);
    } else if (status == RS_OK && is_ordered) {
        add_order_sql(dataset, &file, &key, &sql);
        status = rs_buf_check(&sql, err);
        RS_THEN(status, rs_exam_count(exam, "order", dataset->path, sql.bytes,
                                      "rows are out of order (path, key)", err));
    }
    /* An order without a fault proves the key. */
    bool is_proved = is_ordered && !is_files && exam->findings.n_items == 0;
    if (status == RS_OK && !is_proved && key.n_bytes > 0) {
        add_key_sql(dataset, &key, &sql);
        status = rs_buf_check(&sql, err);
        RS_THEN(status, rs_exam_count(exam, "key", dataset->path, sql.bytes,
                                      "keys stand in more than one row", err));
    }
    rs_buf_release(&sql);
    rs_buf_release(&key);
    rs_buf_release(&file);
    return status;
}

/* --- the step --- */

static rs_status add_words(rs_doctor *doctor, rs_doctor_dataset *dataset, rs_error *err)
{
    const json_t *columns = json_object_get(dataset->schema, "columns");
    for (size_t i = 0; i < json_array_size(columns); i++) {
        const json_t *column = json_array_get(columns, i);
        if (rs_schema_column_is_stored(column) &&
            json_array_size(json_object_get(column, "values")) > 0) {
            RS_TRY(rs_doctor_add_exam(doctor,
                                      (rs_exam){.fn = check_words,
                                                .dataset = dataset,
                                                .subject = column,
                                                .cost = dataset->n_rows},
                                      err));
        }
    }
    return RS_OK;
}

/* The graph's large datasets have exams of their own for the key. */
static bool has_own_key_exam(const rs_doctor_dataset *dataset)
{
    return strcmp(dataset->path, "cpg/nodes") == 0 || strcmp(dataset->path, "cpg/edges") == 0 ||
           strcmp(dataset->path, "cpg/props") == 0;
}

/* No file has a row, by the manifest and so by the footers, which were held against it. */
static bool is_empty(const rs_doctor_dataset *dataset)
{
    const json_t *files = json_object_get(dataset->row, "files");
    uint64_t n_rows = dataset->n_rows;
    for (size_t i = 0; i < json_array_size(files); i++) {
        n_rows += rs_manifest_number(json_array_get(files, i), "rows");
    }
    return n_rows == 0;
}

rs_status rs_doctor_add_row_exams(rs_doctor *doctor, rs_error *err)
{
    for (size_t i = 0; i < doctor->n_datasets; i++) {
        rs_doctor_dataset *dataset = &doctor->datasets[i];
        if (dataset->is_reject || !dataset->is_readable || dataset->schema == NULL ||
            is_empty(dataset)) {
            continue;
        }
        rs_exam exam = {.fn = check_rows, .dataset = dataset, .cost = 4 * dataset->n_rows};
        RS_TRY(rs_doctor_add_exam(doctor, exam, err));
        if (dataset->n_rows == 0) {
            continue;
        }
        RS_TRY(add_words(doctor, dataset, err));
        if (!has_own_key_exam(dataset)) {
            exam.fn = check_order;
            RS_TRY(rs_doctor_add_exam(doctor, exam, err));
        }
    }
    return RS_OK;
}
