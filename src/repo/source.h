/* SPDX-License-Identifier: Apache-2.0 */
/* source.h - a file's bytes, and the UTF-8 text that the parser reads.
 *
 * The encoding is found as CPython finds it (PEP 263): a UTF-8 byte order mark,
 * else a coding line among the first two, else UTF-8. For UTF-8, and for any
 * encoding in which the file's bytes happen to be plain ASCII, text is raw itself
 * and a text offset is a raw offset. Otherwise text is a recoded copy, and
 * rs_source_raw_offset() leads back. What is wrong is a finding, and there is text
 * all the same: bytes that are no UTF-8 stay as they are (to the parser a byte from
 * 0x80 on belongs to an identifier), bytes that another encoding does not have
 * become U+FFFD, and under an unknown encoding the raw bytes are the text.
 *
 * Buffers are kept from file to file. RS_SOURCE_PADDING bytes of NUL lie behind
 * raw and behind text. All-zero is a source without a file.
 *
 * Threads: one at a time; each worker has its own.
 */
#ifndef RS_REPO_SOURCE_H
#define RS_REPO_SOURCE_H

#include "base/hash.h"
#include "repo/tree.h"
#include "repo/walk.h"

enum {
    RS_SOURCE_PADDING = 64,
    RS_SOURCE_MAX_FINDINGS = 4,
    RS_SOURCE_MESSAGE_BYTES = 160,
    RS_SOURCE_ENCODING_BYTES = 64
};

typedef struct rs_source_finding {
    rs_diagnostic_code code; /* file_*, encoding_*, null_byte */
    uint32_t start_byte;     /* in the raw bytes; 0..0 for the file as such */
    uint32_t end_byte;
    char message[RS_SOURCE_MESSAGE_BYTES]; /* valid UTF-8 */
} rs_source_finding;

/* From text_byte to the next piece's, raw bytes and text bytes run in parallel. */
typedef struct rs_source_piece {
    uint32_t text_byte;
    uint32_t raw_byte;
} rs_source_piece;

RS_VEC_DEFINE(rs_source_pieces, rs_source_piece)

typedef struct rs_source {
    const char *raw;
    uint32_t n_raw;
    const char *text; /* == raw unless is_recoded */
    uint32_t n_text;
    uint32_t text_start; /* where parsing starts: 3 behind a byte order mark, else 0 */
    bool has_bom;
    bool is_recoded;
    /*
     * The text is read as UTF-8 by default or by a coding line spelt utf-8. Then CPython's
     * compile() and import take bytes that are no UTF-8 inside a comment, which running the
     * file as a script does not. encoding_invalid is found either way.
     */
    bool comments_are_lenient;
    rs_w_newline newline;
    rs_w_parse_status status;                /* ok, undecoded, skipped, unreadable */
    char encoding[RS_SOURCE_ENCODING_BYTES]; /* as tokenize.detect_encoding names it, "" for none */
    char sha256[RS_SHA256_TEXT_BYTES];       /* of raw, "" when it was not read */
    rs_source_finding findings[RS_SOURCE_MAX_FINDINGS];
    size_t n_findings;
    /* Private from here on. */
    rs_source_pieces pieces; /* of a recoded text; the last one is {n_text, n_raw} */
    char *raw_buffer;
    size_t n_raw_capacity;
    rs_buf text_buffer;
    rs_tree_cursor cursor;
    bool has_cursor;
} rs_source;

/*
 * Read a file of the repository and decode it; all files read with one source are of one
 * repository, which is released after it. A file that cannot be read, is no
 * regular file (any more) or is over the repository's limit yields a finding, a
 * status and an empty text.
 *
 * Errors: RS_ERR_NOMEM.
 */
rs_status rs_source_read(rs_source *source, const rs_repo *repo, const rs_repo_file *file,
                         rs_error *err) RS_MUST_USE;

/*
 * Decode bytes that the caller has; they are copied.
 *
 * Errors: RS_ERR_NOMEM; RS_ERR_LIMIT for 1 GiB or more.
 */
rs_status rs_source_decode(rs_source *source, const void *bytes, size_t n_bytes,
                           rs_error *err) RS_MUST_USE;

/*
 * The raw offset of a text offset (at most n_text). It grows with the text offset;
 * an offset inside a character is somewhere inside its bytes.
 */
uint32_t rs_source_raw_offset(const rs_source *source, uint32_t text_byte);

/* For many look-ups at ascending text offsets; going back is right too, but slower. */
typedef struct rs_source_cursor {
    const rs_source *source;
    size_t piece;
} rs_source_cursor;

void rs_source_cursor_init(rs_source_cursor *cursor, const rs_source *source);
uint32_t rs_source_cursor_raw(rs_source_cursor *cursor, uint32_t text_byte);

void rs_source_release(rs_source *source);

/*
 * The first byte at or behind `from` that is no part of UTF-8 as CPython has it (no surrogates,
 * nothing overlong, at most U+10FFFF); n_bytes when all is well. *out_end is behind the bad
 * sequence: the longest start of a character, else one byte.
 */
size_t rs_utf8_find_invalid(const char *text, size_t n_bytes, size_t from, size_t *out_end);

#endif
