/* SPDX-License-Identifier: Apache-2.0 */
/* setup.cfg, as Python's configparser reads it. */
#include <strings.h>

#include "modules/project.h"
#include "repo/source.h"

typedef struct reader {
    json_t *root;
    json_t *section; /* NULL before the first */
    rs_buf key;      /* of the value under way; empty: none */
    rs_buf value;
    rs_error *err;
    int line;
} reader;

static rs_status fault(const reader *r, const char *what)
{
    return rs_error_set(r->err, RS_ERR_INVALID, "line %d: %s", r->line, what);
}

static rs_str strip(rs_str text)
{
    while (text.n_bytes > 0 && strchr(" \t\r\f\v", text.bytes[0]) != NULL) {
        text = (rs_str){text.bytes + 1, text.n_bytes - 1};
    }
    while (text.n_bytes > 0 && strchr(" \t\r\f\v", text.bytes[text.n_bytes - 1]) != NULL) {
        text.n_bytes--;
    }
    return text;
}

/* Put away the value under way. */
static rs_status finish_value(reader *r)
{
    if (r->key.n_bytes == 0) {
        return RS_OK;
    }
    RS_TRY(rs_buf_check(&r->value, r->err));
    RS_TRY(rs_buf_check(&r->key, r->err));
    json_t *text = rs_json_str(rs_buf_str(&r->value));
    int failed = json_object_set_new(r->section, rs_buf_text(&r->key), text);
    rs_buf_reset(&r->key);
    rs_buf_reset(&r->value);
    return failed == 0 ? RS_OK : rs_error_set(r->err, RS_ERR_NOMEM, "out of memory");
}

static rs_status begin_section(reader *r, rs_str line)
{
    const char *end = memchr(line.bytes, ']', line.n_bytes);
    if (end == NULL) {
        return fault(r, "expected ]");
    }
    rs_buf_reset(&r->key);
    rs_buf_append(&r->key, line.bytes + 1, (size_t)(end - line.bytes) - 1);
    RS_TRY(rs_buf_check(&r->key, r->err));
    r->section = json_object_get(r->root, rs_buf_text(&r->key));
    if (r->section == NULL) {
        r->section = json_object();
        if (json_object_set_new(r->root, rs_buf_text(&r->key), r->section) != 0) {
            return rs_error_set(r->err, RS_ERR_NOMEM, "out of memory");
        }
    }
    rs_buf_reset(&r->key);
    return RS_OK;
}

static rs_status begin_value(reader *r, rs_str line)
{
    size_t n_key = 0;
    while (n_key < line.n_bytes && line.bytes[n_key] != '=' && line.bytes[n_key] != ':') {
        n_key++;
    }
    if (r->section == NULL) {
        return fault(r, "a value before the first section");
    }
    if (n_key == line.n_bytes) {
        return fault(r, "expected =");
    }
    rs_str key = strip((rs_str){line.bytes, n_key});
    for (size_t i = 0; i < key.n_bytes; i++) {
        char c = key.bytes[i];
        /* setuptools takes package-dir for package_dir. */
        rs_buf_add_char(&r->key, (char)(c == '-' ? '_' : c >= 'A' && c <= 'Z' ? c + 32 : c));
    }
    rs_buf_add_str(&r->value, strip((rs_str){line.bytes + n_key + 1, line.n_bytes - n_key - 1}));
    return RS_OK;
}

static rs_status read_line(reader *r, rs_str line)
{
    rs_str inside = strip(line);
    bool is_indented = inside.n_bytes > 0 && inside.bytes != line.bytes;
    if (inside.n_bytes == 0 || inside.bytes[0] == '#' || inside.bytes[0] == ';') {
        return RS_OK;
    }
    if (is_indented && r->key.n_bytes > 0) {
        rs_buf_add_char(&r->value, '\n');
        rs_buf_add_str(&r->value, inside);
        return RS_OK;
    }
    RS_TRY(finish_value(r));
    return inside.bytes[0] == '[' ? begin_section(r, inside) : begin_value(r, inside);
}

rs_status rs_ini_parse(rs_str text, json_t **out, rs_error *err)
{
    reader r = {.root = json_object(), .err = err};
    size_t end = 0;
    rs_status status = RS_OK;
    *out = NULL;
    if (r.root == NULL) {
        status = rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    } else if (rs_utf8_find_invalid(text.bytes, text.n_bytes, 0, &end) < text.n_bytes ||
               memchr(text.bytes, '\0', text.n_bytes) != NULL) {
        status = fault(&r, "no UTF-8");
    }
    for (size_t at = 0; at < text.n_bytes && status == RS_OK;) {
        const char *stop = memchr(text.bytes + at, '\n', text.n_bytes - at);
        size_t n = stop == NULL ? text.n_bytes - at : (size_t)(stop - text.bytes) - at;
        r.line++;
        status = read_line(&r, (rs_str){text.bytes + at, n});
        at += n + 1;
    }
    RS_THEN(status, finish_value(&r));
    rs_buf_release(&r.key);
    rs_buf_release(&r.value);
    if (status != RS_OK) {
        json_decref(r.root);
        return status;
    }
    *out = r.root;
    return RS_OK;
}
