/* SPDX-License-Identifier: Apache-2.0 */
/* What the engine measured of a statement, operator by operator. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "engine/duckdb/internal.h"
#include "engine/duckdb/sql_texts.h"

/* The text of a metric, copied; NULL where there is none. */
static const char *metric_text(duckdb_profiling_info info, const char *name, rs_arena *arena)
{
    duckdb_value value = rs_duck.profiling_info_get_value(info, name);
    char *text = value != NULL ? rs_duck.get_varchar(value) : NULL;
    const char *copy = text != NULL ? rs_arena_strndup(arena, text, strlen(text)) : NULL;
    rs_duck_free(text);
    if (value != NULL) {
        rs_duck.destroy_value(&value);
    }
    return copy;
}

static uint64_t metric_count(duckdb_profiling_info info, const char *name, rs_arena *arena)
{
    const char *text = metric_text(info, name, arena);
    return text != NULL ? strtoull(text, NULL, 10) : 0;
}

/*
 * Beside its metrics the engine says of an operator {Table=t, Conditions='a = b', ...}: texts with blanks
 * in quotes, \ before what would end them.
 */

/* Go behind the value at *p; append it to out where that is not NULL. */
static void take_value(const char **p, rs_buf *out)
{
    bool is_quoted = **p == '\'';
    const char *at = *p + is_quoted;
    for (; *at != '\0' && (is_quoted ? *at != '\'' : *at != ',' && *at != '}'); at++) {
        at += is_quoted && at[0] == '\\' && at[1] != '\0';
        if (out != NULL) {
            rs_buf_add_char(out, *at);
        }
    }
    *p = at + (is_quoted && *at != '\0');
}

static const char *info_text(const char *info, const char *name, rs_arena *arena)
{
    size_t n_name = strlen(name);
    rs_buf text = {0};
    bool is_found = false;
    for (const char *p = info != NULL ? info : ""; *p != '\0' && !is_found;) {
        p += strspn(p, "{, ");
        const char *value = strchr(p, '=');
        if (value == NULL) {
            break;
        }
        is_found = (size_t)(value - p) == n_name && strncmp(p, name, n_name) == 0;
        p = value + 1;
        take_value(&p, is_found ? &text : NULL);
    }
    const char *copy =
        is_found && !text.failed ? rs_arena_strndup(arena, rs_buf_text(&text), text.n_bytes) : NULL;
    rs_buf_release(&text);
    return copy;
}

static rs_explained *explain_one(duckdb_profiling_info info, rs_arena *arena)
{
    rs_explained *out = rs_arena_alloc(arena, 1, sizeof *out);
    if (out == NULL) {
        return NULL;
    }
    const char *seconds = metric_text(info, "OPERATOR_TIMING", arena);
    const char *more = metric_text(info, "EXTRA_INFO", arena);
    const char *filter = info_text(more, "Filters", arena);
    *out = (rs_explained){
        .name = metric_text(info, "OPERATOR_NAME", arena),
        .table = info_text(more, "Table", arena),
        .condition = info_text(more, "Conditions", arena),
        .filter = filter != NULL ? filter : info_text(more, "__expression__", arena),
        .n_rows = metric_count(info, "OPERATOR_CARDINALITY", arena),
        .n_scanned = metric_count(info, "OPERATOR_ROWS_SCANNED", arena),
        .elapsed_ns = seconds != NULL ? (uint64_t)(strtod(seconds, NULL) * 1e9 + 0.5) : 0};
    return out;
}

/* The children of an operator, in order; false when memory is out. */
static bool explain_children(duckdb_profiling_info info, int depth, rs_arena *arena,
                             const rs_explained **first)
{
    idx_t n_children =
        depth < RS_EXPLAINED_MAX_DEPTH ? rs_duck.profiling_info_get_child_count(info) : 0;
    for (idx_t i = n_children; i > 0; i--) {
        duckdb_profiling_info child = rs_duck.profiling_info_get_child(info, i - 1);
        rs_explained *out = explain_one(child, arena);
        if (out == NULL || !explain_children(child, depth + 1, arena, &out->first)) {
            return false;
        }
        out->next = *first;
        *first = out;
    }
    return true;
}

/* --- the plan of a statement that did not run --- */

/* A text, or several with commas between them; NULL for anything else. */
static const char *planned_text(const json_t *info, const char *name, rs_arena *arena)
{
    const json_t *value = json_object_get(info, name);
    rs_buf text = {0};
    size_t n_items = json_is_array(value) ? json_array_size(value) : json_is_string(value);
    for (size_t i = 0; i < n_items; i++) {
        const char *item =
            json_string_value(json_is_array(value) ? json_array_get(value, i) : value);
        rs_buf_add(&text, i == 0 ? "" : ", ");
        rs_buf_add(&text, item != NULL ? item : "");
    }
    const char *copy = n_items > 0 && !text.failed
                           ? rs_arena_strndup(arena, rs_buf_text(&text), text.n_bytes)
                           : NULL;
    rs_buf_release(&text);
    return copy;
}

/* What stands in the JSON of an EXPLAIN, of a depth that jansson bounds; false when memory is out. */
static bool list_planned(const json_t *rows, int depth, rs_arena *arena, const rs_explained **first)
{
    size_t n_rows = depth < RS_EXPLAINED_MAX_DEPTH ? json_array_size(rows) : 0;
    for (size_t i = n_rows; i > 0; i--) {
        const json_t *row = json_array_get(rows, i - 1);
        const json_t *info = json_object_get(row, "extra_info");
        rs_explained *out = rs_arena_alloc(arena, 1, sizeof *out);
        if (out == NULL) {
            return false;
        }
        *out = (rs_explained){.name = planned_text(row, "name", arena),
                              .table = planned_text(info, "Table", arena),
                              .condition = planned_text(info, "Conditions", arena),
                              .filter = planned_text(info, "Filters", arena),
                              .next = *first};
        if (!list_planned(json_object_get(row, "children"), depth + 1, arena, &out->first)) {
            return false;
        }
        *first = out;
    }
    return true;
}

rs_status rs_explained_read(rs_str plan, rs_arena *arena, const rs_explained **out, rs_error *err)
{
    json_t *rows = NULL;
    *out = NULL;
    RS_TRY(rs_json_parse(plan, "the engine's plan", &rows, err));
    bool fits = list_planned(rows, 0, arena, out);
    json_decref(rows);
    return fits ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "explain a plan: out of memory");
}

rs_status rs_session_profile(rs_session *session, rs_error *err)
{
    return rs_duckdb_execute(session, NULL, &rs_sql_engine_duckdb_profile, NULL, 0, err);
}

rs_status rs_session_explain(rs_session *session, rs_arena *arena, const rs_explained **out,
                             rs_error *err)
{
    *out = NULL;
    duckdb_profiling_info root = rs_duck.get_profiling_info(session->connection);
    if (root == NULL) {
        return rs_error_set(err, RS_ERR_ENGINE, "measure plans: the engine has none");
    }
    /* The root is the statement; its one child the topmost operator. */
    return explain_children(root, 0, arena, out)
               ? RS_OK
               : rs_error_set(err, RS_ERR_NOMEM, "measure plans: out of memory");
}
