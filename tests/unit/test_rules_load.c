/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <unistd.h>

#include "rules/rules.h"

#include "unit/policies.h"
#include "unit/unit.h"

typedef struct pack_case {
    const char *label;
    const char *pack;
    const char *problems; /* "LINE:COLUMN: message" lines, in order */
} pack_case;

#define HEAD "pack: p\nrules:\n"
#define RULE HEAD "- name: r\n  doc: d\n  kind: filter_project\n  inputs: {c: calls}\n"
#define JOIN HEAD "- name: r\n  doc: d\n  kind: hash_join\n  inputs: {c: calls, a: args}\n"
#define WORDS                                                                                      \
    "pack: p\ndatasets:\n- name: rel_x\n  doc: d\n  key: [id]\n  columns:\n"                       \
    "    id: {type: id, of: call, required: true, doc: d}\n"                                       \
    "    w: {type: reference_status, doc: d}\n"                                                    \
    "rules:\n- name: r\n  doc: d\n  kind: filter_project\n  inputs: {c: calls}\n"                  \
    "  output: rel_x\n  confidence: cst\n  select:\n    id: c.call_id\n"
#define PROPS "  emit: {props: CALL, id: c.call_id, values: {n_keyword: c.n_keyword}}\n"

static const pack_case cases[] = {
    {"nothing", "", "1:1: expected a pack, found nothing\n"},
    {"only a comment", "# hello\n", "1:1: expected a pack, found nothing\n"},
    {"a list", "- a\n", "1:1: expected a pack (a mapping), found a list\n"},
    {"no yaml", "pack: [p\n", "2:1: no YAML: did not find expected ',' or ']'\n"},
    {"no UTF-8", "pack: \xff\n", "1:1: no YAML: invalid leading UTF-8 octet\n"},
    {"an anchor", "pack: &a p\nrules: []\n", "1:7: no anchors and tags here\n"},
    {"an alias", "pack: *a\n", "1:7: no anchors and tags here\n"},
    {"a key twice", "pack: p\nrules: []\npack: q\n", "3:1: key pack stands here twice\n"},
    {"a mapping as a key", "{a: b}: c\n", "1:1: a key must be a text\n"},
    {"two documents", "pack: p\nrules: []\n---\npack: q\n", "3:1: a second document in one file\n"},
    {"no rules", "pack: p\n", "1:1: missing key rules\n"},
    {"no pack", "rules: []\n", "1:1: missing key pack\n"},
    {"an unknown key of a pack", "pack: p\nrulez: []\nrules: []\n",
     "2:1: unknown key rulez of a pack; did you mean rules?\n"},
    {"rules that are no list", "pack: p\nrules: x\n",
     "2:8: rules: expected a list, found a text\n"},
    {"a rule that is none", HEAD "- x\n", "3:3: expected a rule, found a text\n"},
    {"a rule with nothing", HEAD "- doc: x\n",
     "3:3: missing key emit (of the graph) or output (a relationship)\n3:3: missing key kind\n3:3: "
     "missing key name\n"},
    {"an unknown key of a rule", RULE "  wher: TRUE\n" PROPS,
     "7:3: unknown key wher of a rule; did you mean where?\n"},
    {"a doc that is null",
     HEAD "- name: r\n  doc: null\n  kind: filter_project\n  inputs: {c: calls}\n" PROPS,
     "4:8: doc: expected a text, found null\n"},
    {"a name that is null",
     HEAD "- name: ~\n  doc: d\n  kind: filter_project\n  inputs: {c: calls}\n" PROPS,
     "3:9: name: expected a text, found ~\n"},
    {"a bad name",
     HEAD "- name: No-Name\n  doc: d\n  kind: filter_project\n  inputs: {c: calls}\n" PROPS,
     "3:9: name: expected a name of a-z, 0-9 and _ that starts with a letter, found No-Name\n"},
    {"an unknown kind", HEAD "- name: r\n  doc: d\n  kind: hash_jon\n  inputs: {c: calls}\n" PROPS,
     "5:9: unknown kind hash_jon; did you mean hash_join?\n"},
    {"a name twice",
     RULE PROPS "- name: r\n  doc: d\n  kind: filter_project\n  inputs: {c: calls}\n" PROPS,
     "8:9: rule r stands already in p.yaml, line 3\n"},
    {"an unknown dataset",
     HEAD "- name: r\n  doc: d\n  kind: filter_project\n  inputs: {c: cals}\n" PROPS,
     "6:15: unknown dataset cals; did you mean calls?\n"},
    {"a dataset that rules write",
     HEAD "- name: r\n  doc: d\n  kind: filter_project\n  inputs: {c: nodes}\n" PROPS,
     "6:15: nodes is no input: rules write it\n"},
    {"two inputs of a filter",
     HEAD "- name: r\n  doc: d\n  kind: filter_project\n  inputs: {c: calls, a: args}\n" PROPS,
     "6:11: filter_project takes at most 1 input, not 2\n"},
    {"one input of a join",
     HEAD "- name: r\n  doc: d\n  kind: hash_join\n  inputs: {c: calls}\n  join: inner\n  on: "
          "TRUE\n" PROPS,
     "6:11: hash_join takes 2 to 4 inputs, not 1\n"},
    {"inputs that are a list",
     HEAD "- name: r\n  doc: d\n  kind: filter_project\n  inputs: [calls]\n" PROPS,
     "6:11: inputs: expected a mapping of aliases to datasets\n"},
    {"a priority that is none", RULE "  priority: high\n" PROPS,
     "7:13: priority: expected a whole number from 0 to 1000000, found high\n"},
    {"join of a filter", RULE "  join: left\n" PROPS, "7:9: only a hash_join has join\n"},
    {"a join without both", JOIN PROPS, "3:3: missing key join\n3:3: missing key on\n"},
    {"a right join", JOIN "  join: right\n  on: c.call_id = a.call_id\n" PROPS,
     "7:9: there is no right join: name the inputs the other way round, and join inner, left, semi "
     "or anti\n"},
    {"a right semi join", JOIN "  join: right_semi\n  on: c.call_id = a.call_id\n" PROPS,
     "7:9: there is no right_semi join: name the inputs the other way round, and join inner, left, "
     "semi or anti\n"},
    {"an unknown join", JOIN "  join: iner\n  on: c.call_id = a.call_id\n" PROPS,
     "7:9: unknown join iner; did you mean inner?\n"},
    {"a join by no equality", JOIN "  join: inner\n  on: c.call_id < a.call_id\n" PROPS,
     "8:17: on: expected c.column = a.column, or several of them joined by AND\n"},
    {"a join of one side", JOIN "  join: inner\n  on: c.call_id = c.callee_id\n" PROPS,
     "8:17: on: expected c.column = a.column, or several of them joined by AND\n"},
    {"the right side of a semi join",
     JOIN "  join: semi\n  on: c.call_id = a.call_id\n  where: a.position = 0\n" PROPS,
     "9:10: a is not seen here: a semi or anti join gives its left side only\n"},
    {"no emission", RULE, "3:3: missing key emit (of the graph) or output (a relationship)\n"},
    {"an empty emission", RULE "  emit: {}\n",
     "7:9: emit: expected a mapping with node, edge, props or edge_props\n"},
    {"an unknown key of an emission",
     RULE "  emit: {edge: CALLEE, src: c.call_id, dst: c.callee_id, orign: syntax}\n",
     "7:58: unknown key orign of emit; did you mean origin?\n"},
    {"an edge without an end", RULE "  emit: {edge: CALLEE, src: c.call_id}\n",
     "7:9: missing key dst of emit\n"},
    {"an unknown edge kind", RULE "  emit: {edge: CALEE, src: c.call_id, dst: c.callee_id}\n",
     "7:16: unknown edge kind CALEE; did you mean CALLEE? (one of its own a pack declares under "
     "edge_kinds)\n"},
    {"an unknown node kind", RULE "  emit: {node: CALLL, id: c.call_id}\n",
     "7:16: unknown node kind CALLL; did you mean CALL? (one of its own a pack declares under "
     "node_kinds)\n"},
    {"an edge kind that is an expression",
     RULE "  emit: {edge: c.callee_shape, src: c.call_id, dst: c.callee_id}\n",
     "7:16: expected a kind\n"},
    {"a node kind of another set", RULE "  emit: {node: c.callee_shape, id: c.call_id}\n",
     "7:16: kind: expected a word of node_kind, found a word of callee_shape\n"},
    {"an unknown origin",
     RULE "  emit: {edge: CALLEE, src: c.call_id, dst: c.callee_id, origin: sintax}\n",
     "7:66: origin: 'sintax' is no word of lens; did you mean syntax?\n"},
    {"an end of the wrong type",
     RULE "  emit: {edge: CALLEE, src: c.callee_text, dst: c.callee_id}\n",
     "7:29: src: expected a whole number, found a text\n"},
    {"a number too wide for its column",
     RULE "  emit: {edge: CALLEE, src: c.call_id, dst: c.callee_id, symbol_roles: c.call_id}\n",
     "7:72: symbol_roles: expected a whole number of 32 bits, found one of 64 bits\n"},
    {"an anchor that is no input",
     RULE "  emit: {edge: CALLEE, src: c.call_id, dst: c.callee_id, anchor: d}\n",
     "7:66: anchor: expected an input or [start, end], found d\n"},
    {"an anchor of three",
     RULE "  emit: {edge: CALLEE, src: c.call_id, dst: c.callee_id, anchor: [c.start_byte, "
          "c.end_byte, 0]}\n",
     "7:66: anchor: expected an input or [start, end]\n"},
    {"props without values", RULE "  emit: {props: CALL, id: c.call_id}\n",
     "7:9: missing key values of emit\n"},
    {"props of no kind",
     RULE "  emit: {props: [CALL, LITERALS], id: c.call_id, values: {n_keyword: 1}}\n",
     "7:24: unknown node kind LITERALS; did you mean LITERAL? (one of its own a pack declares "
     "under node_kinds)\n"},
    {"an unknown property",
     RULE "  emit: {props: CALL, id: c.call_id, values: {callee_shap: c.callee_shape}}\n",
     "7:47: kind CALL has no property callee_shap; did you mean callee_shape?\n"},
    {"a property that one of the kinds has not",
     RULE "  emit: {props: [CALL, FILE], id: c.call_id, values: {n_keyword: 1}}\n",
     "7:55: kind FILE has no property n_keyword; did you mean n_errors?\n"},
    {"a property of the wrong type",
     RULE "  emit: {props: CALL, id: c.call_id, values: {n_keyword: c.callee_text}}\n",
     "7:58: n_keyword: expected a whole number, found a text\n"},
    {"a word that the property has not",
     RULE "  emit: {props: CALL, id: c.call_id, values: {callee_shape: \"'name'\"}}\n",
     "7:62: callee_shape: 'name' is none of: NAME ATTRIBUTE SUBSCRIPT CALL LAMBDA OTHER\n"},
    {"any text where words are meant",
     RULE "  emit: {props: CALL, id: c.call_id, values: {callee_shape: c.callee_text}}\n",
     "7:61: callee_shape: expected one of: NAME ATTRIBUTE SUBSCRIPT CALL LAMBDA OTHER; found any "
     "text\n"},
    {"a property that is always null",
     RULE "  emit: {props: CALL, id: c.call_id, values: {n_keyword: 'NULL'}}\n",
     "7:59: n_keyword: a property that is always null is not stored\n"},
    {"a kind without its required properties",
     HEAD "- name: r\n  doc: d\n  kind: filter_project\n  inputs: {c: comments}\n"
          "  emit: {node: COMMENT, id: c.comment_id}\n",
     "7:9: kind COMMENT requires the property is_own_line, which no rule gives\n"
     "7:9: kind COMMENT requires the property text, which no rule gives\n"},
    {"a word of a case that its set has not",
     WORDS "    w: CASE WHEN c.has_star THEN 'builtin' ELSE 'builtn' END\n",
     "18:49: w: 'builtn' is no word of reference_status; did you mean builtin?\n"},
    {"any text in a case of words",
     WORDS "    w: CASE WHEN c.has_star THEN 'builtin' ELSE c.callee_text END\n",
     "18:8: w: expected a word, found a text\n"},
    {"a relationship with the column of rejects",
     "pack: p\ndatasets:\n- name: rel_x\n  doc: d\n  key: [reason]\n  columns:\n"
     "    reason: {type: str, required: true, doc: d}\n",
     "1:1: missing key rules\n7:5: rejects have a column reason of their own\n"},
    {"several faults at once",
     HEAD "- name: a\n  doc: d\n  kind: filter_project\n  inputs: {c: calls}\n"
          "  where: c.call_di\n" PROPS
          "- name: b\n  doc: d\n  kind: filter_project\n  inputs: {c: cals}\n" PROPS,
     "7:10: dataset calls has no column call_di; did you mean call_id?\n"
     "12:15: unknown dataset cals; did you mean calls?\n"},
};

static void each_refused_pack_says_why_and_where(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        rs_error err = {0};
        rs_rules *rules = NULL;
        rs_buf found = {0};
        assert_int_equal(rs_rules_new(&rules, &err), RS_OK);
        rs_str text = {cases[i].pack, strlen(cases[i].pack)};
        rs_status status = rs_rules_add_pack(rules, "p.yaml", text, &err);
        UNIT_CHECK(status == RS_OK, "%s: %s", cases[i].label, err.message);
        status = rs_rules_check(rules, policy_default(), &rs_dialect_duckdb, &err);
        UNIT_CHECK(status == RS_ERR_INVALID, "%s: status %d", cases[i].label, (int)status);
        for (size_t j = 0; j < rs_rules_n_problems(rules); j++) {
            const rs_problem *problem = rs_rules_problem(rules, j);
            rs_buf_addf(&found, "%u:%u: %s\n", problem->line, problem->column, problem->message);
        }
        UNIT_CHECK(strcmp(rs_buf_text(&found), cases[i].problems) == 0, "%s:\n%s-- not --\n%s",
                   cases[i].label, rs_buf_text(&found), cases[i].problems);
        UNIT_CHECK(strncmp(err.message, "p.yaml:", 7) == 0, "%s: %s", cases[i].label, err.message);
        rs_buf_release(&found);
        rs_rules_free(rules);
    }
}

static void nesting_has_a_limit(void **state)
{
    (void)state;
    rs_buf text = {0};
    for (int i = 0; i < 100000; i++) {
        rs_buf_add(&text, "[");
    }
    rs_error err = {0};
    rs_rules *rules = NULL;
    assert_int_equal(rs_rules_new(&rules, &err), RS_OK);
    assert_int_equal(
        rs_rules_add_pack(rules, "p.yaml", (rs_str){rs_buf_text(&text), text.n_bytes}, &err),
        RS_OK);
    UNIT_REFUSED(rs_rules_check(rules, policy_default(), &rs_dialect_duckdb, &err), &err,
                 RS_ERR_INVALID, "nested deeper than the limit");
    rs_rules_free(rules);
    rs_buf_release(&text);
}

static const char good_pack[] = RULE PROPS;
static const char other_pack[] =
    HEAD "- name: r\n  doc: another\n  kind: filter_project\n  inputs: {c: calls}\n"
         "  priority: 5\n" PROPS
         "- name: s\n  doc: more\n  kind: filter_project\n  inputs: {c: calls}\n" PROPS;

static void a_later_call_overrides(void **state)
{
    (void)state;
    rs_error err = {0};
    rs_rules *rules = NULL;
    assert_int_equal(rs_rules_new(&rules, &err), RS_OK);
    assert_int_equal(rs_rules_add_pack(rules, "a.yaml", rs_str_of(good_pack), &err), RS_OK);
    assert_int_equal(rs_rules_add_pack(rules, "b.yaml", rs_str_of(other_pack), &err), RS_OK);
    assert_int_equal(rs_rules_check(rules, policy_default(), &rs_dialect_duckdb, &err), RS_OK);
    assert_int_equal(rs_rules_count(rules), 2);
    const rs_plan *info = rs_rules_get(rules, 0);
    assert_string_equal(info->name, "r");
    assert_string_equal(info->doc, "another");
    assert_string_equal(info->pack, "b.yaml");
    assert_int_equal(info->priority, 5);
    assert_int_equal(info->line, 3);
    assert_string_equal(info->emits, "CALL");
    assert_string_equal(info->output->name, "props");
    assert_int_equal(info->wave, RS_WAVE_FILE);
    rs_rules_free(rules);
}

static void a_directory_is_read_by_name(void **state)
{
    (void)state;
    char directory[] = "/tmp/relspec-rules-XXXXXX";
    assert_non_null(mkdtemp(directory));
    static const char *const names[] = {"b.yaml", "a.yml", "ignored.txt", ".hidden.yaml"};
    for (size_t i = 0; i < UNIT_COUNT(names); i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        (void)fputs(i == 0 ? good_pack : i == 1 ? "rules: x\n" : "[", file);
        (void)fclose(file);
    }
    rs_error err = {0};
    rs_rules *rules = NULL;
    assert_int_equal(rs_rules_new(&rules, &err), RS_OK);
    assert_int_equal(rs_rules_add_directory(rules, directory, &err), RS_OK);
    assert_int_equal(rs_rules_check(rules, policy_default(), &rs_dialect_duckdb, &err),
                     RS_ERR_INVALID);
    assert_int_equal(rs_rules_n_problems(rules), 2);
    assert_non_null(strstr(rs_rules_problem(rules, 0)->file, "/a.yml"));
    assert_int_equal(rs_rules_count(rules), 1);
    rs_rules_free(rules);
    assert_int_equal(rs_rules_new(&rules, &err), RS_OK);
    UNIT_REFUSED(rs_rules_add_directory(rules, "/nowhere/at/all", &err), &err, RS_ERR_IO,
                 "open /nowhere/at/all: No such file");
    rs_rules_free(rules);
    for (size_t i = 0; i < UNIT_COUNT(names); i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(directory);
}

/* The most that a policy file may have, all of which count. */
static const char wide_pack[] =
    "pack: p\ndatasets:\n- name: rel_wide\n  doc: d\n  key: [call_id]\n  columns:\n"
    "    call_id: {type: id, required: true, doc: d}\n"
    "    a1: {type: i32, doc: d}\n    a2: {type: i32, doc: d}\n    a3: {type: i32, doc: d}\n"
    "    a4: {type: i32, doc: d}\n    a5: {type: i32, doc: d}\n    a6: {type: i32, doc: d}\n"
    "    a7: {type: i32, doc: d}\n    a8: {type: i32, doc: d}\n    a9: {type: i32, doc: d}\n"
    "rules:\n- name: wide\n  doc: 'null'\n  kind: filter_project\n  inputs: {c: calls}\n"
    "  select: {call_id: c.call_id}\n  confidence: cst\n  ambiguity: wide\n  output: rel_wide\n";

static void a_policy_s_winner_keeps_all_its_columns(void **state)
{
    (void)state;
    rs_error err = {0};
    rs_rules *rules = NULL;
    json_t *ir = NULL;
    rs_policy *policy =
        policy_open("ambiguity: {wide: {winner: {keys: [call_id], order: [a1, a2, a3, a4, a5, a6, "
                    "a7, a8, a9 desc, method, confidence, score, rule_name, rule_priority]}}}\n");
    assert_int_equal(rs_rules_new(&rules, &err), RS_OK);
    assert_int_equal(rs_rules_add_pack(rules, "p.yaml", rs_str_of(wide_pack), &err), RS_OK);
    UNIT_CHECK(rs_rules_check(rules, policy, &rs_dialect_duckdb, &err) == RS_OK, "%s", err.message);
    assert_int_equal(rs_rules_add_canonical(rules, 0, &ir, &err), RS_OK);
    const json_t *order = json_object_get(json_object_get(ir, "winner"), "order");
    assert_int_equal(json_array_size(order), 14);
    assert_string_equal(json_string_value(json_array_get(order, 8)), "a9 desc");
    assert_string_equal(json_string_value(json_array_get(order, 13)), "rule_priority");
    json_decref(ir);
    rs_rules_free(rules);
    rs_policy_free(policy);
}

static rs_status load_all(void *context)
{
    rs_error err = {0};
    rs_rules *rules = NULL;
    rs_status status = rs_rules_new(&rules, &err);
    if (status == RS_OK) {
        status = rs_rules_add_pack(rules, "b.yaml", rs_str_of(context), &err);
    }
    if (status == RS_OK) {
        status = rs_rules_check(rules, policy_default(), &rs_dialect_duckdb, &err);
    }
    rs_rules_free(rules);
    return status;
}

static void out_of_memory_is_returned(void **state)
{
    (void)state;
    char text[sizeof other_pack];
    memcpy(text, other_pack, sizeof text);
    UNIT_SWEEP(load_all, text);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_refused_pack_says_why_and_where),
    cmocka_unit_test(nesting_has_a_limit),
    cmocka_unit_test(a_later_call_overrides),
    cmocka_unit_test(a_directory_is_read_by_name),
    cmocka_unit_test(a_policy_s_winner_keeps_all_its_columns),
    cmocka_unit_test(out_of_memory_is_returned),
};

UNIT_TESTS(rules_load, tests)
