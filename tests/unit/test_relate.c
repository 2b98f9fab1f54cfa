/* SPDX-License-Identifier: Apache-2.0 */
/* Relationships as src/run makes them: what the engine refuses, C does, or the rule's rows are missing. */
#include "plan/steps.h"
#include "run/extract.h"
#include "run/plan.h"
#include "run/relate.h"
#include "run/sessions.h"
#include "unit/graphs.h"

static const char pack[] = "pack: p\n"
                           "datasets:\n"
                           "- name: rel_pair\n"
                           "  doc: d\n"
                           "  key: [call_id, attribute_id]\n"
                           "  columns:\n"
                           "    call_id: {type: id, required: true, doc: d}\n"
                           "    attribute_id: {type: id, required: true, doc: d}\n"
                           "rules:\n"
                           "- name: pair\n"
                           "  doc: d\n"
                           "  kind: interval_align\n"
                           "  inputs: {c: calls, a: attributes}\n"
                           "  on: c.file_id = a.file_id\n"
                           "  align:\n"
                           "    left: [c.start_byte, c.end_byte]\n"
                           "    right: [a.start_byte, a.end_byte]\n"
                           "    mode: exact\n"
                           "  select: {call_id: c.call_id, attribute_id: a.attribute_id}\n"
                           "  confidence: cst\n"
                           "  output: rel_pair\n";

static const char wanted[] = "16777217|16777218\n33554433|33554434\n";

typedef struct relate_fixture {
    graph_fixture graph;
    rs_pipeline pipeline;
    rs_run_options options;
    atomic_bool cancelled;
    rs_session *session;
    void *item; /* the same, as the run has it */
    /* What the nodes before would have made. */
    rs_node_run node;
    rs_run_plan plan;
    rs_evidence evidence;
    rs_sessions sessions;
    rs_seen seen;
    rs_relationships made;
} relate_fixture;

static void fill(rs_part *part, int file)
{
    char row[256];
    snprintf(row, sizeof row, "call_id=%d:1|callee_shape=ATTRIBUTE|start_byte=0|end_byte=9", file);
    parts_add(part, "calls", row);
    snprintf(row, sizeof row,
             "attribute_id=%d:2|context=LOAD|value_id=%d:3|start_byte=0|end_byte=9", file, file);
    parts_add(part, "attributes", row);
    snprintf(row, sizeof row,
             "attribute_id=%d:4|context=LOAD|value_id=%d:3|start_byte=1|end_byte=3", file, file);
    parts_add(part, "attributes", row);
}

static void relate_open_with(relate_fixture *fix, const char *text)
{
    rs_error err = {0};
    *fix = (relate_fixture){0};
    graph_open(&fix->graph, text);
    fill(&fix->graph.parts[0], 1);
    fill(&fix->graph.parts[1], 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(rs_engine_set_part(fix->graph.engine, i, &fix->graph.parts[i], &err),
                         RS_OK);
    }
    const rs_collector_options options = {.n_rules = rs_rules_count(fix->graph.rules),
                                          .n_outputs = rs_graph_plan_n_outputs(fix->graph.plan),
                                          .n_workers = 1,
                                          .events = true,
                                          .fallbacks = true,
                                          .dialect = "duckdb"};
    fix->session = fix->graph.session;
    fix->item = fix->session;
    fix->plan = (rs_run_plan){.rules = fix->graph.rules, .graph = fix->graph.plan};
    fix->evidence = (rs_evidence){.parts = fix->graph.parts, .n_parts = 2};
    fix->sessions = (rs_sessions){.type = rs_engine_type_default(),
                                  .engine = fix->graph.engine,
                                  .items = &fix->item,
                                  .seen = &fix->seen,
                                  .n_items = 1};
    assert_int_equal(rs_collector_new(&options, &fix->sessions.collector, &err), RS_OK);
    fix->pipeline = (rs_pipeline){
        .options = &fix->options,
        .engine_type = rs_engine_type_default(),
        .cancelled = &fix->cancelled,
        .n_workers = 1,
        .table = rs_pipeline_nodes(),
        .nodes = &fix->node,
        .at_work = &fix->node,
        .within_reach = UINT64_MAX,
        .things = {[RS_THING_plan] = &fix->plan,
                   [RS_THING_evidence] = &fix->evidence,
                   [RS_THING_engine] = &fix->sessions,
                   [RS_THING_observations] = &fix->sessions,
                   [RS_THING_relationships] = &fix->made},
    };
    assert_int_equal(rs_policy_load(NULL, &fix->pipeline.policy, &err), RS_OK);
}

static void relate_open(relate_fixture *fix)
{
    relate_open_with(fix, pack);
}

static void relate_close(relate_fixture *fix)
{
    rs_collector_free(fix->sessions.collector);
    rs_relate_release(&fix->made);
    rs_policy_free(fix->pipeline.policy);
    graph_close(&fix->graph);
}

static rs_plan *rule_of(relate_fixture *fix)
{
    return (rs_plan *)(uintptr_t)rs_rules_get(fix->graph.rules, 0);
}

static void relate_all(relate_fixture *fix)
{
    rs_error err = {0};
    const rs_part_span parts = {.end = fix->evidence.n_parts};
    rs_status status = rs_relate_run(&fix->pipeline, &fix->made, parts, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    status =
        rs_relate_select(&fix->pipeline, fix->graph.session, RS_RANGE_RUN, RS_RELATED_FILES, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
}

static void relate(relate_fixture *fix, const char *rows)
{
    relate_all(fix);
    rows_check(fix->graph.session, "SELECT call_id, attribute_id FROM rel_pair", rows);
}

/* The kernel's step. */
static rs_step *kernel_of(rs_plan *rule)
{
    for (size_t i = 0; i < rule->n_steps; i++) {
        if (rule->steps[i].call != NULL) {
            return &rule->steps[i];
        }
    }
    fail_msg("no kernel in %s", rule->name);
    return NULL;
}

static void relates_ranges(void **state)
{
    (void)state;
    relate_fixture fix;
    uint64_t kernel_ns = 0;
    relate_open(&fix);
    relate(&fix, wanted);
    assert_int_equal(rs_records_n_rows(rs_collector_fallbacks(fix.sessions.collector)), 0);
    assert_int_equal(rs_collector_rule(fix.sessions.collector, 0, &kernel_ns).n_rows, 2);
    assert_int_equal(kernel_ns, 0);
    relate_close(&fix);
}

static void c_runs_what_the_engine_refuses(void **state)
{
    (void)state;
    relate_fixture fix;
    uint64_t kernel_ns = 0;
    relate_open(&fix);
    kernel_of(rule_of(&fix))->sql = "SELECT no_such_column FROM \"pair.left\"";
    relate(&fix, wanted);
    assert_int_equal(rs_records_n_rows(rs_collector_fallbacks(fix.sessions.collector)),
                     fix.made.n_ranges);
    assert_null(rs_collector_failed(fix.sessions.collector, rule_of(&fix)));
    assert_int_equal(rs_collector_rule(fix.sessions.collector, 0, &kernel_ns).n_rows, 2);
    assert_true(kernel_ns > 0);
    relate_close(&fix);
}

/* Ranges fall back one by one; one plan says how. */
static void what_c_runs_is_explained_once(void **state)
{
    (void)state;
    static const rs_plan rules[] = {{.number = 0}, {.number = 1}};
    for (int explains = 0; explains < 2; explains++) {
        rs_collector *collector = NULL;
        const rs_collector_options options = {.n_rules = 2,
                                              .n_outputs = 1,
                                              .n_workers = 1,
                                              .explains = explains != 0,
                                              .dialect = "d"};
        assert_int_equal(rs_collector_new(&options, &collector, NULL), RS_OK);
        for (int range = 0; range < 3; range++) {
            bool is_first = explains != 0 && range == 0;
            assert_int_equal(rs_collector_explains_fallback(collector, &rules[0]), is_first);
            assert_int_equal(rs_collector_explains_fallback(collector, &rules[1]), is_first);
        }
        rs_collector_free(collector);
    }
}

static void a_failed_rule_costs_its_rows(void **state)
{
    (void)state;
    relate_fixture fix;
    relate_open(&fix);
    rs_plan *rule = rule_of(&fix);
    rule->steps[rule->n_steps - 1].sql = "SELECT no_such_column FROM \"pair.match\"";
    relate(&fix, "");
    /* Each range: the kernel in C, which does not help, then the failure. */
    assert_int_equal(rs_records_n_rows(rs_collector_fallbacks(fix.sessions.collector)),
                     2 * fix.made.n_ranges);
    assert_int_equal(rs_collector_n_failed(fix.sessions.collector), 1);
    const char *why = rs_collector_failed(fix.sessions.collector, rule);
    assert_non_null(why);
    UNIT_CHECK(strstr(why, "no_such_column") != NULL, "%s", why);
    relate_close(&fix);
}

static void a_skipped_rule_has_an_empty_relation(void **state)
{
    (void)state;
    relate_fixture fix;
    relate_open(&fix);
    rs_rules_skip_absent(fix.graph.rules, "syntax");
    assert_non_null(rule_of(&fix)->absent);
    relate(&fix, "");
    assert_int_equal(rs_collector_n_failed(fix.sessions.collector), 0);
    relate_close(&fix);
}

/* Of rows with one key the best is kept: by score, then confidence, then the rule's priority, then its
 * place among the rules. Of each pair the one to be kept is behind in what does not decide. */
static void the_best_duplicate_is_kept(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        const char *keys[2]; /* of rule a, of rule b */
        const char *kept;
    } cases[] = {
        {"score",
         {"score: 1.0, confidence: cst, priority: 1",
          "score: 2.0, confidence: qname_fallback, priority: 2"},
         "b\nb\n"},
        {"a score at all",
         {"confidence: cst, priority: 1", "score: 0.0, confidence: qname_fallback, priority: 2"},
         "b\nb\n"},
        {"confidence",
         {"confidence: qname_fallback, priority: 1", "confidence: cst, priority: 2"},
         "b\nb\n"},
        {"priority",
         {"confidence: qname_fallback, priority: 2", "confidence: qname_fallback, priority: 1"},
         "b\nb\n"},
        {"place", {"confidence: qname_fallback", "confidence: qname_fallback"}, "a\na\n"},
    };
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        relate_fixture fix;
        rs_buf text = {0};
        rs_buf_add(&text, "pack: p\ndatasets:\n- {name: rel_best, doc: d, key: [call_id], columns: "
                          "{call_id: {type: id, required: true, doc: d}}}\nrules:\n");
        for (int rule = 0; rule < 2; rule++) {
            rs_buf_addf(&text,
                        "- {name: %c, doc: d, kind: filter_project, inputs: {c: calls},\n"
                        "   select: {call_id: c.call_id}, output: rel_best, %s}\n",
                        "ab"[rule], cases[i].keys[rule]);
        }
        relate_open_with(&fix, rs_buf_text(&text));
        rs_buf_release(&text);
        relate_all(&fix);
        rows_check(fix.graph.session, "SELECT rule_name FROM rel_best", cases[i].kept);
        relate_close(&fix);
    }
}

/* Each worker notes for itself; the sum goes from the first start to the last end. */
static void costs_of_workers_add_up(void **state)
{
    (void)state;
    rs_collector *collector = NULL;
    rs_error err = {0};
    const rs_collector_options options = {
        .n_rules = 3, .n_outputs = 2, .n_workers = 3, .events = true, .dialect = "duckdb"};
    assert_int_equal(rs_collector_new(&options, &collector, &err), RS_OK);
    for (size_t worker = 0; worker < options.n_workers; worker++) {
        for (size_t i = 0; i < options.n_rules; i++) {
            uint64_t start_ns = 100 - 10 * worker;
            rs_observation_add(&rs_collector_rules(collector, worker)[i], start_ns,
                               start_ns + 1 + i, 1 + worker);
            rs_collector_kernels(collector, worker)[i] += i;
        }
        for (size_t i = 0; i < options.n_outputs; i++) {
            rs_output_cost *cost = &rs_collector_outputs(collector, worker)[i];
            rs_output_cost_add(cost, &cost->write_ns, 50 + worker, 60 + i + worker);
        }
    }
    for (size_t i = 0; i < options.n_rules; i++) {
        uint64_t kernel_ns = 0;
        rs_observation sum = rs_collector_rule(collector, i, &kernel_ns);
        assert_int_equal(sum.n_rows, 1 + 2 + 3);
        assert_int_equal(sum.elapsed_ns, 3 * (1 + i));
        assert_int_equal(sum.started_ns, 80);
        assert_int_equal(sum.ended_ns, 101 + i);
        assert_int_equal(kernel_ns, 3 * i);
    }
    for (size_t i = 0; i < options.n_outputs; i++) {
        rs_output_cost sum = rs_collector_output(collector, i);
        assert_int_equal(sum.write_ns, 3 * (10 + i));
        assert_int_equal(sum.finalize_ns, 0);
        assert_int_equal(sum.started_ns, 50);
        assert_int_equal(sum.ended_ns, 62 + i);
    }
    rs_collector_free(collector);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(relates_ranges),
    cmocka_unit_test(c_runs_what_the_engine_refuses),
    cmocka_unit_test(what_c_runs_is_explained_once),
    cmocka_unit_test(a_failed_rule_costs_its_rows),
    cmocka_unit_test(a_skipped_rule_has_an_empty_relation),
    cmocka_unit_test(the_best_duplicate_is_kept),
    cmocka_unit_test(costs_of_workers_add_up),
};

UNIT_TESTS(relate, tests)
