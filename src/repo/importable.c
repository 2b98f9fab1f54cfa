/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/importable.h"

#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* The reserved words of Python 3, in order; soft keywords can be imported. */
static const char *const keywords[] = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield",
};

static bool is_keyword(rs_str name)
{
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        if (rs_str_equal(name, rs_str_of(keywords[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_ascii_identifier(rs_str name, bool *is_ascii)
{
    *is_ascii = true;
    bool holds = name.n_bytes > 0;
    for (size_t i = 0; i < name.n_bytes; i++) {
        unsigned char c = (unsigned char)name.bytes[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        *is_ascii &= c < 0x80;
        holds &= is_letter || (i > 0 && c >= '0' && c <= '9');
    }
    return holds;
}

static bool is_unicode_identifier(rs_str name)
{
    const uint8_t *bytes = (const uint8_t *)name.bytes;
    for (size_t at = 0; at < name.n_bytes;) {
        ucs4_t c = 0;
        int n_char = u8_mbtoucr(&c, bytes + at, name.n_bytes - at);
        if (n_char <= 0) {
            return false;
        }
        bool holds =
            at == 0 ? c == '_' || uc_is_property_xid_start(c) : uc_is_property_xid_continue(c);
        if (!holds) {
            return false;
        }
        at += (size_t)n_char;
    }
    return true;
}

/* A file name has at most 255 bytes; what NFKC makes of it must be itself to count. */
static bool is_nfkc(rs_str name)
{
    uint8_t normal[1024];
    size_t n_normal = sizeof normal;
    const uint8_t *bytes = (const uint8_t *)name.bytes;
    uint8_t *out = u8_normalize(UNINORM_NFKC, bytes, name.n_bytes, normal, &n_normal);
    return out == normal && n_normal == name.n_bytes && memcmp(normal, bytes, n_normal) == 0;
}

bool rs_name_is_importable(rs_str name)
{
    enum { MOST_BYTES = 255 };
    bool is_ascii = false;
    if (is_ascii_identifier(name, &is_ascii)) {
        return !is_keyword(name);
    }
    return !is_ascii && name.n_bytes <= MOST_BYTES && is_unicode_identifier(name) && is_nfkc(name);
}
