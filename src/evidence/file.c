/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/file.h"

#include <errno.h>
#include <uninorm.h>

#include "base/hash.h"

enum { CUT_DIGITS = 32 }; /* of the hash that stands for what was cut off */

rs_str rs_file_short_name(rs_buf *out, rs_str name)
{
    static const char mark[] = "...#";
    char digits[RS_SHA256_TEXT_BYTES];
    if (name.n_bytes <= RS_NAME_MAX_BYTES) {
        return name;
    }
    rs_sha256_text(name.bytes, name.n_bytes, digits);
    size_t n_kept = rs_str_cut(name, RS_NAME_MAX_BYTES - (sizeof mark - 1) - CUT_DIGITS);
    if (name.bytes != out->bytes) {
        rs_buf_reset(out);
        rs_buf_append(out, name.bytes, n_kept);
    }
    out->n_bytes = out->n_bytes < n_kept ? out->n_bytes : n_kept;
    rs_buf_add(out, mark);
    rs_buf_append(out, digits, CUT_DIGITS);
    RS_ASSERT(out->failed || out->n_bytes <= RS_NAME_MAX_BYTES);
    return rs_buf_str(out);
}

rs_str rs_file_name(rs_file_at_hand *x, uint32_t start, uint32_t end)
{
    rs_str name = text_between(x, start, end);
    unsigned char high = 0;
    for (size_t i = 0; i < name.n_bytes; i++) {
        high |= (unsigned char)name.bytes[i];
    }
    if (high < 0x80) {
        return rs_file_short_name(&x->normal, name);
    }
    size_t n_bytes = 0;
    uint8_t *normal =
        u8_normalize(UNINORM_NFKC, (const uint8_t *)name.bytes, name.n_bytes, NULL, &n_bytes);
    if (normal == NULL) {
        x->status = errno == ENOMEM ? RS_ERR_NOMEM : x->status;
        return rs_file_short_name(&x->normal, name); /* no UTF-8: a finding says so */
    }
    rs_buf_reset(&x->normal);
    rs_buf_append(&x->normal, (const char *)normal, n_bytes);
    rs_free_foreign(normal);
    return rs_file_short_name(&x->normal, x->normal.failed ? name : rs_buf_str(&x->normal));
}

uint32_t rs_file_string_repaired(rs_file_at_hand *x, rs_str text)
{
    rs_buf *out = &x->repaired;
    rs_buf_reset(out);
    for (size_t at = 0; at < text.n_bytes;) {
        size_t end;
        size_t bad = rs_utf8_find_invalid(text.bytes, text.n_bytes, at, &end);
        rs_buf_append(out, text.bytes + at, bad - at);
        if (bad < text.n_bytes) {
            rs_buf_add(out, "\xef\xbf\xbd");
        }
        at = bad < text.n_bytes ? end : bad;
    }
    if (out->failed) {
        x->status = RS_ERR_NOMEM;
    }
    return rs_strings_add(&x->part->strings, rs_buf_str(out));
}

rs_position rs_file_position(const rs_file_at_hand *x, uint32_t near_line, uint32_t raw_byte)
{
    rs_position at = rs_line_index_find_near(x->lines, near_line, raw_byte);
    if (at.line == 1 && x->source->has_bom) {
        at.column -= at.column < 3 ? at.column : 3;
    }
    return at;
}

void rs_file_release(rs_file_at_hand *x)
{
    rs_buf_release(&x->scratch);
    rs_buf_release(&x->normal);
    rs_buf_release(&x->repaired);
}
