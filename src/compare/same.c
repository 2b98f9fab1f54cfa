/* SPDX-License-Identifier: Apache-2.0 */
/* same.c - two bundles of one input, byte by byte. */
#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "bundle/files.h"
#include "compare/check.h"

enum { READ_BYTES = 1 << 16, MAX_MANIFEST_BYTES = 256 << 20 };

typedef struct twins {
    const char *directories[2];
    json_t *manifests[2];
    rs_buf path;
    char *bytes[2];
    size_t n_files;
    size_t n_different;
} twins;

static rs_status read_manifest(twins *self, size_t which, rs_error *err)
{
    rs_buf text = {0};
    rs_status status = rs_path_set(&self->path, self->directories[which], "manifest.json", err);
    RS_THEN(status, rs_files_read(self->path.bytes, MAX_MANIFEST_BYTES, &text, err));
    RS_THEN(status,
            rs_json_parse(rs_buf_str(&text), self->path.bytes, &self->manifests[which], err));
    rs_buf_release(&text);
    return status;
}

static rs_status open_file(twins *self, size_t which, const char *name, FILE **out, rs_error *err)
{
    RS_TRY(rs_path_set(&self->path, self->directories[which], name, err));
    *out = fopen(self->path.bytes, "rb");
    return *out != NULL || errno == ENOENT
               ? RS_OK
               : rs_error_set_errno(err, errno, "open %s", self->path.bytes);
}

static bool same_streams(twins *self, FILE *a, FILE *b)
{
    size_t n_a = READ_BYTES;
    while (n_a == READ_BYTES) {
        n_a = fread(self->bytes[0], 1, READ_BYTES, a);
        size_t n_b = fread(self->bytes[1], 1, READ_BYTES, b);
        if (n_a != n_b || memcmp(self->bytes[0], self->bytes[1], n_a) != 0) {
            return false;
        }
    }
    return ferror(a) == 0 && ferror(b) == 0;
}

/* A file that is missing in either is no twin. */
static rs_status check_file(twins *self, const char *name, bool *same, rs_error *err)
{
    FILE *files[2] = {NULL, NULL};
    rs_status status = open_file(self, 0, name, &files[0], err);
    RS_THEN(status, open_file(self, 1, name, &files[1], err));
    *same = status == RS_OK && files[0] != NULL && files[1] != NULL &&
            same_streams(self, files[0], files[1]);
    for (size_t i = 0; i < 2; i++) {
        if (files[i] != NULL) {
            fclose(files[i]);
        }
    }
    self->n_files++;
    self->n_different += status == RS_OK && !*same;
    return status;
}

/* The dataset of the second bundle that has the path. */
static const json_t *find_dataset(const json_t *manifest, const char *path)
{
    const json_t *rows = json_object_get(manifest, "datasets");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        if (strcmp(rs_manifest_text(json_array_get(rows, i), "path"), path) == 0) {
            return json_array_get(rows, i);
        }
    }
    return NULL;
}

static rs_status check_dataset(twins *self, const json_t *row, bool *same, rs_error *err)
{
    const json_t *files = json_object_get(row, "files");
    const char *path = rs_manifest_text(row, "path");
    rs_buf name = {0};
    rs_status status = RS_OK;
    const json_t *other = find_dataset(self->manifests[1], path);
    *same = json_equal(row, other);
    for (size_t i = 0; i < json_array_size(files) && status == RS_OK; i++) {
        bool same_file = false;
        if (json_object_get(json_array_get(files, i), "sha256") == NULL) {
            continue; /* it has times in it: only its rows are counted */
        }
        status = rs_path_set(&name, path, rs_manifest_text(json_array_get(files, i), "name"), err);
        RS_THEN(status, check_file(self, name.bytes, &same_file, err));
        *same = *same && same_file;
    }
    rs_buf_release(&name);
    return status;
}

static void report_dataset(const twins *self, const json_t *row, const char *build,
                           rs_findings *findings)
{
    const char *path = rs_manifest_text(row, "path");
    const json_t *other = find_dataset(self->manifests[1], path);
    rs_findings_add(findings, path, build, json_object_get(row, "rows"),
                    json_object_get(other, "rows"),
                    "%s: %s is the first dataset that differs (%llu and %llu rows)", build, path,
                    (unsigned long long)rs_manifest_number(row, "rows"),
                    (unsigned long long)rs_manifest_number(other, "rows"));
}

/* The manifest lists datasets in the order that they are made in. */
static rs_status check_datasets(twins *self, const char *build, rs_findings *findings,
                                rs_error *err)
{
    const json_t *rows = json_object_get(self->manifests[0], "datasets");
    bool all_same = true;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        bool same = false;
        RS_TRY(check_dataset(self, json_array_get(rows, i), &same, err));
        if (all_same && !same) {
            report_dataset(self, json_array_get(rows, i), build, findings);
        }
        all_same = all_same && same;
    }
    return RS_OK;
}

static rs_status check_documents(twins *self, const char *build, rs_findings *findings,
                                 rs_error *err)
{
    const char *name;
    json_t *row;
    bool same = false;
    json_object_foreach(json_object_get(self->manifests[0], "files"), name, row)
    {
        RS_TRY(check_file(self, name, &same, err));
        if (!same) {
            rs_findings_add(findings, name, build, NULL, NULL, "%s: %s differs", build, name);
        }
    }
    return check_file(self, "manifest.json", &same, err);
}

rs_status rs_check_same(const char *directory, const char *other, const char *name,
                        rs_findings *findings, rs_error *err)
{
    twins self = {.directories = {directory, other},
                  .bytes = {rs_alloc(READ_BYTES, 1), rs_alloc(READ_BYTES, 1)}};
    rs_status status = RS_OK;
    if (self.bytes[0] == NULL || self.bytes[1] == NULL) {
        status = rs_error_set(err, RS_ERR_NOMEM, "compare bundles: out of memory");
    }
    for (size_t i = 0; i < 2 && status == RS_OK; i++) {
        status = read_manifest(&self, i, err);
    }
    RS_THEN(status, check_datasets(&self, name, findings, err));
    RS_THEN(status, check_documents(&self, name, findings, err));
    if (status == RS_OK) {
        RS_ASSERT(self.n_different <= self.n_files);
        rs_findings_compared(findings, self.n_files);
    }
    if (status == RS_OK && self.n_different > 0) {
        json_t *hashes[2] = {json_object_get(self.manifests[0], "content_hash"),
                             json_object_get(self.manifests[1], "content_hash")};
        rs_findings_add(findings, "manifest.json", name, hashes[0], hashes[1],
                        "%s: %zu of %zu files differ", name, self.n_different, self.n_files);
        status = rs_findings_check(findings, err);
    }
    for (size_t i = 0; i < 2; i++) {
        json_decref(self.manifests[i]);
        rs_free(self.bytes[i]);
    }
    rs_buf_release(&self.path);
    return status;
}
