/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/check.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/alloc.h"
#include "compare/changes.h"
#include "compare/snapshot.h"

/* --- fields --- */

typedef struct field_check {
    rs_findings *findings;
    const char *what; /* "rule", "policy" */
    const char *object;
    size_t n_found;
} field_check;

static rs_status report_field(const char *field, const json_t *before, const json_t *after,
                              void *context, rs_error *err)
{
    field_check *self = context;
    rs_buf old = {0};
    rs_buf new = {0};
    rs_json_add_short(before, &old);
    rs_json_add_short(after, &new);
    rs_status status = rs_buf_check(&old, err);
    RS_THEN(status, rs_buf_check(&new, err));
    if (status == RS_OK) {
        rs_findings_add(self->findings, self->object, field, before, after, "%s %s: %s: %s -> %s",
                        self->what, self->object, field, rs_buf_text(&old), rs_buf_text(&new));
        self->n_found++;
    }
    rs_buf_release(&old);
    rs_buf_release(&new);
    return status;
}

static rs_status check_fields(const char *what, const char *object, const json_t *before,
                              const json_t *after, rs_findings *findings, rs_error *err)
{
    field_check self = {.findings = findings, .what = what, .object = object};
    rs_findings_compared(findings, 1);
    return rs_json_changes(before, after, report_field, &self, err);
}

/* --- rules --- */

static rs_status check_rule(const char *name, const json_t *before, const json_t *after,
                            rs_findings *findings, rs_error *err)
{
    const json_t *old = json_object_get(before, "signature");
    const json_t *new = json_object_get(after, "signature");
    field_check self = {.findings = findings, .what = "rule", .object = name};
    rs_findings_compared(findings, 1);
    RS_TRY(rs_json_changes(json_object_get(before, "rule"), json_object_get(after, "rule"),
                           report_field, &self, err));
    if (self.n_found == 0 && !json_equal(old, new)) {
        rs_findings_add(findings, name, "signature", old, new,
                        "rule %s: signature changed, and no field of it did", name);
    }
    return RS_OK;
}

/* Both sides of one name; NULL where there is none. */
typedef rs_status (*pair_fn)(const char *name, const json_t *before, const json_t *after,
                             rs_findings *findings, rs_error *err);

/* Call both for names that both objects have; what only one has is a finding. */
static rs_status each_pair(const char *what, const json_t *before, const json_t *after,
                           pair_fn both, rs_findings *findings, rs_error *err)
{
    const char **names = NULL;
    size_t n_names = 0;
    rs_status status = rs_json_names(before, &names, &n_names, err);
    for (size_t i = 0; i < n_names && status == RS_OK; i++) {
        const json_t *new = json_object_get(after, names[i]);
        if (new == NULL) {
            rs_findings_add(findings, names[i], NULL, json_object_get(before, names[i]), NULL,
                            "%s %s: is gone", what, names[i]);
        } else {
            status = both(names[i], json_object_get(before, names[i]), new, findings, err);
        }
    }
    rs_free(names);
    names = NULL;
    RS_THEN(status, rs_json_names(after, &names, &n_names, err));
    for (size_t i = 0; status == RS_OK && i < n_names; i++) {
        if (json_object_get(before, names[i]) == NULL) {
            rs_findings_add(findings, names[i], NULL, NULL, json_object_get(after, names[i]),
                            "%s %s: is new", what, names[i]);
        }
    }
    rs_free(names);
    return status;
}

rs_status rs_check_rule_sets(const json_t *before, const json_t *after, rs_findings *findings,
                             rs_error *err)
{
    return each_pair("rule", before, after, check_rule, findings, err);
}

/* --- datasets --- */

static rs_status check_schema(const char *name, const json_t *before, const json_t *after,
                              rs_findings *findings, rs_error *err)
{
    static const char *const fields[] = {"schema_fingerprint", "ordering"};
    (void)err;
    rs_findings_compared(findings, 1);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const json_t *old = json_object_get(before, fields[i]);
        const json_t *new = json_object_get(after, fields[i]);
        if (old != NULL && !json_equal(old, new)) {
            rs_findings_add(findings, name, fields[i], old, new, "dataset %s: %s: %.64s -> %.64s",
                            name, fields[i], rs_manifest_text(before, fields[i]),
                            rs_manifest_text(after, fields[i]));
        }
    }
    return RS_OK;
}

static rs_status check_content(const char *name, const json_t *before, const json_t *after,
                               rs_findings *findings, rs_error *err)
{
    const json_t *old_rows = json_object_get(before, "rows");
    const json_t *new_rows = json_object_get(after, "rows");
    int64_t n_old = (int64_t)json_integer_value(old_rows);
    int64_t n_new = (int64_t)json_integer_value(new_rows);
    (void)err;
    rs_findings_compared(findings, 1);
    if (old_rows != NULL && n_old != n_new) {
        rs_findings_add(findings, name, "rows", old_rows, new_rows,
                        "dataset %s: %" PRId64 " rows -> %" PRId64 " (%+" PRId64 ")", name, n_old,
                        n_new, n_new - n_old);
    } else if (json_object_get(before, "sha256") != NULL &&
               !json_equal(json_object_get(before, "sha256"), json_object_get(after, "sha256"))) {
        rs_findings_add(findings, name, "sha256", json_object_get(before, "sha256"),
                        json_object_get(after, "sha256"),
                        "dataset %s: as many rows (%" PRId64 "), other content", name, n_new);
    }
    return RS_OK;
}

/* What only one side has was found with the schemas. */
static rs_status check_contents(const json_t *before, const json_t *after, rs_findings *findings,
                                rs_error *err)
{
    const char **names = NULL;
    size_t n_names = 0;
    rs_status status = rs_json_names(before, &names, &n_names, err);
    for (size_t i = 0; i < n_names && status == RS_OK; i++) {
        const json_t *new = json_object_get(after, names[i]);
        if (new != NULL) {
            status = check_content(names[i], json_object_get(before, names[i]), new, findings, err);
        }
    }
    rs_free(names);
    return status;
}

/* --- counts --- */

/* A kind that was not there before is outside any band but one that names it. */
static bool is_outside(const json_t *snapshot, const char *entity, const char *kind, double n_old,
                       double n_new)
{
    if (n_old > 0) {
        return fabs(n_new - n_old) * 100 > rs_snapshot_percent(snapshot, entity, kind) * n_old;
    }
    return n_new > 0 && !rs_snapshot_has_band(snapshot, entity, kind);
}

static void check_count(const json_t *snapshot, const char *entity, const char *kind,
                        const json_t *before, const json_t *after, rs_findings *findings)
{
    char change[32] = "new";
    double n_old = json_number_value(before);
    double n_new = json_number_value(after);
    bool outside = is_outside(snapshot, entity, kind, n_old, n_new);
    rs_findings_compared(findings, 1);
    if (!outside && (!rs_snapshot_is_exact(snapshot) || json_equal(before, after))) {
        return;
    }
    if (n_old > 0) {
        snprintf(change, sizeof change, "%+.1f %%", (n_new - n_old) * 100 / n_old);
    }
    rs_findings_add(findings, kind, entity, before, after, "%s %s: %.0f -> %.0f (%s), %s %g %%%s",
                    entity, kind, n_old, n_new, change,
                    outside ? "outside its band of" : "within its band of",
                    rs_snapshot_percent(snapshot, entity, kind),
                    !outside        ? ""
                    : n_new > n_old ? ": an explosion"
                                    : ": a loss");
}

static rs_status check_counts_of(const json_t *snapshot, const json_t *facts, const char *entity,
                                 rs_findings *findings, rs_error *err)
{
    const json_t *before = json_object_get(json_object_get(snapshot, "counts"), entity);
    const json_t *after = json_object_get(json_object_get(facts, "counts"), entity);
    const char **names = NULL;
    size_t n_names = 0;
    json_t *both = json_object();
    if (both == NULL || (before != NULL && json_object_update(both, (json_t *)(uintptr_t)before)) ||
        (after != NULL && json_object_update(both, (json_t *)(uintptr_t)after))) {
        json_decref(both);
        return rs_error_set(err, RS_ERR_NOMEM, "compare: out of memory");
    }
    json_t *zero = json_integer(0);
    rs_status status = rs_json_names(both, &names, &n_names, err);
    for (size_t i = 0; i < n_names && status == RS_OK; i++) {
        const json_t *old = json_object_get(before, names[i]);
        const json_t *new = json_object_get(after, names[i]);
        check_count(snapshot, entity, names[i], old != NULL ? old : zero, new != NULL ? new : zero,
                    findings);
    }
    rs_free(names);
    json_decref(zero);
    json_decref(both);
    return status;
}

/* --- rejects --- */

/* Never more of them than the snapshot has, dataset by dataset, reason by reason. */
static rs_status check_rejects(const json_t *before, const json_t *after, rs_findings *findings,
                               rs_error *err)
{
    const char *dataset;
    json_t *reasons;
    (void)err;
    json_object_foreach((json_t *)(uintptr_t)after, dataset, reasons)
    {
        const char *reason;
        json_t *n_rows;
        json_object_foreach(reasons, reason, n_rows)
        {
            const json_t *allowed = json_object_get(json_object_get(before, dataset), reason);
            int64_t n_old = (int64_t)json_integer_value(allowed);
            int64_t n_new = (int64_t)json_integer_value(n_rows);
            rs_findings_compared(findings, 1);
            if (n_new > n_old) {
                rs_findings_add(findings, dataset, reason, allowed, n_rows,
                                "rejects %s: %s: %" PRId64 " -> %" PRId64, dataset, reason, n_old,
                                n_new);
            }
        }
    }
    return RS_OK;
}

/* --- the members of a snapshot --- */

typedef rs_status (*member_fn)(const json_t *snapshot, const json_t *facts, const json_t *before,
                               const json_t *after, rs_findings *findings, rs_error *err);

static rs_status of_rules(const json_t *snapshot, const json_t *facts, const json_t *before,
                          const json_t *after, rs_findings *findings, rs_error *err)
{
    (void)snapshot;
    (void)facts;
    return rs_check_rule_sets(before, after, findings, err);
}

static rs_status of_graph(const json_t *snapshot, const json_t *facts, const json_t *before,
                          const json_t *after, rs_findings *findings, rs_error *err)
{
    (void)snapshot;
    (void)facts;
    (void)err;
    rs_findings_compared(findings, 1);
    if (!json_equal(before, after)) {
        rs_findings_add(findings, "graph", "signature", before, after,
                        "graph of rules: signature %.12s -> %.12s", json_string_value(before),
                        json_string_value(after));
    }
    return RS_OK;
}

static rs_status of_policy(const json_t *snapshot, const json_t *facts, const json_t *before,
                           const json_t *after, rs_findings *findings, rs_error *err)
{
    (void)snapshot;
    (void)facts;
    return check_fields("the", "policy", before, after, findings, err);
}

static rs_status of_config(const json_t *snapshot, const json_t *facts, const json_t *before,
                           const json_t *after, rs_findings *findings, rs_error *err)
{
    (void)snapshot;
    (void)facts;
    return check_fields("the", "config", before, after, findings, err);
}

static rs_status check_file(const char *name, const json_t *before, const json_t *after,
                            rs_findings *findings, rs_error *err)
{
    (void)err;
    if (!json_equal(before, after)) {
        rs_findings_add(findings, name, "sha256", before, after, "file %s: other content", name);
    }
    return RS_OK;
}

static rs_status of_input(const json_t *snapshot, const json_t *facts, const json_t *before,
                          const json_t *after, rs_findings *findings, rs_error *err)
{
    const json_t *old = json_object_get(before, "sha256");
    const json_t *new = json_object_get(after, "sha256");
    const json_t *contents = json_object_get(before, "content");
    (void)facts;
    rs_findings_compared(findings, 1);
    if (!rs_snapshot_is_exact(snapshot) || json_equal(old, new)) {
        return RS_OK;
    }
    rs_findings_add(findings, "input", "sha256", old, new,
                    "analysed files: %" PRIu64 " -> %" PRIu64 ", other content",
                    rs_manifest_number(before, "files"), rs_manifest_number(after, "files"));
    return contents == NULL ? RS_OK /* of a relspec that did not know which */
                            : each_pair("file", contents, json_object_get(after, "content"),
                                        check_file, findings, err);
}

static rs_status of_datasets(const json_t *snapshot, const json_t *facts, const json_t *before,
                             const json_t *after, rs_findings *findings, rs_error *err)
{
    (void)facts;
    RS_TRY(each_pair("dataset", before, after, check_schema, findings, err));
    return rs_snapshot_is_exact(snapshot) ? check_contents(before, after, findings, err) : RS_OK;
}

static rs_status of_counts(const json_t *snapshot, const json_t *facts, const json_t *before,
                           const json_t *after, rs_findings *findings, rs_error *err)
{
    (void)before;
    (void)after;
    RS_TRY(check_counts_of(snapshot, facts, "nodes", findings, err));
    return check_counts_of(snapshot, facts, "edges", findings, err);
}

static rs_status of_rejects(const json_t *snapshot, const json_t *facts, const json_t *before,
                            const json_t *after, rs_findings *findings, rs_error *err)
{
    (void)snapshot;
    (void)facts;
    return check_rejects(before, after, findings, err);
}

/* Causes before effects. */
static const struct {
    const char *member;
    member_fn check;
} member_checks[] = {
    {"input", of_input},   {"config", of_config},         {"policy", of_policy},
    {"rules", of_rules},   {"graph_signature", of_graph}, {"datasets", of_datasets},
    {"counts", of_counts}, {"rejects", of_rejects},
};

rs_status rs_check_snapshot(const json_t *snapshot, const json_t *facts, rs_findings *findings,
                            rs_error *err)
{
    for (size_t i = 0; i < sizeof member_checks / sizeof member_checks[0]; i++) {
        const char *name = member_checks[i].member;
        const json_t *before = json_object_get(snapshot, name);
        if (before != NULL) {
            rs_findings_begin(findings, name);
            RS_TRY(member_checks[i].check(snapshot, facts, before, json_object_get(facts, name),
                                          findings, err));
        }
    }
    return rs_findings_check(findings, err);
}
