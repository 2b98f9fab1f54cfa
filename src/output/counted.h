/* SPDX-License-Identifier: Apache-2.0 */
/* counted.h - a stream that counts the rows that pass it. */
#ifndef RS_OUTPUT_COUNTED_H
#define RS_OUTPUT_COUNTED_H

#include "output/format.h"

typedef struct rs_counted {
    struct ArrowArrayStream inner;
    struct ArrowArrayStream rows; /* those of inner, whoever takes them */
    uint64_t n_rows;              /* so far */
} rs_counted;

/* Open the source's stream. Ownership: the caller hands *of, which must stay where it is, to
 * rs_counted_close(), which says in source->n_rows how many rows passed. */
rs_status rs_counted_open(rs_rows_source *source, size_t n_batch_rows, rs_counted *of,
                          rs_error *err) RS_MUST_USE;
void rs_counted_close(rs_counted *of, rs_rows_source *source);

#endif
