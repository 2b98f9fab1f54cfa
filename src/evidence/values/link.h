/* SPDX-License-Identifier: Apache-2.0 */
/* link.h - the half of the values lens that sees all files. */
#ifndef RS_EVIDENCE_VALUES_LINK_H
#define RS_EVIDENCE_VALUES_LINK_H

#include "evidence/lens.h"

rs_status rs_values_link(const rs_lens_options *options, const rs_summary *files, size_t n_files,
                         void **linked, rs_error *err);
void rs_values_linked_free(void *linked);
rs_status rs_values_answer(const void *linked, rs_file_asked *file, rs_error *err);

#endif
