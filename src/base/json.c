/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <errno.h>

static json_t *escaped(rs_str text)
{
    rs_buf buf = {0};
    size_t at = 0;
    while (at < text.n_bytes) {
        size_t n = 1;
        unsigned char first = (unsigned char)text.bytes[at];
        if (first >= 0x80) {
            n = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
            json_t *one = n <= text.n_bytes - at ? json_stringn(text.bytes + at, n) : NULL;
            if (one == NULL) {
                rs_buf_addf(&buf, "\\x%02X", (unsigned)first);
                at++;
                continue;
            }
            json_decref(one);
        }
        rs_buf_append(&buf, text.bytes + at, n);
        at += n;
    }
    json_t *value = buf.failed ? NULL : json_stringn(rs_buf_text(&buf), buf.n_bytes);
    rs_buf_release(&buf);
    return value;
}

json_t *rs_json_str(rs_str text)
{
    if (text.n_bytes == 0) {
        return json_string("");
    }
    json_t *value = json_stringn(text.bytes, text.n_bytes);
    return value != NULL ? value : escaped(text);
}

json_t *rs_json_text(const char *text)
{
    return text == NULL ? json_null() : rs_json_str(rs_str_of(text));
}

json_t *rs_json_u64(uint64_t number)
{
    return json_integer(number > INT64_MAX ? INT64_MAX : (json_int_t)number);
}

void rs_json_set(json_t *object, const char *key, json_t *value, bool *failed)
{
    if (object == NULL) {
        json_decref(value);
        *failed = true;
    } else if (value == NULL || json_object_set_new(object, key, value) != 0) {
        *failed = true;
    }
}

void rs_json_push(json_t *array, json_t *value, bool *failed)
{
    if (array == NULL) {
        json_decref(value);
        *failed = true;
    } else if (value == NULL || json_array_append_new(array, value) != 0) {
        *failed = true;
    }
}

static int print_chunk(const char *bytes, size_t n_bytes, void *context)
{
    rs_buf *buf = context;
    rs_buf_append(buf, bytes, n_bytes);
    return buf->failed ? -1 : 0;
}

/* As many digits of a fraction as always come back unchanged. */
enum { REAL_DIGITS = 15 };

static rs_status print(const json_t *value, size_t flags, rs_buf *out, rs_error *err)
{
    if (value == NULL || json_dump_callback(value, print_chunk, out,
                                            flags | JSON_REAL_PRECISION(REAL_DIGITS)) != 0) {
        return rs_error_set(err, RS_ERR_NOMEM, "write JSON: out of memory");
    }
    return rs_buf_check(out, err);
}

rs_status rs_json_print(const json_t *value, rs_buf *out, rs_error *err)
{
    RS_TRY(print(value, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_ENCODE_ANY, out, err));
    rs_buf_add_char(out, '\n');
    return rs_buf_check(out, err);
}

rs_status rs_json_print_compact(const json_t *value, rs_buf *out, rs_error *err)
{
    return print(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY, out, err);
}

rs_status rs_json_hash_without(const json_t *object, const char *member,
                               char hash[RS_SHA256_TEXT_BYTES], rs_error *err)
{
    rs_buf text = {0};
    json_t *copy = json_copy((json_t *)(uintptr_t)object); /* jansson counts references in it */
    if (copy == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "hash JSON: out of memory");
    }
    json_object_del(copy, member);
    rs_status status = rs_json_print_compact(copy, &text, err);
    if (status == RS_OK) {
        rs_sha256_text(rs_buf_text(&text), text.n_bytes, hash);
    }
    json_decref(copy);
    rs_buf_release(&text);
    return status;
}

rs_status rs_json_parse(rs_str text, const char *name, json_t **out, rs_error *err)
{
    json_error_t cause;
    errno = 0;
    *out = json_loadb(text.bytes == NULL ? "" : text.bytes, text.n_bytes, JSON_REJECT_DUPLICATES,
                      &cause);
    if (*out == NULL && errno == ENOMEM) { /* the library calls that a bad token */
        return rs_error_set(err, RS_ERR_NOMEM, "parse %s: out of memory", name);
    }
    if (*out == NULL) {
        return rs_error_set(err, RS_ERR_INVALID, "parse %s: line %d: %s", name, cause.line,
                            cause.text);
    }
    return RS_OK;
}
