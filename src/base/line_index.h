/* SPDX-License-Identifier: Apache-2.0 */
/* line_index.h - from a byte offset to a line and a column.
 *
 * Built once for a source text, then asked many times. Offsets and columns are
 * counted in bytes from 0, lines from 1 (see docs/conventions.md). A line ends
 * after "\n", "\r\n" or a lone "\r", as Python's tokenizer has it; VT, FF, NEL
 * and U+2028 end none.
 */
#ifndef RS_BASE_LINE_INDEX_H
#define RS_BASE_LINE_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct rs_line_index {
    uint32_t *line_start; /* byte offset of each line's first byte; [0] is 0 */
    uint32_t n_lines;     /* at least 1 once built */
    uint32_t n_capacity;  /* entries that line_start has room for */
    uint32_t n_bytes;     /* length of the text */
} rs_line_index;

typedef struct rs_position {
    uint32_t line;   /* from 1 */
    uint32_t column; /* bytes from 0 */
} rs_position;

/*
 * Index text[0..n_bytes), reusing what *index holds.
 *
 * Ownership: text is read during the call only; the caller releases *index.
 * Errors: RS_ERR_NOMEM; RS_ERR_LIMIT for a text of UINT32_MAX bytes or more.
 */
rs_status rs_line_index_build(rs_line_index *index, const char *text, size_t n_bytes,
                              rs_error *err) RS_MUST_USE;

/* The position of offset, which is at most n_bytes. */
rs_position rs_line_index_find(const rs_line_index *index, uint32_t offset);

/* The same, searching onwards from a line (from 1) found before: cheap for a run of near offsets. */
rs_position rs_line_index_find_near(const rs_line_index *index, uint32_t near_line,
                                    uint32_t offset);

void rs_line_index_release(rs_line_index *index);

#endif
