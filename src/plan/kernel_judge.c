/* SPDX-License-Identifier: Apache-2.0 */
/* judge: required columns and shares are looked at in each row, keys in a window. */
#include "plan/kernel_sql_impl.h"

/* The column of what a row lacks, before the keys are looked at. */
static const char LACK[] = "_lack";

static void add_fault(rs_kernel_writer *out, const char *reason, const char *column,
                      const char *test)
{
    rs_buf text = {0};
    rs_buf_addf(&text, "%s%s", reason, column);
    rs_buf_add(out->sql, " WHEN ");
    rs_writer_name(out, column);
    rs_buf_add(out->sql, test);
    rs_buf_add(out->sql, " THEN ");
    rs_dialect_add_literal(out->dialect, rs_buf_str(&text), out->sql);
    out->sql->failed = out->sql->failed || text.failed;
    rs_buf_release(&text);
}

/* What is no number is above all of them. */
static void add_lack(const rs_judge_call *call, rs_kernel_writer *out)
{
    rs_buf_add(out->sql, "CASE WHEN FALSE THEN ''"); /* of a text's type without any WHEN, too */
    for (size_t i = 0; i < call->required.n_items; i++) {
        add_fault(out, RS_JUDGE_NULL, call->required.items[i], " IS NULL");
    }
    for (size_t i = 0; i < call->shares.n_items; i++) {
        add_fault(out, RS_JUDGE_OUTSIDE, call->shares.items[i], " NOT BETWEEN 0 AND 1");
    }
    rs_buf_add(out->sql, " END");
}

/* A row that has such a fault is no duplicate, nor makes one of another. */
static void add_reason(const rs_relation *in, const rs_judge_call *call, rs_kernel_writer *out)
{
    const rs_dedupe_call firsts = {.keys = call->keys, .order = call->order};
    rs_buf_add(out->sql, "CASE WHEN _lack IS NOT NULL THEN _lack WHEN ");
    rs_writer_number(in, &firsts, "_lack IS NULL", out);
    rs_buf_add(out->sql, " > 1 THEN '" RS_JUDGE_DUPLICATE "' END");
}

static void add_seen(const rs_relation *in, const rs_judge_call *call, const char *reason,
                     rs_kernel_writer *out)
{
    rs_buf_add(out->sql, "SELECT ");
    rs_writer_names(out, &in->columns);
    rs_buf_add(out->sql, ", ");
    add_lack(call, out);
    rs_buf_add(out->sql, " AS ");
    rs_writer_name(out, reason);
    rs_writer_from(out, in);
}

/* r's key is that of a row of d. */
static void add_same_key(const rs_judge_call *call, rs_kernel_writer *out)
{
    for (size_t i = 0; i < call->keys.n_items; i++) {
        rs_buf_add(out->sql, i == 0 ? " ON r." : " AND r.");
        rs_writer_name(out, call->keys.items[i]);
        rs_buf_add(out->sql, " IS NOT DISTINCT FROM d.");
        rs_writer_name(out, call->keys.items[i]);
    }
}

/* The window sees only rows whose key stands twice: it sorts, and they are few. */
static void write_few(const rs_relation *in, const rs_judge_call *call, rs_kernel_writer *out)
{
    rs_buf_add(out->sql, "WITH r AS (");
    add_seen(in, call, LACK, out);
    rs_buf_add(out->sql, "),\nd AS (SELECT ");
    rs_writer_names(out, &call->keys);
    rs_buf_add(out->sql, " FROM r WHERE _lack IS NULL GROUP BY ");
    rs_writer_names(out, &call->keys);
    rs_buf_add(out->sql, " HAVING count(*) > 1)\nSELECT ");
    rs_writer_names(out, &in->columns);
    rs_buf_add(out->sql, ", _lack AS ");
    rs_writer_name(out, call->reason);
    rs_buf_addf(out->sql, " FROM r %s d", out->dialect->anti_join);
    add_same_key(call, out);
    rs_buf_add(out->sql, "\nUNION ALL\nSELECT ");
    rs_writer_names(out, &in->columns);
    rs_buf_add(out->sql, ", ");
    add_reason(in, call, out);
    rs_buf_add(out->sql, " AS ");
    rs_writer_name(out, call->reason);
    rs_buf_addf(out->sql, " FROM r %s d", out->dialect->semi_join);
    add_same_key(call, out);
}

void rs_kernel_sql_judge(const rs_kernel_call *of, const rs_relation *inputs, rs_kernel_writer *out)
{
    const rs_relation *in = &inputs[0];
    const rs_judge_call *call = &of->as.judge;
    if (call->keys.n_items == 0) {
        add_seen(in, call, call->reason, out);
        return;
    }
    if (call->has_few) {
        write_few(in, call, out);
        return;
    }
    rs_buf_add(out->sql, "SELECT ");
    rs_writer_names(out, &in->columns);
    rs_buf_add(out->sql, ", ");
    add_reason(in, call, out);
    rs_buf_add(out->sql, " AS ");
    rs_writer_name(out, call->reason);
    rs_buf_add(out->sql, "\nFROM (");
    add_seen(in, call, LACK, out);
    rs_buf_add(out->sql, ") AS seen");
}
