/* SPDX-License-Identifier: Apache-2.0 */
/* rows.h - what a statement gives, as text: columns by |, rows by line ends, nulls as ~. */
#ifndef RS_TESTS_ROWS_H
#define RS_TESTS_ROWS_H

#include "engine/duckdb/session.h"
#include "unit/unit.h"

static inline void rows_of(rs_session *session, const char *sql, rs_buf *out)
{
    rs_error err = {0};
    rs_cursor *result = NULL;
    size_t n_rows = 0;
    rs_buf_reset(out);
    rs_status status = rs_session_query(session, "rows", sql, NULL, 0, &result, &err);
    UNIT_CHECK(status == RS_OK, "%s\n%s", err.message, sql);
    do {
        status = rs_cursor_next(result, &n_rows, &err);
        UNIT_CHECK(status == RS_OK, "%s", err.message);
        for (size_t row = 0; row < n_rows; row++) {
            for (size_t i = 0; i < rs_cursor_n_columns(result); i++) {
                rs_buf_add(out, i == 0 ? "" : "|");
                if (rs_cursor_is_null(result, i, row)) {
                    rs_buf_add(out, "~");
                }
                rs_cursor_add_text(result, i, row, out);
            }
            rs_buf_add(out, "\n");
        }
    } while (n_rows > 0);
    rs_cursor_free(result);
}

static inline void rows_check(rs_session *session, const char *sql, const char *want)
{
    rs_buf found = {0};
    rows_of(session, sql, &found);
    UNIT_CHECK(strcmp(rs_buf_text(&found), want) == 0, "%s-- not --\n%s-- of --\n%s",
               rs_buf_text(&found), want, sql);
    rs_buf_release(&found);
}

#endif
