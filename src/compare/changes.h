/* SPDX-License-Identifier: Apache-2.0 */
/* changes.h - where two JSON values differ, field by field.
 *
 * A field is named as one would write it down: `emit.selects[0].src`. Objects are compared member
 * by member in the order of their names, arrays item by item; the first level at which the kinds of
 * the values differ is the field that is reported, with both values whole.
 *
 * Threads: any, one at a time for each value.
 */
#ifndef RS_COMPARE_CHANGES_H
#define RS_COMPARE_CHANGES_H

#include "base/json.h"

/* before or after is NULL where only the other value has the field; all are borrowed. "" is the
 * whole value. */
typedef rs_status (*rs_change_fn)(const char *field, const json_t *before, const json_t *after,
                                  void *context, rs_error *err);

/*
 * Call report for each difference.
 *
 * Errors: RS_ERR_NOMEM, and what report returns.
 */
rs_status rs_json_changes(const json_t *before, const json_t *after, rs_change_fn report,
                          void *context, rs_error *err) RS_MUST_USE;

/* The names of an object's members, sorted; NULL for an object without any, or none. The names are
 * borrowed from the object, the array is the caller's (rs_free()). */
rs_status rs_json_names(const json_t *object, const char ***names, size_t *n_names,
                        rs_error *err) RS_MUST_USE;

/* A value on one line, cut for a person; texts without quotes. NULL is "nothing". */
void rs_json_add_short(const json_t *value, rs_buf *out);

#endif
