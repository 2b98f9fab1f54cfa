/* SPDX-License-Identifier: Apache-2.0 */
/* collect.h - what happens while rules run: events, fallbacks, plans, failures.
 *
 * Everything is recorded at the moment it happens, by the worker that it happens to: costs into
 * slots of its own, the rest into rows behind one lock. What the policy does not capture is not
 * computed. Failures are always kept: a run has to answer for them.
 *
 * Threads: a worker uses its own number; rs_collector_failed() and reading are for when none works.
 */
#ifndef RS_RUN_COLLECT_H
#define RS_RUN_COLLECT_H

#include "bundle/records.h"
#include "engine/engine.h"
#include "rules/rules.h"

/* What an output cost one worker. */
typedef struct rs_output_cost {
    uint64_t finalize_ns; /* in the gate of a relationship */
    uint64_t write_ns;    /* of files; of the graph with its rules and its gate */
    uint64_t started_ns;  /* as rs_clock_ns(); 0: never */
    uint64_t ended_ns;
} rs_output_cost;

typedef struct rs_collector rs_collector;

typedef struct rs_collector_options {
    size_t n_rules;
    size_t n_outputs; /* of the plan */
    size_t n_workers;
    bool events;
    bool fallbacks;
    bool explains;
    const char *dialect; /* that the engine's statements are in; borrowed */
} rs_collector_options;

/* Ownership: the caller owns *out and hands it to rs_collector_free(). Errors: RS_ERR_NOMEM. */
rs_status rs_collector_new(const rs_collector_options *options, rs_collector **out,
                           rs_error *err) RS_MUST_USE;
/* Accepts NULL. */
void rs_collector_free(rs_collector *collector);

/* --- events --- */

/* By rule: what its rows cost this worker; NULL when events are off. */
rs_observation *rs_collector_rules(rs_collector *collector, size_t worker);
/* By rule: how much of it was spent in kernels that C ran. NULL when events are off. */
uint64_t *rs_collector_kernels(rs_collector *collector, size_t worker);
/* By output of the plan. NULL when events are off. */
rs_output_cost *rs_collector_outputs(rs_collector *collector, size_t worker);

/* Add a span of time, both ends as rs_clock_ns(). */
void rs_observation_add(rs_observation *to, uint64_t started_ns, uint64_t ended_ns,
                        uint64_t n_rows);
void rs_output_cost_add(rs_output_cost *to, uint64_t *part_ns, uint64_t started_ns,
                        uint64_t ended_ns);

/* Over all workers. */
rs_observation rs_collector_rule(const rs_collector *collector, size_t rule, uint64_t *kernel_ns);
rs_output_cost rs_collector_output(const rs_collector *collector, size_t output);

/* --- what went another way --- */

/* The reasons of <engine>_fallbacks. */
#define RS_FALLBACK_REFUSED "engine_refused"
#define RS_FALLBACK_FAILED "rule_failed"

typedef struct rs_fallback {
    const rs_plan *rule;
    const char *reason;
    const char *error;
    const char *expression_type;
    const char *sql;
    const char *violation; /* of the policy, or NULL */
} rs_fallback;

/* A row of <engine>_fallbacks, where they are captured; of a rule and a reason the first one. */
void rs_collector_fall_back(rs_collector *collector, const rs_fallback *fallback);

/* A rule of a relationship ran in some range: its kernels did. */
void rs_collector_note_rule(rs_collector *collector, const rs_plan *rule);
bool rs_collector_ran(const rs_collector *collector, const rs_plan *rule);
/* The gate of a relationship, by output of the plan, ran kernels: lanes of each, a bit each. */
void rs_collector_note_gate(rs_collector *collector, size_t output,
                            const unsigned lanes[RS_N_KERNELS]);
bool rs_collector_gate_ran(const rs_collector *collector, size_t output, rs_kernel_id kernel,
                           rs_lane lane);

/* C ran the kernels of a rule in the engine's stead. */
void rs_collector_take_over(rs_collector *collector, const rs_plan *rule);
bool rs_collector_took_over(const rs_collector *collector, const rs_plan *rule);

/* How often another lane took over that the policy forbids; also where no rows are captured. */
size_t rs_collector_n_violations(const rs_collector *collector);

/* A rule failed in a range of parts: it has no rows there. The first message is kept. Errors:
 * RS_ERR_NOMEM. */
rs_status rs_collector_fail(rs_collector *collector, const rs_plan *rule, size_t range,
                            const char *message, rs_error *err) RS_MUST_USE;
/* A rule was left out, for rows of a dataset are missing that it reads: it might find too much. */
void rs_collector_leave_out(rs_collector *collector, const rs_plan *rule,
                            const rs_dataset *missing);
/* The dataset that a rule was left out for; NULL when it was not. */
const rs_dataset *rs_collector_left_out(const rs_collector *collector, const rs_plan *rule);
/* Did it fail in the range, or in any with RS_RANGE_RUN, which sees them all? */
bool rs_collector_failed_in(rs_collector *collector, const rs_plan *rule, size_t range);
/* Did any rule fail? Any worker may ask at any time. */
bool rs_collector_any_failed(rs_collector *collector);
/* Why a rule failed; NULL when it did not. */
const char *rs_collector_failed(const rs_collector *collector, const rs_plan *rule);
size_t rs_collector_n_failed(const rs_collector *collector);

/* --- plans --- */

bool rs_collector_explains(const rs_collector *collector);

/* The same of a rule that another lane runs: once, in whatever range that is. Any worker. */
bool rs_collector_explains_fallback(rs_collector *collector, const rs_plan *rule);

/* A row of <engine>_explains. rule_name NULL: a statement of all rules of an output. */
void rs_collector_explain(rs_collector *collector, const char *rule_name,
                          const char *output_dataset, const char *sql, const char *plan_json,
                          bool is_measured);

rs_records *rs_collector_fallbacks(rs_collector *collector);
rs_records *rs_collector_plans(rs_collector *collector);

#endif
