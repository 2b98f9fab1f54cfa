/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/dataset_sql.h"

#include <stdio.h>
#include <string.h>

#include "engine/duckdb/session.h"

enum { MAX_JOINS = 8 };

/* The id columns that `node:` sources go through, in order of their first use. */
typedef struct node_joins {
    rs_str ids[MAX_JOINS];
    size_t n_ids;
} node_joins;

/* The parts of "node:ID:COLUMN". */
static bool split_source(const rs_column *column, rs_str *id, rs_str *from)
{
    if (strncmp(column->source, "node:", 5) != 0) {
        return false;
    }
    const char *start = column->source + 5;
    const char *colon = strchr(start, ':');
    RS_ASSERT(colon != NULL);
    *id = (rs_str){start, (size_t)(colon - start)};
    *from = rs_str_of(colon + 1);
    return true;
}

bool rs_dataset_view_reads_nodes(const rs_dataset *dataset)
{
    rs_str id;
    rs_str from;
    for (size_t i = 0; i < dataset->n_columns; i++) {
        if (split_source(&dataset->columns[i], &id, &from)) {
            return true;
        }
    }
    return false;
}

static size_t join_of(node_joins *joins, rs_str id)
{
    for (size_t i = 0; i < joins->n_ids; i++) {
        if (rs_str_equal(joins->ids[i], id)) {
            return i;
        }
    }
    RS_ASSERT(joins->n_ids < MAX_JOINS);
    joins->ids[joins->n_ids] = id;
    return joins->n_ids++;
}

static void add_view_column(const rs_column *column, node_joins *joins, rs_buf *sql)
{
    rs_str id = {0};
    rs_str from = {0};
    if (split_source(column, &id, &from)) {
        rs_buf_addf(sql, "n%zu.", join_of(joins, id));
        rs_buf_add_sql_name(sql, from);
        rs_buf_add(sql, " AS ");
    } else {
        rs_buf_add(sql, "s.");
    }
    rs_buf_add_sql_name(sql, rs_str_of(column->name));
}

/* The stored columns and those computed from them, before a node's columns come beside. */
static void add_stored(const rs_dataset *dataset, const char *stored_view, rs_buf *sql)
{
    rs_buf_add(sql, "(SELECT *");
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const rs_column *column = &dataset->columns[i];
        if (!rs_column_is_in_memory(column)) {
            rs_buf_add(sql, ", ");
            rs_column_add_file_sql(column, sql);
            rs_buf_add(sql, " AS ");
            rs_buf_add_sql_name(sql, rs_str_of(column->name));
        }
    }
    rs_buf_add(sql, " FROM ");
    rs_buf_add_sql_name(sql, rs_str_of(stored_view));
    rs_buf_add(sql, ") AS s");
}

rs_status rs_dataset_add_view_sql(const rs_dataset *dataset, const char *stored_view, rs_buf *out,
                                  rs_error *err)
{
    node_joins joins = {0};
    rs_buf_add(out, "SELECT ");
    for (size_t i = 0; i < dataset->n_columns; i++) {
        rs_buf_add(out, i == 0 ? "" : ", ");
        add_view_column(&dataset->columns[i], &joins, out);
    }
    if (dataset == rs_graph_dataset_get(RS_G_edges)) {
        rs_buf_add(out, ", edge_id(s.kind, s.src, s.dst, s.start_byte) AS edge_id");
    }
    rs_buf_add(out, " FROM ");
    add_stored(dataset, stored_view, out);
    for (size_t i = 0; i < joins.n_ids; i++) {
        rs_buf_addf(out, " LEFT JOIN nodes AS n%zu ON n%zu.node_id = s.", i, i);
        rs_buf_add_sql_name(out, joins.ids[i]);
    }
    return rs_buf_check(out, err);
}

rs_status rs_dataset_add_empty_sql(const rs_dataset *dataset, bool with_reason, rs_buf *out,
                                   rs_error *err)
{
    const char *separator = "SELECT ";
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const rs_column *column = &dataset->columns[i];
        if (rs_column_is_stored(column)) {
            rs_buf_addf(out, "%sCAST(NULL AS %s) AS ", separator, rs_column_sql_type(column));
            rs_buf_add_sql_name(out, rs_str_of(column->name));
            separator = ", ";
        }
    }
    if (with_reason) {
        rs_buf_addf(out, "%sCAST(NULL AS VARCHAR) AS reason", separator);
    }
    rs_buf_add(out, " WHERE false");
    return rs_buf_check(out, err);
}
