/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/thrift.h"

/* Of the protocol. */
enum { TRUE = 1, FALSE = 2, I32 = 5, I64 = 6, BINARY = 8, LIST = 9, STRUCT = 12 };
enum { SHORT_DELTA = 15, SHORT_LIST = 15 };

static const uint8_t wire_types[] = {
    [RS_THRIFT_BOOL] = FALSE,    [RS_THRIFT_I32] = I32,       [RS_THRIFT_I64] = I64,
    [RS_THRIFT_BINARY] = BINARY, [RS_THRIFT_STRUCT] = STRUCT, [RS_THRIFT_I32S] = LIST,
    [RS_THRIFT_BINARIES] = LIST, [RS_THRIFT_STRUCTS] = LIST};

static const uint8_t item_types[] = {
    [RS_THRIFT_I32S] = I32, [RS_THRIFT_BINARIES] = BINARY, [RS_THRIFT_STRUCTS] = STRUCT};

static void add_text(rs_str text, rs_bytes *out)
{
    rs_bytes_add_varint(out, text.n_bytes);
    rs_bytes_add(out, text.bytes, text.n_bytes);
}

static void add_list(const rs_thrift_field *field, const rs_thrift_list *list, rs_bytes *out)
{
    uint8_t type = item_types[field->kind];
    if (list->n_items < SHORT_LIST) {
        rs_bytes_add_byte(out, (uint8_t)(list->n_items << 4 | type));
    } else {
        rs_bytes_add_byte(out, (uint8_t)(0xf0 | type));
        rs_bytes_add_varint(out, list->n_items);
    }
    for (size_t i = 0; i < list->n_items; i++) {
        if (field->kind == RS_THRIFT_I32S) {
            rs_bytes_add_zigzag(out, ((const int32_t *)list->items)[i]);
        } else if (field->kind == RS_THRIFT_BINARIES) {
            add_text(((const rs_str *)list->items)[i], out);
        } else {
            rs_thrift_add(field->of, (const char *)list->items + i * field->of->n_bytes, out);
        }
    }
}

static bool is_set(const rs_thrift_field *field, const void *at)
{
    switch (field->kind) {
    case RS_THRIFT_BOOL:
    case RS_THRIFT_I32:
    case RS_THRIFT_I64:
        return ((const rs_thrift_int *)at)->is_set;
    case RS_THRIFT_BINARY:
        return ((const rs_str *)at)->bytes != NULL;
    case RS_THRIFT_STRUCT:
        return *(const void *const *)at != NULL;
    case RS_THRIFT_I32S:
    case RS_THRIFT_BINARIES:
    case RS_THRIFT_STRUCTS:
        return ((const rs_thrift_list *)at)->items != NULL;
    }
    return false;
}

static void add_value(const rs_thrift_field *field, const void *at, rs_bytes *out)
{
    switch (field->kind) {
    case RS_THRIFT_BOOL: /* it lies in the type */
        break;
    case RS_THRIFT_I32:
    case RS_THRIFT_I64:
        rs_bytes_add_zigzag(out, ((const rs_thrift_int *)at)->number);
        break;
    case RS_THRIFT_BINARY:
        add_text(*(const rs_str *)at, out);
        break;
    case RS_THRIFT_STRUCT:
        rs_thrift_add(field->of, *(const void *const *)at, out);
        break;
    case RS_THRIFT_I32S:
    case RS_THRIFT_BINARIES:
    case RS_THRIFT_STRUCTS:
        add_list(field, at, out);
        break;
    }
}

static void add_header(const rs_thrift_field *field, int last_id, const void *at, rs_bytes *out)
{
    uint8_t type = wire_types[field->kind];
    int delta = field->id - last_id;
    if (field->kind == RS_THRIFT_BOOL && ((const rs_thrift_int *)at)->number != 0) {
        type = TRUE;
    }
    if (delta <= SHORT_DELTA) {
        rs_bytes_add_byte(out, (uint8_t)(delta << 4 | type));
        return;
    }
    rs_bytes_add_byte(out, type);
    rs_bytes_add_zigzag(out, field->id);
}

void rs_thrift_add(const rs_thrift_struct *type, const void *value, rs_bytes *out)
{
    int last_id = 0;
    for (size_t i = 0; i < type->n_fields; i++) {
        const rs_thrift_field *field = &type->fields[i];
        const void *at = (const char *)value + field->offset;
        RS_ASSERT(field->id > last_id);
        if (is_set(field, at)) {
            add_header(field, last_id, at, out);
            add_value(field, at, out);
            last_id = field->id;
        }
    }
    rs_bytes_add_byte(out, 0);
}
