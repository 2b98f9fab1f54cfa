/* SPDX-License-Identifier: Apache-2.0 */
/* contract.h - what a pack promises of a relationship: its dataset, key, order and question.
 *
 *   datasets:
 *   - name: rel_call_symbol
 *     version: 1
 *     doc: The symbol that a call invokes.
 *     key: [call_id, symbol_id]     no two rows are alike in these; the best one is kept
 *     group: call_id                the question; rows alike in it are its candidates
 *     sort: [call_id, score desc]   order of rows; the key where nothing is said
 *     rank: 1                       how strong its evidence is: 1 the strongest, 9 the weakest
 *     columns:
 *       call_id: {type: id, required: true, doc: the call}
 *
 * Types: id (of something in a file), gid (of something in none), i64, i32, bool, f32, f64, str,
 * or a set of words of the registry (context, callee_shape, ...).
 */
#ifndef RS_RULES_CONTRACT_H
#define RS_RULES_CONTRACT_H

#include "base/vec.h"
#include "plan/problem.h"
#include "rules/document.h"
#include "rules/rules.h"

/* A column of a dataset and the direction that it is sorted in. */
typedef struct rs_sort_term {
    const rs_column *column;
    bool is_descending;
    rs_place place;
} rs_sort_term;

typedef struct rs_contract {
    const rs_dataset *dataset; /* the contract's columns, then rs_relationship_columns() */
    rs_place place;            /* of its name */
    unsigned source;           /* number of the call that added it: a later one overrides */
    int rank;                  /* how strong its evidence is: 1 for the strongest */
    const rs_column *group;    /* NULL: it answers no question */
    rs_sort_term sort[RS_SORT_MAX_TERMS];
    size_t n_sort;
    /* Settled with the order of the rules: */
    rs_rule_scope scope;
    size_t level; /* relationships of a level need only lower ones; those of a file have even
                         levels, those of the run odd ones */
    size_t place_in_order; /* among contracts, by when the last rule that writes one runs */
    bool has_producer;     /* some rule writes it */
    bool is_absent;        /* all rules that write it are skipped (skip.c) */
} rs_contract;

RS_VEC_DEFINE(rs_contract_vec, rs_contract *)

/* NULL when there is none of that name. */
rs_contract *rs_contract_find(const rs_contract_vec *contracts, rs_str name);

/*
 * Order terms of a list: "column", "column asc" or "column desc" of dataset. Returns how many, 0
 * with a problem at what: when one is wrong.
 */
size_t rs_load_sort(rs_problems *problems, const rs_dataset *dataset, const rs_yaml *list,
                    const char *what, bool may_descend, rs_sort_term *terms);

#endif
