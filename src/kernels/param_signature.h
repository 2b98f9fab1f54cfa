/* SPDX-License-Identifier: Apache-2.0 */
/* param_signature.h - one hash for the values of a param table, however they came.
 *
 * SHA-256 over the table's name, its type, what it is (missing or given), and of given ones the
 * sorted 64-bit hashes of its values: neither order nor chunks nor the file's form is in it,
 * repeated values and nulls are. docs/params.md has the recipe byte by byte.
 *
 *     rs_param_signer signer = {.type = RS_TYPE_STR};
 *     rs_param_signer_add(&signer, column, &err);  for each chunk
 *     rs_param_signer_finish(&signer, "layers", "str", hash, &err);
 *
 * Threads: one at a time for each signer.
 */
#ifndef RS_KERNELS_PARAM_SIGNATURE_H
#define RS_KERNELS_PARAM_SIGNATURE_H

#include "base/hash.h"
#include "base/vec.h"
#include "schema/schema.h"
#include "schema/table.h"

RS_VEC_DEFINE(rs_value_hash_vec, uint64_t)

/* All-zero but for its type is one of no values. */
typedef struct rs_param_signer {
    rs_type type;
    rs_value_hash_vec hashes; /* of all values, that of a null among them */
    uint64_t n_nulls;
} rs_param_signer;

/*
 * Take in the values of a column, one of schema/table.h: whole numbers of either width for I64 and
 * I32, text or words for STR and ENUM, else the type itself; nulls of any.
 *
 * Errors: RS_ERR_INVALID for another type; RS_ERR_NOMEM. The signer is then as it was.
 */
rs_status rs_param_signer_add(rs_param_signer *signer, const struct ArrowArrayView *column,
                              rs_error *err) RS_MUST_USE;

/* The signature of what was taken in. type_name is the type as the pack declares it. Sorts. */
rs_status rs_param_signer_finish(rs_param_signer *signer, const char *name, const char *type_name,
                                 char hash[RS_SHA256_TEXT_BYTES], rs_error *err) RS_MUST_USE;

/* The signature of a table that was given no value at all, which is not that of an empty one. */
rs_status rs_param_missing_signature(const char *name, const char *type_name,
                                     char hash[RS_SHA256_TEXT_BYTES], rs_error *err) RS_MUST_USE;

void rs_param_signer_release(rs_param_signer *signer);

#endif
