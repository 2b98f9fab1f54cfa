/* SPDX-License-Identifier: Apache-2.0 */
#include "run/collect.h"

#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/vec.h"
#include "run/relate.h"

enum { NS_A_MS = 1000000 };
enum { FELL_REFUSED = 1, FELL_FAILED = 2, FELL_EXPLAINED = 4 };

typedef struct failed_place {
    size_t rule;
    size_t range;
} failed_place;

RS_VEC_DEFINE(failed_places, failed_place)

struct rs_collector {
    rs_collector_options options;
    rs_observation *rules;   /* by worker, then rule; NULL: events are off */
    uint64_t *kernels;       /* the same */
    rs_output_cost *outputs; /* by worker, then output */
    pthread_mutex_t lock;    /* over the rest */
    char **failures;         /* by rule; NULL: it did not fail */
    size_t n_failed;
    size_t n_violations;
    failed_places places;       /* of all failures */
    const rs_dataset **missing; /* by rule; NULL: it was not left out */
    bool *ran;                  /* by rule */
    bool *took_over;            /* by rule */
    unsigned *gates;            /* by output, then kernel: lanes that ran it, a bit each */
    uint8_t *fell;              /* by rule: FELL_* that it has a row of, or a plan */
    rs_records *fallbacks;
    rs_records *plans;
};

/* --- the collector --- */

static rs_status make_slots(rs_collector *collector, rs_error *err)
{
    const rs_collector_options *options = &collector->options;
    size_t n_rules = options->n_rules + 1;
    size_t n_outputs = options->n_outputs + 1;
    collector->failures = rs_alloc_zero(n_rules, sizeof *collector->failures);
    collector->missing = rs_alloc_zero(n_rules, sizeof *collector->missing);
    collector->took_over = rs_alloc_zero(n_rules, sizeof *collector->took_over);
    collector->fell = rs_alloc_zero(n_rules, sizeof *collector->fell);
    collector->ran = rs_alloc_zero(n_rules, sizeof *collector->ran);
    collector->gates = rs_alloc_zero(n_outputs * RS_N_KERNELS, sizeof *collector->gates);
    bool fits = collector->failures != NULL && collector->missing != NULL &&
                collector->took_over != NULL && collector->fell != NULL && collector->ran != NULL &&
                collector->gates != NULL;
    if (options->events && fits) {
        collector->rules = rs_alloc_zero(n_rules * options->n_workers, sizeof *collector->rules);
        collector->kernels =
            rs_alloc_zero(n_rules * options->n_workers, sizeof *collector->kernels);
        collector->outputs =
            rs_alloc_zero(n_outputs * options->n_workers, sizeof *collector->outputs);
        fits = collector->rules != NULL && collector->kernels != NULL && collector->outputs != NULL;
    }
    if (!fits) {
        return rs_error_set(err, RS_ERR_NOMEM, "collect events: out of memory");
    }
    RS_TRY(
        rs_records_new(rs_record_dataset_get(RS_R_engine_fallbacks), &collector->fallbacks, err));
    return rs_records_new(rs_record_dataset_get(RS_R_engine_explains), &collector->plans, err);
}

rs_status rs_collector_new(const rs_collector_options *options, rs_collector **out, rs_error *err)
{
    *out = NULL;
    rs_collector *collector = rs_alloc_zero(1, sizeof *collector);
    if (collector == NULL || pthread_mutex_init(&collector->lock, NULL) != 0) {
        rs_free(collector);
        return rs_error_set(err, RS_ERR_NOMEM, "collect events: out of memory");
    }
    collector->options = *options;
    rs_status status = make_slots(collector, err);
    if (status != RS_OK) {
        rs_collector_free(collector);
        return status;
    }
    *out = collector;
    return RS_OK;
}

void rs_collector_free(rs_collector *collector)
{
    if (collector == NULL) {
        return;
    }
    for (size_t i = 0; collector->failures != NULL && i < collector->options.n_rules; i++) {
        rs_free(collector->failures[i]);
    }
    rs_free(collector->failures);
    rs_free((void *)collector->missing);
    rs_free(collector->ran);
    rs_free(collector->gates);
    rs_free(collector->took_over);
    rs_free(collector->fell);
    failed_places_release(&collector->places);
    rs_free(collector->rules);
    rs_free(collector->kernels);
    rs_free(collector->outputs);
    rs_records_free(collector->fallbacks);
    rs_records_free(collector->plans);
    pthread_mutex_destroy(&collector->lock);
    rs_free(collector);
}

/* --- events --- */

rs_observation *rs_collector_rules(rs_collector *collector, size_t worker)
{
    RS_ASSERT(worker < collector->options.n_workers);
    return collector->rules == NULL ? NULL
                                    : &collector->rules[worker * (collector->options.n_rules + 1)];
}

uint64_t *rs_collector_kernels(rs_collector *collector, size_t worker)
{
    RS_ASSERT(worker < collector->options.n_workers);
    return collector->kernels == NULL
               ? NULL
               : &collector->kernels[worker * (collector->options.n_rules + 1)];
}

rs_output_cost *rs_collector_outputs(rs_collector *collector, size_t worker)
{
    RS_ASSERT(worker < collector->options.n_workers);
    return collector->outputs == NULL
               ? NULL
               : &collector->outputs[worker * (collector->options.n_outputs + 1)];
}

/* The first start and the last end; 0 is none yet. */
static void widen(uint64_t *first_ns, uint64_t *last_ns, uint64_t started_ns, uint64_t ended_ns)
{
    if (started_ns != 0 && (*first_ns == 0 || started_ns < *first_ns)) {
        *first_ns = started_ns;
    }
    *last_ns = ended_ns > *last_ns ? ended_ns : *last_ns;
}

void rs_observation_add(rs_observation *to, uint64_t started_ns, uint64_t ended_ns, uint64_t n_rows)
{
    RS_ASSERT(ended_ns >= started_ns); /* the clock never goes back */
    to->n_rows += n_rows;
    to->elapsed_ns += ended_ns - started_ns;
    widen(&to->started_ns, &to->ended_ns, started_ns, ended_ns);
}

void rs_output_cost_add(rs_output_cost *to, uint64_t *part_ns, uint64_t started_ns,
                        uint64_t ended_ns)
{
    RS_ASSERT(ended_ns >= started_ns);
    *part_ns += ended_ns - started_ns;
    widen(&to->started_ns, &to->ended_ns, started_ns, ended_ns);
}

rs_observation rs_collector_rule(const rs_collector *collector, size_t rule, uint64_t *kernel_ns)
{
    rs_observation sum = {0};
    *kernel_ns = 0;
    for (size_t i = 0; collector->rules != NULL && i < collector->options.n_workers; i++) {
        size_t at = i * (collector->options.n_rules + 1) + rule;
        const rs_observation *one = &collector->rules[at];
        sum.n_rows += one->n_rows;
        sum.elapsed_ns += one->elapsed_ns;
        widen(&sum.started_ns, &sum.ended_ns, one->started_ns, one->ended_ns);
        *kernel_ns += collector->kernels[at];
    }
    return sum;
}

rs_output_cost rs_collector_output(const rs_collector *collector, size_t output)
{
    rs_output_cost sum = {0};
    for (size_t i = 0; collector->outputs != NULL && i < collector->options.n_workers; i++) {
        const rs_output_cost *one =
            &collector->outputs[i * (collector->options.n_outputs + 1) + output];
        sum.finalize_ns += one->finalize_ns;
        sum.write_ns += one->write_ns;
        widen(&sum.started_ns, &sum.ended_ns, one->started_ns, one->ended_ns);
    }
    return sum;
}

/* --- which kernels ran --- */

void rs_collector_note_rule(rs_collector *collector, const rs_plan *rule)
{
    pthread_mutex_lock(&collector->lock);
    collector->ran[rule->number] = true;
    pthread_mutex_unlock(&collector->lock);
}

bool rs_collector_ran(const rs_collector *collector, const rs_plan *rule)
{
    return collector->ran[rule->number];
}

void rs_collector_note_gate(rs_collector *collector, size_t output,
                            const unsigned lanes[RS_N_KERNELS])
{
    RS_ASSERT(output < collector->options.n_outputs);
    pthread_mutex_lock(&collector->lock);
    for (size_t i = 0; i < RS_N_KERNELS; i++) {
        collector->gates[output * RS_N_KERNELS + i] |= lanes[i];
    }
    pthread_mutex_unlock(&collector->lock);
}

bool rs_collector_gate_ran(const rs_collector *collector, size_t output, rs_kernel_id kernel,
                           rs_lane lane)
{
    RS_ASSERT(output < collector->options.n_outputs);
    return (collector->gates[output * RS_N_KERNELS + kernel] & RS_LANE_BIT(lane)) != 0;
}

/* --- what went another way --- */

void rs_collector_take_over(rs_collector *collector, const rs_plan *rule)
{
    pthread_mutex_lock(&collector->lock);
    collector->took_over[rule->number] = true;
    pthread_mutex_unlock(&collector->lock);
}

bool rs_collector_took_over(const rs_collector *collector, const rs_plan *rule)
{
    return collector->took_over[rule->number];
}

size_t rs_collector_n_violations(const rs_collector *collector)
{
    return collector->n_violations;
}

void rs_collector_fall_back(rs_collector *collector, const rs_fallback *fallback)
{
    if (fallback->violation != NULL) {
        pthread_mutex_lock(&collector->lock);
        collector->n_violations++;
        pthread_mutex_unlock(&collector->lock);
    }
    if (!collector->options.fallbacks) {
        return;
    }
    rs_records *rows = collector->fallbacks;
    pthread_mutex_lock(&collector->lock);
    uint8_t bit = strcmp(fallback->reason, RS_FALLBACK_FAILED) == 0 ? FELL_FAILED : FELL_REFUSED;
    uint8_t *fell = &collector->fell[fallback->rule->number];
    if ((*fell & bit) != 0) { /* in another range, or another file of its output */
        pthread_mutex_unlock(&collector->lock);
        return;
    }
    *fell |= bit;
    rs_records_i64(rows, RS_C_engine_fallbacks_event_time_unix_ms, rs_clock_unix_ns() / NS_A_MS);
    rs_records_text(rows, RS_C_engine_fallbacks_rule_name, fallback->rule->name);
    rs_records_text(rows, RS_C_engine_fallbacks_output_dataset, fallback->rule->output->name);
    rs_records_text(rows, RS_C_engine_fallbacks_reason, fallback->reason);
    rs_records_text(rows, RS_C_engine_fallbacks_error, fallback->error);
    rs_records_text(rows, RS_C_engine_fallbacks_expression_type, fallback->expression_type);
    rs_records_text(rows, RS_C_engine_fallbacks_sql, fallback->sql);
    rs_records_text(rows, RS_C_engine_fallbacks_dialect, collector->options.dialect);
    rs_records_begin(rows, RS_C_engine_fallbacks_policy_violations);
    if (fallback->violation != NULL) {
        rs_records_item(rows, RS_C_engine_fallbacks_policy_violations, fallback->violation);
    }
    rs_records_end(rows);
    pthread_mutex_unlock(&collector->lock);
}

rs_status rs_collector_fail(rs_collector *collector, const rs_plan *rule, size_t range,
                            const char *message, rs_error *err)
{
    pthread_mutex_lock(&collector->lock);
    char **kept = &collector->failures[rule->number];
    if (*kept == NULL) {
        *kept = rs_strndup(message, strlen(message));
        collector->n_failed++;
    }
    bool fits = *kept != NULL &&
                failed_places_push(&collector->places, (failed_place){rule->number, range});
    pthread_mutex_unlock(&collector->lock);
    return fits ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "collect events: out of memory");
}

bool rs_collector_failed_in(rs_collector *collector, const rs_plan *rule, size_t range)
{
    bool found = false;
    pthread_mutex_lock(&collector->lock);
    for (size_t i = 0; i < collector->places.n_items && !found; i++) {
        const failed_place *place = &collector->places.items[i];
        found = place->rule == rule->number && (range == RS_RANGE_RUN || place->range == range);
    }
    pthread_mutex_unlock(&collector->lock);
    return found;
}

bool rs_collector_any_failed(rs_collector *collector)
{
    pthread_mutex_lock(&collector->lock);
    bool any = collector->n_failed > 0;
    pthread_mutex_unlock(&collector->lock);
    return any;
}

void rs_collector_leave_out(rs_collector *collector, const rs_plan *rule, const rs_dataset *missing)
{
    pthread_mutex_lock(&collector->lock);
    const rs_dataset **kept = &collector->missing[rule->number];
    if (*kept == NULL || strcmp(missing->name, (*kept)->name) < 0) {
        *kept = missing; /* ranges may lack different ones */
    }
    pthread_mutex_unlock(&collector->lock);
}

const rs_dataset *rs_collector_left_out(const rs_collector *collector, const rs_plan *rule)
{
    return collector->missing[rule->number];
}

const char *rs_collector_failed(const rs_collector *collector, const rs_plan *rule)
{
    return collector->failures[rule->number];
}

size_t rs_collector_n_failed(const rs_collector *collector)
{
    return collector->n_failed;
}

/* --- plans --- */

bool rs_collector_explains(const rs_collector *collector)
{
    return collector->options.explains;
}

bool rs_collector_explains_fallback(rs_collector *collector, const rs_plan *rule)
{
    pthread_mutex_lock(&collector->lock);
    uint8_t *fell = &collector->fell[rule->number];
    bool is_first = collector->options.explains && (*fell & FELL_EXPLAINED) == 0;
    *fell |= FELL_EXPLAINED;
    pthread_mutex_unlock(&collector->lock);
    return is_first;
}

void rs_collector_explain(rs_collector *collector, const char *rule_name,
                          const char *output_dataset, const char *sql, const char *plan_json,
                          bool is_measured)
{
    rs_records *rows = collector->plans;
    pthread_mutex_lock(&collector->lock);
    rs_records_i64(rows, RS_C_engine_explains_event_time_unix_ms, rs_clock_unix_ns() / NS_A_MS);
    rs_records_text(rows, RS_C_engine_explains_rule_name, rule_name);
    rs_records_text(rows, RS_C_engine_explains_output_dataset, output_dataset);
    rs_records_text(rows, RS_C_engine_explains_sql, sql);
    rs_records_text(rows, RS_C_engine_explains_explain_rows_json, plan_json);
    rs_records_bool(rows, RS_C_engine_explains_explain_analyze, is_measured);
    rs_records_end(rows);
    pthread_mutex_unlock(&collector->lock);
}

rs_records *rs_collector_fallbacks(rs_collector *collector)
{
    return collector->fallbacks;
}

rs_records *rs_collector_plans(rs_collector *collector)
{
    return collector->plans;
}
