/* SPDX-License-Identifier: Apache-2.0 */
/* extract.h - files to rows: the lenses of a language, one behind the other. */
#ifndef RS_EVIDENCE_EXTRACT_H
#define RS_EVIDENCE_EXTRACT_H

#include "evidence/language.h"
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
void rs_extractor_free(rs_extractor *x);

/* A file that was extracted: what its answers go on with. */
typedef struct rs_file_note {
    int64_t base;
    uint32_t next_number;
    uint32_t ran;                 /* a bit a lens of the set */
    size_t begins[RS_MAX_LENSES]; /* by lens of the set: its block in `bytes` */
    size_t ends[RS_MAX_LENSES];
} rs_file_note;

RS_VEC_DEFINE(rs_file_notes, rs_file_note)

/* What the files of a part say to the others; all-zero is that of no file. */
typedef struct rs_summaries {
    rs_file_notes files;
    rs_buf bytes[RS_MAX_LENSES]; /* blocks, one behind the other */
} rs_summaries;

void rs_summaries_release(rs_summaries *summaries);

/*
 * Append the rows of one file. A source without bytes gives the file's row and its findings.
 * summaries: of the part; NULL: the files will not be linked.
 *
 * Errors: RS_ERR_NOMEM; part then holds a part of the file's rows and is to be released.
 */
rs_status rs_extract_file(rs_extractor *x, const rs_repo_file *file, const rs_source *source,
                          rs_part *part, rs_summaries *summaries, rs_error *err) RS_MUST_USE;

/* --- all files together --- */

/* What each lens of a set made of all summaries; all-zero is nothing. Read-only once it is made. */
typedef struct rs_linked {
    const rs_lens *lenses[RS_MAX_LENSES]; /* by place in the set; NULL: did not link */
    void *of[RS_MAX_LENSES];
} rs_linked;

/* What the lens of that name made, NULL where it has not linked yet. */
const void *rs_linked_of(const rs_linked *linked, const char *lens);

/* summaries: by part, in order of path; *linked is all-zero before. Errors: RS_ERR_NOMEM. */
rs_status rs_lenses_link(const rs_lens_set *set, const rs_summaries *summaries, size_t n_parts,
                         rs_linked *linked, rs_error *err) RS_MUST_USE;
void rs_linked_release(rs_linked *linked);

/* Append what the lenses answer for the files of a part. Errors: RS_ERR_NOMEM. */
rs_status rs_extract_answers(rs_extractor *x, const rs_linked *linked,
                             const rs_summaries *summaries, rs_part *part,
                             rs_error *err) RS_MUST_USE;

/* Append the rows that lie in no file. Errors: RS_ERR_NOMEM. */
rs_status rs_lenses_rest(const rs_lens_set *set, const rs_linked *linked, rs_part *part,
                         rs_error *err) RS_MUST_USE;

/* Is there a lens that answers, or one with a rest? */
bool rs_lens_set_answers(const rs_lens_set *set);
bool rs_lens_set_has_rest(const rs_lens_set *set);

#endif
