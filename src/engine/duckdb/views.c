/* SPDX-License-Identifier: Apache-2.0 */
/* Views of a session. One that is offered is made when a statement names it: to make a view costs the engine
 * a tenth of a millisecond, there are two hundred of them, and a statement names four. */
#include <string.h>

#include "base/alloc.h"
#include "engine/duckdb/internal.h"
#include "engine/duckdb/sql_texts.h"

static rs_duck_view *find(const rs_session *session, const char *name)
{
    for (size_t i = 0; i < session->views.n_items; i++) {
        if (strcmp(session->views.items[i].name, name) == 0) {
            return &session->views.items[i];
        }
    }
    return NULL;
}

void rs_duckdb_forget_view(rs_session *session, const char *name)
{
    rs_duck_view *view = find(session, name);
    if (view == NULL) {
        return;
    }
    rs_free(view->name);
    size_t n_behind = (size_t)(session->views.items + session->views.n_items - (view + 1));
    memmove(view, view + 1, n_behind * sizeof *view);
    session->views.n_items--;
}

/* Behind the others, as it may read them. */
rs_status rs_session_offer_view(rs_session *session, const char *name, const char *sql,
                                rs_error *err)
{
    const rs_duck_view *known = find(session, name);
    if (known != NULL && strcmp(known->sql, sql) == 0) {
        return RS_OK;
    }
    size_t n_name = strlen(name) + 1;
    size_t n_sql = strlen(sql) + 1;
    rs_duckdb_forget_view(session, name);
    char *text = rs_alloc(n_name + n_sql, 1);
    if (text == NULL ||
        !rs_duck_view_vec_push(&session->views, (rs_duck_view){text, text + n_name, false})) {
        rs_free(text);
        return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", name);
    }
    memcpy(text, name, n_name);
    memcpy(text + n_name, sql, n_sql);
    return RS_OK;
}

static rs_status make(rs_session *session, const char *name, const char *sql, rs_error *err)
{
    const rs_sql_arg args[] = {{.name = "view", .word = name},
                               {.name = "rows", .form = RS_SQL_ROWS, .word = sql}};
    return rs_duckdb_execute(session, name, &rs_sql_engine_duckdb_add_view, args, 2, err);
}

rs_status rs_session_add_view(rs_session *session, const char *name, const char *sql, rs_error *err)
{
    rs_duckdb_forget_view(session, name);
    return make(session, name, sql, err);
}

/* To make one is a statement, which names what it reads: so those come first. It does not name itself, as
 * it is marked by then. */
rs_status rs_duckdb_make_views(rs_session *session, const char *sql, rs_error *err)
{
    for (size_t i = 0; i < session->views.n_items; i++) {
        rs_duck_view *view = &session->views.items[i];
        if (view->is_made || strstr(sql, view->name) == NULL) {
            continue;
        }
        view->is_made = true;
        rs_status status = make(session, view->name, view->sql, err);
        if (status != RS_OK) {
            session->views.items[i].is_made = false;
            return status;
        }
    }
    return RS_OK;
}
