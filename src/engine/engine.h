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

#include "base/error.h"
#include "base/str.h"
#include "schema/batch.h"

struct rs_dialect;

/* All-zero is: the engine's own memory limit, no spilling, no file of any kind, one thread. */
typedef struct rs_engine_config {
    bool is_parallel;              /* a query has all processors; groups come in any order */
    const char *memory_limit;      /* "1GB", "800MB"; NULL for the engine's default */
    const char *temp_directory;    /* where a query may spill; NULL: it may not */
    const char *allowed_directory; /* what statements may read and write files below; NULL: none */
    const char *output_directory;  /* a second such directory; NULL: none */
} rs_engine_config;

/* A name and a value, both NUL-terminated: a setting, a row of file metadata. */
typedef struct rs_text_pair {
    const char *name;
    const char *value;
} rs_text_pair;

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

/* What an engine can do, a bit each. */
enum {
    RS_ENGINE_TEXT = 1u << 0,  /* takes SQL of its dialect */
    RS_ENGINE_WRITES = 1u << 1 /* writes Parquet files itself */
};

typedef struct rs_engine_type {
    const char *name; /* "duckdb"; also of <name>_fallbacks and <name>_explains in a bundle */
    const char *doc;
    unsigned capabilities;
    const struct rs_dialect *dialect; /* how it spells SQL; NULL: it takes no text */
    const char *(*version)(void);     /* of the library that is loaded */
} rs_engine_type;

extern const rs_engine_type rs_engine_type_duckdb; /* engine/duckdb/ */

/* By name; NULL when there is none. The one that runs when nobody chose is the first. */
const rs_engine_type *rs_engine_type_find(rs_str name);
const rs_engine_type *rs_engine_type_get(size_t index); /* NULL behind the last */
const rs_engine_type *rs_engine_type_default(void);

/* As rs_engine_type_find(); name NULL: the default. Errors: RS_ERR_INVALID, with the names there are. */
rs_status rs_engine_type_choose(const char *name, const rs_engine_type **out,
                                rs_error *err) RS_MUST_USE;

#endif
