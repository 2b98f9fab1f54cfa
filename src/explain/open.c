/* SPDX-License-Identifier: Apache-2.0 */
/* open.c - what an explanation needs besides rows: rules, policy, documents of the bundle, the tree. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "bundle/files.h"
#include "explain/explain_impl.h"

enum { MAX_DOCUMENT_BYTES = 64 << 20 };

rs_status rs_explain_check(const rs_explainer *self, rs_error *err)
{
    return self->failed ? rs_error_set(err, RS_ERR_NOMEM, "explain: out of memory") : RS_OK;
}

static rs_status load_document(const rs_explainer *self, const char *name, json_t **out,
                               rs_error *err)
{
    rs_buf path = {0};
    rs_buf text = {0};
    rs_status status = rs_path_set(&path, rs_buf_text(&self->bundle.directory), name, err);
    if (status == RS_OK) {
        status = rs_files_read(rs_buf_text(&path), MAX_DOCUMENT_BYTES, &text, err);
    }
    if (status == RS_OK) {
        status = rs_json_parse(rs_buf_str(&text), name, out, err);
    }
    rs_buf_release(&text);
    rs_buf_release(&path);
    return status;
}

static json_t *by_name(rs_explainer *self, const json_t *rows)
{
    json_t *out = json_object();
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        rs_json_set(out, rs_explain_text(row, "name"), json_incref(row), &self->failed);
    }
    return out;
}

static rs_status load_documents(rs_explainer *self, rs_error *err)
{
    json_t *rules = NULL;
    rs_status status = load_document(self, "relspec/rules.json", &rules, err);
    if (status == RS_OK) {
        status = load_document(self, "environment.json", &self->environment, err);
    }
    if (status == RS_OK) {
        self->rule_rows = by_name(self, json_object_get(rules, "rules"));
        status = rs_explain_check(self, err);
    }
    json_decref(rules);
    return status;
}

/* --- policy and rules --- */

/* The built-in policy where it is the bundle's, as it has docs; else the one that the bundle has. */
static rs_status load_policy(rs_explainer *self, rs_error *err)
{
    json_t *config = NULL;
    rs_buf text = {0};
    RS_TRY(load_document(self, "config.json", &config, err));
    rs_status status = rs_policy_load(NULL, &self->policy, err);
    if (status == RS_OK &&
        strcmp(self->policy->signature, rs_explain_text(config, "policy_signature")) != 0) {
        rs_policy_free(self->policy);
        self->policy = NULL;
        status = rs_json_print(json_object_get(config, "policy"), &text, err);
        if (status == RS_OK) {
            status = rs_policy_read("config.json", rs_buf_str(&text), &self->policy, err);
        }
    }
    rs_buf_release(&text);
    json_decref(config);
    return status;
}

static rs_status load_rules(rs_explainer *self, rs_error *err)
{
    const char *directory = self->question->rules_directory;
    RS_TRY(rs_rules_new(&self->rules, err));
    RS_TRY(rs_rules_add_embedded(self->rules, err));
    if (directory != NULL) {
        RS_TRY(rs_rules_add_directory(self->rules, directory, err));
    }
    return rs_rules_check(self->rules, self->policy, rs_engine_type_duckdb.dialect, err);
}

static const rs_plan *find_rule(const rs_explainer *self, const char *name)
{
    for (size_t i = 0; i < rs_rules_count(self->rules); i++) {
        const rs_plan *rule = rs_rules_get(self->rules, i);
        if (strcmp(rule->name, name) == 0) {
            return rule;
        }
    }
    return NULL;
}

static const char *signature_of(const rs_explainer *self, const char *name)
{
    return rs_explain_text(json_object_get(self->rule_rows, name), "signature");
}

const rs_plan *rs_explain_rule(const rs_explainer *self, const char *name)
{
    const rs_plan *rule = find_rule(self, name);
    return rule != NULL && strcmp(rule->signature, signature_of(self, name)) == 0 ? rule : NULL;
}

json_t *rs_explain_rule_document(rs_explainer *self, const char *name)
{
    static const char *const members[] = {"doc",   "pack",   "line",  "kind",
                                          "scope", "output", "emits", "priority"};
    const json_t *row = json_object_get(self->rule_rows, name);
    json_t *out = json_object();
    rs_json_set(out, "name", rs_json_text(name), &self->failed);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_t *value = json_object_get(row, members[i]);
        rs_json_set(out, members[i], value != NULL ? json_incref(value) : json_null(),
                    &self->failed);
    }
    rs_json_set(out, "signature", rs_json_text(signature_of(self, name)), &self->failed);
    rs_json_set(out, "is_known", json_boolean(rs_explain_rule(self, name) != NULL), &self->failed);
    return out;
}

/* --- the analysed tree --- */

/* The directory, or that of the single file, which was analysed. */
static void open_root(rs_explainer *self)
{
    const char *path = self->question->source_directory;
    struct stat info;
    if (path == NULL) {
        path = rs_explain_text(self->environment, "path");
    }
    rs_buf_add(&self->root, path);
    if (path[0] == '\0') {
        self->root_problem = "the bundle does not say where the sources were";
        return;
    }
    if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
        const char *slash = strrchr(path, '/');
        rs_buf_reset(&self->root);
        rs_buf_append(&self->root, slash != NULL ? path : ".",
                      slash != NULL ? (size_t)(slash - path) + 1 : 1);
    }
    self->failed = self->failed || self->root.failed;
    self->root_fd = open(rs_buf_text(&self->root), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (self->root_fd < 0) {
        self->root_problem = "the analysed directory is not at hand";
    }
}

/* --- the whole --- */

rs_status rs_explainer_init(rs_explainer *self, const rs_reader *reader,
                            const rs_explain_question *question, rs_error *err)
{
    *self = (rs_explainer){.question = question, .bundle = *reader, .root_fd = -1};
    self->bundle.session = NULL;
    self->made = json_object();
    RS_TRY(rs_session_new(reader->engine, &self->bundle.session, err));
    RS_TRY(load_documents(self, err));
    RS_TRY(load_policy(self, err));
    RS_TRY(load_rules(self, err));
    RS_TRY(rs_explain_add_params(self, err));
    open_root(self);
    return rs_explain_check(self, err);
}

void rs_explainer_release(rs_explainer *self)
{
    for (size_t i = 0; i < self->files.n_items; i++) {
        rs_explain_file *file = self->files.items[i];
        json_decref(file->row);
        rs_buf_release(&file->text);
        rs_line_index_release(&file->lines);
        rs_free(file);
    }
    rs_explain_files_release(&self->files);
    if (self->root_fd >= 0) {
        close(self->root_fd);
    }
    rs_buf_release(&self->root);
    rs_rules_free(self->rules);
    rs_policy_free(self->policy);
    json_decref(self->rule_rows);
    json_decref(self->environment);
    json_decref(self->events);
    json_decref(self->made);
    rs_session_free(self->bundle.session);
    rs_arena_release(&self->arena);
    *self = (rs_explainer){.root_fd = -1};
}
