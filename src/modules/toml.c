/* SPDX-License-Identifier: Apache-2.0 */
#include "modules/toml.h"

#include "repo/source.h"

typedef struct reader {
    rs_str text;
    size_t at;
    rs_buf token; /* the key or text that was read last */
    int depth;
    rs_error *err;
} reader;

static rs_status out_of_memory(reader *r)
{
    return rs_error_set(r->err, RS_ERR_NOMEM, "out of memory");
}

static rs_status fault(reader *r, const char *what)
{
    int line = 1;
    for (size_t i = 0; i < r->at && i < r->text.n_bytes; i++) {
        line += r->text.bytes[i] == '\n';
    }
    return rs_error_set(r->err, RS_ERR_INVALID, "line %d: %s", line, what);
}

/* The byte that is n behind the next one; 0 at the end. */
static char peek(const reader *r, size_t n)
{
    return (char)(r->at + n < r->text.n_bytes ? r->text.bytes[r->at + n] : '\0');
}

static bool take(reader *r, const char *word)
{
    size_t n = strlen(word);
    bool is_there = r->text.n_bytes - r->at >= n && memcmp(r->text.bytes + r->at, word, n) == 0;
    r->at += is_there ? n : 0;
    return is_there;
}

static void skip_blanks(reader *r)
{
    while (peek(r, 0) == ' ' || peek(r, 0) == '\t') {
        r->at++;
    }
}

static void skip_comment(reader *r)
{
    skip_blanks(r);
    if (peek(r, 0) == '#') {
        const char *end = memchr(r->text.bytes + r->at, '\n', r->text.n_bytes - r->at);
        r->at = end == NULL ? r->text.n_bytes : (size_t)(end - r->text.bytes);
    }
}

/* White space, line ends and comments. */
static void skip_lines(reader *r)
{
    size_t before;
    do {
        before = r->at;
        skip_comment(r);
        while (peek(r, 0) == '\n' || peek(r, 0) == '\r') {
            r->at++;
        }
    } while (r->at != before);
}

static bool is_at_end(const reader *r)
{
    return r->at >= r->text.n_bytes;
}

/* --- texts --- */

static bool hex(char c, uint32_t *value)
{
    bool is_digit = c >= '0' && c <= '9';
    char low = (char)(c | 0x20);
    if (!is_digit && !(low >= 'a' && low <= 'f')) {
        return false;
    }
    *value = *value * 16 + (uint32_t)(is_digit ? c - '0' : low - 'a' + 10);
    return true;
}

static void add_utf8(rs_buf *out, uint32_t c)
{
    if (c < 0x80) {
        rs_buf_add_char(out, (char)c);
        return;
    }
    int n_more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const unsigned char firsts[] = {0, 0xc0, 0xe0, 0xf0};
    rs_buf_add_char(out, (char)(firsts[n_more] | c >> (6 * n_more)));
    while (n_more-- > 0) {
        rs_buf_add_char(out, (char)(0x80 | (c >> (6 * n_more) & 0x3f)));
    }
}

static rs_status read_code(reader *r, int n_digits)
{
    uint32_t c = 0;
    for (int i = 0; i < n_digits; i++) {
        if (!hex(peek(r, 0), &c)) {
            return fault(r, "expected a hexadecimal digit");
        }
        r->at++;
    }
    if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
        return fault(r, "no such character");
    }
    add_utf8(&r->token, c);
    return RS_OK;
}

/* Behind a backslash. */
static rs_status read_escape(reader *r, bool is_long)
{
    static const char from[] = "btnfre\"\\";
    static const char to[] = "\b\t\n\f\r\x1b\"\\";
    char c = peek(r, 0);
    const char *found = c != '\0' ? strchr(from, c) : NULL;
    r->at += c != '\0';
    if (found != NULL) {
        rs_buf_add_char(&r->token, to[found - from]);
        return RS_OK;
    }
    if (c == 'u' || c == 'U') {
        return read_code(r, c == 'u' ? 4 : 8);
    }
    if (is_long && (c == '\n' || c == ' ' || c == '\t' || c == '\r')) {
        while (peek(r, 0) == ' ' || peek(r, 0) == '\t' || peek(r, 0) == '\n' ||
               peek(r, 0) == '\r') {
            r->at++;
        }
        return RS_OK;
    }
    return fault(r, "unknown escape");
}

/* A text of any kind, whose quote comes next, into token. */
static rs_status read_text(reader *r)
{
    char quote = peek(r, 0);
    bool is_long = peek(r, 1) == quote && peek(r, 2) == quote;
    rs_buf_reset(&r->token);
    r->at += is_long ? 3 : 1;
    if (is_long && peek(r, 0) == '\r' && peek(r, 1) == '\n') {
        r->at++;
    }
    r->at += is_long && peek(r, 0) == '\n';
    while (!is_at_end(r)) {
        char c = peek(r, 0);
        if (c == quote && !is_long) {
            r->at++;
            return rs_buf_check(&r->token, r->err);
        }
        /* Up to two quotes may stand before the three that end it. */
        if (c == quote && peek(r, 1) == quote && peek(r, 2) == quote && peek(r, 3) != quote) {
            r->at += 3;
            return rs_buf_check(&r->token, r->err);
        }
        if ((c == '\n' && !is_long) || c == '\0') {
            break;
        }
        r->at++;
        if (c == '\\' && quote == '"') {
            RS_TRY(read_escape(r, is_long));
        } else {
            rs_buf_add_char(&r->token, c);
        }
    }
    return fault(r, "a text without end");
}

static bool is_bare(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

/* One part of a key into token. */
static rs_status read_key(reader *r)
{
    skip_blanks(r);
    if (peek(r, 0) == '"' || peek(r, 0) == '\'') {
        return read_text(r);
    }
    rs_buf_reset(&r->token);
    while (is_bare(peek(r, 0))) {
        rs_buf_add_char(&r->token, peek(r, 0));
        r->at++;
    }
    RS_TRY(rs_buf_check(&r->token, r->err));
    return r->token.n_bytes > 0 ? RS_OK : fault(r, "expected a key");
}

/* --- values --- */

static rs_status read_value(reader *r, json_t **out);

/* The object below key in an object, made where there is none; of an array of tables the last. */
static rs_status enter(reader *r, json_t **at)
{
    const char *key = rs_buf_text(&r->token);
    json_t *next = json_object_get(*at, key);
    if (next == NULL) {
        next = json_object();
        if (next == NULL || json_object_set_new(*at, key, next) != 0) {
            return out_of_memory(r);
        }
    }
    if (json_is_array(next)) {
        next = json_array_get(next, json_array_size(next) - 1);
    }
    if (!json_is_object(next)) {
        return fault(r, "the key has a value already");
    }
    *at = next;
    return RS_OK;
}

/* "a.b.c" up to its last part, which is left in token. */
static rs_status read_path(reader *r, json_t **at)
{
    int n_parts = 0;
    RS_TRY(read_key(r));
    for (skip_blanks(r); peek(r, 0) == '.'; skip_blanks(r)) {
        r->at++;
        if (++n_parts > RS_TOML_MAX_DEPTH) {
            return fault(r, "a key of too many parts");
        }
        RS_TRY(enter(r, at));
        RS_TRY(read_key(r));
    }
    return RS_OK;
}

static rs_status read_pair(reader *r, json_t *table)
{
    rs_buf key = {0};
    json_t *value = NULL;
    RS_TRY(read_path(r, &table));
    if (json_object_get(table, rs_buf_text(&r->token)) != NULL) {
        return fault(r, "the key has a value already");
    }
    rs_buf_add_str(&key, rs_buf_str(&r->token));
    rs_status status = rs_buf_check(&key, r->err);
    if (status == RS_OK && !take(r, "=")) {
        status = fault(r, "expected =");
    }
    RS_THEN(status, read_value(r, &value));
    if (status == RS_OK && json_object_set_new(table, rs_buf_text(&key), value) != 0) {
        status = out_of_memory(r);
    }
    rs_buf_release(&key);
    return status;
}

static rs_status read_items(reader *r, json_t *array)
{
    for (skip_lines(r); !take(r, "]"); skip_lines(r)) {
        json_t *item = NULL;
        RS_TRY(read_value(r, &item));
        if (json_array_append_new(array, item) != 0) {
            return out_of_memory(r);
        }
        skip_lines(r);
        if (!take(r, ",") && peek(r, 0) != ']') {
            return fault(r, "expected , or ]");
        }
    }
    return RS_OK;
}

static rs_status read_members(reader *r, json_t *table)
{
    for (skip_lines(r); !take(r, "}"); skip_lines(r)) {
        RS_TRY(read_pair(r, table));
        skip_lines(r);
        if (!take(r, ",") && peek(r, 0) != '}') {
            return fault(r, "expected , or }");
        }
    }
    return RS_OK;
}

/* true and false; of numbers, dates and times only where they end. */
static rs_status read_word(reader *r, json_t **out)
{
    size_t start = r->at;
    while (is_bare(peek(r, 0)) || (peek(r, 0) != '\0' && strchr("+.:", peek(r, 0)) != NULL)) {
        r->at++;
    }
    rs_str word = {r->text.bytes + start, r->at - start};
    bool is_true = rs_str_equal(word, RS_STR_LITERAL("true"));
    bool is_false = rs_str_equal(word, RS_STR_LITERAL("false"));
    char c = (char)(word.n_bytes > 0 ? word.bytes[0] : '\0');
    bool is_number = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == 'i' || c == 'n';
    if (!is_true && !is_false && !is_number) {
        return fault(r, "expected a value");
    }
    /* 1979-05-27 07:32:00 */
    if (is_number && word.n_bytes == 10 && word.bytes[4] == '-' && peek(r, 0) == ' ' &&
        peek(r, 1) >= '0' && peek(r, 1) <= '9') {
        r->at++;
        return read_word(r, out);
    }
    *out = is_true ? json_true() : is_false ? json_false() : json_null();
    return RS_OK;
}

static rs_status read_inside(reader *r, json_t **out)
{
    bool is_array = peek(r, 0) == '[';
    if (r->depth >= RS_TOML_MAX_DEPTH) {
        return fault(r, "values nested too deep");
    }
    r->at++;
    r->depth++;
    *out = is_array ? json_array() : json_object();
    rs_status status = *out == NULL ? out_of_memory(r)
                       : is_array   ? read_items(r, *out)
                                    : read_members(r, *out);
    r->depth--;
    return status;
}

/* *out is the caller's only on RS_OK. */
static rs_status read_value(reader *r, json_t **out)
{
    skip_blanks(r);
    char c = peek(r, 0);
    rs_status status;
    *out = NULL;
    if (c == '"' || c == '\'') {
        RS_TRY(read_text(r));
        *out = rs_json_str(rs_buf_str(&r->token));
        return *out != NULL ? RS_OK : out_of_memory(r);
    }
    status = c == '[' || c == '{' ? read_inside(r, out) : read_word(r, out);
    if (status != RS_OK) {
        json_decref(*out);
        *out = NULL;
    }
    return status;
}

/* --- tables --- */

static rs_status add_table(reader *r, json_t *table)
{
    const char *key = rs_buf_text(&r->token);
    json_t *list = json_object_get(table, key);
    if (list == NULL) {
        list = json_array();
        if (list == NULL || json_object_set_new(table, key, list) != 0) {
            return out_of_memory(r);
        }
    }
    if (!json_is_array(list)) {
        return fault(r, "the key has a value already");
    }
    return json_array_append_new(list, json_object()) == 0 ? RS_OK : out_of_memory(r);
}

/* "[a.b]" or "[[a.b]]", from its first bracket on: *table is then the one that pairs go into. */
static rs_status read_header(reader *r, json_t *root, json_t **table)
{
    bool is_list = take(r, "[[") || !take(r, "[");
    *table = root;
    RS_TRY(read_path(r, table));
    if (is_list) {
        RS_TRY(add_table(r, *table));
    }
    RS_TRY(enter(r, table));
    return take(r, is_list ? "]]" : "]") ? RS_OK : fault(r, "expected ]");
}

static rs_status read_all(reader *r, json_t *root)
{
    json_t *table = root;
    (void)take(r, "\xef\xbb\xbf");
    for (skip_lines(r); !is_at_end(r); skip_lines(r)) {
        RS_TRY(peek(r, 0) == '[' ? read_header(r, root, &table) : read_pair(r, table));
        skip_comment(r);
        if (!is_at_end(r) && peek(r, 0) != '\n' && peek(r, 0) != '\r') {
            return fault(r, "expected the end of the line");
        }
    }
    return RS_OK;
}

rs_status rs_toml_parse(rs_str text, json_t **out, rs_error *err)
{
    size_t end = 0;
    reader r = {.text = text, .err = err};
    *out = NULL;
    r.at = rs_utf8_find_invalid(text.bytes, text.n_bytes, 0, &end);
    if (r.at < text.n_bytes) {
        return fault(&r, "no UTF-8");
    }
    r.at = 0;
    json_t *root = json_object();
    rs_status status = root == NULL ? out_of_memory(&r) : read_all(&r, root);
    rs_buf_release(&r.token);
    if (status != RS_OK) {
        json_decref(root);
        return status;
    }
    *out = root;
    return RS_OK;
}
