/* SPDX-License-Identifier: Apache-2.0 */
/* scope_pattern.c - what the compiler refuses of patterns. */
#include "evidence/scope/scope_check.h"

static uint32_t behind(const rs_file_at_hand *x, uint32_t n)
{
    return n + node_at(x, n)->n_subtree;
}

static bool is_pattern(const rs_file_at_hand *x, uint32_t n)
{
    uint8_t ast_class = node_at(x, n)->ast_class;
    return ast_class >= RS_AST_MatchValue && ast_class <= RS_AST_MatchOr;
}

/* The name that a pattern captures, or RS_STR_NULL. */
static uint32_t captured(const rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    return is_pattern(x, n) && node->name_end > node->name_start ? rs_scope_node_name(x, n)
                                                                 : RS_STR_NULL;
}

/* --- names --- */

/* True where two captures stand in different alternatives of a pattern: only one of them is made. */
static bool are_alternatives(const rs_file_at_hand *x, uint32_t first, uint32_t second)
{
    uint32_t around = second;
    while (around > first || behind(x, around) <= first) {
        around = node_at(x, around)->parent;
    }
    return node_at(x, around)->ast_class == RS_AST_MatchOr;
}

/* The node of the case clause that a pattern stands in. */
static uint32_t case_of(const rs_file_at_hand *x, uint32_t n)
{
    while (n != 0 && node_at(x, n)->ast_class != RS_AST_match_case) {
        n = node_at(x, n)->parent;
    }
    return n;
}

static void capture_check(rs_file_at_hand *x, uint32_t n)
{
    uint32_t name = captured(x, n);
    if (name == RS_STR_NULL) {
        return;
    }
    rs_scope_check_pattern_name(x, n);
    uint32_t before = rs_scope_stamp(x, SCOPE_STAMP_CAPTURE, name, n);
    if (before > case_of(x, n) && before < n && captured(x, before) == name &&
        !are_alternatives(x, before, n)) {
        rs_scope_refuse(x, RS_D_pattern_binding, n, "multiple assignments to name", name,
                        "in pattern");
    }
}

/* A pattern that matches all, where another one follows that would never be asked. */
static bool hides_others(const rs_file_at_hand *x, uint32_t n)
{
    for (;; n = node_at(x, n)->parent) {
        uint32_t around = node_at(x, n)->parent;
        bool is_last = behind(x, n) >= behind(x, around);
        switch (node_at(x, around)->ast_class) {
        case RS_AST_MatchAs:
            break;
        case RS_AST_MatchOr:
            if (!is_last) {
                return true;
            }
            break;
        case RS_AST_match_case:
            is_last = behind(x, around) >= behind(x, node_at(x, around)->parent);
            return !is_last && node_at(x, behind(x, n))->field != RS_F_guard;
        default:
            return false;
        }
    }
}

void rs_scope_check_capture(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    (void)at;
    capture_check(x, n);
    if (node_at(x, n)->ast_class == RS_AST_MatchAs && node_at(x, n)->n_subtree == 1 &&
        hides_others(x, n)) {
        uint32_t name = captured(x, n);
        rs_scope_refuse(x, RS_D_pattern_unreachable, n,
                        name == RS_STR_NULL ? "wildcard" : "name capture", name,
                        "makes remaining patterns unreachable");
    }
}

/*
 * Alternatives bind the same names. Those of the first are stamped; each one behind it has to find all
 * of them, stamps them anew, and nothing else.
 */
void rs_scope_check_alternatives(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    (void)at;
    uint32_t wanted = 0;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        bool is_first = child == n + 1;
        uint32_t n_found = 0;
        bool is_other = false;
        for (uint32_t part = child; part < behind(x, child); part++) {
            uint32_t name = captured(x, part);
            if (name == RS_STR_NULL) {
                continue;
            }
            uint32_t before = rs_scope_stamp(x, SCOPE_STAMP_LIST, name, child);
            n_found += before != child;
            is_other |= !is_first && before != child && (before <= n || before >= child);
        }
        wanted = is_first ? n_found : wanted;
        if (is_other || n_found != wanted) {
            rs_scope_refuse(x, RS_D_pattern_binding, n, "alternative patterns bind different names",
                            RS_STR_NULL, "");
            return;
        }
    }
}

/* --- values --- */

static bool is_formatted(const rs_file_at_hand *x, uint32_t n)
{
    uint8_t ast_class = node_at(x, n)->ast_class;
    return ast_class == RS_AST_JoinedStr || ast_class == RS_AST_TemplateStr;
}

void rs_scope_check_value_pattern(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    (void)at;
    if (is_formatted(x, n + 1)) {
        rs_scope_refuse(x, RS_D_pattern_value, n,
                        "patterns may only match literals and attribute lookups", RS_STR_NULL, "");
    }
}

void rs_scope_check_sequence(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    (void)at;
    rs_scope_check_stars(x, n, RS_AST_MatchStar, RS_D_pattern_binding,
                         "multiple starred expressions in sequence pattern",
                         "too many expressions in star-unpacking sequence pattern");
}

/* Digits of a base, as a number; false beyond 64 bits. */
static bool whole_of(rs_str text, uint64_t base, uint64_t *value)
{
    *value = 0;
    for (size_t i = 2; i < text.n_bytes; i++) {
        char c = (char)(text.bytes[i] | 0x20);
        uint64_t digit = (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
        if (text.bytes[i] == '_') {
            continue;
        }
        if (*value > (UINT64_MAX - digit) / base) {
            return false;
        }
        *value = *value * base + digit;
    }
    return true;
}

/*
 * A decimal number as its digits, without zeros at their ends, and the power of ten behind: what is
 * equal is written in one way. `digits` starts empty.
 */
static void decimal_key(rs_str text, rs_buf *digits, rs_buf *key)
{
    long power = 0;
    long exponent = 0;
    size_t at = 0;
    bool has_fraction = false;
    for (; at < text.n_bytes && (text.bytes[at] | 0x20) != 'e'; at++) {
        char c = text.bytes[at];
        bool is_digit = c >= '0' && c <= '9';
        has_fraction |= c == '.';
        power -= has_fraction && is_digit;
        if (is_digit && (c != '0' || digits->n_bytes > 0)) {
            rs_buf_add_char(digits, c);
        }
    }
    bool is_negative = at + 1 < text.n_bytes && text.bytes[at + 1] == '-';
    for (; at < text.n_bytes && exponent < INT16_MAX; at++) {
        char c = text.bytes[at];
        exponent = c >= '0' && c <= '9' ? exponent * 10 + (c - '0') : exponent;
    }
    power += is_negative ? -exponent : exponent;
    rs_str found = rs_buf_str(digits);
    while (found.n_bytes > 0 && found.bytes[found.n_bytes - 1] == '0') {
        found.n_bytes--;
        power++;
    }
    if (found.n_bytes == 0) {
        rs_buf_add_char(key, '0');
        return;
    }
    rs_buf_add_str(key, found);
    rs_buf_addf(key, "e%ld%s", power, (text.bytes[text.n_bytes - 1] | 0x20) == 'j' ? "j" : "");
}

/* A number as what it is equal to: 1, 1.0, 0x1 and True are one key. */
static void number_key(const rs_file_at_hand *x, uint32_t n, rs_buf *key)
{
    rs_str text = text_between(x, node_at(x, n)->start_byte, node_at(x, n)->end_byte);
    rs_buf digits = {0};
    rs_buf whole = {0};
    uint64_t value = 0;
    int base = text.n_bytes > 2 && text.bytes[0] == '0' ? text.bytes[1] | 0x20 : '0';
    bool is_whole = base == 'x' || base == 'o' || base == 'b';
    if (is_whole && !whole_of(text, base == 'x' ? 16 : base == 'o' ? 8 : 2, &value)) {
        rs_buf_add_str(key, text);
    } else {
        rs_buf_addf(&whole, "%llu", (unsigned long long)value);
        decimal_key(is_whole ? rs_buf_str(&whole) : text, &digits, key);
    }
    rs_buf_release(&digits);
    rs_buf_release(&whole);
}

static void constant_key(rs_file_at_hand *x, uint32_t n, rs_buf *key)
{
    const rs_node *node = node_at(x, n);
    rs_str text = text_between(x, node->start_byte, node->end_byte);
    switch ((rs_w_literal_kind)node->detail) {
    case RS_W_literal_kind_bool:
        rs_buf_add(key, text.bytes[0] == 'T' ? "1e0" : "0");
        break;
    case RS_W_literal_kind_int:
    case RS_W_literal_kind_float:
    case RS_W_literal_kind_complex:
        number_key(x, n, key);
        break;
    case RS_W_literal_kind_string:
    case RS_W_literal_kind_bytes:
        rs_buf_add(key, node->detail == RS_W_literal_kind_string ? "'" : "b'");
        rs_string_value(text, key);
        break;
    case RS_W_literal_kind_none:
    case RS_W_literal_kind_ellipsis:
    case RS_W_literal_kind_fstring:
    case RS_W_literal_kind_tstring:
    case RS_N_W_literal_kind:
        rs_buf_add_str(key, text);
        break;
    }
}

/* The number of a key's text; RS_STR_NULL for what is looked up. -0 is 0. */
static uint32_t key_number(rs_file_at_hand *x, uint32_t n)
{
    rs_buf_reset(&x->scratch);
    for (uint32_t part = n; part < behind(x, n); part++) {
        switch (node_at(x, part)->ast_class) {
        case RS_AST_Constant:
            constant_key(x, part, &x->scratch);
            break;
        case RS_AST_USub:
        case RS_AST_Sub:
            rs_buf_add_char(&x->scratch, '-');
            break;
        case RS_AST_Add:
            rs_buf_add_char(&x->scratch, '+');
            break;
        case RS_AST_UnaryOp:
        case RS_AST_BinOp:
            break;
        default:
            return RS_STR_NULL;
        }
    }
    rs_str key = rs_buf_str(&x->scratch);
    if (rs_str_equal(key, RS_STR_LITERAL("-0"))) {
        key = RS_STR_LITERAL("0");
    }
    return rs_strings_add(&x->part->strings, key);
}

void rs_scope_check_mapping(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    (void)at;
    capture_check(x, n);
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field != RS_F_keys) {
            continue;
        }
        if (is_formatted(x, child)) {
            rs_scope_refuse(x, RS_D_pattern_value, child,
                            "mapping pattern keys may only match literals and attribute lookups",
                            RS_STR_NULL, "");
        }
        uint32_t key = key_number(x, child);
        if (key != RS_STR_NULL && rs_scope_stamp(x, SCOPE_STAMP_LIST, key, n) == n) {
            rs_scope_refuse(x, RS_D_pattern_repeated, n, "mapping pattern checks duplicate key",
                            RS_STR_NULL, "");
        }
    }
}

void rs_scope_check_class_pattern(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    (void)at;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field != RS_F_kwd_attrs) {
            continue;
        }
        uint32_t name = rs_scope_node_name(x, child);
        rs_scope_check_pattern_name(x, child);
        if (rs_scope_stamp(x, SCOPE_STAMP_LIST, name, n) == n) {
            rs_scope_refuse(x, RS_D_pattern_repeated, child,
                            "attribute name repeated in class pattern:", name, "");
        }
    }
}
