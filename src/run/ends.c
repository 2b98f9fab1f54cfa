/* SPDX-License-Identifier: Apache-2.0 */
#include "run/ends.h"

#include <string.h>

#include "base/alloc.h"
#include "run/again.h"
#include "run/plan.h"
#include "run/sessions.h"
#include "run/sql_texts.h"

/* What is looked at. */
typedef struct question {
    rs_again again;
    bool every_edge;
    const char **rules; /* else the edges of these */
    size_t n_rules;
    rs_kind_set kinds; /* nodes whose properties are looked at */
    bool has_props;    /* properties may be of nothing */
} question;

/* --- what to look at --- */

/* What an id is proved to refer to is a node where it lies in a file. What lies in none is a node only where
 * some rule makes it one, and so is what a pack declares. */
static bool is_sure(const rs_select *select, size_t end)
{
    static const char *const columns[] = {"src", "dst"};
    RS_ASSERT(end < 2);
    const rs_expr *expr = select->columns[rs_column_index(select->output, columns[end])];
    return select->has_end[end] && expr != NULL && rs_expr_lies_in_file(expr);
}

static void take_select(question *of, const rs_select *select)
{
    const rs_plan *rule = select->plan;
    size_t kind = 0;
    if (rule->form == RS_EMIT_EDGE && !(is_sure(select, 0) && is_sure(select, 1))) {
        of->rules[of->n_rules++] = rule->name;
    }
    if (rule->form == RS_EMIT_NODE) {
        of->every_edge =
            true; /* it may stand in for a built-in rule, whose nodes are missing then */
        of->kinds = rs_kind_set_join(
            of->kinds, select->kind != NULL && rs_kinds_find(of->again.kinds, false,
                                                             rs_str_of(select->kind), &kind) != NULL
                           ? rs_kind_set_of((int)kind)
                           : (rs_kind_set){{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}});
    }
    for (size_t i = 0; i < rule->n_kinds && rule->form == RS_EMIT_PROPS; i++) {
        if (rs_kinds_find(of->again.kinds, false, rs_str_of(rule->kinds[i]), &kind) != NULL) {
            of->kinds = rs_kind_set_join(of->kinds, rs_kind_set_of((int)kind));
        }
    }
    of->has_props = of->has_props || rule->form == RS_EMIT_PROPS || rule->form == RS_EMIT_NODE ||
                    rule->form == RS_EMIT_EDGE_PROPS;
}

static rs_status ask(const rs_pipeline *pipeline, question *of, rs_error *err)
{
    const rs_rules *rules = rs_run_rules(pipeline);
    const rs_bundle_dataset *nodes = rs_draft_find(of->again.draft, "nodes", RS_GROUP_REJECTS);
    of->rules = rs_alloc(rs_rules_n_selects(rules) + 1, sizeof *of->rules);
    if (of->rules == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "look at the ends: out of memory");
    }
    of->every_edge = (nodes != NULL && rs_bundle_dataset_rows(nodes) > 0) ||
                     rs_collector_n_failed(rs_run_collector(pipeline)) > 0;
    for (size_t i = 0; i < rs_rules_n_selects(rules); i++) {
        const rs_select *select = rs_rules_select(rules, i);
        if (!select->plan->is_builtin && select->plan->absent == NULL) {
            take_select(of, select);
        }
    }
    return RS_OK;
}

/* --- nodes --- */

/* ('KIND', 'key'), ... */
static void add_required(const question *of, const rs_property *properties, size_t n_properties,
                         rs_buf *sql)
{
    const rs_dataset *nodes = rs_graph_dataset_get(RS_G_nodes);
    for (size_t i = 0; i < n_properties; i++) {
        const rs_property *property = &properties[i];
        size_t kind = 0;
        if (property->required && !property->is_edge &&
            rs_column_find(nodes, rs_str_of(property->key)) == NULL &&
            rs_kinds_find(of->again.kinds, false, rs_str_of(property->kind), &kind) != NULL &&
            rs_kind_set_has(of->kinds, (int)kind)) {
            rs_buf_add(sql, sql->n_bytes > 0 ? ", (" : "(");
            rs_buf_add_sql_literal(sql, rs_str_of(property->kind));
            rs_buf_add(sql, ", ");
            rs_buf_add_sql_literal(sql, rs_str_of(property->key));
            rs_buf_add_char(sql, ')');
        }
    }
}

static rs_status look_at_nodes(question *of, rs_error *err)
{
    rs_buf required = {0};
    size_t n_builtin = 0;
    const rs_property *builtin = rs_properties(&n_builtin);
    add_required(of, builtin, n_builtin, &required);
    add_required(of, of->again.kinds->properties, of->again.kinds->n_properties, &required);
    rs_status status = rs_buf_check(&required, err);
    if (status == RS_OK && required.n_bytes > 0) {
        const rs_sql_arg arg = {
            .name = "required", .form = RS_SQL_EXPR, .word = rs_buf_text(&required)};
        status = rs_again_run(&of->again, &rs_sql_run_ends_lacks, &arg, 1, err);
        RS_THEN(status, rs_again_move(&of->again, "nodes", err));
    }
    rs_buf_release(&required);
    return status;
}

/* --- edges --- */

/* (0, 'CALLEE', 'CALL'), ...: of kinds whose ends are not just any node. */
static void add_end_kinds(const rs_kinds *all, rs_buf *sql)
{
    for (size_t edge = 0; edge < rs_kinds_count(all, true); edge++) {
        const rs_kind *kind = rs_kinds_get(all, true, edge);
        for (int place = 0; place < 2; place++) {
            rs_kind_set kinds = rs_entity_kinds(kind->ends[place]);
            bool is_any = kind->ends[place]->family == RS_ENTITY_any ||
                          kind->ends[place] == &rs_entities[RS_ENTITY_node];
            for (size_t node = 0; node < rs_kinds_count(all, false) && !is_any; node++) {
                if (rs_kind_set_has(kinds, (int)node)) {
                    rs_buf_addf(sql, "%s(%d, '%s', '%s')", sql->n_bytes > 0 ? ", " : "", place,
                                kind->name, rs_kinds_get(all, false, node)->name);
                }
            }
        }
    }
}

static rs_status look_at_edges(question *of, rs_error *err)
{
    static const char *const none[] = {""};
    rs_buf kinds = {0};
    add_end_kinds(of->again.kinds, &kinds);
    rs_status status = rs_buf_check(&kinds, err);
    const rs_sql_arg rows = {.name = "rows", .form = RS_SQL_EXPR, .word = rs_buf_text(&kinds)};
    const rs_sql_arg args[] = {
        {.name = "every", .form = RS_SQL_EXPR, .word = of->every_edge ? "TRUE" : "FALSE"},
        {.name = "rules",
         .form = RS_SQL_WORDS,
         .words = of->n_rules > 0 ? of->rules : none,
         .n_words = of->n_rules > 0 ? of->n_rules : 1}};
    RS_THEN(status, rs_again_run(&of->again, &rs_sql_run_ends_kinds, &rows, 1, err));
    RS_THEN(status, rs_again_run(&of->again, &rs_sql_run_ends_edges, args, 2, err));
    RS_THEN(status, rs_again_run(&of->again, &rs_sql_run_ends_gone, NULL, 0, err));
    RS_THEN(status, rs_again_move(&of->again, "edges", err));
    rs_buf_release(&kinds);
    return status;
}

/* --- what speaks of them --- */

static rs_status look_at_rest(question *of, rs_error *err)
{
    RS_TRY(rs_again_run(&of->again, &rs_sql_run_ends_props, NULL, 0, err));
    RS_TRY(rs_again_move(&of->again, "props", err));
    RS_TRY(rs_again_run(&of->again, &rs_sql_run_ends_derivations, NULL, 0, err));
    return rs_again_move(&of->again, "derivations", err);
}

/* --- the node --- */

static rs_status find_missing(question *of, rs_error *err)
{
    static const char *const datasets[] = {"nodes", "edges", "props", "derivations"};
    bool looks_at_nodes = !rs_kind_set_is_empty(of->kinds);
    bool looks_at_edges = of->every_edge || of->n_rules > 0;
    if (!looks_at_nodes && !looks_at_edges && !of->has_props) {
        return RS_OK;
    }
    for (size_t i = 0; i < sizeof datasets / sizeof datasets[0]; i++) {
        RS_TRY(rs_again_show(&of->again, rs_draft_find(of->again.draft, datasets[i], RS_GROUP_CPG),
                             err));
    }
    RS_TRY(look_at_nodes(of, err));
    RS_TRY(look_at_edges(of, err));
    return look_at_rest(of, err);
}

rs_status rs_ends_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    (void)state;
    (void)parts;
    (void)rs_run_thing(pipeline, RS_THING_graph_files);
    (void)rs_run_thing(pipeline, RS_THING_run_files);
    (void)rs_run_thing(pipeline, RS_THING_ids);
    question of = {.again = rs_again_of(pipeline)};
    rs_status status = ask(pipeline, &of, err);
    RS_THEN(status, find_missing(&of, err));
    rs_free((void *)of.rules);
    rs_again_release(&of.again);
    return status;
}
