/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/lexer.h"

#include "base/str.h"
#include "unit/unit.h"

static const char *const kind_names[] = {
#define RS_TOKEN(kind, words) #kind,
#include "parse/token.def"
};

/* --- tokens as text: "NAME:a EQUAL NUMBER:1 NEWLINE"; END, which is always there, is left out --- */

static bool has_text(rs_token_kind kind)
{
    return kind == RS_T_NAME || kind == RS_T_NUMBER || kind == RS_T_STRING ||
           kind == RS_T_FSTRING_START || kind == RS_T_FSTRING_MIDDLE || kind == RS_T_ERROR;
}

static void add_tokens(rs_buf *out, const char *text, const rs_lexed *lexed)
{
    for (size_t i = 0; i + 1 < lexed->tokens.n_items; i++) {
        const rs_token *token = &lexed->tokens.items[i];
        rs_buf_addf(out, "%s%s", i == 0 ? "" : " ", kind_names[token->kind]);
        if (has_text((rs_token_kind)token->kind)) {
            rs_buf_add_char(out, ':');
            rs_buf_append(out, text + token->start_byte, token->end_byte - token->start_byte);
        }
    }
    for (size_t i = 0; i < lexed->faults.n_items; i++) {
        const rs_fault *fault = &lexed->faults.items[i];
        rs_buf_addf(out, " !%s@%u-%u", rs_diagnostic_get(fault->code)->code, fault->start_byte,
                    fault->end_byte);
    }
}

/* Tokens lie in the text, in order, and end with END. */
static void check_tokens(const char *label, uint32_t n_bytes, const rs_lexed *lexed)
{
    uint32_t last = 0;
    size_t n = lexed->tokens.n_items;
    UNIT_CHECK(n > 0 && lexed->tokens.items[n - 1].kind == RS_T_END, "%s: no END", label);
    uint32_t n_open = 0;
    for (size_t i = 0; i < n; i++) {
        const rs_token *token = &lexed->tokens.items[i];
        UNIT_CHECK(token->start_byte <= token->end_byte && token->end_byte <= n_bytes,
                   "%s: token %zu lies outside", label, i);
        bool is_layout = token->kind == RS_T_INDENT || token->kind == RS_T_DEDENT;
        /* An f-string that is none is an ERROR and the same bytes as a STRING. */
        bool is_again = i > 0 && token->start_byte == lexed->tokens.items[i - 1].start_byte;
        UNIT_CHECK(is_layout || is_again || token->start_byte >= last, "%s: token %zu overlaps",
                   label, i);
        last = is_layout ? last : token->end_byte;
        n_open += token->kind == RS_T_INDENT;
        UNIT_CHECK(token->kind != RS_T_DEDENT || n_open > 0, "%s: DEDENT %zu", label, i);
        n_open -= token->kind == RS_T_DEDENT;
    }
    UNIT_CHECK(n_open == 0, "%s: %u blocks are left open", label, n_open);
}

typedef struct token_case {
    const char *label;
    const char *text;
    const char *want;
} token_case;

static void check_case(const token_case *c, rs_lexed *lexed, rs_buf *out)
{
    uint32_t n_bytes = (uint32_t)strlen(c->text);
    assert_int_equal(rs_lex(c->text, 0, n_bytes, lexed, NULL), RS_OK);
    check_tokens(c->label, n_bytes, lexed);
    rs_buf_reset(out);
    add_tokens(out, c->text, lexed);
    UNIT_CHECK(strcmp(rs_buf_text(out), c->want) == 0, "%s:\n%s\n%s", c->label, c->want,
               rs_buf_text(out));
}

static void check_cases(const token_case *cases, size_t n_cases)
{
    rs_lexed lexed = {0};
    rs_buf out = {0};
    for (size_t i = 0; i < n_cases; i++) {
        check_case(&cases[i], &lexed, &out);
    }
    rs_lexed_release(&lexed);
    rs_buf_release(&out);
}

static const token_case layout_cases[] = {
    {"nothing", "", ""},
    {"only a line end", "\n", ""},
    {"only a comment", "# a", ""},
    {"only blanks", "  \t", ""},
    {"no line end at the end", "a", "NAME:a NEWLINE"},
    {"line feed", "a\nb\n", "NAME:a NEWLINE NAME:b NEWLINE"},
    {"carriage return", "a\rb\r", "NAME:a NEWLINE NAME:b NEWLINE"},
    {"both", "a\r\nb\r\n", "NAME:a NEWLINE NAME:b NEWLINE"},
    {"a return and a feed apart", "a\n\rb", "NAME:a NEWLINE NAME:b NEWLINE"},
    {"blank lines", "\n\n  \na\n\n\t\nb", "NAME:a NEWLINE NAME:b NEWLINE"},
    {"a block", "a\n b\nc", "NAME:a NEWLINE INDENT NAME:b NEWLINE DEDENT NAME:c NEWLINE"},
    {"a block at the end", "a\n b", "NAME:a NEWLINE INDENT NAME:b NEWLINE DEDENT"},
    {"two blocks end at once", "a\n b\n  c\nd",
     "NAME:a NEWLINE INDENT NAME:b NEWLINE INDENT NAME:c NEWLINE DEDENT DEDENT NAME:d NEWLINE"},
    {"blank lines and comments have no indentation", "a\n b\n\n# c\n   # d\n b",
     "NAME:a NEWLINE INDENT NAME:b NEWLINE NAME:b NEWLINE DEDENT"},
    {"tabs stop every eight columns", "a\n\tb\n    \tb",
     "NAME:a NEWLINE INDENT NAME:b NEWLINE NAME:b NEWLINE DEDENT !indentation_error@10-11"},
    {"a tab and spaces that agree", "a\n\tb\n\t c",
     "NAME:a NEWLINE INDENT NAME:b NEWLINE INDENT NAME:c NEWLINE DEDENT DEDENT"},
    {"a tab where spaces were", "a\n        b\n\tb",
     "NAME:a NEWLINE INDENT NAME:b NEWLINE NAME:b NEWLINE DEDENT !indentation_error@13-14"},
    {"a deeper block by a tab where spaces were", "a\n        b\n\t c",
     "NAME:a NEWLINE INDENT NAME:b NEWLINE INDENT NAME:c NEWLINE DEDENT DEDENT "
     "!indentation_error@14-15"},
    {"a dedent to a tab where spaces were", "a\n        b\n            c\n\td",
     "NAME:a NEWLINE INDENT NAME:b NEWLINE INDENT NAME:c NEWLINE DEDENT NAME:d NEWLINE DEDENT "
     "!indentation_error@27-28"},
    {"a dedent to the same tab", "a\n\tb\n\t\tc\n\td",
     "NAME:a NEWLINE INDENT NAME:b NEWLINE INDENT NAME:c NEWLINE DEDENT NAME:d NEWLINE DEDENT"},
    {"a form feed starts the line anew", "a\n  \f b\n b",
     "NAME:a NEWLINE INDENT NAME:b NEWLINE NAME:b NEWLINE DEDENT"},
    {"a form feed among tokens", "a\f=\fb", "NAME:a EQUAL NAME:b NEWLINE"},
    {"a dedent to nowhere", "a\n  b\n c\nd",
     "NAME:a NEWLINE INDENT NAME:b NEWLINE NAME:c NEWLINE DEDENT NAME:d NEWLINE "
     "!indentation_error@7-8"},
    {"an indent at the start", "  a", "INDENT NAME:a NEWLINE DEDENT"},
    {"a joined line", "a \\\n b", "NAME:a NAME:b NEWLINE"},
    {"a joined line over a return", "a \\\r\n b", "NAME:a NAME:b NEWLINE"},
    {"a join before the first token", "a\n \\\n   b\n c",
     "NAME:a NEWLINE INDENT NAME:b NEWLINE NAME:c NEWLINE DEDENT"},
    {"a join at the end", "a \\", "NAME:a ERROR:\\ NEWLINE !token_error@2-3"},
    {"a join with nothing behind it", "a \\\n", "NAME:a ERROR:\\ NEWLINE !token_error@2-3"},
    {"a backslash inside a line", "a \\ b\nc",
     "NAME:a ERROR:\\ NEWLINE NAME:c NEWLINE !token_error@2-3"},
    {"lines in brackets", "(a\n  # b\n\n)\nc", "LPAR NAME:a RPAR NEWLINE NAME:c NEWLINE"},
    {"a null byte is no token", "a \x01 b", "NAME:a ERROR:\x01 NAME:b NEWLINE !token_error@2-3"},
};

static void lines_and_blocks(void **state)
{
    (void)state;
    check_cases(layout_cases, UNIT_COUNT(layout_cases));
}

static const token_case word_cases[] = {
    {"names", "a _b c1 \xc3\xa9", "NAME:a NAME:_b NAME:c1 NAME:\xc3\xa9 NEWLINE"},
    {"soft keywords are names", "match case type _",
     "NAME:match NAME:case NAME:type NAME:_ NEWLINE"},
    {"keywords by case", "none None NONE if If", "NAME:none NONE NAME:NONE IF NAME:If NEWLINE"},
    {"beginnings of keywords", "i imp imported is_ i5",
     "NAME:i NAME:imp NAME:imported NAME:is_ NAME:i5 NEWLINE"},
    {"a sign that no name has", "a\xe2\x82\xac", "ERROR:\xe2\x82\xac NEWLINE !token_error@1-4"},
    {"a digit of another script starts no name", "\xd9\xa1",
     "ERROR:\xd9\xa1 NEWLINE !token_error@0-2"},
    {"but goes on with one", "a\xd9\xa1", "NAME:a\xd9\xa1 NEWLINE"},
    {"operators", "+ - * ** / // % @ << >> & | ^ ~ := < > <= >= == !=",
     "PLUS MINUS STAR DOUBLESTAR SLASH DOUBLESLASH PERCENT AT LEFTSHIFT RIGHTSHIFT AMPER VBAR "
     "CIRCUMFLEX TILDE COLONEQUAL LESS GREATER LESSEQUAL GREATEREQUAL EQEQUAL NOTEQUAL NEWLINE"},
    {"assignments", "+= -= *= /= //= %= @= &= |= ^= >>= <<= **= -> =",
     "PLUSEQUAL MINEQUAL STAREQUAL SLASHEQUAL DOUBLESLASHEQUAL PERCENTEQUAL ATEQUAL AMPEREQUAL "
     "VBAREQUAL CIRCUMFLEXEQUAL RIGHTSHIFTEQUAL LEFTSHIFTEQUAL DOUBLESTAREQUAL RARROW EQUAL "
     "NEWLINE"},
    {"the longest operator wins", "a<<=b**-c",
     "NAME:a LEFTSHIFTEQUAL NAME:b DOUBLESTAR MINUS "
     "NAME:c NEWLINE"},
    {"dots", ". .. ... .... .1", "DOT DOT DOT ELLIPSIS ELLIPSIS DOT NUMBER:.1 NEWLINE"},
    {"the rest", "( ) [ ] { } , ; :", "LPAR RPAR LSQB RSQB LBRACE RBRACE COMMA SEMI COLON NEWLINE"},
    {"an operator of Python 2", "a <> b", "NAME:a LESS GREATER NAME:b NEWLINE"},
    {"no tokens", "$ ? !",
     "ERROR:$ ERROR:? ERROR:! NEWLINE !token_error@0-1 !token_error@2-3 !token_error@4-5"},
};

static void words_and_operators(void **state)
{
    (void)state;
    check_cases(word_cases, UNIT_COUNT(word_cases));
}

typedef struct number_case {
    const char *text;
    bool is_fine;
    uint32_t flags;
} number_case;

static const number_case number_cases[] = {
    {"0", true, 0},
    {"00_0", true, 0},
    {"10", true, 0},
    {"1_000", true, 0},
    {"0xFf_0", true, 0},
    {"0X_f", true, 0},
    {"0o17", true, 0},
    {"0O1_7", true, 0},
    {"0b10", true, 0},
    {"0B_1", true, 0},
    {"1.", true, RS_TF_FLOAT},
    {".5", true, RS_TF_FLOAT},
    {"1.5", true, RS_TF_FLOAT},
    {"1_0.0_1", true, RS_TF_FLOAT},
    {"1e5", true, RS_TF_FLOAT},
    {"1E+5", true, RS_TF_FLOAT},
    {"1.e-0_5", true, RS_TF_FLOAT},
    {"010.5", true, RS_TF_FLOAT},
    {"010e1", true, RS_TF_FLOAT},
    {"1j", true, RS_TF_IMAGINARY},
    {"010J", true, RS_TF_IMAGINARY},
    {"1.5e3j", true, RS_TF_FLOAT | RS_TF_IMAGINARY},
    {"01", false, 0},
    {"0777", false, 0},
    {"0_7", false, 0},
    {"1_", false, 0},
    {"1__0", false, 0},
    {"1_.5", false, 0},
    {"1._5", false, 0},
    {"1e_5", false, 0},
    {"1e5_", false, 0},
    {"0x", false, 0},
    {"0x_", false, 0},
    {"0xg", false, 0},
    {"0xf_", false, 0},
    {"0b2", false, 0},
    {"0b12", false, 0},
    {"0o8", false, 0},
    {"0o_", false, 0},
    {"1e", false, 0},
    {"1e+", false, 0},
    {"1.5e", false, 0},
    {"12ab", false, 0},
    {"1l", false, 0},
    {"1L", false, 0},
    {"0b1j", false, 0},
    {"1jj", false, 0},
};

static void numbers(void **state)
{
    (void)state;
    rs_lexed lexed = {0};
    for (size_t i = 0; i < UNIT_COUNT(number_cases); i++) {
        const number_case *c = &number_cases[i];
        uint32_t n_bytes = (uint32_t)strlen(c->text);
        assert_int_equal(rs_lex(c->text, 0, n_bytes, &lexed, NULL), RS_OK);
        const rs_token *first = &lexed.tokens.items[0];
        rs_token_kind want = c->is_fine ? RS_T_NUMBER : RS_T_ERROR;
        UNIT_CHECK(first->kind == want, "%s is %s", c->text, kind_names[first->kind]);
        UNIT_CHECK((lexed.faults.n_items == 0) == c->is_fine, "%s: faults", c->text);
        UNIT_CHECK(!c->is_fine || (first->end_byte == n_bytes && first->flags == c->flags),
                   "%s: end %u, flags %u", c->text, first->end_byte, (unsigned)first->flags);
    }
    rs_lexed_release(&lexed);
}

static const token_case number_token_cases[] = {
    {"a keyword right behind", "1if 2else 3or 4and 0xfor 5in x",
     "NUMBER:1 IF NUMBER:2 ELSE NUMBER:3 OR NUMBER:4 AND NUMBER:0xf OR NUMBER:5 IN NAME:x NEWLINE"},
    {"an attribute of a number", "1..a 1.5.b",
     "NUMBER:1. DOT NAME:a NUMBER:1.5 DOT NAME:b NEWLINE"},
    {"a range in dots", "1...2", "NUMBER:1. DOT NUMBER:.2 NEWLINE"},
};

static void numbers_among_tokens(void **state)
{
    (void)state;
    check_cases(number_token_cases, UNIT_COUNT(number_token_cases));
}

static void digits_have_a_limit(void **state)
{
    (void)state;
    rs_lexed lexed = {0};
    for (uint32_t n_digits = 4300; n_digits <= 4301; n_digits++) {
        rs_buf text = {0};
        for (uint32_t i = 0; i < n_digits; i++) {
            rs_buf_add_char(&text, '7');
        }
        rs_buf_add(&text, "\n");
        assert_int_equal(rs_lex(rs_buf_text(&text), 0, n_digits + 1, &lexed, NULL), RS_OK);
        assert_int_equal(lexed.tokens.items[0].kind, RS_T_NUMBER);
        assert_int_equal(lexed.faults.n_items, n_digits == 4300 ? 0 : 1);
        rs_buf_release(&text);
    }
    rs_lexed_release(&lexed);
}

typedef struct string_case {
    const char *text;
    rs_token_kind kind;
    uint32_t flags;
} string_case;

static const string_case string_cases[] = {
    {"'a'", RS_T_STRING, 0},
    {"\"a'b\"", RS_T_STRING, 0},
    {"''", RS_T_STRING, 0},
    {"''''a'b'''", RS_T_STRING, RS_TF_TRIPLE},
    {"\"\"\"a\nb\"\"\"", RS_T_STRING, RS_TF_TRIPLE},
    {"'\\''", RS_T_STRING, RS_TF_BACKSLASH},
    {"'a\\\nb'", RS_T_STRING, RS_TF_BACKSLASH},
    {"'a\\\r\nb'", RS_T_STRING, RS_TF_BACKSLASH},
    {"'\xc3\xa9'", RS_T_STRING, RS_TF_NON_ASCII},
    {"u'a'", RS_T_STRING, 0},
    {"U'a'", RS_T_STRING, 0},
    {"r'\\'a'", RS_T_STRING, RS_TF_RAW | RS_TF_BACKSLASH},
    {"R'a'", RS_T_STRING, RS_TF_RAW},
    {"b'a'", RS_T_STRING, RS_TF_BYTES},
    {"B'a'", RS_T_STRING, RS_TF_BYTES},
    {"br'a'", RS_T_STRING, RS_TF_BYTES | RS_TF_RAW},
    {"rB'a'", RS_T_STRING, RS_TF_BYTES | RS_TF_RAW},
    {"f'a'", RS_T_FSTRING_START, 0},
    {"F'a'", RS_T_FSTRING_START, 0},
    {"fR'a'", RS_T_FSTRING_START, RS_TF_RAW},
    {"rf'a'", RS_T_FSTRING_START, RS_TF_RAW},
    {"t'a'", RS_T_FSTRING_START, RS_TF_TEMPLATE},
    {"Rt'a'", RS_T_FSTRING_START, RS_TF_TEMPLATE | RS_TF_RAW},
    {"ur'a'", RS_T_NAME, 0},
    {"bu'a'", RS_T_NAME, 0},
    {"bf'a'", RS_T_NAME, 0},
    {"ft'a'", RS_T_NAME, 0},
    {"rr'a'", RS_T_NAME, 0},
    {"x'a'", RS_T_NAME, 0},
    {"rbf'a'", RS_T_NAME, 0},
};

static void strings_and_prefixes(void **state)
{
    (void)state;
    rs_lexed lexed = {0};
    for (size_t i = 0; i < UNIT_COUNT(string_cases); i++) {
        const string_case *c = &string_cases[i];
        uint32_t n_bytes = (uint32_t)strlen(c->text);
        assert_int_equal(rs_lex(c->text, 0, n_bytes, &lexed, NULL), RS_OK);
        const rs_token *first = &lexed.tokens.items[0];
        UNIT_CHECK(first->kind == c->kind, "%s is %s", c->text, kind_names[first->kind]);
        UNIT_CHECK(first->flags == c->flags, "%s: flags %u", c->text, (unsigned)first->flags);
        UNIT_CHECK(c->kind != RS_T_STRING || first->end_byte == n_bytes, "%s ends at %u", c->text,
                   first->end_byte);
        UNIT_CHECK(lexed.faults.n_items == 0, "%s: a fault", c->text);
    }
    rs_lexed_release(&lexed);
}

static const token_case string_token_cases[] = {
    {"a string without end", "a 'b\nc",
     "NAME:a ERROR:'b NEWLINE NAME:c NEWLINE !string_unterminated@2-4"},
    {"a long string without end is cut at its line", "a '''b\nc",
     "NAME:a ERROR:'''b NEWLINE NAME:c NEWLINE !string_unterminated@2-6"},
    {"an escaped end", "'a\\'", "ERROR:'a\\' NEWLINE !string_unterminated@0-4"},
    {"a backslash at the end", "'a\\", "ERROR:'a\\ NEWLINE !string_unterminated@0-3"},
    {"an f-string", "f'a{b}c'",
     "FSTRING_START:f' FSTRING_MIDDLE:a LBRACE NAME:b RBRACE FSTRING_MIDDLE:c FSTRING_END NEWLINE"},
    {"an empty one", "f''", "FSTRING_START:f' FSTRING_END NEWLINE"},
    {"doubled braces end a piece", "f'a{{b}}c'",
     "FSTRING_START:f' FSTRING_MIDDLE:a{{ FSTRING_MIDDLE:b}} FSTRING_MIDDLE:c FSTRING_END NEWLINE"},
    {"conversion and format", "f'{a!r:b{c}d}'",
     "FSTRING_START:f' LBRACE NAME:a EXCLAMATION NAME:r COLON FSTRING_MIDDLE:b LBRACE NAME:c "
     "RBRACE FSTRING_MIDDLE:d RBRACE FSTRING_END NEWLINE"},
    {"unequal is no conversion", "f'{a!=b}'",
     "FSTRING_START:f' LBRACE NAME:a NOTEQUAL NAME:b RBRACE FSTRING_END NEWLINE"},
    {"colons in brackets are no format", "f'{(a:=b)}{c[d:e]}{f:=5}'",
     "FSTRING_START:f' LBRACE LPAR NAME:a COLONEQUAL NAME:b RPAR RBRACE LBRACE NAME:c LSQB NAME:d "
     "COLON NAME:e RSQB RBRACE LBRACE NAME:f COLON FSTRING_MIDDLE:=5 RBRACE FSTRING_END NEWLINE"},
    {"the same quotes inside", "f'{'a'}'",
     "FSTRING_START:f' LBRACE STRING:'a' RBRACE FSTRING_END NEWLINE"},
    {"one inside the other", "f'{f'{a}'}'",
     "FSTRING_START:f' LBRACE FSTRING_START:f' LBRACE NAME:a RBRACE FSTRING_END RBRACE FSTRING_END "
     "NEWLINE"},
    {"lines and comments in a field", "f'''{\na # b\n}'''",
     "FSTRING_START:f''' LBRACE NAME:a RBRACE FSTRING_END NEWLINE"},
    {"a named character is text", "f'\\N{DIGIT ONE}{a}'",
     "FSTRING_START:f' FSTRING_MIDDLE:\\N{DIGIT ONE} LBRACE NAME:a RBRACE FSTRING_END NEWLINE"},
    {"an escaped line end of two bytes", "f'a\\\r\nb'",
     "FSTRING_START:f' FSTRING_MIDDLE:a\\\r\nb FSTRING_END NEWLINE"},
    {"but not in a raw one", "rf'\\N{a}'",
     "FSTRING_START:rf' FSTRING_MIDDLE:\\N LBRACE NAME:a RBRACE FSTRING_END NEWLINE"},
    {"a brace behind a backslash", "f'\\{a}'",
     "FSTRING_START:f' FSTRING_MIDDLE:\\ LBRACE NAME:a RBRACE FSTRING_END NEWLINE"},
    {"without end: read again as a string", "f'a{b'\nc",
     "ERROR:f STRING:f'a{b' NEWLINE NAME:c NEWLINE !string_unterminated@4-6 "
     "!string_unterminated@0-1"},
    {"a single closing brace", "f'a}'\nc",
     "ERROR:f STRING:f'a}' NEWLINE NAME:c NEWLINE "
     "!syntax_error@3-4"},
    {"a bracket of another kind in a field", "f'{(a]}'\nc",
     "ERROR:f STRING:f'{(a]}' NEWLINE NAME:c NEWLINE !bracket_unmatched@5-6"},
};

static void strings_among_tokens(void **state)
{
    (void)state;
    check_cases(string_token_cases, UNIT_COUNT(string_token_cases));
}

static const token_case bracket_cases[] = {
    {"a statement ends an open bracket", "(a,\ndef b",
     "LPAR NAME:a COMMA NEWLINE DEF NAME:b NEWLINE !bracket_unclosed@0-1"},
    {"async def too", "[a\nasync def b",
     "LSQB NAME:a NEWLINE ASYNC DEF NAME:b NEWLINE !bracket_unclosed@0-1"},
    {"async for does not", "[a\nasync for b in c]",
     "LSQB NAME:a ASYNC FOR NAME:b IN NAME:c RSQB NEWLINE"},
    {"nor do words of expressions", "(a\nif b\nelse lambda: c\nfor d in e\nnot f\nyield g)",
     "LPAR NAME:a IF NAME:b ELSE LAMBDA COLON NAME:c FOR NAME:d IN NAME:e NOT NAME:f YIELD NAME:g "
     "RPAR NEWLINE"},
    {"a statement left of the block", "a\n (b\nreturn c",
     "NAME:a NEWLINE INDENT LPAR NAME:b NEWLINE DEDENT RETURN NAME:c NEWLINE "
     "!bracket_unclosed@3-4"},
    {"without a statement the first line is given up", "(a\nb\nc",
     "LPAR NAME:a NEWLINE NAME:b NEWLINE NAME:c NEWLINE !bracket_unclosed@0-1"},
    {"deeper lines belong to it", "(a\n  b\nc",
     "LPAR NAME:a NAME:b NEWLINE NAME:c NEWLINE "
     "!bracket_unclosed@0-1"},
    {"a closing bracket alone", "a)\nb",
     "NAME:a ERROR:) NEWLINE NAME:b NEWLINE "
     "!bracket_unmatched@1-2"},
    {"the wrong closing bracket", "(a]\nb",
     "LPAR NAME:a ERROR:] NEWLINE NAME:b NEWLINE "
     "!bracket_unmatched@2-3 !bracket_unclosed@0-1"},
};

static void brackets_recover(void **state)
{
    (void)state;
    check_cases(bracket_cases, UNIT_COUNT(bracket_cases));
}

static void the_text_may_start_later(void **state)
{
    (void)state;
    rs_lexed lexed = {0};
    static const char text[] = "\xef\xbb\xbf  a";
    assert_int_equal(rs_lex(text, 3, sizeof text - 1, &lexed, NULL), RS_OK);
    assert_int_equal(lexed.tokens.items[0].kind, RS_T_INDENT);
    assert_int_equal(lexed.tokens.items[1].start_byte, 5);
    rs_lexed_release(&lexed);
}

static void keywords_are_sorted_and_known(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        rs_token_kind kind;
    } keywords[] = {
#define RS_KEYWORD(kind, text) {text, RS_T_##kind},
#include "parse/token.def"
    };
    assert_int_equal(UNIT_COUNT(keywords), 35);
    rs_lexed lexed = {0};
    for (size_t i = 0; i < UNIT_COUNT(keywords); i++) {
        const char *text = keywords[i].text;
        UNIT_CHECK(i == 0 || strcmp(keywords[i - 1].text, text) < 0, "%s is out of order", text);
        assert_int_equal(rs_lex(text, 0, (uint32_t)strlen(text), &lexed, NULL), RS_OK);
        UNIT_CHECK(lexed.tokens.items[0].kind == keywords[i].kind, "%s is %s", text,
                   kind_names[lexed.tokens.items[0].kind]);
    }
    rs_lexed_release(&lexed);
}

static void every_token_has_words(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < RS_N_TOKENS; kind++) {
        assert_true(strlen(rs_token_words((rs_token_kind)kind)) > 0);
    }
}

static rs_status lex_once(void *context)
{
    const char *text = context;
    rs_lexed lexed = {0};
    rs_status status = rs_lex(text, 0, (uint32_t)strlen(text), &lexed, NULL);
    rs_lexed_release(&lexed);
    return status;
}

static void out_of_memory_is_returned(void **state)
{
    (void)state;
    char text[4096];
    size_t n = 0;
    while (n + 32 < sizeof text) {
        n += (size_t)snprintf(text + n, sizeof text - n, "a\n  $ f'{b}' # c\n(\n");
    }
    UNIT_SWEEP(lex_once, text);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(lines_and_blocks),
    cmocka_unit_test(words_and_operators),
    cmocka_unit_test(numbers),
    cmocka_unit_test(numbers_among_tokens),
    cmocka_unit_test(digits_have_a_limit),
    cmocka_unit_test(strings_and_prefixes),
    cmocka_unit_test(strings_among_tokens),
    cmocka_unit_test(brackets_recover),
    cmocka_unit_test(the_text_may_start_later),
    cmocka_unit_test(keywords_are_sorted_and_known),
    cmocka_unit_test(every_token_has_words),
    cmocka_unit_test(out_of_memory_is_returned),
};

UNIT_TESTS(lexer, tests)
