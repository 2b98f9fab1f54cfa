/* SPDX-License-Identifier: Apache-2.0 */
/* check.h - a bundle against a snapshot, and against what every bundle must keep.
 *
 * Threads: one at a time.
 */
#ifndef RS_COMPARE_CHECK_H
#define RS_COMPARE_CHECK_H

#include "bundle/reader.h"
#include "compare/findings.h"

/*
 * Compare facts with a snapshot, member by member: rules (naming the rule and the field), the graph's
 * signature, policy, config, input, datasets, counts by kind within their bands, rejects by reason.
 *
 * Errors: RS_ERR_NOMEM. Differences are findings.
 */
rs_status rs_check_snapshot(const json_t *snapshot, const json_t *facts, rs_findings *findings,
                            rs_error *err) RS_MUST_USE;

/* The rules alone: both are {name: {signature, rule}}. */
rs_status rs_check_rule_sets(const json_t *before, const json_t *after, rs_findings *findings,
                             rs_error *err) RS_MUST_USE;

/*
 * What holds for every bundle: relationships and edges have the columns that tell candidates apart,
 * and the rows of each relationship stand in the order that its footer declares.
 *
 * Errors: RS_ERR_ENGINE, RS_ERR_NOMEM.
 */
rs_status rs_check_invariants(rs_reader *reader, const json_t *facts, rs_findings *findings,
                              rs_error *err) RS_MUST_USE;

/*
 * Whether two bundles are the same: every file that the manifests list, the manifests themselves,
 * byte by byte. name says what was different about the second build. The dataset that differs first,
 * in the order of the pipeline, is a finding, and so is the number of all that do.
 *
 * Errors: RS_ERR_IO, RS_ERR_NOMEM.
 */
rs_status rs_check_same(const char *directory, const char *other, const char *name,
                        rs_findings *findings, rs_error *err) RS_MUST_USE;

#endif
