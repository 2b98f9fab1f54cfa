/* SPDX-License-Identifier: Apache-2.0 */
/* What the engine measured of a statement, operator by operator. */
#include <string.h>

#include "base/json.h"
#include "engine/duckdb/internal.h"
#include "engine/duckdb/sql_texts.h"

/* Plans are as deep as rules make them; what lies deeper is left out. */
enum { MAX_DEPTH = 200 };

typedef enum metric_type { METRIC_TEXT, METRIC_COUNT, METRIC_SECONDS } metric_type;

typedef struct metric {
    const char *engine; /* the engine's name for it */
    const char *name;
    metric_type type;
} metric;

static const metric metrics[] = {
    {"OPERATOR_NAME", "operator", METRIC_TEXT},
    {"OPERATOR_CARDINALITY", "rows", METRIC_COUNT},
    {"OPERATOR_ROWS_SCANNED", "rows_scanned", METRIC_COUNT},
    {"OPERATOR_TIMING", "seconds", METRIC_SECONDS},
};

static json_t *metric_document(const char *text, metric_type type)
{
    switch (type) {
    case METRIC_TEXT:
        return rs_json_text(text);
    case METRIC_COUNT:
        return json_integer(strtoll(text, NULL, 10));
    case METRIC_SECONDS:
        return json_real(strtod(text, NULL));
    }
    return NULL;
}

static void set_metric(json_t *row, duckdb_profiling_info info, const metric *wanted, bool *failed)
{
    duckdb_value value = duckdb_profiling_info_get_value(info, wanted->engine);
    char *text = value != NULL ? duckdb_get_varchar(value) : NULL;
    if (text != NULL) {
        rs_json_set(row, wanted->name, metric_document(text, wanted->type), failed);
        duckdb_free(text);
    }
    if (value != NULL) {
        duckdb_destroy_value(&value);
    }
}

static json_t *node_document(duckdb_profiling_info info, int depth, bool *failed)
{
    json_t *row = json_object();
    json_t *children = json_array();
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++) {
        set_metric(row, info, &metrics[i], failed);
    }
    idx_t n_children = depth < MAX_DEPTH ? duckdb_profiling_info_get_child_count(info) : 0;
    for (idx_t i = 0; i < n_children; i++) {
        rs_json_push(children,
                     node_document(duckdb_profiling_info_get_child(info, i), depth + 1, failed),
                     failed);
    }
    rs_json_set(row, "children", children, failed);
    return row;
}

rs_status rs_session_profile(rs_session *session, rs_error *err)
{
    return rs_duckdb_execute(session, NULL, &rs_sql_engine_duckdb_profile, NULL, 0, err);
}

rs_status rs_session_add_profile(rs_session *session, rs_buf *out, rs_error *err)
{
    bool failed = false;
    duckdb_profiling_info root = duckdb_get_profiling_info(session->connection);
    if (root == NULL) {
        return rs_error_set(err, RS_ERR_ENGINE, "measure plans: the engine has none");
    }
    /* The root is the statement; its one child the topmost operator. */
    json_t *row = node_document(root, 0, &failed);
    rs_status status = failed ? rs_error_set(err, RS_ERR_NOMEM, "measure plans: out of memory")
                              : rs_json_print_compact(json_object_get(row, "children"), out, err);
    json_decref(row);
    return status;
}
