/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rules.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/stop.h"
#include "plan/steps.h"
#include "rules/embedded.h"
#include "rules/lane.h"
#include "rules/rule.h"

RS_VEC_DEFINE(name_vec, char *)

/* --- life --- */

rs_status rs_rules_new(rs_rules **out, rs_error *err)
{
    *out = rs_alloc_zero(1, sizeof **out);
    if (*out == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "load rules: out of memory");
    }
    (*out)->problems.arena = &(*out)->arena;
    (*out)->kinds = rs_kinds_builtin();
    return RS_OK;
}

void rs_rules_free(rs_rules *rules)
{
    if (rules == NULL) {
        return;
    }
    rs_problem_vec_release(&rules->problems.list);
    rs_pack_vec_release(&rules->packs);
    rs_pack_kind_vec_release(&rules->declared.list);
    rs_property_vec_release(&rules->declared.properties);
    rs_contract_vec_release(&rules->contracts);
    rs_param_table_vec_release(&rules->params);
    rs_rule_vec_release(&rules->list);
    rs_arena_release(&rules->arena);
    rs_free(rules);
}

void rs_rules_stop_at(rs_rules *rules, const atomic_bool *stop)
{
    rules->stop = stop;
}

rs_status rs_rules_stop_check(const rs_rules *rules, rs_error *err)
{
    return rs_stop_check(rules->stop, err);
}

/* --- loading --- */

static bool add_yaml_problem(void *context, rs_place place, const char *message)
{
    rs_problems *problems = context;
    rs_problems_add(problems, place, "%s", message);
    return !problems->failed;
}

/* The places of what stands in a pack are found in its text, which is kept with it. */
static rs_status load_text(rs_rules *rules, const char *name, rs_str text, rs_error *err)
{
    rs_pack pack = {.source = rules->source};
    char *copy = rs_arena_strndup(&rules->arena, text.bytes, text.n_bytes);
    rs_yaml *root = NULL;
    pack.file = rs_arena_strndup(&rules->arena, name, strlen(name));
    if (pack.file == NULL || copy == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "load rules: out of memory");
    }
    size_t n_before = rules->problems.list.n_items;
    RS_TRY(rs_yaml_read(&rules->arena, pack.file, (rs_str){copy, text.n_bytes}, rules->stop,
                        add_yaml_problem, &rules->problems, &root, err));
    if (root == NULL) {
        if (rules->problems.list.n_items == n_before) {
            rs_problems_add(&rules->problems, (rs_place){pack.file, 1, 1},
                            "expected a pack, found nothing");
        }
        return RS_OK;
    }
    pack.root = root;
    if (root->kind != RS_YAML_MAPPING) {
        rs_problems_add(&rules->problems, root->place, "expected a pack (a mapping), found %s",
                        rs_yaml_kind_name(root->kind));
    } else if (!rs_pack_vec_push(&rules->packs, pack)) {
        return rs_error_set(err, RS_ERR_NOMEM, "load rules: out of memory");
    }
    return RS_OK;
}

rs_status rs_rules_add_pack(rs_rules *rules, const char *name, rs_str text, rs_error *err)
{
    rules->source++;
    return load_text(rules, name, text, err);
}

rs_status rs_rules_add_embedded(rs_rules *rules, rs_error *err)
{
    rules->embedded = ++rules->source;
    for (size_t i = 0; i < rs_n_embedded_packs; i++) {
        const rs_embedded_pack *pack = &rs_embedded_packs[i];
        RS_TRY(load_text(rules, pack->name, (rs_str){pack->bytes, pack->n_bytes}, err));
    }
    return RS_OK;
}

static bool is_pack_name(const char *name)
{
    size_t n_bytes = strlen(name);
    return name[0] != '.' && ((n_bytes > 5 && strcmp(name + n_bytes - 5, ".yaml") == 0) ||
                              (n_bytes > 4 && strcmp(name + n_bytes - 4, ".yml") == 0));
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static rs_status list_packs(const char *directory, name_vec *names, rs_error *err)
{
    DIR *handle = opendir(directory);
    if (handle == NULL) {
        return rs_error_set_errno(err, errno, "open %s", directory);
    }
    rs_status status = RS_OK;
    for (struct dirent *entry = readdir(handle); entry != NULL && status == RS_OK;
         entry = readdir(handle)) {
        if (!is_pack_name(entry->d_name)) {
            continue;
        }
        char *name = rs_strndup(entry->d_name, strlen(entry->d_name));
        if (name == NULL || !name_vec_push(names, name)) {
            rs_free(name);
            status = rs_error_set(err, RS_ERR_NOMEM, "list %s: out of memory", directory);
        }
    }
    (void)closedir(handle);
    if (names->n_items > 1) {
        qsort(names->items, names->n_items, sizeof *names->items, compare_names);
    }
    return status;
}

rs_status rs_rules_add_directory(rs_rules *rules, const char *directory, rs_error *err)
{
    name_vec names = {0};
    rs_buf path = {0};
    rs_buf text = {0};
    rules->source++;
    rs_status status = list_packs(directory, &names, err);
    for (size_t i = 0; i < names.n_items && status == RS_OK; i++) {
        rs_buf_reset(&path);
        rs_buf_reset(&text);
        rs_buf_addf(&path, "%s/%s", directory, names.items[i]);
        status = rs_buf_check(&path, err);
        RS_THEN(status, rs_yaml_read_file(rs_buf_text(&path), &text, err));
        RS_THEN(status, load_text(rules, rs_buf_text(&path), rs_buf_str(&text), err));
    }
    for (size_t i = 0; i < names.n_items; i++) {
        rs_free(names.items[i]);
    }
    name_vec_reset(&names);
    name_vec_release(&names);
    rs_buf_release(&path);
    rs_buf_release(&text);
    return status;
}

/* --- checking --- */

static void load_each(rs_rules *rules, void (*load)(rs_loader *, const rs_yaml *))
{
    for (size_t i = 0; i < rules->packs.n_items; i++) {
        const rs_pack *pack = &rules->packs.items[i];
        rs_loader loader = {.rules = rules,
                            .arena = &rules->arena,
                            .problems = &rules->problems,
                            .file = pack->file,
                            .source = pack->source};
        load(&loader, pack->root);
    }
}

/* Kinds, contracts and param tables first: a rule may name those of any pack. */
static void load_all(rs_rules *rules)
{
    load_each(rules, rs_load_kinds);
    rs_settle_kinds(rules);
    load_each(rules, rs_load_contracts);
    load_each(rules, rs_load_params);
    load_each(rules, rs_load_rules);
}

static void check_all(rs_rules *rules)
{
    bool any_broken = false;
    for (size_t i = 0; i < rules->list.n_items && !rs_stopped(rules->stop); i++) {
        rs_rule *rule = rules->list.items[i];
        if (!rule->is_broken) {
            rs_check_rule(rules, rule);
        }
        any_broken = any_broken || rule->is_broken;
    }
    if (!any_broken && !rs_stopped(rules->stop)) {
        rs_check_weights(rules);
        rs_check_kinds(rules);
        rs_order_rules(rules);
    }
}

static rs_status sign_plan(const rs_rules *rules, rs_rule *rule, rs_error *err)
{
    rs_buf sql = {0};
    rs_status status = rs_rules_add_sql(rules, rule->plan.number, &sql, err);
    if (status == RS_OK) {
        rs_sha256_text(sql.bytes, sql.n_bytes, rule->plan.plan_signature);
    }
    rs_buf_release(&sql);
    return status;
}

/* Into plans with their signatures, once nothing is wrong. */
static rs_status plan_all(rs_rules *rules, rs_error *err)
{
    rs_dataset_hashes_vec known = {0};
    rs_status status = RS_OK;
    for (size_t i = 0; i < rules->list.n_items && status == RS_OK; i++) {
        rs_rule *rule = rules->list.items[i];
        status = rs_stop_check(rules->stop, err);
        rule->plan.number = i;
        if (status != RS_OK || !rs_plan_rule(rules, rule)) {
            break;
        }
        status = rs_sign_rule(rule, &known, err);
        RS_THEN(status, sign_plan(rules, rule, err));
    }
    rs_dataset_hashes_vec_release(&known);
    return status;
}

static void number_selects(rs_rules *rules)
{
    rules->n_selects = 0;
    for (size_t i = 0; i < rules->list.n_items; i++) {
        rules->list.items[i]->first_select = rules->n_selects;
        rules->n_selects += rules->list.items[i]->plan.n_selects;
    }
}

rs_status rs_rules_check(rs_rules *rules, const rs_policy *policy, const rs_dialect *dialect,
                         rs_error *err)
{
    RS_ASSERT(!rules->is_checked && policy != NULL && dialect != NULL);
    rules->policy = policy;
    rules->dialect = rs_lane_dialect(policy, dialect);
    load_all(rules);
    rs_check_params(rules);
    check_all(rules);
    rs_problems_sort(&rules->problems);
    if (rules->problems.list.n_items == 0) {
        RS_TRY(plan_all(rules, err));
        rs_join_waves(rules);
    }
    RS_TRY(rs_stop_check(rules->stop, err));
    if (rules->problems.failed) {
        return rs_error_set(err, RS_ERR_NOMEM, "check rules: out of memory");
    }
    rules->is_checked = true;
    number_selects(rules);
    size_t n_problems = rules->problems.list.n_items;
    if (n_problems == 0) {
        return RS_OK;
    }
    const rs_problem *first = &rules->problems.list.items[0];
    rs_error_set(err, RS_ERR_INVALID, "%s:%u:%u: %s", first->file, (unsigned)first->line,
                 (unsigned)first->column, first->message);
    return RS_ERR_INVALID;
}

/* --- reading --- */

size_t rs_rules_n_problems(const rs_rules *rules)
{
    return rules->problems.list.n_items;
}

const rs_problem *rs_rules_problem(const rs_rules *rules, size_t index)
{
    return &rules->problems.list.items[index];
}

size_t rs_rules_count(const rs_rules *rules)
{
    return rules->list.n_items;
}

const rs_plan *rs_rules_get(const rs_rules *rules, size_t index)
{
    return &rules->list.items[index]->plan;
}

size_t rs_rules_n_selects(const rs_rules *rules)
{
    return rules->n_selects;
}

/* In the last rule that begins at or before it. */
const rs_select *rs_rules_select(const rs_rules *rules, size_t index)
{
    size_t first = 0;
    size_t end = rules->list.n_items;
    if (index >= rules->n_selects) {
        return NULL;
    }
    while (end - first > 1) {
        size_t middle = first + (end - first) / 2;
        bool is_behind = rules->list.items[middle]->first_select > index;
        first = is_behind ? first : middle;
        end = is_behind ? middle : end;
    }
    const rs_rule *rule = rules->list.items[first];
    RS_ASSERT(index - rule->first_select < rule->plan.n_selects);
    return &rule->selects[index - rule->first_select];
}

size_t rs_rules_n_contracts(const rs_rules *rules)
{
    return rules->contracts.n_items;
}

const rs_contract *rs_rules_contract(const rs_rules *rules, size_t index)
{
    return rules->contracts.items[index];
}

size_t rs_rules_n_params(const rs_rules *rules)
{
    return rules->params.n_items;
}

const rs_param_table *rs_rules_param(const rs_rules *rules, size_t index)
{
    return &rules->params.items[index];
}

const rs_kinds *rs_rules_kinds(const rs_rules *rules)
{
    return rules->kinds;
}

const rs_policy *rs_rules_policy(const rs_rules *rules)
{
    return rules->policy;
}

const rs_dialect *rs_rules_dialect(const rs_rules *rules)
{
    return rules->dialect;
}

rs_status rs_rules_add_written(const rs_rules *rules, size_t index, rs_buf *out, rs_error *err)
{
    rs_yaml_add_written(rules->list.items[index]->written, out);
    return rs_buf_check(out, err);
}

rs_status rs_rules_add_sql(const rs_rules *rules, size_t index, rs_buf *out, rs_error *err)
{
    rs_plan_add_sql(rs_rules_get(rules, index), rules->dialect, out);
    return rs_buf_check(out, err);
}
