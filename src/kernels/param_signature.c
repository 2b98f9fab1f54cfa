/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/param_signature.h"

#include <stdlib.h>

#include "kernels/internal.h"

#define RECIPE "relspec.param.2\n"

enum { NUMBER_BYTES = 8, BLOCK_NUMBERS = 512 };

/* --- a value's hash --- */

static void put_number(uint64_t number, size_t n_bytes, char *bytes)
{
    for (size_t i = 0; i < n_bytes; i++) {
        bytes[i] = (char)(unsigned char)(number >> (8 * i));
    }
}

static uint64_t hash_bytes(rs_str bytes)
{
    const rs_id_part part = rs_id_text(bytes);
    return (uint64_t)rs_stable_id(&part, 1);
}

static uint64_t hash_number(uint64_t number, size_t n_bytes)
{
    char bytes[NUMBER_BYTES];
    put_number(number, n_bytes, bytes);
    return hash_bytes((rs_str){bytes, n_bytes});
}

/* Zeros of either sign are one number, and so is everything that is none. */
static uint64_t hash_f64(double number)
{
    uint64_t bits = UINT64_C(0x7ff8000000000000);
    double plain = number + 0.0;
    if (plain >= 0 || plain < 0) {
        memcpy(&bits, &plain, sizeof bits);
    }
    return hash_number(bits, sizeof bits);
}

static uint64_t hash_f32(float number)
{
    uint32_t bits = UINT32_C(0x7fc00000);
    float plain = number + 0.0F;
    if (plain >= 0 || plain < 0) {
        memcpy(&bits, &plain, sizeof bits);
    }
    return hash_number(bits, sizeof bits);
}

static uint64_t hash_value(rs_type type, const struct ArrowArrayView *column, uint32_t row)
{
    switch (type) {
    case RS_TYPE_I64:
    case RS_TYPE_I32:
        return hash_number((uint64_t)rs_value_int(column, row), NUMBER_BYTES);
    case RS_TYPE_BOOL:
        return hash_number(rs_value_int(column, row) != 0, 1);
    case RS_TYPE_F32:
        return hash_f32((float)ArrowArrayViewGetDoubleUnsafe(column, row));
    case RS_TYPE_F64:
        return hash_f64(ArrowArrayViewGetDoubleUnsafe(column, row));
    case RS_TYPE_STR:
    case RS_TYPE_ENUM:
        return hash_bytes(rs_value_text(column, row));
    }
    return 0;
}

/* --- columns --- */

static bool fits(rs_type type, const struct ArrowArrayView *column)
{
    rs_value_kind kind = rs_value_kind_of(column);
    if (kind == RS_IS_NOTHING) {
        return true;
    }
    switch (type) {
    case RS_TYPE_I64:
    case RS_TYPE_I32:
        return kind == RS_IS_INT;
    case RS_TYPE_BOOL:
        return kind == RS_IS_BOOL;
    case RS_TYPE_F32:
        return column->storage_type == NANOARROW_TYPE_FLOAT;
    case RS_TYPE_F64:
        return column->storage_type == NANOARROW_TYPE_DOUBLE;
    case RS_TYPE_STR:
    case RS_TYPE_ENUM:
        return kind == RS_IS_TEXT || kind == RS_IS_WORD;
    }
    return false;
}

rs_status rs_param_signer_add(rs_param_signer *signer, const struct ArrowArrayView *column,
                              rs_error *err)
{
    if (!fits(signer->type, column)) {
        return rs_error_set(err, RS_ERR_INVALID, "sign values: the column has another type");
    }
    if (column->length >= UINT32_MAX) {
        return rs_error_set(err, RS_ERR_LIMIT, "sign values: %lld are over the limit",
                            (long long)column->length);
    }
    if (!rs_value_hash_vec_reserve(&signer->hashes, (size_t)column->length)) {
        return rs_error_set(err, RS_ERR_NOMEM, "sign values: out of memory");
    }
    const rs_id_part null_part = {0};
    const uint64_t null_hash = (uint64_t)rs_stable_id(&null_part, 1);
    for (uint32_t row = 0; row < (uint32_t)column->length; row++) {
        bool is_null = rs_value_is_null(column, row);
        signer->hashes.items[signer->hashes.n_items++] =
            is_null ? null_hash : hash_value(signer->type, column, row);
        signer->n_nulls += is_null;
    }
    return RS_OK;
}

/* --- the whole --- */

static int compare_hashes(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

static void add_numbers(rs_sha256 *hash, const uint64_t *numbers, size_t n_numbers)
{
    char block[BLOCK_NUMBERS * NUMBER_BYTES];
    for (size_t first = 0; first < n_numbers; first += BLOCK_NUMBERS) {
        size_t n = n_numbers - first < BLOCK_NUMBERS ? n_numbers - first : BLOCK_NUMBERS;
        for (size_t i = 0; i < n; i++) {
            put_number(numbers[first + i], NUMBER_BYTES, block + i * NUMBER_BYTES);
        }
        rs_sha256_add(hash, block, n * NUMBER_BYTES);
    }
}

/* What every signature starts with; names and types are words, so a line end closes each. */
static rs_status begin(const char *name, const char *type_name, const char *state, rs_sha256 **out,
                       rs_error *err)
{
    const char *const lines[] = {name, type_name, state};
    *out = rs_sha256_new();
    if (*out == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "sign values: out of memory");
    }
    rs_sha256_add(*out, RECIPE, strlen(RECIPE));
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        rs_sha256_add(*out, lines[i], strlen(lines[i]));
        rs_sha256_add(*out, "\n", 1);
    }
    return RS_OK;
}

rs_status rs_param_signer_finish(rs_param_signer *signer, const char *name, const char *type_name,
                                 char hash[RS_SHA256_TEXT_BYTES], rs_error *err)
{
    rs_value_hash_vec *hashes = &signer->hashes;
    const uint64_t counts[] = {hashes->n_items, signer->n_nulls};
    rs_sha256 *whole = NULL;
    RS_TRY(begin(name, type_name, "given", &whole, err));
    if (hashes->n_items > 1) {
        qsort(hashes->items, hashes->n_items, sizeof *hashes->items, compare_hashes);
    }
    add_numbers(whole, counts, sizeof counts / sizeof counts[0]);
    add_numbers(whole, hashes->items, hashes->n_items);
    rs_sha256_finish(whole, hash);
    rs_sha256_free(whole);
    return RS_OK;
}

rs_status rs_param_missing_signature(const char *name, const char *type_name,
                                     char hash[RS_SHA256_TEXT_BYTES], rs_error *err)
{
    rs_sha256 *whole = NULL;
    RS_TRY(begin(name, type_name, "missing", &whole, err));
    rs_sha256_finish(whole, hash);
    rs_sha256_free(whole);
    return RS_OK;
}

void rs_param_signer_release(rs_param_signer *signer)
{
    rs_value_hash_vec_release(&signer->hashes);
    *signer = (rs_param_signer){0};
}
