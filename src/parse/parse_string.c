/* SPDX-License-Identifier: Apache-2.0 */
/* parse_string.c - string literals, concatenated and formatted.
 *
 * The pieces of adjacent literals are joined as CPython 3.12 and later join them
 * (Parser/action_helpers.c, _PyPegen_concatenate_strings): text pieces that follow each
 * other become one Constant, from the start of the first to the end of the last, and
 * empty ones vanish.
 */
#include "parse/parse_impl.h"

enum { CONVERSION_S = 1, CONVERSION_R, CONVERSION_A };

/* Text waiting to become one Constant. */
typedef struct text_run {
    uint32_t start;
    uint32_t end;
    bool is_open;
    bool has_text;
} text_run;

/* The formatted string being built. */
typedef struct format_state {
    text_run run;
    uint32_t n_values;
    bool is_template;
} format_state;

/* --- escapes --- */

static bool hex_digits_follow(const char *text, uint32_t n_digits)
{
    for (uint32_t i = 0; i < n_digits; i++) {
        char c = text[i];
        bool is_hex = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
        if (!is_hex) {
            return false;
        }
    }
    return true;
}

static bool is_beyond_unicode(const char *digits)
{
    return !(digits[0] == '0' && digits[1] == '0' &&
             (digits[2] == '0' || (digits[2] == '1' && digits[3] == '0')));
}

static bool name_follows(const char *text, const char *end)
{
    const char *close = *text == '{' ? memchr(text, '}', (size_t)(end - text)) : NULL;
    return close != NULL && rs_parse_is_character_name(text + 1, (size_t)(close - text) - 1);
}

/* True when the escape at text (behind the backslash) is one that CPython can read. */
static bool escape_is_fine(const char *text, const char *end, bool is_bytes)
{
    switch (*text) {
    case 'x':
        return hex_digits_follow(text + 1, 2);
    case 'u':
        return is_bytes || hex_digits_follow(text + 1, 4);
    case 'U':
        return is_bytes || (hex_digits_follow(text + 1, 8) && !is_beyond_unicode(text + 1));
    case 'N':
        return is_bytes || name_follows(text + 1, end);
    default:
        return true;
    }
}

static void escapes_check(rs_parser *p, const rs_token *tok)
{
    bool is_bytes = (tok->flags & RS_TF_BYTES) != 0;
    const char *end = p->text + tok->end_byte;
    for (const char *at = p->text + tok->start_byte; at < end; at++) {
        if (*at != '\\') {
            continue;
        }
        at++;
        if (!escape_is_fine(at, end, is_bytes)) {
            rs_parse_complain(p, RS_D_token_error, tok->start_byte, tok->end_byte,
                              "complete escape sequences in the string");
            return;
        }
    }
}

static void string_check(rs_parser *p, const rs_token *tok)
{
    if ((tok->flags & RS_TF_BACKSLASH) != 0 && (tok->flags & RS_TF_RAW) == 0) {
        escapes_check(p, tok);
    }
    if ((tok->flags & RS_TF_BYTES) != 0 && (tok->flags & RS_TF_NON_ASCII) != 0) {
        rs_parse_complain(p, RS_D_token_error, tok->start_byte, tok->end_byte,
                          "only ASCII characters in a bytes literal");
    }
}

/* --- text pieces --- */

static void run_add(text_run *run, uint32_t start, uint32_t end, bool has_text)
{
    run->start = run->is_open ? run->start : start;
    run->end = end;
    run->is_open = true;
    run->has_text = run->has_text || has_text;
}

static void run_close(rs_parser *p, format_state *state)
{
    text_run run = state->run;
    state->run = (text_run){0};
    if (run.is_open && run.has_text) {
        rs_node *node = node_close(p, RS_AST_Constant, run.start, run.end, n_nodes(p));
        node->detail = RS_W_literal_kind_string;
        field_set(p, RS_F_values, state->n_values++);
    }
}

/* True when text between two offsets means anything: joined lines alone do not. */
static bool means_text(const rs_parser *p, uint32_t start, uint32_t end, uint32_t flags)
{
    if ((flags & RS_TF_BACKSLASH) == 0 || (flags & RS_TF_RAW) != 0) {
        return start < end;
    }
    while (start + 1 < end && p->text[start] == '\\' &&
           (p->text[start + 1] == '\n' || p->text[start + 1] == '\r')) {
        start += p->text[start + 1] == '\r' && p->text[start + 2] == '\n' ? 3 : 2;
    }
    return start < end;
}

static bool string_means_text(const rs_parser *p, const rs_token *tok)
{
    uint32_t start = tok->start_byte;
    while (p->text[start] != '\'' && p->text[start] != '"') {
        start++;
    }
    uint32_t n_quotes = (tok->flags & RS_TF_TRIPLE) != 0 ? 3 : 1;
    return means_text(p, start + n_quotes, tok->end_byte - n_quotes, tok->flags);
}

/* --- replacement fields --- */

/* The token that ends the field's expression when it has a '=' behind it, else NULL. */
static const rs_token *debug_end(const rs_token *tok)
{
    uint32_t depth = 0;
    for (const rs_token *equal = NULL;; tok++) {
        switch (tok->kind) {
        case RS_T_LPAR:
        case RS_T_LSQB:
        case RS_T_LBRACE:
            depth++;
            break;
        case RS_T_RPAR:
        case RS_T_RSQB:
        case RS_T_RBRACE:
            if (depth == 0) {
                return equal == NULL ? NULL : tok;
            }
            depth--;
            break;
        case RS_T_COLON:
        case RS_T_EXCLAMATION:
            if (depth == 0) {
                return equal == NULL ? NULL : tok;
            }
            break;
        case RS_T_EQUAL:
            equal = depth == 0 ? tok : equal;
            break;
        case RS_T_NEWLINE:
        case RS_T_END:
            return NULL;
        default:
            break;
        }
    }
}

static bool parse_conversion(rs_parser *p, uint32_t *conversion)
{
    const rs_token *mark = p->tok;
    if (!accept(p, RS_T_EXCLAMATION)) {
        return true;
    }
    static const char letters[] = "sra";
    const char *letter = memchr(letters, p->text[p->tok->start_byte], sizeof letters - 1);
    if (!at_kind(p, RS_T_NAME) || letter == NULL || p->tok->start_byte != mark->end_byte ||
        p->tok->end_byte - p->tok->start_byte != 1) {
        return rs_parse_fail(p, "'s', 'r' or 'a' right behind '!'");
    }
    *conversion = (uint32_t)(letter - letters) + CONVERSION_S;
    advance(p);
    return true;
}

static bool parse_format_pieces(rs_parser *p, format_state *state);

/* ':' and what follows up to '}', as a string of its own: its fields are formatted, in t-strings too. */
static bool parse_format_spec(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    advance(p);
    format_state state = {.is_template = false};
    if (!parse_format_pieces(p, &state)) {
        return false;
    }
    run_close(p, &state);
    node_close(p, RS_AST_JoinedStr, start, p->last_end, first)->detail = RS_W_literal_kind_fstring;
    field_set(p, RS_F_format_spec, 0);
    return true;
}

static bool parse_field(rs_parser *p, format_state *state)
{
    const rs_token *open = p->tok;
    advance(p);
    const rs_token *debug = debug_end(p->tok);
    if (debug != NULL) {
        run_add(&state->run, open->end_byte, debug->start_byte, true);
    }
    run_close(p, state);
    uint32_t first = n_nodes(p);
    uint32_t conversion = 0;
    if (!rs_parse_yield_or_star(p)) {
        return false;
    }
    field_set(p, RS_F_value, 0);
    if (debug != NULL && accept(p, RS_T_EQUAL) && p->tok == debug && at_kind(p, RS_T_RBRACE)) {
        conversion = CONVERSION_R;
    }
    if (!parse_conversion(p, &conversion) || (at_kind(p, RS_T_COLON) && !parse_format_spec(p))) {
        return false;
    }
    if (!accept(p, RS_T_RBRACE)) {
        return rs_parse_fail(p, "'=', '!', ':' or '}'");
    }
    rs_ast_class ast_class = state->is_template ? RS_AST_Interpolation : RS_AST_FormattedValue;
    node_close(p, ast_class, open->start_byte, p->last_end, first)->detail = conversion & 63U;
    field_set(p, RS_F_values, state->n_values++);
    return true;
}

/* Text and fields, up to FSTRING_END or the '}' of the field around. */
static bool parse_format_pieces(rs_parser *p, format_state *state)
{
    for (;;) {
        const rs_token *tok = p->tok;
        if (tok->kind == RS_T_FSTRING_MIDDLE) {
            string_check(p, tok);
            run_add(&state->run, tok->start_byte, tok->end_byte,
                    means_text(p, tok->start_byte, tok->end_byte, tok->flags));
            advance(p);
        } else if (tok->kind == RS_T_LBRACE) {
            if (!parse_field(p, state)) {
                return false;
            }
        } else {
            return true;
        }
    }
}

static bool parse_formatted(rs_parser *p, format_state *state)
{
    advance(p);
    return parse_format_pieces(p, state) && rs_parse_expect(p, RS_T_FSTRING_END);
}

/* --- the whole --- */

enum { HAS_BYTES = 1u << 0, HAS_TEXT = 1u << 1, HAS_FORMAT = 1u << 2, HAS_TEMPLATE = 1u << 3 };

/* What the run of string tokens at tok is made of; *n_tokens of them when none is formatted. */
static uint32_t strings_look(const rs_token *tok)
{
    uint32_t has = 0;
    uint32_t depth = 0;
    for (; depth > 0 || tok->kind == RS_T_STRING || tok->kind == RS_T_FSTRING_START; tok++) {
        if (tok->kind == RS_T_FSTRING_START) {
            if (depth++ == 0) {
                has |= (tok->flags & RS_TF_TEMPLATE) != 0 ? HAS_TEMPLATE : HAS_FORMAT;
            }
        } else if (tok->kind == RS_T_FSTRING_END) {
            depth--;
        } else if (depth == 0) {
            has |= (tok->flags & RS_TF_BYTES) != 0 ? HAS_BYTES : HAS_TEXT;
        } else if (tok->kind == RS_T_END || tok->kind == RS_T_NEWLINE) {
            break;
        }
    }
    return has;
}

static bool parse_plain_strings(rs_parser *p)
{
    const rs_token *first = p->tok;
    while (at_kind(p, RS_T_STRING)) {
        string_check(p, p->tok);
        advance(p);
    }
    rs_node *node = node_close(p, RS_AST_Constant, first->start_byte, p->last_end, n_nodes(p));
    node->detail =
        (first->flags & RS_TF_BYTES) != 0 ? RS_W_literal_kind_bytes : RS_W_literal_kind_string;
    return true;
}

static bool parse_mixed_strings(rs_parser *p, bool is_template)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    format_state state = {.is_template = is_template};
    for (;;) {
        const rs_token *tok = p->tok;
        if (tok->kind == RS_T_STRING) {
            string_check(p, tok);
            run_add(&state.run, tok->start_byte, tok->end_byte, string_means_text(p, tok));
            advance(p);
        } else if (tok->kind != RS_T_FSTRING_START) {
            break;
        } else if (!parse_formatted(p, &state)) {
            return false;
        }
    }
    run_close(p, &state);
    node_close(p, is_template ? RS_AST_TemplateStr : RS_AST_JoinedStr, start, p->last_end, first)
        ->detail = is_template ? RS_W_literal_kind_tstring : RS_W_literal_kind_fstring;
    return true;
}

bool rs_parse_strings(rs_parser *p)
{
    uint8_t next = p->tok[1].kind;
    if (at_kind(p, RS_T_STRING) && next != RS_T_STRING && next != RS_T_FSTRING_START) {
        return parse_plain_strings(p);
    }
    const rs_token *start = p->tok;
    uint32_t has = strings_look(start);
    bool is_template = (has & HAS_TEMPLATE) != 0;
    bool is_fine = (has & (HAS_FORMAT | HAS_TEMPLATE)) != 0 ? parse_mixed_strings(p, is_template)
                                                            : parse_plain_strings(p);
    if ((has & HAS_BYTES) != 0 && has != HAS_BYTES) {
        rs_parse_complain(p, RS_D_syntax_error, start->start_byte, p->last_end,
                          "bytes or text, not both, in adjacent strings");
    } else if (is_template && has != HAS_TEMPLATE) {
        rs_parse_complain(p, RS_D_syntax_error, start->start_byte, p->last_end,
                          "t-strings alone among adjacent strings");
    }
    return is_fine;
}
