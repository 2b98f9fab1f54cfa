/* SPDX-License-Identifier: Apache-2.0 */
/* runs.h - the bundles that stand below run_bundles/: which there are, and which may go.
 *
 * A bundle is a directory with a manifest of ours; whatever else stands there is left alone, and so is a
 * bundle that a run with a lock (draft_lock.h) is about to replace, and the one that `latest` names.
 *
 * Threads: one at a time; other processes may build there meanwhile.
 */
#ifndef RS_BUNDLE_RUNS_H
#define RS_BUNDLE_RUNS_H

#include "base/json.h"

typedef struct rs_runs_filter {
    uint64_t n_kept;          /* the newest so many stay */
    uint64_t n_older_seconds; /* only what was made longer ago goes; 0: whenever it was */
    bool is_dry;              /* say what would go */
} rs_runs_filter;

/*
 * The bundles below directory, which is a run_bundles/ or has one: `directory`, and `runs`, the newest first:
 * name, path, is_latest, made_at (UTC), bytes (of what the manifest lists), content_hash.
 *
 * Ownership: the caller owns *out. Errors: RS_ERR_INVALID where there is no run_bundles; RS_ERR_IO,
 * RS_ERR_NOMEM. A bundle that cannot be read is listed with what is known.
 */
rs_status rs_runs_list(const char *directory, json_t **out, rs_error *err) RS_MUST_USE;

/*
 * Remove bundles, and what killed runs left. *out is the same document, each of `runs` with `is_removed`
 * and `kept_for`: null, or newest, latest, age, building.
 *
 * A bundle leaves its name before its files go, so that nothing half removed looks like one; what a killed
 * prune left is removed by the next run.
 */
rs_status rs_runs_prune(const char *directory, const rs_runs_filter *filter, json_t **out,
                        rs_error *err) RS_MUST_USE;

#endif
