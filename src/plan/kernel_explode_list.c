/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/kernel_sql_impl.h"

/* unnest(of the list), or of one null in the place of a null or empty list. */
static void add_unnest(const rs_explode_list_call *call, const char *before, const char *after,
                       rs_kernel_writer *out)
{
    rs_buf_add(out->sql, "unnest(");
    if (call->keep_empty) {
        rs_buf_add(out->sql, "CASE WHEN len(");
        rs_writer_name(out, call->list);
        rs_buf_add(out->sql, ") > 0 THEN ");
    }
    rs_buf_add(out->sql, before);
    rs_writer_name(out, call->list);
    rs_buf_add(out->sql, after);
    rs_buf_add(out->sql, call->keep_empty ? " ELSE [NULL] END)" : ")");
}

/* The view names what comes out of a list; one row for a null or empty list where it is OUTER. */
static void write_lateral(const rs_relation *in, const rs_explode_list_call *call,
                          rs_kernel_writer *out)
{
    rs_buf_add(out->sql, "SELECT ");
    for (size_t i = 0; i < in->columns.n_items; i++) {
        bool is_list = strcmp(in->columns.items[i], call->list) == 0;
        rs_writer_name(out, is_list ? call->element : in->columns.items[i]);
        rs_buf_add(out->sql, ", ");
    }
    rs_writer_name(out, call->position);
    rs_writer_from(out, in);
    rs_buf_addf(out->sql, "\nLATERAL VIEW%s posexplode(", call->keep_empty ? " OUTER" : "");
    rs_writer_name(out, call->list);
    rs_buf_add(out->sql, ") AS ");
    rs_writer_name(out, call->position);
    rs_buf_add(out->sql, ", ");
    rs_writer_name(out, call->element);
}

void rs_kernel_sql_explode_list(const rs_kernel_call *of, const rs_relation *inputs,
                                rs_kernel_writer *out)
{
    const rs_relation *in = &inputs[0];
    const rs_explode_list_call *call = &of->as.explode_list;
    if (out->dialect->has_lateral_view) {
        write_lateral(in, call, out);
        return;
    }
    rs_buf_add(out->sql, "SELECT ");
    for (size_t i = 0; i < in->columns.n_items; i++) {
        if (strcmp(in->columns.items[i], call->list) != 0) {
            rs_writer_name(out, in->columns.items[i]);
            rs_buf_add(out->sql, ", ");
            continue;
        }
        add_unnest(call, "", "", out);
        rs_buf_add(out->sql, " AS ");
        rs_writer_name(out, call->element);
        rs_buf_add(out->sql, ", ");
    }
    rs_buf_add(out->sql, "CAST(");
    add_unnest(call, "range(len(", "))", out);
    rs_buf_add(out->sql, " AS INTEGER) AS ");
    rs_writer_name(out, call->position);
    rs_writer_from(out, in);
}
