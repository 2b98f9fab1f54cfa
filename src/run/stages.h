/* SPDX-License-Identifier: Apache-2.0 */
/* stages.h - the pipeline as a table of nodes with inputs and outputs, and what each one costs. */
#ifndef RS_RUN_STAGES_H
#define RS_RUN_STAGES_H

#include <stdint.h>

#include "base/clock.h"

/* In the order that they run in. */
typedef enum rs_stage_id {
    RS_STAGE_WALK,
    RS_STAGE_RULES,
    RS_STAGE_PARAMS,
    RS_STAGE_SCIP,
    RS_STAGE_EXTRACT,
    RS_STAGE_RELATE,
    RS_STAGE_WRITE_EVIDENCE,
    RS_STAGE_WRITE_GRAPH,
    RS_STAGE_RECORD,
    RS_STAGE_PUBLISH,
    RS_N_STAGES
} rs_stage_id;

typedef struct rs_stage {
    const char *name;
    /* Separated by spaces; "tree", "packs", "policy", "index", "values" and "options" come from outside. */
    const char *inputs;
    const char *outputs; /* separated by spaces */
    const char *doc;
} rs_stage;

/* The two that write run side by side: their busy_ns tells them apart. */
typedef struct rs_stage_cost {
    uint64_t n_rows;
    uint64_t n_bytes;
    uint64_t elapsed_ns; /* from the first start to the last end */
    uint64_t busy_ns;    /* summed over the workers */
} rs_stage_cost;

const rs_stage *rs_stage_get(rs_stage_id id);

#endif
