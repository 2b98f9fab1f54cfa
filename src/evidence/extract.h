/* SPDX-License-Identifier: Apache-2.0 */
/* extract.h - files to rows: the lenses of a language, one behind the other. */
#ifndef RS_EVIDENCE_EXTRACT_H
#define RS_EVIDENCE_EXTRACT_H

#include "evidence/language.h"
#include "evidence/scip/scip.h"
#include "schema/batch.h"

enum { RS_MAX_LENSES = 16 };

/* The lenses of a run: those of its languages that are wanted. Read-only once it is made. */
typedef struct rs_lens_set {
    const rs_language *const *languages; /* NULL-terminated */
    rs_lens_options options;
    const rs_lens *lenses[RS_MAX_LENSES]; /* each once, in the languages' order */
    size_t n_lenses;
} rs_lens_set;

/*
 * languages: NULL for those of relspec; options: NULL for the defaults. last: the name of the last
 * lens to run, of each language that has it; NULL: all (less is for measuring what a lens costs).
 */
void rs_lens_set_init(rs_lens_set *set, const rs_language *const *languages,
                      const rs_lens_options *options, const char *last);

/* One a thread: parsers, line index and what each lens keeps, used for file after file. */
typedef struct rs_extractor rs_extractor;

/* set is borrowed; NULL: all lenses of relspec, by default. Errors: RS_ERR_NOMEM. */
rs_status rs_extractor_new(const rs_lens_set *set, rs_extractor **out, rs_error *err) RS_MUST_USE;
void rs_extractor_free(rs_extractor *extractor);

/* Links that the scip lens finds are the part's. */
void rs_extractor_use_links(rs_extractor *extractor, rs_scip_links *links);

/*
 * Append the rows of one file. A source without bytes gives the file's row and its findings.
 *
 * Errors: RS_ERR_NOMEM; part then holds a part of the file's rows and is to be released.
 */
rs_status rs_extract_file(rs_extractor *extractor, const rs_repo_file *file,
                          const rs_source *source, rs_part *part, rs_error *err) RS_MUST_USE;

#endif
