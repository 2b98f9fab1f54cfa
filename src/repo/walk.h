/* SPDX-License-Identifier: Apache-2.0 */
/* walk.h - which files a repository has.
 *
 * The walk lists every regular file that a language claims (claims.h): for Python, one whose
 * suffix is .py, .pyi or .pyw in any case, or that has no suffix and starts with
 * "#!" and a line that names python. Links are never followed, special files
 * never opened. What is left out on purpose, in this order:
 *
 *   builtin      directories named .git .hg .svn .bzr .jj _darcs CVS __pycache__
 *                __pypackages__ .tox .nox .venv .eggs .mypy_cache .pytest_cache
 *                .ruff_cache .ipynb_checkpoints .hypothesis .direnv .pixi node_modules
 *                bower_components run_bundles, *.egg-info
 *   exclude      what the options' exclude patterns match
 *   gitignore    what the .gitignore of every directory on the way down from the
 *                repository's root says, which may lie above the root of the walk, and
 *                info/exclude of what its worktrees share, as git reads them (see
 *                ignore.h); what git tracks although it is ignored is left out too
 *   include      where there are include patterns: every file that neither itself
 *                nor a directory above it matches
 *   environment  every directory that holds a pyvenv.cfg or a conda-meta, under any name
 *   repository   every directory that is another clone or a worktree (nested.h);
 *                submodules are read
 *
 * All of it is counted. What may hold sources is told in findings too, but for what no
 * include pattern matches.
 *
 * Order is by the bytes of the whole path, '/' included ("a-b/c" < "a/b" < "a0").
 * A display path is the path in valid UTF-8: a byte that is no part of UTF-8 is
 * \xNN, and so that two paths never look alike, a backslash that stands before an
 * x and two hexadecimal digits is \x5c.
 */
#ifndef RS_REPO_WALK_H
#define RS_REPO_WALK_H

#include "base/arena.h"
#include "base/stop.h"
#include "base/vec.h"
#include "repo/claims.h"
#include "schema/schema.h"

enum {
    RS_WALK_MAX_DEPTH = 1024,                 /* directories below each other */
    RS_WALK_MAX_FILE_BYTES = 64 * 1024 * 1024 /* unless the options say otherwise */
};

/* Why something is left out on purpose. */
typedef enum rs_left_out {
    RS_LEFT_OUT_BUILTIN,
    RS_LEFT_OUT_EXCLUDE,
    RS_LEFT_OUT_GITIGNORE,
    RS_LEFT_OUT_INCLUDE,
    RS_LEFT_OUT_ENVIRONMENT,
    RS_LEFT_OUT_REPOSITORY,
    RS_N_LEFT_OUT
} rs_left_out;

/* "builtin", "gitignore", ... */
const char *rs_left_out_name(rs_left_out why);

/* All-zero is what `relspec build` does without options. */
typedef struct rs_walk_options {
    const rs_str *include; /* patterns as in a .gitignore at the root; borrowed */
    size_t n_include;
    const rs_str *exclude;
    size_t n_exclude;
    rs_str repo_id;                 /* hashed before the path into file ids; may be empty */
    uint64_t max_file_bytes;        /* 0 is RS_WALK_MAX_FILE_BYTES; at most 1 GiB counts */
    bool ignore_files_off;          /* do not read .gitignore and .git/info/exclude */
    bool builtin_excludes_off;      /* nor look for environments and other repositories */
    const rs_claims *const *claims; /* NULL-terminated; NULL: Python's */
    uint64_t shuffle_seed;   /* not 0: take a directory's entries in an order that it picks */
    const atomic_bool *stop; /* see base/stop.h */
} rs_walk_options;

/* A file that a language claims. Texts are NUL-terminated and live as long as the rs_repo. */
typedef struct rs_repo_file {
    rs_str path;         /* below the root, the system's bytes, '/' between parts */
    rs_str display_path; /* the same as valid UTF-8 */
    /* From here to root_is_package, and module_kind and is_package: modules/module_table.h fills them. */
    rs_str module;      /* dotted name; bytes is NULL when no importer finds it */
    rs_str package;     /* that relative imports start from; bytes NULL when there is none */
    rs_str source_root; /* display path of the directory that the names start at, "" for the root */
    bool root_is_package; /* that has an __init__ file: its name is none that a path tells */
    int64_t file_id;
    int64_t size_bytes; /* as the walk saw it; 0 when status is not ok */
    rs_w_module_kind module_kind;
    rs_w_parse_status status; /* ok; skipped: too large or not regular */
    bool is_package;          /* an __init__ file */
    uint8_t language;         /* its place in the claims */
} rs_repo_file;

/* What there is to say about a path: a row of repo_diagnostics. */
typedef struct rs_repo_finding {
    rs_str path;
    rs_str display_path;
    rs_str message; /* valid UTF-8 */
    rs_diagnostic_code code;
} rs_repo_finding;

RS_VEC_DEFINE(rs_repo_paths, rs_str)
RS_VEC_DEFINE(rs_repo_files, rs_repo_file)
RS_VEC_DEFINE(rs_repo_findings, rs_repo_finding)

typedef struct rs_repo {
    rs_repo_files files;        /* in order of path; paths and file ids are unique */
    rs_repo_findings findings;  /* in order of path, then code */
    rs_repo_paths project_dirs; /* in order: that hold a file of a project's; may repeat */
    rs_arena text;
    uint64_t n_bytes;                   /* of all files with status ok */
    uint64_t n_directories;             /* read, the root included */
    uint64_t n_left_out[RS_N_LEFT_OUT]; /* files and directories, not what lies below one */
    uint64_t max_file_bytes;
    int root_fd; /* the root directory, when is_open */
    bool is_open;
} rs_repo;

/*
 * List the tree below the directory `root` (a link there is followed), or the one
 * file `root` with its directory as the tree. *out is empty before.
 *
 * Each of these is a row in findings, and no failure: an include pattern that no
 * listed file matches (its path is the pattern), a link (listed once, not followed), something named like source that is no regular file or is too large
 * (it is in files too, skipped), a directory that cannot be read or lies too deep.
 *
 * Ownership: the caller releases *out, also on failure.
 * Errors: RS_ERR_INVALID for a root that is not there ("open DIR: No such file or
 * directory") or is neither directory nor file, RS_ERR_IO for one that cannot be opened,
 * RS_ERR_NOMEM, RS_ERR_CANCELLED.
 * Threads: once it is there, any number may read the same rs_repo.
 */
rs_status rs_repo_walk(const char *root, const rs_walk_options *options, rs_repo *out,
                       rs_error *err) RS_MUST_USE;

void rs_repo_release(rs_repo *repo);

/* For who adds some: in order of path, then code. */
void rs_repo_sort_findings(rs_repo *repo);

/* The display form of a path, NUL-terminated, in an arena; bytes is NULL when memory is out. */
rs_str rs_path_display(rs_arena *arena, rs_str path);

#endif
