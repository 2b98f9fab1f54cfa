/* SPDX-License-Identifier: Apache-2.0 */
/* lexer_number.c - numbers, as CPython's tokenizer takes them. */
#include "parse/lexer_impl.h"

enum {
    /* CPython's default limit for decimal digits of an int (sys.int_info). */
    LIMIT_INT_DIGITS = 4300
};

/* digit ('_'? digit)*; false when an underscore is out of place or nothing is there. */
static bool digits_skip(lexer *lx, uint8_t wanted)
{
    if ((class_of(lx->text[lx->at]) & wanted) == 0) {
        return false;
    }
    for (;;) {
        while ((class_of(lx->text[lx->at]) & wanted) != 0) {
            lx->at++;
        }
        if (lx->text[lx->at] != '_') {
            return true;
        }
        lx->at++;
        if ((class_of(lx->text[lx->at]) & wanted) == 0) {
            return false;
        }
    }
}

/* 0x, 0o, 0b at lx->at. */
static bool radix_skip(lexer *lx, char radix)
{
    lx->at += 2;
    lx->at += lx->text[lx->at] == '_';
    if (radix == 'x') {
        return digits_skip(lx, RS_CC_HEX);
    }
    uint32_t start = lx->at;
    bool is_fine = digits_skip(lx, RS_CC_DIGIT);
    char highest = radix == 'o' ? '7' : '1';
    for (uint32_t i = start; i < lx->at; i++) {
        is_fine = is_fine && (lx->text[i] <= highest || lx->text[i] == '_');
    }
    return is_fine;
}

/* A number may run into one of a few keywords, with a warning. */
static bool may_follow(const char *text)
{
    switch (text[0]) {
    case 'a':
        return text[1] == 'n' && text[2] == 'd';
    case 'e':
        return text[1] == 'l' && text[2] == 's' && text[3] == 'e';
    case 'f':
        return text[1] == 'o' && text[2] == 'r';
    case 'i':
        return text[1] == 'n' || text[1] == 'f' || text[1] == 's';
    case 'n':
        return text[1] == 'o' && text[2] == 't';
    case 'o':
        return text[1] == 'r';
    default:
        return false;
    }
}

static bool fraction_skip(lexer *lx, uint32_t *flags)
{
    if (lx->text[lx->at] != '.') {
        return true;
    }
    *flags |= RS_TF_FLOAT;
    lx->at++;
    return (class_of(lx->text[lx->at]) & RS_CC_DIGIT) == 0 || digits_skip(lx, RS_CC_DIGIT);
}

static bool exponent_skip(lexer *lx, uint32_t *flags)
{
    const char *text = lx->text + lx->at;
    if ((text[0] | 0x20) != 'e') {
        return true;
    }
    uint32_t n_sign = text[1] == '+' || text[1] == '-' ? 1 : 0;
    if ((class_of(text[1 + n_sign]) & RS_CC_DIGIT) == 0) {
        return n_sign == 0; /* `1else`, or a bad end that the caller sees; `1e+` is none */
    }
    *flags |= RS_TF_FLOAT;
    lx->at += 1 + n_sign;
    return digits_skip(lx, RS_CC_DIGIT);
}

/* Leading zeros stand only before more zeros, in a float or an imaginary number. */
static bool zeros_are_fine(const lexer *lx, uint32_t start, uint32_t end, uint32_t flags)
{
    if (lx->text[start] != '0' || (flags & (RS_TF_FLOAT | RS_TF_IMAGINARY)) != 0) {
        return true;
    }
    for (uint32_t i = start; i < end; i++) {
        if (lx->text[i] != '0' && lx->text[i] != '_') {
            return false;
        }
    }
    return true;
}

static bool decimal_skip(lexer *lx, uint32_t *flags)
{
    uint32_t start = lx->at;
    bool is_fine = lx->text[start] == '.' || digits_skip(lx, RS_CC_DIGIT);
    is_fine = is_fine && fraction_skip(lx, flags) && exponent_skip(lx, flags);
    if (is_fine && (lx->text[lx->at] | 0x20) == 'j') {
        *flags |= RS_TF_IMAGINARY;
        lx->at++;
    }
    return is_fine && zeros_are_fine(lx, start, lx->at, *flags);
}

static bool has_too_many_digits(const lexer *lx, uint32_t start)
{
    if (lx->at - start <= LIMIT_INT_DIGITS) {
        return false;
    }
    uint32_t n_digits = 0;
    for (uint32_t i = start; i < lx->at; i++) {
        n_digits += lx->text[i] != '_';
    }
    return n_digits > LIMIT_INT_DIGITS;
}

void rs_lex_number(lexer *lx)
{
    uint32_t start = lx->at;
    uint32_t flags = 0;
    char radix = (char)(lx->text[start] == '0' ? lx->text[start + 1] | 0x20 : '\0');
    bool has_radix = radix == 'x' || radix == 'o' || radix == 'b';
    bool is_fine = has_radix ? radix_skip(lx, radix) : decimal_skip(lx, &flags);
    if (is_fine && (class_of(lx->text[lx->at]) & RS_CC_NAME) != 0) {
        is_fine = may_follow(lx->text + lx->at);
    }
    if (!is_fine) {
        while ((class_of(lx->text[lx->at]) & RS_CC_NAME) != 0) {
            lx->at++;
        }
        rs_lex_error(lx, RS_D_token_error, start, lx->at, "a number");
        return;
    }
    if (!has_radix && flags == 0 && has_too_many_digits(lx, start)) {
        rs_lex_fault(lx, RS_D_token_error, start, lx->at,
                     "at most 4300 digits in a decimal integer");
    }
    token_add(lx, RS_T_NUMBER, start, lx->at, flags);
}
