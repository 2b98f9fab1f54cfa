/* SPDX-License-Identifier: Apache-2.0 */
/* A plan's operators as JSON. */
#include "base/json.h"
#include "engine/engine.h"

static void set_text(json_t *row, const char *name, const char *text, bool *failed)
{
    if (text != NULL) {
        rs_json_set(row, name, rs_json_text(text), failed);
    }
}

static json_t *operators(const rs_explained *first, bool *failed);

/* As deep as the tree, which the engine keeps shallow (RS_EXPLAINED_MAX_DEPTH). */
static json_t *operator_document(const rs_explained *from, bool *failed)
{
    json_t *row = json_object();
    set_text(row, "operator", from->name, failed);
    set_text(row, "table", from->table, failed);
    set_text(row, "condition", from->condition, failed);
    set_text(row, "filter", from->filter, failed);
    rs_json_set(row, "rows", rs_json_u64(from->n_rows), failed);
    rs_json_set(row, "rows_scanned", rs_json_u64(from->n_scanned), failed);
    rs_json_set(row, "seconds", json_real((double)from->elapsed_ns / 1e9), failed);
    rs_json_set(row, "children", operators(from->first, failed), failed);
    return row;
}

static json_t *operators(const rs_explained *first, bool *failed)
{
    json_t *rows = json_array();
    for (const rs_explained *at = first; at != NULL; at = at->next) {
        rs_json_push(rows, operator_document(at, failed), failed);
    }
    return rows;
}

rs_status rs_explained_add_json(const rs_explained *first, rs_buf *out, rs_error *err)
{
    bool failed = false;
    json_t *rows = operators(first, &failed);
    rs_status status = failed ? rs_error_set(err, RS_ERR_NOMEM, "explain a plan: out of memory")
                              : rs_json_print_compact(rows, out, err);
    json_decref(rows);
    return status;
}
