/* SPDX-License-Identifier: Apache-2.0 */
/* scip_place.c - from the index's lines and characters to the file's raw bytes.
 *
 * Columns count units of the decoded text from the start of the line, a byte order mark being a
 * character of the first one: bytes of UTF-8, or units of UTF-16 or UTF-32. Bytes that are no UTF-8
 * count as the U+FFFD that a decoder puts for them. All positions of an encoding are sorted first, so that one
 * sweep over the text finds them all, however long its lines are.
 */
#include <stdlib.h>

#include "evidence/scip/scip_impl.h"

/* An end of a span that is looked for. */
typedef struct end {
    uint32_t line;
    uint32_t character;
    uint32_t *target; /* gets the raw byte */
    rs_scip_span *span;
} end;

RS_VEC_DEFINE(ends_list, end)

/* The text that columns count in, and where the sweep stands. */
typedef struct sweep {
    const char *text;
    uint32_t n_text;
    const rs_line_index *lines; /* of the text */
    const rs_source *recoded;   /* the source whose text it is; NULL when it is the raw bytes */
    rs_w_scip_position_encoding encoding;
    uint32_t line;     /* from 0; UINT32_MAX before the first */
    uint32_t line_end; /* text byte behind the line's last character */
    uint32_t at;       /* text byte that is `units` behind the line's start */
    uint32_t units;
} sweep;

static int compare_ends(const void *left, const void *right)
{
    const end *a = left;
    const end *b = right;
    if (a->line != b->line) {
        return a->line < b->line ? -1 : 1;
    }
    return a->character < b->character ? -1 : a->character > b->character;
}

static void refuse(rs_scip_span *span, rs_w_scip_reason reason)
{
    if (span->reason == RS_ENUM_NULL) {
        span->reason = (uint8_t)reason;
    }
}

/* What can be told of a range without the text. */
static rs_w_scip_reason reason_of(const rs_scip_range *range)
{
    if (range->n_numbers == 0) {
        return RS_W_scip_reason_missing_range_fields;
    }
    if (range->n_numbers != 3 && range->n_numbers != 4) {
        return RS_W_scip_reason_invalid_range_len;
    }
    if (range->start_line < 0 || range->start_character < 0 || range->end_line < 0 ||
        range->end_character < 0) {
        return RS_W_scip_reason_negative_position;
    }
    bool is_inverted = range->start_line != range->end_line
                           ? range->start_line > range->end_line
                           : range->start_character > range->end_character;
    return is_inverted ? RS_W_scip_reason_inverted_range : RS_N_W_scip_reason;
}

static bool add_ends(ends_list *ends, const rs_scip_range *range, rs_scip_span *span)
{
    rs_w_scip_reason reason = reason_of(range);
    if (reason != RS_N_W_scip_reason) {
        refuse(span, reason);
        return true;
    }
    end start = {(uint32_t)range->start_line, (uint32_t)range->start_character, &span->start, span};
    end stop = {(uint32_t)range->end_line, (uint32_t)range->end_character, &span->end, span};
    return ends_list_push(ends, start) && ends_list_push(ends, stop);
}

/* Bytes of the character at `at`, and its units. */
static uint32_t character_at(const sweep *self, uint32_t at, uint32_t *n_units)
{
    const char *text = self->text;
    if ((unsigned char)text[at] < 0x80) {
        *n_units = 1;
        return 1;
    }
    size_t behind = at + 1;
    uint32_t lead = (unsigned char)text[at];
    uint32_t n_bytes = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    n_bytes = n_bytes < self->line_end - at ? n_bytes : self->line_end - at;
    bool is_valid = rs_utf8_find_invalid(text, at + n_bytes, at, &behind) == at + n_bytes;
    if (!is_valid) {
        n_bytes = (uint32_t)(behind - at);
    }
    *n_units = self->encoding == RS_W_scip_position_encoding_UTF8 ? n_bytes
               : self->encoding == RS_W_scip_position_encoding_UTF16 && is_valid && n_bytes == 4
                   ? 2
                   : 1;
    return n_bytes;
}

static void sweep_to_line(sweep *self, uint32_t line)
{
    const char *text = self->text;
    RS_ASSERT(line < self->lines->n_lines);
    uint32_t start = self->lines->line_start[line];
    bool is_last = line + 1 == self->lines->n_lines;
    uint32_t behind = is_last ? self->n_text : self->lines->line_start[line + 1];
    if (!is_last && behind > start && text[behind - 1] == '\n') {
        behind--;
        behind -= behind > start && text[behind - 1] == '\r';
    } else if (!is_last && behind > start) {
        behind--; /* a lone \r */
    }
    self->line = line;
    self->at = start;
    RS_ASSERT(start <= behind && behind <= self->n_text);
    self->line_end = behind;
    self->units = 0;
}

static void sweep_to(sweep *self, const end *wanted)
{
    if (wanted->line >= self->lines->n_lines) {
        refuse(wanted->span, RS_W_scip_reason_line_beyond_file);
        return;
    }
    RS_ASSERT(
        self->line == UINT32_MAX || self->line < wanted->line ||
        (self->line == wanted->line && self->units <= wanted->character)); /* they come in order */
    if (self->line != wanted->line) {
        sweep_to_line(self, wanted->line);
    }
    while (self->units < wanted->character && self->at < self->line_end) {
        uint32_t n_units;
        uint32_t n_bytes = character_at(self, self->at, &n_units);
        if (wanted->character - self->units < n_units) {
            refuse(wanted->span, RS_W_scip_reason_column_inside_character);
            return;
        }
        RS_ASSERT(n_bytes > 0 && n_bytes <= self->line_end - self->at);
        self->at += n_bytes;
        self->units += n_units;
    }
    if (self->units < wanted->character) {
        refuse(wanted->span, RS_W_scip_reason_column_beyond_line);
        return;
    }
    *wanted->target =
        self->recoded != NULL ? rs_source_raw_offset(self->recoded, self->at) : self->at;
}

/* Both ends or none. */
static void settle(rs_scip_span *span)
{
    if (span->reason != RS_ENUM_NULL) {
        span->start = span->end = RS_SCIP_NOWHERE;
    }
}

static bool collect(ends_list *ends, rs_scip_occurrences *occurrences, uint8_t encoding)
{
    bool fits = true;
    ends_list_reset(ends);
    for (size_t i = 0; i < occurrences->n_items && fits; i++) {
        rs_scip_occurrence *occurrence = &occurrences->items[i];
        if (occurrence->encoding == encoding) {
            fits = add_ends(ends, &occurrence->range, &occurrence->span);
        }
        if (occurrence->encoding == encoding && occurrence->enclosing_range.n_numbers > 0 && fits) {
            fits = add_ends(ends, &occurrence->enclosing_range, &occurrence->enclosing_span);
        }
    }
    return fits;
}

static bool place(rs_scip_occurrences *occurrences, sweep *self)
{
    ends_list ends = {0};
    bool fits = true;
    for (uint8_t encoding = 0; encoding < RS_N_W_scip_position_encoding && fits; encoding++) {
        self->encoding = (rs_w_scip_position_encoding)encoding;
        self->line = UINT32_MAX;
        fits = collect(&ends, occurrences, encoding);
        if (ends.n_items > 0) {
            qsort(ends.items, ends.n_items, sizeof *ends.items, compare_ends);
        }
        for (size_t i = 0; i < ends.n_items && fits; i++) {
            sweep_to(self, &ends.items[i]);
        }
    }
    for (size_t i = 0; i < occurrences->n_items; i++) {
        settle(&occurrences->items[i].span);
        settle(&occurrences->items[i].enclosing_span);
    }
    ends_list_release(&ends);
    return fits;
}

rs_status rs_scip_place(rs_scip_occurrences *occurrences, const rs_source *source,
                        const rs_line_index *lines, bool as_utf8, rs_error *err)
{
    rs_line_index of_text = {0};
    sweep self = {.text = source->raw, .n_text = source->n_raw, .lines = lines};
    rs_status status = RS_OK;
    if (source->is_recoded && !as_utf8) {
        self = (sweep){
            .text = source->text, .n_text = source->n_text, .lines = &of_text, .recoded = source};
        status = rs_line_index_build(&of_text, source->text, source->n_text, err);
    }
    if (status == RS_OK && !place(occurrences, &self)) {
        status = rs_error_set(err, RS_ERR_NOMEM, "place occurrences: out of memory");
    }
    rs_line_index_release(&of_text);
    return status;
}
