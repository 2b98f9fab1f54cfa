/* SPDX-License-Identifier: Apache-2.0 */
/* scope.h - the scope lens of Python: which name of a file means which variable. */
#ifndef RS_EVIDENCE_SCOPE_H
#define RS_EVIDENCE_SCOPE_H

#include "evidence/file.h"
#include "evidence/lens.h"

extern const rs_lens rs_lens_scope;

/* `from __future__ import annotations`: annotations are not evaluated. */
bool rs_scope_has_future_annotations(const rs_file_at_hand *x);

/* The name as the code of a class has it: `__x` of class C is _C__x. Borrowed from name or out. */
rs_str rs_scope_private_name(rs_buf *out, rs_str class_name, rs_str name);

#endif
