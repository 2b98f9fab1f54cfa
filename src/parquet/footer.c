/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/footer.h"

#include <stddef.h>

#include "base/alloc.h"

/* --- the format's structs, as far as we write them --- */

typedef struct empty {
    char unused;
} empty;

typedef struct statistics {
    rs_thrift_int null_count;
    rs_thrift_int distinct_count;
    rs_str max_value;
    rs_str min_value;
    rs_thrift_int is_max_exact;
    rs_thrift_int is_min_exact;
} statistics;

typedef struct data_page {
    rs_thrift_int n_values;
    rs_thrift_int encoding;
    rs_thrift_int definition_encoding;
    rs_thrift_int repetition_encoding;
    const statistics *statistics;
} data_page;

typedef struct dictionary_page {
    rs_thrift_int n_values;
    rs_thrift_int encoding;
} dictionary_page;

typedef struct page {
    rs_thrift_int type;
    rs_thrift_int n_raw_bytes;
    rs_thrift_int n_stored_bytes;
    const data_page *data;
    const dictionary_page *dictionary;
} page;

typedef struct logical_type {
    const empty *string;
    const empty *map;
    const empty *list;
} logical_type;

typedef struct element {
    rs_thrift_int type;
    rs_thrift_int repetition;
    rs_str name;
    rs_thrift_int n_children;
    rs_thrift_int converted_type;
    const logical_type *logical_type;
} element;

typedef struct chunk_data {
    rs_thrift_int type;
    rs_thrift_list encodings;
    rs_thrift_list path;
    rs_thrift_int codec;
    rs_thrift_int n_values;
    rs_thrift_int n_raw_bytes;
    rs_thrift_int n_stored_bytes;
    rs_thrift_int data_offset;
    rs_thrift_int dictionary_offset;
    const statistics *statistics;
} chunk_data;

typedef struct chunk {
    rs_thrift_int file_offset;
    const chunk_data *data;
} chunk;

typedef struct row_group {
    rs_thrift_list columns;
    rs_thrift_int n_raw_bytes;
    rs_thrift_int n_rows;
    rs_thrift_int file_offset;
    rs_thrift_int n_stored_bytes;
} row_group;

typedef struct pair {
    rs_str key;
    rs_str value;
} pair;

typedef struct column_order {
    const empty *by_type;
} column_order;

typedef struct file {
    rs_thrift_int version;
    rs_thrift_list schema;
    rs_thrift_int n_rows;
    rs_thrift_list groups;
    rs_thrift_list metadata;
    rs_str created_by;
    rs_thrift_list column_orders;
} file;

/* --- their fields --- */

#define TYPE(name)                                                                                 \
    static const rs_thrift_struct name##_type = {.fields = name##_fields,                          \
                                                 .n_fields = sizeof name##_fields /                \
                                                             sizeof name##_fields[0],              \
                                                 .n_bytes = sizeof(name)}

/* clang-format off */
static const rs_thrift_struct empty_type = {.fields = NULL, .n_fields = 0, .n_bytes = sizeof(empty)};

static const rs_thrift_field statistics_fields[] = {
    {3, RS_THRIFT_I64, offsetof(statistics, null_count), NULL},
    {4, RS_THRIFT_I64, offsetof(statistics, distinct_count), NULL},
    {5, RS_THRIFT_BINARY, offsetof(statistics, max_value), NULL},
    {6, RS_THRIFT_BINARY, offsetof(statistics, min_value), NULL},
    {7, RS_THRIFT_BOOL, offsetof(statistics, is_max_exact), NULL},
    {8, RS_THRIFT_BOOL, offsetof(statistics, is_min_exact), NULL},
};
TYPE(statistics);

static const rs_thrift_field data_page_fields[] = {
    {1, RS_THRIFT_I32, offsetof(data_page, n_values), NULL},
    {2, RS_THRIFT_I32, offsetof(data_page, encoding), NULL},
    {3, RS_THRIFT_I32, offsetof(data_page, definition_encoding), NULL},
    {4, RS_THRIFT_I32, offsetof(data_page, repetition_encoding), NULL},
    {5, RS_THRIFT_STRUCT, offsetof(data_page, statistics), &statistics_type},
};
TYPE(data_page);

static const rs_thrift_field dictionary_page_fields[] = {
    {1, RS_THRIFT_I32, offsetof(dictionary_page, n_values), NULL},
    {2, RS_THRIFT_I32, offsetof(dictionary_page, encoding), NULL},
};
TYPE(dictionary_page);

static const rs_thrift_field page_fields[] = {
    {1, RS_THRIFT_I32, offsetof(page, type), NULL},
    {2, RS_THRIFT_I32, offsetof(page, n_raw_bytes), NULL},
    {3, RS_THRIFT_I32, offsetof(page, n_stored_bytes), NULL},
    {5, RS_THRIFT_STRUCT, offsetof(page, data), &data_page_type},
    {7, RS_THRIFT_STRUCT, offsetof(page, dictionary), &dictionary_page_type},
};
TYPE(page);

static const rs_thrift_field logical_type_fields[] = {
    {1, RS_THRIFT_STRUCT, offsetof(logical_type, string), &empty_type},
    {2, RS_THRIFT_STRUCT, offsetof(logical_type, map), &empty_type},
    {3, RS_THRIFT_STRUCT, offsetof(logical_type, list), &empty_type},
};
TYPE(logical_type);

static const rs_thrift_field element_fields[] = {
    {1, RS_THRIFT_I32, offsetof(element, type), NULL},
    {3, RS_THRIFT_I32, offsetof(element, repetition), NULL},
    {4, RS_THRIFT_BINARY, offsetof(element, name), NULL},
    {5, RS_THRIFT_I32, offsetof(element, n_children), NULL},
    {6, RS_THRIFT_I32, offsetof(element, converted_type), NULL},
    {10, RS_THRIFT_STRUCT, offsetof(element, logical_type), &logical_type_type},
};
TYPE(element);

static const rs_thrift_field chunk_data_fields[] = {
    {1, RS_THRIFT_I32, offsetof(chunk_data, type), NULL},
    {2, RS_THRIFT_I32S, offsetof(chunk_data, encodings), NULL},
    {3, RS_THRIFT_BINARIES, offsetof(chunk_data, path), NULL},
    {4, RS_THRIFT_I32, offsetof(chunk_data, codec), NULL},
    {5, RS_THRIFT_I64, offsetof(chunk_data, n_values), NULL},
    {6, RS_THRIFT_I64, offsetof(chunk_data, n_raw_bytes), NULL},
    {7, RS_THRIFT_I64, offsetof(chunk_data, n_stored_bytes), NULL},
    {9, RS_THRIFT_I64, offsetof(chunk_data, data_offset), NULL},
    {11, RS_THRIFT_I64, offsetof(chunk_data, dictionary_offset), NULL},
    {12, RS_THRIFT_STRUCT, offsetof(chunk_data, statistics), &statistics_type},
};
TYPE(chunk_data);

static const rs_thrift_field chunk_fields[] = {
    {2, RS_THRIFT_I64, offsetof(chunk, file_offset), NULL},
    {3, RS_THRIFT_STRUCT, offsetof(chunk, data), &chunk_data_type},
};
TYPE(chunk);

static const rs_thrift_field row_group_fields[] = {
    {1, RS_THRIFT_STRUCTS, offsetof(row_group, columns), &chunk_type},
    {2, RS_THRIFT_I64, offsetof(row_group, n_raw_bytes), NULL},
    {3, RS_THRIFT_I64, offsetof(row_group, n_rows), NULL},
    {5, RS_THRIFT_I64, offsetof(row_group, file_offset), NULL},
    {6, RS_THRIFT_I64, offsetof(row_group, n_stored_bytes), NULL},
};
TYPE(row_group);

static const rs_thrift_field pair_fields[] = {
    {1, RS_THRIFT_BINARY, offsetof(pair, key), NULL},
    {2, RS_THRIFT_BINARY, offsetof(pair, value), NULL},
};
TYPE(pair);

static const rs_thrift_field column_order_fields[] = {
    {1, RS_THRIFT_STRUCT, offsetof(column_order, by_type), &empty_type},
};
TYPE(column_order);

static const rs_thrift_field file_fields[] = {
    {1, RS_THRIFT_I32, offsetof(file, version), NULL},
    {2, RS_THRIFT_STRUCTS, offsetof(file, schema), &element_type},
    {3, RS_THRIFT_I64, offsetof(file, n_rows), NULL},
    {4, RS_THRIFT_STRUCTS, offsetof(file, groups), &row_group_type},
    {5, RS_THRIFT_STRUCTS, offsetof(file, metadata), &pair_type},
    {6, RS_THRIFT_BINARY, offsetof(file, created_by), NULL},
    {7, RS_THRIFT_STRUCTS, offsetof(file, column_orders), &column_order_type},
};
TYPE(file);
/* clang-format on */

static const empty nothing = {0};

/* --- statistics and pages --- */

static rs_str text_of(const rs_bound *bound)
{
    return bound->is_set ? (rs_str){(const char *)bound->bytes, bound->n_bytes} : (rs_str){0};
}

static statistics statistics_of(const rs_statistics *from)
{
    statistics to = {.null_count = RS_THRIFT(from->n_nulls),
                     .max_value = text_of(&from->greatest),
                     .min_value = text_of(&from->least)};
    if (from->n_distinct > 0) {
        to.distinct_count = RS_THRIFT(from->n_distinct);
    }
    if (from->greatest.is_cut) {
        to.is_max_exact = RS_THRIFT(0);
    }
    if (from->least.is_cut) {
        to.is_min_exact = RS_THRIFT(0);
    }
    return to;
}

void rs_page_header_add(const rs_page_header *header, rs_bytes *out)
{
    enum { DATA = 0, DICTIONARY = 2 };
    statistics stated = {0};
    if (header->statistics != NULL) {
        stated = statistics_of(header->statistics);
    }
    const dictionary_page dictionary = {.n_values = RS_THRIFT(header->n_entries),
                                        .encoding = RS_THRIFT(RS_ENCODING_PLAIN)};
    const data_page data = {.n_values = RS_THRIFT(header->n_entries),
                            .encoding = RS_THRIFT(header->encoding),
                            .definition_encoding = RS_THRIFT(RS_ENCODING_RLE),
                            .repetition_encoding = RS_THRIFT(RS_ENCODING_RLE),
                            .statistics = header->statistics != NULL ? &stated : NULL};
    const page whole = {.type = RS_THRIFT(header->is_dictionary ? DICTIONARY : DATA),
                        .n_raw_bytes = RS_THRIFT(header->n_raw_bytes),
                        .n_stored_bytes = RS_THRIFT(header->n_stored_bytes),
                        .data = header->is_dictionary ? NULL : &data,
                        .dictionary = header->is_dictionary ? &dictionary : NULL};
    rs_thrift_add(&page_type, &whole, out);
}

/* --- the schema --- */

enum { REQUIRED = 0, OPTIONAL = 1, REPEATED = 2 };
enum { CONVERTED_UTF8 = 0, CONVERTED_MAP = 1, CONVERTED_LIST = 3 };
enum { MOST_ELEMENTS = 4 }; /* of a column */

static int physical_type(rs_type type)
{
    static const int types[] = {
        [RS_TYPE_BOOL] = 0, [RS_TYPE_I32] = 1, [RS_TYPE_I64] = 2, [RS_TYPE_F32] = 4,
        [RS_TYPE_F64] = 5,  [RS_TYPE_STR] = 6, [RS_TYPE_ENUM] = 6};
    return types[type];
}

static element value_element(const char *name, rs_type type, int repetition)
{
    static const logical_type string = {.string = &nothing};
    element value = {.type = RS_THRIFT(physical_type(type)),
                     .repetition = RS_THRIFT(repetition),
                     .name = rs_str_of(name)};
    if (type == RS_TYPE_STR || type == RS_TYPE_ENUM) {
        value.converted_type = RS_THRIFT(CONVERTED_UTF8);
        value.logical_type = &string;
    }
    return value;
}

static element group_element(const char *name, int repetition, size_t n_children)
{
    return (element){.repetition = RS_THRIFT(repetition),
                     .name = rs_str_of(name),
                     .n_children = RS_THRIFT(n_children)};
}

static size_t add_column(const rs_parquet_column *column, element *to)
{
    static const logical_type list = {.list = &nothing};
    static const logical_type map = {.map = &nothing};
    bool is_list = column->shape == RS_SHAPE_LIST;
    size_t n = 0;
    if (column->shape == RS_SHAPE_ONE) {
        to[n++] = value_element(column->name, column->type, OPTIONAL);
        return n;
    }
    to[n] = group_element(column->name, OPTIONAL, 1);
    to[n].converted_type = RS_THRIFT(is_list ? CONVERTED_LIST : CONVERTED_MAP);
    to[n++].logical_type = is_list ? &list : &map;
    to[n++] = group_element(is_list ? "list" : "key_value", REPEATED, is_list ? 1 : 2);
    if (!is_list) {
        to[n++] = value_element("key", RS_TYPE_STR, REQUIRED);
    }
    to[n++] = value_element(is_list ? "element" : "value", column->type, OPTIONAL);
    return n;
}

/* --- row groups --- */

typedef struct chunk_parts {
    chunk_data data;
    statistics statistics;
    int32_t encodings[3];
} chunk_parts;

static void describe_chunk(const rs_leaf *leaf, const rs_chunk *from, chunk_parts *to)
{
    size_t n_encodings = 0;
    if (from->dictionary_offset > 0) {
        to->encodings[n_encodings++] = RS_ENCODING_PLAIN;
    }
    to->encodings[n_encodings++] = RS_ENCODING_RLE; /* of levels */
    to->encodings[n_encodings++] = (int32_t)from->encoding;
    to->statistics = statistics_of(&from->statistics);
    to->data = (chunk_data){
        .type = RS_THRIFT(physical_type(leaf->type)),
        .encodings = {to->encodings, n_encodings},
        .path = {leaf->path, leaf->n_path},
        .codec = RS_THRIFT(from->codec),
        .n_values = RS_THRIFT(from->n_entries),
        .n_raw_bytes = RS_THRIFT(from->n_raw_bytes),
        .n_stored_bytes = RS_THRIFT(from->n_stored_bytes),
        .data_offset = RS_THRIFT(from->data_offset),
        .statistics = &to->statistics,
    };
    if (from->dictionary_offset > 0) {
        to->data.dictionary_offset = RS_THRIFT(from->dictionary_offset);
    }
}

/* What the lists of a footer point to. */
typedef struct lists {
    element *elements;
    chunk_parts *parts;
    chunk *chunks;
    row_group *groups;
    pair *pairs;
    column_order *orders;
} lists;

static void describe_group(const rs_footer_parts *parts, size_t index, lists *of)
{
    const rs_row_group *from = &parts->groups[index];
    row_group *to = &of->groups[index];
    uint64_t n_raw_bytes = 0;
    uint64_t n_stored_bytes = 0;
    for (size_t i = from->first_chunk; i < from->first_chunk + parts->n_leaves; i++) {
        describe_chunk(&parts->leaves[i - from->first_chunk], &parts->chunks[i], &of->parts[i]);
        of->chunks[i] = (chunk){.file_offset = RS_THRIFT(0), .data = &of->parts[i].data};
        n_raw_bytes += parts->chunks[i].n_raw_bytes;
        n_stored_bytes += parts->chunks[i].n_stored_bytes;
    }
    const rs_chunk *first = &parts->chunks[from->first_chunk];
    *to =
        (row_group){.columns = {of->chunks + from->first_chunk, parts->n_leaves},
                    .n_raw_bytes = RS_THRIFT(n_raw_bytes),
                    .n_rows = RS_THRIFT(from->n_rows),
                    .file_offset = RS_THRIFT(first->dictionary_offset > 0 ? first->dictionary_offset
                                                                          : first->data_offset),
                    .n_stored_bytes = RS_THRIFT(n_stored_bytes)};
}

/* --- all of it --- */

static bool lists_init(lists *of, const rs_footer_parts *parts)
{
    size_t n_chunks = parts->n_groups * parts->n_leaves;
    *of = (lists){.elements =
                      rs_alloc_zero(parts->n_columns * MOST_ELEMENTS + 1, sizeof *of->elements),
                  .parts = rs_alloc_zero(n_chunks + 1, sizeof *of->parts),
                  .chunks = rs_alloc_zero(n_chunks + 1, sizeof *of->chunks),
                  .groups = rs_alloc_zero(parts->n_groups + 1, sizeof *of->groups),
                  .pairs = rs_alloc_zero(parts->n_metadata + 1, sizeof *of->pairs),
                  .orders = rs_alloc_zero(parts->n_leaves + 1, sizeof *of->orders)};
    return of->elements != NULL && of->parts != NULL && of->chunks != NULL && of->groups != NULL &&
           of->pairs != NULL && of->orders != NULL;
}

static void lists_release(lists *of)
{
    rs_free(of->elements);
    rs_free(of->parts);
    rs_free(of->chunks);
    rs_free(of->groups);
    rs_free(of->pairs);
    rs_free(of->orders);
}

static void add_file(const rs_footer_parts *parts, lists *of, rs_bytes *out)
{
    enum { VERSION = 2 };
    size_t n_elements = 0;
    of->elements[n_elements++] =
        (element){.name = RS_STR_LITERAL("schema"), .n_children = RS_THRIFT(parts->n_columns)};
    for (size_t i = 0; i < parts->n_columns; i++) {
        n_elements += add_column(&parts->columns[i], of->elements + n_elements);
    }
    for (size_t i = 0; i < parts->n_groups; i++) {
        describe_group(parts, i, of);
    }
    for (size_t i = 0; i < parts->n_metadata; i++) {
        of->pairs[i] =
            (pair){rs_str_of(parts->metadata[i].name), rs_str_of(parts->metadata[i].value)};
    }
    for (size_t i = 0; i < parts->n_leaves; i++) {
        of->orders[i] = (column_order){&nothing};
    }
    const file whole = {
        .version = RS_THRIFT(VERSION),
        .schema = {of->elements, n_elements},
        .n_rows = RS_THRIFT(parts->n_rows),
        .groups = {of->groups, parts->n_groups},
        .metadata = {parts->n_metadata > 0 ? of->pairs : NULL, parts->n_metadata},
        .created_by = RS_STR_LITERAL("relspec-parquet version 1.0.0"),
        .column_orders = {of->orders, parts->n_leaves},
    };
    rs_thrift_add(&file_type, &whole, out);
}

rs_status rs_footer_parts_add(const rs_footer_parts *parts, rs_bytes *out, rs_error *err)
{
    lists of;
    if (lists_init(&of, parts)) {
        add_file(parts, &of, out);
    } else {
        out->failed = true;
    }
    lists_release(&of);
    return out->failed ? rs_error_set(err, RS_ERR_NOMEM, "write a footer: out of memory") : RS_OK;
}
