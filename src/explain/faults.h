/* SPDX-License-Identifier: Apache-2.0 */
/* faults.h - why a rule gives no row for something: the input, predicate or partner that is missing. */
#ifndef RS_EXPLAIN_FAULTS_H
#define RS_EXPLAIN_FAULTS_H

#include "explain/replay.h"

/* What a rule should have given a row for: rows of an input that have a value in a column. */
typedef struct rs_fault_site {
    const rs_plan *rule;
    size_t input;
    const char *column;
    int64_t value; /* an id */
} rs_fault_site;

/*
 * The site in rule of the rows that have a value in column of dataset, also through relationships
 * that hand it on; false where output_column has nothing to do with it.
 */
bool rs_explain_find_site(const rs_explainer *self, const rs_plan *rule, const char *output_column,
                          const rs_dataset *dataset, const char *column, rs_fault_site *site);

/*
 * Fill out: rule, doc, `verdict` in words, `rows` that were considered (nodes, each perhaps with a
 * `verdict`), and `below`, the same of the rules that should have given what is missing.
 *
 * Ownership: out is the caller's. Errors: those of the engine, RS_ERR_NOMEM.
 */
rs_status rs_explain_fault(rs_explainer *self, const rs_fault_site *site, json_t *out,
                           rs_error *err) RS_MUST_USE;

#endif
