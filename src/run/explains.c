/* SPDX-License-Identifier: Apache-2.0 */
/* explains.c - the plan of each rule of the graph by itself, which no statement of the run was. */
#include "run/explains.h"

#include <string.h>

#include "run/plan.h"
#include "run/relate.h"
#include "run/sessions.h"

/* The last text of a result's first rows: EXPLAIN gives a key and the plan. */
static rs_status add_plan(rs_session *session, const char *label, const char *sql, rs_buf *plan,
                          rs_error *err)
{
    rs_cursor *result = NULL;
    size_t n_rows = 0;
    RS_TRY(rs_session_query(session, label, sql, NULL, 0, &result, err));
    rs_status status = rs_cursor_next(result, &n_rows, err);
    if (status == RS_OK && n_rows > 0) {
        rs_buf_add_str(plan, rs_cursor_str(result, rs_cursor_n_columns(result) - 1, 0));
        status = rs_buf_check(plan, err);
    }
    rs_cursor_free(result);
    return status;
}

static rs_status explain_rule(rs_pipeline *pipeline, const rs_plan *rule, rs_error *err)
{
    static const char before[] = "EXPLAIN (FORMAT json) ";
    rs_buf sql = {0};
    rs_buf plan = {0};
    rs_buf document = {0};
    rs_arena arena = {0};
    const rs_explained *operators = NULL;
    rs_buf_add(&sql, before);
    rs_status status = rs_rules_add_sql(rs_run_rules(pipeline), rule->number, &sql, err);
    RS_THEN(status, add_plan(rs_run_session(pipeline, 0), rule->name, sql.bytes, &plan, err));
    RS_THEN(status, rs_explained_read(rs_buf_str(&plan), &arena, &operators, err));
    RS_THEN(status, rs_explained_add_json(operators, &document, err));
    if (status == RS_OK) {
        rs_collector_explain(rs_run_collector(pipeline), rule->name, rule->output->name,
                             sql.bytes + strlen(before), rs_buf_text(&document), false);
    }
    rs_arena_release(&arena);
    rs_buf_release(&document);
    rs_buf_release(&plan);
    rs_buf_release(&sql);
    return status;
}

bool rs_explain_is_wanted(const rs_pipeline *pipeline)
{
    return rs_run_explains(pipeline);
}

rs_status rs_explain_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    (void)state;
    (void)parts;
    (void)rs_run_thing(pipeline, RS_THING_run_relationships);
    RS_TRY(
        rs_relate_select(pipeline, rs_run_session(pipeline, 0), RS_RANGE_RUN, RS_RELATED_RUN, err));
    for (size_t i = 0; i < rs_rules_count(rs_run_rules(pipeline)); i++) {
        const rs_plan *rule = rs_rules_get(rs_run_rules(pipeline), i);
        bool has_failed = rs_collector_failed(rs_run_collector(pipeline), rule) != NULL;
        if (rule->contract == NULL && rule->absent == NULL && !has_failed) {
            RS_TRY(explain_rule(pipeline, rule, err));
            rs_run_cost(pipeline)->n_rows++;
        }
    }
    return RS_OK;
}
