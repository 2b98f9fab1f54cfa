/* SPDX-License-Identifier: Apache-2.0 */
/* Values in values: structs, maps, lists in lists. They leave the engine as JSON. */
#include <stdio.h>

#include "engine/duckdb/internal.h"

enum { MAX_NESTED = 32 }; /* what lies deeper is text, as the engine spells it */

/* What a value inside another one is cast to, so that JSON has all of it: whole numbers of 64 bits and
 * more are text there, as many readers round them. */
typedef struct leaf_row {
    duckdb_type type;
    const char *name;
} leaf_row;

static const leaf_row leaves[] = {
    {DUCKDB_TYPE_BOOLEAN, "BOOLEAN"},   {DUCKDB_TYPE_TINYINT, "INTEGER"},
    {DUCKDB_TYPE_SMALLINT, "INTEGER"},  {DUCKDB_TYPE_INTEGER, "INTEGER"},
    {DUCKDB_TYPE_UTINYINT, "INTEGER"},  {DUCKDB_TYPE_USMALLINT, "INTEGER"},
    {DUCKDB_TYPE_UINTEGER, "UINTEGER"}, {DUCKDB_TYPE_FLOAT, "FLOAT"},
    {DUCKDB_TYPE_DOUBLE, "DOUBLE"},
};

static const char *leaf_name(duckdb_type type)
{
    for (size_t i = 0; i < sizeof leaves / sizeof leaves[0]; i++) {
        if (leaves[i].type == type) {
            return leaves[i].name;
        }
    }
    return "VARCHAR";
}

static void add_type(duckdb_logical_type type, size_t depth, rs_buf *out);

static void add_child(duckdb_logical_type child, size_t depth, rs_buf *out)
{
    add_type(child, depth + 1, out);
    rs_duck.destroy_logical_type(&child);
}

static void add_struct(duckdb_logical_type type, size_t depth, rs_buf *out)
{
    rs_buf_add(out, "STRUCT(");
    for (size_t i = 0; i < rs_duck.struct_type_child_count(type); i++) {
        char *name = rs_duck.struct_type_child_name(type, i);
        rs_buf_add(out, i == 0 ? "" : ", ");
        rs_buf_add_sql_name(out, rs_str_of(name != NULL ? name : ""));
        rs_buf_add_char(out, ' ');
        rs_duck_free(name);
        add_child(rs_duck.struct_type_child_type(type, i), depth, out);
    }
    rs_buf_add_char(out, ')');
}

static void add_map(duckdb_logical_type type, size_t depth, rs_buf *out)
{
    rs_buf_add(out, "MAP(");
    add_child(rs_duck.map_type_key_type(type), depth, out);
    rs_buf_add(out, ", ");
    add_child(rs_duck.map_type_value_type(type), depth, out);
    rs_buf_add_char(out, ')');
}

static void add_type(duckdb_logical_type type, size_t depth, rs_buf *out)
{
    duckdb_type id = rs_duck.get_type_id(type);
    if (depth > MAX_NESTED) {
        rs_buf_add(out, "VARCHAR");
    } else if (id == DUCKDB_TYPE_LIST) {
        add_child(rs_duck.list_type_child_type(type), depth, out);
        rs_buf_add(out, "[]");
    } else if (id == DUCKDB_TYPE_ARRAY) {
        add_child(rs_duck.array_type_child_type(type), depth, out);
        rs_buf_addf(out, "[%llu]", (unsigned long long)rs_duck.array_type_array_size(type));
    } else if (id == DUCKDB_TYPE_STRUCT) {
        add_struct(type, depth, out);
    } else if (id == DUCKDB_TYPE_MAP) {
        add_map(type, depth, out);
    } else if (id == DUCKDB_TYPE_DECIMAL) {
        rs_buf_addf(out, "DECIMAL(%u, %u)", (unsigned)rs_duck.decimal_width(type),
                    (unsigned)rs_duck.decimal_scale(type));
    } else {
        rs_buf_add(out, leaf_name(id));
    }
}

void rs_duckdb_add_json_cast(const char *value, duckdb_logical_type type, rs_buf *out)
{
    rs_buf_addf(out, "CAST(to_json(CAST(%s AS ", value);
    add_type(type, 0, out);
    rs_buf_add(out, ")) AS VARCHAR)");
}
