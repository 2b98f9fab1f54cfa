/* SPDX-License-Identifier: Apache-2.0 */
/* open.c - what an explanation needs besides rows: rules, policy, documents of the bundle, the tree. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "bundle/files.h"
#include "explain/explain_impl.h"

enum { MAX_DOCUMENT_BYTES = 64 << 20 };

bool rs_explain_is_ok(const rs_explainer *self)
{
    return self->status == RS_OK && !self->failed;
}

rs_status rs_explain_status(const rs_explainer *self, rs_error *err)
{
    return self->status != RS_OK ? rs_error_set(err, self->status, "%s", self->error.message)
           : self->failed        ? rs_error_set(err, RS_ERR_NOMEM, "explain: out of memory")
                                 : RS_OK;
}

bool rs_explain_note(rs_explainer *self, rs_status status)
{
    RS_ASSERT(self->status == RS_OK); /* nobody asks on after a failure */
    self->status = status;
    return rs_explain_is_ok(self);
}

void *rs_explain_new(rs_explainer *self, size_t n_items, size_t n_item_bytes)
{
    size_t n_wanted = n_items > 0 ? n_items : 1;
    void *memory = rs_arena_alloc(&self->arena, n_wanted, n_item_bytes);
    self->failed = self->failed || memory == NULL;
    if (memory != NULL) {
        memset(memory, 0, n_wanted * n_item_bytes);
    }
    return memory;
}

void *rs_explain_grow(rs_explainer *self, void *items, size_t n_items, size_t n_item_bytes)
{
    if ((n_items & (n_items - 1)) != 0) { /* room is for 1, 2, 4, 8 items ... */
        return items;
    }
    void *more = rs_explain_new(self, 2 * n_items, n_item_bytes);
    if (more != NULL && n_items > 0) {
        memcpy(more, items, n_items * n_item_bytes);
    }
    return more;
}

const char *rs_explain_keep(rs_explainer *self, rs_buf *text)
{
    const char *copy = rs_arena_strndup(&self->arena, rs_buf_text(text), text->n_bytes);
    self->failed = self->failed || text->failed || copy == NULL;
    rs_buf_release(text);
    return copy != NULL ? copy : "";
}

const char *rs_explain_textf(rs_explainer *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int n_bytes = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = rs_explain_new(self, (size_t)n_bytes + 1, 1);
    va_start(arguments, format);
    if (text != NULL) {
        vsnprintf(text, (size_t)n_bytes + 1, format, arguments);
    }
    va_end(arguments);
    return text != NULL ? text : "";
}

static rs_status load_document(const rs_explainer *self, const char *name, json_t **out,
                               rs_error *err)
{
    rs_buf path = {0};
    rs_buf text = {0};
    rs_status status = rs_path_set(&path, rs_buf_text(&self->bundle.directory), name, err);
    RS_THEN(status, rs_files_read(rs_buf_text(&path), MAX_DOCUMENT_BYTES, &text, err));
    RS_THEN(status, rs_json_parse(rs_buf_str(&text), name, out, err));
    rs_buf_release(&text);
    rs_buf_release(&path);
    return status;
}

static json_t *by_name(rs_explainer *self, const json_t *rows)
{
    json_t *out = json_object();
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        rs_json_set(out, rs_manifest_text(row, "name"), json_incref(row), &self->failed);
    }
    return out;
}

static rs_status load_documents(rs_explainer *self, rs_error *err)
{
    json_t *rules = NULL;
    RS_TRY(load_document(self, "environment.json", &self->environment, err));
    RS_TRY(load_document(self, "relspec/rules.json", &rules, err));
    self->rule_documents = by_name(self, json_object_get(rules, "rules"));
    json_decref(rules);
    return rs_explain_status(self, err);
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
        strcmp(self->policy->signature, rs_manifest_text(config, "policy_signature")) != 0) {
        rs_policy_free(self->policy);
        self->policy = NULL;
        status = rs_json_print(json_object_get(config, "policy"), &text, err);
        RS_THEN(status, rs_policy_read("config.json", rs_buf_str(&text), &self->policy, err));
    }
    rs_buf_release(&text);
    json_decref(config);
    return status;
}

static rs_status load_rules(rs_explainer *self, rs_error *err)
{
    const char *directory = self->question->rules_directory;
    RS_TRY(rs_rules_new(&self->rules, err));
    rs_rules_stop_at(self->rules, self->bundle.stop);
    RS_TRY(rs_rules_add_embedded(self->rules, err));
    if (directory != NULL) {
        RS_TRY(rs_rules_add_directory(self->rules, directory, err));
    }
    return rs_rules_check(self->rules, self->policy, rs_engine_type_duckdb.dialect, err);
}

static bool is_param(const json_t *row, const rs_param_table *param)
{
    return strcmp(rs_manifest_text(row, "group"), "params") == 0 &&
           strcmp(rs_manifest_text(row, "name"), param->name) == 0;
}

/* The param tables that the bundle has values of, for rules and for the parts of them that are asked. */
static rs_status add_params(const rs_explainer *self, rs_error *err)
{
    const json_t *datasets = json_object_get(self->bundle.manifest, "datasets");
    rs_reader runner = self->bundle;
    runner.session = self->runner;
    for (size_t i = 0; i < json_array_size(datasets); i++) {
        const json_t *row = json_array_get(datasets, i);
        for (size_t j = 0; j < rs_rules_n_params(self->rules); j++) {
            const rs_param_table *param = rs_rules_param(self->rules, j);
            if (is_param(row, param)) {
                RS_TRY(rs_reader_add_files_view(&self->bundle, row, param->table, err));
                RS_TRY(rs_reader_add_files_view(&runner, row, param->table, err));
            }
        }
    }
    return RS_OK;
}

const char *rs_explain_signature(const rs_explainer *self, const char *name)
{
    return rs_manifest_text(json_object_get(self->rule_documents, name), "signature");
}

const rs_plan *rs_explain_rule(const rs_explainer *self, const char *name)
{
    for (size_t i = 0; i < rs_rules_count(self->rules); i++) {
        const rs_plan *rule = rs_rules_get(self->rules, i);
        if (strcmp(rule->name, name) == 0) {
            return strcmp(rule->signature, rs_explain_signature(self, name)) == 0 ? rule : NULL;
        }
    }
    return NULL;
}

/* --- the analysed tree --- */

/* The directory, or that of the single file, which was analysed. */
static void open_root(rs_explainer *self)
{
    struct stat info;
    const char *path = self->question->source_directory;
    const char *directory = rs_manifest_text(self->environment, "directory");
    if (path == NULL) {
        /* By its full name, from wherever this is asked; moved with its bundle, as it was given. */
        bool is_there = directory[0] != '\0' && stat(directory, &info) == 0;
        path = is_there ? directory : rs_manifest_text(self->environment, "path");
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

static rs_status init(rs_explainer *self, rs_error *err)
{
    RS_TRY(rs_session_new(self->bundle.engine, &self->bundle.session, err));
    RS_TRY(rs_session_new(self->bundle.engine, &self->runner, err));
    RS_TRY(load_documents(self, err));
    RS_TRY(load_policy(self, err));
    RS_TRY(load_rules(self, err));
    open_root(self);
    return add_params(self, err);
}

void rs_explainer_init(rs_explainer *self, const rs_reader *reader,
                       const rs_explain_question *question)
{
    *self = (rs_explainer){.question = question, .bundle = *reader, .root_fd = -1};
    self->bundle.session = NULL;
    self->status = init(self, &self->error);
}

void rs_explainer_release(rs_explainer *self)
{
    for (size_t i = 0; i < self->n_files; i++) {
        rs_buf_release(&self->files[i]->text);
        rs_line_index_release(&self->files[i]->lines);
    }
    if (self->root_fd >= 0) {
        close(self->root_fd);
    }
    rs_buf_release(&self->root);
    rs_rules_free(self->rules);
    rs_policy_free(self->policy);
    json_decref(self->rule_documents);
    json_decref(self->environment);
    rs_session_free(self->runner);
    rs_session_free(self->bundle.session);
    rs_arena_release(&self->arena);
    *self = (rs_explainer){.root_fd = -1};
}
