/* SPDX-License-Identifier: Apache-2.0 */
/* flow.h - the flow lens of Python: in which order code runs, and which values its names have. */
#ifndef RS_EVIDENCE_FLOW_H
#define RS_EVIDENCE_FLOW_H

#include "evidence/file.h"
#include "evidence/lens.h"

extern const rs_lens rs_lens_flow;

typedef struct rs_flow_reach {
    uint32_t use;
    uint32_t def; /* node of a definition, or RS_NO_NODE: there may be none */
} rs_flow_reach;

/* What is known beside the rows, until the next file. Scopes of which it is not known are left out. */
typedef struct rs_flow_beside {
    /* Names that a class body or comprehension reads of the scope that it stands and runs in, and names
     * that are deleted; use is their node. All of a use stand side by side. */
    const rs_flow_reach *inner;
    size_t n_inner;
    /* What variables of modules and class bodies have when these end, exceptions apart; use is the
     * place of the variable among the file's rows of bindings. */
    const rs_flow_reach *ends;
    size_t n_ends;
} rs_flow_beside;

#endif
