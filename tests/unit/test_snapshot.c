/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/snapshot.h"

#include "compare/check.h"

#include "unit/unit.h"

static json_t *parse(const char *text)
{
    json_error_t cause;
    json_t *value = json_loads(text, 0, &cause);
    UNIT_CHECK(value != NULL, "%s: %s", text, cause.text);
    return value;
}

static const char facts_text[] =
    "{\"counts\": {\"edges\": {\"CALL\": 200}, \"nodes\": {}}, \"rejects\": {}, \"rules\": {}}";

static void what_a_person_wrote_stays(void **state)
{
    (void)state;
    json_t *facts = parse(facts_text);
    json_t *old = parse("{\"content\": \"bands\", \"bands\": {\"default_percent\": 5}, "
                        "\"rejects\": {}, \"counts\": {}}");
    json_t *first = NULL;
    json_t *second = NULL;
    rs_error err = {0};
    assert_int_equal(rs_snapshot_new(facts, NULL, &first, &err), RS_OK);
    assert_true(rs_snapshot_is_exact(first));
    assert_non_null(json_object_get(first, "rules"));
    assert_true(rs_snapshot_percent(first, "edges", "CALL") > 9.9);
    assert_int_equal(rs_snapshot_new(facts, old, &second, &err), RS_OK);
    assert_false(rs_snapshot_is_exact(second));
    assert_null(json_object_get(second, "rules"));
    assert_true(rs_snapshot_percent(second, "edges", "CALL") < 5.1);
    assert_true(json_equal(json_object_get(second, "counts"), json_object_get(facts, "counts")));
    json_decref(first);
    json_decref(second);
    json_decref(old);
    json_decref(facts);
}

static const struct {
    const char *label;
    const char *content;
    const char *bands;
    int before;
    int after;
    const char *want; /* part of the message; NULL: nothing is found */
} bands[] = {
    {"the same", "exact", "{}", 200, 200, NULL},
    {"one more, exactly", "exact", "{}", 200, 201, "(+0.5 %), within its band of 10 %"},
    {"one more, in bands", "bands", "{}", 200, 201, NULL},
    {"at the band's edge", "bands", "{}", 200, 220, NULL},
    {"outside", "bands", "{}", 200, 221, "(+10.5 %), outside its band of 10 %: an explosion"},
    {"too few", "bands", "{}", 200, 179, "outside its band of 10 %: a loss"},
    {"a default of its own", "bands", "{\"default_percent\": 1}", 200, 203, "band of 1 %"},
    {"a kind of its own", "bands", "{\"default_percent\": 1, \"edges\": {\"CALL\": 50}}", 200, 300,
     NULL},
    {"a band of nothing", "bands", "{\"edges\": {\"CALL\": 0}}", 200, 201, "band of 0 %"},
    {"a fraction", "bands", "{\"edges\": {\"CALL\": 0.5}}", 200, 201, NULL},
    {"new", "bands", "{\"default_percent\": 1000}", 0, 1, "0 -> 1 (new), outside"},
    {"new, and welcome", "bands", "{\"edges\": {\"CALL\": 0}}", 0, 1, NULL},
    {"gone", "bands", "{}", 200, 0, "(-100.0 %), outside its band of 10 %: a loss"},
};

static void counts_have_bands(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(bands); i++) {
        char text[512];
        rs_findings findings = {0};
        rs_error err = {0};
        snprintf(text, sizeof text,
                 "{\"content\": \"%s\", \"bands\": %s, \"counts\": {\"edges\": {\"CALL\": %d}}}",
                 bands[i].content, bands[i].bands, bands[i].before);
        json_t *snapshot = parse(text);
        snprintf(text, sizeof text, "{\"counts\": {\"edges\": {\"CALL\": %d}}}", bands[i].after);
        json_t *facts = parse(text);
        assert_int_equal(rs_findings_init(&findings, &err), RS_OK);
        assert_int_equal(rs_check_snapshot(snapshot, facts, &findings, &err), RS_OK);
        const char *message =
            json_string_value(json_object_get(json_array_get(findings.findings, 0), "message"));
        UNIT_CHECK((message == NULL) == (bands[i].want == NULL) &&
                       rs_findings_count(&findings) == (bands[i].want != NULL),
                   "%s: %s", bands[i].label, message != NULL ? message : "nothing found");
        UNIT_CHECK(bands[i].want == NULL || strstr(message, bands[i].want) != NULL,
                   "%s: \"%s\" does not say \"%s\"", bands[i].label, message, bands[i].want);
        rs_findings_release(&findings);
        json_decref(snapshot);
        json_decref(facts);
    }
}

static const struct {
    const char *label;
    const char *before;
    const char *after;
    size_t n_found;
} rejects[] = {
    {"none", "{}", "{}", 0},
    {"as many", "{\"edges\": {\"null\": 2}}", "{\"edges\": {\"null\": 2}}", 0},
    {"fewer", "{\"edges\": {\"null\": 2}}", "{\"edges\": {\"null\": 1}}", 0},
    {"none any more", "{\"edges\": {\"null\": 2}}", "{}", 0},
    {"more", "{\"edges\": {\"null\": 2}}", "{\"edges\": {\"null\": 3}}", 1},
    {"of another reason", "{\"edges\": {\"null\": 2}}", "{\"edges\": {\"key\": 1}}", 1},
    {"of another dataset", "{\"edges\": {\"null\": 2}}", "{\"nodes\": {\"null\": 1}}", 1},
};

static void rejects_may_not_rise(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(rejects); i++) {
        json_t *snapshot =
            json_pack("{s:s, s:o}", "content", "bands", "rejects", parse(rejects[i].before));
        json_t *facts = json_pack("{s:o}", "rejects", parse(rejects[i].after));
        rs_findings findings = {0};
        rs_error err = {0};
        assert_int_equal(rs_findings_init(&findings, &err), RS_OK);
        assert_int_equal(rs_check_snapshot(snapshot, facts, &findings, &err), RS_OK);
        UNIT_CHECK(rs_findings_count(&findings) == rejects[i].n_found, "%s: %zu findings",
                   rejects[i].label, rs_findings_count(&findings));
        rs_findings_release(&findings);
        json_decref(snapshot);
        json_decref(facts);
    }
}

/* --- every member, and what is said of it --- */

static const char whole_text[] =
    "{\"input\": {\"files\": 2, \"sha256\": \"i1\", \"content\": {\"a\": \"1\", \"b\": \"2\"}},"
    "\"config\": {\"include\": []}, \"policy\": {\"limits\": {\"x\": 1}},"
    "\"rules\": {\"r\": {\"signature\": \"s1\", \"rule\": {\"kind\": \"k\"}},"
    "\"q\": {\"signature\": \"s2\", \"rule\": {\"kind\": \"k\"}}}, \"graph_signature\": \"g1\","
    "\"datasets\": {\"d\": {\"schema_fingerprint\": \"f1\", \"ordering\": \"o1\", \"rows\": 3,"
    "\"sha256\": \"h1\"}, \"e\": {\"rows\": 0, \"sha256\": \"h2\"}},"
    "\"counts\": {\"nodes\": {\"N\": 1, \"M\": 2}, \"edges\": {\"E\": 5}},"
    "\"rejects\": {\"edges\": {\"null\": 1}}}";

/* A path to a member, what it is then (NULL: gone), what is said: in which check, in which words. */
static const struct {
    const char *path;
    const char *now;
    const char *want;
} changes[] = {
    {"input/sha256", "\"i2\"", "input: analysed files: 2 -> 2, other content"},
    {"input/files", "3", ""},
    {"config/include", "[\"x\"]", "config: the config: include[0]: nothing -> x"},
    {"policy/limits/x", "2", "policy: the policy: limits.x: 1 -> 2"},
    {"policy/limits", NULL, "policy: the policy: limits: {\"x\":1} -> nothing"},
    {"rules/r/rule/kind", "\"l\"", "rules: rule r: kind: k -> l"},
    {"rules/r/signature", "\"s3\"", "rules: rule r: signature changed, and no field of it did"},
    {"rules/r", NULL, "rules: rule r: is gone"},
    {"rules/new", "{}", "rules: rule new: is new"},
    {"graph_signature", "\"g2\"", "graph_signature: graph of rules: signature g1 -> g2"},
    {"datasets/d/schema_fingerprint", "\"f2\"",
     "datasets: dataset d: schema_fingerprint: f1 -> f2"},
    {"datasets/d/ordering", "\"o2\"", "datasets: dataset d: ordering: o1 -> o2"},
    {"datasets/d/rows", "4", "datasets: dataset d: 3 rows -> 4 (+1)"},
    {"datasets/d/rows", "1", "datasets: dataset d: 3 rows -> 1 (-2)"},
    {"datasets/d/sha256", "\"h3\"", "datasets: dataset d: as many rows (3), other content"},
    {"datasets/e", NULL, "datasets: dataset e: is gone"},
    {"datasets/c", "{}", "datasets: dataset c: is new"},
    {"counts/nodes/M", "3",
     "counts: nodes M: 2 -> 3 (+50.0 %), outside its band of 10 %: an explosion"},
    {"counts/edges/E", NULL,
     "counts: edges E: 5 -> 0 (-100.0 %), outside its band of 10 %: a loss"},
    {"counts/edges/F", "1",
     "counts: edges F: 0 -> 1 (new), outside its band of 10 %: an explosion"},
    {"rejects/edges/null", "2", "rejects: rejects edges: null: 1 -> 2"},
    {"rejects/edges/key", "1", "rejects: rejects edges: key: 0 -> 1"},
};

static void set_member(json_t *document, const char *path, const char *now)
{
    char name[32];
    const char *slash = strchr(path, '/');
    for (; slash != NULL; path = slash + 1, slash = strchr(path, '/')) {
        snprintf(name, sizeof name, "%.*s", (int)(slash - path), path);
        document = json_object_get(document, name);
    }
    if (now == NULL) {
        assert_int_equal(json_object_del(document, path), 0);
    } else {
        json_t *value = json_loads(now, JSON_DECODE_ANY, NULL);
        assert_int_equal(json_object_set_new(document, path, value), 0);
    }
}

static void each_member_is_compared(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(changes); i++) {
        char got[512] = "";
        json_t *snapshot = NULL;
        json_t *before = parse(whole_text);
        json_t *after = parse(whole_text);
        rs_findings findings = {0};
        rs_error err = {0};
        set_member(after, changes[i].path, changes[i].now);
        assert_int_equal(rs_snapshot_new(before, NULL, &snapshot, &err), RS_OK);
        assert_int_equal(rs_findings_init(&findings, &err), RS_OK);
        assert_int_equal(rs_check_snapshot(snapshot, after, &findings, &err), RS_OK);
        const json_t *first = json_array_get(findings.findings, 0);
        if (first != NULL) {
            snprintf(got, sizeof got, "%s: %s", json_string_value(json_object_get(first, "check")),
                     json_string_value(json_object_get(first, "message")));
        }
        UNIT_CHECK(strcmp(got, changes[i].want) == 0, "%s: \"%s\", not \"%s\"", changes[i].path,
                   got, changes[i].want);
        UNIT_CHECK(rs_findings_count(&findings) == (got[0] != '\0' ? 1u : 0u), "%s: %zu findings",
                   changes[i].path, rs_findings_count(&findings));
        rs_findings_release(&findings);
        json_decref(snapshot);
        json_decref(before);
        json_decref(after);
    }
}

/* A check says how many things it looked at. */
static void what_was_looked_at_is_counted(void **state)
{
    (void)state;
    static const char want[] = "input 1, config 1, policy 1, rules 2, graph_signature 1, "
                               "datasets 4, counts 3, rejects 1, ";
    char got[512] = "";
    json_t *snapshot = NULL;
    json_t *facts = parse(whole_text);
    rs_findings findings = {0};
    rs_error err = {0};
    assert_int_equal(rs_snapshot_new(facts, NULL, &snapshot, &err), RS_OK);
    assert_int_equal(rs_findings_init(&findings, &err), RS_OK);
    assert_int_equal(rs_check_snapshot(snapshot, facts, &findings, &err), RS_OK);
    assert_int_equal(rs_findings_count(&findings), 0);
    for (size_t i = 0; i < json_array_size(findings.checks); i++) {
        const json_t *check = json_array_get(findings.checks, i);
        size_t n = strlen(got);
        snprintf(got + n, sizeof got - n, "%s %d, ",
                 json_string_value(json_object_get(check, "check")),
                 (int)json_integer_value(json_object_get(check, "compared")));
    }
    assert_string_equal(got, want);
    rs_findings_release(&findings);
    json_decref(snapshot);
    json_decref(facts);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_member_is_compared),   cmocka_unit_test(what_was_looked_at_is_counted),
    cmocka_unit_test(what_a_person_wrote_stays), cmocka_unit_test(counts_have_bands),
    cmocka_unit_test(rejects_may_not_rise),
};

UNIT_TESTS(snapshot, tests)
