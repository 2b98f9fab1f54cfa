/* SPDX-License-Identifier: Apache-2.0 */
/* why.c - edges and what they came of. */
#include "explain/document.h"
#include "explain/sql_texts.h"

/* Its own bytes, or those of the node that it ends at, or starts at. */
static rs_status set_anchor(rs_explainer *self, rs_explain_edge *edge, rs_error *err)
{
    int64_t start_byte = rs_explain_i64(&edge->row, "start_byte", -1);
    if (start_byte >= 0) {
        return rs_explain_place_get(self, rs_explain_i64(&edge->row, "file_id", RS_EXPLAIN_RUN),
                                    start_byte, rs_explain_i64(&edge->row, "end_byte", -1),
                                    &edge->anchor, err);
    }
    edge->anchor = rs_explain_has_bytes(&edge->dst.place)   ? edge->dst.place
                   : rs_explain_has_bytes(&edge->src.place) ? edge->src.place
                                                            : (rs_explain_place){0};
    return RS_OK;
}

/* --- what the bundle itself says it derives from --- */

static bool is_shown(const rs_explain_edge *edge, const rs_explain_row *derivation)
{
    const char *wanted = rs_explain_text(derivation, "input_dataset");
    int64_t id = rs_explain_i64(derivation, "input_id", 0);
    for (size_t i = 0; i < edge->items.n_items; i++) {
        const rs_explain_item *item = edge->items.items[i];
        if (item->dataset != NULL && strcmp(item->dataset->name, wanted) == 0 &&
            rs_explain_i64(&item->row, item->dataset->key, 0) == id) {
            return true;
        }
    }
    return false;
}

static rs_status add_derivations(rs_explainer *self, rs_explain_edge *edge, rs_error *err)
{
    const rs_explain_ask ask = {
        .statement = &rs_sql_explain_derivations,
        .params = {rs_explain_i64_of(rs_explain_i64(&edge->row, "edge_id", 0)),
                   *rs_explain_value(&edge->row, "rule_name")},
        .n_params = 2};
    RS_TRY(rs_explain_add_stored(self, "derivations", err));
    RS_TRY(rs_explain_query(self, &ask, &edge->derivations, err));
    edge->derivations_agree = true;
    for (size_t i = 0; i < edge->derivations.n_items; i++) {
        edge->derivations_agree =
            edge->derivations_agree && is_shown(edge, &edge->derivations.items[i]);
    }
    return RS_OK;
}

/* --- the whole --- */

static rs_status load_events(rs_explainer *self, rs_error *err)
{
    const rs_explain_ask ask = {.statement = &rs_sql_explain_events};
    if (!rs_explain_has(self, "rule_exec_events")) {
        return RS_OK;
    }
    RS_TRY(rs_explain_add_stored(self, "rule_exec_events", err));
    return rs_explain_query(self, &ask, &self->events, err);
}

static rs_status explain_edge(rs_explainer *self, rs_explain_edge *edge, rs_error *err)
{
    RS_TRY(rs_explain_node_get(self, rs_explain_i64(&edge->row, "src", 0), &edge->src, err));
    RS_TRY(rs_explain_node_get(self, rs_explain_i64(&edge->row, "dst", 0), &edge->dst, err));
    RS_TRY(set_anchor(self, edge, err));
    RS_TRY(rs_explain_replay(self, edge, err));
    return add_derivations(self, edge, err);
}

static rs_status explain(rs_explainer *self, rs_explain_answer *out, rs_error *err)
{
    size_t n_most = self->question->n_most;
    RS_TRY(rs_explain_find(self, &out->found, &out->n_found, &out->problem, err));
    out->n_edges = n_most == 0 || out->n_found < n_most ? out->n_found : n_most;
    RS_ASSERT(out->n_edges <= out->found.n_items);
    out->edges = rs_explain_new(self, out->n_edges, sizeof *out->edges);
    RS_TRY(rs_explain_check(self, err));
    if (out->n_edges > 0) {
        RS_TRY(load_events(self, err));
    }
    for (size_t i = 0; i < out->n_edges; i++) {
        out->edges[i].row = out->found.items[i];
        RS_TRY(explain_edge(self, &out->edges[i], err));
    }
    return RS_OK;
}

rs_status rs_explain_why(const rs_reader *reader, const rs_explain_question *question, json_t **out,
                         rs_error *err)
{
    rs_explainer self;
    rs_explain_answer answer = {0};
    *out = NULL;
    rs_status status = rs_explainer_init(&self, reader, question, err);
    RS_THEN(status, explain(&self, &answer, err));
    RS_THEN(status, rs_explain_why_document(&self, &answer, out, err));
    rs_explainer_release(&self);
    return status;
}
