/* SPDX-License-Identifier: Apache-2.0 */
/* file.h - a file while lenses write its rows, and what they all need to write one.
 *
 * The file at hand is what lenses share: bytes, tree, lines, and the rows that the lenses before gave.
 * What one lens alone needs is its worker's, which only its own files know.
 *
 * Threads: as the part's.
 */
#ifndef RS_EVIDENCE_FILE_H
#define RS_EVIDENCE_FILE_H

#include "base/line_index.h"
#include "base/stop.h"
#include "evidence/lens.h"
#include "parse/tree.h"
#include "repo/source.h"
#include "schema/rows.h"

typedef struct rs_file_at_hand {
    const rs_repo_file *file;
    const rs_source *source;
    const rs_line_index *lines; /* of the raw bytes */
    rs_tree tree;               /* without nodes where nothing could be read, or is_too_large */
    bool is_too_large;          /* more nodes, comments and faults than ids can number, or */
    bool is_over_memory;        /* more memory than a file may take */
    int64_t base;               /* id of the file's entity 0 */
    uint32_t next_number;       /* of the file's next entity; a lens numbers its own from here on */
    rs_part *part;
    const size_t *first_rows; /* by dataset: where the file's rows start in part */
    const struct rs_lens_options *options;
    const atomic_bool *stop; /* that of the options */
    void *worker;            /* the running lens's own */
    rs_buf *summary;         /* of a lens that links, else NULL: what the file says to the others */
    /* Of the flow lens (flow/flow.h), for those behind it; NULL: it has not run. */
    const struct rs_flow_beside *flow_beside;
    /* Of the names lens (names/names_impl.h), likewise. */
    const struct rs_names_lens *names_beside;
    rs_buf scratch;   /* for whoever runs; nothing stays in it from one lens to the next */
    rs_buf normal;    /* a name in NFKC */
    rs_buf repaired;  /* text of a file that is no UTF-8 */
    rs_status status; /* the first failure while rows were written */
} rs_file_at_hand;

void rs_file_release(rs_file_at_hand *x);

/* A row of a dataset, or n_rows, into the part at hand; x->status tells a failure. */
#define ROWS_PUSH(x, dataset, rows, n_rows)                                                        \
    do {                                                                                           \
        if ((x)->status == RS_OK &&                                                                \
            (rs_stopped((x)->stop) ||                                                              \
             rs_push_##dataset((x)->part, (rows), (n_rows), NULL) != RS_OK)) {                     \
            (x)->status = RS_ERR_NOMEM; /* who asked to stop knows better */                       \
        }                                                                                          \
    } while (0)
#define ROW_PUSH(x, dataset, row) ROWS_PUSH(x, dataset, row, 1)

/* Room for n_rows that are written as whole columns and closed by rs_part_close(); false, and x->status
 * tells why, where there is none. */
static inline bool rs_file_open_rows(rs_file_at_hand *x, rs_dataset_id dataset, size_t n_rows)
{
    if (x->status == RS_OK &&
        (rs_stopped(x->stop) || rs_part_open(x->part, dataset, n_rows, NULL) != RS_OK)) {
        x->status = RS_ERR_NOMEM; /* as of a push */
    }
    return x->status == RS_OK;
}

static inline int64_t id_of(const rs_file_at_hand *x, uint32_t n)
{
    return x->base | (int64_t)n;
}

/* The id of node n, or null for RS_NO_NODE. */
static inline rs_opt_i64 optional_id(const rs_file_at_hand *x, uint32_t n)
{
    return n == RS_NO_NODE ? (rs_opt_i64){0} : rs_opt_i64_of(id_of(x, n));
}

/* The row that node n of the file has in syntax_nodes. */
static inline size_t node_row_of(const rs_file_at_hand *x, uint32_t n)
{
    return x->part->first_node + n;
}

/* False for a source without bytes: it could not be read, or is too large. */
static inline bool rs_file_was_read(const rs_file_at_hand *x)
{
    return x->source->sha256[0] != '\0';
}

/* Raw byte of a text offset. */
static inline uint32_t raw_of(const rs_file_at_hand *x, uint32_t text_byte)
{
    return x->source->is_recoded ? rs_source_raw_offset(x->source, text_byte) : text_byte;
}

static inline rs_str text_between(const rs_file_at_hand *x, uint32_t start, uint32_t end)
{
    return (rs_str){x->tree.text + start, end - start};
}

/* The number of text with U+FFFD for every byte that is no UTF-8. */
uint32_t rs_file_string_repaired(rs_file_at_hand *x, rs_str text);

/* The number of text, which comes from the source or is ours. */
static inline uint32_t string_number(rs_file_at_hand *x, rs_str text)
{
    return x->source->status == RS_W_parse_status_undecoded
               ? rs_file_string_repaired(x, text)
               : rs_strings_add(&x->part->strings, text);
}

static inline rs_text text_of(rs_file_at_hand *x, rs_str text)
{
    return rs_text_of(string_number(x, text));
}

/* Bytes of a name, dotted or not, that stands in a row. Texts of rows are put together from a few names,
 * and nested definitions repeat those around them: without a bound, rows are the square of the source. */
enum { RS_NAME_MAX_BYTES = 512 };

/*
 * A name as it stands in rows: longer ones are cut, "...#" and 32 digits of the SHA-256 of all of it
 * behind the cut, so that different names stay different. name may be the text of out itself; borrowed
 * from name or out.
 */
rs_str rs_file_short_name(rs_buf *out, rs_str name);

/* An identifier as CPython compares it: NFKC when it has bytes beyond ASCII; not longer than
 * RS_NAME_MAX_BYTES. Borrowed until the next call. */
rs_str rs_file_name(rs_file_at_hand *x, uint32_t start, uint32_t end);

/* The line and column (a byte order mark not counted) of a raw offset, near a line found before. */
rs_position rs_file_position(const rs_file_at_hand *x, uint32_t near_line, uint32_t raw_byte);

#endif
