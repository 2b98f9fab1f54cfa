/* SPDX-License-Identifier: Apache-2.0 */
/* gate.c - builds of one tree in several ways, compared with each other and with a snapshot. */
#include "api/internal.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/json.h"
#include "bundle/files.h"
#include "compare/check.h"
#include "compare/facts.h"
#include "compare/snapshot.h"

/* One way to build. */
typedef struct way {
    char name[64];
    unsigned n_threads;
    uint64_t shuffle_seed;
    bool elsewhere;
} way;

RS_VEC_DEFINE(way_vec, way)

struct rs_gate {
    rs_config *config; /* a copy */
    char *snapshot;
    char *bundle; /* NULL: build */
    bool keeps;
    bool updates;
    way_vec ways;
    atomic_bool cancelled;
    rs_buf scratch; /* directory of ours; empty until it is made */
    rs_buf source;  /* the tree under another path */
    rs_buf first;   /* directory of the bundle that is compared */
    json_t *builds;
    rs_findings findings;
    rs_buf report;
};

/* --- making --- */

static rs_status copy_text(const char *text, char **out, rs_error *err)
{
    *out = text == NULL ? NULL : rs_strndup(text, strlen(text));
    return text == NULL || *out != NULL ? RS_OK
                                        : rs_error_set(err, RS_ERR_NOMEM, "gate: out of memory");
}

static rs_status add_way(rs_gate *gate, const way *next, rs_error *err)
{
    return way_vec_push(&gate->ways, *next)
               ? RS_OK
               : rs_error_set(err, RS_ERR_NOMEM, "gate: out of memory");
}

/* The further builds differ from the last one of those by threads in one thing. */
static rs_status add_ways(rs_gate *gate, const rs_gate_options *options, rs_error *err)
{
    way last = {.name = "one build", .n_threads = gate->config->n_threads};
    if (options->n_threads == 0) {
        RS_TRY(add_way(gate, &last, err));
    }
    for (size_t i = 0; i < options->n_threads; i++) {
        last.n_threads = options->threads[i];
        snprintf(last.name, sizeof last.name, "%u %s", last.n_threads,
                 last.n_threads == 1 ? "thread" : "threads");
        RS_TRY(add_way(gate, &last, err));
    }
    if (options->shuffle_seed != 0) {
        way next = last;
        next.shuffle_seed = options->shuffle_seed;
        snprintf(next.name, sizeof next.name, "files in another order");
        RS_TRY(add_way(gate, &next, err));
    }
    if (options->elsewhere) {
        way next = last;
        next.elsewhere = true;
        snprintf(next.name, sizeof next.name, "under another path");
        RS_TRY(add_way(gate, &next, err));
    }
    return RS_OK;
}

/* A name of our own below the directory, so that nothing of anybody else is removed. */
static rs_status name_scratch(rs_gate *gate, const char *directory, bool keep, rs_error *err)
{
    if (keep) {
        rs_buf_add(&gate->scratch, directory);
    } else {
        rs_buf_addf(&gate->scratch, "%s/relspec-gate-%ld", directory, (long)getpid());
    }
    return rs_buf_check(&gate->scratch, err);
}

static rs_status gate_init(rs_gate *gate, const rs_config *config, const rs_gate_options *options,
                           rs_error *err)
{
    gate->keeps = options->keep;
    gate->updates = options->update;
    if (options->snapshot == NULL || options->snapshot[0] == '\0') {
        return rs_error_set(err, RS_ERR_INVALID, "gate: a snapshot's file is wanted");
    }
    RS_TRY(rs_findings_init(&gate->findings, err));
    RS_TRY(copy_text(options->snapshot, &gate->snapshot, err));
    RS_TRY(copy_text(options->bundle, &gate->bundle, err));
    RS_TRY(rs_config_copy(config, &gate->config, err));
    gate->builds = json_array();
    if (gate->builds == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "gate: out of memory");
    }
    if (options->bundle != NULL) {
        return RS_OK;
    }
    RS_TRY(
        name_scratch(gate, options->scratch != NULL ? options->scratch : ".", options->keep, err));
    return add_ways(gate, options, err);
}

rs_status rs_gate_new(const rs_config *config, const rs_gate_options *options, rs_gate **out,
                      rs_error *err)
{
    *out = NULL;
    rs_gate *gate = rs_alloc_zero(1, sizeof *gate);
    if (gate == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "gate: out of memory");
    }
    rs_status status = gate_init(gate, config, options, err);
    if (status != RS_OK) {
        rs_gate_free(gate);
        return status;
    }
    *out = gate;
    return RS_OK;
}

void rs_gate_free(rs_gate *gate)
{
    if (gate == NULL) {
        return;
    }
    rs_config_free(gate->config);
    rs_free(gate->snapshot);
    rs_free(gate->bundle);
    way_vec_release(&gate->ways);
    rs_findings_release(&gate->findings);
    json_decref(gate->builds);
    rs_buf_release(&gate->scratch);
    rs_buf_release(&gate->source);
    rs_buf_release(&gate->first);
    rs_buf_release(&gate->report);
    rs_free(gate);
}

void rs_gate_cancel(rs_gate *gate)
{
    atomic_store(&gate->cancelled, true);
}

const char *rs_gate_report(const rs_gate *gate)
{
    return rs_buf_text(&gate->report);
}

/* --- building --- */

/* Point at the folder of a tree, and take the tree by way of it. Cuts the tree's name off. */
static rs_status link_folder(rs_gate *gate, rs_buf *tree, const char *link, rs_error *err)
{
    char *slash = strrchr(tree->bytes, '/');
    RS_ASSERT(slash != NULL); /* a resolved path starts with one */
    *slash = '\0';
    if (symlink(slash == tree->bytes ? "/" : tree->bytes, link) != 0) {
        return rs_error_set_errno(err, errno, "link %s", link);
    }
    return rs_path_set(&gate->source, link, slash + 1, err);
}

/* A link to the directory that holds the tree: the same files by another name. */
static rs_status link_source(rs_gate *gate, rs_error *err)
{
    rs_buf real = {0};
    rs_buf link = {0};
    rs_status status = rs_files_resolve(gate->config->path, &real, err);
    RS_THEN(status, rs_path_set(&link, gate->scratch.bytes, "elsewhere", err));
    RS_THEN(status, link_folder(gate, &real, link.bytes, err));
    rs_buf_release(&link);
    rs_buf_release(&real);
    return status;
}

static rs_status configure(rs_gate *gate, const way *how, size_t number, rs_config **out,
                           rs_error *err)
{
    rs_buf output = {0};
    char name[32];
    RS_TRY(rs_config_copy(gate->config, out, err));
    snprintf(name, sizeof name, "build-%zu", number);
    rs_status status = rs_path_set(&output, gate->scratch.bytes, name, err);
    RS_THEN(status, rs_config_set_output(*out, output.bytes, err));
    if (how->elsewhere) {
        RS_THEN(status, link_source(gate, err));
        RS_THEN(status, rs_config_set_path(*out, gate->source.bytes, err));
    }
    rs_config_set_threads(*out, how->n_threads);
    rs_config_set_shuffle(*out, how->shuffle_seed);
    rs_buf_release(&output);
    return status;
}

static rs_status describe_build(rs_gate *gate, const way *how, const rs_buf *summary,
                                const rs_buf *path, rs_error *err)
{
    static const char *const copied[] = {"content_hash", "elapsed_ns", "threads"};
    bool failed = false;
    json_t *document = NULL;
    RS_TRY(rs_json_parse(rs_buf_str(summary), "the summary", &document, err));
    json_t *row = json_object();
    for (size_t i = 0; i < sizeof copied / sizeof copied[0]; i++) {
        rs_json_set(row, copied[i], json_incref(json_object_get(document, copied[i])), &failed);
    }
    rs_json_set(row, "name", rs_json_text(how->name), &failed);
    rs_json_set(row, "bundle", rs_json_text(gate->keeps ? rs_buf_text(path) : NULL), &failed);
    rs_json_push(gate->builds, row, &failed);
    json_decref(document);
    return failed ? rs_error_set(err, RS_ERR_NOMEM, "gate: out of memory") : RS_OK;
}

/* The bundle that all others are held against is looked at until the end. */
static rs_status keep_as_first(rs_gate *gate, rs_buf *path)
{
    RS_ASSERT(gate->first.n_bytes == 0 && path->n_bytes > 0);
    gate->first = *path;
    *path = (rs_buf){0};
    return RS_OK;
}

/* A bundle at a time beside the first: as many as there are ways would fill a disk. */
static rs_status compare_with_first(rs_gate *gate, const char *path, const way *how, rs_error *err)
{
    RS_ASSERT(gate->first.n_bytes > 0);
    RS_TRY(rs_check_same(gate->first.bytes, path, how->name, &gate->findings, err));
    return gate->keeps ? RS_OK : rs_files_remove_tree(path, err);
}

static rs_status build_one(rs_gate *gate, size_t number, rs_error *err)
{
    const way *how = &gate->ways.items[number];
    rs_config *config = NULL;
    rs_buf summary = {0};
    rs_buf path = {0};
    rs_status status = configure(gate, how, number, &config, err);
    RS_THEN(status, rs_config_build(config, &gate->cancelled, &summary, &path, err));
    RS_THEN(status, describe_build(gate, how, &summary, &path, err));
    RS_THEN(status, number > 0 ? compare_with_first(gate, path.bytes, how, err)
                               : keep_as_first(gate, &path));
    rs_buf_release(&path);
    rs_buf_release(&summary);
    rs_config_free(config);
    return status;
}

static rs_status build_all(rs_gate *gate, rs_error *err)
{
    RS_TRY(rs_files_make_dirs(gate->scratch.bytes, err));
    if (gate->ways.n_items > 1) {
        rs_findings_begin(&gate->findings, "builds");
    }
    for (size_t i = 0; i < gate->ways.n_items; i++) {
        RS_TRY(build_one(gate, i, err));
    }
    return rs_findings_check(&gate->findings, err);
}

/* --- comparing --- */

static rs_status write_snapshot(const rs_gate *gate, const json_t *facts, const json_t *old,
                                rs_error *err)
{
    json_t *snapshot = NULL;
    RS_TRY(rs_snapshot_new(facts, old, &snapshot, err));
    rs_status status = rs_snapshot_write(gate->snapshot, snapshot, err);
    json_decref(snapshot);
    return status;
}

/* Null unless both are known and differ: then equal rows may be other bytes. */
static json_t *makers_document(const json_t *snapshot, const json_t *facts, bool *failed)
{
    json_t *before = json_object_get(snapshot, "made_by");
    json_t *after = json_object_get(facts, "made_by");
    if (before == NULL || json_equal(before, after)) {
        return json_null();
    }
    json_t *row = json_object();
    rs_json_set(row, "expected", json_incref(before), failed);
    rs_json_set(row, "found", json_incref(after), failed);
    return row;
}

static rs_status make_report(rs_gate *gate, const json_t *snapshot, const json_t *facts,
                             bool is_sound, rs_error *err)
{
    bool failed = false;
    bool updated = gate->updates && is_sound;
    bool drifts = updated ? !is_sound : rs_findings_count(&gate->findings) > 0;
    json_t *row = json_object();
    rs_json_set(row, "snapshot", rs_json_text(gate->snapshot), &failed);
    rs_json_set(row, "other_maker", makers_document(snapshot, facts, &failed), &failed);
    rs_json_set(row, "updated", json_boolean(updated), &failed);
    rs_json_set(row, "drift", json_boolean(drifts), &failed);
    rs_json_set(row, "builds", json_incref(gate->builds), &failed);
    rs_json_set(row, "checks", json_incref(gate->findings.checks), &failed);
    rs_json_set(row, "findings", json_incref(gate->findings.findings), &failed);
    rs_status status = failed ? rs_error_set(err, RS_ERR_NOMEM, "gate: out of memory")
                              : rs_json_print(row, &gate->report, err);
    json_decref(row);
    return status;
}

/* The project file's bands are of kinds that there are, now that the packs were read. */
static rs_status check_bands(const rs_gate *gate, const rs_reader *reader, rs_error *err)
{
    static const char *const entities[] = {"nodes", "edges"};
    for (size_t i = 0; i < 2; i++) {
        const char *name = NULL;
        json_t *percent = NULL;
        json_object_foreach(json_object_get(gate->config->bands, entities[i]), name, percent)
        {
            if (rs_kinds_find(reader->kinds, i == 1, rs_str_of(name), NULL) == NULL) {
                return rs_error_set(err, RS_ERR_INVALID, "%s: gate.bands.%s: unknown kind %.60s",
                                    gate->config->project_file, entities[i], name);
            }
        }
    }
    return RS_OK;
}

static rs_status check_itself(rs_gate *gate, rs_reader *reader, const json_t *facts, bool *is_sound,
                              rs_error *err)
{
    RS_TRY(rs_check_invariants(reader, facts, &gate->findings, err));
    *is_sound = rs_findings_count(&gate->findings) == 0;
    return RS_OK;
}

/* What is wrong with the bundle itself keeps it from becoming a snapshot. */
static rs_status compare(rs_gate *gate, const json_t *snapshot, rs_error *err)
{
    rs_reader *reader = NULL;
    json_t *facts = NULL;
    bool is_sound = false;
    const char *path = gate->bundle != NULL ? gate->bundle : gate->first.bytes;
    rs_status status = rs_reader_new(path, &gate->cancelled, &reader, err);
    RS_THEN(status, check_bands(gate, reader, err));
    RS_THEN(status, rs_facts_new(reader, &facts, err));
    RS_THEN(status, check_itself(gate, reader, facts, &is_sound, err));
    if (snapshot != NULL) {
        RS_THEN(status, rs_check_snapshot(snapshot, facts, &gate->findings, err));
    }
    status = reader != NULL ? rs_reader_settle(reader, status, err) : status;
    if (gate->updates && is_sound) {
        RS_THEN(status, write_snapshot(gate, facts, snapshot, err));
    }
    RS_THEN(status, make_report(gate, snapshot, facts, is_sound, err));
    json_decref(facts);
    rs_reader_free(reader);
    return status;
}

rs_status rs_gate_execute(rs_gate *gate, rs_error *err)
{
    json_t *snapshot = NULL;
    RS_TRY(rs_snapshot_read(gate->snapshot, &snapshot, err));
    if (snapshot == NULL && !gate->updates) {
        return rs_error_set(err, RS_ERR_INVALID,
                            "read %s: there is no snapshot (--update makes it)", gate->snapshot);
    }
    rs_status status = gate->bundle == NULL ? build_all(gate, err) : RS_OK;
    if (snapshot != NULL && gate->config->bands != NULL &&
        json_object_set(snapshot, "bands", gate->config->bands) != 0) {
        status = rs_error_set(err, RS_ERR_NOMEM, "gate: out of memory");
    }
    RS_THEN(status, compare(gate, snapshot, err));
    if (gate->bundle == NULL && !gate->keeps) {
        rs_status removed = rs_files_remove_tree(gate->scratch.bytes, status == RS_OK ? err : NULL);
        status = status == RS_OK ? removed : status;
    }
    json_decref(snapshot);
    return status;
}
