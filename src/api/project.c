/* SPDX-License-Identifier: Apache-2.0 */
/* project.c - what the project file says, where a configuration says nothing; and what holds then. */
#include "api/internal.h"

#include <string.h>

#include "run/project.h"

/* --- taking over --- */

/* Note that a setting is the file's, and from which line. */
static void note(rs_config *config, const char *name, rs_place place, bool *failed)
{
    if (json_object_get(config->origins, name) == NULL) {
        *failed =
            json_object_set_new(config->origins, name, json_integer((json_int_t)place.line)) != 0 ||
            *failed;
    }
}

static rs_status take_patterns(rs_config *config, const rs_project_list *from, rs_str_vec *to,
                               const char *name, rs_error *err)
{
    bool failed = false;
    if (to->n_items > 0 || from->n_items == 0) {
        return RS_OK;
    }
    for (size_t i = 0; i < from->n_items; i++) {
        RS_TRY(to == &config->include ? rs_config_add_include(config, from->items[i].text, err)
                                      : rs_config_add_exclude(config, from->items[i].text, err));
    }
    note(config, name, from->place, &failed);
    return failed ? rs_error_set(err, RS_ERR_NOMEM, "configure: out of memory") : RS_OK;
}

typedef rs_status (*setter)(rs_config *config, const char *text, rs_error *err);

static rs_status take_path(rs_config *config, const rs_project_text *from, bool is_given,
                           setter set, const char *name, rs_error *err)
{
    bool failed = false;
    if (is_given || from->text == NULL) {
        return RS_OK;
    }
    RS_TRY(set(config, from->text, err));
    note(config, name, from->place, &failed);
    return failed ? rs_error_set(err, RS_ERR_NOMEM, "configure: out of memory") : RS_OK;
}

/* Whether one of the first n values is for the param table of that name. */
static bool has_param(const rs_config *config, size_t n, const char *name)
{
    bool found = false;
    for (size_t i = 0; i < n && !found; i++) {
        found = strcmp(config->params.items[i].name, name) == 0;
    }
    return found;
}

static rs_status take_params(rs_config *config, const rs_project *from, rs_error *err)
{
    size_t n_given = config->params.n_items;
    bool failed = false;
    for (size_t i = 0; i < from->n_params; i++) {
        const rs_project_param *param = &from->params[i];
        char name[sizeof "params." + 64];
        if (has_param(config, n_given, param->name)) {
            continue;
        }
        RS_TRY(param->is_file
                   ? rs_config_add_param_file(config, param->name, param->value.text, err)
                   : rs_config_add_param(config, param->name, param->value.text, err));
        (void)snprintf(name, sizeof name, "params.%s", param->name);
        note(config, name, param->value.place, &failed);
    }
    return failed ? rs_error_set(err, RS_ERR_NOMEM, "configure: out of memory") : RS_OK;
}

static rs_status take(rs_config *config, const rs_project *from, rs_error *err)
{
    bool failed = false;
    config->project_file = rs_strndup(from->path, strlen(from->path));
    config->origins = json_object();
    if (config->project_file == NULL || config->origins == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "configure: out of memory");
    }
    RS_TRY(take_patterns(config, &from->include, &config->include, "include", err));
    RS_TRY(take_patterns(config, &from->exclude, &config->exclude, "exclude", err));
    RS_TRY(take_path(config, &from->rules, config->rules_dir != NULL, rs_config_set_rules, "rules",
                     err));
    RS_TRY(take_path(config, &from->policy, config->policy_file != NULL, rs_config_set_policy,
                     "policy", err));
    RS_TRY(take_path(config, &from->scip, config->scip != NULL, rs_config_set_scip, "scip", err));
    RS_TRY(
        take_path(config, &from->python, config->python > 0, rs_config_set_python, "python", err));
    RS_TRY(take_params(config, from, err));
    if (from->bands != NULL) {
        config->bands = json_incref(from->bands);
        note(config, "gate.bands", from->bands_place, &failed);
    }
    return failed ? rs_error_set(err, RS_ERR_NOMEM, "configure: out of memory") : RS_OK;
}

rs_status rs_config_read_project(rs_config *config, rs_error *err)
{
    rs_project project;
    if (config->project_file != NULL) {
        return rs_error_set(err, RS_ERR_INVALID, "configure: the project file was read already");
    }
    rs_status status = rs_project_read(config->path, &project, err);
    if (status == RS_OK && project.path != NULL) {
        status = take(config, &project, err);
    }
    rs_project_release(&project);
    return status;
}

/* --- what holds --- */

typedef struct holder {
    const rs_config *config;
    json_t *settings;
    bool failed;
} holder;

/* value is taken; is_given: somebody set it. */
static void add_setting(holder *self, const char *name, json_t *value, bool is_given)
{
    json_t *row = json_object();
    json_t *line = json_object_get(self->config->origins, name);
    const char *from = line != NULL ? "project" : is_given ? "call" : "default";
    rs_json_set(row, "name", rs_json_text(name), &self->failed);
    rs_json_set(row, "value", value, &self->failed);
    rs_json_set(row, "from", rs_json_text(from), &self->failed);
    rs_json_set(row, "line", line != NULL ? json_incref(line) : json_null(), &self->failed);
    rs_json_push(self->settings, row, &self->failed);
}

static void add_text(holder *self, const char *name, const char *text)
{
    add_setting(self, name, rs_json_text(text), text != NULL);
}

static void add_texts(holder *self, const char *name, const rs_str_vec *texts)
{
    json_t *list = json_array();
    for (size_t i = 0; i < texts->n_items; i++) {
        rs_json_push(list, rs_json_str(texts->items[i]), &self->failed);
    }
    add_setting(self, name, list, texts->n_items > 0);
}

static json_t *param_values(const rs_config *config, size_t first, bool *failed)
{
    const rs_param_source *items = config->params.items;
    json_t *list = json_array();
    for (size_t i = first; i < config->params.n_items; i++) {
        if (strcmp(items[i].name, items[first].name) != 0) {
            continue;
        }
        json_t *value = rs_json_text(items[i].text);
        if (items[i].is_file) {
            json_t *file = json_object();
            rs_json_set(file, "file", value, failed);
            value = file;
        }
        rs_json_push(list, value, failed);
    }
    return list;
}

static void add_params(holder *self)
{
    const rs_config *config = self->config;
    for (size_t i = 0; i < config->params.n_items; i++) {
        char name[sizeof "params." + 64];
        if (!has_param(config, i, config->params.items[i].name)) {
            (void)snprintf(name, sizeof name, "params.%.64s", config->params.items[i].name);
            add_setting(self, name, param_values(config, i, &self->failed), true);
        }
    }
}

rs_status rs_config_document(const rs_config *config, char **out, rs_error *err)
{
    rs_buf text = {0};
    json_t *document = json_object();
    holder self = {.config = config, .settings = json_array()};
    char python[16];
    *out = NULL;
    rs_json_set(document, "project_file", rs_json_text(config->project_file), &self.failed);
    add_setting(&self, "path", rs_json_text(config->path), strcmp(config->path, ".") != 0);
    add_texts(&self, "include", &config->include);
    add_texts(&self, "exclude", &config->exclude);
    add_setting(&self, "gitignore", json_boolean(config->gitignore), !config->gitignore);
    add_setting(&self, "max_file_bytes", rs_json_u64(config->max_file_bytes),
                config->max_file_bytes > 0);
    add_text(&self, "repository_id", config->repository_id);
    add_text(&self, "rules", config->rules_dir);
    add_text(&self, "policy", config->policy_file);
    add_text(&self, "scip", config->scip);
    (void)snprintf(python, sizeof python, "3.%u", (unsigned)config->python);
    add_text(&self, "python", config->python > 0 ? python : NULL);
    add_params(&self);
    add_setting(&self, "gate.bands",
                config->bands != NULL ? json_incref(config->bands) : json_null(), false);
    rs_json_set(document, "settings", self.settings, &self.failed);
    rs_status status =
        self.failed ? rs_error_set(err, RS_ERR_NOMEM, "describe the configuration: out of memory")
                    : rs_json_print(document, &text, err);
    json_decref(document);
    if (status != RS_OK) {
        rs_buf_release(&text);
        return status;
    }
    *out = text.bytes; /* the buffer's block becomes the caller's */
    return RS_OK;
}
