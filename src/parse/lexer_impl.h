/* SPDX-License-Identifier: Apache-2.0 */
/* lexer_impl.h - what the files of the lexer share. */
#ifndef RS_PARSE_LEXER_IMPL_H
#define RS_PARSE_LEXER_IMPL_H

#include "parse/lexer.h"

/* Classes of bytes; an identifier byte may also be a digit. */
enum {
    RS_CC_NAME_START = 1u << 0, /* letters, '_', bytes from 0x80 */
    RS_CC_DIGIT = 1u << 1,
    RS_CC_HEX = 1u << 2,
    RS_CC_BLANK = 1u << 3, /* space, tab, form feed */
    RS_CC_NAME = RS_CC_NAME_START | RS_CC_DIGIT
};

extern const uint8_t rs_byte_class[256];

typedef struct lex_bracket {
    uint32_t at;
    char closer;
    bool is_field; /* the '{' of a replacement field */
} lex_bracket;

/* An f-string being read. */
typedef struct lex_fstring {
    uint32_t start;
    uint32_t n_brackets; /* open when it began */
    size_t n_tokens;     /* with the FSTRING_START */
    size_t n_comments;
    char quote;
    uint8_t n_quotes; /* 1 or 3 */
    uint8_t n_fields; /* open replacement fields */
    bool is_raw;
    bool in_text; /* reading text, not an expression */
} lex_fstring;

/* State to go back to when a logical line turns out to hold an unclosed bracket. */
typedef struct lex_mark {
    uint32_t at;
    size_t n_tokens;
    size_t n_comments;
    size_t n_faults;
} lex_mark;

typedef struct lexer {
    const char *text;
    uint32_t at;
    uint32_t n_bytes;
    rs_lexed *out;
    bool at_line_start;
    size_t max_tokens;
    bool is_over_limit; /* and out_of_memory, so that nobody goes on */
    bool out_of_memory;
    bool is_recovering; /* any line at or left of the block closes the open brackets */
    uint32_t n_recoveries;
    lex_mark line; /* start of the current logical line */
    uint32_t n_indents;
    bool is_too_deep; /* below RS_LIMIT_INDENTS, which was told */
    uint32_t n_brackets;
    uint32_t n_fstrings;
    uint32_t columns[RS_LIMIT_INDENTS + 1];     /* tab stops of 8 */
    uint32_t alt_columns[RS_LIMIT_INDENTS + 1]; /* tab stops of 1 */
    lex_bracket brackets[RS_LIMIT_BRACKETS];
    lex_fstring fstrings[RS_LIMIT_FSTRINGS];
} lexer;

static inline uint8_t class_of(char c)
{
    return rs_byte_class[(unsigned char)c];
}

static inline void token_add(lexer *lx, rs_token_kind kind, uint32_t start, uint32_t end,
                             uint32_t flags)
{
    rs_token token = {start, end, (uint8_t)kind, (uint8_t)flags};
    lx->is_over_limit = lx->is_over_limit || lx->out->tokens.n_items == lx->max_tokens;
    if (lx->is_over_limit || !rs_tokens_push(&lx->out->tokens, token)) {
        lx->out_of_memory = true;
    }
}

void rs_lex_fault(lexer *lx, rs_diagnostic_code code, uint32_t start, uint32_t end,
                  const char *message);

/* A fault and an ERROR token over the same bytes. */
void rs_lex_error(lexer *lx, rs_diagnostic_code code, uint32_t start, uint32_t end,
                  const char *message);

/* A string at lx->at, whose prefix started at start; prefix flags are known. */
void rs_lex_string(lexer *lx, uint32_t start, uint32_t flags, bool is_format);

/* The next token in the text of the innermost f-string. */
void rs_lex_fstring_text(lexer *lx);

/* The innermost f-string cannot be read as one: read the outermost again as plain text. */
void rs_lex_fstring_give_up(lexer *lx, rs_diagnostic_code code, const char *message);

/* A number at lx->at. */
void rs_lex_number(lexer *lx);

#endif
