/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/runs.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"
#include "base/vec.h"
#include "bundle/files.h"
#include "bundle/manifest.h"
#include "bundle/reader.h"
#include "bundle/writer.h"

enum { MAX_MANIFEST_BYTES = 64 << 20, TIME_BYTES = 32, MAX_LINK_BYTES = 256 };

/* A bundle. */
typedef struct run {
    char *name;
    int64_t made_ns; /* when its manifest was written */
    uint64_t n_bytes;
    char hash[RS_SHA256_TEXT_BYTES];
} run;

RS_VEC_DEFINE(run_vec, run)

typedef struct lister {
    rs_buf bundles; /* the directory run_bundles */
    run_vec runs;
    char latest[MAX_LINK_BYTES]; /* what the link names; "" for none */
} lister;

/* --- what is there --- */

static rs_status find_bundles(const char *directory, rs_buf *out, rs_error *err)
{
    struct stat info;
    RS_TRY(rs_path_set(out, directory, "run_bundles", err));
    if (stat(out->bytes, &info) == 0 && S_ISDIR(info.st_mode)) {
        return RS_OK;
    }
    rs_buf_reset(out);
    RS_TRY(rs_files_resolve(directory, out, err));
    const char *name = strrchr(out->bytes, '/');
    if (name == NULL || strcmp(name + 1, "run_bundles") != 0) {
        return rs_error_set(err, RS_ERR_INVALID, "open %s: there is no run_bundles", directory);
    }
    return RS_OK;
}

static uint64_t bytes_of(const json_t *manifest)
{
    uint64_t n_bytes = 0;
    const json_t *datasets = json_object_get(manifest, "datasets");
    const char *name = NULL;
    json_t *file = NULL;
    for (size_t i = 0; i < json_array_size(datasets); i++) {
        const json_t *files = json_object_get(json_array_get(datasets, i), "files");
        for (size_t k = 0; k < json_array_size(files); k++) {
            const json_t *bytes = json_object_get(json_array_get(files, k), "bytes");
            n_bytes += (uint64_t)json_integer_value(bytes);
        }
    }
    json_object_foreach(json_object_get(manifest, "files"), name, file)
    {
        n_bytes += (uint64_t)json_integer_value(json_object_get(file, "bytes"));
    }
    return n_bytes;
}

/* Whether name is a bundle, of which *out is told. */
static bool read_run(const lister *self, const char *name, run *out)
{
    rs_buf path = {0};
    rs_buf text = {0};
    json_t *manifest = NULL;
    struct stat info;
    bool found = rs_path_set(&path, self->bundles.bytes, name, NULL) == RS_OK &&
                 lstat(path.bytes, &info) == 0 && S_ISDIR(info.st_mode);
    rs_buf_add(&path, "/manifest.json");
    found = found && !path.failed && lstat(path.bytes, &info) == 0 && S_ISREG(info.st_mode) &&
            rs_files_read(path.bytes, MAX_MANIFEST_BYTES, &text, NULL) == RS_OK &&
            rs_json_parse(rs_buf_str(&text), path.bytes, &manifest, NULL) == RS_OK &&
            strcmp(rs_manifest_text(manifest, "format"), RS_BUNDLE_FORMAT) == 0;
    if (found) {
        *out = (run){.made_ns = (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec,
                     .n_bytes = bytes_of(manifest)};
        (void)snprintf(out->hash, sizeof out->hash, "%s",
                       rs_manifest_text(manifest, RS_MANIFEST_HASH));
    }
    json_decref(manifest);
    rs_buf_release(&text);
    rs_buf_release(&path);
    return found;
}

static int newest_first(const void *a, const void *b)
{
    const run *left = a;
    const run *right = b;
    if (left->made_ns != right->made_ns) {
        return left->made_ns > right->made_ns ? -1 : 1;
    }
    return strcmp(left->name, right->name);
}

static rs_status add_run(lister *self, const char *name, rs_error *err)
{
    run found;
    if (!rs_bundle_name_is_valid(name) || !read_run(self, name, &found)) {
        return RS_OK;
    }
    RS_ASSERT(found.made_ns >= 0);
    found.name = rs_strndup(name, strlen(name));
    if (found.name == NULL || !run_vec_push(&self->runs, found)) {
        rs_free(found.name);
        return rs_error_set(err, RS_ERR_NOMEM, "list runs: out of memory");
    }
    return RS_OK;
}

static void read_latest(lister *self)
{
    rs_buf path = {0};
    ssize_t n_bytes = -1;
    if (rs_path_set(&path, self->bundles.bytes, "latest", NULL) == RS_OK) {
        n_bytes = readlink(path.bytes, self->latest, sizeof self->latest - 1);
    }
    self->latest[n_bytes > 0 ? n_bytes : 0] = '\0';
    rs_buf_release(&path);
}

static rs_status list(lister *self, const char *directory, rs_error *err)
{
    const struct dirent *entry = NULL;
    RS_TRY(find_bundles(directory, &self->bundles, err));
    DIR *entries = opendir(self->bundles.bytes);
    if (entries == NULL) {
        return rs_error_set_errno(err, errno, "open %s", self->bundles.bytes);
    }
    rs_status status = RS_OK;
    while (status == RS_OK && (entry = readdir(entries)) != NULL) {
        status = add_run(self, entry->d_name, err);
    }
    (void)closedir(entries);
    if (self->runs.n_items > 1) {
        qsort(self->runs.items, self->runs.n_items, sizeof *self->runs.items, newest_first);
    }
    read_latest(self);
    return status;
}

static void lister_release(lister *self)
{
    for (size_t i = 0; i < self->runs.n_items; i++) {
        rs_free(self->runs.items[i].name);
    }
    run_vec_release(&self->runs);
    rs_buf_release(&self->bundles);
}

/* --- documents --- */

static json_t *run_document(const lister *self, const run *of, bool *failed)
{
    json_t *row = json_object();
    rs_buf path = {0};
    char made_at[TIME_BYTES] = "";
    time_t seconds = (time_t)(of->made_ns / 1000000000);
    struct tm parts;
    if (gmtime_r(&seconds, &parts) != NULL) {
        (void)strftime(made_at, sizeof made_at, "%Y-%m-%dT%H:%M:%SZ", &parts);
    }
    *failed = rs_path_set(&path, self->bundles.bytes, of->name, NULL) != RS_OK || *failed;
    rs_json_set(row, "name", rs_json_text(of->name), failed);
    rs_json_set(row, "path", rs_json_text(rs_buf_text(&path)), failed);
    rs_json_set(row, "is_latest", json_boolean(strcmp(of->name, self->latest) == 0), failed);
    rs_json_set(row, "made_at", rs_json_text(made_at), failed);
    rs_json_set(row, "bytes", rs_json_u64(of->n_bytes), failed);
    rs_json_set(row, "content_hash", rs_json_text(of->hash), failed);
    rs_buf_release(&path);
    return row;
}

static json_t *document_of(const lister *self, bool *failed)
{
    json_t *document = json_object();
    json_t *rows = json_array();
    for (size_t i = 0; i < self->runs.n_items; i++) {
        rs_json_push(rows, run_document(self, &self->runs.items[i], failed), failed);
    }
    rs_json_set(document, "directory", rs_json_text(rs_buf_text(&self->bundles)), failed);
    rs_json_set(document, "runs", rows, failed);
    return document;
}

/* Hand over the document, or say why not. */
static rs_status finish(json_t *document, bool failed, rs_status status, json_t **out,
                        rs_error *err)
{
    if (status == RS_OK && failed) {
        status = rs_error_set(err, RS_ERR_NOMEM, "list runs: out of memory");
    }
    if (status != RS_OK) {
        json_decref(document);
        document = NULL;
    }
    *out = document;
    return status;
}

rs_status rs_runs_list(const char *directory, json_t **out, rs_error *err)
{
    lister self = {0};
    bool failed = false;
    *out = NULL;
    rs_status status = list(&self, directory, err);
    json_t *document = status == RS_OK ? document_of(&self, &failed) : NULL;
    lister_release(&self);
    return finish(document, failed, status, out, err);
}

/* --- removing --- */

static const char *kept_for(const lister *self, size_t index, const rs_runs_filter *filter,
                            int64_t now_ns)
{
    const run *of = &self->runs.items[index];
    int64_t n_seconds = (now_ns - of->made_ns) / 1000000000;
    if (index < filter->n_kept) {
        return "newest";
    }
    if (strcmp(of->name, self->latest) == 0) {
        return "latest";
    }
    bool is_old = n_seconds >= 0 && (uint64_t)n_seconds >= filter->n_older_seconds;
    return filter->n_older_seconds > 0 && !is_old ? "age" : NULL;
}

static rs_status prune(lister *self, const rs_runs_filter *filter, json_t *rows, bool *failed,
                       rs_error *err)
{
    int64_t now_ns = (int64_t)time(NULL) * 1000000000;
    for (size_t i = 0; i < self->runs.n_items; i++) {
        const char *why = kept_for(self, i, filter, now_ns);
        const char *name = self->runs.items[i].name;
        bool is_busy = why == NULL && rs_bundle_is_being_made(self->bundles.bytes, name);
        if (why == NULL && !is_busy && !filter->is_dry) {
            RS_TRY(rs_bundle_take_away(self->bundles.bytes, name, &is_busy, err));
        }
        why = is_busy ? "building" : why;
        rs_json_set(json_array_get(rows, i), "is_removed", json_boolean(why == NULL), failed);
        rs_json_set(json_array_get(rows, i), "kept_for",
                    why != NULL ? rs_json_text(why) : json_null(), failed);
    }
    return RS_OK;
}

rs_status rs_runs_prune(const char *directory, const rs_runs_filter *filter, json_t **out,
                        rs_error *err)
{
    lister self = {0};
    bool failed = false;
    *out = NULL;
    rs_status status = list(&self, directory, err);
    json_t *document = status == RS_OK ? document_of(&self, &failed) : NULL;
    if (status == RS_OK && !failed) {
        status = prune(&self, filter, json_object_get(document, "runs"), &failed, err);
    }
    if (status == RS_OK && !filter->is_dry) {
        rs_bundle_remove_leftovers(self.bundles.bytes);
    }
    lister_release(&self);
    return finish(document, failed, status, out, err);
}
