/* SPDX-License-Identifier: Apache-2.0 */
/* findings.h - what a comparison has to say: a list of findings, grouped by check.
 *
 * A finding is {check, object, field, expected, found, message}: in which check, of what (a rule, a
 * dataset, an edge kind), which field of it (or null), both values (or null), and a line for a
 * person. A check that was made is listed with the number of things that it looked at, also when it
 * found nothing.
 *
 * Threads: one at a time.
 */
#ifndef RS_COMPARE_FINDINGS_H
#define RS_COMPARE_FINDINGS_H

#include "base/json.h"

typedef struct rs_findings {
    json_t *checks;   /* [{check, compared, findings}] in the order that they were made */
    json_t *findings; /* in the order that they were found */
    bool failed;      /* memory ran out */
} rs_findings;

/* Errors: RS_ERR_NOMEM. */
rs_status rs_findings_init(rs_findings *self, rs_error *err) RS_MUST_USE;
void rs_findings_release(rs_findings *self);

/* From here on findings are of this check (constant text). */
void rs_findings_begin(rs_findings *self, const char *check);
/* So many more things were looked at. */
void rs_findings_compared(rs_findings *self, size_t n_compared);

/* expected and found are borrowed; NULL is null. field may be NULL. */
void rs_findings_add(rs_findings *self, const char *object, const char *field,
                     const json_t *expected, const json_t *found, const char *format, ...)
    RS_PRINTF(6, 7);

size_t rs_findings_count(const rs_findings *self);
/* RS_ERR_NOMEM when anything was lost. */
rs_status rs_findings_check(const rs_findings *self, rs_error *err) RS_MUST_USE;

#endif
