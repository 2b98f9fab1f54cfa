/* SPDX-License-Identifier: Apache-2.0 */
/* why.c - edges and what they came of. */
#include "explain/document.h"
#include "explain/sql_texts.h"
#include "explain/way.h"

/* Its own bytes, or those of the node that it ends at, or starts at. */
static rs_explain_place anchor_of(rs_explainer *self, const rs_explain_edge *edge)
{
    const rs_explain_row *row = &edge->row;
    int64_t start_byte = rs_explain_i64(row, "start_byte", -1);
    return start_byte >= 0 ? rs_explain_place_get(self, rs_explain_i64(row, "file_id", -1),
                                                  start_byte, rs_explain_i64(row, "end_byte", -1))
           : rs_explain_has_bytes(&edge->dst.place) ? edge->dst.place
           : rs_explain_has_bytes(&edge->src.place) ? edge->src.place
                                                    : (rs_explain_place){0};
}

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

/* What the bundle itself says it derives from. */
static void add_derivations(rs_explainer *self, rs_explain_edge *edge)
{
    const rs_explain_ask ask = {.statement = &rs_sql_explain_derivations,
                                .params = {*rs_explain_value(&edge->row, "edge_id"),
                                           *rs_explain_value(&edge->row, "rule_name")}};
    rs_explain_add_stored(self, "derivations");
    edge->derivations = rs_explain_query(self, &ask);
    edge->derivations_agree = true;
    for (size_t i = 0; i < edge->derivations.n_items; i++) {
        edge->derivations_agree =
            edge->derivations_agree && is_shown(edge, &edge->derivations.items[i]);
    }
}

static void load_events(rs_explainer *self)
{
    const rs_explain_ask ask = {.statement = &rs_sql_explain_events};
    if (rs_explain_has(self, "rule_exec_events")) {
        rs_explain_add_stored(self, "rule_exec_events");
        self->events = rs_explain_query(self, &ask);
    }
}

static void explain_edge(rs_explainer *self, rs_explain_edge *edge)
{
    edge->src = rs_explain_node_get(self, rs_explain_i64(&edge->row, "src", 0));
    edge->dst = rs_explain_node_get(self, rs_explain_i64(&edge->row, "dst", 0));
    edge->anchor = anchor_of(self, edge);
    rs_explain_replay(self, edge);
    add_derivations(self, edge);
    edge->way = rs_explain_way_of_edge(self, edge);
}

static void explain(rs_explainer *self, rs_explain_answer *out)
{
    size_t n_most = self->question->n_most;
    out->found = rs_explain_find(self, &out->n_found, &out->problem);
    size_t n_edges = n_most == 0 || out->n_found < n_most ? out->n_found : n_most;
    out->edges = rs_explain_new(self, n_edges, sizeof *out->edges);
    if (n_edges > 0) {
        load_events(self);
    }
    for (size_t i = 0; i < n_edges && rs_explain_is_ok(self); i++) {
        RS_ASSERT(i < out->found.n_items);
        out->edges[i].row = out->found.items[i];
        explain_edge(self, &out->edges[i]);
        out->n_edges++;
    }
}

rs_status rs_explain_why(const rs_reader *reader, const rs_explain_question *question, json_t **out,
                         rs_error *err)
{
    rs_explainer self;
    rs_explain_answer answer = {0};
    *out = NULL;
    rs_explainer_init(&self, reader, question);
    if (rs_explain_is_ok(&self)) {
        explain(&self, &answer);
    }
    rs_status status = rs_explain_status(&self, err);
    RS_THEN(status, rs_explain_why_document(&self, &answer, out, err));
    rs_explainer_release(&self);
    return status;
}
