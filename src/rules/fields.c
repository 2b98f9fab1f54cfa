/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/fields.h"

#include <ctype.h>
#include <inttypes.h>

enum { MAX_NUMBER_BYTES = 12 };

const char *rs_field_found(const rs_yaml *value)
{
    if (value->kind != RS_YAML_SCALAR) {
        return rs_yaml_kind_name(value->kind);
    }
    return value->text.n_bytes > 0 ? value->text.bytes : "nothing";
}

void rs_field_known_keys(rs_problems *problems, const rs_yaml *mapping, const char *what,
                         const char *const *known)
{
    for (const rs_yaml *key = mapping->first; key != NULL; key = key->next) {
        rs_nearest nearest = {.name = key->text};
        bool found = false;
        for (size_t i = 0; known[i] != NULL && !found; i++) {
            found = rs_str_equal(rs_str_of(known[i]), key->text);
        }
        for (size_t i = 0; known[i] != NULL && !found; i++) {
            rs_nearest_offer(&nearest, known[i]);
        }
        if (!found) {
            rs_problems_add(problems, key->place, "unknown key %.60s of %s%s", key->text.bytes,
                            what, rs_nearest_hint(&nearest, problems->arena));
        }
    }
}

const rs_yaml *rs_field_text(rs_problems *problems, const rs_yaml *mapping, const char *key,
                             bool is_required)
{
    const rs_yaml *value = rs_yaml_get(mapping, key);
    if (value == NULL) {
        if (is_required) {
            rs_problems_add(problems, mapping->place, "missing key %s", key);
        }
        return NULL;
    }
    if (value->kind != RS_YAML_SCALAR || value->text.n_bytes == 0 || rs_yaml_is_null(value)) {
        rs_problems_add(problems, value->place, "%s: expected a text, found %s", key,
                        rs_field_found(value));
        return NULL;
    }
    return value;
}

bool rs_field_is_name(rs_str text)
{
    bool fits = text.n_bytes > 0 && text.n_bytes < RS_FIELD_MAX_NAME_BYTES &&
                islower((unsigned char)text.bytes[0]) != 0;
    for (size_t i = 0; i < text.n_bytes && fits; i++) {
        unsigned char c = (unsigned char)text.bytes[i];
        fits = islower(c) != 0 || isdigit(c) != 0 || c == '_';
    }
    return fits;
}

const char *rs_field_name(rs_problems *problems, const rs_yaml *scalar, const char *what)
{
    if (!rs_field_is_name(scalar->text)) {
        rs_problems_add(
            problems, scalar->place,
            "%s: expected a name of a-z, 0-9 and _ that starts with a letter, found %.60s", what,
            scalar->text.bytes);
        return NULL;
    }
    return scalar->text.bytes;
}

int rs_field_word(rs_problems *problems, const rs_yaml *scalar, const char *what,
                  const char *const *words, size_t n_words)
{
    rs_nearest nearest = {.name = scalar->text};
    for (size_t i = 0; i < n_words; i++) {
        if (rs_str_equal(rs_str_of(words[i]), scalar->text)) {
            return (int)i;
        }
        rs_nearest_offer(&nearest, words[i]);
    }
    rs_problems_add(problems, scalar->place, "unknown %s %.60s%s", what, scalar->text.bytes,
                    rs_nearest_hint(&nearest, problems->arena));
    return -1;
}

bool rs_field_bool(rs_problems *problems, const rs_yaml *value, const char *what, bool *out)
{
    bool is_plain = value->kind == RS_YAML_SCALAR && value->is_plain;
    bool is_true = is_plain && rs_str_equal(value->text, RS_STR_LITERAL("true"));
    if (is_true || (is_plain && rs_str_equal(value->text, RS_STR_LITERAL("false")))) {
        *out = is_true;
        return true;
    }
    rs_problems_add(problems, value->place, "%s: expected true or false, found %.60s", what,
                    rs_field_found(value));
    return false;
}

/* Digits of text from *at on, as many as there are, onto *number; how many. */
static size_t read_digits(rs_str text, size_t *at, int64_t *number)
{
    RS_ASSERT(*at <= text.n_bytes);
    size_t first = *at;
    while (*at < text.n_bytes && isdigit((unsigned char)text.bytes[*at]) != 0) {
        *number = *number * 10 + (text.bytes[*at] - '0');
        (*at)++;
    }
    return *at - first;
}

/* A decimal number of up to n_places places as a whole number of 10^-n_places. */
static bool read_decimal(const rs_yaml *value, size_t n_places, int64_t *out)
{
    /* So short that its digits, and RS_FIELD_PLACES more, are no overflow. */
    if (value->kind != RS_YAML_SCALAR || !value->is_plain ||
        value->text.n_bytes > MAX_NUMBER_BYTES) {
        return false;
    }
    rs_str text = value->text;
    bool is_negative = text.n_bytes > 0 && text.bytes[0] == '-';
    size_t at = is_negative ? 1 : 0;
    size_t n_given = 0;
    int64_t number = 0;
    if (read_digits(text, &at, &number) == 0) {
        return false;
    }
    if (n_places > 0 && at < text.n_bytes && text.bytes[at] == '.') {
        at++;
        n_given = read_digits(text, &at, &number);
        if (n_given == 0) {
            return false;
        }
    }
    if (at != text.n_bytes || n_given > n_places) {
        return false;
    }
    for (size_t i = n_given; i < n_places; i++) {
        number *= 10;
    }
    RS_ASSERT(number >= 0); /* no overflow: MAX_NUMBER_BYTES sees to it */
    *out = is_negative ? -number : number;
    return true;
}

bool rs_field_integer(rs_problems *problems, const rs_yaml *value, const char *what, int64_t least,
                      int64_t most, int64_t *out)
{
    int64_t number = 0;
    if (read_decimal(value, 0, &number) && number >= least && number <= most) {
        *out = number;
        return true;
    }
    rs_problems_add(problems, value->place,
                    "%s: expected a whole number from %" PRId64 " to %" PRId64 ", found %.60s",
                    what, least, most, rs_field_found(value));
    return false;
}

bool rs_field_decimal(rs_problems *problems, const rs_yaml *value, const char *what, int least,
                      int most, double *out)
{
    int64_t number = 0;
    if (read_decimal(value, RS_FIELD_PLACES, &number) &&
        number >= (int64_t)least * RS_FIELD_UNITS && number <= (int64_t)most * RS_FIELD_UNITS) {
        *out = (double)number / RS_FIELD_UNITS;
        return true;
    }
    rs_problems_add(problems, value->place,
                    "%s: expected a number from %d to %d with at most %d places, found %.60s", what,
                    least, most, (int)RS_FIELD_PLACES, rs_field_found(value));
    return false;
}
