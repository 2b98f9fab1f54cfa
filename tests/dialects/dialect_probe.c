/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dialect_probe - the SQL of every rule in every dialect, for run.py beside this: a line of JSON each,
 * {"dialect", "rule", "sql"}. Packs are the built-in ones and those of the directories that are named.
 */
#include <stdio.h>
#include <stdlib.h>

#include "rules/policy.h"
#include "rules/rules.h"

static rs_status print_rule(const rs_plan *plan, const rs_dialect *dialect, rs_error *err)
{
    rs_buf sql = {0};
    rs_buf line = {0};
    bool failed = false;
    json_t *row = json_object();
    rs_plan_add_sql(plan, dialect, &sql);
    rs_json_set(row, "dialect", rs_json_text(dialect->name), &failed);
    rs_json_set(row, "rule", rs_json_text(plan->name), &failed);
    rs_json_set(row, "sql", rs_json_str(rs_buf_str(&sql)), &failed);
    rs_status status = failed ? rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", plan->name)
                              : rs_json_print_compact(row, &line, err);
    if (status == RS_OK) {
        (void)puts(rs_buf_text(&line));
    }
    json_decref(row);
    rs_buf_release(&line);
    rs_buf_release(&sql);
    return status;
}

static rs_status print_all(const rs_rules *rules, rs_error *err)
{
    for (size_t i = 0; rs_dialect_get(i) != NULL; i++) {
        for (size_t j = 0; j < rs_rules_count(rules); j++) {
            RS_TRY(print_rule(rs_rules_get(rules, j), rs_dialect_get(i), err));
        }
    }
    return RS_OK;
}

int main(int argc, char **argv)
{
    rs_error err = {0};
    rs_policy *policy = NULL;
    rs_rules *rules = NULL;
    rs_status status = rs_policy_load(NULL, &policy, &err);
    if (status == RS_OK) {
        status = rs_rules_new(&rules, &err);
    }
    if (status == RS_OK) {
        status = rs_rules_add_embedded(rules, &err);
    }
    for (int i = 1; i < argc && status == RS_OK; i++) {
        status = rs_rules_add_directory(rules, argv[i], &err);
    }
    if (status == RS_OK) {
        status = rs_rules_check(rules, policy, &rs_dialect_duckdb, &err);
    }
    if (status == RS_OK) {
        status = print_all(rules, &err);
    }
    if (status != RS_OK) {
        (void)fprintf(stderr, "dialect_probe: %s\n", err.message);
    }
    rs_rules_free(rules);
    rs_policy_free(policy);
    return status == RS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
