/* SPDX-License-Identifier: Apache-2.0 */
#include "run/clash.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "bundle/identity.h"
#include "run/again.h"
#include "run/sql_texts.h"
#include "run/watch.h"

/* --- ids and their texts --- */

/* Append the rows of a dataset that have ids of texts, with `source`. */
static void add_identities(const rs_bundle_dataset *dataset, rs_buf *rows)
{
    char view[128];
    size_t n_identities;
    const rs_identity *identities = rs_identities(&n_identities);
    for (size_t i = 0; i < n_identities; i++) {
        if (strcmp(identities[i].dataset, dataset->dataset->name) == 0) {
            rs_buf one = {0};
            rs_identity_add_sql(&identities[i], rs_again_view(dataset, view), &one);
            const rs_sql_arg args[] = {
                rs_sql_word("source", dataset->group == RS_GROUP_REJECTS ? "1" : "0"),
                rs_sql_rows("identities", rs_buf_text(&one))};
            rs_sql_add_union(rows->n_bytes, rows);
            rs_sql_add(&rs_sql_run_clash_identities, args, 2, rows);
            rows->failed = rows->failed || one.failed;
            rs_buf_release(&one);
        }
    }
}

/* Whose ids are looked at: evidence and nodes, kept out or not. */
static bool has_identities(const rs_bundle_dataset *dataset)
{
    size_t n_identities;
    const rs_identity *identities = rs_identities(&n_identities);
    for (size_t i = 0; i < n_identities; i++) {
        if (strcmp(identities[i].dataset, dataset->dataset->name) == 0) {
            return rs_bundle_dataset_rows(dataset) > 0;
        }
    }
    return false;
}

static rs_status claim(rs_again *self, rs_error *err)
{
    rs_buf rows = {0};
    rs_status status = RS_OK;
    for (size_t i = 0; i < self->draft->datasets.n_items && status == RS_OK; i++) {
        const rs_bundle_dataset *dataset = &self->draft->datasets.items[i];
        if (has_identities(dataset)) {
            status = rs_again_show(self, dataset, err);
            add_identities(dataset, &rows);
        }
    }
    RS_THEN(status, rs_buf_check(&rows, err));
    const rs_sql_arg arg = {.name = "rows", .form = RS_SQL_ROWS, .word = rs_buf_text(&rows)};
    RS_THEN(status, rs_again_run(self, &rs_sql_run_clash_claims, &arg, 1, err));
    rs_buf_release(&rows);
    return status;
}

/* --- what is wrong with the rows --- */

/* self->sql has the rows' identities where statement wants them. */
static rs_status mark_identities(rs_again *self, const rs_bundle_dataset *dataset,
                                 const rs_sql *statement, rs_error *err)
{
    rs_buf rows = {0};
    add_identities(dataset, &rows);
    rs_status status = rs_buf_check(&rows, err);
    const rs_sql_arg arg = {.name = "rows", .form = RS_SQL_ROWS, .word = rs_buf_text(&rows)};
    RS_THEN(status, rs_again_run(self, statement, &arg, 1, err));
    rs_buf_release(&rows);
    return status;
}

static rs_status mark_nodes(rs_again *self, const rs_bundle_dataset *dataset, rs_error *err)
{
    return mark_identities(self, dataset, &rs_sql_run_clash_nodes, err);
}

static rs_status mark_edges(rs_again *self, const rs_bundle_dataset *dataset, rs_error *err)
{
    (void)dataset;
    return rs_again_run(self, &rs_sql_run_clash_edges, NULL, 0, err);
}

static void add_required(const rs_property *list, size_t n, const char **keys, size_t *n_keys)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i].required && !list[i].is_edge) {
            keys[(*n_keys)++] = list[i].key;
        }
    }
}

static rs_status mark_props(rs_again *self, const rs_bundle_dataset *dataset, rs_error *err)
{
    size_t n_builtin = 0;
    const rs_property *builtin = rs_properties(&n_builtin);
    const rs_kinds *kinds = self->kinds;
    size_t n_keys = 0;
    const char **keys = rs_alloc(n_builtin + kinds->n_properties + 1, sizeof *keys);
    (void)dataset;
    if (keys == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "look for clashes: out of memory");
    }
    add_required(builtin, n_builtin, keys, &n_keys);
    add_required(kinds->properties, kinds->n_properties, keys, &n_keys);
    const rs_sql_arg arg = {
        .name = "required", .form = RS_SQL_WORDS, .words = keys, .n_words = n_keys};
    rs_status status = rs_again_run(self, &rs_sql_run_clash_props, &arg, 1, err);
    rs_free((void *)keys);
    return status;
}

/* Rejects that an id in any of their columns may explain. */
static rs_status mark_rejects(rs_again *self, const rs_bundle_dataset *dataset, rs_error *err)
{
    const rs_dataset *record = dataset->dataset;
    char view[128];
    rs_buf ids = {0};
    if (strcmp(record->name, "nodes") == 0) {
        return mark_identities(self, dataset, &rs_sql_run_clash_node_rejects, err);
    }
    for (size_t i = 0; i < record->n_columns; i++) {
        if (record->columns[i].is_shared && rs_column_is_stored(&record->columns[i])) {
            rs_buf_addf(&ids, "%sr.", ids.n_bytes > 0 ? ", " : "");
            rs_buf_add_sql_name(&ids, rs_str_of(record->columns[i].name));
        }
    }
    rs_buf_add(&ids, ids.n_bytes > 0 ? "" : "NULL");
    rs_status status = rs_buf_check(&ids, err);
    const rs_sql_arg args[] = {{.name = "rows", .word = rs_again_view(dataset, view)},
                               {.name = "ids", .form = RS_SQL_EXPR, .word = rs_buf_text(&ids)}};
    RS_THEN(status, rs_again_run(self, &rs_sql_run_clash_rejects, args, 2, err));
    rs_buf_release(&ids);
    return status;
}

/* --- what becomes of it --- */

typedef struct repair {
    const char *dataset;
    rs_status (*mark)(rs_again *self, const rs_bundle_dataset *dataset, rs_error *err);
    bool moves; /* marked rows go to the rejects; else they are marked in their place */
} repair;

static const repair repairs[] = {
    {"nodes", mark_nodes, true}, {"edges", mark_edges, false}, {"props", mark_props, true}};

static rs_status repair_good(rs_again *self, const repair *how, rs_error *err)
{
    const rs_bundle_dataset *dataset = rs_draft_find(self->draft, how->dataset, RS_GROUP_CPG);
    RS_ASSERT(dataset != NULL);
    RS_TRY(rs_again_show(self, dataset, err));
    RS_TRY(how->mark(self, dataset, err));
    if (!how->moves) {
        return rs_again_write(self, dataset, &rs_sql_run_again_damaged, false, err);
    }
    RS_TRY(rs_again_keep_moved(self, dataset, err));
    return rs_again_write(self, dataset, &rs_sql_run_again_kept, false, err);
}

static rs_status repair_rejects(rs_again *self, const rs_bundle_dataset *dataset, bool has_moved,
                                rs_error *err)
{
    RS_TRY(rs_again_show(self, dataset, err));
    RS_TRY(mark_rejects(self, dataset, err));
    RS_TRY(rs_again_write(self, dataset, &rs_sql_run_again_told, false, err));
    return has_moved ? rs_again_write(self, dataset, &rs_sql_run_again_added, true, err) : RS_OK;
}

static rs_status repair_all(rs_again *self, rs_error *err)
{
    for (size_t i = 0; i < sizeof repairs / sizeof repairs[0]; i++) {
        RS_TRY(repair_good(self, &repairs[i], err));
        RS_TRY(repair_rejects(self,
                              rs_draft_find(self->draft, repairs[i].dataset, RS_GROUP_REJECTS),
                              repairs[i].moves, err));
    }
    for (size_t i = 0; i < self->draft->datasets.n_items; i++) {
        const rs_bundle_dataset *dataset = &self->draft->datasets.items[i];
        if (dataset->group == RS_GROUP_REJECTS &&
            rs_draft_find(self->draft, dataset->dataset->name, RS_GROUP_RELATIONSHIPS) != NULL &&
            rs_bundle_dataset_rows(dataset) > 0) {
            RS_TRY(repair_rejects(self, dataset, false, err));
        }
    }
    return RS_OK;
}

/* --- the node --- */

static rs_status tell_first(rs_again *self, const rs_sql *statement, rs_clashes *clashes,
                            rs_error *err)
{
    rs_cursor *rows = NULL;
    size_t n_rows = 0;
    if (clashes->first.n_bytes > 0) {
        return RS_OK;
    }
    RS_TRY(rs_session_query(self->session, "compare ids", statement->text, NULL, 0, &rows, err));
    rs_status status = rs_cursor_next(rows, &n_rows, err);
    if (status == RS_OK && n_rows > 0) {
        rs_buf_add_str(&clashes->first, rs_cursor_str(rows, 0, 0));
        status = rs_buf_check(&clashes->first, err);
    }
    rs_cursor_free(rows);
    return status;
}

/* As far as the files' watches know: false where no two texts have one id, or no two derivations one number. */
static bool may_clash(const rs_draft *draft, bool of_texts)
{
    rs_watched_vec all = {0};
    bool is_known = true;
    for (size_t i = 0; i < draft->datasets.n_items; i++) {
        const rs_bundle_dataset *dataset = &draft->datasets.items[i];
        bool is_meant = (strcmp(dataset->dataset->name, "derivations") != 0) == of_texts;
        for (size_t file = 0; file < dataset->n_files && is_meant; file++) {
            const rs_parquet_tally *tally = dataset->files[file].tally;
            const rs_watch *watch = tally != NULL ? tally->seer : NULL;
            is_known = is_known && (watch == NULL || rs_watch_take(watch, &all));
        }
    }
    bool may = !is_known || rs_watched_meet(&all, of_texts);
    rs_watched_vec_release(&all);
    return may;
}

static rs_status find_clashes(rs_again *self, rs_clashes *clashes, rs_error *err)
{
    int64_t n_texts = 0;
    if (!may_clash(self->draft, true)) {
        return RS_OK;
    }
    RS_TRY(claim(self, err));
    RS_TRY(rs_again_count(self, &rs_sql_run_clash_count, NULL, 0, &n_texts, err));
    clashes->n_texts = (uint64_t)n_texts;
    if (n_texts == 0) {
        return RS_OK;
    }
    RS_TRY(rs_again_run(self, &rs_sql_run_clash_losers, NULL, 0, err));
    RS_TRY(tell_first(self, &rs_sql_run_clash_first, clashes, err));
    return repair_all(self, err);
}

/* Ids that more than one edge may have. */
static rs_status suspect_edges(rs_again *self, int64_t *n_suspects, rs_error *err)
{
    static const rs_bundle_group groups[] = {RS_GROUP_CPG, RS_GROUP_REJECTS};
    rs_buf rows = {0};
    rs_status status = RS_OK;
    *n_suspects = 0;
    for (size_t i = 0; i < sizeof groups / sizeof groups[0] && status == RS_OK; i++) {
        const rs_bundle_dataset *of = rs_draft_find(self->draft, "derivations", groups[i]);
        char view[128];
        if (of == NULL || rs_bundle_dataset_rows(of) == 0) {
            continue;
        }
        const rs_sql_arg arg = rs_sql_word("rows", rs_again_view(of, view));
        status = rs_again_show(self, of, err);
        rs_sql_add_union(rows.n_bytes, &rows);
        rs_sql_add(&rs_sql_run_clash_derivations, &arg, 1, &rows);
    }
    RS_THEN(status, rs_buf_check(&rows, err));
    if (status == RS_OK && rows.n_bytes > 0) {
        const rs_sql_arg arg = rs_sql_rows("rows", rs_buf_text(&rows));
        status = rs_again_run(self, &rs_sql_run_clash_suspects, &arg, 1, err);
        RS_THEN(status,
                rs_again_count(self, &rs_sql_run_clash_suspect_count, NULL, 0, n_suspects, err));
    }
    rs_buf_release(&rows);
    return status;
}

/* An edge is addressed by what it is, so no row is lost by its id: those that share one are damaged. */
static rs_status find_edge_clashes(rs_again *self, rs_clashes *clashes, rs_error *err)
{
    int64_t n_edges = 0;
    if (!may_clash(self->draft, false)) {
        return RS_OK;
    }
    RS_TRY(suspect_edges(self, &n_edges, err));
    if (n_edges == 0) {
        return RS_OK;
    }
    const rs_bundle_dataset *edges = rs_draft_find(self->draft, "edges", RS_GROUP_CPG);
    RS_ASSERT(edges != NULL);
    RS_TRY(rs_again_show(self, edges, err));
    RS_TRY(rs_again_run(self, &rs_sql_run_clash_edge_losers, NULL, 0, err));
    RS_TRY(rs_again_count(self, &rs_sql_run_clash_edge_count, NULL, 0, &n_edges, err));
    if (n_edges == 0) {
        return RS_OK;
    }
    clashes->n_texts += (uint64_t)n_edges;
    RS_TRY(tell_first(self, &rs_sql_run_clash_edge_first, clashes, err));
    RS_TRY(rs_again_run(self, &rs_sql_run_clash_edge_marks, NULL, 0, err));
    return rs_again_write(self, edges, &rs_sql_run_again_damaged, false, err);
}

rs_status rs_clash_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_again self = rs_again_of(pipeline);
    (void)parts;
    (void)rs_run_thing(pipeline, RS_THING_evidence_files);
    (void)rs_run_thing(pipeline, RS_THING_graph_files);
    (void)rs_run_thing(pipeline, RS_THING_run_files);
    rs_status status = find_clashes(&self, state, err);
    RS_THEN(status, find_edge_clashes(&self, state, err));
    rs_again_release(&self);
    return status;
}

void rs_clash_release(void *state)
{
    rs_clashes *clashes = state;
    rs_buf_release(&clashes->first);
}
