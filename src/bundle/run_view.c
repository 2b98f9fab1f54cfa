/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/run_view.h"

#include "base/json.h"
#include "bundle/files.h"
#include "bundle/sql_texts.h"

/* Its columns: a member of a document, perhaps of an object in it. */
static const struct {
    const char *name;
    const char *type;
    bool is_of_config; /* else of environment.json */
    const char *object;
    const char *member;
} columns[] = {
    {"run", "VARCHAR", false, NULL, "run"},
    {"path", "VARCHAR", false, NULL, "path"},
    {"repository_id", "VARCHAR", true, NULL, "repository_id"},
    {"commit", "VARCHAR", false, "git", "commit"},
    {"branch", "VARCHAR", false, "git", "branch"},
    {"is_dirty", "BOOLEAN", false, "git", "is_dirty"},
    {"relspec_version", "VARCHAR", false, NULL, "relspec_version"},
    {"engine", "VARCHAR", false, "engine", "name"},
    {"engine_version", "VARCHAR", false, "engine", "version"},
    {"threads", "BIGINT", false, NULL, "threads"},
    {"started_at", "VARCHAR", false, NULL, "started_at"},
    {"ended_at", "VARCHAR", false, NULL, "ended_at"},
    {"elapsed_ns", "BIGINT", false, NULL, "elapsed_ns"},
    {"peak_memory_bytes", "BIGINT", false, NULL, "peak_memory_bytes"},
};

static void add_value(const json_t *value, const char *type, rs_buf *sql)
{
    bool is_text = strcmp(type, "VARCHAR") == 0;
    if (is_text && json_is_string(value)) {
        rs_buf_add_sql_literal(sql, rs_str_of(json_string_value(value)));
    } else if (!is_text && json_is_integer(value)) {
        rs_buf_addf(sql, "%lld", (long long)json_integer_value(value));
    } else if (!is_text && json_is_boolean(value)) {
        rs_buf_add(sql, json_is_true(value) ? "true" : "false");
    } else {
        rs_buf_add(sql, "NULL");
    }
}

/* One of the columns, behind those before. */
static void add_column(size_t number, const json_t *from, rs_buf *list)
{
    const char *type = columns[number].type;
    rs_buf value = {0};
    if (columns[number].object != NULL) {
        from = json_object_get(from, columns[number].object);
    }
    add_value(json_object_get(from, columns[number].member), type, &value);
    const rs_sql_arg args[] = {{.name = "value", .form = RS_SQL_EXPR, .word = rs_buf_text(&value)},
                               {.name = "type", .word = type},
                               {.name = "column", .word = columns[number].name}};
    rs_sql_add_list(&rs_sql_bundle_column_of_run, args, 3, list);
    list->failed = list->failed || value.failed;
    rs_buf_release(&value);
}

rs_status rs_run_view_add_sql(const rs_reader *reader, rs_buf *sql, rs_error *err)
{
    json_t *documents[2] = {NULL, NULL};
    rs_buf list = {0};
    rs_status status = rs_reader_load(reader, "environment.json", &documents[0], err);
    RS_THEN(status, rs_reader_load(reader, "config.json", &documents[1], err));
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        add_column(i, documents[columns[i].is_of_config], &list);
    }
    const rs_sql_arg arg = {.name = "columns", .form = RS_SQL_EXPR, .word = rs_buf_text(&list)};
    rs_sql_add(&rs_sql_bundle_run, &arg, 1, sql);
    json_decref(documents[0]);
    json_decref(documents[1]);
    RS_THEN(status, rs_buf_check(&list, err));
    RS_THEN(status, rs_buf_check(sql, err));
    rs_buf_release(&list);
    return status;
}
