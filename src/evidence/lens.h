/* SPDX-License-Identifier: Apache-2.0 */
/* lens.h - what sees a file: a lens is one row of functions and what they promise.
 *
 * A language (language.h) lists its lenses in order of their needs. What drives them is extract.h;
 * they know neither it nor the run. For each lens of a run:
 *
 *   run_file  file by file, in parallel: rows, and a summary of what other files should know
 *   link      once, with the summaries of all files that it ran on, in order of path
 *   answer    file by file, in parallel: rows that took all files to find out; they lie in the file
 *             of what they speak of, not in that of what they say
 *   rest      once: rows that lie in no file
 *
 * The last three are NULL for a lens that sees one file at a time. What link makes must depend on
 * the summaries alone: not on threads, nor on the order in which files were looked at.
 */
#ifndef RS_EVIDENCE_LENS_H
#define RS_EVIDENCE_LENS_H

#include "base/error.h"
#include "base/stop.h"
#include "schema/batch.h"

struct rs_scip_index;
struct rs_module_table;
struct rs_outside;
struct rs_linked;
typedef struct rs_file_at_hand rs_file_at_hand; /* file.h: for lenses, not for who runs them */

/* What lenses may be told, made by the run. All-zero is not valid: start from rs_lens_options_default().
 * Read-only while lenses run. What a limit means stands in the table of its lens. */
typedef struct rs_lens_options {
    const struct rs_scip_index *scip;      /* of the scip lens; NULL: no index was given */
    const struct rs_module_table *modules; /* of all files; NULL: nobody made one */
    struct rs_outside *outside;     /* of who links: what reads modules of the world outside */
    const struct rs_linked *linked; /* of who links: what the lenses before made (extract.h) */
    /* That a file may take, estimated: beyond there is a diagnostic. 0: any. */
    uint64_t max_file_memory;
    const atomic_bool *stop; /* see base/stop.h: what is raised ends a file with any error */
    struct {
        uint64_t max_symbols;
        uint64_t max_faults;
    } scope;
    struct {
        uint64_t max_growth;
        uint64_t min_elements;
        uint64_t max_facts;
        uint64_t max_reaching;
    } flow;
    struct {
        uint64_t max_document_bytes;
        uint64_t max_key_bytes;
    } scip_limits;
    struct {
        uint64_t max_facts;
    } names;
    struct {
        uint64_t max_objects;
        uint64_t max_insertions;
    } values;
    /* What code is read for: tests of these are decided (the names lens). */
    struct {
        uint64_t python_minor; /* of Python 3; 0: as the module table says of the file, else 13 */
        const char *platform;  /* as sys.platform has it; NULL: linux */
    } target;
} rs_lens_options;

/* What a lens may refuse: beyond the limit there is a diagnostic in the place of rows. */
typedef struct rs_lens_limit {
    const char *name;
    size_t offset;          /* of its uint64_t in rs_lens_options */
    uint64_t value;         /* where no policy says otherwise; the built-in one says the same */
    const char *diagnostic; /* its code; "" where what is beyond is only left out */
    const char *doc;
} rs_lens_limit;

/* What a file says to the others: one block without pointers, so that it can be kept and read back. */
typedef struct rs_summary {
    int64_t base;         /* id of the file's entity 0 */
    const uint8_t *bytes; /* aligned to 8 bytes */
    size_t n_bytes;
} rs_summary;

/* A file once more, when all were linked. */
typedef struct rs_file_asked {
    rs_summary summary;
    uint32_t next_number; /* of the file's next entity; a lens numbers its own from here on */
    rs_part *part;        /* that has the file's other rows */
    void *worker;         /* as in run_file */
} rs_file_asked;

typedef struct rs_lens {
    const char *name; /* the `lens` of its datasets in evidence.def, or one of these */
    const char *doc;
    int version;                 /* changes with what it puts out for the same file */
    const char *const *needs;    /* names of lenses that run before; NULL-terminated, NULL: none */
    const rs_dataset_id *gives;  /* RS_N_EVIDENCE-terminated; it pushes to no other */
    const rs_lens_limit *limits; /* ends with one without a name; NULL: none */
    /* False: the lens does not run (it lacks an input). NULL: it always does. */
    bool (*is_wanted)(const rs_lens_options *options);
    /* What one thread keeps from file to file. Errors: RS_ERR_NOMEM, with nothing to free. */
    rs_status (*worker_new)(const rs_lens_options *options, void **worker, rs_error *err);
    void (*worker_free)(void *worker);
    /* Append a file's rows; file->worker is of this lens. Errors: RS_ERR_NOMEM, as of those below. */
    rs_status (*run_file)(rs_file_at_hand *file, rs_error *err);
    rs_status (*link)(const rs_lens_options *options, const rs_summary *files, size_t n_files,
                      void **linked, rs_error *err);
    void (*linked_free)(void *linked);
    rs_status (*answer)(const void *linked, rs_file_asked *file, rs_error *err);
    rs_status (*rest)(const rs_lens_options *options, const void *linked, rs_part *out,
                      rs_error *err);
} rs_lens;

rs_lens_options rs_lens_options_default(void);

#endif
