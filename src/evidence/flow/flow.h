/* SPDX-License-Identifier: Apache-2.0 */
/* flow.h - the flow lens of Python: in which order code runs, and which values its names have. */
#ifndef RS_EVIDENCE_FLOW_H
#define RS_EVIDENCE_FLOW_H

#include "evidence/file.h"
#include "evidence/lens.h"

extern const rs_lens rs_lens_flow;

#endif
