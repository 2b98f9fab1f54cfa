/* SPDX-License-Identifier: Apache-2.0 */
#include "base/line_index.h"

#include <string.h>

#include "base/alloc.h"

static int reserve(rs_line_index *index, uint32_t n_lines)
{
    if (n_lines <= index->n_capacity) {
        return 1;
    }
    uint32_t n_capacity = index->n_capacity == 0 ? 256 : index->n_capacity;
    while (n_capacity < n_lines) {
        n_capacity = n_capacity > UINT32_MAX / 2 ? UINT32_MAX : n_capacity * 2;
    }
    uint32_t *line_start = rs_realloc(index->line_start, n_capacity, sizeof *line_start);
    if (line_start == NULL) {
        return 0;
    }
    RS_ASSERT(n_capacity >= n_lines);
    index->line_start = line_start;
    index->n_capacity = n_capacity;
    return 1;
}

/* The end of the line that holds from, behind its line end; n_bytes when it has none. */
static size_t line_end(const char *text, size_t from, size_t n_bytes, const char **next_cr)
{
    const char *feed = memchr(text + from, '\n', n_bytes - from);
    size_t end = feed == NULL ? n_bytes : (size_t)(feed - text) + 1;
    /* Almost no text has a '\r': the next one is looked up once and remembered. */
    if (*next_cr != NULL && *next_cr < text + from) {
        *next_cr = memchr(text + from, '\r', n_bytes - from);
    }
    if (*next_cr != NULL && (size_t)(*next_cr - text) + 1 < end) {
        size_t cr = (size_t)(*next_cr - text);
        end = cr + (text[cr + 1] == '\n' ? 2 : 1);
    } else if (*next_cr != NULL && (size_t)(*next_cr - text) + 1 == end) {
        end = (size_t)(*next_cr - text) + 1;
    }
    RS_ASSERT(end > from && end <= n_bytes); /* or the caller's loop would not end */
    return end;
}

rs_status rs_line_index_build(rs_line_index *index, const char *text, size_t n_bytes, rs_error *err)
{
    index->n_lines = 0;
    if (n_bytes >= UINT32_MAX) {
        return rs_error_set(err, RS_ERR_LIMIT, "source text of %zu bytes is over the limit",
                            n_bytes);
    }
    if (!reserve(index, 1)) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    index->line_start[0] = 0;
    index->n_lines = 1;
    index->n_bytes = (uint32_t)n_bytes;
    const char *next_cr = n_bytes == 0 ? NULL : memchr(text, '\r', n_bytes);
    for (size_t at = 0; at < n_bytes;) {
        size_t end = line_end(text, at, n_bytes, &next_cr);
        if (end == n_bytes && text[end - 1] != '\n' && text[end - 1] != '\r') {
            break;
        }
        if (!reserve(index, index->n_lines + 1)) {
            return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
        }
        index->line_start[index->n_lines++] = (uint32_t)end;
        at = end;
    }
    return RS_OK;
}

rs_position rs_line_index_find(const rs_line_index *index, uint32_t offset)
{
    uint32_t low = 0;
    uint32_t high = index->n_lines;
    RS_ASSERT(high > 0); /* an empty text has a line */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (index->line_start[middle] <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    RS_ASSERT(index->line_start[low] <= offset);
    return (rs_position){low + 1, offset - index->line_start[low]};
}

rs_position rs_line_index_find_near(const rs_line_index *index, uint32_t near_line, uint32_t offset)
{
    enum { NEAR_LINES = 8 };
    RS_ASSERT(near_line >= 1 && near_line <= index->n_lines);
    uint32_t line = near_line - 1;
    if (index->line_start[line] > offset) {
        return rs_line_index_find(index, offset);
    }
    for (uint32_t n_steps = 0; n_steps < NEAR_LINES; n_steps++, line++) {
        if (line + 1 == index->n_lines || index->line_start[line + 1] > offset) {
            return (rs_position){line + 1, offset - index->line_start[line]};
        }
    }
    return rs_line_index_find(index, offset);
}

void rs_line_index_release(rs_line_index *index)
{
    rs_free(index->line_start);
    *index = (rs_line_index){0};
}
