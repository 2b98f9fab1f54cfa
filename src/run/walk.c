/* SPDX-License-Identifier: Apache-2.0 */
#include "run/walk.h"

#include "evidence/language.h"
#include "run/memory.h"

/* claims has room for RS_MAX_LANGUAGES and a NULL. */
static void list_claims(const rs_language *const *languages, const rs_claims **claims)
{
    size_t n = 0;
    for (; languages[n] != NULL; n++) {
        RS_ASSERT(n < RS_MAX_LANGUAGES);
        claims[n] = languages[n]->claims;
    }
    claims[n] = NULL;
}

uint64_t rs_run_max_file_bytes(const rs_run_options *options)
{
    return options->max_file_bytes > 0 ? options->max_file_bytes : (uint64_t)RS_WALK_MAX_FILE_BYTES;
}

rs_status rs_walk_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_walked *walked = state;
    rs_repo *repo = &walked->repo;
    const rs_run_options *options = rs_run_given(pipeline, RS_THING_tree);
    const rs_claims **claims = walked->claims;
    list_claims(options->languages != NULL ? options->languages : rs_languages, claims);
    rs_walk_options walk_options = {
        .claims = claims,
        .include = options->include,
        .n_include = options->n_include,
        .exclude = options->exclude,
        .n_exclude = options->n_exclude,
        .repo_id = rs_str_of(options->repository_id != NULL ? options->repository_id : ""),
        .ignore_files_off = !options->gitignore,
        .builtin_excludes_off = !options->default_excludes,
        .shuffle_seed = options->shuffle_seed,
        .stop = pipeline->cancelled,
    };
    (void)parts;
    /* It is read, decoded, and its texts stand in rows: three times its bytes, and a few. */
    uint64_t n_most = pipeline->n_memory_bytes / RS_FILE_SHARE / 4;
    uint64_t n_asked = rs_run_max_file_bytes(options);
    RS_ASSERT(n_asked > 0);
    walk_options.max_file_bytes = n_asked < n_most ? n_asked : n_most;
    RS_TRY(rs_repo_walk(options->path, &walk_options, repo, err));
    RS_TRY(rs_module_table_new(repo, claims, options->python, &walked->modules, err));
    atomic_store(&pipeline->counters.n_files, repo->files.n_items);
    atomic_store(&pipeline->counters.n_bytes, repo->n_bytes);
    rs_run_cost(pipeline)->n_rows = repo->files.n_items;
    rs_run_cost(pipeline)->n_bytes = repo->n_bytes;
    return rs_run_memory_walked(pipeline, repo->n_bytes, err);
}

void rs_walk_release(void *state)
{
    rs_walked *walked = state;
    rs_module_table_free(walked->modules);
    rs_repo_release(&walked->repo);
}
