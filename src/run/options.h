/* SPDX-License-Identifier: Apache-2.0 */
/* options.h - what a run is given. */
#ifndef RS_RUN_OPTIONS_H
#define RS_RUN_OPTIONS_H

#include <stdint.h>

#include "run/node.h"

typedef struct rs_pipeline_progress {
    const char *stage;
    uint64_t n_files_done;
    uint64_t n_files;
    uint64_t n_bytes_done;
    uint64_t n_bytes;
    uint64_t n_jobs_done;
    uint64_t n_jobs;
} rs_pipeline_progress;

/* What a run was given for the name of a param table. Texts are borrowed as long as the pipeline runs. */
typedef struct rs_param_source {
    const char *name;
    bool is_file;     /* text is the path of one */
    const char *text; /* NULL: the value is null */
} rs_param_source;

/* Texts are borrowed as long as the pipeline runs. */
typedef struct rs_run_options {
    const struct rs_language *const *languages; /* NULL: those of relspec; for tests */
    const char *path;
    const char *output;
    const char *run_name;          /* NULL: by content */
    const char *rules_dir;         /* NULL: the built-in packs alone */
    const char *policy_file;       /* NULL: the built-in policy alone */
    bool policy_is_implicit;       /* nobody chose it: that is reported */
    const char *repository_id;     /* NULL: none */
    const char *project_file;      /* that settings come from; NULL: none */
    const char *engine;            /* by name; NULL: the default */
    const char *scip_path;         /* a SCIP index; NULL: none */
    uint32_t python;               /* minor version of Python 3; 0: as project files ask */
    const rs_param_source *params; /* for the names of param tables, in the order given */
    size_t n_params;
    const rs_str *include;
    size_t n_include;
    const rs_str *exclude;
    size_t n_exclude;
    size_t n_threads; /* 0: one a processor */
    /* How the work is cut up; for tests, which make small parts and stream them. */
    uint64_t part_bytes;     /* of sources; 0: RS_PART_SOURCE_BYTES */
    size_t parts_at_once;    /* through a chain of nodes; 0: all of them */
    uint64_t n_memory_bytes; /* for all of the program; 0: as base/memory.h has it */
    uint64_t max_file_bytes; /* 0: the walk's default */
    bool gitignore;
    bool default_excludes; /* leave out what tools put there, environments, other repositories */
    uint64_t shuffle_seed; /* 0: take files by path; else in an order that it picks */
    bool explain;          /* capture the plans that the engine runs */
    bool events_off;       /* measure no rule */
    rs_node_choice choice; /* of the pipeline */
    const char *relspec_version;
    void (*progress)(const rs_pipeline_progress *progress, void *context); /* NULL: nobody asks */
    void *progress_context;
} rs_run_options;

#endif
