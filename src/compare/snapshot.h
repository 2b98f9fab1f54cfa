/* SPDX-License-Identifier: Apache-2.0 */
/* snapshot.h - facts of a bundle in a file that belongs under version control.
 *
 * JSON with sorted keys, one value a line. Beside the facts (facts.h):
 *
 *   format, format_version
 *   content  "exact": rows, hashes and counts are those of the snapshot. "bands": only counts by
 *            kind are compared, each within its band: for a repository that goes on changing.
 *   bands    {default_percent, nodes, edges}: by how many percent a kind's count may differ; nodes
 *            and edges name kinds with a band of their own
 *
 * A person may edit content and bands, and remove whole members: what a snapshot lacks is not
 * compared, and stays away when the snapshot is rewritten.
 *
 * Threads: any.
 */
#ifndef RS_COMPARE_SNAPSHOT_H
#define RS_COMPARE_SNAPSHOT_H

#include "base/json.h"

#define RS_SNAPSHOT_FORMAT "relspec-snapshot"
enum { RS_SNAPSHOT_FORMAT_VERSION = 1, RS_SNAPSHOT_DEFAULT_PERCENT = 10 };

/*
 * Read a snapshot. *out is NULL when there is no file.
 *
 * Errors: RS_ERR_INVALID for a file that is no snapshot, or one of a later format; RS_ERR_IO,
 * RS_ERR_NOMEM.
 */
rs_status rs_snapshot_read(const char *path, json_t **out, rs_error *err) RS_MUST_USE;

/*
 * The snapshot of facts; what a person may have edited is taken from old, which may be NULL.
 *
 * Ownership: both are borrowed, the caller owns *out.
 */
rs_status rs_snapshot_new(const json_t *facts, const json_t *old, json_t **out,
                          rs_error *err) RS_MUST_USE;

/* Write a snapshot beside its name, then rename it: whoever reads sees the old or the new one. */
rs_status rs_snapshot_write(const char *path, const json_t *snapshot, rs_error *err) RS_MUST_USE;

/* "content" is "exact". */
bool rs_snapshot_is_exact(const json_t *snapshot);
/* Whether a kind has a band of its own, and its band in percent; entity is "nodes" or "edges". */
bool rs_snapshot_has_band(const json_t *snapshot, const char *entity, const char *kind);
double rs_snapshot_percent(const json_t *snapshot, const char *entity, const char *kind);

#endif
