/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/steps.h"
#include "rules/lane.h"
#include "rules/policy.h"

#include <jansson.h>

#include "unit/unit.h"

/* The defaults with text over them, which must be fine. */
static rs_policy *policy_of(const char *text)
{
    rs_error err = {0};
    rs_policy *policy = NULL;
    rs_status status = text == NULL ? rs_policy_load(NULL, &policy, &err)
                                    : rs_policy_read("p.yaml", rs_str_of(text), &policy, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    return policy;
}

/* --- the defaults --- */

typedef struct value_case {
    const char *name;
    const char *source;
    double value;
} value_case;

static void check_values(const rs_policy *policy, const value_case *cases, size_t n_cases)
{
    for (size_t i = 0; i < n_cases; i++) {
        const rs_confidence_policy *found = rs_policy_confidence(policy, rs_str_of(cases[i].name));
        UNIT_CHECK(found != NULL, "no policy %s", cases[i].name);
        double value = rs_confidence_value(found, rs_str_of(cases[i].source));
        /* Exactly: 0.4 - 0.1 is the number that 0.3 is read as. */
        UNIT_CHECK(value >= cases[i].value && value <= cases[i].value,
                   "%s of %s is %.17g, not %.17g", cases[i].name, cases[i].source, value,
                   cases[i].value);
    }
}

static void the_defaults_are_those_that_rules_name(void **state)
{
    (void)state;
    static const value_case cases[] = {
        {"scip", "", 1.0},         {"evidence", "", 1.0},     {"cst", "", 1.0},
        {"type", "", 1.0},         {"symtable", "", 1.0},     {"flow", "", 1.0},
        {"diagnostic", "", 1.0},   {"scope", "", 0.8},        {"qname_fallback", "", 0.3},
        {"reaching_def", "", 1.0}, {"scip", "anything", 1.0}, {"reaching_def", "shared", 0.8},
        {"values", "call", 0.95},
    };
    rs_policy *policy = policy_of(NULL);
    check_values(policy, cases, UNIT_COUNT(cases));
    /* tools/fit-confidence has these. */
    static const char *const measured[] = {"calls", "classes", "names"};
    for (size_t i = 0; i < UNIT_COUNT(measured); i++) {
        const rs_confidence_policy *found = rs_policy_confidence(policy, rs_str_of(measured[i]));
        assert_non_null(found);
        assert_true(found->base > 0.9 && found->n_weights > 1);
    }
    assert_int_equal(policy->n_confidence, UNIT_COUNT(cases) - 2 + UNIT_COUNT(measured));
    for (size_t i = 1; i < policy->n_confidence; i++) {
        assert_true(strcmp(policy->confidence[i - 1].name, policy->confidence[i].name) < 0);
    }
    static const char *const keeping[] = {"keep_all"};
    for (size_t i = 0; i < UNIT_COUNT(keeping); i++) {
        const rs_ambiguity_policy *kept = rs_policy_ambiguity(policy, rs_str_of(keeping[i]));
        assert_non_null(kept);
        assert_int_equal(kept->kind, RS_AMBIGUITY_KEEP_ALL);
    }
    assert_int_equal(policy->n_ambiguity, 1);
    rs_policy_free(policy);
}

static void the_defaults_allow_all_lanes_and_refuse_lists(void **state)
{
    (void)state;
    rs_policy *policy = policy_of(NULL);
    assert_int_equal(policy->lanes.n_allowed, RS_N_LANES);
    assert_int_equal(rs_policy_lane_rank(policy, RS_LANE_DF_UDF), 0);
    assert_int_equal(rs_policy_lane_rank(policy, RS_LANE_BUILTIN), 1);
    assert_int_equal(rs_policy_lane_rank(policy, RS_LANE_ARROW_FALLBACK), 2);
    assert_string_equal(policy->lanes.on_violation, "warn");
    assert_int_equal(policy->list_filter.max_literals, 0);
    assert_string_equal(policy->param_tables.scope, "per_run");
    assert_string_equal(policy->param_tables.prefix, "p_");
    assert_string_equal(policy->param_tables.empty, "empty_result");
    assert_string_equal(policy->sql.ddl, "refuse");
    assert_string_equal(policy->sql.dml, "refuse");
    assert_string_equal(policy->sql.statements, "refuse");
    assert_true(policy->diagnostics.events && policy->diagnostics.fallbacks);
    assert_true(policy->diagnostics.scan_telemetry && policy->diagnostics.kernel_lanes);
    assert_false(policy->diagnostics.explains);
    rs_policy_free(policy);
}

/* Each lane that a kernel is registered with can be had alone, where the kernel runs. */
static void a_registered_lane_can_run(void **state)
{
    (void)state;
    for (int k = 0; k < RS_N_KERNELS; k++) {
        const rs_kernel_info *kernel = rs_kernel_get((rs_kernel_id)k);
        for (size_t i = 0; i < kernel->n_lanes; i++) {
            char text[64];
            const char *lane = rs_lane_name(kernel->lanes[i]);
            (void)snprintf(text, sizeof text, "lanes: {allowed: [%s]}\n", lane);
            rs_policy *policy = policy_of(text);
            /* Ids are made where an expression stands; the others are steps of plans. */
            rs_lane_choice choice = k == RS_KERNEL_stable_id
                                        ? rs_lane_choose_inside(policy, RS_KERNEL_stable_id)
                                        : rs_lane_choose(policy, (rs_kernel_id)k, RS_STEP_LANES);
            UNIT_CHECK(!choice.is_violation && choice.lane == kernel->lanes[i], "%s in %s",
                       kernel->name, lane);
            rs_policy_free(policy);
        }
    }
}

/* --- a user's file --- */

static const char user_policy[] = "doc: ours\n"
                                  "confidence:\n"
                                  "  scip: {base: 0.9, weights: {B: -0.3, A: 0.25, up: 1}}\n"
                                  "  mine: {base: 0.0001, penalty: 0.5, doc: d}\n"
                                  "ambiguity:\n"
                                  "  keep_all: {winner: {keys: [a, b], order: [c asc, d desc]}}\n"
                                  "lanes: {allowed: [ARROW_FALLBACK, BUILTIN]}\n"
                                  "list_filter: {max_literals: 1000}\n"
                                  "diagnostics: {explains: true}\n";

static void a_file_overrides_and_adds_by_name(void **state)
{
    (void)state;
    static const value_case cases[] = {
        {"scip", "", 0.9},   {"scip", "A", 1.0}, {"scip", "B", 0.6}, {"scip", "C", 0.9},
        {"scip", "up", 1.0}, {"mine", "", 0.0},  {"type", "", 1.0},
    };
    rs_policy *policy = policy_of(user_policy);
    check_values(policy, cases, UNIT_COUNT(cases));
    const rs_confidence_policy *scip = rs_policy_confidence(policy, RS_STR_LITERAL("scip"));
    assert_string_equal(scip->place.file, "p.yaml");
    assert_int_equal(scip->place.line, 3);
    assert_int_equal(scip->place.column, 3);
    assert_string_equal(scip->doc, ""); /* nothing of the one that it replaces is left */
    assert_string_equal(scip->weights[0].source, "A");
    const rs_confidence_policy *type = rs_policy_confidence(policy, RS_STR_LITERAL("type"));
    assert_string_equal(type->place.file, "policy.yaml");
    const rs_ambiguity_policy *winner = rs_policy_ambiguity(policy, RS_STR_LITERAL("keep_all"));
    assert_int_equal(winner->kind, RS_AMBIGUITY_WINNER);
    assert_int_equal(winner->n_keys, 2);
    assert_string_equal(winner->order[0].name, "c");
    assert_false(winner->order[0].is_descending);
    assert_true(winner->order[1].is_descending);
    assert_int_equal(rs_policy_lane_rank(policy, RS_LANE_ARROW_FALLBACK), 0);
    assert_int_equal(rs_policy_lane_rank(policy, RS_LANE_BUILTIN), 1);
    assert_int_equal(rs_policy_lane_rank(policy, RS_LANE_DF_UDF), 2); /* not allowed */
    assert_int_equal(policy->lanes.n_allowed, 2);
    assert_int_equal(policy->list_filter.max_literals, 1000);
    assert_true(policy->diagnostics.explains && policy->diagnostics.events);
    rs_policy_free(policy);
}

typedef struct refused_case {
    const char *label;
    const char *text;
    const char *problems;
} refused_case;

static const refused_case refused_cases[] = {
    {"nothing", "", "1:1: expected a policy, found nothing\n"},
    {"a list", "- a\n", "1:1: expected a policy (a mapping), found a list\n"},
    {"a rule pack", "pack: p\nrules: []\n",
     "1:1: unknown key pack of a policy file; expected one of: ambiguity confidence diagnostics "
     "doc lanes limits list_filter param_tables sql\n2:1: unknown key rules of a policy file; "
     "expected "
     "one of: ambiguity confidence diagnostics doc lanes limits list_filter param_tables sql\n"},
    {"no YAML", "lanes: [\n", "2:1: no YAML: did not find expected node content\n"},
    {"an unknown key", "lane: {}\n",
     "1:1: unknown key lane of a policy file; did you mean lanes?\n"},
    {"a part that is a text", "confidence: high\n",
     "1:13: confidence: expected a mapping, found high\n"},
    {"a part that is empty", "ambiguity:\n",
     "1:11: ambiguity: expected a mapping, found nothing\n"},
    {"a section that is a list", "lanes: [BUILTIN]\n",
     "1:8: lanes: expected a mapping, found a list\n"},
    {"a doc that is a list", "doc: [a]\n", "1:6: doc: expected a text, found a list\n"},

    {"a name with a capital", "confidence: {Scip: {base: 1}}\n",
     "1:14: confidence: expected a name of a-z, 0-9 and _ that starts with a letter, found Scip\n"},
    {"a policy that is a number", "confidence: {scip: 0.9}\n",
     "1:20: scip: expected a mapping, found 0.9\n"},
    {"a policy without base", "confidence: {scip: {penalty: 0.1}}\n", "1:20: missing key base\n"},
    {"an unknown key of a policy", "confidence: {scip: {base: 1, penality: 0.1}}\n",
     "1:30: unknown key penality of a confidence policy; did you mean penalty?\n"},
    {"a base over 1", "confidence: {scip: {base: 1.0001}}\n",
     "1:27: base: expected a number from 0 to 1 with at most 4 places, found 1.0001\n"},
    {"a base below 0", "confidence: {scip: {base: -0.1}}\n",
     "1:27: base: expected a number from 0 to 1 with at most 4 places, found -0.1\n"},
    {"a base in quotes", "confidence: {scip: {base: '1'}}\n",
     "1:27: base: expected a number from 0 to 1 with at most 4 places, found 1\n"},
    {"a base of 5 places", "confidence: {scip: {base: 0.12345}}\n",
     "1:27: base: expected a number from 0 to 1 with at most 4 places, found 0.12345\n"},
    {"a base with an exponent", "confidence: {scip: {base: 1e-1}}\n",
     "1:27: base: expected a number from 0 to 1 with at most 4 places, found 1e-1\n"},
    {"a base that ends in a point", "confidence: {scip: {base: 1.}}\n",
     "1:27: base: expected a number from 0 to 1 with at most 4 places, found 1.\n"},
    {"a base that starts with a point", "confidence: {scip: {base: .5}}\n",
     "1:27: base: expected a number from 0 to 1 with at most 4 places, found .5\n"},
    {"a base that no number can hold", "confidence: {scip: {base: 99999999999999999999}}\n",
     "1:27: base: expected a number from 0 to 1 with at most 4 places, found "
     "99999999999999999999\n"},
    {"a base that would overflow", "confidence: {scip: {base: 9999999999999999}}\n",
     "1:27: base: expected a number from 0 to 1 with at most 4 places, found 9999999999999999\n"},
    {"a base that is none", "confidence: {scip: {base: nan}}\n",
     "1:27: base: expected a number from 0 to 1 with at most 4 places, found nan\n"},
    {"a base that is empty", "confidence: {scip: {base: }}\n",
     "1:27: base: expected a number from 0 to 1 with at most 4 places, found nothing\n"},
    {"a penalty over 1", "confidence: {scip: {base: 1, penalty: 2}}\n",
     "1:39: penalty: expected a number from 0 to 1 with at most 4 places, found 2\n"},
    {"weights that are a list", "confidence: {scip: {base: 1, weights: [1]}}\n",
     "1:39: weights: expected a mapping, found a list\n"},
    {"a weight over 1", "confidence: {scip: {base: 1, weights: {a: 1.5}}}\n",
     "1:43: a: expected a number from -1 to 1 with at most 4 places, found 1.5\n"},
    {"a weight of no word", "confidence: {scip: {base: 1, weights: {'a\"b': 1}}}\n",
     "1:40: weights: expected a source of letters, digits and _ that starts with a letter, found "
     "a\"b\n"},

    {"an ambiguity policy of neither", "ambiguity: {mine: {doc: d}}\n",
     "1:19: expected keep or winner, found neither\n"},
    {"an ambiguity policy of both",
     "ambiguity: {mine: {keep: all, winner: {keys: [a], order: [b]}}}\n",
     "1:19: expected keep or winner, found both\n"},
    {"keeping the best", "ambiguity: {mine: {keep: best}}\n",
     "1:26: keep: expected all, found best\n"},
    {"keeping a list", "ambiguity: {mine: {keep: [all]}}\n",
     "1:26: keep: expected all, found a list\n"},
    {"an unknown key of an ambiguity policy", "ambiguity: {mine: {wimmer: {}}}\n",
     "1:19: expected keep or winner, found neither\n"
     "1:20: unknown key wimmer of an ambiguity policy; did you mean winner?\n"},
    {"a winner that is a text", "ambiguity: {mine: {winner: score}}\n",
     "1:28: winner: expected a mapping, found score\n"},
    {"a winner without keys", "ambiguity: {mine: {winner: {order: [score desc]}}}\n",
     "1:28: missing key keys of winner\n"},
    {"a winner without order", "ambiguity: {mine: {winner: {keys: [a]}}}\n",
     "1:28: missing key order of winner\n"},
    {"a winner of no keys", "ambiguity: {mine: {winner: {keys: [], order: [b]}}}\n",
     "1:35: keys: expected 1 to 16 columns, found 0\n"},
    {"a winner of too many keys",
     "ambiguity: {mine: {winner: {keys: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q], "
     "order: [z]}}}\n",
     "1:35: keys: expected 1 to 16 columns, found 17\n"},
    {"keys that are a text", "ambiguity: {mine: {winner: {keys: a, order: [b]}}}\n",
     "1:35: keys: expected a list of columns, found a\n"},
    {"a key that is a list", "ambiguity: {mine: {winner: {keys: [[a]], order: [b]}}}\n",
     "1:36: keys: expected a column, found a list\n"},
    {"a key that is no name", "ambiguity: {mine: {winner: {keys: ['a b'], order: [b]}}}\n",
     "1:36: keys: expected a name of a-z, 0-9 and _ that starts with a letter, found a b\n"},
    {"a key twice", "ambiguity: {mine: {winner: {keys: [a, a], order: [b]}}}\n",
     "1:39: keys: column a stands here twice\n"},
    {"an order by a key", "ambiguity: {mine: {winner: {keys: [a], order: [b, a desc]}}}\n",
     "1:51: order: a is a key, the same in all rows of a group\n"},
    {"an unknown direction", "ambiguity: {mine: {winner: {keys: [a], order: [b down]}}}\n",
     "1:48: order: expected a column, or a column with asc or desc, found b down\n"},
    {"an empty order", "ambiguity: {mine: {winner: {keys: [a], order: ['']}}}\n",
     "1:48: order: expected a column, or a column with asc or desc, found nothing\n"},
    {"an unknown key of a winner",
     "ambiguity: {mine: {winner: {keys: [a], order: [b], limit: 1}}}\n",
     "1:52: unknown key limit of winner; expected one of: keys order\n"},

    {"an unknown lane", "lanes: {allowed: [BUILTIN, DF_UFD]}\n",
     "1:28: unknown lane DF_UFD; did you mean DF_UDF?\n"},
    {"a lane twice", "lanes: {allowed: [BUILTIN, BUILTIN]}\n",
     "1:28: allowed: lane BUILTIN stands here twice\n"},
    {"no lane", "lanes: {allowed: []}\n", "1:18: allowed: expected 1 to 3 lanes, found 0\n"},
    {"lanes that are a text", "lanes: {allowed: BUILTIN}\n",
     "1:18: allowed: expected a list of lanes, found BUILTIN\n"},
    {"a lane that is a mapping", "lanes: {allowed: [{a: b}]}\n",
     "1:19: allowed: expected a lane, found a mapping\n"},
    {"failing on a violation", "lanes: {on_violation: error}\n",
     "1:23: on_violation: expected warn, found error\n"},

    {"a list limit below 0", "list_filter: {max_literals: -1}\n",
     "1:29: max_literals: expected a whole number from 0 to 1000, found -1\n"},
    {"a list limit over the limit", "list_filter: {max_literals: 1001}\n",
     "1:29: max_literals: expected a whole number from 0 to 1000, found 1001\n"},
    {"a list limit with places", "list_filter: {max_literals: 1.0}\n",
     "1:29: max_literals: expected a whole number from 0 to 1000, found 1.0\n"},
    {"another scope", "param_tables: {scope: per_rule}\n",
     "1:23: scope: expected per_run, found per_rule\n"},
    {"a prefix that is no name", "param_tables: {prefix: \"x; DROP\"}\n",
     "1:24: prefix: expected a name of a-z, 0-9 and _ that starts with a letter, found x; DROP\n"},
    {"a prefix that is empty", "param_tables: {prefix: ''}\n",
     "1:24: prefix: expected a name, found nothing\n"},
    {"allowing DDL", "sql: {ddl: allow}\n", "1:12: ddl: expected refuse, found allow\n"},
    {"a switch that is a number", "diagnostics: {explains: 1}\n",
     "1:25: explains: expected true or false, found 1\n"},
    {"a switch in quotes", "diagnostics: {explains: 'true'}\n",
     "1:25: explains: expected true or false, found true\n"},
    {"a switch that is a list", "diagnostics: {explains: [true]}\n",
     "1:25: explains: expected true or false, found a list\n"},
    {"an unknown switch", "diagnostics: {explain: true}\n",
     "1:15: unknown key explain of diagnostics; did you mean explains?\n"},
    {"several faults at once", "sql: {dml: allow}\nlanes: {allowed: [UDF]}\n",
     "1:12: dml: expected refuse, found allow\n2:19: unknown lane UDF; expected one of: DF_UDF "
     "BUILTIN ARROW_FALLBACK\n"},
};

static void each_refused_file_says_why_and_where(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(refused_cases); i++) {
        const refused_case *one = &refused_cases[i];
        rs_error err = {0};
        rs_policy *policy = NULL;
        rs_buf found = {0};
        rs_status status = rs_policy_read("p.yaml", rs_str_of(one->text), &policy, &err);
        UNIT_CHECK(status == RS_ERR_INVALID, "%s: status %d", one->label, (int)status);
        for (size_t j = 0; j < rs_policy_n_problems(policy); j++) {
            const rs_problem *problem = rs_policy_problem(policy, j);
            rs_buf_addf(&found, "%u:%u: %s\n", problem->line, problem->column, problem->message);
        }
        UNIT_CHECK(strcmp(rs_buf_text(&found), one->problems) == 0, "%s:\n%s-- not --\n%s",
                   one->label, rs_buf_text(&found), one->problems);
        UNIT_CHECK(strncmp(err.message, "p.yaml:", 7) == 0, "%s: %s", one->label, err.message);
        rs_buf_release(&found);
        rs_policy_free(policy);
    }
}

static void a_file_that_is_not_there_is_no_problem_but_an_error(void **state)
{
    (void)state;
    rs_error err = {0};
    rs_policy *policy = NULL;
    UNIT_REFUSED(rs_policy_load("/nowhere/p.yaml", &policy, &err), &err, RS_ERR_IO,
                 "open /nowhere/p.yaml: No such file");
    assert_null(policy);
    rs_policy_free(policy);
}

/* --- looking up --- */

static void an_unknown_name_is_a_problem_with_a_hint(void **state)
{
    (void)state;
    rs_policy *policy = policy_of(NULL);
    rs_arena arena = {0};
    rs_problems problems = {.arena = &arena};
    const rs_place place = {"r.yaml", 4, 7};
    rs_str known = RS_STR_LITERAL("scip");
    assert_non_null(rs_policy_require_confidence(policy, known, place, &problems));
    assert_int_equal(problems.list.n_items, 0);
    assert_null(rs_policy_require_confidence(policy, RS_STR_LITERAL("scpi"), place, &problems));
    assert_null(rs_policy_require_ambiguity(policy, RS_STR_LITERAL("keepall"), place, &problems));
    assert_null(rs_policy_require_ambiguity(policy, RS_STR_LITERAL("zzzzzzzz"), place, &problems));
    assert_int_equal(problems.list.n_items, 3);
    assert_string_equal(problems.list.items[0].message,
                        "unknown confidence policy scpi; did you mean scip?");
    assert_string_equal(problems.list.items[0].file, "r.yaml");
    assert_int_equal(problems.list.items[0].line, 4);
    assert_int_equal(problems.list.items[0].column, 7);
    assert_string_equal(problems.list.items[1].message,
                        "unknown ambiguity policy keepall; did you mean keep_all?");
    assert_string_equal(problems.list.items[2].message,
                        "unknown ambiguity policy zzzzzzzz; expected one of: keep_all");
    rs_problem_vec_release(&problems.list);
    rs_arena_release(&arena);
    rs_policy_free(policy);
}

/* --- JSON and signature --- */

static void check_json(const rs_policy *policy)
{
    json_error_t cause;
    json_t *value = json_loadb(policy->json.bytes, policy->json.n_bytes, 0, &cause);
    UNIT_CHECK(value != NULL, "%s", cause.text);
    char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(15));
    assert_string_equal(text, policy->json.bytes);
    free(text); /* jansson's own */
    json_decref(value);
    char hash[RS_SHA256_TEXT_BYTES];
    rs_sha256_text(policy->json.bytes, policy->json.n_bytes, hash);
    assert_string_equal(hash, policy->signature);
}

static void the_json_is_canonical(void **state)
{
    (void)state;
    static const char *const texts[] = {NULL, user_policy, "confidence: {z: {base: 0.100}}\n"};
    for (size_t i = 0; i < UNIT_COUNT(texts); i++) {
        rs_policy *policy = policy_of(texts[i]);
        check_json(policy);
        rs_policy_free(policy);
    }
    rs_policy *policy = policy_of(user_policy);
    static const char *const parts[] = {
        "\"scip\":{\"base\":0.9,\"penalty\":0.0,\"weights\":{\"A\":0.25,\"B\":-0.3,\"up\":1.0}}",
        "\"mine\":{\"base\":0.0001,\"penalty\":0.5,\"weights\":{}}",
        "\"keep_all\":{\"winner\":{\"keys\":[\"a\",\"b\"],\"order\":[\"c\",\"d desc\"]}}",
        "\"flow_max_growth\":16,\"flow_max_reaching\":32,",
        "\"lanes\":{\"allowed\":[\"ARROW_FALLBACK\",\"BUILTIN\"],\"on_violation\":\"warn\"}",
        "\"list_filter\":{\"max_literals\":1000}",
    };
    for (size_t i = 0; i < UNIT_COUNT(parts); i++) {
        UNIT_CHECK(strstr(policy->json.bytes, parts[i]) != NULL, "%s is not in %s", parts[i],
                   policy->json.bytes);
    }
    rs_policy_free(policy);
}

/* The JSON is a policy file too: what stands in a bundle can be built with again. */
static void the_json_reads_back_as_itself(void **state)
{
    (void)state;
    static const char *const texts[] = {NULL, user_policy};
    for (size_t i = 0; i < UNIT_COUNT(texts); i++) {
        rs_policy *policy = policy_of(texts[i]);
        rs_policy *again = policy_of(policy->json.bytes);
        assert_string_equal(again->json.bytes, policy->json.bytes);
        assert_string_equal(again->signature, policy->signature);
        rs_policy_free(again);
        rs_policy_free(policy);
    }
}

typedef struct signature_case {
    const char *label;
    const char *text;
    bool is_same;
} signature_case;

static void the_signature_is_of_the_meaning(void **state)
{
    (void)state;
    static const signature_case cases[] = {
        {"no key at all", "{}\n", true},
        {"another doc", "doc: other\nconfidence: {scip: {base: 1, doc: other}}\n", true},
        {"the same in other words", "confidence: {scip: {penalty: 0.0, base: 1.000}}\n", true},
        {"the default said", "ambiguity: {keep_all: {keep: all}}\nsql: {ddl: refuse}\n", true},
        {"another base", "confidence: {scip: {base: 0.9999}}\n", false},
        {"another penalty", "confidence: {scip: {base: 1, penalty: 0.0001}}\n", false},
        {"a weight", "confidence: {scip: {base: 1, weights: {a: 0.1}}}\n", false},
        {"a policy more", "confidence: {mine: {base: 1}}\n", false},
        {"a winner", "ambiguity: {keep_all: {winner: {keys: [a], order: [b]}}}\n", false},
        {"the lanes in another order", "lanes: {allowed: [BUILTIN, DF_UDF, ARROW_FALLBACK]}\n",
         false},
        {"a literal more", "list_filter: {max_literals: 1}\n", false},
        {"another prefix", "param_tables: {prefix: q_}\n", false},
        {"explains", "diagnostics: {explains: true}\n", false},
        {"no events", "diagnostics: {events: false}\n", false},
        {"no fallbacks", "diagnostics: {fallbacks: false}\n", false},
        {"no telemetry", "diagnostics: {scan_telemetry: false}\n", false},
        {"no lanes", "diagnostics: {kernel_lanes: false}\n", false},
    };
    rs_policy *defaults = policy_of(NULL);
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        rs_policy *policy = policy_of(cases[i].text);
        bool is_same = strcmp(policy->signature, defaults->signature) == 0;
        UNIT_CHECK(is_same == cases[i].is_same, "%s", cases[i].label);
        rs_policy_free(policy);
    }
    rs_policy_free(defaults);
}

/* --- memory --- */

static rs_status load_all(void *context)
{
    rs_error err = {0};
    rs_policy *policy = NULL;
    rs_status status = rs_policy_read("p.yaml", rs_str_of(context), &policy, &err);
    rs_policy_free(policy);
    return status;
}

static void out_of_memory_is_returned(void **state)
{
    (void)state;
    char text[sizeof user_policy];
    memcpy(text, user_policy, sizeof text);
    UNIT_SWEEP(load_all, text);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_defaults_are_those_that_rules_name),
    cmocka_unit_test(the_defaults_allow_all_lanes_and_refuse_lists),
    cmocka_unit_test(a_registered_lane_can_run),
    cmocka_unit_test(a_file_overrides_and_adds_by_name),
    cmocka_unit_test(each_refused_file_says_why_and_where),
    cmocka_unit_test(a_file_that_is_not_there_is_no_problem_but_an_error),
    cmocka_unit_test(an_unknown_name_is_a_problem_with_a_hint),
    cmocka_unit_test(the_json_is_canonical),
    cmocka_unit_test(the_json_reads_back_as_itself),
    cmocka_unit_test(the_signature_is_of_the_meaning),
    cmocka_unit_test(out_of_memory_is_returned),
};

UNIT_TESTS(rules_policy, tests)
