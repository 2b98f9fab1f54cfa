/* SPDX-License-Identifier: Apache-2.0 */
/* lens.h - what sees a file: a lens is one row of functions and what they promise.
 *
 * A language (language.h) lists its lenses in order of their needs. What drives them is extract.h;
 * they know neither it nor the run.
 */
#ifndef RS_EVIDENCE_LENS_H
#define RS_EVIDENCE_LENS_H

#include "base/error.h"
#include "schema/schema.h"

struct rs_scip_index;
typedef struct rs_file_at_hand rs_file_at_hand; /* file.h: for lenses, not for who runs them */

/* What lenses may be told: made by the run from its policy and options. All-zero is not valid: start
 * from rs_lens_options_default(). Read-only while lenses run. */
typedef struct rs_lens_options {
    const struct rs_scip_index *scip; /* of the scip lens; NULL: no index was given */
} rs_lens_options;

typedef struct rs_lens {
    const char *name; /* the `lens` of its datasets in evidence.def, or one of these */
    const char *doc;
    int version;                /* changes with what it puts out for the same file */
    const char *const *needs;   /* names of lenses that run before; NULL-terminated, NULL: none */
    const rs_dataset_id *gives; /* RS_N_EVIDENCE-terminated; it pushes to no other */
    /* False: the lens does not run (it lacks an input). NULL: it always does. */
    bool (*is_wanted)(const rs_lens_options *options);
    /* What one thread keeps from file to file. Errors: RS_ERR_NOMEM, with nothing to free. */
    rs_status (*worker_new)(const rs_lens_options *options, void **worker, rs_error *err);
    void (*worker_free)(void *worker);
    /* Append a file's rows; file->worker is of this lens. Errors: RS_ERR_NOMEM. */
    rs_status (*run_file)(rs_file_at_hand *file, rs_error *err);
} rs_lens;

rs_lens_options rs_lens_options_default(void);

#endif
