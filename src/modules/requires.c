/* SPDX-License-Identifier: Apache-2.0 */
#include "modules/requires.h"

enum { MAX_MINOR = 99, MAX_CLAUSES = 32 };

typedef struct version {
    uint32_t parts[3];
    int n_parts;      /* that are there: "3" has one */
    bool is_any_else; /* ".*" behind them */
} version;

static rs_str strip(rs_str text)
{
    while (text.n_bytes > 0 && text.bytes[0] == ' ') {
        text = (rs_str){text.bytes + 1, text.n_bytes - 1};
    }
    while (text.n_bytes > 0 && text.bytes[text.n_bytes - 1] == ' ') {
        text.n_bytes--;
    }
    return text;
}

/* "3.10", "3.10.*"; what stands behind three numbers ("rc1") does not count. */
static bool read_version(rs_str text, version *out)
{
    *out = (version){0};
    size_t at = 0;
    while (at < text.n_bytes && out->n_parts < 3) {
        uint32_t number = 0;
        size_t start = at;
        while (at < text.n_bytes && text.bytes[at] >= '0' && text.bytes[at] <= '9' &&
               number < 100000) {
            number = number * 10 + (uint32_t)(text.bytes[at++] - '0');
        }
        if (at == start) {
            out->is_any_else = text.bytes[at] == '*';
            break;
        }
        out->parts[out->n_parts++] = number;
        if (at >= text.n_bytes || text.bytes[at] != '.') {
            break;
        }
        at++;
    }
    return out->n_parts > 0 || out->is_any_else;
}

/* Where 3.minor lies beside a version of at most two parts: -1 before, 0 it or in it, 1 behind. */
static int side_of(uint32_t minor, const version *v)
{
    if (v->parts[0] != 3) {
        return v->parts[0] > 3 ? -1 : 1;
    }
    return v->n_parts == 1 || minor == v->parts[1] ? 0 : minor < v->parts[1] ? -1 : 1;
}

/* Does any release of 3.minor pass? */
static bool passes(rs_str op, const version *v, uint32_t minor)
{
    int side = side_of(minor, v);
    bool is_release =
        v->n_parts == 3 && v->parts[2] > 0; /* 3.9.1: some of 3.9 lie on either side */
    bool is_word = op.n_bytes == 0;
    if (v->n_parts == 0) {
        return true;
    }
    switch (is_word ? '=' : op.bytes[0]) {
    case '>':
        return side >= 0;
    case '<':
        return side < 0 || (side == 0 && (op.n_bytes == 2 || is_release));
    case '^':
        return side >= 0 && v->parts[0] == 3;
    case '~':
        /* "~=3.9" lets in 3.10, "~=3.9.1" and poetry's "~3.9" do not. */
        return op.n_bytes == 2 && v->n_parts == 2 ? side >= 0 && v->parts[0] == 3 : side == 0;
    case '!':
        return !(side == 0 && v->n_parts == 2);
    default:
        return side == 0;
    }
}

typedef struct clause {
    rs_str op;
    version version;
} clause;

static bool read_clause(rs_str text, clause *out)
{
    text = strip(text);
    size_t n_op = 0;
    while (n_op < text.n_bytes && strchr("<>=!~^", text.bytes[n_op]) != NULL) {
        n_op++;
    }
    out->op = (rs_str){text.bytes, n_op};
    return read_version(strip((rs_str){text.bytes + n_op, text.n_bytes - n_op}), &out->version);
}

bool rs_requires_lowest(rs_str text, uint32_t *minor)
{
    clause clauses[MAX_CLAUSES];
    int n_clauses = 0;
    const char *other = text.n_bytes > 0 ? memchr(text.bytes, '|', text.n_bytes) : NULL;
    text.n_bytes = other == NULL ? text.n_bytes : (size_t)(other - text.bytes);
    text = strip(text);
    while (text.n_bytes > 0) {
        const char *comma = memchr(text.bytes, ',', text.n_bytes);
        size_t n = comma == NULL ? text.n_bytes : (size_t)(comma - text.bytes);
        if (n_clauses == MAX_CLAUSES ||
            (strip((rs_str){text.bytes, n}).n_bytes > 0 &&
             !read_clause((rs_str){text.bytes, n}, &clauses[n_clauses++]))) {
            return false;
        }
        n += comma != NULL;
        text = (rs_str){text.bytes + n, text.n_bytes - n};
    }
    for (uint32_t m = 0; n_clauses > 0 && m <= MAX_MINOR; m++) {
        bool holds = true;
        for (int i = 0; i < n_clauses; i++) {
            holds = holds && passes(clauses[i].op, &clauses[i].version, m);
        }
        if (holds) {
            *minor = m;
            return true;
        }
    }
    return false;
}
