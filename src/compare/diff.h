/* SPDX-License-Identifier: Apache-2.0 */
/* diff.h - what is different between two bundles, of one commit or of two.
 *
 * Threads: one at a time.
 */
#ifndef RS_COMPARE_DIFF_H
#define RS_COMPARE_DIFF_H

#include "bundle/reader.h"

/*
 * Compare two bundles; paths as rs_reader_find() takes them.
 *
 * Definitions (modules, classes, functions, lambdas) are matched by kind and qualified name, those
 * that one side lacks by their content; see docs/gates.md for the words. Edges that name a definition
 * or something in no file are matched by kind and by what their ends are, not where.
 *
 * Ownership: stop is borrowed (base/stop.h); the caller owns *out; its members stand at rs_bundle_diff() in relspec/relspec.h.
 * Errors: those of rs_reader_new() and of the engine.
 */
rs_status rs_diff(const char *before, const char *after, const atomic_bool *stop, json_t **out,
                  rs_error *err) RS_MUST_USE;

#endif
