/* SPDX-License-Identifier: Apache-2.0 */
/* syntax_impl.h - what the files of the syntax lens share. */
#ifndef RS_EVIDENCE_SYNTAX_IMPL_H
#define RS_EVIDENCE_SYNTAX_IMPL_H

#include "base/line_index.h"
#include "evidence/flow/flow_impl.h"
#include "evidence/scip/scip_impl.h"
#include "evidence/scope/scope_impl.h"
#include "evidence/syntax/syntax.h"
#include "parse/parser.h"
#include "schema/rows.h"

/* What is remembered of a node while its descendants are visited. */
typedef struct node_note {
    uint32_t enclosing; /* definition whose code it is, or RS_NO_NODE */
    uint32_t row;       /* of a definition or call: its place in `defs` or `calls` */
    uint32_t count;     /* children numbered so far: arguments, bases, parameters */
} node_note;

/* A name that a definition's body declares global. */
typedef struct global_name {
    uint32_t def;
    rs_str name;
} global_name;

RS_VEC_DEFINE(node_notes, node_note)
RS_VEC_DEFINE(global_names, global_name)
RS_VEC_DEFINE(def_rows, rs_defs_row)
RS_VEC_DEFINE(call_rows, rs_calls_row)

struct rs_extractor {
    rs_parser *parser;
    rs_extent extent;
    rs_line_index lines;
    node_notes notes;
    global_names globals;
    def_rows defs; /* of the file; their descendants count in them */
    call_rows calls;
    rs_buf scratch;
    rs_buf normal;   /* a name in NFKC */
    rs_buf repaired; /* text of a file that is no UTF-8 */
    rs_scope_lens scope;
    const rs_scip_index *scip; /* NULL for none */
    rs_scip_links *scip_links; /* of the part at hand */
    rs_scip_reader scip_reader;
    rs_flow_lens flow;
    /* Of the file at hand: */
    const rs_repo_file *file;
    const rs_source *source;
    rs_tree tree;
    rs_part *part;
    int64_t base;     /* id of the file's entity 0 */
    rs_status status; /* the first failure while rows were written */
};

/* A row of a dataset, or n_rows, into the part at hand; x->status tells a failure. */
#define ROWS_PUSH(x, dataset, rows, n_rows)                                                        \
    do {                                                                                           \
        if (rs_push_##dataset((x)->part, (rows), (n_rows), NULL) != RS_OK) {                       \
            (x)->status = RS_ERR_NOMEM;                                                            \
        }                                                                                          \
    } while (0)
#define ROW_PUSH(x, dataset, row) ROWS_PUSH(x, dataset, row, 1)

/* The values of a column of the part at hand: COLUMN(x, calls, call_id).i64[row] = ... */
#define COLUMN(x, dataset, column)                                                                 \
    ((x)->part->batches[RS_DS_##dataset].columns[RS_C_##dataset##_##column].values)

/* A further row; room for it was reserved. */
#define ROW_ADD(x, dataset) ((x)->part->batches[RS_DS_##dataset].n_rows++)

#define ROW_SET_NULL(x, dataset, column, row)                                                      \
    rs_syntax_set_null((x), RS_DS_##dataset, RS_C_##dataset##_##column, (row))

void rs_syntax_set_null(rs_extractor *x, rs_dataset_id dataset, size_t column, size_t row);

static inline int64_t id_of(const rs_extractor *x, uint32_t n)
{
    return x->base | (int64_t)n;
}

/* The id of node n, or null for RS_NO_NODE. */
static inline rs_opt_i64 optional_id(const rs_extractor *x, uint32_t n)
{
    return n == RS_NO_NODE ? (rs_opt_i64){0} : rs_opt_i64_of(id_of(x, n));
}

/* The row that node n of the file has in syntax_nodes. */
static inline size_t node_row_of(const rs_extractor *x, uint32_t n)
{
    return x->part->first_node + n;
}

/* The span and position columns of a row, as node n has them in syntax_nodes. */
#define NODE_SPAN(x, dataset, row, n)                                                              \
    do {                                                                                           \
        size_t node_row_ = node_row_of(x, n);                                                      \
        COLUMN(x, dataset, start_byte).i64[row] =                                                  \
            COLUMN(x, syntax_nodes, start_byte).i64[node_row_];                                    \
        COLUMN(x, dataset, end_byte).i64[row] = COLUMN(x, syntax_nodes, end_byte).i64[node_row_];  \
        COLUMN(x, dataset, start_line).i32[row] =                                                  \
            COLUMN(x, syntax_nodes, start_line).i32[node_row_];                                    \
        COLUMN(x, dataset, start_column).i32[row] =                                                \
            COLUMN(x, syntax_nodes, start_column).i32[node_row_];                                  \
    } while (0)

/* Raw byte of a text offset. */
static inline uint32_t raw_of(const rs_extractor *x, uint32_t text_byte)
{
    return x->source->is_recoded ? rs_source_raw_offset(x->source, text_byte) : text_byte;
}

static inline rs_str text_between(const rs_extractor *x, uint32_t start, uint32_t end)
{
    return (rs_str){x->tree.text + start, end - start};
}

/* The number of text with U+FFFD for every byte that is no UTF-8. */
uint32_t rs_syntax_string_repaired(rs_extractor *x, rs_str text);

/* The number of text, which comes from the source or is ours. */
static inline uint32_t string_number(rs_extractor *x, rs_str text)
{
    return x->source->status == RS_W_parse_status_undecoded
               ? rs_syntax_string_repaired(x, text)
               : rs_strings_add(&x->part->strings, text);
}

static inline rs_text text_of(rs_extractor *x, rs_str text)
{
    return rs_text_of(string_number(x, text));
}

/* An identifier as CPython compares it: NFKC when it has bytes beyond ASCII. Borrowed until the next call. */
rs_str rs_syntax_name(rs_extractor *x, uint32_t start, uint32_t end);

/* The line and column (a byte order mark not counted) of a raw offset, near a line found before. */
rs_position rs_syntax_position(const rs_extractor *x, uint32_t near_line, uint32_t raw_byte);

/* syntax_rows.c: the rows of every dataset but syntax_nodes, comments, parse_errors. */
void rs_syntax_rows(rs_extractor *x);

/* Where the identifier that ends at `end` starts, behind `as` and blanks. */
uint32_t rs_syntax_alias_start(const rs_extractor *x, uint32_t end);

/* scip_rows.c: what the SCIP index says of the file; its entities are numbered from first_number. */
rs_status rs_scip_extract(rs_extractor *x, uint32_t first_number, rs_error *err) RS_MUST_USE;

/* string_value.c: the value of one or more adjacent string literals. */
void rs_string_value(rs_str literals, rs_buf *out);

#endif
