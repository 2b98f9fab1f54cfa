/* SPDX-License-Identifier: Apache-2.0 */
/* values.h - the values lens of Python: which functions, classes and objects flow where, and so what calls
 * run that names alone do not tell. */
#ifndef RS_EVIDENCE_VALUES_H
#define RS_EVIDENCE_VALUES_H

#include "evidence/file.h"
#include "evidence/lens.h"

extern const rs_lens rs_lens_values;

#endif
