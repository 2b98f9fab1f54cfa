/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/duckdb/kept.h"

#include <inttypes.h>
#include <stdio.h>

#include "engine/duckdb/internal.h"
#include "engine/duckdb/sql_texts.h"

enum { NAME_BYTES = 192, NUMBER_ROW_BITS = 40 };

static void table_name(rs_kept of, char name[NAME_BYTES])
{
    int n_bytes = snprintf(name, NAME_BYTES, "%s.%zu%s", of.dataset->name, of.number,
                           of.are_rejects ? ".rejects" : "");
    RS_ASSERT(n_bytes > 0 && n_bytes < NAME_BYTES);
}

static rs_status execute_counting(rs_session *session, const char *label, const rs_sql *statement,
                                  const char *table, const char *select, uint64_t *n_rows,
                                  rs_error *err)
{
    rs_buf sql = {0};
    uint64_t n_made = 0;
    const rs_sql_arg args[] = {{.name = "table", .word = table},
                               {.name = "rows", .form = RS_SQL_ROWS, .word = select}};
    rs_sql_add(statement, args, 2, &sql);
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_session_execute_counting(session, label, rs_buf_text(&sql), &n_made, err));
    if (status == RS_OK && n_rows != NULL) {
        *n_rows = n_made;
    }
    rs_buf_release(&sql);
    return status;
}

rs_status rs_session_keep(rs_session *session, rs_kept as, const char *select, uint64_t *n_rows,
                          rs_error *err)
{
    char name[NAME_BYTES];
    table_name(as, name);
    return execute_counting(session, as.dataset->name, &rs_sql_engine_duckdb_keep, name, select,
                            n_rows, err);
}

rs_status rs_session_keep_none(rs_session *session, rs_kept as, const char *select, rs_error *err)
{
    rs_buf sql = {0};
    const rs_sql_arg rows = {.name = "rows", .form = RS_SQL_ROWS, .word = select};
    if (as.are_rejects) {
        return rs_session_keep(session, as, select, NULL, err);
    }
    rs_sql_add(&rs_sql_engine_duckdb_without_rows, &rows, 1, &sql);
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_session_keep(session, as, rs_buf_text(&sql), NULL, err));
    rs_buf_release(&sql);
    return status;
}

/* A session to bind rows in, and whose they are. */
typedef struct binding {
    rs_session *session;
    const rs_dataset *dataset;
} binding;

static rs_status bind(void *context, const rs_frame *frame, rs_error *err)
{
    const binding *to = context;
    return rs_duckdb_bind(to->session, to->dataset, frame, err);
}

/* By way of a table of the session, which frames become. */
rs_status rs_session_keep_held(rs_session *session, rs_kept as, const rs_held *held, rs_error *err)
{
    binding to = {session, as.dataset};
    const rs_frame none = {.n_rows = 0};
    const rs_sink sink = {.push = bind, .context = &to};
    const rs_sql_arg arg = {.name = "dataset", .word = as.dataset->name};
    rs_buf sql = {0};
    RS_TRY(rs_duckdb_bind(session, as.dataset, &none, err));
    rs_status status = rs_held_push(held, &sink, err);
    rs_sql_add(&rs_sql_engine_duckdb_bound_rows, &arg, 1, &sql);
    RS_THEN(status, rs_buf_check(&sql, err));
    RS_THEN(status, rs_session_keep(session, as, rs_buf_text(&sql), NULL, err));
    RS_THEN(status, rs_duckdb_unbind(session, as.dataset, err));
    rs_buf_release(&sql);
    return status;
}

rs_status rs_session_keep_for_now(rs_session *session, const char *label, const char *name,
                                  const char *select, uint64_t *n_rows, rs_error *err)
{
    rs_duckdb_forget_view(session, name);
    return execute_counting(session, label, &rs_sql_engine_duckdb_keep_for_now, name, select,
                            n_rows, err);
}

rs_status rs_session_show_kept(rs_session *session, const rs_dataset *dataset, size_t first,
                               size_t end, rs_error *err)
{
    rs_buf sql = {0};
    for (size_t i = first; i < end; i++) {
        char name[NAME_BYTES];
        char first_row[32];
        table_name((rs_kept){dataset, i, false}, name);
        (void)snprintf(first_row, sizeof first_row, "%" PRIu64, (uint64_t)i << NUMBER_ROW_BITS);
        const rs_sql_arg args[] = {{.name = "table", .word = name},
                                   {.name = "first_row", .word = first_row}};
        rs_buf_add(&sql, i == first ? "" : " UNION ALL ");
        rs_sql_add(&rs_sql_engine_duckdb_kept_rows, args, 2, &sql);
    }
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_session_offer_view(session, dataset->name, rs_buf_text(&sql), err));
    rs_buf_release(&sql);
    return status;
}

rs_status rs_session_show_rejects(rs_session *session, const rs_dataset *dataset, size_t number,
                                  rs_error *err)
{
    char table[NAME_BYTES];
    char view[NAME_BYTES];
    rs_buf sql = {0};
    table_name((rs_kept){dataset, number, true}, table);
    int n_bytes = snprintf(view, sizeof view, "%s.rejects", dataset->name);
    RS_ASSERT(n_bytes > 0 && n_bytes < NAME_BYTES);
    const rs_sql_arg arg = {.name = "table", .word = table};
    rs_sql_add(&rs_sql_engine_duckdb_kept_rejects, &arg, 1, &sql);
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_session_offer_view(session, view, rs_buf_text(&sql), err));
    rs_buf_release(&sql);
    return status;
}

rs_status rs_session_drop(rs_session *session, const char *label, const char *name, bool is_view,
                          rs_error *err)
{
    const rs_sql_arg arg = {.name = "relation", .word = name};
    rs_duckdb_forget_view(session, name);
    return rs_duckdb_execute(
        session, label,
        is_view ? &rs_sql_engine_duckdb_drop_view : &rs_sql_engine_duckdb_drop_table, &arg, 1, err);
}
