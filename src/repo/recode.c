/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/recode.h"

#include <errno.h>
#include <iconv.h>

enum {
    REPLACEMENT = 0xfffd,
    RETURN_SYMBOL =
        0x240d, /* for a carriage return that ends no line: Python decodes after it has lines */
    LAST_CHARACTER = 0x10ffff,
    MOST_CHARACTER_BYTES = 8, /* that iconv is given at once, an escape included */
    MOST_TEXT_BYTES = 64      /* that come of them */
};

typedef struct recoder {
    const rs_codec *codec;
    const unsigned char *bytes;
    size_t n_bytes;
    size_t at;
    rs_recoded *out;
    bool failed; /* out of memory */
} recoder;

/* ---- output ---- */

static void emit_bytes(recoder *r, size_t raw_at, const char *text, size_t n_text)
{
    rs_source_pieces *pieces = r->out->pieces;
    uint32_t raw_byte = (uint32_t)raw_at;
    uint32_t text_byte = (uint32_t)r->out->text->n_bytes;
    const rs_source_piece *last = pieces->n_items == 0 ? NULL : &pieces->items[pieces->n_items - 1];
    bool goes_on = last != NULL && raw_byte - last->raw_byte == text_byte - last->text_byte;
    if (!goes_on && !rs_source_pieces_push(pieces, (rs_source_piece){text_byte, raw_byte})) {
        r->failed = true;
    }
    rs_buf_append(r->out->text, text, n_text);
}

/* A character of source; surrogates are none. */
static void emit(recoder *r, size_t raw_at, uint32_t c)
{
    char text[4];
    size_t n_text = 0;
    if (c < 0x80) {
        text[n_text++] = (char)c;
    } else if (c < 0x800) {
        text[n_text++] = (char)(0xc0 | c >> 6);
        text[n_text++] = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        text[n_text++] = (char)(0xe0 | c >> 12);
        text[n_text++] = (char)(0x80 | (c >> 6 & 0x3f));
        text[n_text++] = (char)(0x80 | (c & 0x3f));
    } else {
        text[n_text++] = (char)(0xf0 | c >> 18);
        text[n_text++] = (char)(0x80 | (c >> 12 & 0x3f));
        text[n_text++] = (char)(0x80 | (c >> 6 & 0x3f));
        text[n_text++] = (char)(0x80 | (c & 0x3f));
    }
    emit_bytes(r, raw_at, text, n_text);
}

/* The next n bytes are nothing. */
static void refuse(recoder *r, size_t n)
{
    if (r->out->bad_start == SIZE_MAX) {
        r->out->bad_start = r->at;
        r->out->bad_end = r->at + n;
    }
    emit(r, r->at, REPLACEMENT);
    r->at += n;
    RS_ASSERT(r->at <= r->n_bytes);
}

static void copy_ascii(recoder *r)
{
    size_t end = r->at;
    while (end < r->n_bytes && r->bytes[end] < 0x80) {
        end++;
    }
    emit_bytes(r, r->at, (const char *)r->bytes + r->at, end - r->at);
    r->at = end;
}

/* ---- one byte a character ---- */

static void recode_charmap(recoder *r)
{
    unsigned first = r->codec->is_ascii_superset ? 0x80 : 0;
    while (r->at < r->n_bytes && !r->failed) {
        unsigned byte = r->bytes[r->at];
        if (byte < first) {
            copy_ascii(r);
        } else if (r->codec->map[byte - first] == RS_CODEC_NO_CHARACTER) {
            refuse(r, 1);
        } else {
            emit(r, r->at, r->codec->map[byte - first]);
            r->at++;
        }
    }
}

/* ---- iconv ---- */

/*
 * Give iconv the next character, a byte more as long as it asks for more. What comes out belongs
 * to the bytes that it took; an escape alone gives nothing.
 */
static void recode_one(recoder *r, iconv_t converter)
{
    size_t n_left = r->n_bytes - r->at;
    for (size_t n_given = 1; n_given <= MOST_CHARACTER_BYTES && n_given <= n_left; n_given++) {
        char in[MOST_CHARACTER_BYTES];
        char text[MOST_TEXT_BYTES];
        memcpy(in, r->bytes + r->at, n_given);
        char *in_at = in;
        char *text_at = text;
        size_t n_in = n_given;
        size_t n_room = sizeof text;
        size_t result = iconv(converter, &in_at, &n_in, &text_at, &n_room);
        int refused = result == (size_t)-1 ? errno : 0;
        RS_ASSERT(n_in <= n_given && n_room <= sizeof text);
        size_t n_taken = n_given - n_in;
        if (n_room < sizeof text) {
            emit_bytes(r, r->at, text, sizeof text - n_room);
        }
        if (n_taken > 0) {
            r->at += n_taken;
            return;
        }
        if (refused != EINVAL) {
            break;
        }
    }
    refuse(r, 1);
}

static void recode_iconv(recoder *r)
{
    iconv_t converter = iconv_open("UTF-8", r->codec->iconv_name);
    if (converter == (iconv_t)-1) {
        r->out->is_missing = true;
        return;
    }
    while (r->at < r->n_bytes && !r->failed) {
        if (r->codec->is_ascii_superset && r->bytes[r->at] < 0x80) {
            copy_ascii(r);
        } else {
            recode_one(r, converter);
        }
    }
    (void)iconv_close(converter);
}

/* Two bytes of GB 2312, whose high bits HZ leaves off. */
static void recode_hz_pair(recoder *r, iconv_t converter, unsigned char first, unsigned char second)
{
    char pair[2] = {(char)(first | 0x80), (char)(second | 0x80)};
    char text[MOST_TEXT_BYTES];
    char *in_at = pair;
    char *text_at = text;
    size_t n_in = sizeof pair;
    size_t n_room = sizeof text;
    if (iconv(converter, &in_at, &n_in, &text_at, &n_room) == (size_t)-1) {
        refuse(r, 1);
    } else {
        emit_bytes(r, r->at, text, sizeof text - n_room);
        r->at += 2;
    }
}

/* `~{` and `~}` around GB 2312, `~~` is a tilde, `~` before a line feed is nothing. */
static void recode_hz_escape(recoder *r, bool *in_chinese)
{
    unsigned char next = r->at + 1 < r->n_bytes ? r->bytes[r->at + 1] : 0;
    if (next == '{' || next == '}') {
        *in_chinese = next == '{';
    } else if (next == '~' && !*in_chinese) {
        emit(r, r->at, '~');
    } else if (next != '\n') {
        refuse(r, 1);
        return;
    }
    r->at += 2;
}

static void recode_hz(recoder *r)
{
    iconv_t converter = iconv_open("UTF-8", r->codec->iconv_name);
    if (converter == (iconv_t)-1) {
        r->out->is_missing = true;
        return;
    }
    bool in_chinese = false;
    while (r->at < r->n_bytes && !r->failed) {
        unsigned char byte = r->bytes[r->at];
        in_chinese &= byte != '\n';
        if (byte == '~') {
            recode_hz_escape(r, &in_chinese);
        } else if (byte >= 0x80 || (in_chinese && r->at + 1 == r->n_bytes)) {
            refuse(r, 1);
        } else if (in_chinese) {
            recode_hz_pair(r, converter, byte, r->bytes[r->at + 1]);
        } else {
            emit(r, r->at++, byte);
        }
    }
    (void)iconv_close(converter);
}

/* ---- Unicode's other forms ---- */

static uint32_t read_unit(const recoder *r, size_t at, size_t n_unit, bool is_big)
{
    uint32_t unit = 0;
    for (size_t i = 0; i < n_unit; i++) {
        unit = unit << 8 | r->bytes[at + (is_big ? i : n_unit - 1 - i)];
    }
    return unit;
}

static bool is_surrogate(uint32_t c)
{
    return c >= 0xd800 && c <= 0xdfff;
}

/* The mark of the byte order, where the codec looks for one. */
static bool take_order(recoder *r, size_t n_unit)
{
    if (r->n_bytes >= n_unit && read_unit(r, 0, n_unit, false) == 0xfeff) {
        r->at = n_unit;
        return false;
    }
    if (r->n_bytes >= n_unit && read_unit(r, 0, n_unit, true) == 0xfeff) {
        r->at = n_unit;
        return true;
    }
    return false;
}

static void recode_utf16(recoder *r)
{
    bool is_big = r->codec->kind == RS_CODEC_UTF16_BE;
    if (r->codec->kind == RS_CODEC_UTF16) {
        is_big = take_order(r, 2);
    }
    while (r->at < r->n_bytes && !r->failed) {
        size_t n_left = r->n_bytes - r->at;
        if (n_left < 2) {
            refuse(r, n_left);
            break;
        }
        uint32_t c = read_unit(r, r->at, 2, is_big);
        uint32_t low = n_left >= 4 ? read_unit(r, r->at + 2, 2, is_big) : 0;
        if (!is_surrogate(c)) {
            emit(r, r->at, c);
            r->at += 2;
        } else if (c < 0xdc00 && low >= 0xdc00 && low <= 0xdfff) {
            emit(r, r->at, 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00));
            r->at += 4;
        } else {
            refuse(r, 2);
        }
    }
}

static void recode_utf32(recoder *r)
{
    bool is_big = r->codec->kind == RS_CODEC_UTF32_BE;
    if (r->codec->kind == RS_CODEC_UTF32) {
        is_big = take_order(r, 4);
    }
    while (r->at < r->n_bytes && !r->failed) {
        size_t n_left = r->n_bytes - r->at;
        uint32_t c = n_left >= 4 ? read_unit(r, r->at, 4, is_big) : UINT32_MAX;
        if (c > LAST_CHARACTER || is_surrogate(c)) {
            refuse(r, n_left < 4 ? n_left : 4);
        } else {
            emit(r, r->at, c);
            r->at += 4;
        }
    }
}

static int base64_value(unsigned char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Behind the `+`: base64 of UTF-16, to the first other byte; a `-` there is dropped. */
static void recode_utf7_run(recoder *r)
{
    uint32_t bits = 0;
    unsigned n_bits = 0;
    uint32_t high = 0;
    size_t start = r->at++; /* of the character in the making */
    for (; r->at < r->n_bytes && base64_value(r->bytes[r->at]) >= 0; r->at++) {
        bits = bits << 6 | (uint32_t)base64_value(r->bytes[r->at]);
        n_bits += 6;
        if (n_bits < 16) {
            continue;
        }
        n_bits -= 16;
        uint32_t unit = bits >> n_bits & 0xffff;
        bits &= (UINT32_C(1) << n_bits) - 1;
        if (high != 0 && unit >= 0xdc00 && unit <= 0xdfff) {
            emit(r, start, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
            high = 0;
        } else if (unit >= 0xd800 && unit < 0xdc00 && high == 0) {
            high = unit;
            continue;
        } else if (is_surrogate(unit)) {
            refuse(r, 0);
        } else {
            emit(r, start, unit == '\r' ? RETURN_SYMBOL : unit);
        }
        start = r->at + 1;
    }
    bool is_closed = r->at < r->n_bytes && r->bytes[r->at] == '-';
    /* Less than a character may only be left over as padding: under six bits, all zero. */
    if (n_bits >= 6 || bits != 0 || high != 0) {
        refuse(r, 0);
    }
    r->at += is_closed;
}

static void recode_utf7(recoder *r)
{
    while (r->at < r->n_bytes && !r->failed) {
        unsigned char byte = r->bytes[r->at];
        unsigned char next = r->at + 1 < r->n_bytes ? r->bytes[r->at + 1] : 0;
        bool opens_nothing = byte == '+' && next != '-' && base64_value(next) < 0;
        if (byte >= 0x80 || opens_nothing) {
            refuse(r, 1);
        } else if (byte != '+') {
            emit(r, r->at++, byte);
        } else if (next == '-') {
            emit(r, r->at, '+');
            r->at += 2;
        } else {
            recode_utf7_run(r);
        }
    }
}

rs_status rs_recode(const rs_codec *codec, const char *bytes, size_t n_bytes, rs_recoded *out,
                    rs_error *err)
{
    recoder r = {codec, (const unsigned char *)bytes, n_bytes, 0, out, false};
    out->bad_start = SIZE_MAX;
    out->bad_end = SIZE_MAX;
    out->is_missing = false;
    switch (codec->kind) {
    case RS_CODEC_CHARMAP:
        recode_charmap(&r);
        break;
    case RS_CODEC_ICONV:
    case RS_CODEC_STATEFUL:
        recode_iconv(&r);
        break;
    case RS_CODEC_HZ:
        recode_hz(&r);
        break;
    case RS_CODEC_UTF7:
        recode_utf7(&r);
        break;
    case RS_CODEC_UTF16:
    case RS_CODEC_UTF16_LE:
    case RS_CODEC_UTF16_BE:
        recode_utf16(&r);
        break;
    case RS_CODEC_UTF32:
    case RS_CODEC_UTF32_LE:
    case RS_CODEC_UTF32_BE:
        recode_utf32(&r);
        break;
    case RS_CODEC_UTF8:
    case RS_CODEC_NO_TEXT:
    case RS_CODEC_UNSUPPORTED:
        return rs_error_set(err, RS_ERR_INTERNAL, "recode from %s", codec->name);
    }
    return r.failed || out->text->failed ? rs_error_set(err, RS_ERR_NOMEM, "out of memory") : RS_OK;
}
