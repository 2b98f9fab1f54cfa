/* SPDX-License-Identifier: Apache-2.0 */
/* parts.h - evidence by hand: rows of a part, written as text.
 *
 * parts_add(&part, "calls", "call_id=1:4|callee_text=f|callee_shape=NAME"): a column that is not
 * named is null where it may be, and 0, false, "" or its set's first word where it may not.
 * 1:4 is the id of file 1's entity 4.
 */
#ifndef RS_TESTS_PARTS_H
#define RS_TESTS_PARTS_H

#include <stdlib.h>

#include "base/hash.h"
#include "schema/batch.h"
#include "unit/unit.h"

static inline int64_t parts_number(const char *text)
{
    char *end = NULL;
    int64_t number = strtoll(text, &end, 10);
    return *end == ':' ? rs_entity_id(number, (uint32_t)strtoul(end + 1, NULL, 10)) : number;
}

static inline uint8_t parts_word(const rs_words *words, const char *text)
{
    for (size_t i = 0; i < words->n_words; i++) {
        if (strcmp(words->words[i], text) == 0) {
            return (uint8_t)i;
        }
    }
    fail_msg("no word %s in %s", text, words->name);
    return 0;
}

/* The value of a column in "a=x|b=y", copied to out; false when it is not named. */
static inline bool parts_value(const char *row, const char *column, char *out, size_t n_out)
{
    size_t n_name = strlen(column);
    for (const char *p = row; *p != '\0';) {
        size_t n_bytes = strcspn(p, "|");
        if (strncmp(p, column, n_name) == 0 && p[n_name] == '=') {
            size_t n_value = n_bytes - n_name - 1;
            assert_true(n_value < n_out);
            memcpy(out, p + n_name + 1, n_value);
            out[n_value] = '\0';
            return true;
        }
        p += n_bytes + (p[n_bytes] == '|');
    }
    return false;
}

static inline void parts_set(rs_part *part, rs_batch *batch, size_t index, const char *text)
{
    rs_error err = {0};
    size_t row = batch->n_rows;
    const rs_column *column = &batch->dataset->columns[index];
    rs_batch_column *values = &batch->columns[index];
    bool is_null = text == NULL && !column->required;
    const char *value = text != NULL ? text : "";
    switch (column->type) {
    case RS_TYPE_I64:
        values->values.i64[row] = parts_number(value);
        break;
    case RS_TYPE_I32:
        values->values.i32[row] = (int32_t)parts_number(value);
        break;
    case RS_TYPE_BOOL:
        values->values.u8[row] = strcmp(value, "true") == 0;
        break;
    case RS_TYPE_F32:
        values->values.f32[row] = strtof(value, NULL);
        break;
    case RS_TYPE_F64:
        values->values.f64[row] = strtod(value, NULL);
        break;
    case RS_TYPE_STR:
        values->values.str[row] =
            is_null ? RS_STR_NULL : rs_strings_add(&part->strings, rs_str_of(value));
        return;
    case RS_TYPE_ENUM:
        values->values.u8[row] = is_null        ? (uint8_t)RS_ENUM_NULL
                                 : text == NULL ? 0
                                                : parts_word(column->words, value);
        return;
    }
    if (is_null) {
        assert_int_equal(rs_batch_set_null(batch, index, row, &err), RS_OK);
    }
}

static inline void parts_add(rs_part *part, const char *dataset, const char *row)
{
    rs_error err = {0};
    rs_batch *batch = NULL;
    for (size_t i = 0; i < RS_N_EVIDENCE && batch == NULL; i++) {
        batch = strcmp(part->batches[i].dataset->name, dataset) == 0 ? &part->batches[i] : NULL;
    }
    assert_non_null(batch);
    assert_int_equal(rs_batch_reserve(batch, 1, &err), RS_OK);
    size_t n_named = 0;
    for (size_t i = 0; i < batch->dataset->n_columns; i++) {
        char value[512];
        const rs_column *column = &batch->dataset->columns[i];
        if (!rs_column_is_in_memory(column)) {
            continue;
        }
        bool is_named = parts_value(row, column->name, value, sizeof value);
        parts_set(part, batch, i, is_named ? value : NULL);
        n_named += is_named;
    }
    size_t n_wanted = row[0] != '\0';
    for (const char *p = row; *p != '\0'; p++) {
        n_wanted += *p == '|';
    }
    UNIT_CHECK(n_named == n_wanted, "%s: a column of %s is not in memory", dataset, row);
    batch->n_rows++;
}

#endif
