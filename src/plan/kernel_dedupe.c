/* SPDX-License-Identifier: Apache-2.0 */
/* dedupe and winner_select: one row a key, or lists of all. */
#include "plan/kernel_sql_impl.h"

static void add_firsts(const rs_relation *in, const rs_dedupe_call *call, rs_kernel_writer *out)
{
    rs_buf_add(out->sql, "SELECT ");
    rs_writer_names(out, &in->columns);
    if (out->dialect->has_qualify) {
        rs_writer_from(out, in);
        rs_buf_add(out->sql, "\nQUALIFY ");
        rs_writer_number(in, call, NULL, out);
        rs_buf_add(out->sql, " = 1");
    } else {
        rs_buf_add(out->sql, "\nFROM (SELECT ");
        rs_writer_names(out, &in->columns);
        rs_buf_add(out->sql, ", ");
        rs_writer_number(in, call, NULL, out);
        rs_buf_add(out->sql, " AS _number");
        rs_writer_from(out, in);
        rs_buf_add(out->sql, ") AS numbered\nWHERE _number = 1");
    }
    if (!call->is_set) {
        rs_writer_keys_order(out, &call->keys);
    }
}

static void add_collapsed(const rs_relation *in, const rs_dedupe_call *call, rs_kernel_writer *out)
{
    for (size_t i = 0; i < in->columns.n_items; i++) {
        const char *column = in->columns.items[i];
        rs_buf_add(out->sql, i == 0 ? "SELECT " : ",\n    ");
        if (rs_names_hold(&call->keys, column)) {
            rs_writer_name(out, column);
            continue;
        }
        rs_buf_add(out->sql, "list(");
        rs_writer_name(out, column);
        rs_writer_total_order(out, " ORDER BY ", in, &call->keys, call->score, &call->order);
        rs_buf_add(out->sql, ") AS ");
        rs_writer_name(out, column);
    }
    rs_writer_from(out, in);
    rs_buf_add(out->sql, "\nGROUP BY ");
    rs_writer_names(out, &call->keys);
    rs_writer_keys_order(out, &call->keys);
}

void rs_kernel_sql_winner_select(const rs_kernel_call *of, const rs_relation *inputs,
                                 rs_kernel_writer *out)
{
    const rs_relation *in = &inputs[0];
    const rs_winner_select_call *call = &of->as.winner_select;
    add_firsts(in, &(rs_dedupe_call){.keys = call->keys, .order = call->order}, out);
}

void rs_kernel_sql_dedupe(const rs_kernel_call *of, const rs_relation *inputs,
                          rs_kernel_writer *out)
{
    const rs_relation *in = &inputs[0];
    const rs_dedupe_call *call = &of->as.dedupe;
    if (call->strategy == RS_DEDUPE_COLLAPSE_LIST) {
        add_collapsed(in, call, out);
    } else {
        add_firsts(in, call, out);
    }
}
