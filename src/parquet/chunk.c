/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/chunk.h"

#include <zstd.h>

#include "base/alloc.h"
#include "parquet/delta.h"

/* Measured on the standard library: what level 1 takes, within 1 %, for 2 % less; level 3 takes a twelfth of a build's
 * CPU more for another 2 %. */
enum { LEVEL = 2, LEAST_COMPRESSED = 64 };

rs_status rs_encoder_init(rs_encoder *self, rs_error *err)
{
    *self = (rs_encoder){0};
    self->numbers = rs_alloc_zero(1, sizeof *self->numbers);
    return self->numbers != NULL ? RS_OK
                                 : rs_error_set(err, RS_ERR_NOMEM, "write Parquet: out of memory");
}

void rs_encoder_release(rs_encoder *self)
{
    rs_free(self->numbers);
    rs_bytes_release(&self->places);
    rs_bytes_release(&self->dense);
    rs_bytes_release(&self->raw);
    rs_bytes_release(&self->packed);
    rs_bytes_release(&self->header);
    rs_raw_page_vec_release(&self->pages);
    (void)ZSTD_freeCCtx(self->zstd);
    *self = (rs_encoder){0};
}

/* --- values, run by run --- */

/* What a page has of a leaf. */
typedef struct page_span {
    size_t first_run;
    size_t end_run;
    size_t n_values;
} page_span;

static page_span span_of(const rs_leaf *leaf, size_t page)
{
    const rs_page_end *end = &leaf->pages.items[page];
    const rs_page_end before = page > 0 ? end[-1] : (rs_page_end){0};
    RS_ASSERT(before.n_runs <= end->n_runs && before.n_values <= end->n_values);
    return (page_span){before.n_runs, end->n_runs, end->n_values - before.n_values};
}

/* The values of a page one behind the other; NULL when memory is out. */
static const void *dense_values(rs_encoder *self, const rs_leaf *leaf, page_span span)
{
    size_t n_bytes = leaf->n_value_bytes;
    const rs_value_run *runs = leaf->runs.items + span.first_run;
    if (span.end_run - span.first_run == 1 && !runs->is_constant) {
        return leaf->values.bytes + runs->first * n_bytes;
    }
    rs_bytes_reset(&self->dense);
    uint8_t *to = rs_bytes_room(&self->dense, span.n_values * n_bytes);
    for (size_t i = 0; to != NULL && i < span.end_run - span.first_run; i++) {
        const uint8_t *from = leaf->values.bytes + runs[i].first * n_bytes;
        for (size_t j = 0; runs[i].is_constant && j < runs[i].n; j++) {
            memcpy(to + j * n_bytes, from, n_bytes);
        }
        if (!runs[i].is_constant) {
            memcpy(to, from, runs[i].n * n_bytes);
        }
        to += runs[i].n * n_bytes;
    }
    return self->dense.bytes;
}

/* --- dictionaries --- */

static uint64_t bits_at(const rs_leaf *leaf, size_t at)
{
    RS_ASSERT((at + 1) * leaf->n_value_bytes <= leaf->values.n_bytes);
    RS_ASSERT(leaf->n_value_bytes == 8 || leaf->n_value_bytes == 4);
    uint64_t wide = 0;
    uint32_t narrow = 0;
    if (leaf->n_value_bytes == sizeof wide) {
        memcpy(&wide, leaf->values.bytes + at * sizeof wide, sizeof wide);
        return wide;
    }
    memcpy(&narrow, leaf->values.bytes + at * sizeof narrow, sizeof narrow);
    return narrow;
}

/* Stored values that are another one than the one before; of at least one. */
static size_t count_changes(const rs_leaf *leaf, size_t n)
{
    const uint64_t *wide = (const uint64_t *)(const void *)leaf->values.bytes;
    const uint32_t *narrow = (const uint32_t *)(const void *)leaf->values.bytes;
    size_t n_changes = 0;
    for (size_t i = 1; leaf->n_value_bytes == sizeof *wide && i < n; i++) {
        n_changes += wide[i] != wide[i - 1];
    }
    for (size_t i = 1; leaf->n_value_bytes == sizeof *narrow && i < n; i++) {
        n_changes += narrow[i] != narrow[i - 1];
    }
    return n_changes;
}

/* Numbers are worth a dictionary where they are few and stand in runs: what changes all the time is shorter
 * as differences. Values that are stored once for a run are looked at once. */
static bool find_numbers(rs_encoder *self, const rs_leaf *leaf)
{
    enum { LEAST = 32, RUN = 8 };
    size_t n_stored = leaf->values.n_bytes / leaf->n_value_bytes;
    bool is_whole = leaf->type == RS_TYPE_I64 || leaf->type == RS_TYPE_I32;
    rs_bytes_reset(&self->places);
    rs_number_dictionary_reset(self->numbers);
    if (leaf->type == RS_TYPE_BOOL || leaf->n_values < LEAST ||
        (is_whole && count_changes(leaf, n_stored) + 1 > leaf->n_values / RUN)) {
        return false;
    }
    uint32_t *places = (uint32_t *)(void *)rs_bytes_room(&self->places, n_stored * 4);
    uint64_t last = 0;
    for (size_t i = 0; places != NULL && i < n_stored; i++) {
        uint64_t bits = bits_at(leaf, i);
        bool is_last = i > 0 && bits == last;
        places[i] = is_last ? places[i - 1] : rs_number_dictionary_add(self->numbers, bits);
        if (places[i] == UINT32_MAX) {
            return false;
        }
        last = bits;
    }
    return places != NULL && (size_t)self->numbers->n_items * 4 <= leaf->n_values;
}

/* Ids of no file are hashes: what one is more than the next says nothing, and that it is the same one is
 * what a compressor finds by itself. Of many, some are asked, at places that no pattern of rows has. */
static bool are_hashes(const rs_leaf *leaf)
{
    enum { FEW = 4096, EVERY = 17 };
    const int64_t *values = (const int64_t *)(const void *)leaf->values.bytes;
    size_t n_stored = leaf->type == RS_TYPE_I64 ? leaf->values.n_bytes / sizeof *values : 0;
    size_t n_far = 0;
    size_t n_near = 0;
    for (size_t i = 1; i<n_stored; i += n_stored> FEW ? EVERY : 1) {
        uint64_t step = (uint64_t)values[i] - (uint64_t)values[i - 1];
        bool is_near = step + ((uint64_t)1 << 31) < (uint64_t)1 << 32;
        n_near += is_near && step != 0;
        n_far += !is_near;
    }
    return n_far > n_near;
}

/* Which is shorter: each text once and its number for each value, or a length and the text each time. */
static bool wants_dictionary(const rs_leaf *leaf)
{
    enum { HEADER = 24 };
    size_t n_stored = leaf->values.n_bytes / leaf->n_value_bytes;
    size_t n_bits = rs_bit_width(leaf->texts.n_items) * n_stored;
    return leaf->texts.texts.n_bytes + n_bits / 8 + HEADER < leaf->n_text_bytes + leaf->n_values;
}

static void add_numbers(const rs_encoder *self, size_t n_value_bytes, rs_bytes *out)
{
    for (uint32_t i = 0; i < self->numbers->n_items; i++) {
        rs_bytes_add(out, &self->numbers->numbers[i], n_value_bytes);
    }
}

static void add_places(const rs_leaf *leaf, page_span span, const uint32_t *places,
                       uint32_t n_items, rs_bytes *out)
{
    rs_hybrid hybrid = {.width = n_items > 1 ? rs_even_width(rs_bit_width(n_items - 1)) : 1};
    rs_bytes_add_byte(out, (uint8_t)hybrid.width);
    for (size_t i = span.first_run; i < span.end_run; i++) {
        const rs_value_run *run = &leaf->runs.items[i];
        const uint32_t *at = places + run->first;
        size_t n_stored = run->is_constant ? 1 : run->n;
        for (size_t j = 0, n = 0; j < n_stored; j += n) {
            n = 1;
            while (j + n < n_stored && at[j + n] == at[j]) {
                n++;
            }
            rs_hybrid_add(&hybrid, at[j], run->is_constant ? run->n : n, out);
        }
    }
    rs_hybrid_finish(&hybrid, out);
}

/* --- plain, and differences --- */

static void add_bits(const uint8_t *values, size_t n, rs_bytes *out)
{
    size_t n_bytes = (n + 7) / 8;
    uint8_t *to = rs_bytes_room(out, n_bytes);
    if (to == NULL) {
        return;
    }
    memset(to, 0, n_bytes);
    for (size_t i = 0; i < n; i++) {
        to[i / 8] |= (uint8_t)((values[i] != 0) << (i % 8));
    }
    out->n_bytes += n_bytes;
}

/* Lengths, then bytes. */
static void add_texts(rs_encoder *self, const rs_leaf *leaf, const uint32_t *numbers, size_t n,
                      rs_bytes *out)
{
    rs_bytes_reset(&self->places);
    int32_t *lengths = (int32_t *)(void *)rs_bytes_room(&self->places, n * sizeof *lengths);
    if (lengths == NULL) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        lengths[i] = (int32_t)rs_text_dictionary_get(&leaf->texts, numbers[i]).n_bytes;
    }
    rs_delta_add_lengths(lengths, n, out);
    for (size_t i = 0; i < n; i++) {
        rs_str text = rs_text_dictionary_get(&leaf->texts, numbers[i]);
        rs_bytes_add(out, text.bytes, text.n_bytes);
    }
}

static rs_encoding encoding_of(const rs_leaf *leaf, bool has_dictionary)
{
    static const rs_encoding encodings[] = {
        [RS_TYPE_I64] = RS_ENCODING_DELTA_BINARY_PACKED,
        [RS_TYPE_I32] = RS_ENCODING_DELTA_BINARY_PACKED,
        [RS_TYPE_BOOL] = RS_ENCODING_PLAIN,
        [RS_TYPE_F32] = RS_ENCODING_PLAIN,
        [RS_TYPE_F64] = RS_ENCODING_PLAIN,
        [RS_TYPE_STR] = RS_ENCODING_DELTA_LENGTH_BYTE_ARRAY,
        [RS_TYPE_ENUM] = RS_ENCODING_DELTA_LENGTH_BYTE_ARRAY,
    };
    return has_dictionary     ? RS_ENCODING_RLE_DICTIONARY
           : are_hashes(leaf) ? RS_ENCODING_PLAIN
                              : encodings[leaf->type];
}

static void add_undictionaried(rs_encoder *self, const rs_leaf *leaf, page_span span,
                               rs_encoding encoding, rs_bytes *out)
{
    const void *values = span.n_values > 0 ? dense_values(self, leaf, span) : NULL;
    size_t n = values != NULL ? span.n_values : 0;
    out->failed = out->failed || n != span.n_values;
    switch (leaf->type) {
    case RS_TYPE_I64:
        if (encoding == RS_ENCODING_PLAIN) {
            rs_bytes_add(out, values, n * leaf->n_value_bytes);
        } else {
            rs_delta_add_i64(values, n, out);
        }
        break;
    case RS_TYPE_I32:
        rs_delta_add_i32(values, n, out);
        break;
    case RS_TYPE_BOOL:
        add_bits(values, n, out);
        break;
    case RS_TYPE_F32:
    case RS_TYPE_F64:
        rs_bytes_add(out, values, n * leaf->n_value_bytes);
        break;
    case RS_TYPE_STR:
    case RS_TYPE_ENUM:
        add_texts(self, leaf, values, n, out);
        break;
    }
}

/* --- pages --- */

static void add_level_bytes(const rs_bytes *levels, size_t start, size_t end, rs_bytes *out)
{
    rs_bytes_add_u32(out, (uint32_t)(end - start));
    RS_ASSERT(start <= end && end <= levels->n_bytes);
    rs_bytes_add(out, levels->bytes + start, end - start);
}

static void add_levels(const rs_leaf *leaf, size_t page, rs_bytes *out)
{
    const rs_page_end *end = &leaf->pages.items[page];
    const rs_page_end before = page > 0 ? end[-1] : (rs_page_end){0};
    const rs_levels *levels = &leaf->levels;
    if (levels->most_repeated > 0) {
        add_level_bytes(&levels->repetition_bytes, before.n_repetition_bytes,
                        end->n_repetition_bytes, out);
    }
    add_level_bytes(&levels->definition_bytes, before.n_definition_bytes, end->n_definition_bytes,
                    out);
}

static bool add_page(rs_encoder *self, rs_raw_page page)
{
    RS_ASSERT(page.start <= self->raw.n_bytes);
    page.header.n_raw_bytes = self->raw.n_bytes - page.start;
    return !self->raw.failed && rs_raw_page_vec_push(&self->pages, page);
}

static bool add_dictionary(rs_encoder *self, const rs_leaf *leaf, uint32_t n_items)
{
    rs_raw_page page = {.header = {.is_dictionary = true, .n_entries = n_items}};
    if (rs_leaf_has_texts(leaf)) {
        rs_bytes_add(&self->raw, leaf->texts.texts.bytes, leaf->texts.texts.n_bytes);
    } else {
        add_numbers(self, leaf->n_value_bytes, &self->raw);
    }
    return add_page(self, page);
}

static bool add_data(rs_encoder *self, const rs_leaf *leaf, size_t index, rs_encoding encoding,
                     const uint32_t *places, uint32_t n_items)
{
    const rs_page_end *end = &leaf->pages.items[index];
    page_span span = span_of(leaf, index);
    size_t n_entries = end->n_entries - (index > 0 ? end[-1].n_entries : 0);
    rs_raw_page page = {.header = {.n_entries = n_entries, .encoding = encoding},
                        .start = self->raw.n_bytes};
    add_levels(leaf, index, &self->raw);
    if (places != NULL) {
        add_places(leaf, span, places, n_items, &self->raw);
    } else {
        add_undictionaried(self, leaf, span, encoding, &self->raw);
    }
    RS_ASSERT(span.n_values <= n_entries);
    page.statistics.n_nulls = n_entries - span.n_values;
    if (leaf->pages.n_items > 1) {
        rs_statistics_bound(leaf, span.first_run, span.end_run, &page.statistics);
    }
    return add_page(self, page);
}

static bool encode(rs_encoder *self, const rs_leaf *leaf, rs_chunk *chunk)
{
    bool is_texts = rs_leaf_has_texts(leaf);
    bool has_dictionary =
        leaf->n_values > 0 && (is_texts ? wants_dictionary(leaf) : find_numbers(self, leaf));
    uint32_t n_items = is_texts ? leaf->texts.n_items : self->numbers->n_items;
    const void *places = is_texts ? leaf->values.bytes : self->places.bytes;
    rs_bytes_reset(&self->raw);
    rs_raw_page_vec_reset(&self->pages);
    chunk->encoding = encoding_of(leaf, has_dictionary);
    chunk->statistics.n_distinct = has_dictionary || is_texts ? n_items : 0;
    if (has_dictionary && !add_dictionary(self, leaf, n_items)) {
        return false;
    }
    for (size_t i = 0; i < leaf->pages.n_items; i++) {
        if (!add_data(self, leaf, i, chunk->encoding, has_dictionary ? places : NULL, n_items)) {
            return false;
        }
    }
    return !self->dense.failed && !self->places.failed;
}

/* --- compression --- */

static bool pack_page(rs_encoder *self, rs_raw_page *page)
{
    size_t most = ZSTD_compressBound(page->header.n_raw_bytes);
    uint8_t *to = rs_bytes_room(&self->packed, most);
    if (to == NULL) {
        return false;
    }
    size_t n = ZSTD_compressCCtx(self->zstd, to, most, self->raw.bytes + page->start,
                                 page->header.n_raw_bytes, LEVEL);
    page->packed_start = self->packed.n_bytes;
    page->header.n_stored_bytes = n;
    self->packed.n_bytes += ZSTD_isError(n) ? 0 : n;
    return !ZSTD_isError(n); /* of memory: there is room for all else */
}

/* All pages of a chunk are compressed, or none where that gains less than a sixteenth: to read it then
 * costs nothing. */
static bool pack(rs_encoder *self, rs_codec *codec)
{
    enum { GAIN = 16 };
    size_t n_raw_bytes = self->raw.n_bytes;
    *codec = RS_CODEC_UNCOMPRESSED;
    if (n_raw_bytes < LEAST_COMPRESSED) {
        return true;
    }
    if (self->zstd == NULL) {
        self->zstd = ZSTD_createCCtx();
    }
    rs_bytes_reset(&self->packed);
    for (size_t i = 0; i < self->pages.n_items; i++) {
        if (self->zstd == NULL || !pack_page(self, &self->pages.items[i])) {
            return false;
        }
    }
    if (self->packed.n_bytes < n_raw_bytes - n_raw_bytes / GAIN) {
        *codec = RS_CODEC_ZSTD;
    }
    return true;
}

/* --- out --- */

static rs_status write_page(rs_encoder *self, rs_raw_page *page, rs_byte_sink *out, rs_chunk *chunk,
                            rs_error *err)
{
    bool is_packed = chunk->codec != RS_CODEC_UNCOMPRESSED;
    page->header.n_stored_bytes =
        is_packed ? page->header.n_stored_bytes : page->header.n_raw_bytes;
    page->header.statistics = page->statistics.least.is_set ? &page->statistics : NULL;
    rs_bytes_reset(&self->header);
    rs_page_header_add(&page->header, &self->header);
    if (self->header.failed) {
        return rs_error_set(err, RS_ERR_NOMEM, "write %s: out of memory", out->path);
    }
    uint64_t *offset = page->header.is_dictionary ? &chunk->dictionary_offset : &chunk->data_offset;
    *offset = *offset == 0 ? out->n_bytes : *offset;
    chunk->n_raw_bytes += self->header.n_bytes + page->header.n_raw_bytes;
    chunk->n_stored_bytes += self->header.n_bytes + page->header.n_stored_bytes;
    RS_TRY(rs_byte_sink_add(out, self->header.bytes, self->header.n_bytes, err));
    return rs_byte_sink_add(
        out, is_packed ? self->packed.bytes + page->packed_start : self->raw.bytes + page->start,
        page->header.n_stored_bytes, err);
}

rs_status rs_chunk_write(rs_encoder *self, const rs_leaf *leaf, rs_byte_sink *out, rs_chunk *chunk,
                         rs_error *err)
{
    *chunk = (rs_chunk){.n_entries = leaf->levels.n_entries};
    RS_ASSERT(leaf->n_values <= leaf->levels.n_entries);
    chunk->statistics.n_nulls = leaf->levels.n_entries - leaf->n_values;
    rs_statistics_bound(leaf, 0, leaf->runs.n_items, &chunk->statistics);
    if (!encode(self, leaf, chunk) || !pack(self, &chunk->codec)) {
        return rs_error_set(err, RS_ERR_NOMEM, "write %s: out of memory", out->path);
    }
    for (size_t i = 0; i < self->pages.n_items; i++) {
        RS_TRY(write_page(self, &self->pages.items[i], out, chunk, err));
    }
    return RS_OK;
}
