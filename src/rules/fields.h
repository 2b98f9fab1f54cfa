/* SPDX-License-Identifier: Apache-2.0 */
/* fields.h - reading the values of a YAML mapping: what is not as expected becomes a problem.
 *
 * Shared by rule packs (load.c) and policy files (policy_load.c). Texts are NUL-terminated and
 * borrowed from the tree; hints lie in the problems' arena.
 *
 * Threads: one at a time.
 */
#ifndef RS_RULES_FIELDS_H
#define RS_RULES_FIELDS_H

#include "plan/problem.h"
#include "rules/document.h"
#include "rules/rules.h"

enum { RS_FIELD_MAX_NAME_BYTES = 64, RS_FIELD_PLACES = 4, RS_FIELD_UNITS = 10000 };

/* What a message says was found: the text, "nothing", "a list", "a mapping". Print with %.60s. */
const char *rs_field_found(const rs_yaml *value);

/* Refuse keys of a mapping that are in no row of known (NULL behind the last); what: "a rule". */
void rs_field_known_keys(rs_problems *problems, const rs_yaml *mapping, const char *what,
                         const char *const *known);

/* The text of a key, which may not be empty or a plain null; NULL, with a problem where it is required or wrong. */
const rs_yaml *rs_field_text(rs_problems *problems, const rs_yaml *mapping, const char *key,
                             bool is_required);

/* a-z, 0-9 and _, a letter first, below RS_FIELD_MAX_NAME_BYTES. */
bool rs_field_is_name(rs_str text);
/* The same of a scalar; NULL with a problem. */
const char *rs_field_name(rs_problems *problems, const rs_yaml *scalar, const char *what);

/* The place of a word in words[0..n_words); -1, with a problem, when it is none of them. */
int rs_field_word(rs_problems *problems, const rs_yaml *scalar, const char *what,
                  const char *const *words, size_t n_words);

/* true or false, without quotes. False, with a problem, when it is neither. */
bool rs_field_bool(rs_problems *problems, const rs_yaml *value, const char *what, bool *out);

/* A whole number from least to most, without quotes. */
bool rs_field_integer(rs_problems *problems, const rs_yaml *value, const char *what, int64_t least,
                      int64_t most, int64_t *out);

/*
 * A number from least to most with up to RS_FIELD_PLACES places, without quotes and exponent: so
 * few that every printf("%g") gives back what was written, and that rounding
 * a sum to 1 / RS_FIELD_UNITS makes it exact. The caller's locale does not matter.
 */
bool rs_field_decimal(rs_problems *problems, const rs_yaml *value, const char *what, int least,
                      int most, double *out);

#endif
