/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rules.h"

#include "unit/policies.h"
#include "unit/unit.h"

/* A rule whose where is the expression; its SQL stands behind WHERE. */
static const char pack_before[] = "pack: p\n"
                                  "rules:\n"
                                  "- name: r\n"
                                  "  doc: d\n"
                                  "  kind: filter_project\n"
                                  "  inputs: {c: calls}\n"
                                  "  emit: {props: CALL, id: c.call_id, values: {n_keyword: 1}}\n"
                                  "  where: ";

static rs_policy *lenient;

static void release_lenient(void)
{
    rs_policy_free(lenient);
}

/* The built-in policy allows no list at all. */
static const rs_policy *lenient_policy(void)
{
    if (lenient == NULL) {
        lenient = policy_open("list_filter: {max_literals: 1000}\n");
        unit_at_end = release_lenient;
    }
    return lenient;
}

static rs_rules *load_where(const char *expr, rs_status *status, rs_error *err)
{
    rs_rules *rules = NULL;
    rs_buf pack = {0};
    rs_buf_add(&pack, pack_before);
    rs_buf_add(&pack, expr);
    rs_buf_add(&pack, "\n");
    assert_int_equal(rs_rules_new(&rules, err), RS_OK);
    assert_int_equal(
        rs_rules_add_pack(rules, "p.yaml", (rs_str){rs_buf_text(&pack), pack.n_bytes}, err), RS_OK);
    *status = rs_rules_check(rules, lenient_policy(), &rs_dialect_duckdb, err);
    rs_buf_release(&pack);
    return rules;
}

typedef struct sql_case {
    const char *expr;
    const char *sql;
} sql_case;

static const sql_case sql_cases[] = {
    {"c.damaged", "\"c\".\"damaged\""},
    {"c.n_keyword = 1", "(\"c\".\"n_keyword\" = 1)"},
    {"c.n_keyword <> 0x1F", "(\"c\".\"n_keyword\" <> 31)"},
    {"c.n_keyword + 1 * 2 > 3", "(add(\"c\".\"n_keyword\", multiply(1, 2)) > 3)"},
    {"(c.n_keyword + 1) * 2 > 3", "(multiply(add(\"c\".\"n_keyword\", 1), 2) > 3)"},
    {"c.n_keyword - 1 - 2 = 0", "(subtract(subtract(\"c\".\"n_keyword\", 1), 2) = 0)"},
    {"c.n_keyword & 3 = 1", "((\"c\".\"n_keyword\" & 3) = 1)"},
    {"c.n_keyword | 1 & 3 << 2 = 1", "((\"c\".\"n_keyword\" | (1 & (3 << 2))) = 1)"},
    {"c.call_id >> 24 = c.file_id", "((\"c\".\"call_id\" >> 24) = \"c\".\"file_id\")"},
    {"file_of(c.call_id) = c.file_id", "((\"c\".\"call_id\" >> 24) = \"c\".\"file_id\")"},
    {"File_Of(COALESCE(c.enclosing_def_id, c.call_id)) = 1",
     "((coalesce(\"c\".\"enclosing_def_id\", \"c\".\"call_id\") >> 24) = 1)"},
    {"file_of(c.call_id + 1) = 1",
     "(CASE WHEN add(\"c\".\"call_id\", 1) >= 0 THEN (add(\"c\".\"call_id\", 1) >> 24) END = 1)"},
    {"root_of(c.file_id) < c.call_id", "((\"c\".\"file_id\" << 24) < \"c\".\"call_id\")"},
    {"0 - - c.n_keyword < ~ 5", "(subtract(0, (- \"c\".\"n_keyword\")) < (~ 5))"},
    {"c.n_keyword / 2 = 1", "((\"c\".\"n_keyword\" // 2) = 1)"},
    {"c.n_keyword / 2.5 > 1e1",
     "((\"c\".\"n_keyword\" / CAST(2.5 AS DOUBLE)) > CAST(10 AS DOUBLE))"},
    {"NOT c.damaged AND c.has_star", "((NOT \"c\".\"damaged\") AND \"c\".\"has_star\")"},
    {"c.damaged OR c.has_star AND TRUE", "(\"c\".\"damaged\" OR (\"c\".\"has_star\" AND TRUE))"},
    {"NOT c.n_keyword = 1", "(NOT (\"c\".\"n_keyword\" = 1))"},
    {"c.callee_text IS NULL", "(\"c\".\"callee_text\" IS NULL)"},
    {"c.callee_text IS NOT NULL OR FALSE", "((\"c\".\"callee_text\" IS NOT NULL) OR FALSE)"},
    {"c.callee_text IN ('a', 'it''s')", "(\"c\".\"callee_text\" IN ('a', 'it''s'))"},
    {"c.n_keyword NOT IN (1, 2)", "(\"c\".\"n_keyword\" NOT IN (1, 2))"},
    {"c.callee_shape = 'NAME'", "(\"c\".\"callee_shape\" = 'NAME')"},
    {"c.callee_shape IN ('NAME', 'CALL')", "(\"c\".\"callee_shape\" IN ('NAME', 'CALL'))"},
    {"c.callee_shape = c.callee_text",
     "(CAST(\"c\".\"callee_shape\" AS VARCHAR) = \"c\".\"callee_text\")"},
    {"c.callee_shape || 'x' = 'NAMEx'",
     "((CAST(\"c\".\"callee_shape\" AS VARCHAR) || 'x') = 'NAMEx')"},
    {"CASE WHEN c.damaged THEN 1 ELSE 2 END = 1",
     "(CASE WHEN \"c\".\"damaged\" THEN 1 ELSE 2 END = 1)"},
    {"case when c.damaged then TRUE when c.has_star then FALSE end",
     "CASE WHEN \"c\".\"damaged\" THEN TRUE WHEN \"c\".\"has_star\" THEN FALSE END"},
    {"COALESCE(c.callee_text, 'x') = 'x'", "(coalesce(\"c\".\"callee_text\", 'x') = 'x')"},
    {"coalesce(c.callee_text, c.callee_shape) = 'x'",
     "(coalesce(\"c\".\"callee_text\", CAST(\"c\".\"callee_shape\" AS VARCHAR)) = 'x')"},
    {"starts_with(lower(c.callee_text), 'os.')",
     "starts_with(lower(\"c\".\"callee_text\"), 'os.')"},
    {"length(c.callee_shape) = 4", "(length(CAST(\"c\".\"callee_shape\" AS VARCHAR)) = 4)"},
    {"global_id('FILE', c.callee_text) < 0", "(global_id('FILE', \"c\".\"callee_text\") < 0)"},
    {"\"c.callee_text = 'a\\\"b'\"", "(\"c\".\"callee_text\" = 'a\"b')"},
};

static void expressions_become_sql(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(sql_cases); i++) {
        rs_error err = {0};
        rs_status status = RS_OK;
        rs_rules *rules = load_where(sql_cases[i].expr, &status, &err);
        /* One rule alone lacks required properties of no kind: it emits no node. */
        UNIT_CHECK(status == RS_OK, "%s: %s", sql_cases[i].expr, err.message);
        rs_buf sql = {0};
        assert_int_equal(rs_rules_add_sql(rules, 0, &sql, &err), RS_OK);
        const char *where = strstr(rs_buf_text(&sql), "WHERE ");
        UNIT_CHECK(where != NULL, "%s: no WHERE", sql_cases[i].expr);
        size_t n_bytes = strlen(where + 6) - 1;
        UNIT_CHECK(n_bytes == strlen(sql_cases[i].sql) &&
                       strncmp(where + 6, sql_cases[i].sql, n_bytes) == 0,
                   "%s: %s, not %s", sql_cases[i].expr, where + 6, sql_cases[i].sql);
        rs_buf_release(&sql);
        rs_rules_free(rules);
    }
}

typedef struct fault_case {
    const char *expr;
    uint32_t column; /* from 1, in the expression */
    const char *message;
} fault_case;

static const fault_case fault_cases[] = {
    {"c.damaged AND", 14, "expected a value, found the end of the expression"},
    {"c.n_keyword = = 1", 15, "expected a value, found ="},
    {"(c.damaged", 11, "expected an operator or ), found the end of the expression"},
    {"c.damaged)", 10, "expected an operator or the end, found )"},
    {"c.damaged c.has_star", 11, "expected an operator or the end, found c"},
    {"damaged", 1, "expected a column (alias.column), a literal or a function, found damaged"},
    {"SELECT 1", 1,
     "SELECT: the policy refuses statements and sub-queries in a rule; values come "
     "from an input, or from a param table (IN params.NAME)"},
    {"c.n_keyword IN (SELECT 1)", 17,
     "SELECT: the policy refuses statements and sub-queries in a rule; values come from an input, "
     "or from a param table (IN params.NAME)"},
    {"DROP TABLE calls", 1,
     "DROP: the policy refuses statements and sub-queries in a rule; values come from an input, or "
     "from a param table (IN params.NAME)"},
    {"c.callee_text IN params.names", 15,
     "no pack declares a param table names (params: of a pack)"},
    {"count() > 1", 1, "count stands only in the select of an aggregate, and not in another one"},
    {"c.", 3, "expected a column's name, found the end of the expression"},
    {"c.damaged; DROP TABLE x", 10, "no character of an expression: ;"},
    {"c.callee_text = 'open", 17, "the text has no closing '"},
    {"c.n_keyword = 12x", 15, "this is no number"},
    {"c.n_keyword = 99999999999999999999", 15,
     "expected a number of at most 64 bits, found 99999999999999999999"},
    {"c.callee_text IS 'x'", 18, "expected NULL or NOT NULL, found 'x'"},
    {"c.callee_text NOT 'x'", 19, "expected IN, found 'x'"},
    {"c.n_keyword IN 1", 16, "expected ( or params.NAME, found 1"},
    {"c.n_keyword IN (1", 18, "expected , or ) behind the list, found the end of the expression"},
    {"c.n_keyword IN (c.n_positional)", 17,
     "expected a literal: a list behind IN holds nothing else"},
    {"CASE c.damaged WHEN TRUE THEN 1 END", 6, "expected WHEN, found c"},
    {"CASE WHEN c.damaged 1 END", 21, "expected THEN, found 1"},
    {"CASE WHEN c.damaged THEN TRUE", 30,
     "expected WHEN, ELSE or END, found the end of the expression"},
    {"CASE WHEN c.n_keyword THEN TRUE END", 11,
     "expected true or false behind WHEN, found a whole number"},
    {"x.damaged", 1, "unknown input x; did you mean c?"},
    {"calls.damaged", 1, "unknown input calls; expected one of: c"},
    {"c.damagd", 1, "dataset calls has no column damagd; did you mean damaged?"},
    {"c.zzzzzzzzz", 1, "dataset calls has no column zzzzzzzzz; expected one of: call_id file_id *"},
    {"c.callee_text = 1", 17, "expected a text, found a whole number"},
    {"c.n_keyword = 'x'", 15, "expected a whole number, found a text"},
    {"c.callee_shape = 'NAM'", 18, "'NAM' is no word of callee_shape; did you mean NAME?"},
    {"c.callee_shape IN ('NAME', 'x')", 28,
     "'x' is no word of callee_shape; expected one of: NAME ATTRIBUTE SUBSCRIPT CALL LAMBDA OTHER"},
    {"c.damaged AND c.n_keyword", 15, "expected true or false, found a whole number"},
    {"c.callee_text + 1 = 2", 1, "expected a number, found a text"},
    {"c.callee_text & 1 = 2", 1, "expected a whole number, found a text"},
    {"c.n_keyword || 'x' = 'y'", 1, "expected a text, found a whole number"},
    {"c.n_keyword", 1, "where: expected true or false, found a whole number"},
    {"c.callee_shape", 1, "where: expected true or false, found a word of callee_shape"},
    {"lowr(c.callee_text) = 'x'", 1, "unknown function lowr; did you mean lower?"},
    {"read_csv('/etc/passwd')", 1,
     "unknown function read_csv; expected one of: all any coalesce contains count count_distinct "
     "edge_id ends_with file_of first_part global_id length lower max min n_parts replace root_of "
     "starts_with "
     "substring sum trim upper without_last"},
    {"lower(c.n_keyword) = 'x'", 7, "expected a text, found a whole number"},
    {"lower() = 'x'", 1, "lower takes 1 arguments, not 0"},
    {"coalesce() = 'x'", 1, "coalesce takes at least 1 arguments, not 0"},
    {"coalesce(c.callee_text, 1) = 'x'", 25, "expected a text, found a whole number"},
};

/* What stands in the place of a final * is of no matter: the other columns of a dataset. */
static bool is_message(const char *found, const char *want)
{
    size_t n_fixed = strcspn(want, "*");
    return strncmp(found, want, n_fixed) == 0 && (want[n_fixed] == '*' || found[n_fixed] == '\0');
}

static void faults_have_a_place(void **state)
{
    (void)state;
    enum { BEFORE = 10 }; /* columns before the expression's first: "  where: " */
    for (size_t i = 0; i < UNIT_COUNT(fault_cases); i++) {
        rs_error err = {0};
        rs_status status = RS_OK;
        const char *expr = fault_cases[i].expr;
        rs_rules *rules = load_where(expr, &status, &err);
        UNIT_CHECK(status == RS_ERR_INVALID, "%s: status %d", expr, (int)status);
        assert_int_equal(rs_rules_n_problems(rules), 1);
        const rs_problem *problem = rs_rules_problem(rules, 0);
        UNIT_CHECK(is_message(problem->message, fault_cases[i].message), "%s: \"%s\", not \"%s\"",
                   expr, problem->message, fault_cases[i].message);
        UNIT_CHECK(problem->line == 8 && problem->column == fault_cases[i].column + BEFORE - 1,
                   "%s: at %u:%u, not column %u", expr, problem->line, problem->column,
                   fault_cases[i].column + BEFORE - 1);
        UNIT_CHECK(strcmp(problem->file, "p.yaml") == 0, "%s: file %s", expr, problem->file);
        rs_rules_free(rules);
    }
}

static void nesting_has_a_limit(void **state)
{
    (void)state;
    static const char *const pieces[][2] = {{"(", ""}, {"NOT ", ""}, {"- ", "1 + "}};
    for (size_t i = 0; i < UNIT_COUNT(pieces); i++) {
        rs_buf expr = {0};
        rs_buf_add(&expr, pieces[i][1]);
        for (int j = 0; j < 100000; j++) {
            rs_buf_add(&expr, pieces[i][0]);
        }
        rs_buf_add(&expr, "c.damaged");
        rs_error err = {0};
        rs_status status = RS_OK;
        rs_rules *rules = load_where(rs_buf_text(&expr), &status, &err);
        assert_int_equal(status, RS_ERR_INVALID);
        assert_non_null(strstr(err.message, "nested deeper than 64"));
        rs_rules_free(rules);
        rs_buf_release(&expr);
    }
    rs_buf chain = {0};
    rs_buf_add(&chain, "c.damaged");
    for (int j = 0; j < 100; j++) {
        rs_buf_add(&chain, " OR c.damaged");
    }
    rs_error err = {0};
    rs_status status = RS_OK;
    rs_rules *rules = load_where(rs_buf_text(&chain), &status, &err);
    assert_non_null(strstr(err.message, "nested deeper than 64"));
    rs_rules_free(rules);
    rs_buf_release(&chain);
}

static void lists_have_a_limit(void **state)
{
    (void)state;
    rs_buf expr = {0};
    rs_buf_add(&expr, "c.n_keyword IN (0");
    for (int i = 1; i < 5000; i++) {
        rs_buf_addf(&expr, ", %d", i);
    }
    rs_buf_add(&expr, ")");
    rs_error err = {0};
    rs_status status = RS_OK;
    rs_rules *rules = load_where(rs_buf_text(&expr), &status, &err);
    assert_int_equal(status, RS_ERR_INVALID);
    assert_non_null(strstr(err.message, "more than 1000 values in one list"));
    rs_rules_free(rules);
    rs_buf_release(&expr);
}

/* A fault in a block scalar, and in a quoted one, is shown where it stands. */
static void places_follow_the_style(void **state)
{
    (void)state;
    static const struct {
        const char *expr;
        uint32_t line;
        uint32_t column;
    } cases[] = {
        {"'c.damagd'", 8, 11},
        {"\"c.damagd\"", 8, 11},
        {">-\n      c.damaged\n      AND c.damagd", 10, 11},
        {"|\n     c.damagd", 9, 6},
        {"'c.callee_text = ''it''''s'' AND c.damagd'", 8, 43},
        {"c.callee_text = '\xc3\xa9' AND c.damagd", 8, 34},
    };
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        rs_error err = {0};
        rs_status status = RS_OK;
        rs_rules *rules = load_where(cases[i].expr, &status, &err);
        assert_int_equal(rs_rules_n_problems(rules), 1);
        const rs_problem *problem = rs_rules_problem(rules, 0);
        UNIT_CHECK(problem->line == cases[i].line && problem->column == cases[i].column,
                   "%s: at %u:%u", cases[i].expr, problem->line, problem->column);
        rs_rules_free(rules);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(expressions_become_sql),  cmocka_unit_test(faults_have_a_place),
    cmocka_unit_test(nesting_has_a_limit),     cmocka_unit_test(lists_have_a_limit),
    cmocka_unit_test(places_follow_the_style),
};

UNIT_TESTS(rules_expr, tests)
