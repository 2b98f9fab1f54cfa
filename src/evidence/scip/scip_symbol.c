/* SPDX-License-Identifier: Apache-2.0 */
/* scip_symbol.c - SCIP's grammar of symbols:
 *
 *   symbol      'local ' id, or  scheme ' ' manager ' ' package ' ' version ' ' descriptor...
 *   word        a space in it is two; '.' stands for none
 *   descriptor  name '/' namespace, name '#' type, name '.' term, name ':' meta, name '!' macro,
 *               name '(' disambiguator ').' method, '[' name ']' type parameter, '(' name ')' parameter
 *   name        letters, digits, _ + - $, or anything between backticks, a backtick in it being two
 */
#include "evidence/scip/scip_impl.h"

bool rs_scip_symbol_is_local(rs_str symbol)
{
    const rs_str local = RS_STR_LITERAL("local ");
    return symbol.n_bytes >= local.n_bytes && memcmp(symbol.bytes, local.bytes, local.n_bytes) == 0;
}

/* A text being read from left to right; unescaped pieces are appended to out. */
typedef struct cursor {
    rs_str text;
    size_t at;
    rs_buf *out;
} cursor;

/* A piece of cursor.out: the buffer may still move. */
typedef struct piece {
    size_t start;
    size_t end;
} piece;

static bool has(const cursor *c, char wanted)
{
    return c->at < c->text.n_bytes && c->text.bytes[c->at] == wanted;
}

static bool take(cursor *c, char wanted)
{
    bool found = has(c, wanted);
    c->at += found;
    return found;
}

/* Up to `stop`, two of which are one of the text. */
static bool take_escaped(cursor *c, char stop, piece *out)
{
    out->start = c->out->n_bytes;
    while (c->at < c->text.n_bytes) {
        if (take(c, stop) && !has(c, stop)) {
            out->end = c->out->n_bytes;
            return true;
        }
        rs_buf_add_char(c->out, c->text.bytes[c->at++]);
    }
    return false;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '+' || c == '-' || c == '$';
}

static bool take_name(cursor *c, piece *out)
{
    if (take(c, '`')) {
        return take_escaped(c, '`', out);
    }
    out->start = c->out->n_bytes;
    while (c->at < c->text.n_bytes && is_name_byte(c->text.bytes[c->at])) {
        rs_buf_add_char(c->out, c->text.bytes[c->at++]);
    }
    out->end = c->out->n_bytes;
    return out->end > out->start;
}

static bool take_suffix(cursor *c, rs_w_scip_suffix *suffix)
{
    static const struct {
        char sign;
        rs_w_scip_suffix suffix;
    } signs[] = {
        {'/', RS_W_scip_suffix_namespace}, {'#', RS_W_scip_suffix_type},
        {'.', RS_W_scip_suffix_term},      {':', RS_W_scip_suffix_meta},
        {'!', RS_W_scip_suffix_macro},
    };
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (take(c, signs[i].sign)) {
            *suffix = signs[i].suffix;
            return true;
        }
    }
    if (!take(c, '(')) {
        return false;
    }
    *suffix = RS_W_scip_suffix_method;
    while (c->at < c->text.n_bytes && is_name_byte(c->text.bytes[c->at])) {
        c->at++;
    }
    return take(c, ')') && take(c, '.');
}

static bool take_descriptor(cursor *c, piece *name, rs_w_scip_suffix *suffix)
{
    if (take(c, '[')) {
        *suffix = RS_W_scip_suffix_type_parameter;
        return take_name(c, name) && take(c, ']');
    }
    if (take(c, '(')) {
        *suffix = RS_W_scip_suffix_parameter;
        return take_name(c, name) && take(c, ')');
    }
    return take_name(c, name) && take_suffix(c, suffix);
}

static rs_str text_of(const rs_buf *out, piece found)
{
    rs_str text = {rs_buf_text(out) + found.start, found.end - found.start};
    return text.n_bytes > 0 ? text : (rs_str){0};
}

/* A word of the package; '.' is none. */
static rs_str word_of(const rs_buf *out, piece found)
{
    rs_str text = text_of(out, found);
    return rs_str_equal(text, RS_STR_LITERAL(".")) ? (rs_str){0} : text;
}

void rs_scip_symbol_parse(rs_str symbol, rs_buf *scratch, rs_scip_name *out)
{
    enum { N_WORDS = 4 };
    piece words[N_WORDS];
    piece name = {0};
    rs_w_scip_suffix suffix = RS_W_scip_suffix_local;
    cursor c = {.text = symbol, .out = scratch};
    *out = (rs_scip_name){.suffix = RS_ENUM_NULL};
    rs_buf_reset(scratch);
    if (rs_scip_symbol_is_local(symbol)) {
        out->suffix = RS_W_scip_suffix_local;
        return;
    }
    for (size_t i = 0; i < N_WORDS; i++) {
        if (!take_escaped(&c, ' ', &words[i])) {
            return;
        }
    }
    if (c.at == symbol.n_bytes) {
        return;
    }
    while (c.at < symbol.n_bytes) {
        if (!take_descriptor(&c, &name, &suffix)) {
            return;
        }
    }
    out->scheme = text_of(scratch, words[0]);
    out->package_manager = word_of(scratch, words[1]);
    out->package_name = word_of(scratch, words[2]);
    out->package_version = word_of(scratch, words[3]);
    out->name = text_of(scratch, name);
    out->suffix = (uint8_t)suffix;
}
