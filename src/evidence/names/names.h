/* SPDX-License-Identifier: Apache-2.0 */
/* names.h - the names lens of Python: what a name of one file stands for in another. */
#ifndef RS_EVIDENCE_NAMES_H
#define RS_EVIDENCE_NAMES_H

#include "evidence/file.h"
#include "evidence/lens.h"

extern const rs_lens rs_lens_names;

#endif
