/* SPDX-License-Identifier: Apache-2.0 */
/* values_file.c - the values lens: a file's summary from its passes. */
#include "evidence/values/link.h"
#include "evidence/values/values_impl.h"

static bool sized(names_numbers *numbers, size_t n_items)
{
    names_numbers_reset(numbers);
    if (!names_numbers_reserve(numbers, n_items)) {
        return false;
    }
    memset(numbers->items, 0xff, n_items * sizeof *numbers->items);
    return true;
}

static void begin(rs_file_at_hand *x)
{
    rs_values_lens *lens = x->worker;
    const rs_names_lens *names = x->names_beside;
    values_records_reset(&lens->records);
    names_numbers_reset(&lens->blocks);
    names_numbers_reset(&lens->items);
    names_numbers_reset(&lens->texts);
    rs_buf_reset(&lens->text_bytes);
    lens->n_fixed = (uint32_t)(names->bindings.n_items + 2 * names->functions.n_items);
    if (!sized(&lens->var, x->tree.n_nodes) || !sized(&lens->given, x->tree.n_nodes) ||
        !sized(&lens->of_expr, names->exprs.n_items + 1) ||
        !sized(&lens->of_guard, names->guards.n_items + 1) ||
        !rs_names_table_reset(&lens->text_table) || !rs_names_table_reset(&lens->constants) ||
        !names_numbers_push(&lens->texts, 0)) {
        x->status = RS_ERR_NOMEM;
    }
}

static void append(rs_buf *out, const void *items, size_t n_bytes)
{
    if (n_bytes > 0) {
        rs_buf_append(out, items, n_bytes);
    }
}

static void summary_write(rs_file_at_hand *x)
{
    const rs_values_lens *lens = x->worker;
    values_head head = {.n_records = (uint32_t)lens->records.n_items,
                        .n_blocks = (uint32_t)lens->blocks.n_items,
                        .n_texts = (uint32_t)lens->texts.n_items - 1,
                        .n_text_bytes = (uint32_t)lens->text_bytes.n_bytes,
                        .n_bindings = (uint32_t)x->names_beside->bindings.n_items,
                        .n_functions = (uint32_t)x->names_beside->functions.n_items};
    append(x->summary, &head, sizeof head);
    append(x->summary, lens->records.items, head.n_records * sizeof *lens->records.items);
    append(x->summary, lens->blocks.items, head.n_blocks * sizeof *lens->blocks.items);
    append(x->summary, lens->texts.items, (head.n_texts + 1) * sizeof *lens->texts.items);
    append(x->summary, rs_buf_text(&lens->text_bytes), head.n_text_bytes);
    if (x->summary->failed) {
        x->status = RS_ERR_NOMEM;
    }
}

bool rs_values_view(const rs_summary *summary, values_view *out)
{
    *out = (values_view){0};
    if (summary->n_bytes == 0) {
        return false;
    }
    const values_head *head = (const values_head *)(const void *)summary->bytes;
    const uint8_t *at = summary->bytes + sizeof *head;
    out->records = (const values_record *)(const void *)at;
    at += head->n_records * sizeof *out->records;
    out->blocks = (const uint32_t *)(const void *)at;
    at += head->n_blocks * sizeof *out->blocks;
    out->texts = (const uint32_t *)(const void *)at;
    at += (head->n_texts + 1) * sizeof *out->texts;
    out->text_bytes = (const char *)at;
    RS_ASSERT(at + head->n_text_bytes == summary->bytes + summary->n_bytes);
    out->n_records = head->n_records;
    out->n_blocks = head->n_blocks;
    out->n_texts = head->n_texts;
    out->n_bindings = head->n_bindings;
    out->n_functions = head->n_functions;
    return true;
}

/* --- the lens --- */

static rs_status run_file(rs_file_at_hand *x, rs_error *err)
{
    static void (*const passes[])(rs_file_at_hand *) = {begin, rs_values_exprs, rs_values_walk,
                                                        summary_write};
    if (x->names_beside == NULL || x->summary == NULL) {
        return RS_OK;
    }
    for (size_t i = 0; i < sizeof passes / sizeof *passes; i++) {
        passes[i](x);
        if (x->status != RS_OK) {
            return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
        }
    }
    return RS_OK;
}

static rs_status worker_new(const rs_lens_options *options, void **worker, rs_error *err)
{
    (void)options;
    *worker = rs_alloc_zero(1, sizeof(rs_values_lens));
    return *worker != NULL ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

static void worker_free(void *worker)
{
    rs_values_lens *lens = worker;
    names_numbers *const numbers[] = {&lens->var,    &lens->given, &lens->of_expr, &lens->of_guard,
                                      &lens->blocks, &lens->items, &lens->texts};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        names_numbers_release(numbers[i]);
    }
    values_records_release(&lens->records);
    rs_buf_release(&lens->text_bytes);
    rs_free(lens->text_table.entries);
    rs_free(lens->constants.entries);
    rs_free(lens);
}

static const char *const needs[] = {"names", NULL};
static const rs_dataset_id gives[] = {RS_DS_value_targets, RS_DS_value_sites, RS_DS_value_types,
                                      RS_N_EVIDENCE};

static const rs_lens_limit limits[] = {
    {"max_objects", offsetof(rs_lens_options, values.max_objects), 32, "",
     "Objects that one variable may hold; beyond, some stand for many, then some are left out, and "
     "what they would have run is counted in `n_left_out`."},
    {"max_insertions", offsetof(rs_lens_options, values.max_insertions), UINT64_C(1) << 26, "",
     "Objects that all variables together may come to hold; beyond, nothing more is followed."},
    {0},
};

const rs_lens rs_lens_values = {
    .name = "values",
    .doc = "Which functions and objects flow where, and what calls run by that.",
    .version = 1,
    .needs = needs,
    .gives = gives,
    .limits = limits,
    .worker_new = worker_new,
    .worker_free = worker_free,
    .run_file = run_file,
    .link = rs_values_link,
    .linked_free = rs_values_linked_free,
    .answer = rs_values_answer,
};
