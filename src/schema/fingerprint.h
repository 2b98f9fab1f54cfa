/* SPDX-License-Identifier: Apache-2.0 */
/* fingerprint.h - the hash of a dataset's schema. */
#ifndef RS_SCHEMA_FINGERPRINT_H
#define RS_SCHEMA_FINGERPRINT_H

#include "base/hash.h"
#include "base/json.h"
#include "schema/schema.h"

/* int64, int32, bool, float, double, string. */
const char *rs_type_field_name(rs_type type);
/* The same, list<string>, map<string, string>, ... */
const char *rs_column_field_type(const rs_column *column);

/* {"name", "nullable", "type"} of a column. */
json_t *rs_field_document(const char *name, const char *type, bool nullable, bool *failed);

/* The hash of fields (taken), unless making them failed. Errors: RS_ERR_NOMEM. */
rs_status rs_fields_hash(json_t *fields, bool failed, char hash[RS_SHA256_TEXT_BYTES],
                         rs_error *err) RS_MUST_USE;

/* SHA-256 of {"fields":[{"name","nullable","type"},...]}, compact, stored columns in their order;
 * rejects have `reason` behind them and only nullable columns. Errors: RS_ERR_NOMEM. */
rs_status rs_dataset_fingerprint(const rs_dataset *dataset, bool is_reject,
                                 char hash[RS_SHA256_TEXT_BYTES], rs_error *err) RS_MUST_USE;

/* Over its ids: what they refer to, and whether rows of several files may share them. */
rs_status rs_dataset_ids_fingerprint(const rs_dataset *dataset, char hash[RS_SHA256_TEXT_BYTES],
                                     rs_error *err) RS_MUST_USE;

#endif
