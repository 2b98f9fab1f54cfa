/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "repo/codec.h"
#include "repo/recode.h"

#define MOST_BYTES (UINT64_C(1) << 30) /* of a source; what it is recoded to fits 32 bits */

static const char byte_order_mark[] = {'\xef', '\xbb', '\xbf'};

static void add_finding(rs_source *source, rs_diagnostic_code code, size_t start_byte,
                        size_t end_byte, const char *format, ...) RS_PRINTF(5, 6);

static void add_finding(rs_source *source, rs_diagnostic_code code, size_t start_byte,
                        size_t end_byte, const char *format, ...)
{
    RS_ASSERT(start_byte <= end_byte && end_byte <= UINT32_MAX);
    if (source->n_findings == RS_SOURCE_MAX_FINDINGS) {
        return;
    }
    rs_source_finding *finding = &source->findings[source->n_findings++];
    *finding = (rs_source_finding){
        .code = code, .start_byte = (uint32_t)start_byte, .end_byte = (uint32_t)end_byte};
    va_list args;
    va_start(args, format);
    (void)vsnprintf(finding->message, sizeof finding->message, format, args);
    va_end(args);
}

/* Nothing read yet; what the source owns stays. */
static void start_over(rs_source *source)
{
    source->raw = source->text = source->raw_buffer == NULL ? "" : source->raw_buffer;
    source->n_raw = source->n_text = source->text_start = 0;
    source->has_bom = source->is_recoded = source->comments_are_lenient = false;
    source->newline = RS_W_newline_NONE;
    source->status = RS_W_parse_status_ok;
    source->encoding[0] = '\0';
    source->sha256[0] = '\0';
    source->n_findings = 0;
    rs_source_pieces_reset(&source->pieces);
    rs_buf_reset(&source->text_buffer);
}

/* Room for n_bytes and the padding; what was there is lost. */
static rs_status reserve_raw(rs_source *source, size_t n_bytes, rs_error *err)
{
    size_t n_wanted = n_bytes + RS_SOURCE_PADDING;
    if (n_wanted <= source->n_raw_capacity) {
        return RS_OK;
    }
    size_t n_capacity = n_wanted + n_wanted / 4;
    RS_ASSERT(n_capacity > n_bytes); /* no overflow: a source has a limit */
    char *buffer = rs_alloc(n_capacity, 1);
    if (buffer == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    rs_free(source->raw_buffer);
    source->raw_buffer = buffer;
    source->n_raw_capacity = n_capacity;
    return RS_OK;
}

/* ---- decoding ---- */

/* The next line ends of each kind from a place on; NULL where there are no more. */
typedef struct line_ends {
    const char *cr;
    const char *feed;
    const char *end;
} line_ends;

/* Go on to the next line end and say what it is; there is one. */
static rs_w_newline take_line_end(line_ends *ends)
{
    RS_ASSERT(ends->cr != NULL || ends->feed != NULL);
    bool is_cr = ends->cr != NULL && (ends->feed == NULL || ends->cr < ends->feed);
    bool is_both = is_cr && ends->feed == ends->cr + 1;
    const char *next = is_cr ? ends->cr + 1 + is_both : ends->feed + 1;
    size_t n_rest = (size_t)(ends->end - next);
    if (is_cr) {
        ends->cr = memchr(next, '\r', n_rest);
    }
    if (!is_cr || is_both) {
        ends->feed = memchr(next, '\n', n_rest);
    }
    return is_both ? RS_W_newline_CRLF : is_cr ? RS_W_newline_CR : RS_W_newline_LF;
}

static rs_w_newline find_newline(const char *bytes, size_t n_bytes)
{
    line_ends ends = {memchr(bytes, '\r', n_bytes), memchr(bytes, '\n', n_bytes), bytes + n_bytes};
    if (ends.cr == NULL) {
        return ends.feed == NULL ? RS_W_newline_NONE : RS_W_newline_LF;
    }
    rs_w_newline first = take_line_end(&ends);
    while (ends.cr != NULL || ends.feed != NULL) {
        if (take_line_end(&ends) != first) {
            return RS_W_newline_MIXED;
        }
    }
    return first;
}

static void set_encoding(rs_source *source, rs_str name, const char *suffix)
{
    (void)snprintf(source->encoding, sizeof source->encoding, "%.*s%s", (int)name.n_bytes,
                   name.bytes, suffix);
}

/* CPython's words for it: which byte, where, in which encoding. */
static void add_invalid(rs_source *source, const char *encoding, size_t start_byte, size_t end_byte)
{
    if (start_byte < source->n_raw) {
        add_finding(source, RS_D_encoding_invalid, start_byte, end_byte,
                    "byte 0x%02x at %zu is no %s", (unsigned)(unsigned char)source->raw[start_byte],
                    start_byte, encoding);
    } else {
        add_finding(source, RS_D_encoding_invalid, start_byte, end_byte,
                    "the last character is no %s", encoding);
    }
    source->status = RS_W_parse_status_undecoded;
}

static void decode_utf8(rs_source *source)
{
    size_t bad_end = 0;
    size_t bad = rs_utf8_find_invalid(source->raw, source->n_raw, source->text_start, &bad_end);
    RS_ASSERT(bad == source->n_raw || bad < bad_end);
    if (bad < source->n_raw) {
        add_invalid(source, "UTF-8", bad, bad_end);
    }
}

static bool is_all_ascii(const rs_source *source)
{
    /* The first byte from 0x80 on either starts a character or is invalid. */
    for (size_t i = 0; i < source->n_raw; i++) {
        if ((unsigned char)source->raw[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

static void add_unknown(rs_source *source, rs_str name, const char *reason)
{
    size_t start_byte = (size_t)(name.bytes - source->raw);
    enum { MOST_SHOWN = 60 };
    add_finding(source, RS_D_encoding_unknown, start_byte, start_byte + name.n_bytes, "%.*s%s %s",
                (int)(name.n_bytes < MOST_SHOWN ? name.n_bytes : MOST_SHOWN), name.bytes,
                name.n_bytes < MOST_SHOWN ? "" : "...", reason);
    source->status = RS_W_parse_status_undecoded;
}

static rs_status recode(rs_source *source, const rs_codec *codec, rs_str name, rs_error *err)
{
    rs_recoded out = {.text = &source->text_buffer, .pieces = &source->pieces};
    RS_TRY(rs_recode(codec, source->raw, source->n_raw, &out, err));
    if (out.is_missing) {
        add_unknown(source, name, "is not known to this system's iconv");
        return RS_OK;
    }
    static const char padding[RS_SOURCE_PADDING];
    size_t n_text = source->text_buffer.n_bytes;
    rs_buf_append(&source->text_buffer, padding, sizeof padding);
    RS_TRY(rs_buf_check(&source->text_buffer, err));
    RS_ASSERT(n_text <= UINT32_MAX); /* MOST_BYTES sees to it */
    rs_source_piece last = {(uint32_t)n_text, source->n_raw};
    if (!rs_source_pieces_push(&source->pieces, last)) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    source->is_recoded = true;
    source->text = source->text_buffer.bytes;
    source->n_text = (uint32_t)n_text;
    if (out.bad_start != SIZE_MAX) {
        add_invalid(source, codec->name, out.bad_start, out.bad_end);
    }
    return RS_OK;
}

/* By the coding line's name, as check_coding_spec() in CPython's tokenizer. */
static rs_status decode_named(rs_source *source, rs_str name, rs_error *err)
{
    rs_str normal = rs_coding_name_normal(name);
    bool is_utf8 = rs_str_equal(normal, RS_STR_LITERAL("utf-8"));
    if (source->has_bom && !is_utf8) {
        size_t start_byte = (size_t)(name.bytes - source->raw);
        add_finding(source, RS_D_encoding_conflict, start_byte, start_byte + name.n_bytes,
                    "a UTF-8 byte order mark, and a coding line that says otherwise");
        source->status = RS_W_parse_status_undecoded;
        return RS_OK;
    }
    if (is_utf8) {
        set_encoding(source, normal, source->has_bom ? "-sig" : "");
        source->comments_are_lenient = true;
        decode_utf8(source);
        return RS_OK;
    }
    const rs_codec *codec = rs_codec_find(normal);
    if (codec == NULL) {
        add_unknown(source, name, "is no encoding");
        return RS_OK;
    }
    set_encoding(source, normal, "");
    if (codec->kind == RS_CODEC_NO_TEXT) {
        add_unknown(source, name, "is no text encoding");
    } else if (codec->kind == RS_CODEC_UNSUPPORTED) {
        add_unknown(source, name, "is an encoding that relspec does not read source in");
    } else if (codec->kind == RS_CODEC_UTF8) {
        decode_utf8(source);
    } else if (!codec->is_ascii_superset || !is_all_ascii(source)) {
        return recode(source, codec, name, err);
    }
    return RS_OK;
}

static rs_status decode(rs_source *source, rs_error *err)
{
    rs_sha256_text(source->raw, source->n_raw, source->sha256);
    source->newline = find_newline(source->raw, source->n_raw);
    source->n_text = source->n_raw;
    if (source->n_raw >= sizeof byte_order_mark &&
        memcmp(source->raw, byte_order_mark, sizeof byte_order_mark) == 0) {
        source->has_bom = true;
        source->text_start = sizeof byte_order_mark;
    }
    rs_str text = {source->raw + source->text_start, source->n_raw - source->text_start};
    rs_str name = rs_coding_line_find(text);
    RS_TRY(decode_named(source, name.bytes == NULL ? RS_STR_LITERAL("utf-8") : name, err));

    const char *null_byte = memchr(source->text, '\0', source->n_text);
    if (null_byte != NULL) {
        uint32_t at = rs_source_raw_offset(source, (uint32_t)(null_byte - source->text));
        add_finding(source, RS_D_null_byte, at, at < source->n_raw ? at + 1 : at,
                    "a null byte at %u", (unsigned)at);
    }
    return RS_OK;
}

rs_status rs_source_decode(rs_source *source, const void *bytes, size_t n_bytes, rs_error *err)
{
    start_over(source);
    if (n_bytes >= MOST_BYTES) {
        return rs_error_set(err, RS_ERR_LIMIT, "source of %zu bytes is over the limit", n_bytes);
    }
    RS_TRY(reserve_raw(source, n_bytes, err));
    source->raw = source->text = source->raw_buffer;
    if (n_bytes > 0) {
        memcpy(source->raw_buffer, bytes, n_bytes);
    }
    memset(source->raw_buffer + n_bytes, 0, RS_SOURCE_PADDING);
    source->n_raw = (uint32_t)n_bytes;
    return decode(source, err);
}

/* ---- reading ---- */

static void refuse(rs_source *source, rs_w_parse_status status, rs_diagnostic_code code,
                   const char *message)
{
    source->status = status;
    add_finding(source, code, 0, 0, "%s", message);
}

static void refuse_unreadable(rs_source *source, const char *what, int errno_value)
{
    rs_error words = {0};
    (void)rs_error_set_errno(&words, errno_value, "%s", what);
    refuse(source, RS_W_parse_status_unreadable, RS_D_file_unreadable, words.message);
}

static void refuse_too_large(rs_source *source, uint64_t n_bytes, uint64_t n_most)
{
    char words[96];
    (void)snprintf(words, sizeof words, "%llu bytes are over the limit of %llu bytes",
                   (unsigned long long)n_bytes, (unsigned long long)n_most);
    refuse(source, RS_W_parse_status_skipped, RS_D_file_too_large, words);
}

/*
 * All bytes of an open regular file, also when it grows or shrinks meanwhile: *out_n is what was
 * there, at most n_most + 1. 0 or an errno value.
 */
static int read_all(rs_source *source, int fd, size_t n_expected, size_t n_most, size_t *out_n)
{
    rs_error err;
    *out_n = 0;
    /* A byte more than expected, so that one read sees the end. */
    if (reserve_raw(source, n_expected + 1, &err) != RS_OK) {
        return ENOMEM;
    }
    size_t n_have = 0;
    for (;;) {
        RS_ASSERT(n_have <= n_most + 1 && n_have + RS_SOURCE_PADDING <= source->n_raw_capacity);
        size_t n_room = source->n_raw_capacity - RS_SOURCE_PADDING - n_have;
        if (n_room > n_most + 1 - n_have) {
            n_room = n_most + 1 - n_have;
        }
        ssize_t n_read = n_room == 0 ? 0 : read(fd, source->raw_buffer + n_have, n_room);
        if (n_read < 0 && errno == EINTR) {
            continue;
        }
        if (n_read < 0) {
            return errno;
        }
        n_have += (size_t)n_read;
        if (n_read == 0 && n_have < n_most + 1 &&
            n_have == source->n_raw_capacity - RS_SOURCE_PADDING) {
            size_t n_capacity = source->n_raw_capacity * 2;
            char *buffer = rs_realloc(source->raw_buffer, n_capacity, 1);
            if (buffer == NULL) {
                return ENOMEM;
            }
            source->raw_buffer = buffer;
            source->n_raw_capacity = n_capacity;
        } else if (n_read == 0) {
            *out_n = n_have;
            return 0;
        }
    }
}

/* The file's bytes into the raw buffer; *has_bytes is false when there is a finding instead. */
static rs_status load(rs_source *source, int fd, uint64_t n_most, bool *has_bytes, rs_error *err)
{
    struct stat about;
    size_t n_bytes = 0;
    *has_bytes = false;
    if (fstat(fd, &about) != 0) {
        refuse_unreadable(source, "stat", errno);
        return RS_OK;
    }
    if (!S_ISREG(about.st_mode)) {
        refuse(source, RS_W_parse_status_skipped, RS_D_file_not_regular, "no regular file");
        return RS_OK;
    }
    if ((uint64_t)about.st_size > n_most) {
        refuse_too_large(source, (uint64_t)about.st_size, n_most);
        return RS_OK;
    }
    int refused = read_all(source, fd, (size_t)about.st_size, (size_t)n_most, &n_bytes);
    if (refused == ENOMEM) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    RS_ASSERT(refused != 0 || n_bytes + RS_SOURCE_PADDING <= source->n_raw_capacity);
    source->raw = source->text = source->raw_buffer;
    if (refused != 0) {
        refuse_unreadable(source, "read", refused);
    } else if (n_bytes > n_most) {
        refuse_too_large(source, n_bytes, n_most);
    } else {
        memset(source->raw_buffer + n_bytes, 0, RS_SOURCE_PADDING);
        source->n_raw = (uint32_t)n_bytes;
        *has_bytes = true;
    }
    return RS_OK;
}

rs_status rs_source_read(rs_source *source, const rs_repo *repo, const rs_repo_file *file,
                         rs_error *err)
{
    start_over(source);
    if (file->status == RS_W_parse_status_skipped) {
        /* The walk has a finding for it already. */
        source->status = RS_W_parse_status_skipped;
        return RS_OK;
    }
    if (!source->has_cursor || source->cursor.root_fd != repo->root_fd) {
        rs_tree_cursor_init(&source->cursor, repo->root_fd);
        source->has_cursor = true;
    }
    int fd = -1;
    int refused = rs_tree_open_file(&source->cursor, file->path, &fd);
    if (refused == ENOMEM) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    if (refused != 0) {
        refuse_unreadable(source, "open", refused);
        return RS_OK;
    }
    uint64_t n_most = repo->max_file_bytes < MOST_BYTES ? repo->max_file_bytes : MOST_BYTES - 1;
    bool has_bytes = false;
    rs_status status = load(source, fd, n_most, &has_bytes, err);
    (void)close(fd);
    return status == RS_OK && has_bytes ? decode(source, err) : status;
}

void rs_source_release(rs_source *source)
{
    rs_source_pieces_release(&source->pieces);
    rs_free(source->raw_buffer);
    rs_buf_release(&source->text_buffer);
    rs_tree_cursor_release(&source->cursor);
    *source = (rs_source){0};
}

/* ---- the way back ---- */

/* Pieces have no text of their own length: only the next one says where they end. */
static uint32_t raw_in_piece(const rs_source *source, size_t piece, uint32_t text_byte)
{
    RS_ASSERT(piece < source->pieces.n_items);
    const rs_source_piece *here = &source->pieces.items[piece];
    RS_ASSERT(here->text_byte <= text_byte); /* it lies in this piece */
    uint32_t raw_byte = here->raw_byte + (text_byte - here->text_byte);
    if (piece + 1 < source->pieces.n_items && raw_byte > here[1].raw_byte) {
        raw_byte = here[1].raw_byte;
    }
    return raw_byte;
}

/* The last of pieces[low..n) that starts at or before text_byte; pieces[low] does. */
static size_t find_piece(const rs_source *source, size_t low, uint32_t text_byte)
{
    size_t high = source->pieces.n_items;
    RS_ASSERT(low < high && source->pieces.items[low].text_byte <= text_byte);
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (source->pieces.items[middle].text_byte <= text_byte) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

uint32_t rs_source_raw_offset(const rs_source *source, uint32_t text_byte)
{
    if (!source->is_recoded) {
        return text_byte;
    }
    return raw_in_piece(source, find_piece(source, 0, text_byte), text_byte);
}

void rs_source_cursor_init(rs_source_cursor *cursor, const rs_source *source)
{
    *cursor = (rs_source_cursor){source, 0};
}

uint32_t rs_source_cursor_raw(rs_source_cursor *cursor, uint32_t text_byte)
{
    const rs_source *source = cursor->source;
    if (!source->is_recoded) {
        return text_byte;
    }
    const rs_source_piece *pieces = source->pieces.items;
    enum { MOST_STEPS = 16 };
    RS_ASSERT(cursor->piece < source->pieces.n_items && pieces[0].text_byte == 0);
    if (pieces[cursor->piece].text_byte > text_byte) {
        cursor->piece = 0;
    }
    for (int step = 0; cursor->piece + 1 < source->pieces.n_items &&
                       pieces[cursor->piece + 1].text_byte <= text_byte;
         step++) {
        if (step == MOST_STEPS) {
            cursor->piece = find_piece(source, cursor->piece, text_byte);
            break;
        }
        cursor->piece++;
    }
    return raw_in_piece(source, cursor->piece, text_byte);
}
