/* SPDX-License-Identifier: Apache-2.0 */
/* faults.h - why a rule gives no row for something: the input, predicate or partner that is missing. */
#ifndef RS_EXPLAIN_FAULTS_H
#define RS_EXPLAIN_FAULTS_H

#include "explain/explain_impl.h"

/* What a rule should have given a row for: rows of an input that have a value in a column. */
typedef struct rs_fault_site {
    const rs_plan *rule;
    size_t input;
    const char *column;
    int64_t value; /* an id */
} rs_fault_site;

typedef struct rs_explain_finding rs_explain_finding;

typedef struct rs_explain_findings {
    rs_explain_finding **items;
    size_t n_items;
} rs_explain_findings;

/* What came of looking at a site. */
struct rs_explain_finding {
    const rs_plan *rule;
    const char *verdict;       /* NULL: nothing was wrong */
    rs_explain_items rows;     /* that were considered, each perhaps with a verdict of its own */
    bool was_searched;         /* below: */
    rs_explain_findings below; /* the same of the rules that should have given what is missing */
    rs_explain_items found;    /* one row that the rule gave: then nothing else is said */
};

/*
 * The site in rule of the rows that have a value in column of dataset, also through relationships
 * that hand it on; false where output_column has nothing to do with it.
 */
bool rs_explain_find_site(const rs_explainer *self, const rs_plan *rule, const char *output_column,
                          const rs_dataset *dataset, const char *column, rs_fault_site *site);

/* A finding, in a list; NULL on failure. Then fill it. */
rs_explain_finding *rs_explain_add_finding(rs_explainer *self, const rs_plan *rule,
                                           rs_explain_findings *list);
void rs_explain_fault(rs_explainer *self, const rs_fault_site *site, rs_explain_finding *out);

#endif
