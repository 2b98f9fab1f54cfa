/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rules.h"

#include "plan/steps.h"
#include "rules/embedded.h"
#include "unit/policies.h"
#include "unit/unit.h"

static rs_rules *load_in(const rs_dialect *dialect)
{
    rs_error err = {0};
    rs_rules *rules = NULL;
    assert_int_equal(rs_rules_new(&rules, &err), RS_OK);
    assert_int_equal(rs_rules_add_embedded(rules, &err), RS_OK);
    rs_status status = rs_rules_check(rules, policy_default(), dialect, &err);
    for (size_t i = 0; i < rs_rules_n_problems(rules); i++) {
        const rs_problem *problem = rs_rules_problem(rules, i);
        print_error("%s:%u:%u: %s\n", problem->file, problem->line, problem->column,
                    problem->message);
    }
    assert_int_equal(status, RS_OK);
    return rules;
}

static rs_rules *load_embedded(void)
{
    return load_in(&rs_dialect_duckdb);
}

static void the_library_carries_packs(void **state)
{
    (void)state;
    assert_true(rs_n_embedded_packs >= 3);
    rs_rules *rules = load_embedded();
    assert_true(rs_rules_count(rules) >= 40);
    /* A rule stands behind all that write its inputs; rules that need no other go by priority. */
    for (size_t i = 1; i < rs_rules_count(rules); i++) {
        const rs_plan *info = rs_rules_get(rules, i);
        for (size_t j = i; j < rs_rules_count(rules); j++) {
            for (size_t k = 0; k < info->n_inputs; k++) {
                const rs_plan *later = rs_rules_get(rules, j);
                UNIT_CHECK(strcmp(info->inputs[k].dataset->name, later->output->name) != 0,
                           "%s stands before %s, which writes its input", info->name, later->name);
            }
        }
    }
    rs_rules_free(rules);
}

static const rs_select *select_of(const rs_rules *rules, const char *rule)
{
    for (size_t i = 0; i < rs_rules_n_selects(rules); i++) {
        if (strcmp(rs_rules_select(rules, i)->plan->name, rule) == 0) {
            return rs_rules_select(rules, i);
        }
    }
    fail_msg("no rule %s", rule);
    return NULL;
}

/* What the plan proves of a rule's rows, and so nobody has to check. */
static void order_and_uniqueness_are_proved(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        bool is_ordered;
        bool is_unique;
        rs_wave scope;
    } cases[] = {
        {"syntax_node", true, true, RS_WAVE_FILE},
        {"comment_node", true, true, RS_WAVE_FILE},
        {"repository_node", true, true, RS_WAVE_RUN},
        {"repo_diagnostic_node", true, true, RS_WAVE_RUN},
        {"file_node", true, false, RS_WAVE_RUN}, /* an id from a hash: of no file */
        {"ast_parent", true, true, RS_WAVE_FILE},
        {"call_argument", true, true, RS_WAVE_FILE},
        {"file_declares_module", false, true, RS_WAVE_FILE}, /* a join by the file's key */
        {"call_props", true, true, RS_WAVE_FILE},
    };
    rs_rules *rules = load_embedded();
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        const rs_select *select = select_of(rules, cases[i].rule);
        UNIT_CHECK(select->is_ordered == cases[i].is_ordered, "%s: ordered", cases[i].rule);
        UNIT_CHECK(select->is_unique == cases[i].is_unique, "%s: unique", cases[i].rule);
        UNIT_CHECK(select->plan->wave == cases[i].scope, "%s: scope", cases[i].rule);
        for (size_t j = 0; j < select->output->n_columns; j++) {
            UNIT_CHECK(!rs_select_may_lack(select, j), "%s: %s may be null", cases[i].rule,
                       select->output->columns[j].name);
        }
    }
    assert_false(
        rs_select_may_clash(select_of(rules, "ast_parent"), select_of(rules, "ast_comment")));
    assert_false(
        rs_select_may_clash(select_of(rules, "syntax_node"), select_of(rules, "file_node")));
    assert_false(
        rs_select_may_clash(select_of(rules, "file_node"), select_of(rules, "repository_node")));
    assert_true(
        rs_select_may_clash(select_of(rules, "call_callee"), select_of(rules, "call_callee")));
    rs_rules_free(rules);
}

/* Two edge rules of one kind whose ends are nodes of the same family may give the same edge. */
static void unproved_rules_are_seen(void **state)
{
    (void)state;
    static const char pack[] =
        "pack: p\n"
        "rules:\n"
        "- {name: a, doc: d, kind: filter_project, inputs: {c: calls},\n"
        "   emit: {edge: CALLEE, src: c.call_id, dst: c.callee_id}}\n"
        "- {name: b, doc: d, kind: filter_project, inputs: {c: calls},\n"
        "   emit: {edge: CALLEE, src: c.callee_id, dst: c.enclosing_def_id}}\n"
        "- {name: c, doc: d, kind: filter_project, inputs: {c: calls},\n"
        "   where: c.enclosing_def_id IS NOT NULL,\n"
        "   emit: {edge: CALLEE, src: c.callee_id, dst: c.enclosing_def_id}}\n"
        "- {name: d, doc: d, kind: hash_join, inputs: {a: args, c: calls}, join: left,\n"
        "   on: a.call_id = c.call_id, emit: {edge: ARGUMENT, src: c.call_id, dst: a.arg_id}}\n"
        "- {name: e, doc: d, kind: hash_join, inputs: {c: calls, a: args}, join: inner,\n"
        "   on: a.call_id = c.call_id, emit: {edge: ARGUMENT, src: c.call_id, dst: c.callee_id}}\n";
    rs_error err = {0};
    rs_rules *rules = NULL;
    assert_int_equal(rs_rules_new(&rules, &err), RS_OK);
    assert_int_equal(rs_rules_add_pack(rules, "p", rs_str_of(pack), &err), RS_OK);
    rs_status status = rs_rules_check(rules, policy_default(), &rs_dialect_duckdb, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    assert_true(rs_select_may_clash(select_of(rules, "a"), select_of(rules, "b")));
    assert_false(rs_select_may_clash(select_of(rules, "a"), select_of(rules, "d")));
    assert_true(rs_select_may_lack(select_of(rules, "b"), RS_C_edges_dst));
    assert_false(rs_select_may_lack(select_of(rules, "c"), RS_C_edges_dst));
    assert_true(rs_select_may_lack(select_of(rules, "d"), RS_C_edges_src));
    assert_true(select_of(rules, "d")->is_unique);
    assert_false(select_of(rules, "b")->is_unique);
    assert_false(select_of(rules, "e")->is_unique);
    rs_rules_free(rules);
}

/* " name name" of the columns that an input's bits stand for. */
static void list_columns(const rs_plan_input *input, rs_buf *out)
{
    for (size_t i = 0; i < input->dataset->n_columns; i++) {
        if ((input->columns >> i & 1) != 0) {
            rs_buf_addf(out, " %s", input->dataset->columns[i].name);
        }
    }
}

/* What nobody reads is neither kept nor scanned: expressions, and the ids that derivations name. */
static void columns_that_are_read_are_known(void **state)
{
    (void)state;
    static const char pack[] =
        "pack: p\n"
        "rules:\n"
        "- {name: one, doc: d, kind: filter_project, inputs: {c: calls},\n"
        "   where: c.enclosing_def_id IS NOT NULL,\n"
        "   emit: {edge: CALLEE, src: c.call_id, dst: c.callee_id}}\n"
        "- {name: two, doc: d, kind: hash_join, inputs: {r: args, c: calls}, join: inner,\n"
        "   on: r.call_id = c.call_id, emit: {edge: ARGUMENT, src: c.callee_id, dst: c.call_id}}\n"
        "- {name: each, doc: d, kind: union_all, inputs: {a: args, c: calls},\n"
        "   emit: {props: CALL, id: each.call_id, values: {callee_text: \"'NAME'\"}}}\n";
    static const struct {
        const char *rule;
        const char *read[2];
    } cases[] = {
        {"one", {" call_id callee_id enclosing_def_id damaged", NULL}},
        {"two", {" arg_id call_id damaged", " call_id callee_id damaged"}},
        {"each", {" call_id", " call_id"}},
    };
    rs_error err = {0};
    rs_rules *rules = NULL;
    assert_int_equal(rs_rules_new(&rules, &err), RS_OK);
    assert_int_equal(rs_rules_add_pack(rules, "p", rs_str_of(pack), &err), RS_OK);
    rs_status status = rs_rules_check(rules, policy_default(), &rs_dialect_duckdb, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        const rs_plan *plan = select_of(rules, cases[i].rule)->plan;
        for (size_t j = 0; j < plan->n_inputs; j++) {
            rs_buf text = {0};
            list_columns(&plan->inputs[j], &text);
            UNIT_CHECK(strcmp(rs_buf_text(&text), cases[i].read[j]) == 0, "%s reads%s of %s",
                       plan->name, rs_buf_text(&text), plan->inputs[j].alias);
            rs_buf_release(&text);
        }
    }
    rs_rules_free(rules);
}

/* The SQL of steps is another one, and with it what a plan's signature is of; the rule is the same. */
static void rules_are_the_same_in_every_dialect(void **state)
{
    (void)state;
    rs_rules *ours = load_in(&rs_dialect_duckdb);
    rs_rules *theirs = load_in(&rs_dialect_spark);
    size_t n_steps = 0;
    assert_ptr_equal(rs_rules_dialect(theirs), &rs_dialect_spark);
    for (size_t i = 0; i < rs_rules_count(ours); i++) {
        const rs_plan *a = rs_rules_get(ours, i);
        const rs_plan *b = rs_rules_get(theirs, i);
        UNIT_CHECK(strcmp(a->signature, b->signature) == 0, "%s is signed as it is run", a->name);
        UNIT_CHECK(strcmp(a->plan_signature, b->plan_signature) != 0, "%s: one plan", a->name);
        for (size_t j = 0; j < b->n_steps; j++) {
            UNIT_CHECK(strchr(b->steps[j].sql, '"') == NULL, "%s: %s", b->name, b->steps[j].sql);
            n_steps++;
        }
    }
    assert_true(n_steps > 0);
    rs_rules_free(theirs);
    rs_rules_free(ours);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_library_carries_packs),
    cmocka_unit_test(order_and_uniqueness_are_proved),
    cmocka_unit_test(unproved_rules_are_seen),
    cmocka_unit_test(columns_that_are_read_are_known),
    cmocka_unit_test(rules_are_the_same_in_every_dialect),
};

UNIT_TESTS(rules_packs, tests)
