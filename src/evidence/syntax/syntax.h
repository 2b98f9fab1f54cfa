/* SPDX-License-Identifier: Apache-2.0 */
/* syntax.h - the inventory and syntax lenses of Python: a decoded, parsed file to rows.
 *
 * Rows are appended in canonical order of each dataset (evidence.def), so that files
 * extracted in path order need no sort. Nothing about the input fails: what cannot be
 * read is a row of parse_errors.
 */
#ifndef RS_EVIDENCE_SYNTAX_H
#define RS_EVIDENCE_SYNTAX_H

#include "evidence/file.h"
#include "evidence/lens.h"

extern const rs_lens rs_lens_syntax;

/* Where the identifier that ends at `end` starts, behind `as` and blanks. */
uint32_t rs_syntax_alias_start(const rs_file_at_hand *x, uint32_t end);

/* The value of one or more adjacent string literals. */
void rs_string_value(rs_str literals, rs_buf *out);

#endif
