/* SPDX-License-Identifier: Apache-2.0 */
/* What ids refer to: both ends of an edge against its kind, columns of relationships against `of:`.
 *
 * Refused is what the registry shows to be wrong. An end that may be right is left to the rows, which
 * `relspec doctor` looks at; a column with `of:` must be right for sure, since proofs build on it.
 */
#include <string.h>

#include "rules/rule.h"

enum { MAX_NAMED_KINDS = 6 };

static void add_kinds(const rs_rules *rules, rs_kind_set kinds, rs_buf *text)
{
    size_t n_named = 0;
    for (size_t i = 0; i < rs_kinds_count(rules->kinds, false); i++) {
        if (rs_kind_set_has(kinds, (int)i) && n_named++ < MAX_NAMED_KINDS) {
            rs_buf_add(text, n_named == 1 ? "" : ", ");
            rs_buf_add(text, rs_kinds_get(rules->kinds, false, i)->name);
        }
    }
    rs_buf_add(text, n_named > MAX_NAMED_KINDS ? ", ..." : "");
}

static void add_found(const rs_rules *rules, const rs_expr *expr, rs_buf *text)
{
    rs_referent found = rs_expr_referent(expr);
    if (expr->kind == RS_EXPR_COLUMN && expr->column->entity == NULL) {
        rs_buf_add(text, "no id");
        return;
    }
    rs_buf_add(text, "the id of ");
    for (size_t i = 0; i < RS_N_ENTITIES; i++) {
        rs_kind_set kinds = rs_entity_kinds(&rs_entities[i]);
        if (rs_entities[i].family == found.family && rs_kind_set_is_part(kinds, found.kinds) &&
            rs_kind_set_is_part(found.kinds, kinds)) {
            rs_buf_add(text, rs_entities[i].doc);
            return;
        }
    }
    add_kinds(rules, found.kinds, text);
}

/* "the id of a call", "the id of METHOD, MODULE", "no id"; in the rules' arena. */
static const char *found_text(rs_rules *rules, const rs_expr *expr)
{
    rs_buf text = {0};
    add_found(rules, expr, &text);
    const char *copy = rs_arena_strndup(&rules->arena, rs_buf_text(&text), text.n_bytes);
    if (text.failed || copy == NULL) {
        rules->problems.failed = true;
        copy = "";
    }
    rs_buf_release(&text);
    return copy;
}

static bool may_be(const rs_expr *expr, const rs_entity *expected)
{
    bool is_none = expr->kind == RS_EXPR_COLUMN && expr->column->entity == NULL;
    return !is_none && rs_referent_may_be(rs_expr_referent(expr), rs_referent_of(expected));
}

void rs_check_ends(rs_rules *rules, const rs_rule *rule)
{
    static const char *const keys[] = {"src", "dst"};
    const rs_kind *kind =
        rule->plan.form == RS_EMIT_EDGE && rule->plan.n_kinds > 0
            ? rs_kinds_find(rules->kinds, true, rs_str_of(rule->plan.kinds[0]), NULL)
            : NULL;
    if (kind == NULL) {
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        const rs_expr *end = rule->plan.columns[rs_column_index(rule->plan.output, keys[i])];
        const rs_entity *expected = kind->ends[i];
        if (end != NULL && !may_be(end, expected)) {
            rs_problems_add(&rules->problems, end->place, "%s: an edge %s %s %s, found %s", keys[i],
                            kind->name, i == 0 ? "starts at" : "ends at", expected->doc,
                            found_text(rules, end));
        }
    }
}

void rs_check_referent(rs_rules *rules, const rs_column *column, const rs_expr *expr)
{
    if (column->entity != NULL && expr->type != RS_EXPR_IS_NOTHING &&
        !rs_referent_is(rs_expr_referent(expr), rs_referent_of(column->entity))) {
        rs_problems_add(&rules->problems, expr->place, "%s: expected the id of %s, found %s",
                        column->name, column->entity->doc, found_text(rules, expr));
    }
}
