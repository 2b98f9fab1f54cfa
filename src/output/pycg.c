/* SPDX-License-Identifier: Apache-2.0 */
/* The call graph as PyCG writes it: an object, by caller the names that it calls. docs/export.md has
 * the names; sql/pycg.sql makes them.
 */
#include "output/format.h"
#include "output/sql_texts.h"

enum { CALLER, CALLEE };

typedef struct graph {
    rs_buf caller; /* whose list is open */
    size_t n_callees;
    uint64_t n_nodes;
    uint64_t n_edges;
} graph;

/* Rows come by caller; each has one without a callee in front. */
static void add_row(graph *of, const rs_cursor *rows, size_t row, rs_buf *out)
{
    rs_str caller = rs_cursor_str(rows, CALLER, row);
    if (of->n_nodes == 0 || !rs_str_equal(caller, rs_buf_str(&of->caller))) {
        rs_buf_add(out, of->n_nodes == 0 ? "" : "],\n");
        rs_buf_add_json_text(out, caller);
        rs_buf_add(out, ": [");
        rs_buf_reset(&of->caller);
        rs_buf_add_str(&of->caller, caller);
        of->n_callees = 0;
        of->n_nodes++;
    }
    if (!rs_cursor_is_null(rows, CALLEE, row)) {
        rs_buf_add(out, of->n_callees++ == 0 ? "" : ", ");
        rs_buf_add_json_text(out, rs_cursor_str(rows, CALLEE, row));
        of->n_edges++;
    }
}

static rs_status write_rows(rs_cursor *rows, graph *of, rs_out *out, rs_error *err)
{
    size_t n_rows = 1;
    rs_buf_add(&out->text, "{");
    while (n_rows > 0) {
        RS_TRY(rs_cursor_next(rows, &n_rows, err));
        for (size_t i = 0; i < n_rows; i++) {
            add_row(of, rows, i, &out->text);
            RS_TRY(rs_out_flow(out, err));
        }
        RS_TRY(rs_buf_check(&of->caller, err));
    }
    rs_buf_add(&out->text, of->n_nodes > 0 ? "]}\n" : "}\n");
    return rs_out_flush(out, err);
}

static rs_status write_all(rs_graph_source *source, rs_out *out, rs_error *err)
{
    graph of = {0};
    rs_cursor *rows = NULL;
    RS_TRY(rs_graph_source_query(source, &rs_sql_output_pycg, &rows, err));
    rs_status status = write_rows(rows, &of, out, err);
    rs_graph_source_count(source, of.n_nodes, of.n_edges);
    rs_cursor_free(rows);
    rs_buf_release(&of.caller);
    return status;
}

const rs_format_row rs_format_pycg = {
    .name = "pycg",
    .doc = "Who calls whom, as PyCG has it: an object of lists of names, by caller.",
    .write_graph = write_all,
};
