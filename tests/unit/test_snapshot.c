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

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_a_person_wrote_stays),
    cmocka_unit_test(counts_have_bands),
    cmocka_unit_test(rejects_may_not_rise),
};

UNIT_TESTS(snapshot, tests)
