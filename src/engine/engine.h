/* SPDX-License-Identifier: Apache-2.0 */
/* engine.h - what runs plans: a table of engines, each a table of functions.
 *
 * An engine takes plans (plan/), not texts. A plan is prepared once a session; rows of its inputs are
 * bound under the names of their datasets; running it pushes its rows, as frames, into a sink. One that
 * speaks SQL also takes what a user writes. What an engine cannot do it says beforehand (accepts), and
 * its capabilities say which of the functions below are there at all.
 *
 * Every engine gives the same rows for the same plan; the naive evaluator of tests/naive is the oracle.
 * An engine is a row of the table in engine.c and a folder of its own (docs/adding-an-engine.md).
 *
 * Threads: an engine from any thread; a session, and what it prepared, from one at a time; `interrupt`
 * from any.
 */
#ifndef RS_ENGINE_ENGINE_H
#define RS_ENGINE_ENGINE_H

#include <stdatomic.h>

#include "base/error.h"
#include "base/str.h"
#include "parquet/parquet.h"
#include "plan/plan.h"
#include "schema/frame.h"
#include "schema/kinds.h"

struct ArrowArrayStream;

/* Measured (tests/fault/memory.py): with less an engine can do nothing, and refuses to open; and what it takes
 * beside its limit, its code above all. */
enum { RS_ENGINE_LEAST_BYTES = 32 << 20, RS_ENGINE_CODE_BYTES = 44 << 20 };

/* All-zero is: what is left of the program's memory, no spilling, no file of any kind, one thread. */
typedef struct rs_engine_config {
    bool is_parallel;              /* a query has all processors; groups come in any order */
    uint64_t memory_bytes;         /* 0: what is left of the program's, see base/memory.h */
    const char *temp_directory;    /* where a query may spill; NULL: it may not */
    const char *allowed_directory; /* what statements may read and write files below; NULL: none */
    const char *other_directory;   /* a second such directory; NULL: none */
    const rs_kinds *kinds; /* of the nodes and edges that it meets; NULL: those of the registry */
    bool cannot_write;     /* it may only read there: the kernel sees to that, where it can */
    const atomic_bool
        *stop; /* raised, it ends the statement that runs; one session at a time then */
} rs_engine_config;

/* A bound parameter: RS_TYPE_I64, F64, BOOL or STR. */
typedef struct rs_param {
    rs_type type;
    bool is_null;
    union {
        int64_t i64;
        double f64;
        bool boolean;
        rs_str text;
    } value;
} rs_param;

/* The rows that passed observe(), and their time: from the row before, or the statement's start. */
typedef struct rs_observation {
    uint64_t n_rows;
    uint64_t elapsed_ns;
    uint64_t started_ns; /* of the first; as rs_clock_ns(). 0: no row yet */
    uint64_t ended_ns;   /* of the last */
} rs_observation;

/* What scans of a dataset's rows in memory gave. */
typedef struct rs_scan_count {
    uint64_t n_scans;
    uint64_t n_rows;
    uint64_t n_bytes; /* of the columns that were read */
} rs_scan_count;

/* Where in a statement the engine found its mistake. */
typedef struct rs_engine_fault {
    bool has_place;
    size_t byte; /* of the statement, from 0; at most its length */
} rs_engine_fault;

/* What a plan came to, operator by operator, as a tree: what an engine does not know is NULL or 0. */
typedef struct rs_explained rs_explained;
struct rs_explained {
    const char *name;      /* of the operator, in the engine's words */
    const char *table;     /* that it reads */
    const char *condition; /* by which rows meet */
    const char *filter;    /* that rows pass */
    uint64_t n_rows;       /* that it gave */
    uint64_t n_scanned;    /* that it looked at, where it reads a table */
    uint64_t elapsed_ns;
    const rs_explained *first; /* operator that it takes rows from */
    const rs_explained *next;  /* the next one that the same operator takes rows from */
};

/* Deeper plans are cut off. */
enum { RS_EXPLAINED_MAX_DEPTH = 200 };

/* Append operators as JSON: operator, table, condition, filter, rows, rows_scanned, seconds, children. */
rs_status rs_explained_add_json(const rs_explained *first, rs_buf *out, rs_error *err) RS_MUST_USE;

/* What an engine can do, a bit each. */
enum {
    RS_ENGINE_TEXT = 1u << 0,   /* takes SQL of its dialect: query */
    RS_ENGINE_WRITES = 1u << 1, /* rows of its SQL become Parquet files */
    RS_ENGINE_EXPLAINS = 1u << 2,
    RS_ENGINE_KEEPS = 1u << 3,   /* rows stay in it between plans, in tables that its SQL reads */
    RS_ENGINE_BORROWS = 1u << 4, /* takes rows where they lie: bind_batch */
    /* What a build needs of the engine that runs its rules, until the pipeline streams. */
    RS_ENGINE_BUILDS = RS_ENGINE_TEXT | RS_ENGINE_WRITES | RS_ENGINE_KEEPS
};

/* A Parquet file of an engine's rows. Borrowed. */
typedef struct rs_engine_file {
    const char *label;        /* in messages */
    const char *sql;          /* a SELECT in the engine's dialect */
    const char *const *names; /* of its columns */
    size_t n_names;
    const char *path;
    const rs_text_pair *metadata; /* of its footer */
    size_t n_metadata;
    rs_parquet_tally *tally; /* of a file that is made (parquet/tally.h); NULL: nobody asks */
    /* A file that is open already, of the same columns: rows go behind its own, and nothing is made, nor
     * closed; path names it in messages. */
    rs_parquet *open;
} rs_engine_file;

/* A table of rows that are kept: those of one number, good ones or rejects. */
typedef struct rs_kept {
    const rs_dataset *dataset;
    size_t number;
    bool are_rejects;
} rs_kept;

/* How the rows of a plan are made that stay in the engine. */
typedef struct rs_keep {
    /* The table that they become, for all sessions; NULL: a relation of this one that has the name of the
     * last step, until forget(). */
    const rs_kept *as;
    /* Kernels that run in C, outside of the engine; NULL: none. */
    bool (*is_in_c)(const void *context, const rs_kernel_call *call);
    const void *context;
    bool all_in_c; /* all of them, after the engine refused */
    /* What came of it. */
    uint64_t n_rows;
    uint64_t kernel_ns; /* in kernels in C */
    const char *sql;    /* the statement that made the rows, borrowed from the plan; NULL: C did */
    unsigned lanes[RS_N_KERNELS]; /* that ran its kernels, a bit each */
} rs_keep;

/*
 * All of an engine. `engine`, `session` and `prepared` are its own; sessions are closed before their
 * engine, what was prepared is released before its session. Every function that is not behind a
 * capability is there. Errors, where nothing else is said: RS_ERR_NOMEM, RS_ERR_ENGINE,
 * RS_ERR_CANCELLED.
 */
typedef struct rs_engine_type {
    const char *name; /* "duckdb"; also of <name>_fallbacks and <name>_explains in a bundle */
    const char *doc;
    unsigned capabilities;
    const rs_dialect *dialect;    /* how it spells SQL; NULL: it takes no text */
    const char *(*version)(void); /* of its library, which is loaded for it; NULL: it cannot be */

    rs_status (*open)(const rs_engine_config *config, void **engine, rs_error *err);
    void (*close)(void *engine);
    rs_status (*session_open)(void *engine, void **session, rs_error *err);
    void (*session_close)(void *session);

    /* Whether it takes the plan; if not, why is appended to why_not. */
    bool (*accepts)(const rs_plan *plan, rs_buf *why_not);
    /* Once a session: plan is borrowed as long as *prepared lives. */
    rs_status (*prepare)(void *session, const rs_plan *plan, void **prepared, rs_error *err);
    void (*release)(void *prepared);
    /*
     * Take rows of a dataset in for the plans that run from now on, behind those that are bound: a row's
     * place among them orders what plans make. Columns are all of the dataset's; lineage is that of a
     * relationship's rows. A frame without rows makes an empty dataset. frame is borrowed.
     */
    rs_status (*bind)(void *session, const rs_dataset *dataset, const rs_frame *frame,
                      rs_error *err);
    /* RS_ENGINE_BORROWS: the same of a batch's rows, which stay as they are until unbind(); lineage is that of
     * a relationship's, of all of them, or NULL. */
    rs_status (*bind_batch)(void *session, const rs_batch *batch, const rs_strings *strings,
                            const rs_lineage *lineage, rs_error *err);
    /* Forget all rows of a dataset. */
    rs_status (*unbind)(void *session, const rs_dataset *dataset, rs_error *err);
    /* The rows of a plan's output in the order of its evidence, each with its places and its lineage; cost
     * may be NULL. */
    rs_status (*run)(void *prepared, const rs_sink *sink, rs_observation *cost, rs_error *err);
    /* RS_ENGINE_BORROWS: the same of one of the plan's selects, by its number. */
    rs_status (*run_select)(void *prepared, size_t select, const rs_sink *sink,
                            rs_observation *cost, rs_error *err);
    /* RS_ENGINE_EXPLAINS: what the last run of it came to; *out lies in arena. */
    rs_status (*explain)(void *prepared, rs_arena *arena, const rs_explained **out, rs_error *err);

    /*
     * RS_ENGINE_KEEPS: make the rows of a relationship's plan, or of its gate's (graph/gate.h), and let them
     * stay in the session, for what reads them there; the same of a plan that failed, without rows; let them go.
     */
    rs_status (*keep)(void *prepared, rs_keep *how, rs_error *err);
    rs_status (*keep_none)(void *prepared, rs_error *err);
    rs_status (*forget)(void *prepared, rs_error *err);

    /* RS_ENGINE_WRITES: make the file, which is not there, with our writer (parquet/parquet.h); written is
     * NULL for one that is open. Errors: also RS_ERR_IO. */
    rs_status (*write)(void *session, const rs_engine_file *file, rs_parquet_written *written,
                       rs_error *err);

    /*
     * RS_ENGINE_TEXT: one statement of a user that reads, params bound to its ? in order. fault says
     * where a statement is wrong that is refused. Errors: also RS_ERR_INVALID.
     */
    rs_status (*query)(void *session, const char *sql, const rs_param *params, size_t n_params,
                       struct ArrowArrayStream *out, rs_engine_fault *fault, rs_error *err);
    /* End what runs in session with RS_ERR_CANCELLED. From any thread. */
    void (*interrupt)(void *session);
} rs_engine_type;

extern const rs_engine_type rs_engine_type_duckdb; /* engine/duckdb/ */
extern const rs_engine_type rs_engine_type_native; /* engine/native/ */

/* A row of evidence has an id where its dataset's key is one column; what is made of any other has no
 * lineage: frames of such a plan come without. */
bool rs_plan_has_lineage(const rs_plan *plan);

/* By name; NULL when there is none. The one that runs when nobody chose is the first. */
const rs_engine_type *rs_engine_type_find(rs_str name);
const rs_engine_type *rs_engine_type_get(size_t index); /* NULL behind the last */
const rs_engine_type *rs_engine_type_default(void);

/* No engine: the one that runs when nobody chose, and beside it the first that borrows rows, which runs
 * what rules it accepts. */
#define RS_ENGINE_AUTO "auto"
const rs_engine_type *rs_engine_type_beside(void);

/* As rs_engine_type_find(), of those with the capabilities; name NULL: the default. Errors:
 * RS_ERR_INVALID, with the names there are. */
rs_status rs_engine_type_choose(const char *name, unsigned capabilities, const rs_engine_type **out,
                                rs_error *err) RS_MUST_USE;

#endif
