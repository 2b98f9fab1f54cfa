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
 * Types: id (of something in a file), gid (of something in none, or that rows of several files may name; both may say of what by `of:`), i64, i32, bool, f32, f64, str,
 * or a set of words of the registry (context, callee_shape, ...).
 */
#ifndef RS_RULES_CONTRACT_H
#define RS_RULES_CONTRACT_H

#include "base/vec.h"
#include "plan/contract.h"
#include "rules/document.h"
#include "rules/rules.h"

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
