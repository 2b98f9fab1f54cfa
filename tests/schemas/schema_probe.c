/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the loaders say of many texts, for the tests beside this. Standard input holds texts, each
 * ended by a NUL byte; the answer to each is a line.
 *
 *   policy   a policy file, over the built-in one: "ok" or its first problem
 *   project  a project file, without looking at what it names: the same
 *   pack     a rule pack on its own, without the built-in ones: the same
 *   json     any YAML: its JSON on one line, plain scalars as JSON has them; nothing for no YAML
 */
#include <stdio.h>
#include <stdlib.h>

#include "rules/policy.h"
#include "rules/rules.h"
#include "run/project.h"

enum { MAX_TEXT_BYTES = 1 << 20 };

static void answer(const rs_problem *problem)
{
    if (problem == NULL) {
        (void)puts("ok");
    } else {
        printf("%u:%u: %s\n", (unsigned)problem->line, (unsigned)problem->column, problem->message);
    }
}

static rs_status judge_policy(rs_str text, const rs_policy *builtin, rs_error *err)
{
    rs_policy *policy = NULL;
    (void)builtin;
    rs_status status = rs_policy_read("policy.yaml", text, &policy, err);
    bool has_problem = policy != NULL && rs_policy_n_problems(policy) > 0;
    answer(has_problem ? rs_policy_problem(policy, 0) : NULL);
    rs_policy_free(policy);
    return has_problem ? RS_OK : status;
}

static rs_status judge_project(rs_str text, const rs_policy *builtin, rs_error *err)
{
    rs_project project = {0};
    (void)builtin;
    rs_status status = rs_project_load(&project, "relspec.yaml", text, err);
    bool has_problem = project.problems.list.n_items > 0;
    answer(has_problem ? &project.problems.list.items[0] : NULL);
    rs_project_release(&project);
    return has_problem ? RS_OK : status;
}

static rs_status judge_pack(rs_str text, const rs_policy *builtin, rs_error *err)
{
    rs_rules *rules = NULL;
    RS_TRY(rs_rules_new(&rules, err));
    rs_status status = rs_rules_add_pack(rules, "pack.yaml", text, err);
    if (status == RS_OK) {
        status = rs_rules_check(rules, builtin, &rs_dialect_duckdb, err);
    }
    bool has_problem = rs_rules_n_problems(rules) > 0;
    answer(has_problem ? rs_rules_problem(rules, 0) : NULL);
    rs_rules_free(rules);
    return has_problem ? RS_OK : status;
}

/* --- YAML as JSON --- */

static bool ignore_problem(void *context, rs_place place, const char *message)
{
    (void)context;
    (void)place;
    (void)message;
    return true;
}

/* true, null, 1, -0.5 and what is no text else; everything else is one. */
static json_t *scalar_json(const rs_yaml *scalar)
{
    json_error_t ignored;
    json_t *value = NULL;
    if (scalar->is_plain) {
        value = json_loadb(scalar->text.bytes, scalar->text.n_bytes, JSON_DECODE_ANY, &ignored);
    }
    return value != NULL ? value : rs_json_str(scalar->text);
}

/* As deep as RS_YAML_MAX_DEPTH at most. */
static json_t *yaml_json(const rs_yaml *node)
{
    json_t *out = NULL;
    bool failed = false;
    switch (node->kind) {
    case RS_YAML_SCALAR:
        return scalar_json(node);
    case RS_YAML_SEQUENCE:
        out = json_array();
        for (const rs_yaml *item = node->first; item != NULL; item = item->next) {
            rs_json_push(out, yaml_json(item), &failed);
        }
        return out;
    case RS_YAML_MAPPING:
        out = json_object();
        for (const rs_yaml *key = node->first; key != NULL; key = key->next) {
            rs_json_set(out, key->text.bytes, yaml_json(key->value), &failed);
        }
        return out;
    }
    return NULL;
}

static rs_status print_json(rs_str text, const rs_policy *builtin, rs_error *err)
{
    rs_arena arena = {0};
    rs_buf line = {0};
    rs_yaml *root = NULL;
    (void)builtin;
    rs_status status = rs_yaml_read(&arena, "text", text, NULL, ignore_problem, NULL, &root, err);
    if (status == RS_OK && root != NULL) {
        json_t *value = yaml_json(root);
        status = rs_json_print_compact(value, &line, err);
        json_decref(value);
    }
    (void)puts(rs_buf_text(&line));
    rs_buf_release(&line);
    rs_arena_release(&arena);
    return status;
}

static const struct {
    const char *name;
    rs_status (*judge)(rs_str text, const rs_policy *builtin, rs_error *err);
} modes[] = {{"policy", judge_policy},
             {"project", judge_project},
             {"pack", judge_pack},
             {"json", print_json}};

int main(int argc, char **argv)
{
    static char text[MAX_TEXT_BYTES];
    rs_error err = {0};
    rs_policy *builtin = NULL;
    size_t mode = 0;
    size_t n_bytes = 0;
    while (argc == 2 && mode < sizeof modes / sizeof modes[0] &&
           strcmp(argv[1], modes[mode].name) != 0) {
        mode++;
    }
    if (argc != 2 || mode == sizeof modes / sizeof modes[0]) {
        fprintf(stderr, "usage: schema_probe policy | project | pack | json\n");
        return 2;
    }
    rs_status status = rs_policy_load(NULL, &builtin, &err);
    for (int c = getchar(); c != EOF && status == RS_OK; c = getchar()) {
        if (c != '\0' && n_bytes < sizeof text) {
            text[n_bytes++] = (char)c;
        } else {
            status = modes[mode].judge((rs_str){text, n_bytes}, builtin, &err);
            n_bytes = 0;
        }
    }
    rs_policy_free(builtin);
    if (status != RS_OK) {
        fprintf(stderr, "%s\n", err.message);
        return 3;
    }
    return 0;
}
