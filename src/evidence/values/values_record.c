/* SPDX-License-Identifier: Apache-2.0 */
/* values_record.c - records, blocks and texts of a file. */
#include "evidence/values/values_impl.h"

enum { MAX_RECORDS = 1 << 26 };

uint32_t rs_values_record(rs_file_at_hand *x, values_record record)
{
    rs_values_lens *lens = x->worker;
    uint32_t number = (uint32_t)lens->records.n_items;
    if (number >= MAX_RECORDS) {
        return VALUES_NONE;
    }
    if (!values_records_push(&lens->records, record)) {
        x->status = RS_ERR_NOMEM;
        return VALUES_NONE;
    }
    return lens->n_fixed + number;
}

uint32_t rs_values_constant(rs_file_at_hand *x, values_op op, uint32_t a)
{
    rs_values_lens *lens = x->worker;
    uint32_t hash = (a * UINT32_C(0x9e3779b1)) ^ ((uint32_t)op * UINT32_C(0x85ebca6b));
    uint32_t at = hash ^= hash >> 15;
    uint32_t found;
    while ((found = rs_names_table_next(&lens->constants, hash, &at)) != NAMES_NONE) {
        if (lens->records.items[found].op == op && lens->records.items[found].a == a) {
            return lens->n_fixed + found;
        }
    }
    uint32_t var = rs_values_record(x, (values_record){.op = (uint8_t)op, .a = a});
    if (var != VALUES_NONE &&
        !rs_names_table_add(&lens->constants, hash, at, var - lens->n_fixed)) {
        x->status = RS_ERR_NOMEM;
    }
    return var;
}

static uint32_t text_hash(rs_str text)
{
    uint64_t hash = text.n_bytes;
    for (size_t i = 0; i < text.n_bytes; i++) {
        hash = (hash ^ (unsigned char)text.bytes[i]) * UINT64_C(0x100000001b3);
    }
    return (uint32_t)(hash >> 32) ^ (uint32_t)hash;
}

static rs_str text_get(const rs_values_lens *lens, uint32_t number)
{
    uint32_t start = lens->texts.items[number];
    return (rs_str){rs_buf_text(&lens->text_bytes) + start, lens->texts.items[number + 1] - start};
}

uint32_t rs_values_text(rs_file_at_hand *x, rs_str text)
{
    rs_values_lens *lens = x->worker;
    uint32_t hash = text_hash(text);
    uint32_t at = hash;
    uint32_t found;
    while ((found = rs_names_table_next(&lens->text_table, hash, &at)) != NAMES_NONE) {
        if (rs_str_equal(text_get(lens, found), text)) {
            return found;
        }
    }
    found = (uint32_t)lens->texts.n_items - 1;
    rs_buf_append(&lens->text_bytes, text.bytes, text.n_bytes);
    if (lens->text_bytes.failed ||
        !names_numbers_push(&lens->texts, (uint32_t)lens->text_bytes.n_bytes) ||
        !rs_names_table_add(&lens->text_table, hash, at, found)) {
        x->status = RS_ERR_NOMEM;
    }
    return found;
}

uint32_t rs_values_name(rs_file_at_hand *x, uint32_t n)
{
    const rs_names_lens *names = x->names_beside;
    rs_str name = names_of_node(x, n);
    uint32_t class_number = names->scopes.items[names->at.items[n]].around_class;
    if (class_number != NAMES_NONE && name.n_bytes >= 3 && name.bytes[0] == '_') {
        name = rs_scope_private_name(
            &x->scratch, names_of_node(x, names->classes.items[class_number].node), name);
    }
    return rs_values_text(x, name);
}

void rs_values_item(rs_file_at_hand *x, uint32_t item)
{
    if (!names_numbers_push(&values_lens(x)->items, item)) {
        x->status = RS_ERR_NOMEM;
    }
}

uint32_t rs_values_block(rs_file_at_hand *x, size_t first, bool counted)
{
    rs_values_lens *lens = x->worker;
    size_t n_items = lens->items.n_items - first;
    uint32_t block = (uint32_t)lens->blocks.n_items;
    if (x->status != RS_OK || !names_numbers_reserve(&lens->blocks, n_items + 1)) {
        x->status = RS_ERR_NOMEM;
        return 0;
    }
    if (counted) {
        lens->blocks.items[lens->blocks.n_items++] = (uint32_t)n_items;
    }
    for (size_t i = first; i < lens->items.n_items; i++) {
        lens->blocks.items[lens->blocks.n_items++] = lens->items.items[i];
    }
    lens->items.n_items = first;
    return block;
}

void rs_values_copy(rs_file_at_hand *x, uint32_t n, uint32_t from, uint32_t to)
{
    if (from != VALUES_NONE && to != VALUES_NONE && from != to) {
        rs_values_record(x, (values_record){.op = VALUES_COPY, .node = n, .a = from, .b = to});
    }
}
