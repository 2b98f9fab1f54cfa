/* SPDX-License-Identifier: Apache-2.0 */
/* probe.c - which rule of an output is it that the engine refuses: each one's rows by themselves. */
#include "engine/duckdb/kept.h"
#include "plan/operator.h"
#include "run/plan.h"
#include "run/relate.h"
#include "run/sessions.h"

#define PROBE "_probe"

static rs_status probe(const rs_pipeline *pipeline, rs_session *session, const rs_select *select,
                       bool *failed, rs_error *err)
{
    const rs_select_style style = {.dialect = pipeline->engine_type->dialect, .with_order = true};
    const rs_plan *rule = select->plan;
    rs_buf sql = {0};
    rs_error cause = {0};
    rs_select_add_sql(select, &style, &sql);
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status = rs_session_keep_for_now(session, rule->name, PROBE, sql.bytes, NULL, &cause);
        if (status == RS_ERR_ENGINE || status == RS_ERR_INVALID) {
            const rs_fallback fallback = {.rule = rule,
                                          .reason = RS_FALLBACK_FAILED,
                                          .error = cause.message,
                                          .expression_type = rule->op->name,
                                          .sql = sql.bytes};
            *failed = true;
            rs_collector_fall_back(rs_run_collector(pipeline), &fallback);
            status = rs_collector_fail(rs_run_collector(pipeline), rule, RS_RANGE_RUN,
                                       cause.message, err);
        } else if (status != RS_OK) {
            status = rs_error_set(err, status, "%s", cause.message);
        }
    }
    rs_buf_release(&sql);
    return status;
}

rs_status rs_relate_probe(const rs_pipeline *pipeline, rs_session *session,
                          const rs_dataset *dataset, rs_wave scope, bool *failed, size_t *n_failed,
                          rs_error *err)
{
    const rs_dataset *edges = rs_graph_dataset_get(RS_G_edges);
    bool is_derivations = dataset == rs_graph_dataset_get(RS_G_derivations);
    for (size_t i = 0; i < rs_rules_n_selects(rs_run_rules(pipeline)); i++) {
        const rs_select *select = rs_rules_select(rs_run_rules(pipeline), i);
        const rs_plan *rule = select->plan;
        if (select->output != (is_derivations ? edges : dataset) || rule->wave != scope ||
            rule->absent != NULL || failed[rule->number] ||
            rs_beside_takes(rs_run_beside(pipeline), rule)) {
            continue;
        }
        RS_TRY(probe(pipeline, session, select, &failed[rule->number], err));
        *n_failed += failed[rule->number];
    }
    return rs_session_drop(session, "probe", PROBE, false, err);
}
