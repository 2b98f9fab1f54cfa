/* SPDX-License-Identifier: Apache-2.0 */
/* facts.h - what a bundle is, in as few words as tell two bundles apart.
 *
 * The facts are the members of a snapshot (snapshot.h) that come from a bundle:
 *
 *   made_by          {relspec, engine}: the builds that wrote the files
 *   graph_signature  over all rules and what each reads and writes
 *   rules            name -> {signature, rule}, rule field by field
 *   policy, config   config.json
 *   input            {files, sha256}: the analysed files, by path and content
 *   datasets         path -> {rows, schema_fingerprint, ordering, sha256}; sha256 is over the
 *                    hashes of the dataset's files, in their order; absent where times are in them
 *   counts           {nodes, edges}: kind -> rows
 *   rejects          dataset -> reason -> rows; datasets without any are left out
 *
 * What says only where something was written (line numbers of packs, the run's name) is in none.
 *
 * Threads: one at a time for each reader.
 */
#ifndef RS_COMPARE_FACTS_H
#define RS_COMPARE_FACTS_H

#include "bundle/reader.h"

/*
 * Ownership: reader is borrowed, and views that are read are made; the caller owns *out.
 * Errors: RS_ERR_INVALID for a bundle that lacks a document; RS_ERR_IO, RS_ERR_ENGINE,
 * RS_ERR_NOMEM.
 */
rs_status rs_facts_new(rs_reader *reader, json_t **out, rs_error *err) RS_MUST_USE;

/* A JSON file below a bundle's directory; NULL, with RS_OK, when there is none. */
rs_status rs_facts_document(const rs_reader *reader, const char *name, json_t **out,
                            rs_error *err) RS_MUST_USE;

#endif
