/* SPDX-License-Identifier: Apache-2.0 */
/* Text to tree: a lexer of one token ahead, and precedence climbing. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "plan/expr.h"

enum { NOT_PRECEDENCE = 3, COMPARE_PRECEDENCE = 4, UNARY_PRECEDENCE = 11, MAX_NAME_BYTES = 64 };

static const rs_expr_op operators[] = {
    {"OR", 1, RS_OP_LOGIC, "true where one side is, else null where one is null",
     "TRUE OR NULL\n"
     "(FALSE OR NULL) IS NULL",
     NULL},
    {"AND", 2, RS_OP_LOGIC, "false where one side is, else null where one is null",
     "NOT (FALSE AND NULL)\n"
     "(TRUE AND NULL) IS NULL",
     NULL},
    {"NOT", NOT_PRECEDENCE, RS_OP_LOGIC, "of a null, null",
     "NOT FALSE\n"
     "(NOT NULL) IS NULL",
     NULL},
    {"=", COMPARE_PRECEDENCE, RS_OP_COMPARE,
     "texts by bytes, words of one set by their place in it, a word beside a text as a text; with "
     "a null, null",
     "'a' = 'a'\n"
     "NOT 'a' = 'A'\n"
     "1 = 1.0\n"
     "(NULL = NULL) IS NULL",
     NULL},
    {"<>", COMPARE_PRECEDENCE, RS_OP_COMPARE, "not equal",
     "1 <> 2\n"
     "(1 <> NULL) IS NULL",
     NULL},
    {"!=", COMPARE_PRECEDENCE, RS_OP_COMPARE, "the same as <>", "1 != 2", NULL},
    {"<=", COMPARE_PRECEDENCE, RS_OP_COMPARE, "less or equal", "'a' <= 'b'", NULL},
    {">=", COMPARE_PRECEDENCE, RS_OP_COMPARE, "greater or equal", "'é' >= 'z'", NULL},
    {"<", COMPARE_PRECEDENCE, RS_OP_COMPARE, "less",
     "'B' < 'a'\n"
     "1 < 1.5",
     NULL},
    {">", COMPARE_PRECEDENCE, RS_OP_COMPARE, "greater", "2 > 1", NULL},
    {"||", 5, RS_OP_CONCAT, "one text behind the other; with a null, null",
     "'a' || 'b' = 'ab'\n"
     "('a' || NULL) IS NULL",
     NULL},
    {"|", 6, RS_OP_BITS, "bits of either",
     "(5 | 2) = 7\n"
     "(5 | NULL) IS NULL",
     NULL},
    {"&", 7, RS_OP_BITS, "bits of both", "(5 & 4) = 4", NULL},
    {"<<", 8, RS_OP_BITS,
     "bits to the left; one that is lost, a number below 0 and a step below 0 fail the rule",
     "1 << 3 = 8", "1 << 31 > 0"},
    {">>", 8, RS_OP_BITS,
     "bits to the right, the sign kept; by 64 and more it is 0, by less than 0 it fails the rule",
     "9 >> 1 = 4\n"
     "1 >> 70 = 0",
     NULL},
    {"+", 9, RS_OP_NUMBER,
     "of columns of 32 bits in these, else in 64: what does not fit fails the "
     "rule; with a fraction on one side IEEE arithmetic",
     "1 + 2 = 3\n"
     "1 + 0.5 = 1.5\n"
     "(1 + NULL) IS NULL",
     "c.call_id + 9223372036854775807 > 0"},
    {"-", 9, RS_OP_NUMBER, "as +; before a value, its negation",
     "1 - 2 = 0 - 1\n"
     "- 3 < 0",
     "0 - c.call_id - 9223372036854775807 < 0"},
    {"*", 10, RS_OP_NUMBER, "as +", "3 * 4 = 12", "9223372036854775807 * 2 > 0"},
    {"/", 10, RS_OP_NUMBER,
     "of whole numbers without the fraction; by 0 null. With a fraction on one side IEEE: by 0 "
     "infinite",
     "7 / 2 = 3\n"
     "(0 - 7) / 2 = 0 - 3\n"
     "7 / 2.0 = 3.5\n"
     "(1 / 0) IS NULL\n"
     "1 / 0.0 > 1e300",
     NULL},
    {"%", 10, RS_OP_NUMBER, "what / leaves, with the sign of the left side; by 0 null",
     "7 % 3 = 1\n"
     "(0 - 7) % 3 = 0 - 1\n"
     "(1 % 0) IS NULL",
     NULL},
    {"~", UNARY_PRECEDENCE, RS_OP_BITS, "every bit the other one",
     "~ 5 = 0 - 6\n"
     "(~ NULL) IS NULL",
     NULL},
};

static const char *const reserved[] = {"AND",  "OR",   "NOT",  "IS",  "NULL", "IN",   "CASE",
                                       "WHEN", "THEN", "ELSE", "END", "TRUE", "FALSE"};

typedef enum token_kind {
    TOKEN_END,
    TOKEN_NAME,
    TOKEN_KEYWORD,
    TOKEN_INT,
    TOKEN_FLOAT,
    TOKEN_TEXT,
    TOKEN_SYMBOL,
    TOKEN_BAD /* reported */
} token_kind;

typedef struct token {
    token_kind kind;
    rs_str text; /* as written; of a text literal, without the quotes */
    size_t offset;
} token;

typedef struct parser {
    const rs_placed_text *from;
    rs_str text;
    size_t offset; /* behind the current token */
    token current;
    size_t depth;
    bool failed; /* the first fault is reported, the rest would only follow from it */
    rs_arena *arena;
    rs_problems *problems;
} parser;

static rs_expr *parse_from(parser *in, int least);

const rs_expr_op *rs_expr_op_get(size_t index)
{
    return index < sizeof operators / sizeof operators[0] ? &operators[index] : NULL;
}

const rs_expr_op *rs_expr_op_find(rs_str symbol)
{
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        rs_str known = rs_str_of(operators[i].symbol);
        if (known.n_bytes == symbol.n_bytes &&
            strncasecmp(known.bytes, symbol.bytes, symbol.n_bytes) == 0) {
            return &operators[i];
        }
    }
    return NULL;
}

/* --- faults --- */

static rs_place place_at(const parser *in, size_t offset)
{
    return in->from->place_at(in->from, offset);
}

static rs_expr *fail_expected(parser *in, const char *expected)
{
    if (!in->failed) {
        in->failed = true;
        rs_place place = place_at(in, in->current.offset);
        if (in->current.kind == TOKEN_END) {
            rs_problems_add(in->problems, place, "expected %s, found the end of the expression",
                            expected);
        } else {
            rs_problems_add(in->problems, place, "expected %s, found %.*s", expected,
                            (int)in->current.text.n_bytes, in->current.text.bytes);
        }
    }
    return NULL;
}

static void fail_lexing(parser *in, size_t offset, const char *message)
{
    if (!in->failed) {
        in->failed = true;
        rs_problems_add(in->problems, place_at(in, offset), "%s", message);
    }
}

/* --- lexer --- */

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) != 0 || c == '_';
}

static bool is_reserved(rs_str word)
{
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        rs_str known = rs_str_of(reserved[i]);
        if (known.n_bytes == word.n_bytes &&
            strncasecmp(known.bytes, word.bytes, word.n_bytes) == 0) {
            return true;
        }
    }
    return false;
}

static char char_at(const parser *in, size_t offset)
{
    if (offset >= in->text.n_bytes) {
        return '\0';
    }
    return in->text.bytes[offset];
}

static token_kind lex_number(parser *in, size_t at)
{
    size_t end = at;
    bool is_hex = char_at(in, at) == '0' && (char_at(in, at + 1) | 0x20) == 'x';
    bool is_float = false;
    for (end += is_hex ? 2 : 0; is_name_char(char_at(in, end)) || char_at(in, end) == '.'; end++) {
        char c = char_at(in, end);
        bool is_exponent = !is_hex && (c | 0x20) == 'e';
        if (is_exponent && (char_at(in, end + 1) == '-' || char_at(in, end + 1) == '+')) {
            end++;
        }
        is_float = is_float || c == '.' || is_exponent;
        if (!(is_hex ? isxdigit((unsigned char)c) : isdigit((unsigned char)c)) && c != '.' &&
            !is_exponent) {
            fail_lexing(in, at, "this is no number");
            return TOKEN_BAD;
        }
    }
    in->offset = end;
    return is_float ? TOKEN_FLOAT : TOKEN_INT;
}

static token_kind lex_text(parser *in, size_t at)
{
    size_t end = at + 1;
    for (;; end++) {
        if (end >= in->text.n_bytes) {
            fail_lexing(in, at, "the text has no closing '");
            return TOKEN_BAD;
        }
        if (in->text.bytes[end] == '\'') {
            if (char_at(in, end + 1) != '\'') {
                break;
            }
            end++;
        }
    }
    in->offset = end + 1;
    return TOKEN_TEXT;
}

static token_kind lex_symbol(parser *in, size_t at)
{
    static const char *const pairs[] = {"<>", "!=", "<=", ">=", "||", "<<", ">>"};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (char_at(in, at) == pairs[i][0] && char_at(in, at + 1) == pairs[i][1]) {
            in->offset = at + 2;
            return TOKEN_SYMBOL;
        }
    }
    in->offset = at + 1;
    if (strchr("=<>|&+-*/%~(),.", in->text.bytes[at]) == NULL) {
        char message[] = "no character of an expression: ?";
        message[sizeof message - 2] = in->text.bytes[at];
        fail_lexing(in, at, message);
        return TOKEN_BAD;
    }
    return TOKEN_SYMBOL;
}

static void advance(parser *in)
{
    size_t at = in->offset;
    while (at < in->text.n_bytes && isspace((unsigned char)in->text.bytes[at]) != 0) {
        at++;
    }
    token_kind kind = TOKEN_END;
    char c = char_at(in, at);
    in->offset = at;
    if (at < in->text.n_bytes) {
        if (isdigit((unsigned char)c) != 0) {
            kind = lex_number(in, at);
        } else if (is_name_char(c)) {
            while (is_name_char(char_at(in, in->offset))) {
                in->offset++;
            }
            kind = is_reserved((rs_str){in->text.bytes + at, in->offset - at}) ? TOKEN_KEYWORD
                                                                               : TOKEN_NAME;
        } else {
            kind = c == '\'' ? lex_text(in, at) : lex_symbol(in, at);
        }
    }
    in->current = (token){kind, {in->text.bytes + at, in->offset - at}, at};
}

static bool at_word(const parser *in, const char *word)
{
    return (in->current.kind == TOKEN_KEYWORD || in->current.kind == TOKEN_SYMBOL) &&
           in->current.text.n_bytes == strlen(word) &&
           strncasecmp(in->current.text.bytes, word, in->current.text.n_bytes) == 0;
}

static bool take_word(parser *in, const char *word)
{
    bool found = at_word(in, word);
    if (found) {
        advance(in);
    }
    return found;
}

/* --- tree --- */

static rs_expr *new_expr(parser *in, rs_expr_kind kind, size_t offset)
{
    rs_expr *expr = rs_arena_alloc(in->arena, 1, sizeof *expr);
    if (expr == NULL) {
        in->problems->failed = true;
        in->failed = true;
        return NULL;
    }
    *expr = (rs_expr){.kind = kind, .place = place_at(in, offset), .depth = 1};
    return expr;
}

/* Hang child behind parent's children; false when one of them is missing or it gets too deep. */
static bool add_child(parser *in, rs_expr *parent, rs_expr *child)
{
    if (parent == NULL || child == NULL) {
        return false;
    }
    if (parent->n_children == RS_EXPR_MAX_CHILDREN && !in->failed) {
        in->failed = true;
        rs_problems_add(in->problems, child->place, "more than %d values in one list",
                        (int)RS_EXPR_MAX_CHILDREN);
        return false;
    }
    rs_expr **end = &parent->first;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = child;
    parent->n_children++;
    if (child->depth >= parent->depth) {
        parent->depth = child->depth + 1;
    }
    if (parent->depth > RS_EXPR_MAX_DEPTH) {
        if (!in->failed) {
            in->failed = true;
            rs_problems_add(in->problems, parent->place, "the expression is nested deeper than %d",
                            (int)RS_EXPR_MAX_DEPTH);
        }
        return false;
    }
    return true;
}

static rs_str copy_text(parser *in, rs_str text)
{
    char *copy = rs_arena_strndup(in->arena, text.bytes, text.n_bytes);
    if (copy == NULL) {
        in->problems->failed = true;
        in->failed = true;
        return (rs_str){"", 0};
    }
    return (rs_str){copy, text.n_bytes};
}

/* The current text literal's value: '' is one quote. */
static rs_str text_value(parser *in)
{
    rs_str raw = {in->current.text.bytes + 1, in->current.text.n_bytes - 2};
    rs_str copy = copy_text(in, raw);
    char *out = (char *)(uintptr_t)copy.bytes;
    size_t n_bytes = 0;
    for (size_t i = 0; i < copy.n_bytes; i++) {
        out[n_bytes++] = copy.bytes[i];
        i += copy.bytes[i] == '\'';
    }
    if (copy.n_bytes > 0) {
        out[n_bytes] = '\0';
    }
    return (rs_str){copy.bytes, n_bytes};
}

static rs_expr *parse_number(parser *in)
{
    char text[MAX_NAME_BYTES];
    rs_str written = in->current.text;
    bool is_float = in->current.kind == TOKEN_FLOAT;
    rs_expr *expr = new_expr(in, is_float ? RS_EXPR_FLOAT : RS_EXPR_INT, in->current.offset);
    if (expr == NULL) {
        return NULL;
    }
    char *end = text;
    errno = 0;
    if (written.n_bytes < sizeof text) {
        memcpy(text, written.bytes, written.n_bytes);
        text[written.n_bytes] = '\0';
        if (is_float) {
            expr->f64 = strtod(text, &end);
        } else {
            bool is_hex = written.n_bytes > 2 && (text[1] | 0x20) == 'x';
            expr->i64 = strtoll(text, &end, is_hex ? 16 : 10);
        }
    }
    if (errno != 0 || end != text + written.n_bytes) {
        return fail_expected(in, "a number of at most 64 bits");
    }
    advance(in);
    return expr;
}

/* Words that start a statement: a rule holds expressions alone. */
static bool starts_statement(rs_str word)
{
    static const char *const words[] = {
        "SELECT", "WITH",   "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER",   "DROP", "COPY",
        "ATTACH", "PRAGMA", "SET",    "CALL",   "EXPORT", "IMPORT", "INSTALL", "LOAD", "TRUNCATE"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strlen(words[i]) == word.n_bytes &&
            strncasecmp(words[i], word.bytes, word.n_bytes) == 0) {
            return true;
        }
    }
    return false;
}

static rs_expr *fail_statement(parser *in)
{
    if (!in->failed) {
        in->failed = true;
        rs_problems_add(in->problems, place_at(in, in->current.offset),
                        "%.*s: the policy refuses statements and sub-queries in a rule; values "
                        "come from an input, or from a param table (IN params.NAME)",
                        (int)in->current.text.n_bytes, in->current.text.bytes);
    }
    return NULL;
}

static rs_expr *parse_list(parser *in, rs_expr *parent, const char *expected)
{
    do {
        if (!add_child(in, parent, parse_from(in, 1))) {
            return NULL;
        }
    } while (take_word(in, ","));
    return take_word(in, ")") ? parent : fail_expected(in, expected);
}

/* alias.column, or function(...). */
static rs_expr *parse_name(parser *in)
{
    rs_str name = in->current.text;
    size_t offset = in->current.offset;
    advance(in);
    if (take_word(in, "(")) {
        rs_expr *call = new_expr(in, RS_EXPR_CALL, offset);
        if (call == NULL) {
            return NULL;
        }
        call->text = copy_text(in, name);
        return take_word(in, ")") ? call : parse_list(in, call, ", or ) behind the arguments");
    }
    if (!take_word(in, ".")) {
        in->current = (token){TOKEN_NAME, name, offset};
        return starts_statement(name)
                   ? fail_statement(in)
                   : fail_expected(in, "a column (alias.column), a literal or a function");
    }
    if (in->current.kind != TOKEN_NAME && in->current.kind != TOKEN_KEYWORD) {
        return fail_expected(in, "a column's name");
    }
    rs_expr *column = new_expr(in, RS_EXPR_COLUMN, offset);
    if (column != NULL) {
        column->alias = copy_text(in, name);
        column->text = copy_text(in, in->current.text);
    }
    advance(in);
    return column;
}

static rs_expr *parse_case(parser *in)
{
    rs_expr *expr = new_expr(in, RS_EXPR_CASE, in->current.offset);
    advance(in);
    if (!at_word(in, "WHEN")) {
        return fail_expected(in, "WHEN");
    }
    while (take_word(in, "WHEN")) {
        if (!add_child(in, expr, parse_from(in, 1))) {
            return NULL;
        }
        if (!take_word(in, "THEN")) {
            return fail_expected(in, "THEN");
        }
        if (!add_child(in, expr, parse_from(in, 1))) {
            return NULL;
        }
    }
    if (take_word(in, "ELSE")) {
        if (!add_child(in, expr, parse_from(in, 1))) {
            return NULL;
        }
        expr->has_else = true;
    }
    return take_word(in, "END") ? expr : fail_expected(in, "WHEN, ELSE or END");
}

static rs_expr *parse_word(parser *in)
{
    size_t offset = in->current.offset;
    if (at_word(in, "CASE")) {
        return parse_case(in);
    }
    if (take_word(in, "NULL")) {
        return new_expr(in, RS_EXPR_NULL, offset);
    }
    if (!at_word(in, "TRUE") && !at_word(in, "FALSE")) {
        return fail_expected(in, "a value");
    }
    rs_expr *expr = new_expr(in, RS_EXPR_BOOL, offset);
    if (expr != NULL) {
        expr->i64 = at_word(in, "TRUE");
    }
    advance(in);
    return expr;
}

static rs_expr *parse_unary(parser *in, const char *symbol, int precedence)
{
    rs_expr *expr = new_expr(in, RS_EXPR_UNARY, in->current.offset);
    advance(in);
    if (expr == NULL || !add_child(in, expr, parse_from(in, precedence))) {
        return NULL;
    }
    expr->op = rs_expr_op_find(rs_str_of(symbol));
    return expr;
}

static rs_expr *parse_primary(parser *in)
{
    switch (in->current.kind) {
    case TOKEN_INT:
    case TOKEN_FLOAT:
        return parse_number(in);
    case TOKEN_NAME:
        return parse_name(in);
    case TOKEN_TEXT: {
        rs_expr *expr = new_expr(in, RS_EXPR_TEXT, in->current.offset);
        if (expr != NULL) {
            expr->text = text_value(in);
        }
        advance(in);
        return expr;
    }
    case TOKEN_KEYWORD:
        return at_word(in, "NOT") ? parse_unary(in, "NOT", NOT_PRECEDENCE) : parse_word(in);
    case TOKEN_SYMBOL:
        if (at_word(in, "-") || at_word(in, "~")) {
            return parse_unary(in, at_word(in, "-") ? "-" : "~", UNARY_PRECEDENCE);
        }
        if (take_word(in, "(")) {
            rs_expr *expr = parse_from(in, 1);
            return expr == NULL || take_word(in, ")") ? expr
                                                      : fail_expected(in, "an operator or )");
        }
        return fail_expected(in, "a value");
    case TOKEN_END:
        return fail_expected(in, "a value");
    case TOKEN_BAD:
        return NULL;
    }
    return NULL;
}

/* params.NAME behind IN. */
static rs_expr *parse_param(parser *in, rs_expr *expr)
{
    if (!rs_str_equal(in->current.text, RS_STR_LITERAL("params"))) {
        return fail_expected(in, "( or params.NAME");
    }
    advance(in);
    if (!take_word(in, ".") || in->current.kind != TOKEN_NAME) {
        return fail_expected(in, "params.NAME");
    }
    expr->kind = RS_EXPR_IN_PARAM;
    expr->text = copy_text(in, in->current.text);
    advance(in);
    return expr;
}

/* IS [NOT] NULL and [NOT] IN (...) behind left; NULL when neither stands here or it is wrong. */
static rs_expr *parse_postfix(parser *in, rs_expr *left)
{
    size_t offset = in->current.offset;
    if (take_word(in, "IS")) {
        rs_expr *expr = new_expr(in, RS_EXPR_IS_NULL, offset);
        if (expr == NULL || !add_child(in, expr, left)) {
            return NULL;
        }
        expr->is_negated = take_word(in, "NOT");
        return take_word(in, "NULL") ? expr : fail_expected(in, "NULL or NOT NULL");
    }
    bool is_negated = take_word(in, "NOT");
    if (!take_word(in, "IN")) {
        return fail_expected(in, is_negated ? "IN" : "an operator");
    }
    rs_expr *expr = new_expr(in, RS_EXPR_IN, offset);
    if (expr == NULL || !add_child(in, expr, left)) {
        return NULL;
    }
    expr->is_negated = is_negated;
    if (in->current.kind == TOKEN_NAME) {
        return parse_param(in, expr);
    }
    return take_word(in, "(") ? parse_list(in, expr, ", or ) behind the list")
                              : fail_expected(in, "( or params.NAME");
}

static rs_expr *parse_operators(parser *in, int least)
{
    rs_expr *left = parse_primary(in);
    while (left != NULL && !in->failed) {
        bool is_postfix = at_word(in, "IS") || at_word(in, "IN") || at_word(in, "NOT");
        if (is_postfix) {
            if (COMPARE_PRECEDENCE < least) {
                return left;
            }
            left = parse_postfix(in, left);
            continue;
        }
        bool may_be = in->current.kind == TOKEN_KEYWORD || in->current.kind == TOKEN_SYMBOL;
        const rs_expr_op *op = may_be ? rs_expr_op_find(in->current.text) : NULL;
        if (op == NULL || op->precedence < least || op->precedence == UNARY_PRECEDENCE) {
            return left;
        }
        rs_expr *expr = new_expr(in, RS_EXPR_BINARY, in->current.offset);
        advance(in);
        if (!add_child(in, expr, left) ||
            !add_child(in, expr, parse_from(in, op->precedence + 1))) {
            return NULL;
        }
        expr->op = op;
        left = expr;
    }
    return in->failed ? NULL : left;
}

/* Operators that bind at least so tightly. */
static rs_expr *parse_from(parser *in, int least)
{
    if (in->depth >= RS_EXPR_MAX_DEPTH) {
        if (!in->failed) {
            in->failed = true;
            rs_problems_add(in->problems, place_at(in, in->current.offset),
                            "the expression is nested deeper than %d", (int)RS_EXPR_MAX_DEPTH);
        }
        return NULL;
    }
    in->depth++;
    rs_expr *expr = parse_operators(in, least);
    in->depth--;
    return expr;
}

rs_expr *rs_expr_parse(const rs_placed_text *text, rs_arena *arena, rs_problems *problems)
{
    parser in = {.from = text, .text = text->text, .arena = arena, .problems = problems};
    advance(&in);
    rs_expr *expr = parse_from(&in, 1);
    if (expr != NULL && in.current.kind != TOKEN_END) {
        return fail_expected(&in, "an operator or the end");
    }
    return in.failed ? NULL : expr;
}

rs_expr *rs_expr_new_text(rs_str text, rs_place place, rs_arena *arena, rs_problems *problems)
{
    rs_expr *expr = rs_arena_alloc(arena, 1, sizeof *expr);
    if (expr == NULL) {
        problems->failed = true;
        return NULL;
    }
    *expr = (rs_expr){.kind = RS_EXPR_TEXT, .place = place, .depth = 1, .text = text};
    return expr;
}
