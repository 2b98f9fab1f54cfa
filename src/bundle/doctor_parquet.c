/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_parquet.c - each dataset's schema document, and what the footers of its files say. */
#include <inttypes.h>
#include <stdio.h>

#include "bundle/doctor_impl.h"
#include "bundle/files.h"
#include "bundle/manifest.h"
#include "bundle/sql_texts.h"
#include "schema/fingerprint.h"

/* --- schema documents --- */

const json_t *rs_schema_column(const json_t *schema, const char *name)
{
    const json_t *columns = json_object_get(schema, "columns");
    for (size_t i = 0; i < json_array_size(columns); i++) {
        const json_t *column = json_array_get(columns, i);
        if (strcmp(rs_manifest_text(column, "name"), name) == 0) {
            return column;
        }
    }
    return NULL;
}

bool rs_schema_column_is_stored(const json_t *column)
{
    return json_is_true(json_object_get(column, "stored"));
}

void rs_schema_each_key(const json_t *schema, rs_key_fn fn, void *context)
{
    const char *key = rs_manifest_text(schema, "key");
    while (*key != '\0') {
        fn(rs_key_next(&key), context);
    }
}

bool rs_schema_add_file_sql(const rs_doctor_dataset *dataset, rs_buf *sql)
{
    const json_t *stored = rs_schema_column(dataset->schema, "file_id");
    if (stored != NULL && rs_schema_column_is_stored(stored)) {
        rs_buf_add(sql, "file_id");
        return true;
    }
    /* Only what the registry says is computed, never a document that came with the bundle. */
    const rs_column *column =
        dataset->record != NULL ? rs_column_find(dataset->record, RS_STR_LITERAL("file_id")) : NULL;
    if (column == NULL || rs_column_file_of(column) == NULL) {
        return false;
    }
    rs_column_add_file_sql(column, sql);
    return true;
}

/* The document as run/ writes it. */
static rs_status registered_schema(const rs_doctor_dataset *dataset, const rs_kinds *kinds,
                                   json_t **out, rs_error *err)
{
    const rs_dataset *record = dataset->record;
    const char *group = dataset->is_reject ? "cpg" : rs_manifest_text(dataset->row, "group");
    char fingerprint[RS_SHA256_TEXT_BYTES];
    bool failed = false;
    RS_TRY(rs_schema_fingerprint(record, RS_GROUP_EVIDENCE, fingerprint, err));
    *out = rs_schema_document(record, kinds, &failed);
    rs_json_set(*out, "group", rs_json_text(group), &failed);
    rs_json_set(*out, "schema_fingerprint", rs_json_text(fingerprint), &failed);
    return failed ? rs_error_set(err, RS_ERR_NOMEM, "describe %s: out of memory", dataset->name)
                  : RS_OK;
}

/* schemas/<dataset>.schema.json; NULL when it cannot be read, which its own exam has reported. */
static rs_status bundled_schema(const rs_doctor *doctor, const rs_doctor_dataset *dataset,
                                json_t **out, rs_error *err)
{
    rs_buf name = {0};
    *out = NULL;
    rs_buf_addf(&name, "schemas/%s.schema.json", dataset->name);
    rs_status status = rs_buf_check(&name, err);
    RS_THEN(status, rs_reader_load(doctor->reader, name.bytes, out, err));
    rs_buf_release(&name);
    return status;
}

static rs_status check_schema_document(rs_exam *exam, rs_error *err)
{
    const rs_doctor_dataset *dataset = exam->dataset;
    json_t *found = NULL;
    RS_TRY(bundled_schema(exam->doctor, dataset, &found, err));
    exam->n_checks++;
    if (found != NULL && dataset->record != NULL && !json_equal(found, dataset->schema)) {
        char name[256];
        snprintf(name, sizeof name, "schemas/%s.schema.json", dataset->name);
        rs_exam_report(exam, "schema", name, "is not the registry's schema of %s", dataset->name);
    }
    json_decref(found);
    return RS_OK;
}

/* --- footers --- */

/* A question to the footers of a dataset's files: read now, or with all others before. */
typedef struct footer_question {
    const char *check;
    const rs_sql *read;
    size_t known; /* RS_FOOTER_*; RS_N_FOOTER_QUESTIONS: it is not asked of all */
} footer_question;

static const footer_question ask_rows = {"open", &rs_sql_bundle_footer_rows, RS_FOOTER_ROWS};
static const footer_question ask_columns = {"schema", &rs_sql_bundle_footer_columns,
                                            RS_FOOTER_COLUMNS};
static const footer_question ask_nested = {"schema", &rs_sql_bundle_footer_nested_columns,
                                           RS_N_FOOTER_QUESTIONS};
static const footer_question ask_pairs = {"metadata", &rs_sql_bundle_footer_pairs, RS_FOOTER_PAIRS};

static const rs_sql *const known[RS_N_FOOTER_QUESTIONS] = {
    [RS_FOOTER_ROWS] = &rs_sql_bundle_known_rows,
    [RS_FOOTER_COLUMNS] = &rs_sql_bundle_known_columns,
    [RS_FOOTER_PAIRS] = &rs_sql_bundle_known_pairs,
};

static bool copy_text(rs_doctor *doctor, rs_str text, rs_str *out)
{
    const char *copy = rs_arena_strndup(&doctor->arena, text.bytes, text.n_bytes);
    *out = (rs_str){copy, text.n_bytes};
    return copy != NULL;
}

static rs_status keep_footers(rs_doctor *doctor, rs_cursor *result, rs_footer_row_vec *rows,
                              rs_error *err)
{
    for (size_t n_rows = 1; n_rows > 0;) {
        RS_TRY(rs_cursor_next(result, &n_rows, err));
        for (size_t i = 0; i < n_rows; i++) {
            rs_footer_row row = {.number = rs_cursor_i64(result, 3, i)};
            if (!copy_text(doctor, rs_cursor_str(result, 0, i), &row.folder) ||
                !copy_text(doctor, rs_cursor_str(result, 1, i), &row.texts[0]) ||
                !copy_text(doctor, rs_cursor_str(result, 2, i), &row.texts[1]) ||
                !rs_footer_row_vec_push(rows, row)) {
                return rs_error_set(err, RS_ERR_NOMEM, "read footers: out of memory");
            }
        }
    }
    return RS_OK;
}

static rs_status read_known(rs_doctor *doctor, size_t question, const char *files, rs_error *err)
{
    rs_cursor *result = NULL;
    rs_buf sql = {0};
    const rs_sql_arg arg = {.name = "files", .form = RS_SQL_EXPR, .word = files};
    rs_sql_add(known[question], &arg, 1, &sql);
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status,
            rs_session_query(doctor->reader->session, "footers", sql.bytes, NULL, 0, &result, err));
    RS_THEN(status, keep_footers(doctor, result, &doctor->footers[question], err));
    rs_cursor_free(result);
    rs_buf_release(&sql);
    return status;
}

/* All footers, in three statements; where one of the files is damaged each dataset is asked alone. */
static rs_status read_footers(rs_doctor *doctor, rs_error *err)
{
    rs_buf files = {0};
    rs_error cause = {0};
    rs_status status =
        rs_files_add_parquet_sql(rs_buf_text(&doctor->reader->directory), 2, &files, err);
    RS_THEN(status, rs_buf_check(&files, err));
    for (size_t i = 0; i < RS_N_FOOTER_QUESTIONS && status == RS_OK && cause.status == RS_OK; i++) {
        if (read_known(doctor, i, rs_buf_text(&files), &cause) == RS_ERR_NOMEM) {
            status = rs_error_set(err, RS_ERR_NOMEM, "%s", cause.message);
        }
    }
    doctor->knows_footers = status == RS_OK && cause.status == RS_OK;
    rs_buf_release(&files);
    return status;
}

/* An exam's step over what footers say; at is called for each row. */
typedef void (*footer_fn)(rs_exam *exam, const rs_footer_row *row, void *context);
typedef struct footer_step {
    footer_fn at;
    void *context;
} footer_step;

static void take_row(rs_exam *exam, const rs_cursor *result, size_t row, void *context)
{
    const footer_step *step = context;
    const rs_footer_row found = {
        .texts = {rs_cursor_str(result, 0, row), rs_cursor_str(result, 1, row)},
        .number = rs_cursor_i64(result, 2, row)};
    step->at(exam, &found, step->context);
}

static rs_status each_known_row(rs_exam *exam, const footer_question *question, footer_step step,
                                rs_error *err)
{
    const rs_footer_row_vec *rows = &exam->doctor->footers[question->known];
    rs_buf folder = {0};
    rs_status status = rs_path_set(&folder, rs_buf_text(&exam->doctor->reader->directory),
                                   exam->dataset->path, err);
    exam->n_checks++;
    for (size_t i = 0; status == RS_OK && i < rows->n_items; i++) {
        if (rs_str_equal(rows->items[i].folder, rs_buf_str(&folder))) {
            step.at(exam, &rows->items[i], step.context);
        }
    }
    rs_buf_release(&folder);
    return status;
}

static rs_status each_footer_row(rs_exam *exam, const footer_question *question, footer_step step,
                                 rs_error *err)
{
    if (exam->doctor->knows_footers && question->known < RS_N_FOOTER_QUESTIONS) {
        return each_known_row(exam, question, step, err);
    }
    rs_buf files = {0};
    rs_buf sql = {0};
    rs_status status =
        rs_reader_add_files_sql(exam->doctor->reader, exam->dataset->row, &files, err);
    const rs_sql_arg arg = {.name = "files", .form = RS_SQL_EXPR, .word = rs_buf_text(&files)};
    rs_sql_add(question->read, &arg, 1, &sql);
    RS_THEN(status, rs_buf_check(&sql, err));
    RS_THEN(status, rs_exam_each_row(exam, question->check, exam->dataset->path, sql.bytes,
                                     take_row, &step, err));
    rs_buf_release(&files);
    rs_buf_release(&sql);
    return status;
}

/* The row of the manifest for a path that ends in /<name>; NULL for none. */
static const json_t *file_row(const rs_doctor_dataset *dataset, rs_str path)
{
    const json_t *files = json_object_get(dataset->row, "files");
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *row = json_array_get(files, i);
        rs_str name = rs_str_of(rs_manifest_text(row, "name"));
        if (name.n_bytes < path.n_bytes &&
            memcmp(path.bytes + path.n_bytes - name.n_bytes, name.bytes, name.n_bytes) == 0) {
            return row;
        }
    }
    return NULL;
}

static void compare_rows(rs_exam *exam, const rs_footer_row *row, void *context)
{
    (void)context;
    const json_t *file = file_row(exam->dataset, row->texts[0]);
    int64_t n_rows = row->number;
    exam->n_checks++;
    if (file != NULL && (uint64_t)n_rows != rs_manifest_number(file, "rows")) {
        char name[256];
        snprintf(name, sizeof name, "%s/%s", exam->dataset->path, rs_manifest_text(file, "name"));
        rs_exam_report(exam, "rows", name, "%" PRId64 " rows, the manifest says %" PRIu64, n_rows,
                       rs_manifest_number(file, "rows"));
    }
}

/* The engine's name for a type of a schema document. */
static const char *sql_type(const char *type)
{
    static const rs_type all[] = {RS_TYPE_I64, RS_TYPE_I32, RS_TYPE_BOOL,
                                  RS_TYPE_F32, RS_TYPE_F64, RS_TYPE_STR};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        for (int shape = RS_SHAPE_ONE; shape <= RS_SHAPE_MAP; shape++) {
            const rs_column column = {.type = all[i], .shape = (rs_shape)shape};
            if (strcmp(rs_column_field_type(&column), type) == 0) {
                return rs_column_sql_type(&column);
            }
        }
    }
    return "";
}

/* A column of it holds lists or maps, which a footer has as several. */
static bool is_nested(const rs_doctor_dataset *dataset)
{
    const json_t *columns = json_object_get(dataset->schema, "columns");
    for (size_t i = 0; i < json_array_size(columns); i++) {
        if (strchr(rs_manifest_text(json_array_get(columns, i), "type"), '<') != NULL) {
            return true;
        }
    }
    return false;
}

/* "a BIGINT, b VARCHAR" of the stored columns, as the SQL of check_columns() spells a file's. */
static void add_wanted_columns(const rs_doctor_dataset *dataset, rs_buf *out)
{
    const json_t *columns = json_object_get(dataset->schema, "columns");
    for (size_t i = 0; i < json_array_size(columns); i++) {
        const json_t *column = json_array_get(columns, i);
        if (rs_schema_column_is_stored(column)) {
            rs_buf_addf(out, "%s%s %s", out->n_bytes == 0 ? "" : ", ",
                        rs_manifest_text(column, "name"),
                        sql_type(rs_manifest_text(column, "type")));
        }
    }
    if (dataset->is_reject) {
        rs_buf_add(out, ", reason VARCHAR");
    }
}

static void compare_columns(rs_exam *exam, const rs_footer_row *row, void *context)
{
    const rs_buf *wanted = context;
    rs_str found = row->texts[0];
    if (!rs_str_equal(found, rs_buf_str(wanted))) {
        rs_exam_report(exam, "schema", exam->dataset->path, "has columns %.*s; should have %s",
                       (int)found.n_bytes, found.bytes, rs_buf_text(wanted));
    }
}

static rs_status check_columns(rs_exam *exam, rs_error *err)
{
    rs_buf wanted = {0};
    add_wanted_columns(exam->dataset, &wanted);
    rs_status status = rs_buf_check(&wanted, err);
    RS_THEN(status, each_footer_row(exam, is_nested(exam->dataset) ? &ask_nested : &ask_columns,
                                    (footer_step){compare_columns, &wanted}, err));
    rs_buf_release(&wanted);
    return status;
}

/* --- metadata --- */

/* A key that every file of a dataset carries; its value is that member of the schema document, or
 * any text where there is no member. */
typedef struct metadata_key {
    const char *key;
    const char *member;
} metadata_key;

static const metadata_key metadata_keys[] = {
    {"relspec.dataset", "name"},     {"relspec.version", "version"},
    {"relspec.key", "key"},          {"relspec.lens", "lens"},
    {"relspec.contract", NULL},      {"relspec.ordering_level", NULL},
    {"relspec.ordering_keys", NULL}, {"relspec.determinism_tier", NULL},
};

enum { N_METADATA_KEYS = sizeof metadata_keys / sizeof metadata_keys[0] };

/* Key, value, files that have the pair. */
static void check_pair(rs_exam *exam, const rs_footer_row *row, void *context)
{
    bool *is_there = context; /* by metadata_keys */
    rs_str name = row->texts[0];
    rs_str value = row->texts[1];
    int64_t n_files = row->number;
    for (size_t i = 0; i < N_METADATA_KEYS; i++) {
        const metadata_key *key = &metadata_keys[i];
        if (!rs_str_equal(name, rs_str_of(key->key))) {
            continue;
        }
        const json_t *member =
            key->member != NULL ? json_object_get(exam->dataset->schema, key->member) : NULL;
        char number[32] = "";
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(member));
        const char *wanted = json_is_string(member) ? json_string_value(member) : number;
        is_there[i] = true;
        if (member != NULL && !rs_str_equal(value, rs_str_of(wanted))) {
            rs_exam_report(exam, "metadata", exam->dataset->path, "%s is %.*s, should be %s",
                           key->key, (int)value.n_bytes, value.bytes, wanted);
        } else if ((value.n_bytes == 0 && wanted[0] != '\0') ||
                   (size_t)n_files !=
                       json_array_size(json_object_get(exam->dataset->row, "files"))) {
            rs_exam_report(exam, "metadata", exam->dataset->path,
                           "%s is not the same in every file", key->key);
        }
    }
}

static rs_status check_metadata(rs_exam *exam, rs_error *err)
{
    bool is_there[N_METADATA_KEYS] = {false};
    RS_TRY(each_footer_row(exam, &ask_pairs, (footer_step){check_pair, is_there}, err));
    exam->n_checks += N_METADATA_KEYS;
    for (size_t i = 0; i < N_METADATA_KEYS; i++) {
        if (!is_there[i]) {
            rs_exam_report(exam, "metadata", exam->dataset->path, "%s is in no file",
                           metadata_keys[i].key);
        }
    }
    return RS_OK;
}

/* --- one dataset --- */

/* The view stored_<dataset> or rejects_<dataset>, for all sessions. */
static rs_status add_view(rs_exam *exam, rs_buf *sql, rs_error *err)
{
    const rs_doctor_dataset *dataset = exam->dataset;
    rs_buf files = {0};
    rs_error cause = {0};
    rs_status status = rs_reader_add_files_sql(exam->doctor->reader, dataset->row, &files, err);
    const rs_sql_arg args[] = {{.name = "group", .word = dataset->is_reject ? "rejects" : "stored"},
                               {.name = "dataset", .word = dataset->name},
                               {.name = "files", .form = RS_SQL_EXPR, .word = rs_buf_text(&files)}};
    rs_buf_reset(sql);
    rs_sql_add(&rs_sql_bundle_view_of_files, args, 3, sql);
    RS_THEN(status, rs_buf_check(sql, err));
    if (status == RS_OK && rs_session_execute(exam->session, "open", sql->bytes, &cause) != RS_OK) {
        rs_exam_report(exam, "open", dataset->path, "%s", cause.message);
    }
    rs_buf_release(&files);
    return status;
}

static rs_status check_footers(rs_exam *exam, rs_error *err)
{
    const rs_doctor_dataset *dataset = exam->dataset;
    rs_buf sql = {0};
    rs_status status = each_footer_row(exam, &ask_rows, (footer_step){compare_rows, NULL}, err);
    if (status == RS_OK && exam->findings.n_items == 0 && dataset->schema != NULL) {
        status = check_columns(exam, err);
    }
    if (status == RS_OK && exam->findings.n_items == 0) {
        status = add_view(exam, &sql, err);
    }
    rs_buf_release(&sql);
    return status;
}

/* A finding here does not make the rows unreadable. */
static rs_status check_promises(rs_exam *exam, rs_error *err)
{
    const rs_doctor_dataset *dataset = exam->dataset;
    char fingerprint[RS_SHA256_TEXT_BYTES];
    exam->n_checks++;
    RS_TRY(rs_schema_document_fingerprint(dataset->schema, dataset->is_reject, fingerprint, err));
    if (strcmp(fingerprint, rs_manifest_text(dataset->row, "schema_fingerprint")) != 0) {
        rs_exam_report(exam, "fingerprint", dataset->path,
                       "%s in the manifest, that of the schema is %s",
                       rs_manifest_text(dataset->row, "schema_fingerprint"), fingerprint);
    }
    return check_metadata(exam, err);
}

rs_status rs_doctor_add_parquet_exams(rs_doctor *doctor, rs_error *err)
{
    RS_TRY(read_footers(doctor, err));
    for (size_t i = 0; i < doctor->n_datasets; i++) {
        rs_doctor_dataset *dataset = &doctor->datasets[i];
        RS_TRY(dataset->record != NULL
                   ? registered_schema(dataset, doctor->reader->kinds, &dataset->schema, err)
                   : bundled_schema(doctor, dataset, &dataset->schema, err));
        if (!dataset->is_reject) {
            RS_TRY(rs_doctor_add_exam(
                doctor, (rs_exam){.fn = check_schema_document, .dataset = dataset}, err));
        }
        if (dataset->is_readable) {
            RS_TRY(rs_doctor_add_exam(
                doctor, (rs_exam){.fn = check_footers, .dataset = dataset, .is_opening = true},
                err));
        }
        if (dataset->is_readable && dataset->schema != NULL) {
            RS_TRY(rs_doctor_add_exam(doctor, (rs_exam){.fn = check_promises, .dataset = dataset},
                                      err));
        }
    }
    return RS_OK;
}
