/* SPDX-License-Identifier: Apache-2.0 */
/* format.h - forms that rows are written in: of any rows (`relspec query`), or of a graph, its nodes
 * and then its edges (`relspec export`).
 *
 * A format is a line of formats.def and a file that defines rs_format_<name>. Its function pulls what
 * it writes: rows from a cursor or a stream, or the graph's from a source; so what it has to remember
 * stands in its own locals, a format that another engine writes (Parquet) is one like the others, and
 * memory does not follow the rows. docs/adding-an-output-format.md and adding-an-exporter.md.
 *
 * Threads: the table is read-only; a call is one thread's.
 */
#ifndef RS_OUTPUT_FORMAT_H
#define RS_OUTPUT_FORMAT_H

#include "output/graph_source.h"
#include "output/out.h"
#include "schema/cursor.h"

/* The rows of one statement. One of the two is asked for, once. */
typedef struct rs_rows_source {
    /* Each value exactly, for who prints it. Ownership: the caller frees *out. */
    rs_status (*rows)(void *context, rs_cursor **out, rs_error *err);
    /* As other programs take them (RS_STREAM_NUMBERS). Ownership: the caller releases *out. */
    rs_status (*stream)(void *context, uint64_t max_rows, struct ArrowArrayStream *out,
                        rs_error *err);
    void *context;
    uint64_t
        max_rows; /* written; the others are only counted, by who reads them: UINT64_MAX for all */
    uint64_t n_rows; /* set by the format: rows of the result, written or not */
} rs_rows_source;

enum {
    RS_FORMAT_IS_BYTES = 1u << 0,   /* not for a terminal */
    RS_FORMAT_IS_A_FILE = 1u << 1,  /* written at out->path, not through out */
    RS_FORMAT_IS_FOR_EYES = 1u << 2 /* a person reads it: some rows will do */
};

typedef struct rs_format_row {
    const char *name;
    const char *doc; /* a sentence */
    unsigned traits;
    /* One of the two is null. */
    rs_status (*write_rows)(rs_rows_source *source, rs_out *out, rs_error *err);
    rs_status (*write_graph)(rs_graph_source *source, rs_out *out, rs_error *err);
} rs_format_row;

#define RS_FORMAT(name) extern const rs_format_row rs_format_##name;
#include "output/formats.def"

/* In the order of documentation. */
const rs_format_row *const *rs_format_rows(size_t *n_formats);

/*
 * The format of that name, for rows or for a graph.
 * Errors: RS_ERR_INVALID with those that there are.
 */
rs_status rs_format_find(const char *name, bool wants_graph, const rs_format_row **out,
                         rs_error *err) RS_MUST_USE;

#endif
