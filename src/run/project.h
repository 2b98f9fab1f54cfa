/* SPDX-License-Identifier: Apache-2.0 */
/* project.h - the project file, relspec.yaml: what is the same in every call.
 *
 * It is found in the analysed directory or above it, up to the root of the repository, and it is input
 * like the sources: whoever is handed a repository is handed its project file. So it names no output and
 * no setting of the engine; paths in it are relative and stay below its folder, and neither it nor what
 * it names is reached through a link. docs/project.md.
 *
 * Threads: one at a time.
 */
#ifndef RS_RUN_PROJECT_H
#define RS_RUN_PROJECT_H

#include "base/arena.h"
#include "base/json.h"
#include "plan/problem.h"

#define RS_PROJECT_FILE "relspec.yaml"

enum { RS_PROJECT_MAX_BYTES = 1 << 20, RS_PROJECT_MAX_ITEMS = 1000 };

/* A text and where it stands; all-zero: it is not there. */
typedef struct rs_project_text {
    const char
        *text; /* of a path: the project's folder and the path below it; NULL: the value is null */
    rs_place place;
} rs_project_text;

typedef struct rs_project_list {
    const rs_project_text *items;
    size_t n_items;
    rs_place place; /* of the first */
} rs_project_list;

typedef struct rs_project_param {
    const char *name;
    bool is_file;
    rs_project_text value;
} rs_project_param;

/* All-zero is a project without a file. Texts live as long as it does. */
typedef struct rs_project {
    rs_arena arena;
    rs_problems problems;  /* of the file */
    const char *directory; /* NULL: there is no file */
    const char *path;      /* of the file: its folder and RS_PROJECT_FILE */
    const char
        *below; /* the analysed directory below the project's folder, "src/app"; "" for itself */
    rs_project_list include; /* patterns from the analysed directory on */
    rs_project_list exclude;
    rs_project_text rules;
    rs_project_text policy;
    rs_project_text scip;
    rs_project_text python;
    const rs_project_param *params;
    size_t n_params;
    json_t *bands; /* as a snapshot has them (compare/snapshot.h); NULL: none */
    rs_place bands_place;
} rs_project;

/* A key of the file, for docs and tests. */
typedef struct rs_project_key {
    const char *where; /* "the project file", "gate", ... */
    const char *name;
    const char *type;
    const char *doc;
} rs_project_key;

/* In the order of documentation; NULL behind the last. */
const rs_project_key *rs_project_key_get(size_t index);

/*
 * Find the project file of what is analysed and read it; without one *out stays empty.
 *
 * Ownership: the caller hands *out to rs_project_release(), also on failure.
 * Errors: RS_ERR_INVALID for a file that is not as it should be, with the place of its first fault, or
 * that is a link or lies above path and belongs to somebody else; RS_ERR_IO, RS_ERR_LIMIT, RS_ERR_NOMEM.
 */
rs_status rs_project_read(const char *path, rs_project *out, rs_error *err) RS_MUST_USE;
void rs_project_release(rs_project *project);

/*
 * The file's text alone, without looking at what it names: into *out, whose arena is set. Faults are in
 * out->problems, sorted.
 *
 * Errors: RS_ERR_NOMEM.
 */
rs_status rs_project_load(rs_project *out, const char *file, rs_str text,
                          rs_error *err) RS_MUST_USE;

/*
 * A pattern of a folder's .gitignore as one of a folder below it: "/src/gen/" seen from src is "/gen/".
 * *out is "" where nothing below can match, "*" where everything does, else the pattern.
 *
 * Ownership: *out lies in arena. Errors: RS_ERR_NOMEM.
 */
rs_status rs_project_rebase(rs_arena *arena, const char *pattern, const char *below,
                            const char **out, rs_error *err) RS_MUST_USE;

#endif
