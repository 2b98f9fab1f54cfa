/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/lexer.h"

#include <string.h>
#include <unictype.h>
#include <unistr.h>

#include "parse/lexer_impl.h"

enum {
    TAB_STOP = 8,
    /* After so many unclosed brackets the rest of the file is read in recovery. */
    MAX_RECOVERIES = 16
};

#define LETTER (RS_CC_NAME_START)
#define HEXLETTER (RS_CC_NAME_START | RS_CC_HEX)

const uint8_t rs_byte_class[256] = {
    [' '] = RS_CC_BLANK,
    ['\t'] = RS_CC_BLANK,
    ['\f'] = RS_CC_BLANK,
    ['_'] = LETTER,
    ['0'] = RS_CC_DIGIT | RS_CC_HEX,
    ['1'] = RS_CC_DIGIT | RS_CC_HEX,
    ['2'] = RS_CC_DIGIT | RS_CC_HEX,
    ['3'] = RS_CC_DIGIT | RS_CC_HEX,
    ['4'] = RS_CC_DIGIT | RS_CC_HEX,
    ['5'] = RS_CC_DIGIT | RS_CC_HEX,
    ['6'] = RS_CC_DIGIT | RS_CC_HEX,
    ['7'] = RS_CC_DIGIT | RS_CC_HEX,
    ['8'] = RS_CC_DIGIT | RS_CC_HEX,
    ['9'] = RS_CC_DIGIT | RS_CC_HEX,
    ['a'] = HEXLETTER,
    ['b'] = HEXLETTER,
    ['c'] = HEXLETTER,
    ['d'] = HEXLETTER,
    ['e'] = HEXLETTER,
    ['f'] = HEXLETTER,
    ['A'] = HEXLETTER,
    ['B'] = HEXLETTER,
    ['C'] = HEXLETTER,
    ['D'] = HEXLETTER,
    ['E'] = HEXLETTER,
    ['F'] = HEXLETTER,
    ['g'] = LETTER,
    ['h'] = LETTER,
    ['i'] = LETTER,
    ['j'] = LETTER,
    ['k'] = LETTER,
    ['l'] = LETTER,
    ['m'] = LETTER,
    ['n'] = LETTER,
    ['o'] = LETTER,
    ['p'] = LETTER,
    ['q'] = LETTER,
    ['r'] = LETTER,
    ['s'] = LETTER,
    ['t'] = LETTER,
    ['u'] = LETTER,
    ['v'] = LETTER,
    ['w'] = LETTER,
    ['x'] = LETTER,
    ['y'] = LETTER,
    ['z'] = LETTER,
    ['G'] = LETTER,
    ['H'] = LETTER,
    ['I'] = LETTER,
    ['J'] = LETTER,
    ['K'] = LETTER,
    ['L'] = LETTER,
    ['M'] = LETTER,
    ['N'] = LETTER,
    ['O'] = LETTER,
    ['P'] = LETTER,
    ['Q'] = LETTER,
    ['R'] = LETTER,
    ['S'] = LETTER,
    ['T'] = LETTER,
    ['U'] = LETTER,
    ['V'] = LETTER,
    ['W'] = LETTER,
    ['X'] = LETTER,
    ['Y'] = LETTER,
    ['Z'] = LETTER,
#define FOUR(n) [n] = LETTER, [(n) + 1] = LETTER, [(n) + 2] = LETTER, [(n) + 3] = LETTER
#define SIXTEEN(n) FOUR(n), FOUR((n) + 4), FOUR((n) + 8), FOUR((n) + 12)
    SIXTEEN(128),
    SIXTEEN(144),
    SIXTEEN(160),
    SIXTEEN(176),
    SIXTEEN(192),
    SIXTEEN(208),
    SIXTEEN(224),
    SIXTEEN(240),
};

typedef struct keyword {
    const char *text;
    uint8_t n_bytes;
    uint8_t kind;
} keyword;

static const keyword keywords[] = {
#define RS_KEYWORD(kind, text) {text, sizeof(text) - 1, RS_T_##kind},
#include "parse/token.def"
};

/* Places in keywords. */
enum {
#define RS_TOKEN(kind, words)
#define RS_KEYWORD(kind, text) KEYWORD_##kind,
#include "parse/token.def"
};

static const char *const token_words[] = {
#define RS_TOKEN(kind, words) words,
#include "parse/token.def"
};

const char *rs_token_words(rs_token_kind kind)
{
    RS_ASSERT(kind < RS_N_TOKENS);
    return token_words[kind];
}

void rs_lexed_release(rs_lexed *lexed)
{
    rs_tokens_release(&lexed->tokens);
    rs_comments_release(&lexed->comments);
    rs_faults_release(&lexed->faults);
}

void rs_lex_fault(lexer *lx, rs_diagnostic_code code, uint32_t start, uint32_t end,
                  const char *message)
{
    rs_fault fault = {start, end, code, message, UINT32_MAX};
    if (!rs_faults_push(&lx->out->faults, fault)) {
        lx->out_of_memory = true;
    }
}

void rs_lex_error(lexer *lx, rs_diagnostic_code code, uint32_t start, uint32_t end,
                  const char *message)
{
    rs_lex_fault(lx, code, start, end, message);
    token_add(lx, RS_T_ERROR, start, end, 0);
}

/* --- lines and blocks --- */

static const char BACKSLASH_MESSAGE[] = "a line behind the backslash";
static const char TABS_MESSAGE[] = "the same tabs and spaces as in the lines above";

static bool is_line_end(const lexer *lx, uint32_t at)
{
    return lx->text[at] == '\n' || lx->text[at] == '\r' || at >= lx->n_bytes;
}

/* Behind the line end at `at`, which may be the end of the text. */
static uint32_t line_end_skip(const lexer *lx, uint32_t at)
{
    if (at >= lx->n_bytes) {
        return lx->n_bytes;
    }
    return at + (lx->text[at] == '\r' && lx->text[at + 1] == '\n' ? 2 : 1);
}

static uint32_t comment_end(const lexer *lx, uint32_t at)
{
    RS_ASSERT(at <= lx->n_bytes);
    const char *from = lx->text + at;
    const char *feed = memchr(from, '\n', lx->n_bytes - at);
    size_t n_bytes = feed == NULL ? lx->n_bytes - at : (size_t)(feed - from);
    const char *cr = memchr(from, '\r', n_bytes);
    return at + (uint32_t)(cr == NULL ? n_bytes : (size_t)(cr - from));
}

static void comment_add(lexer *lx, bool is_own_line)
{
    rs_comment comment = {lx->at, comment_end(lx, lx->at), is_own_line};
    if (!rs_comments_push(&lx->out->comments, comment)) {
        lx->out_of_memory = true;
    }
    lx->at = comment.end_byte;
}

static void indent_push(lexer *lx, uint32_t start, uint32_t column, uint32_t alt_column)
{
    if (lx->n_indents == RS_LIMIT_INDENTS) {
        if (!lx->is_too_deep) { /* of a nest once, not a level */
            rs_lex_fault(lx, RS_D_nesting_too_deep, start, lx->at,
                         "at most 99 levels of indentation");
        }
        lx->is_too_deep = true;
        return;
    }
    if (alt_column <= lx->alt_columns[lx->n_indents]) {
        rs_lex_fault(lx, RS_D_indentation_error, lx->at, lx->at + 1, TABS_MESSAGE);
    }
    RS_ASSERT(column > lx->columns[lx->n_indents]); /* columns go up, or dedents are not found */
    lx->n_indents++;
    lx->columns[lx->n_indents] = column;
    lx->alt_columns[lx->n_indents] = alt_column;
    token_add(lx, RS_T_INDENT, start, lx->at, 0);
}

static void indent_pop(lexer *lx, uint32_t column, uint32_t alt_column)
{
    while (lx->n_indents > 0 && column < lx->columns[lx->n_indents]) {
        if (column > lx->columns[lx->n_indents - 1]) {
            rs_lex_fault(lx, RS_D_indentation_error, lx->at, lx->at + 1,
                         "the indentation of an enclosing block");
            /* Read on as if the block had been indented like this. */
            lx->columns[lx->n_indents] = column;
            lx->alt_columns[lx->n_indents] = alt_column;
            return;
        }
        lx->n_indents--;
        token_add(lx, RS_T_DEDENT, lx->at, lx->at, 0);
    }
    if (alt_column != lx->alt_columns[lx->n_indents]) {
        rs_lex_fault(lx, RS_D_indentation_error, lx->at, lx->at + 1, TABS_MESSAGE);
    }
}

static void indent_apply(lexer *lx, uint32_t start, uint32_t column, uint32_t alt_column)
{
    RS_ASSERT(lx->n_indents <= RS_LIMIT_INDENTS);
    uint32_t current = lx->columns[lx->n_indents];
    lx->is_too_deep = lx->is_too_deep && column > current;
    if (column == current) {
        if (alt_column != lx->alt_columns[lx->n_indents]) {
            rs_lex_fault(lx, RS_D_indentation_error, lx->at, lx->at + 1, TABS_MESSAGE);
        }
    } else if (column > current) {
        indent_push(lx, start, column, alt_column);
    } else {
        indent_pop(lx, column, alt_column);
    }
}

/* Measure the blanks at lx->at and go behind them; a backslash goes on with the next line. */
static void blanks_measure(lexer *lx, uint32_t *column, uint32_t *alt_column)
{
    uint32_t kept = 0;
    uint32_t kept_alt = 0;
    *column = *alt_column = 0;
    for (;; lx->at++) {
        char c = lx->text[lx->at];
        if (c == ' ') {
            ++*column;
            ++*alt_column;
        } else if (c == '\t') {
            *column = (*column / TAB_STOP + 1) * TAB_STOP;
            ++*alt_column;
        } else if (c == '\f') {
            *column = *alt_column = 0;
        } else if (c == '\\' && lx->at + 1 < lx->n_bytes && is_line_end(lx, lx->at + 1)) {
            /* The column of the first line counts. */
            kept = kept == 0 ? *column : kept;
            kept_alt = kept_alt == 0 ? *alt_column : kept_alt;
            uint32_t backslash = lx->at;
            lx->at = line_end_skip(lx, lx->at + 1) - 1;
            if (lx->at + 1 >= lx->n_bytes) {
                rs_lex_error(lx, RS_D_token_error, backslash, backslash + 1, BACKSLASH_MESSAGE);
            }
        } else {
            break;
        }
    }
    *column = kept != 0 ? kept : *column;
    *alt_column = kept_alt != 0 ? kept_alt : *alt_column;
}

static void line_mark(lexer *lx)
{
    lx->line = (lex_mark){lx->at, lx->out->tokens.n_items, lx->out->comments.n_items,
                          lx->out->faults.n_items};
}

/* Skip blank lines; on the first line with a token, compare its indentation. */
static void line_start(lexer *lx)
{
    lx->at_line_start = false;
    for (;;) {
        uint32_t start = lx->at;
        uint32_t column;
        uint32_t alt_column;
        blanks_measure(lx, &column, &alt_column);
        if (lx->text[lx->at] == '#') {
            comment_add(lx, true);
        }
        if (!is_line_end(lx, lx->at)) {
            indent_apply(lx, start, column, alt_column);
            line_mark(lx);
            return;
        }
        if (lx->at >= lx->n_bytes) {
            return;
        }
        lx->at = line_end_skip(lx, lx->at);
    }
}

/* --- brackets --- */

static void bracket_open(lexer *lx, rs_token_kind kind, char closer)
{
    if (lx->n_brackets == RS_LIMIT_BRACKETS) {
        rs_lex_error(lx, RS_D_nesting_too_deep, lx->at, lx->at + 1, "at most 200 nested brackets");
        /* Nothing behind it in the line makes sense: the line, not the bracket, is given up. */
        lx->at = comment_end(lx, lx->at);
        lx->n_brackets = 0;
        lx->n_fstrings = 0;
        return;
    }
    RS_ASSERT(lx->n_brackets < RS_LIMIT_BRACKETS);
    lx->brackets[lx->n_brackets++] = (lex_bracket){lx->at, closer, false};
    token_add(lx, kind, lx->at, lx->at + 1, 0);
    lx->at++;
}

static uint32_t brackets_floor(const lexer *lx)
{
    return lx->n_fstrings == 0 ? 0 : lx->fstrings[lx->n_fstrings - 1].n_brackets;
}

static void bracket_close(lexer *lx, rs_token_kind kind, char closer)
{
    uint32_t floor = brackets_floor(lx);
    uint32_t n_open = lx->n_brackets;
    RS_ASSERT(floor <= n_open); /* what a field opened is closed before its string is */
    while (n_open > floor && lx->brackets[n_open - 1].closer != closer) {
        n_open--;
    }
    if (n_open != lx->n_brackets || n_open == floor) {
        if (lx->n_fstrings > 0) {
            rs_lex_fstring_give_up(lx, RS_D_bracket_unmatched,
                                   "brackets that match in a replacement field");
            return;
        }
        rs_lex_error(lx, RS_D_bracket_unmatched, lx->at, lx->at + 1,
                     lx->n_brackets == floor ? "an open bracket before the closing one"
                                             : "the closing bracket of the last open one");
        lx->n_brackets = n_open > floor ? n_open - 1 : lx->n_brackets;
        lx->at++;
        return;
    }
    lx->n_brackets--;
    if (lx->brackets[lx->n_brackets].is_field) {
        lex_fstring *fstring = &lx->fstrings[lx->n_fstrings - 1];
        fstring->n_fields--;
        fstring->in_text = true;
    }
    token_add(lx, kind, lx->at, lx->at + 1, 0);
    lx->at++;
}

static const keyword *keyword_find(const char *text, uint32_t n_bytes)
{
    /* First entry of `keywords` for each first letter; the others begin at one of another letter. */
    static const uint8_t first_of[] = {
        ['F'] = KEYWORD_FALSE,    ['N'] = KEYWORD_NONE,  ['T'] = KEYWORD_TRUE,
        ['a'] = KEYWORD_AND,      ['b'] = KEYWORD_BREAK, ['c'] = KEYWORD_CLASS,
        ['d'] = KEYWORD_DEF,      ['e'] = KEYWORD_ELIF,  ['f'] = KEYWORD_FINALLY,
        ['g'] = KEYWORD_GLOBAL,   ['i'] = KEYWORD_IF,    ['l'] = KEYWORD_LAMBDA,
        ['n'] = KEYWORD_NONLOCAL, ['o'] = KEYWORD_OR,    ['p'] = KEYWORD_PASS,
        ['r'] = KEYWORD_RAISE,    ['t'] = KEYWORD_TRY,   ['w'] = KEYWORD_WHILE,
        ['y'] = KEYWORD_YIELD,
    };
    unsigned char first = (unsigned char)text[0];
    if (n_bytes < 2 || n_bytes > 8 || first >= sizeof first_of) {
        return NULL;
    }
    for (size_t i = first_of[first]; i < sizeof keywords / sizeof keywords[0]; i++) {
        const keyword *k = &keywords[i];
        if ((unsigned char)k->text[0] != first) {
            return NULL;
        }
        RS_ASSERT(i == 0 || strcmp(keywords[i - 1].text, k->text) < 0);
        if (k->n_bytes == n_bytes && memcmp(k->text, text, n_bytes) == 0) {
            return k;
        }
    }
    return NULL;
}

/* Keywords that start a statement and stand at the start of no line inside brackets. */
static bool starts_statement(const lexer *lx, uint32_t at)
{
    static const bool hard[RS_N_TOKENS] = {
        [RS_T_ASSERT] = true, [RS_T_BREAK] = true,  [RS_T_CLASS] = true,    [RS_T_CONTINUE] = true,
        [RS_T_DEF] = true,    [RS_T_DEL] = true,    [RS_T_EXCEPT] = true,   [RS_T_FINALLY] = true,
        [RS_T_GLOBAL] = true, [RS_T_IMPORT] = true, [RS_T_NONLOCAL] = true, [RS_T_PASS] = true,
        [RS_T_RAISE] = true,  [RS_T_RETURN] = true, [RS_T_TRY] = true,      [RS_T_WHILE] = true,
        [RS_T_WITH] = true,
    };
    uint32_t end = at;
    while (end - at <= 8 && (class_of(lx->text[end]) & RS_CC_NAME) != 0) {
        end++;
    }
    const keyword *k = end == at ? NULL : keyword_find(lx->text + at, end - at);
    if (k == NULL) {
        return false;
    }
    if (k->kind == RS_T_ASYNC) {
        while ((class_of(lx->text[end]) & RS_CC_BLANK) != 0) {
            end++;
        }
        return strncmp(lx->text + end, "def", 3) == 0 &&
               (class_of(lx->text[end + 3]) & RS_CC_NAME) == 0;
    }
    return hard[k->kind];
}

static void brackets_give_up(lexer *lx)
{
    RS_ASSERT(lx->n_brackets > 0);
    const lex_bracket *open = &lx->brackets[lx->n_brackets - 1];
    rs_lex_fault(lx, RS_D_bracket_unclosed, open->at, open->at + 1, "a closing bracket");
    lx->n_brackets = 0;
    lx->n_fstrings = 0;
}

static void newline_add(lexer *lx, uint32_t end)
{
    token_add(lx, RS_T_NEWLINE, lx->at, end, 0);
    lx->at = end;
    lx->at_line_start = true;
    lx->is_recovering = lx->n_recoveries > MAX_RECOVERIES;
}

/* A line end between brackets: blank, unless the next line shows that they are never closed. */
static void line_end_in_brackets(lexer *lx)
{
    uint32_t next = line_end_skip(lx, lx->at);
    uint32_t at = next;
    uint32_t column = 0;
    for (; (class_of(lx->text[at]) & RS_CC_BLANK) != 0; at++) {
        column = lx->text[at] == '\t' ? (column / TAB_STOP + 1) * TAB_STOP : column + 1;
    }
    char c = lx->text[at];
    bool is_left = column <= lx->columns[lx->n_indents];
    bool is_content = !is_line_end(lx, at) && c != '#' && c != ')' && c != ']' && c != '}';
    if (is_content && ((is_left && lx->is_recovering) || starts_statement(lx, at))) {
        brackets_give_up(lx);
        newline_add(lx, next);
        return;
    }
    lx->at = next;
}

static void line_end(lexer *lx)
{
    if (lx->n_brackets > 0) {
        line_end_in_brackets(lx);
        return;
    }
    newline_add(lx, line_end_skip(lx, lx->at));
}

/* Read the logical line that opened the bracket again, ready to end it early. */
static void line_recover(lexer *lx)
{
    RS_ASSERT(lx->line.at <= lx->at &&
              lx->line.n_tokens <= lx->out->tokens.n_items); /* backwards */
    lx->at = lx->line.at;
    lx->out->tokens.n_items = lx->line.n_tokens;
    lx->out->comments.n_items = lx->line.n_comments;
    lx->out->faults.n_items = lx->line.n_faults;
    lx->n_brackets = 0;
    lx->n_fstrings = 0;
    lx->is_recovering = true;
    lx->n_recoveries++;
}

/* --- names --- */

/* The first byte of text that no name may have there, or n_bytes. */
static uint32_t name_bad_at(const char *text, uint32_t n_bytes)
{
    const uint8_t *bytes = (const uint8_t *)text;
    for (uint32_t i = 0; i < n_bytes;) {
        ucs4_t c;
        int n = u8_mbtoucr(&c, bytes + i, n_bytes - i);
        if (n <= 0) {
            i++; /* not UTF-8: the encoding's fault says it */
        } else if (i == 0 ? c == '_' || uc_is_property_xid_start(c)
                          : uc_is_property_xid_continue(c)) {
            i += (uint32_t)n;
        } else {
            return i;
        }
    }
    return n_bytes;
}

static void name_check(lexer *lx, uint32_t start)
{
    uint32_t bad_at = start + name_bad_at(lx->text + start, lx->at - start);
    if (bad_at < lx->at) {
        rs_lex_error(lx, RS_D_token_error, bad_at, lx->at, "a character that a name may have");
        return;
    }
    token_add(lx, RS_T_NAME, start, lx->at, RS_TF_NON_ASCII);
}

/* Flags of a string prefix, or UINT32_MAX when the name is none. */
static uint32_t prefix_flags(const char *text, uint32_t n_bytes, bool *is_format)
{
    uint32_t flags = 0;
    bool is_unicode = false;
    *is_format = false;
    if (n_bytes > 2) {
        return UINT32_MAX;
    }
    for (uint32_t i = 0; i < n_bytes; i++) {
        char c = (char)(text[i] | 0x20);
        if (c == 'r' && (flags & RS_TF_RAW) == 0) {
            flags |= RS_TF_RAW;
        } else if (c == 'b' && (flags & RS_TF_BYTES) == 0 && !*is_format) {
            flags |= RS_TF_BYTES;
        } else if ((c == 'f' || c == 't') && !*is_format && (flags & RS_TF_BYTES) == 0) {
            *is_format = true;
            flags |= c == 't' ? RS_TF_TEMPLATE : 0;
        } else if (c == 'u' && n_bytes == 1) {
            is_unicode = true;
        } else {
            return UINT32_MAX;
        }
    }
    return is_unicode && n_bytes > 1 ? UINT32_MAX : flags;
}

static void lex_name(lexer *lx)
{
    uint32_t start = lx->at;
    const char *text = lx->text;
    uint32_t at = start;
    unsigned char high = 0;
    while ((class_of(text[at]) & RS_CC_NAME) != 0) {
        high |= (unsigned char)text[at++];
    }
    lx->at = at;
    if (text[at] == '\'' || text[at] == '"') {
        bool is_format;
        uint32_t flags = prefix_flags(text + start, at - start, &is_format);
        if (flags != UINT32_MAX) {
            rs_lex_string(lx, start, flags, is_format);
            return;
        }
    }
    if (high >= 0x80) {
        name_check(lx, start);
        return;
    }
    const keyword *k = keyword_find(text + start, at - start);
    token_add(lx, k == NULL ? RS_T_NAME : (rs_token_kind)k->kind, start, at, 0);
}

/* --- operators --- */

/* An operator of one to three characters: the character, and what it is alone, doubled, with '='. */
typedef struct operator_row {
    uint8_t one;
    uint8_t with_equal;
    uint8_t twice;
    uint8_t twice_equal;
} operator_row;

static const operator_row operators[128] = {
    ['+'] = {RS_T_PLUS, RS_T_PLUSEQUAL, 0, 0},
    ['-'] = {RS_T_MINUS, RS_T_MINEQUAL, 0, 0},
    ['*'] = {RS_T_STAR, RS_T_STAREQUAL, RS_T_DOUBLESTAR, RS_T_DOUBLESTAREQUAL},
    ['/'] = {RS_T_SLASH, RS_T_SLASHEQUAL, RS_T_DOUBLESLASH, RS_T_DOUBLESLASHEQUAL},
    ['%'] = {RS_T_PERCENT, RS_T_PERCENTEQUAL, 0, 0},
    ['&'] = {RS_T_AMPER, RS_T_AMPEREQUAL, 0, 0},
    ['|'] = {RS_T_VBAR, RS_T_VBAREQUAL, 0, 0},
    ['^'] = {RS_T_CIRCUMFLEX, RS_T_CIRCUMFLEXEQUAL, 0, 0},
    ['~'] = {RS_T_TILDE, 0, 0, 0},
    ['@'] = {RS_T_AT, RS_T_ATEQUAL, 0, 0},
    ['<'] = {RS_T_LESS, RS_T_LESSEQUAL, RS_T_LEFTSHIFT, RS_T_LEFTSHIFTEQUAL},
    ['>'] = {RS_T_GREATER, RS_T_GREATEREQUAL, RS_T_RIGHTSHIFT, RS_T_RIGHTSHIFTEQUAL},
    ['='] = {RS_T_EQUAL, RS_T_EQEQUAL, 0, 0},
    ['!'] = {0, RS_T_NOTEQUAL, 0, 0},
    [':'] = {RS_T_COLON, RS_T_COLONEQUAL, 0, 0},
    [','] = {RS_T_COMMA, 0, 0, 0},
    [';'] = {RS_T_SEMI, 0, 0, 0},
};

/* In a replacement field, ':' starts the format spec and '!' the conversion. */
static bool lex_field_end(lexer *lx, char c)
{
    if (lx->n_brackets == 0 || !lx->brackets[lx->n_brackets - 1].is_field) {
        return false;
    }
    if (c == ':') {
        token_add(lx, RS_T_COLON, lx->at, lx->at + 1, 0);
        lx->at++;
        lx->fstrings[lx->n_fstrings - 1].in_text = true;
        return true;
    }
    if (c == '!' && lx->text[lx->at + 1] != '=') {
        token_add(lx, RS_T_EXCLAMATION, lx->at, lx->at + 1, 0);
        lx->at++;
        return true;
    }
    return false;
}

static void lex_operator(lexer *lx)
{
    const char *text = lx->text + lx->at;
    if ((*text == ':' || *text == '!') && lex_field_end(lx, *text)) {
        return;
    }
    const operator_row *row = (unsigned char)*text < 128 ? &operators[(unsigned char)*text] : NULL;
    uint32_t n_bytes = 1;
    uint8_t kind = row == NULL ? 0 : row->one;
    if (kind != 0 && text[1] == *text && row->twice != 0) {
        kind = text[2] == '=' ? row->twice_equal : row->twice;
        n_bytes = text[2] == '=' ? 3 : 2;
    } else if (row != NULL && row->with_equal != 0 && text[1] == '=') {
        kind = row->with_equal;
        n_bytes = 2;
    } else if (*text == '-' && text[1] == '>') {
        kind = RS_T_RARROW;
        n_bytes = 2;
    }
    if (kind == 0) {
        rs_lex_error(lx, RS_D_token_error, lx->at, lx->at + 1, "a token of the language");
    } else {
        token_add(lx, (rs_token_kind)kind, lx->at, lx->at + n_bytes, 0);
    }
    lx->at += n_bytes;
}

static void lex_dot(lexer *lx)
{
    const char *text = lx->text + lx->at;
    if ((class_of(text[1]) & RS_CC_DIGIT) != 0) {
        rs_lex_number(lx);
        return;
    }
    uint32_t n_bytes = text[1] == '.' && text[2] == '.' ? 3 : 1;
    token_add(lx, n_bytes == 3 ? RS_T_ELLIPSIS : RS_T_DOT, lx->at, lx->at + n_bytes, 0);
    lx->at += n_bytes;
}

static void lex_backslash(lexer *lx)
{
    uint32_t next = lx->at + 1;
    if (next >= lx->n_bytes) {
        rs_lex_error(lx, RS_D_token_error, lx->at, next, BACKSLASH_MESSAGE);
        lx->at = next;
    } else if (is_line_end(lx, next)) {
        lx->at = line_end_skip(lx, next);
        if (lx->at >= lx->n_bytes) {
            rs_lex_error(lx, RS_D_token_error, next - 1, next, BACKSLASH_MESSAGE);
        }
    } else {
        rs_lex_error(lx, RS_D_token_error, lx->at, next,
                     "the end of the line behind the backslash");
        lx->at = comment_end(lx, lx->at);
    }
}

/* --- the whole --- */

static void lex_one(lexer *lx)
{
    char c = lx->text[lx->at];
    switch (c) {
    case ' ':
    case '\t':
    case '\f':
        lx->at++;
        return;
    case '\n':
    case '\r':
        line_end(lx);
        return;
    case '#':
        comment_add(lx, false);
        return;
    case '\\':
        lex_backslash(lx);
        return;
    case '(':
        bracket_open(lx, RS_T_LPAR, ')');
        return;
    case '[':
        bracket_open(lx, RS_T_LSQB, ']');
        return;
    case '{':
        bracket_open(lx, RS_T_LBRACE, '}');
        return;
    case ')':
        bracket_close(lx, RS_T_RPAR, c);
        return;
    case ']':
        bracket_close(lx, RS_T_RSQB, c);
        return;
    case '}':
        bracket_close(lx, RS_T_RBRACE, c);
        return;
    case '.':
        lex_dot(lx);
        return;
    case '\'':
    case '"':
        rs_lex_string(lx, lx->at, 0, false);
        return;
    default:
        break;
    }
    uint8_t cls = class_of(c);
    if ((cls & RS_CC_NAME_START) != 0) {
        lex_name(lx);
    } else if ((cls & RS_CC_DIGIT) != 0) {
        rs_lex_number(lx);
    } else {
        lex_operator(lx);
    }
}

/* At the end of the text: true when there is more to read after all. */
static bool lex_end(lexer *lx)
{
    if (lx->n_fstrings > 0) {
        rs_lex_fstring_give_up(lx, RS_D_string_unterminated, "the end of the string");
        return true;
    }
    if (lx->n_brackets > 0 && !lx->is_recovering) {
        line_recover(lx);
        return true;
    }
    if (lx->n_brackets > 0) {
        brackets_give_up(lx);
    }
    const rs_tokens *tokens = &lx->out->tokens;
    if (tokens->n_items > 0) {
        uint8_t last = tokens->items[tokens->n_items - 1].kind;
        if (last != RS_T_NEWLINE && last != RS_T_DEDENT) {
            token_add(lx, RS_T_NEWLINE, lx->at, lx->at, 0);
        }
    }
    for (; lx->n_indents > 0; lx->n_indents--) {
        token_add(lx, RS_T_DEDENT, lx->at, lx->at, 0);
    }
    token_add(lx, RS_T_END, lx->at, lx->at, 0);
    return false;
}

static void lex_all(lexer *lx)
{
    do {
        while (lx->at < lx->n_bytes && !lx->out_of_memory) {
            lx->out_of_memory = rs_stopped(lx->out->stop);
            if (lx->n_fstrings > 0 && lx->fstrings[lx->n_fstrings - 1].in_text) {
                rs_lex_fstring_text(lx);
            } else if (lx->at_line_start) {
                line_start(lx);
            } else {
                lex_one(lx);
            }
        }
    } while (!lx->out_of_memory && lex_end(lx));
}

rs_status rs_lex(const char *text, uint32_t start, uint32_t n_bytes, rs_lexed *out, rs_error *err)
{
    rs_tokens_reset(&out->tokens);
    rs_comments_reset(&out->comments);
    rs_faults_reset(&out->faults);
    lexer lx;
    /* The stacks are read only where they were written; clearing 30 KB a file would show. */
    lx.text = text;
    lx.at = start;
    lx.n_bytes = n_bytes;
    lx.out = out;
    lx.at_line_start = true;
    lx.max_tokens = out->max_tokens == 0 ? SIZE_MAX : out->max_tokens;
    lx.is_over_limit = false;
    lx.out_of_memory = false;
    lx.is_recovering = false;
    lx.n_recoveries = 0;
    lx.line = (lex_mark){start, 0, 0, 0};
    lx.n_indents = lx.n_brackets = lx.n_fstrings = 0;
    lx.is_too_deep = false;
    lx.columns[0] = lx.alt_columns[0] = 0;
    lex_all(&lx);
    if (lx.is_over_limit) {
        return rs_error_set(err, RS_ERR_LIMIT, "tokenize: more than %zu tokens", lx.max_tokens);
    }
    return lx.out_of_memory ? rs_error_set(err, RS_ERR_NOMEM, "tokenize: out of memory") : RS_OK;
}
