/* SPDX-License-Identifier: Apache-2.0 */
/* toml.h - TOML 1.0 as a JSON value, for what project files say in texts.
 *
 * No library of Debian's reads TOML in C. Tables, arrays, texts and booleans are what they are; numbers,
 * dates and times, which nothing here asks for, are null and not looked at closely.
 *
 * Threads: none of it is shared.
 */
#ifndef RS_MODULES_TOML_H
#define RS_MODULES_TOML_H

#include "base/json.h"

enum { RS_TOML_MAX_DEPTH = 32 /* of values in values, and of a key's parts */ };

/*
 * Ownership: *out, an object, is the caller's.
 * Errors: RS_ERR_INVALID with "line N: what", RS_ERR_NOMEM.
 */
rs_status rs_toml_parse(rs_str text, json_t **out, rs_error *err) RS_MUST_USE;

#endif
