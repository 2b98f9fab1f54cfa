/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline.h - from a source tree to a published bundle.
 *
 * rs_pipeline is the state that the stages hand on; each stage is one function over it, and the
 * table of stages.h says what it needs and gives. Files are grouped into parts of consecutive
 * files, parts into ranges for each output file, by sizes of the input alone: neither depends on
 * the number of workers, so neither does a byte of the bundle.
 *
 * Threads: a pipeline belongs to the thread that runs it; `cancelled` may be set by any.
 */
#ifndef RS_RUN_PIPELINE_H
#define RS_RUN_PIPELINE_H

#include <stdatomic.h>

#include "bundle/manifest.h"
#include "bundle/writer.h"
#include "evidence/scip/scip.h"
#include "graph/emit.h"
#include "repo/walk.h"
#include "rules/policy.h"
#include "run/collect.h"
#include "run/params.h"
#include "run/stages.h"

enum {
    RS_PART_SOURCE_BYTES = 4 << 20, /* a part is closed once its sources have so many bytes */
    RS_FILE_ROWS = 1000000,         /* an output file is closed once its parts give so many rows */
    RS_WRITER_ROWS = 50000          /* rows of evidence that are worth a further worker's session */
};

typedef struct rs_pipeline_progress {
    const char *stage;
    uint64_t n_files_done;
    uint64_t n_files;
    uint64_t n_bytes_done;
    uint64_t n_bytes;
    uint64_t n_jobs_done;
    uint64_t n_jobs;
} rs_pipeline_progress;

/* Texts are borrowed as long as the pipeline runs. */
typedef struct rs_run_options {
    const char *path;
    const char *output;
    const char *run_name;          /* NULL: by content */
    const char *engine;            /* by name; NULL: the default */
    const char *rules_dir;         /* NULL: the built-in packs alone */
    const char *policy_file;       /* NULL: the built-in policy alone */
    bool policy_is_implicit;       /* nobody chose it: that is reported */
    const char *repository_id;     /* NULL: none */
    const char *scip_path;         /* a SCIP index; NULL: none */
    const rs_param_source *params; /* for the names of param tables, in the order given */
    size_t n_params;
    const rs_str *include;
    size_t n_include;
    const rs_str *exclude;
    size_t n_exclude;
    size_t n_threads;        /* 0: one a processor */
    uint64_t n_memory_bytes; /* 0: the engine's default */
    uint64_t max_file_bytes; /* 0: the walk's default */
    bool gitignore;
    uint64_t shuffle_seed; /* 0: take files by path; else in an order that it picks */
    bool explain;          /* capture the plans that the engine runs */
    bool events_off;       /* measure no rule */
    const char *relspec_version;
    void (*progress)(const rs_pipeline_progress *progress, void *context); /* NULL: nobody asks */
    void *progress_context;
} rs_run_options;

/* Files first_file .. end_file - 1 in order of path, and their rows. */
typedef struct rs_file_range {
    size_t first_file;
    size_t end_file;
} rs_file_range;

/* Parts first_part .. end_part - 1: what one session relates and writes the graph of at a time. */
typedef struct rs_part_range {
    size_t first_part;
    size_t end_part;
    uint64_t n_rows; /* of the graph, about */
} rs_part_range;

/* One Parquet file to write. */
typedef struct rs_job {
    rs_stage_id stage;
    size_t range;   /* of row_ranges, or RS_RANGE_RUN; of evidence: RS_RANGE_NONE */
    size_t output;  /* of the plan */
    size_t dataset; /* in rs_pipeline.datasets */
    size_t file;    /* in its files */
    const char *sql;
    const rs_text_pair *metadata;
    size_t n_metadata;
    size_t first_part;
    size_t end_part;
    uint64_t cost; /* values to write, about: larger ones start first */
    uint64_t started_ns;
    uint64_t ended_ns;
} rs_job;

/* Not one of the pipeline's ranges: that of everything, and that of a job with parts of its own. */
#define RS_RANGE_RUN SIZE_MAX
#define RS_RANGE_NONE (SIZE_MAX - 1)

RS_VEC_DEFINE(rs_job_vec, rs_job)

typedef struct rs_pipeline {
    const rs_run_options *options;
    const atomic_bool *cancelled;
    size_t n_workers;
    uint64_t started_ns;
    uint64_t publish_started_ns;
    int64_t started_unix_ns;
    rs_repo repo;
    rs_policy *policy; /* read-only from the stage of the rules on */
    rs_rules *rules;
    rs_graph_plan *plan;
    rs_param_values *params; /* by rs_rules_param() */
    size_t n_params;
    const rs_engine_type *engine_type;
    rs_engine *engine;
    rs_session **sessions; /* n_workers of them */
    rs_bundle_writer *writer;
    rs_scip_index scip;        /* of options->scip_path */
    rs_scip_links *scip_links; /* by part */
    rs_part *parts;            /* with an index, a last one without files for what lies in none */
    rs_file_range *ranges;     /* of files, by part */
    size_t n_parts;            /* at least 1 */
    size_t *part_order;        /* in which workers take those of files */
    rs_part_range *row_ranges; /* at least 1 */
    size_t n_row_ranges;
    rs_collector *collector; /* once the rules are planned */
    rs_bundle_dataset *datasets;
    size_t n_datasets;
    rs_job_vec jobs;
    rs_buf *empty_sql; /* of datasets of rejects that cannot have any, by dataset */
    rs_buf spill;      /* directory in the unfinished bundle */
    rs_stage_cost costs[RS_N_STAGES];
    rs_stage_id stage;  /* at work */
    atomic_size_t next; /* part or job that the next free worker takes */
    atomic_uint_fast64_t n_files_done;
    atomic_uint_fast64_t n_bytes_done;
    atomic_uint_fast64_t n_jobs_done;
    atomic_uint_fast64_t extract_busy_ns;
    uint64_t *n_row_groups; /* by dataset, once the footers are read (record_stats.c) */
    json_t *counts;         /* of nodes and edges by kind, once they are written */
    rs_buf summary;
} rs_pipeline;

/*
 * Run all stages; on RS_OK the bundle is published and *summary (see rs_run_summary()) and *path
 * are filled.
 *
 * Errors: as rs_run_execute().
 */
rs_status rs_pipeline_run(const rs_run_options *options, const atomic_bool *cancelled,
                          rs_buf *summary, rs_buf *path, rs_error *err) RS_MUST_USE;

/* --- stages, in files of their own --- */

/* RS_ERR_CANCELLED once the caller asked to stop. */
rs_status rs_pipeline_check(const rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;
/* Tell about progress, and hand on a request to stop; context is the pipeline. Main thread. */
void rs_pipeline_tick(void *context);

rs_status rs_pipeline_extract(rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;     /* extract.c */
rs_status rs_pipeline_plan_ranges(rs_pipeline *pipeline, rs_error *err) RS_MUST_USE; /* relate.c */
rs_status rs_pipeline_relate(rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;      /* relate.c */
rs_status rs_pipeline_add_jobs(rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;    /* jobs.c */
rs_status rs_pipeline_write(rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;       /* jobs.c */
rs_status rs_pipeline_record(rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;      /* record.c */
rs_status rs_pipeline_publish(rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;     /* publish.c */
rs_status rs_pipeline_summarise(rs_pipeline *pipeline, const json_t *manifest,
                                rs_error *err) RS_MUST_USE;                 /* summary.c */
json_t *rs_pipeline_environment(const rs_pipeline *pipeline, bool *failed); /* summary.c */
uint64_t rs_peak_memory_bytes(void);                                        /* summary.c */

#endif
