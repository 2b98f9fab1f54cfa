/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/kernel_sql_impl.h"

/* --- what they are written with --- */

bool rs_names_hold(const rs_names *names, const char *name)
{
    for (size_t i = 0; i < names->n_items; i++) {
        if (strcmp(names->items[i], name) == 0) {
            return true;
        }
    }
    return false;
}

void rs_writer_name(rs_kernel_writer *out, const char *name)
{
    rs_dialect_add_name(out->dialect, rs_str_of(name), out->sql);
}

void rs_writer_names(rs_kernel_writer *out, const rs_names *names)
{
    for (size_t i = 0; i < names->n_items; i++) {
        rs_buf_add(out->sql, i == 0 ? "" : ", ");
        rs_writer_name(out, names->items[i]);
    }
}

void rs_writer_direction(rs_kernel_writer *out, const rs_order_term *term)
{
    rs_buf_add(out->sql, term->descending ? " DESC" : " ASC");
    rs_buf_add(out->sql, term->nulls_first ? " NULLS FIRST" : " NULLS LAST");
}

/* A list of terms that is written one by one: "" before the first, ", " before the others. */
typedef struct term_list {
    rs_kernel_writer *out;
    const char *before;
} term_list;

static void add_term(term_list *list, const rs_order_term *term)
{
    rs_buf_add(list->out->sql, list->before);
    rs_writer_name(list->out, term->column);
    rs_writer_direction(list->out, term);
    list->before = ", ";
}

static bool is_ordered_by(const rs_order *order, const char *column)
{
    for (size_t i = 0; i < order->n_terms; i++) {
        if (strcmp(order->terms[i].column, column) == 0) {
            return true;
        }
    }
    return false;
}

/* The total order behind keys: score, what is listed, the remaining columns. */
void rs_writer_total_order(rs_kernel_writer *out, const char *before, const rs_relation *in,
                           const rs_names *keys, const char *score, const rs_order *order)
{
    term_list list = {out, before};
    if (score != NULL) {
        add_term(&list, &(rs_order_term){.column = score, .descending = true});
    }
    for (size_t i = 0; i < order->n_terms; i++) {
        add_term(&list, &order->terms[i]);
    }
    for (size_t i = 0; i < in->columns.n_items && !order->is_total; i++) {
        const char *column = in->columns.items[i];
        if (!rs_names_hold(keys, column) && !is_ordered_by(order, column) &&
            (score == NULL || strcmp(score, column) != 0)) {
            add_term(&list, &(rs_order_term){.column = column});
        }
    }
}

void rs_writer_keys_order(rs_kernel_writer *out, const rs_names *keys)
{
    term_list list = {out, "\nORDER BY "};
    for (size_t i = 0; i < keys->n_items; i++) {
        add_term(&list, &(rs_order_term){.column = keys->items[i]});
    }
}

void rs_writer_from(rs_kernel_writer *out, const rs_relation *in)
{
    rs_buf_add(out->sql, "\nFROM ");
    rs_writer_name(out, in->name);
}

void rs_writer_number(const rs_relation *in, const rs_dedupe_call *call, const char *more,
                      rs_kernel_writer *out)
{
    rs_buf_add(out->sql, "row_number() OVER (PARTITION BY ");
    rs_writer_names(out, &call->keys);
    rs_buf_addf(out->sql, "%s%s", more != NULL ? ", " : "", more != NULL ? more : "");
    rs_writer_total_order(out, " ORDER BY ", in, &call->keys, call->score, &call->order);
    rs_buf_add_char(out->sql, ')');
}

/* --- any --- */

/* clang-format off */
static rs_kernel_sql_fn *const writers[RS_N_KERNELS] = {
#define RS_KERNEL_SQL(name) [RS_KERNEL_##name] = rs_kernel_sql_##name,
#define RS_KERNEL_NO_SQL(name)
#define RS_KERNEL(name, version, n_inputs, sql, lanes, ordering, volatility, doc) RS_KERNEL_##sql(name)
#include "schema/kernels.def"
};
/* clang-format on */

bool rs_kernel_has_sql(rs_kernel_id kernel)
{
    return writers[kernel] != NULL;
}

void rs_kernel_add_sql(const rs_kernel_call *call, const rs_relation *inputs,
                       const rs_dialect *dialect, rs_buf *sql)
{
    RS_ASSERT(rs_kernel_has_sql(call->kernel));
    writers[call->kernel](call, inputs, &(rs_kernel_writer){dialect, sql});
}
