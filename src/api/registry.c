/* SPDX-License-Identifier: Apache-2.0 */
/* registry.c - the registries and the rules as documents. */
#include "api/internal.h"

#include <string.h>

#include "base/json.h"
#include "bundle/manifest.h"
#include "bundle/prepared.h"
#include "evidence/language.h"
#include "plan/expr.h"
#include "plan/operator.h"
#include "rules/pack_keys.h"
#include "rules/policy.h"
#include "run/nodes_document.h"
#include "run/project.h"
#include "run/rules_document.h"
#include "schema/fingerprint.h"
#include "schema/kinds.h"

/* --- datasets --- */

static void add_dataset(json_t *rows, const rs_dataset *dataset, rs_bundle_group group,
                        bool *failed)
{
    json_t *row = rs_schema_document(dataset, rs_kinds_builtin(), failed);
    rs_json_set(row, "group", rs_json_text(rs_bundle_group_name(group)), failed);
    rs_json_push(rows, row, failed);
}

static json_t *datasets_document(bool *failed)
{
    json_t *rows = json_array();
    for (int i = 0; i < RS_N_GRAPH; i++) {
        add_dataset(rows, rs_graph_dataset_get((rs_graph_dataset_id)i), RS_GROUP_CPG, failed);
    }
    for (int i = 0; i < RS_N_EVIDENCE; i++) {
        add_dataset(rows, rs_dataset_get((rs_dataset_id)i), RS_GROUP_EVIDENCE, failed);
    }
    for (int i = 0; i < RS_N_RECORDS; i++) {
        add_dataset(rows, rs_record_dataset_get((rs_record_dataset_id)i), RS_GROUP_RELSPEC, failed);
    }
    return rows;
}

/* The closed sets that columns take their words from. */
static json_t *word_sets_document(bool *failed)
{
    json_t *rows = json_array();
    for (size_t i = 0; rs_words_get(i) != NULL; i++) {
        const rs_words *set = rs_words_get(i);
        json_t *row = json_object();
        json_t *words = json_array();
        for (size_t j = 0; j < set->n_words; j++) {
            rs_json_push(words, rs_json_text(set->words[j]), failed);
        }
        rs_json_set(row, "name", rs_json_text(set->name), failed);
        rs_json_set(row, "words", words, failed);
        rs_json_push(rows, row, failed);
    }
    return rows;
}

/* --- what ids refer to --- */

static json_t *entity_kinds_document(const rs_entity *entity, bool *failed)
{
    rs_kind_set kinds = rs_entity_kinds(entity);
    json_t *words = json_array();
    for (int i = 0; i < RS_N_NODE_KINDS; i++) {
        if (rs_kind_set_has(kinds, i)) {
            rs_json_push(words, rs_json_text(rs_node_kind_get((rs_node_kind)i)->name), failed);
        }
    }
    return words;
}

static json_t *entities_document(bool *failed)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < RS_N_ENTITIES; i++) {
        const rs_entity *entity = &rs_entities[i];
        RS_ASSERT((size_t)entity->family < RS_N_ENTITIES);
        json_t *row = json_object();
        rs_json_set(row, "name", rs_json_text(entity->name), failed);
        rs_json_set(row, "family", rs_json_text(rs_entities[entity->family].name), failed);
        rs_json_set(row, "home", rs_json_text(rs_home_name(entity->home)), failed);
        rs_json_set(row, "kinds", entity_kinds_document(entity, failed), failed);
        rs_json_set(row, "doc", rs_json_text(entity->doc), failed);
        rs_json_push(rows, row, failed);
    }
    return rows;
}

/* --- lenses --- */

static json_t *limits_document(const rs_lens *lens, bool *failed)
{
    json_t *rows = json_array();
    for (const rs_lens_limit *limit = lens->limits; limit != NULL && limit->name != NULL; limit++) {
        json_t *row = json_object();
        rs_json_set(row, "name", rs_json_text(limit->name), failed);
        rs_json_set(row, "value", json_integer((json_int_t)limit->value), failed);
        rs_json_set(row, "diagnostic", rs_json_text(limit->diagnostic), failed);
        rs_json_set(row, "doc", rs_json_text(limit->doc), failed);
        rs_json_push(rows, row, failed);
    }
    return rows;
}

static json_t *lens_document(const rs_language *language, const rs_lens *lens, bool *failed)
{
    json_t *row = json_object();
    json_t *needs = json_array();
    json_t *gives = json_array();
    RS_ASSERT(lens->gives[0] != RS_N_EVIDENCE); /* why would it run? */
    for (const char *const *need = lens->needs; need != NULL && *need != NULL; need++) {
        rs_json_push(needs, rs_json_text(*need), failed);
    }
    for (const rs_dataset_id *id = lens->gives; *id != RS_N_EVIDENCE; id++) {
        rs_json_push(gives, rs_json_text(rs_dataset_get(*id)->name), failed);
    }
    rs_json_set(row, "name", rs_json_text(lens->name), failed);
    rs_json_set(row, "language", rs_json_text(language->name), failed);
    rs_json_set(row, "version", json_integer(lens->version), failed);
    rs_json_set(row, "doc", rs_json_text(lens->doc), failed);
    rs_json_set(row, "links", json_boolean(lens->link != NULL), failed);
    rs_json_set(row, "needs", needs, failed);
    rs_json_set(row, "gives", gives, failed);
    rs_json_set(row, "limits", limits_document(lens, failed), failed);
    return row;
}

static json_t *lenses_document(bool *failed)
{
    json_t *rows = json_array();
    for (const rs_language *const *language = rs_languages; *language != NULL; language++) {
        for (const rs_lens *const *lens = (*language)->lenses; *lens != NULL; lens++) {
            rs_json_push(rows, lens_document(*language, *lens, failed), failed);
        }
    }
    return rows;
}

static json_t *texts_document(const char *const *texts, bool *failed)
{
    json_t *rows = json_array();
    for (; *texts != NULL; texts++) {
        rs_json_push(rows, rs_json_text(*texts), failed);
    }
    return rows;
}

static json_t *languages_document(bool *failed)
{
    json_t *rows = json_array();
    for (const rs_language *const *at = rs_languages; *at != NULL; at++) {
        const rs_claims *claims = (*at)->claims;
        json_t *row = json_object();
        rs_json_set(row, "name", rs_json_text((*at)->name), failed);
        rs_json_set(row, "suffixes", texts_document(claims->suffixes, failed), failed);
        rs_json_set(row, "shebangs", texts_document(claims->shebangs, failed), failed);
        rs_json_set(row, "package_files", texts_document(claims->package_files, failed), failed);
        rs_json_set(row, "packs", rs_json_text((*at)->packs), failed);
        rs_json_push(rows, row, failed);
    }
    return rows;
}

/* --- kinds --- */

static json_t *kinds_document(bool is_edge, bool *failed)
{
    const rs_kinds *kinds = rs_kinds_builtin();
    json_t *rows = json_array();
    for (size_t i = 0; i < rs_kinds_count(kinds, is_edge); i++) {
        rs_json_push(rows, rs_kind_document(kinds, rs_kinds_get(kinds, is_edge, i), failed),
                     failed);
    }
    return rows;
}

/* --- the rest --- */

static json_t *diagnostics_document(bool *failed)
{
    const rs_words *severities = rs_words_find("severity");
    json_t *rows = json_array();
    for (int i = 0; i < RS_N_DIAGNOSTICS; i++) {
        const rs_diagnostic_info *info = rs_diagnostic_get((rs_diagnostic_code)i);
        RS_ASSERT((size_t)info->severity < severities->n_words);
        json_t *row = json_object();
        rs_json_set(row, "code", rs_json_text(info->code), failed);
        rs_json_set(row, "severity", rs_json_text(severities->words[info->severity]), failed);
        rs_json_set(row, "title", rs_json_text(info->title), failed);
        rs_json_set(row, "remedy", rs_json_text(info->remedy), failed);
        rs_json_push(rows, row, failed);
    }
    return rows;
}

static json_t *policy_keys_document(bool *failed)
{
    json_t *rows = json_array();
    for (size_t i = 0; rs_policy_key_get(i) != NULL; i++) {
        const rs_policy_key *key = rs_policy_key_get(i);
        json_t *row = json_object();
        rs_json_set(row, "where", rs_json_text(key->where), failed);
        rs_json_set(row, "name", rs_json_text(key->name), failed);
        rs_json_set(row, "type", rs_json_text(key->type), failed);
        rs_json_set(row, "doc", rs_json_text(key->doc), failed);
        rs_json_push(rows, row, failed);
    }
    return rows;
}

static json_t *project_keys_document(bool *failed)
{
    json_t *rows = json_array();
    for (size_t i = 0; rs_project_key_get(i) != NULL; i++) {
        const rs_project_key *key = rs_project_key_get(i);
        json_t *row = json_object();
        rs_json_set(row, "where", rs_json_text(key->where), failed);
        rs_json_set(row, "name", rs_json_text(key->name), failed);
        rs_json_set(row, "type", rs_json_text(key->type), failed);
        rs_json_set(row, "doc", rs_json_text(key->doc), failed);
        rs_json_push(rows, row, failed);
    }
    return rows;
}

static json_t *pack_keys_document(bool *failed)
{
    json_t *rows = json_array();
    for (size_t i = 0; rs_pack_key_get(i) != NULL; i++) {
        const rs_pack_key *key = rs_pack_key_get(i);
        json_t *row = json_object();
        const rs_pack_key *first = rs_pack_key_next(key->part, NULL);
        RS_ASSERT(first != NULL); /* this one, if no other */
        rs_json_set(row, "part", rs_json_text(rs_pack_part_name(key->part)), failed);
        rs_json_set(row, "first", rs_json_text(first->name), failed);
        rs_json_set(row, "name", rs_json_text(key->name), failed);
        rs_json_set(row, "type", rs_json_text(rs_pack_type_name(key->type)), failed);
        rs_json_set(row, "takes", rs_json_text(rs_pack_type_doc(key->type)), failed);
        rs_json_set(row, "doc", rs_json_text(key->doc), failed);
        rs_json_set(row, "required", json_boolean(key->is_required), failed);
        rs_json_set(row, "of_rows", json_boolean(key->is_of_rows), failed);
        rs_json_set(row, "least", json_integer(key->least), failed);
        rs_json_set(row, "most", json_integer(key->most), failed);
        rs_json_push(rows, row, failed);
    }
    return rows;
}

static json_t *words_of_key(const rs_key *key, bool *failed)
{
    json_t *words = json_array();
    for (size_t i = 0; key->word != NULL && key->word(i) != NULL; i++) {
        rs_json_push(words, rs_json_text(key->word(i)), failed);
    }
    return words;
}

static json_t *key_document(const rs_key *key, bool *failed)
{
    static const char *const kinds[] = {
        [RS_KEY_EXPR] = "expression", [RS_KEY_EXPRS] = "expressions", [RS_KEY_INTERVAL] = "span",
        [RS_KEY_WORD] = "word",       [RS_KEY_SWITCH] = "word",       [RS_KEY_TEXT] = "text",
        [RS_KEY_KEYS] = "keys",
    };
    json_t *row = json_object();
    json_t *choices = json_array();
    for (size_t i = 0; key->choices != NULL && key->choices[i] != NULL; i++) {
        rs_json_push(choices, rs_json_text(key->choices[i]), failed);
    }
    rs_json_set(row, "name", rs_json_text(key->name), failed);
    rs_json_set(row, "type", rs_json_text(kinds[key->kind]), failed);
    rs_json_set(row, "doc", rs_json_text(key->doc), failed);
    rs_json_set(row, "required", json_boolean(key->is_required), failed);
    rs_json_set(row, "words", words_of_key(key, failed), failed);
    rs_json_set(row, "most", rs_json_u64(key->most), failed);
    rs_json_set(row, "choices", choices, failed);
    return row;
}

/* Keys have no more than one mapping in another. */
static json_t *keys_document(const rs_key *keys, bool *failed)
{
    json_t *rows = json_array();
    for (const rs_key *key = keys; key->name != NULL; key++) {
        json_t *row = key_document(key, failed);
        json_t *inner = json_array();
        for (const rs_key *of = key->keys; of != NULL && of->name != NULL; of++) {
            RS_ASSERT(of->keys == NULL);
            rs_json_push(inner, key_document(of, failed), failed);
        }
        rs_json_set(row, "keys", inner, failed);
        rs_json_push(rows, row, failed);
    }
    return rows;
}

static json_t *operators_document(bool *failed)
{
    json_t *rows = json_array();
    for (size_t i = 0; rs_operator_get(i) != NULL; i++) {
        const rs_operator *op = rs_operator_get(i);
        RS_ASSERT(op->min_inputs <= op->max_inputs);
        json_t *row = json_object();
        rs_json_set(row, "name", rs_json_text(op->name), failed);
        rs_json_set(row, "doc", rs_json_text(op->doc), failed);
        rs_json_set(row, "min_inputs", rs_json_u64(op->min_inputs), failed);
        rs_json_set(row, "max_inputs", rs_json_u64(op->max_inputs), failed);
        rs_json_set(row, "needs_output", json_boolean(op->needs_output), failed);
        rs_json_set(row, "needs", rs_json_text(op->needs), failed);
        rs_json_set(row, "keys", keys_document(op->keys, failed), failed);
        rs_json_push(rows, row, failed);
    }
    return rows;
}

/* Lines of a text, in an array; none of NULL. */
static json_t *lines_document(const char *text, bool *failed)
{
    json_t *lines = json_array();
    while (text != NULL && *text != '\0') {
        size_t n_bytes = strcspn(text, "\n");
        rs_json_push(lines, rs_json_str((rs_str){text, n_bytes}), failed);
        text += n_bytes + (text[n_bytes] == '\n');
    }
    return lines;
}

static json_t *functions_document(bool *failed)
{
    json_t *rows = json_array();
    for (size_t i = 0; rs_function_get(i) != NULL; i++) {
        const rs_function *function = rs_function_get(i);
        json_t *row = json_object();
        rs_json_set(row, "name", rs_json_text(function->name), failed);
        rs_json_set(row, "parameters", rs_json_text(function->parameters), failed);
        rs_json_set(row, "is_variadic", json_boolean(function->is_variadic), failed);
        rs_json_set(row, "is_aggregate", json_boolean(function->is_aggregate), failed);
        rs_json_set(row, "n_strict", rs_json_u64(function->n_strict), failed);
        rs_json_set(row, "doc", rs_json_text(function->doc), failed);
        rs_json_set(row, "examples", lines_document(function->examples, failed), failed);
        rs_json_push(rows, row, failed);
    }
    return rows;
}

static json_t *expression_operators_document(bool *failed)
{
    json_t *rows = json_array();
    for (size_t i = 0; rs_expr_op_get(i) != NULL; i++) {
        const rs_expr_op *op = rs_expr_op_get(i);
        json_t *row = json_object();
        rs_json_set(row, "symbol", rs_json_text(op->symbol), failed);
        rs_json_set(row, "precedence", json_integer(op->precedence), failed);
        rs_json_set(row, "doc", rs_json_text(op->doc), failed);
        rs_json_set(row, "examples", lines_document(op->examples, failed), failed);
        rs_json_set(row, "failing", lines_document(op->failing, failed), failed);
        rs_json_push(rows, row, failed);
    }
    return rows;
}

static json_t *engine_document(bool *failed)
{
    json_t *row = json_object();
    rs_json_set(row, "name", rs_json_text(rs_engine_type_default()->name), failed);
    rs_json_set(row, "version", rs_json_text(rs_engine_type_default()->version()), failed);
    return row;
}

/* Hand out the text of document (taken). */
static rs_status give_document(json_t *document, char **out, rs_error *err)
{
    rs_buf text = {0};
    rs_status status = rs_json_print(document, &text, err);
    json_decref(document);
    if (status != RS_OK) {
        rs_buf_release(&text);
        return status;
    }
    RS_ASSERT(text.bytes != NULL); /* a document is never empty */
    *out = text.bytes;             /* the buffer's block becomes the caller's */
    return RS_OK;
}

static json_t *views_document(bool *failed)
{
    json_t *rows = json_array();
    size_t n_views = 0;
    const rs_prepared_view *views = rs_prepared_views(&n_views);
    rs_buf sql = {0};
    for (size_t i = 0; i < n_views; i++) {
        json_t *row = json_object();
        rs_buf_reset(&sql);
        rs_prepared_view_add_sql(&views[i], &sql);
        *failed = *failed || sql.failed;
        rs_json_set(row, "name", rs_json_text(views[i].name), failed);
        rs_json_set(row, "needs", rs_json_text(views[i].needs), failed);
        rs_json_set(row, "doc", rs_json_text(views[i].doc), failed);
        rs_json_set(row, "sql", rs_json_text(rs_buf_text(&sql)), failed);
        rs_json_push(rows, row, failed);
    }
    rs_buf_release(&sql);
    return rows;
}

rs_status rs_registry_document(char **out, rs_error *err)
{
    bool failed = false;
    *out = NULL;
    json_t *document = json_object();
    rs_json_set(document, "version", rs_json_text(RS_VERSION_TEXT), &failed);
    rs_json_set(document, "engine", engine_document(&failed), &failed);
    rs_json_set(document, "datasets", datasets_document(&failed), &failed);
    rs_json_set(document, "words", word_sets_document(&failed), &failed);
    rs_json_set(document, "entities", entities_document(&failed), &failed);
    rs_json_set(document, "node_kinds", kinds_document(false, &failed), &failed);
    rs_json_set(document, "node_properties",
                rs_kind_properties_document(rs_kinds_builtin(), "ANY", false, &failed), &failed);
    rs_json_set(document, "edge_kinds", kinds_document(true, &failed), &failed);
    rs_json_set(document, "diagnostics", diagnostics_document(&failed), &failed);
    rs_json_set(document, "languages", languages_document(&failed), &failed);
    rs_json_set(document, "lenses", lenses_document(&failed), &failed);
    rs_json_set(document, "pipeline", rs_nodes_document(rs_pipeline_nodes(), NULL, &failed),
                &failed);
    rs_json_set(document, "things", rs_things_document(rs_pipeline_nodes(), &failed), &failed);
    rs_json_set(document, "views", views_document(&failed), &failed);
    rs_json_set(document, "policy_keys", policy_keys_document(&failed), &failed);
    rs_json_set(document, "project_keys", project_keys_document(&failed), &failed);
    rs_json_set(document, "pack_keys", pack_keys_document(&failed), &failed);
    rs_json_set(document, "operators", operators_document(&failed), &failed);
    rs_json_set(document, "functions", functions_document(&failed), &failed);
    rs_json_set(document, "expression_operators", expression_operators_document(&failed), &failed);
    if (failed) {
        json_decref(document);
        return rs_error_set(err, RS_ERR_NOMEM, "describe the registries: out of memory");
    }
    return give_document(document, out, err);
}

/* --- rules and policy --- */

static void add_problem(json_t *rows, const rs_problem *problem, bool *failed)
{
    json_t *row = json_object();
    rs_json_set(row, "file", rs_json_text(problem->file), failed);
    rs_json_set(row, "line", json_integer(problem->line), failed);
    rs_json_set(row, "column", json_integer(problem->column), failed);
    rs_json_set(row, "message", rs_json_text(problem->message), failed);
    rs_json_push(rows, row, failed);
}

/* The policy's problems, then the rules'; either may be NULL. */
static json_t *problems_document(const rs_policy *policy, const rs_rules *rules, bool *failed)
{
    json_t *rows = json_array();
    for (size_t i = 0; policy != NULL && i < rs_policy_n_problems(policy); i++) {
        add_problem(rows, rs_policy_problem(policy, i), failed);
    }
    for (size_t i = 0; rules != NULL && i < rs_rules_n_problems(rules); i++) {
        add_problem(rows, rs_rules_problem(rules, i), failed);
    }
    return rows;
}

/* RS_OK also for what has problems: those are told. */
static rs_status pass_problems(rs_status status, size_t n_problems)
{
    return status == RS_ERR_INVALID && n_problems > 0 ? RS_OK : status;
}

static rs_status load_both(const char *rules_dir, const char *policy_file, const rs_stop *stop,
                           rs_policy **policy, rs_rules **rules, rs_error *err)
{
    rs_status status = rs_policy_load(policy_file, policy, err);
    status = pass_problems(status, *policy != NULL ? rs_policy_n_problems(*policy) : 0);
    if (status == RS_OK) {
        status = rs_rules_load(rules_dir, *policy, rs_engine_type_default()->dialect,
                               rs_stop_flag(stop), rules, err);
        status = pass_problems(status, *rules != NULL ? rs_rules_n_problems(*rules) : 0);
    }
    return status;
}

/* Of rules and a policy without problems. */
static rs_status describe_both(const rs_policy *policy, const rs_rules *rules,
                               const char *rules_dir, json_t **out, rs_error *err)
{
    bool failed = false;
    json_t *document = NULL;
    RS_TRY(rs_json_parse(policy->json, "the policy", &document, err));
    rs_status status = rs_rules_add_document(rules, rules_dir, true, out, err);
    if (status != RS_OK) {
        json_decref(document);
        return status;
    }
    rs_json_set(*out, "policy", document, &failed);
    rs_json_set(*out, "policy_signature", rs_json_text(policy->signature), &failed);
    return failed ? rs_error_set(err, RS_ERR_NOMEM, "list the rules: out of memory") : RS_OK;
}

rs_status rs_rules_document(const char *rules_dir, const char *policy_file, const rs_stop *stop,
                            char **out, rs_error *err)
{
    bool failed = false;
    rs_policy *policy = NULL;
    rs_rules *rules = NULL;
    json_t *document = NULL;
    rs_error cause = {0};
    *out = NULL;
    rs_status status = load_both(rules_dir, policy_file, stop, &policy, &rules, &cause);
    if (status != RS_OK) {
        status = rs_error_set(err, status, "%s", cause.message);
    } else if (rs_policy_n_problems(policy) + rs_rules_n_problems(rules) > 0) {
        document = json_object(); /* nothing but the problems */
    } else {
        status = describe_both(policy, rules, rules_dir, &document, err);
    }
    if (status == RS_OK) {
        rs_json_set(document, "problems", problems_document(policy, rules, &failed), &failed);
    }
    rs_rules_free(rules);
    rs_policy_free(policy);
    if (status != RS_OK || failed) {
        json_decref(document);
        return status != RS_OK ? status
                               : rs_error_set(err, RS_ERR_NOMEM, "list the rules: out of memory");
    }
    return give_document(document, out, err);
}
