/* SPDX-License-Identifier: Apache-2.0 */
/* policy.h - what a run decides rather than sees: one object, built once, handed to whoever needs it.
 *
 * The defaults are rules/policy.yaml, embedded in the library; a user's file adds to them and
 * overrides by name, read by the same loader. There is no global policy: who needs one takes it
 * as an argument.
 *
 * Ownership: everything lies in the policy. Texts are NUL-terminated.
 * Threads: a policy that was loaded is read-only and may be shared.
 */
#ifndef RS_RULES_POLICY_H
#define RS_RULES_POLICY_H

#include "base/hash.h"
#include "plan/confidence.h"
#include "plan/problem.h"
#include "rules/document.h"
#include "rules/rules.h"
#include "schema/kernel.h"
#include "schema/schema.h"

/* --- confidence --- */

/*
 * base + weight of source - penalty, within 0 and 1, rounded to the 4 places that policies are
 * written with. A source without a weight has weight 0; so has "", a row without source.
 */
double rs_confidence_value(const rs_confidence_policy *policy, rs_str source);

/* Of an edge whose rule names none and that no relationship hands one on to. */
#define RS_POLICY_OF_EVIDENCE "evidence"

/* --- ambiguity --- */

typedef struct rs_policy_column {
    const char *name; /* of the rule's output: whoever applies the policy checks that it is there */
    bool is_descending; /* of an order; false for a key */
    rs_place place;
} rs_policy_column;

typedef enum rs_ambiguity_kind { RS_AMBIGUITY_KEEP_ALL, RS_AMBIGUITY_WINNER } rs_ambiguity_kind;

typedef struct rs_ambiguity_policy {
    const char *name;
    const char *doc;
    rs_place place; /* of its name */
    rs_ambiguity_kind kind;
    /* Of a winner; at least one of each, and no column twice in both. The first row of each group
     * of equal keys wins; a total order takes the remaining columns behind these. */
    const rs_policy_column *keys;
    size_t n_keys;
    const rs_policy_column *order;
    size_t n_order;
} rs_ambiguity_policy;

/* --- the whole --- */

struct rs_policy {
    const rs_confidence_policy *confidence; /* by name */
    size_t n_confidence;
    const rs_ambiguity_policy *ambiguity; /* by name */
    size_t n_ambiguity;
    struct {
        rs_lane allowed[RS_N_LANES]; /* the most welcome first, none twice */
        size_t n_allowed;            /* at least 1 */
        const char *on_violation;    /* "warn": a diagnostic, never a failed run */
    } lanes;
    struct { /* of lenses, each by lens and name: rs_policy_limit() */
        int64_t flow_max_facts;
        int64_t flow_max_growth;
        int64_t flow_max_reaching;
        int64_t flow_min_elements;
        int64_t names_max_facts;
        int64_t scip_max_document_bytes;
        int64_t scip_max_key_bytes;
        int64_t scope_max_faults;
        int64_t scope_max_symbols;
        int64_t values_max_insertions;
        int64_t values_max_objects;
    } limits;
    struct {
        int64_t max_literals; /* of an IN list of a rule; sub-queries only of param tables */
    } list_filter;
    struct {
        const char *scope;  /* "per_run": a run's values are its own */
        const char *prefix; /* of the tables' names */
        const char *empty;  /* "empty_result": no value lets no row through */
    } param_tables;
    struct { /* each "refuse" */
        const char *ddl;
        const char *dml;
        const char *statements;
    } sql;
    struct { /* what is captured */
        bool events;
        bool fallbacks;
        bool explains;
        bool scan_telemetry;
        bool kernel_lanes;
    } diagnostics;

    rs_str json; /* all of the above but docs and places: compact JSON with sorted keys */
    char signature[RS_SHA256_TEXT_BYTES]; /* SHA-256 of json */

    rs_arena arena;
    rs_problems problems;
};

/*
 * The defaults, and over them the policy file at path (NULL: the defaults alone).
 *
 * Ownership: the caller owns *out, also on failure (it holds the problems then), and hands it to
 * rs_policy_free().
 * Errors: RS_ERR_INVALID when there is any problem, with the first of them as the message;
 * RS_ERR_IO, RS_ERR_LIMIT, RS_ERR_NOMEM.
 */
rs_status rs_policy_load(const char *path, rs_policy **out, rs_error *err) RS_MUST_USE;

/* The same with the text of a policy file; name stands in the problems. Both are copied. */
rs_status rs_policy_read(const char *name, rs_str text, rs_policy **out, rs_error *err) RS_MUST_USE;

/* Accepts NULL. */
void rs_policy_free(rs_policy *policy);

/* By file, line and column. */
size_t rs_policy_n_problems(const rs_policy *policy);
const rs_problem *rs_policy_problem(const rs_policy *policy, size_t index);

/* --- looking things up --- */

/* NULL when there is none of that name. */
const rs_confidence_policy *rs_policy_confidence(const rs_policy *policy, rs_str name);
const rs_ambiguity_policy *rs_policy_ambiguity(const rs_policy *policy, rs_str name);

/*
 * The policy that a rule names at place; when there is none NULL, and a problem that says
 * "unknown confidence policy scpi; did you mean scip?".
 */
const rs_confidence_policy *rs_policy_require_confidence(const rs_policy *policy, rs_str name,
                                                         rs_place place, rs_problems *problems);
const rs_ambiguity_policy *rs_policy_require_ambiguity(const rs_policy *policy, rs_str name,
                                                       rs_place place, rs_problems *problems);

/* The limit of a lens; NULL for one that the policy does not settle. */
const int64_t *rs_policy_limit(const rs_policy *policy, const char *lens, const char *limit);

/* 0 for the most welcome lane, then 1, ...; n_allowed for one that is not allowed. */
size_t rs_policy_lane_rank(const rs_policy *policy, rs_lane lane);

/* --- the keys of a policy file, for documentation and tests --- */

typedef struct rs_policy_key {
    const char *where; /* "" for the file itself, "lanes", "confidence policy", "winner", ... */
    const char *name;
    const char *type; /* what is expected: "true or false" */
    const char *doc;
} rs_policy_key;

/* NULL behind the last. */
const rs_policy_key *rs_policy_key_get(size_t index);

#endif
