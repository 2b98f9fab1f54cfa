/* SPDX-License-Identifier: Apache-2.0 */
/* lexer_string.c - strings, and f-strings as PEP 701 has them. */
#include <string.h>

#include "parse/lexer_impl.h"

static bool quotes_follow(const char *text, char quote, uint32_t n_quotes)
{
    return text[0] == quote && (n_quotes == 1 || (text[1] == quote && text[2] == quote));
}

static uint32_t end_of_line(const lexer *lx, uint32_t at)
{
    while (at < lx->n_bytes && lx->text[at] != '\n' && lx->text[at] != '\r') {
        at++;
    }
    return at;
}

/* A string without an end is cut at the end of its first line. */
static void string_cut(lexer *lx, uint32_t start)
{
    lx->at = end_of_line(lx, start);
    rs_lex_error(lx, RS_D_string_unterminated, start, lx->at, "the end of the string");
}

/* Read plain text at lx->at up to its closing quotes. */
static void string_skip(lexer *lx, uint32_t start, uint32_t flags, char quote, uint32_t n_quotes)
{
    uint32_t at = lx->at;
    unsigned char high = 0;
    for (;; at++) {
        char c = lx->text[at];
        high |= (unsigned char)c;
        if (c == quote && quotes_follow(lx->text + at, quote, n_quotes)) {
            break;
        }
        if (c == '\\') {
            flags |= RS_TF_BACKSLASH;
            at += lx->text[at + 1] == '\r' && lx->text[at + 2] == '\n' ? 2 : 1;
            high |= (unsigned char)lx->text[at];
            if (at >= lx->n_bytes) {
                string_cut(lx, start);
                return;
            }
        } else if ((c == '\n' || c == '\r') ? n_quotes == 1 : c == '\0' && at >= lx->n_bytes) {
            string_cut(lx, start);
            return;
        }
    }
    lx->at = at + n_quotes;
    if (high >= 0x80) {
        flags |= RS_TF_NON_ASCII;
    }
    flags |= n_quotes == 3 ? RS_TF_TRIPLE : 0;
    token_add(lx, RS_T_STRING, start, lx->at, flags);
}

static void fstring_open(lexer *lx, uint32_t start, uint32_t flags, char quote, uint32_t n_quotes)
{
    if (lx->n_fstrings == RS_LIMIT_FSTRINGS) {
        rs_lex_fstring_give_up(lx, RS_D_nesting_too_deep, "at most 149 nested f-strings");
        return;
    }
    lx->fstrings[lx->n_fstrings++] = (lex_fstring){
        .start = start,
        .n_brackets = lx->n_brackets,
        .n_tokens = lx->out->tokens.n_items,
        .n_comments = lx->out->comments.n_items,
        .quote = quote,
        .n_quotes = (uint8_t)n_quotes,
        .is_raw = (flags & RS_TF_RAW) != 0,
        .in_text = true,
    };
    token_add(lx, RS_T_FSTRING_START, start, lx->at, flags);
}

void rs_lex_string(lexer *lx, uint32_t start, uint32_t flags, bool is_format)
{
    char quote = lx->text[lx->at];
    uint32_t n_quotes = quotes_follow(lx->text + lx->at, quote, 3) ? 3 : 1;
    lx->at += n_quotes;
    if (is_format) {
        fstring_open(lx, start, flags, quote, n_quotes);
    } else {
        string_skip(lx, start, flags, quote, n_quotes);
    }
}

void rs_lex_fstring_give_up(lexer *lx, rs_diagnostic_code code, const char *message)
{
    const lex_fstring outer = lx->fstrings[0];
    uint32_t fault_at = lx->at < lx->n_bytes ? lx->at : outer.start;
    rs_lex_fault(lx, code, fault_at, fault_at + 1, message);
    lx->out->tokens.n_items = outer.n_tokens;
    lx->out->comments.n_items = outer.n_comments;
    lx->n_brackets = outer.n_brackets;
    lx->n_fstrings = 0;
    token_add(lx, RS_T_ERROR, outer.start, outer.start + 1, 0);
    lx->at = outer.start;
    while (lx->text[lx->at] != outer.quote) {
        lx->at++;
    }
    lx->at += outer.n_quotes;
    /* Where it ends as plain text; the fault is said already. */
    size_t n_faults = lx->out->faults.n_items;
    string_skip(lx, outer.start, 0, outer.quote, outer.n_quotes);
    lx->out->faults.n_items = n_faults;
}

static void field_open(lexer *lx, lex_fstring *fstring)
{
    if (fstring->n_fields == RS_LIMIT_FIELDS || lx->n_brackets == RS_LIMIT_BRACKETS) {
        rs_lex_fstring_give_up(lx, RS_D_nesting_too_deep,
                               "at most 3 nested replacement fields and 200 brackets");
        return;
    }
    lx->brackets[lx->n_brackets++] = (lex_bracket){lx->at, '}', true};
    fstring->n_fields++;
    fstring->in_text = false;
    token_add(lx, RS_T_LBRACE, lx->at, lx->at + 1, 0);
    lx->at++;
}

static void field_close(lexer *lx, lex_fstring *fstring)
{
    token_add(lx, RS_T_RBRACE, lx->at, lx->at + 1, 0);
    lx->at++;
    lx->n_brackets--;
    fstring->n_fields--;
}

/* Behind a backslash in text; *in_name is set by \N{. */
static uint32_t escape_skip(const lexer *lx, const lex_fstring *fstring, uint32_t at, bool *in_name)
{
    uint32_t next = at + 1;
    next += lx->text[next] == '\r' && lx->text[next + 1] == '\n';
    char c = lx->text[next];
    if (c == '{' || c == '}') {
        return next; /* a brace keeps its meaning */
    }
    if (c == 'N' && !fstring->is_raw && lx->text[next + 1] == '{') {
        *in_name = true;
        return next + 2;
    }
    return next < lx->n_bytes ? next + 1 : next;
}

static void middle_add(lexer *lx, uint32_t end, uint32_t flags)
{
    if (end > lx->at) {
        token_add(lx, RS_T_FSTRING_MIDDLE, lx->at, end, flags);
    }
}

/* A brace in text at `at`: a doubled one is text, and ends its piece as in CPython. */
static void text_brace(lexer *lx, lex_fstring *fstring, uint32_t at, uint32_t flags)
{
    bool is_twin = lx->text[at + 1] == lx->text[at] && fstring->n_fields == 0;
    uint32_t end = is_twin ? at + 2 : at;
    middle_add(lx, end, flags);
    lx->at = end;
    if (is_twin) {
        return;
    }
    if (lx->text[at] == '{') {
        field_open(lx, fstring);
    } else if (fstring->n_fields > 0) {
        field_close(lx, fstring);
    } else {
        rs_lex_fstring_give_up(lx, RS_D_syntax_error, "'}}': a single '}' stands for nothing");
    }
}

void rs_lex_fstring_text(lexer *lx)
{
    lex_fstring *fstring = &lx->fstrings[lx->n_fstrings - 1];
    uint32_t flags = 0;
    bool in_name = false;
    for (uint32_t at = lx->at;;) {
        char c = lx->text[at];
        if (c == fstring->quote && quotes_follow(lx->text + at, c, fstring->n_quotes)) {
            middle_add(lx, at, flags);
            lx->at = at + fstring->n_quotes;
            if (fstring->n_fields > 0) {
                rs_lex_fstring_give_up(lx, RS_D_syntax_error,
                                       "'}' at the end of the replacement field");
                return;
            }
            token_add(lx, RS_T_FSTRING_END, at, lx->at, 0);
            lx->n_fstrings--;
            return;
        }
        if (c == '{' || (c == '}' && !in_name)) {
            text_brace(lx, fstring, at, flags);
            return;
        }
        if (c == '\\') {
            flags |= fstring->is_raw ? 0 : RS_TF_BACKSLASH;
            at = escape_skip(lx, fstring, at, &in_name);
            continue;
        }
        in_name = in_name && c != '}';
        bool is_cut = at >= lx->n_bytes || ((c == '\n' || c == '\r') && fstring->n_quotes == 1);
        if (is_cut) {
            lx->at = at;
            rs_lex_fstring_give_up(lx, RS_D_string_unterminated, "the end of the string");
            return;
        }
        at++;
    }
}
