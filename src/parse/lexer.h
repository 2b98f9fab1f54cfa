/* SPDX-License-Identifier: Apache-2.0 */
/* lexer.h - Python source text to tokens.
 *
 * The whole file is turned into one array of tokens, INDENT, DEDENT and NEWLINE
 * among them, so that the parser can look ahead and back freely. Offsets are bytes
 * in the text. What CPython's tokenizer refuses is a fault, and the tokens go on:
 *
 *  - an ERROR token stands where no token could be made, so that the statement
 *    around it does not parse;
 *  - a bracket that is never closed ends where a line starts a statement at or left
 *    of the enclosing block;
 *  - a string that does not end is cut at the end of its line.
 *
 * Specification: "Lexical analysis" of the Python language reference and
 * CPython's Parser/tokenizer.c for what the prose leaves open. F-strings are
 * tokenized as in PEP 701.
 */
#ifndef RS_PARSE_LEXER_H
#define RS_PARSE_LEXER_H

#include "base/stop.h"
#include "base/vec.h"
#include "schema/schema.h"

typedef enum rs_token_kind {
#define RS_TOKEN(kind, words) RS_T_##kind,
#include "parse/token.def"
    RS_N_TOKENS
} rs_token_kind;

enum {
    RS_LIMIT_INDENTS = 99,   /* levels of indentation, CPython's MAXINDENT less the lowest */
    RS_LIMIT_BRACKETS = 200, /* open brackets, CPython's MAXLEVEL */
    RS_LIMIT_FSTRINGS = 149, /* f-strings in f-strings, CPython's MAXFSTRINGLEVEL less one */
    RS_LIMIT_FIELDS = 3      /* replacement fields in format specs, CPython's MAX_EXPR_NESTING */
};

/* What the lexer learnt about a string or a number on its way. */
enum {
    RS_TF_BACKSLASH = 1u << 0, /* has a backslash */
    RS_TF_NON_ASCII = 1u << 1,
    RS_TF_RAW = 1u << 2,
    RS_TF_BYTES = 1u << 3,
    RS_TF_TEMPLATE = 1u << 4, /* a t-string */
    RS_TF_FLOAT = 1u << 5,
    RS_TF_IMAGINARY = 1u << 6,
    RS_TF_TRIPLE = 1u << 7
};

typedef struct rs_token {
    uint32_t start_byte;
    uint32_t end_byte;
    uint8_t kind;  /* rs_token_kind */
    uint8_t flags; /* RS_TF_* */
} rs_token;

typedef struct rs_comment {
    uint32_t start_byte;
    uint32_t end_byte;
    bool is_own_line;
} rs_comment;

/* Why something is no Python. message is static text. */
typedef struct rs_fault {
    uint32_t start_byte;
    uint32_t end_byte;
    rs_diagnostic_code code;
    const char *message;
    uint32_t error_node; /* filled by the parser: pre-order number of the region, or UINT32_MAX */
} rs_fault;

RS_VEC_DEFINE(rs_tokens, rs_token)
RS_VEC_DEFINE(rs_comments, rs_comment)
RS_VEC_DEFINE(rs_faults, rs_fault)

/* What the lexer makes of a file; reset and used again for the next. */
typedef struct rs_lexed {
    size_t max_tokens;       /* of a file, from whoever asks for it; 0: any number */
    const atomic_bool *stop; /* likewise; NULL: nobody will */
    rs_tokens tokens;        /* ends with RS_T_END */
    rs_comments comments;
    rs_faults faults;
} rs_lexed;

/*
 * Tokenize text[start..n_bytes). text[n_bytes] must be a readable NUL.
 *
 * Ownership: the caller releases *out, which is emptied first.
 * Errors: RS_ERR_NOMEM; RS_ERR_LIMIT for more tokens than max_tokens.
 */
rs_status rs_lex(const char *text, uint32_t start, uint32_t n_bytes, rs_lexed *out,
                 rs_error *err) RS_MUST_USE;

void rs_lexed_release(rs_lexed *lexed);

/* What a message calls a token. */
const char *rs_token_words(rs_token_kind kind);

#endif
