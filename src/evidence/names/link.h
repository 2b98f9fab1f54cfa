/* SPDX-License-Identifier: Apache-2.0 */
/* link.h - the half of the names lens that sees all files: see lens.h. */
#ifndef RS_EVIDENCE_NAMES_LINK_H
#define RS_EVIDENCE_NAMES_LINK_H

#include "evidence/lens.h"

rs_status rs_names_link(const rs_lens_options *options, const rs_summary *files, size_t n_files,
                        void **linked, rs_error *err);
void rs_names_linked_free(void *linked);
rs_status rs_names_answer(const void *linked, rs_file_asked *file, rs_error *err);

#endif
