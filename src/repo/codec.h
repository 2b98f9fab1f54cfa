/* SPDX-License-Identifier: Apache-2.0 */
/* codec.h - the encodings that a coding line can name, by CPython's names.
 *
 * The table (codec_tables.c) is generated from CPython's own codecs by
 * generate_codecs.py: every name and alias, and for the encodings of one byte a
 * character what each byte stands for. The East Asian ones are left to iconv.
 *
 * Threads: read-only, any thread.
 */
#ifndef RS_REPO_CODEC_H
#define RS_REPO_CODEC_H

#include "base/str.h"

enum { RS_CODEC_NO_CHARACTER = 0xffff };

typedef enum rs_codec_kind {
    RS_CODEC_UTF8,
    RS_CODEC_CHARMAP,  /* `map` says it */
    RS_CODEC_ICONV,    /* a character is one to four bytes */
    RS_CODEC_STATEFUL, /* iconv too, but escapes change what bytes mean */
    RS_CODEC_HZ,
    RS_CODEC_UTF7,
    RS_CODEC_UTF16, /* with or without a byte order mark, little-endian without one */
    RS_CODEC_UTF16_LE,
    RS_CODEC_UTF16_BE,
    RS_CODEC_UTF32,
    RS_CODEC_UTF32_LE,
    RS_CODEC_UTF32_BE,
    RS_CODEC_NO_TEXT,    /* base64, rot13, ...: CPython does not read source in it */
    RS_CODEC_UNSUPPORTED /* idna, unicode_escape, ...: CPython does, relspec does not */
} rs_codec_kind;

typedef struct rs_codec {
    const char *name; /* of the module in CPython's `encodings` */
    rs_codec_kind kind;
    bool is_ascii_superset; /* every byte below 0x80 is that character, wherever one can start */
    const uint16_t *map;    /* of the bytes from 0x80 on, or of all when no superset */
    const char *iconv_name; /* or NULL */
} rs_codec;

typedef struct rs_codec_name {
    const char *name; /* as CPython's normalize_encoding() makes it */
    uint8_t codec;
    bool is_alias; /* found also with a '.' for a '_' */
} rs_codec_name;

extern const rs_codec rs_codecs[];
extern const size_t rs_n_codecs;
extern const rs_codec_name rs_codec_names[]; /* in order of name */
extern const size_t rs_n_codec_names;

/* NULL for a name that CPython does not know either. */
const rs_codec *rs_codec_find(rs_str name);

/*
 * The name that a line's coding comment gives; bytes is NULL when there is none. Only the first
 * two lines count, and the second only behind one without code.
 */
rs_str rs_coding_line_find(rs_str text);

/* "utf-8", "iso-8859-1" or the name itself: what tokenize.detect_encoding makes of it. */
rs_str rs_coding_name_normal(rs_str name);

#endif
