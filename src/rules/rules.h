/* SPDX-License-Identifier: Apache-2.0 */
/* rules.h - rule packs: from YAML to checked rules, and from rules to SQL.
 *
 * A rule set is loaded pack by pack and then checked as a whole. What is wrong
 * with a pack is a problem with file, line and column; all of them are collected.
 * Only a set without problems may be planned (graph/emit.h).
 *
 * Threads: a set that was checked is read-only and may be shared.
 */
#ifndef RS_RULES_RULES_H
#define RS_RULES_RULES_H

#include <stdatomic.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/str.h"
#include "plan/plan.h"
#include "schema/kinds.h"

typedef struct rs_rules rs_rules;
typedef struct rs_policy rs_policy;

/* Ownership: the caller owns *out and hands it to rs_rules_free(). Errors: RS_ERR_NOMEM. */
rs_status rs_rules_new(rs_rules **out, rs_error *err) RS_MUST_USE;
void rs_rules_free(rs_rules *rules);

/* From now on loading and checking end with RS_ERR_CANCELLED once stop is raised (base/stop.h). Borrowed. */
void rs_rules_stop_at(rs_rules *rules, const atomic_bool *stop);
/* RS_ERR_CANCELLED once that was raised: for who goes through all of the rules. */
rs_status rs_rules_stop_check(const rs_rules *rules, rs_error *err) RS_MUST_USE;

/* The packs that the library carries. */
rs_status rs_rules_add_embedded(rs_rules *rules, rs_error *err) RS_MUST_USE;

/*
 * Every *.yaml and *.yml file of a directory, in the order of their names. A rule
 * takes the place of the one of its name that was added before by another call.
 *
 * Errors: RS_ERR_IO, RS_ERR_NOMEM; what is wrong inside the packs are problems.
 */
rs_status rs_rules_add_directory(rs_rules *rules, const char *directory, rs_error *err) RS_MUST_USE;

/* One pack; text is copied. Errors: RS_ERR_NOMEM. */
rs_status rs_rules_add_pack(rs_rules *rules, const char *name, rs_str text,
                            rs_error *err) RS_MUST_USE;

/*
 * Load the rules of all packs, check them against the registries, the policy and each other,
 * settle their order, plan and sign them. After the last pack. dialect is that of the engine that the
 * rules are for: in it stands the SQL of their steps, and that which plan signatures are made over.
 *
 * Ownership: policy and dialect are borrowed as long as the rules live.
 * Errors: RS_ERR_CANCELLED; RS_ERR_INVALID when there is any problem, with the first of them as the message.
 */
rs_status rs_rules_check(rs_rules *rules, const rs_policy *policy, const rs_dialect *dialect,
                         rs_error *err) RS_MUST_USE;

/*
 * The run has no evidence of a lens: rules that give no rows without it are skipped, and so are those
 * that read what only such rules make. After the check, before the graph is planned.
 */
void rs_rules_skip_absent(rs_rules *rules, const char *lens);

/* By file, line and column. */
size_t rs_rules_n_problems(const rs_rules *rules);
const rs_problem *rs_rules_problem(const rs_rules *rules, size_t index);

/* In the order that they run in. */
size_t rs_rules_count(const rs_rules *rules);
const rs_plan *rs_rules_get(const rs_rules *rules, size_t index);

/* The kinds of nodes and edges that there are: of the registry, and of the packs once they were checked. */
const rs_kinds *rs_rules_kinds(const rs_rules *rules);

/* The policy and the dialect that they were checked with. */
const rs_policy *rs_rules_policy(const rs_rules *rules);
const rs_dialect *rs_rules_dialect(const rs_rules *rules);

/* The selects of all rules in the same order; borrowed. */
size_t rs_rules_n_selects(const rs_rules *rules);
const rs_select *rs_rules_select(const rs_rules *rules, size_t index);

/* The relationships that packs declare, and the param tables, in the order of the packs. */
size_t rs_rules_n_contracts(const rs_rules *rules);
const rs_contract *rs_rules_contract(const rs_rules *rules, size_t index);
size_t rs_rules_n_params(const rs_rules *rules);
const rs_param_table *rs_rules_param(const rs_rules *rules, size_t index);

/* The SQL of one rule's rows, as the golden files and `rules show` have it; that of a rule with an
 * output is one view a step. */
rs_status rs_rules_add_sql(const rs_rules *rules, size_t index, rs_buf *out,
                           rs_error *err) RS_MUST_USE;

/* The rule as its pack has it, with comments, from the left margin on. */
rs_status rs_rules_add_written(const rs_rules *rules, size_t index, rs_buf *out,
                               rs_error *err) RS_MUST_USE;

/*
 * Everything that gives a rule its meaning, as JSON: what it says, expression by expression, the
 * definitions of its policies, and the fingerprints of the datasets that it reads and writes. Its
 * compact text with sorted keys is what a plan's signature is the SHA-256 of: white space, comments
 * and the order of keys in the pack are not in it.
 *
 * Ownership: the caller owns *out.
 */
rs_status rs_rules_add_canonical(const rs_rules *rules, size_t index, json_t **out,
                                 rs_error *err) RS_MUST_USE;

/* SHA-256 over the signatures of all rules and what each of them reads and writes. */
rs_status rs_rules_signature(const rs_rules *rules, char hash[RS_SHA256_TEXT_BYTES],
                             rs_error *err) RS_MUST_USE;

#endif
