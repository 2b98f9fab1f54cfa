/* SPDX-License-Identifier: Apache-2.0 */
/* json.h - JSON texts as relspec writes them: sorted keys, two spaces, one closing line end.
 *
 * A thin layer over jansson: makers that never fail halfway. json_object_set_new() and its kind
 * take NULL for "out of memory" and say so; rs_json_set() remembers it for one check at the end.
 *
 * Threads: one at a time for each value.
 */
#ifndef RS_BASE_JSON_H
#define RS_BASE_JSON_H

#include <jansson.h>

#include "base/hash.h"
#include "base/str.h"

/* A string; bytes that are no UTF-8 become \xNN. NULL when memory is out. */
json_t *rs_json_str(rs_str text);
json_t *rs_json_text(const char *text); /* NULL gives a JSON null */
json_t *rs_json_u64(uint64_t number);   /* cut at INT64_MAX */

/* Add value (taken, NULL for out of memory) to an object or array; *failed is set when it cannot. */
void rs_json_set(json_t *object, const char *key, json_t *value, bool *failed);
void rs_json_push(json_t *array, json_t *value, bool *failed);

/* Append the text of value. */
rs_status rs_json_print(const json_t *value, rs_buf *out, rs_error *err) RS_MUST_USE;
/* The same without any white space, for hashing. */
rs_status rs_json_print_compact(const json_t *value, rs_buf *out, rs_error *err) RS_MUST_USE;

/* SHA-256 of an object's compact text without one of its members. */
rs_status rs_json_hash_without(const json_t *object, const char *member,
                               char hash[RS_SHA256_TEXT_BYTES], rs_error *err) RS_MUST_USE;

/* Parse text; name stands in the message. Errors: RS_ERR_INVALID. */
rs_status rs_json_parse(rs_str text, const char *name, json_t **out, rs_error *err) RS_MUST_USE;

#endif
