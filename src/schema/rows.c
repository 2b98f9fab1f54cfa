/* SPDX-License-Identifier: Apache-2.0 */
#include "schema/rows.h"

#include "base/hash.h"

/* clang-format off */

/* --- what a push asserts of a required column --- */

#define CHECK_REQ_I64(name) RS_ASSERT(row->name != RS_UNWRITTEN_I64);
#define CHECK_REQ_ID(entity) CHECK_REQ_I64
#define CHECK_REQ_GID(entity) CHECK_REQ_I64
#define CHECK_REQ_I32(name) RS_ASSERT(row->name != RS_UNWRITTEN_I32);
#define CHECK_REQ_BOOL(name) RS_ASSERT(row->name <= 1);
#define CHECK_REQ_STR(name) RS_ASSERT(row->name.number != 0 || part->strings.failed);
#define CHECK_REQ_E(set) CHECK_REQ_WORD
#define CHECK_REQ_WORD(name) RS_ASSERT(row->name.number != 0 && row->name.number != UINT8_MAX);
#define CHECK_OPT_I64(name)
#define CHECK_OPT_ID(entity) CHECK_OPT_I64
#define CHECK_OPT_GID(entity) CHECK_OPT_I64
#define CHECK_OPT_I32(name)
#define CHECK_OPT_BOOL(name) RS_ASSERT(row->name.value <= 1);
#define CHECK_OPT_STR(name)
#define CHECK_OPT_E(set) CHECK_NOTHING
#define CHECK_NOTHING(name)

/* --- a field to its column --- */

/* Null values are 0 in memory: equal rows are equal bytes. */
#define PUT_VALUE(array, c, name)                                                                 \
    columns[c].array[at] = row->name.value;                                                        \
    if (!row->name.is_set) {                                                                       \
        RS_TRY(rs_batch_set_null(batch, c, at, err));                                              \
    }

#define PUT_REQ_I64(c, name) columns[c].values.i64[at] = row->name;
#define PUT_REQ_ID(entity) PUT_REQ_I64
#define PUT_REQ_GID(entity) PUT_REQ_I64
#define PUT_REQ_I32(c, name) columns[c].values.i32[at] = row->name;
#define PUT_REQ_BOOL(c, name) columns[c].values.u8[at] = row->name;
#define PUT_REQ_STR(c, name) columns[c].values.str[at] = row->name.number - 1;
#define PUT_REQ_E(set) PUT_WORD
#define PUT_WORD(c, name) columns[c].values.u8[at] = (uint8_t)(row->name.number - 1);
#define PUT_OPT_I64(c, name) PUT_VALUE(values.i64, c, name)
#define PUT_OPT_ID(entity) PUT_OPT_I64
#define PUT_OPT_GID(entity) PUT_OPT_I64
#define PUT_OPT_I32(c, name) PUT_VALUE(values.i32, c, name)
#define PUT_OPT_BOOL(c, name) PUT_VALUE(values.u8, c, name)
#define PUT_OPT_STR(c, name) PUT_REQ_STR(c, name)
#define PUT_OPT_E(set) PUT_WORD

/* --- a column of the node `id`, which is null where that is --- */

#define NODE_ROW(id) (first_node + ((size_t)(id) & (((size_t)1 << RS_ID_ENTITY_BITS) - 1)))

#define COPY_REQ(array, c, from, id)                                                               \
    columns[c].array[at] = nodes[from].array[NODE_ROW(row->id)];                                   \
    RS_ASSERT(nodes[RS_C_syntax_nodes_node_id].values.i64[NODE_ROW(row->id)] == row->id);

#define COPY_OPT(array, c, from, id)                                                               \
    columns[c].array[at] = row->id.is_set ? nodes[from].array[NODE_ROW(row->id.value)] : 0;        \
    if (!row->id.is_set) {                                                                         \
        RS_TRY(rs_batch_set_null(batch, c, at, err));                                              \
    }

#define COPY_REQ_I64(c, from, id) COPY_REQ(values.i64, c, from, id)
#define COPY_REQ_I32(c, from, id) COPY_REQ(values.i32, c, from, id)
#define COPY_REQ_BOOL(c, from, id) COPY_REQ(values.u8, c, from, id)
#define COPY_REQ_STR(c, from, id)                                                                  \
    COPY_REQ(values.str, c, from, id)                                                              \
    RS_ASSERT(columns[c].values.str[at] != RS_STR_NULL || part->strings.failed);
#define COPY_OPT_I64(c, from, id) COPY_OPT(values.i64, c, from, id)
#define COPY_OPT_I32(c, from, id) COPY_OPT(values.i32, c, from, id)

/* --- the pushes --- */

#define RS_DATASET(name, version, lens, key, doc)                                                  \
    rs_status rs_push_##name(rs_part *part, const rs_##name##_row *rows, size_t n_rows,          \
                               rs_error *err)                                                      \
    {                                                                                              \
        rs_batch *batch = &part->batches[RS_DS_##name];                                            \
        const rs_batch_column *nodes = part->batches[RS_DS_syntax_nodes].columns;                  \
        size_t first_node = part->first_node;                                                      \
        RS_TRY(rs_batch_reserve(batch, n_rows, err));                                              \
        rs_batch_column *columns = batch->columns;                                                 \
        for (size_t i = 0; i < n_rows; i++) {                                                      \
            const rs_##name##_row *row = &rows[i];                                                 \
            size_t at = batch->n_rows;
#define RS_COLUMN(dataset, name, type, presence, source, doc)                                      \
            CHECK_##presence##_##type(name)                                                        \
            PUT_##presence##_##type(RS_C_##dataset##_##name, name)
#define RS_NODE_COLUMN(dataset, name, type, presence, id, column, doc)                             \
            COPY_##presence##_##type(RS_C_##dataset##_##name, RS_C_syntax_nodes_##column, id)
#define RS_FILE_COLUMN(dataset, name, type, presence, id, doc)
#define RS_DATASET_END(name)                                                                       \
            batch->n_rows++;                                                                       \
        }                                                                                          \
        (void)nodes;                                                                               \
        (void)first_node;                                                                          \
        return RS_OK;                                                                              \
    }
#include "schema/evidence.def"
/* clang-format on */
