/* SPDX-License-Identifier: Apache-2.0 */
/* syntax.h - the inventory and syntax lenses: one decoded file to rows.
 *
 * Rows are appended in canonical order of each dataset (evidence.def), so that files
 * extracted in path order need no sort. Nothing about the input fails: what cannot be
 * read is a row of parse_errors.
 */
#ifndef RS_EVIDENCE_SYNTAX_H
#define RS_EVIDENCE_SYNTAX_H

#include "evidence/scip/scip.h"
#include "repo/source.h"
#include "schema/batch.h"

/* How far the extraction goes; less than all of it is for measuring what a lens costs. */
typedef enum rs_extent {
    RS_EXTENT_ALL,
    RS_EXTENT_SYNTAX, /* inventory and syntax */
    RS_EXTENT_SCOPE   /* these and scopes */
} rs_extent;

/* One a worker: parser, line index and scratch memory, used for file after file. */
typedef struct rs_extractor rs_extractor;

/* Errors: RS_ERR_NOMEM. */
rs_status rs_extractor_new(rs_extractor **out, rs_error *err) RS_MUST_USE;
void rs_extractor_free(rs_extractor *extractor);

/* RS_EXTENT_ALL unless told otherwise. */
void rs_extractor_set_extent(rs_extractor *extractor, rs_extent extent);

/* Take what an index says of each file from now on into its rows (NULL: none); links are the part's. */
void rs_extractor_use_scip(rs_extractor *extractor, const rs_scip_index *index,
                           rs_scip_links *links);

/*
 * Append the rows of one file: repo_files, line_index, modules, parse_errors and all of
 * the syntax, scope and SCIP lenses. A source without bytes gives the file's row and its findings.
 *
 * Errors: RS_ERR_NOMEM; part then holds a part of the file's rows and is to be released.
 */
rs_status rs_extract_file(rs_extractor *extractor, const rs_repo_file *file,
                          const rs_source *source, rs_part *part, rs_error *err) RS_MUST_USE;

#endif
