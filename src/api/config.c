/* SPDX-License-Identifier: Apache-2.0 */
#include "api/internal.h"

#include "base/alloc.h"
#include "base/memory.h"

const char *rs_version(void)
{
    return RS_VERSION_TEXT;
}

rs_status rs_stop_new(rs_stop **out, rs_error *err)
{
    *out = rs_alloc_zero(1, sizeof **out);
    return *out != NULL ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "make a stop: out of memory");
}

void rs_stop_raise(rs_stop *stop)
{
    atomic_store(&stop->is_raised, true);
}

void rs_stop_free(rs_stop *stop)
{
    rs_free(stop);
}

void rs_set_memory(uint64_t n_bytes)
{
    rs_memory_set_limit(n_bytes);
}

uint64_t rs_memory(void)
{
    return rs_memory_limit();
}

void rs_text_free(char *text)
{
    rs_free(text);
}

static rs_status set_text(char **target, const char *text, rs_error *err)
{
    char *copy = rs_strndup(text, strlen(text));
    if (copy == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "configure: out of memory");
    }
    rs_free(*target);
    *target = copy;
    return RS_OK;
}

static rs_status add_text(rs_str_vec *target, const char *text, rs_error *err)
{
    size_t n_bytes = strlen(text);
    char *copy = rs_strndup(text, n_bytes);
    if (copy == NULL || !rs_str_vec_push(target, (rs_str){copy, n_bytes})) {
        rs_free(copy);
        return rs_error_set(err, RS_ERR_NOMEM, "configure: out of memory");
    }
    return RS_OK;
}

static void release_texts(rs_str_vec *texts)
{
    for (size_t i = 0; i < texts->n_items; i++) {
        rs_free((void *)(uintptr_t)texts->items[i].bytes); /* copies of ours: see add_text() */
    }
    rs_str_vec_release(texts);
}

static void release_sources(rs_param_source_vec *sources)
{
    for (size_t i = 0; i < sources->n_items; i++) { /* copies of ours: see add_source() */
        rs_free((void *)(uintptr_t)sources->items[i].name);
        rs_free((void *)(uintptr_t)sources->items[i].text);
    }
    rs_param_source_vec_release(sources);
}

static rs_status add_source(rs_param_source_vec *target, const char *name, const char *text,
                            bool is_file, rs_error *err)
{
    char *name_copy = rs_strndup(name, strlen(name));
    char *text_copy = text != NULL ? rs_strndup(text, strlen(text)) : NULL;
    const rs_param_source source = {.name = name_copy, .is_file = is_file, .text = text_copy};
    if (name_copy == NULL || (text != NULL && text_copy == NULL) ||
        !rs_param_source_vec_push(target, source)) {
        rs_free(name_copy);
        rs_free(text_copy);
        return rs_error_set(err, RS_ERR_NOMEM, "configure: out of memory");
    }
    return RS_OK;
}

rs_status rs_config_new(rs_config **out, rs_error *err)
{
    *out = NULL;
    rs_config *config = rs_alloc_zero(1, sizeof *config);
    if (config == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "configure: out of memory");
    }
    config->gitignore = true;
    config->default_excludes = true;
    rs_status status = set_text(&config->path, ".", err);
    RS_THEN(status, set_text(&config->output, ".", err));
    if (status != RS_OK) {
        rs_config_free(config);
        return status;
    }
    *out = config;
    return RS_OK;
}

void rs_config_free(rs_config *config)
{
    if (config == NULL) {
        return;
    }
    rs_free(config->path);
    rs_free(config->output);
    rs_free(config->engine);
    rs_free(config->run_name);
    rs_free(config->rules_dir);
    rs_free(config->policy_file);
    rs_free(config->repository_id);
    rs_free(config->scip);
    rs_free(config->until);
    release_texts(&config->only);
    release_texts(&config->include);
    release_texts(&config->exclude);
    release_sources(&config->params);
    rs_free(config->project_file);
    json_decref(config->origins);
    json_decref(config->bands);
    rs_free(config);
}

rs_status rs_config_set_path(rs_config *config, const char *path, rs_error *err)
{
    return set_text(&config->path, path, err);
}

rs_status rs_config_set_output(rs_config *config, const char *directory, rs_error *err)
{
    return set_text(&config->output, directory, err);
}

rs_status rs_config_set_engine(rs_config *config, const char *name, rs_error *err)
{
    return set_text(&config->engine, name, err);
}

rs_status rs_config_set_run_name(rs_config *config, const char *name, rs_error *err)
{
    return set_text(&config->run_name, name, err);
}

rs_status rs_config_set_rules(rs_config *config, const char *directory, rs_error *err)
{
    return set_text(&config->rules_dir, directory, err);
}

rs_status rs_config_set_policy(rs_config *config, const char *path, rs_error *err)
{
    if (path != NULL) {
        RS_TRY(set_text(&config->policy_file, path, err));
    } else {
        rs_free(config->policy_file);
        config->policy_file = NULL;
    }
    config->has_policy = true;
    return RS_OK;
}

rs_status rs_config_set_repository_id(rs_config *config, const char *repository_id, rs_error *err)
{
    return set_text(&config->repository_id, repository_id, err);
}

rs_status rs_config_set_scip(rs_config *config, const char *path, rs_error *err)
{
    return set_text(&config->scip, path, err);
}

rs_status rs_config_set_python(rs_config *config, const char *version, rs_error *err)
{
    static const char major[] = "3.";
    enum { MAX_DIGITS = 2, TEN = 10 };
    const char *at = version + (strncmp(version, major, sizeof major - 1) == 0 ? 2 : 0);
    uint32_t minor = 0;
    size_t n_digits = strspn(at, "0123456789");
    if (at == version || n_digits == 0 || n_digits > MAX_DIGITS || at[n_digits] != '\0') {
        return rs_error_set(err, RS_ERR_INVALID, "configure python %.40s: not 3.MINOR", version);
    }
    for (size_t i = 0; i < n_digits; i++) {
        minor = minor * TEN + (uint32_t)(at[i] - '0');
    }
    config->python = minor > 0 ? minor : 1; /* neither is served */
    return RS_OK;
}

rs_status rs_config_add_only(rs_config *config, const char *node, rs_error *err)
{
    return add_text(&config->only, node, err);
}

rs_status rs_config_set_until(rs_config *config, const char *node, rs_error *err)
{
    return set_text(&config->until, node, err);
}

rs_status rs_config_add_include(rs_config *config, const char *glob, rs_error *err)
{
    return add_text(&config->include, glob, err);
}

rs_status rs_config_add_exclude(rs_config *config, const char *glob, rs_error *err)
{
    return add_text(&config->exclude, glob, err);
}

rs_status rs_config_add_param(rs_config *config, const char *name, const char *value, rs_error *err)
{
    return add_source(&config->params, name, value, false, err);
}

rs_status rs_config_add_param_file(rs_config *config, const char *name, const char *path,
                                   rs_error *err)
{
    return add_source(&config->params, name, path, true, err);
}

void rs_config_set_threads(rs_config *config, unsigned n_threads)
{
    config->n_threads = n_threads;
}

void rs_config_set_memory(rs_config *config, uint64_t n_bytes)
{
    config->n_memory_bytes = n_bytes;
}

void rs_config_set_max_file_bytes(rs_config *config, uint64_t n_bytes)
{
    config->max_file_bytes = n_bytes;
}

void rs_config_set_explain(rs_config *config, bool enabled)
{
    config->explain = enabled;
}

void rs_config_set_events(rs_config *config, bool enabled)
{
    config->events_off = !enabled;
}

void rs_config_set_gitignore(rs_config *config, bool enabled)
{
    config->gitignore = enabled;
}

void rs_config_set_default_excludes(rs_config *config, bool enabled)
{
    config->default_excludes = enabled;
}

void rs_config_set_shuffle(rs_config *config, uint64_t seed)
{
    config->shuffle_seed = seed;
}

void rs_config_set_progress(rs_config *config, rs_progress_fn callback, void *context)
{
    config->progress = callback;
    config->progress_context = context;
}
