/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/stop.h"
#include "bundle/files.h"
#include "bundle/manifest.h"

enum {
    MAX_DOCUMENT_BYTES = 64 << 20,
    MAX_MANIFEST_BYTES = 256 << 20,
    MAX_VERSION_BYTES = 32,
    PARALLEL_ROWS = 1 << 20
};

const char *rs_manifest_text(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text != NULL ? text : "";
}

uint64_t rs_manifest_number(const json_t *row, const char *key)
{
    json_int_t number = json_integer_value(json_object_get(row, key));
    return number < 0 ? 0 : (uint64_t)number;
}

/* --- opening --- */

rs_status rs_reader_load(const rs_reader *reader, const char *name, json_t **out, rs_error *err)
{
    rs_buf path = {0};
    rs_buf text = {0};
    rs_error cause = {0};
    *out = NULL;
    rs_status status = rs_path_set(&path, reader->directory.bytes, name, &cause);
    RS_THEN(status, rs_files_read(path.bytes, MAX_DOCUMENT_BYTES, &text, &cause));
    RS_THEN(status, rs_json_parse(rs_buf_str(&text), name, out, &cause));
    rs_buf_release(&text);
    rs_buf_release(&path);
    return status == RS_ERR_NOMEM ? rs_error_set(err, status, "%s", cause.message) : RS_OK;
}

rs_status rs_reader_find(const char *path, rs_buf *directory, rs_error *err)
{
    static const char *const places[] = {"manifest.json", "latest/manifest.json",
                                         "run_bundles/latest/manifest.json"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        RS_TRY(rs_path_set(directory, path, places[i], err));
        if (access(directory->bytes, F_OK) != 0) {
            continue;
        }
        directory->n_bytes -= strlen("/manifest.json");
        directory->bytes[directory->n_bytes] = '\0';
        rs_buf found = {0};
        rs_status status = rs_files_resolve(directory->bytes, &found, err);
        rs_buf_release(directory);
        *directory = found;
        return status;
    }
    if (access(path, F_OK) != 0) {
        return rs_error_set(err, RS_ERR_INVALID, "open bundle %s: no such file or directory", path);
    }
    return rs_error_set(err, RS_ERR_INVALID,
                        "open bundle %s: no manifest.json there, nor in run_bundles/latest", path);
}

/* What wrote a manifest, as far as it can be shown: the text is not ours. */
static const char *maker_of(const json_t *manifest)
{
    const char *maker = rs_manifest_text(manifest, "relspec_version");
    size_t n_bytes = strspn(maker, "0123456789.+-abcdefghijklmnopqrstuvwxyz");
    bool is_shown = n_bytes > 0 && n_bytes < MAX_VERSION_BYTES && maker[n_bytes] == '\0';
    return is_shown ? maker : "of an unknown version";
}

/* Another version is another shape: it is refused, with what helps. */
static rs_status check_version(const json_t *manifest, const char *path, rs_error *err)
{
    const json_t *version = json_object_get(manifest, "format_version");
    if (!json_is_integer(version)) {
        return rs_error_set(err, RS_ERR_INVALID,
                            "open %s: it has no format_version, so no relspec left it like that: "
                            "build the bundle again",
                            path);
    }
    if (json_integer_value(version) == RS_BUNDLE_FORMAT_VERSION) {
        return RS_OK;
    }
    return rs_error_set(err, RS_ERR_INVALID,
                        "open %s: a bundle of format %" PRId64 ", written by relspec %s; this one "
                        "reads format %d: build it again (relspec build), or use that relspec",
                        path, (int64_t)json_integer_value(version), maker_of(manifest),
                        RS_BUNDLE_FORMAT_VERSION);
}

static rs_status load_manifest(rs_reader *reader, rs_error *err)
{
    rs_buf path = {0};
    rs_status status = rs_path_set(&path, reader->directory.bytes, "manifest.json", err);
    RS_THEN(status, rs_files_read(path.bytes, MAX_MANIFEST_BYTES, &reader->manifest_text, err));
    RS_THEN(status,
            rs_json_parse(rs_buf_str(&reader->manifest_text), path.bytes, &reader->manifest, err));
    if (status == RS_OK &&
        strcmp(rs_manifest_text(reader->manifest, "format"), RS_BUNDLE_FORMAT) != 0) {
        status =
            rs_error_set(err, RS_ERR_INVALID, "open %s: no manifest of a run bundle", path.bytes);
    }
    RS_THEN(status, check_version(reader->manifest, path.bytes, err));
    rs_buf_release(&path);
    return status;
}

/* The engine takes a path with * ? or [ in it for a pattern first: it must fit no other bundle. */
static rs_status check_pattern(const rs_reader *reader, rs_error *err)
{
    const char *directory = rs_buf_text(&reader->directory);
    rs_buf path = {0};
    glob_t found = {0};
    if (strpbrk(directory, "*?[") == NULL) {
        return RS_OK;
    }
    rs_status status = rs_path_set(&path, directory, "manifest.json", err);
    if (status == RS_OK && glob(path.bytes, GLOB_NOESCAPE, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc && status == RS_OK; i++) {
            if (strcmp(found.gl_pathv[i], path.bytes) != 0) {
                status = rs_error_set(err, RS_ERR_INVALID,
                                      "open %s: taken for a pattern, that path fits %s, too: "
                                      "rename one of them",
                                      path.bytes, found.gl_pathv[i]);
            }
        }
        globfree(&found);
    }
    rs_buf_release(&path);
    return status;
}

/* Before anything is read: what is read under this name is held against it. */
static rs_status open_directory(rs_reader *reader, rs_error *err)
{
    const char *directory = rs_buf_text(&reader->directory);
    reader->fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return reader->fd >= 0 ? RS_OK : rs_error_set_errno(err, errno, "open bundle %s", directory);
}

rs_status rs_reader_settle(const rs_reader *reader, rs_status status, rs_error *err)
{
    struct stat opened;
    struct stat named;
    RS_TRY(rs_stop_check(reader->stop, err));
    const char *directory = rs_buf_text(&reader->directory);
    if (fstat(reader->fd, &opened) == 0 && stat(directory, &named) == 0 &&
        opened.st_dev == named.st_dev && opened.st_ino == named.st_ino) {
        return status;
    }
    return rs_error_set(err, RS_ERR_IO, "read %s: it was replaced or removed meanwhile: ask again",
                        directory);
}

/* Threads that have little to do cost more than they save: a fifth of what an explanation takes. */
static bool is_large(const rs_reader *reader)
{
    const json_t *datasets = json_object_get(reader->manifest, "datasets");
    uint64_t n_rows = 0;
    for (size_t i = 0; i < json_array_size(datasets); i++) {
        n_rows += rs_manifest_number(json_array_get(datasets, i), "rows");
    }
    return n_rows >= PARALLEL_ROWS;
}

static rs_status open_engine(rs_reader *reader, bool cannot_write, rs_error *err)
{
    const rs_engine_config config = {.is_parallel = is_large(reader),
                                     .allowed_directory = reader->directory.bytes,
                                     .kinds = reader->kinds,
                                     .cannot_write = cannot_write,
                                     .stop = reader->stop};
    RS_TRY(rs_engine_new(&config, &reader->engine, err));
    return rs_session_new(reader->engine, &reader->session, err);
}

static rs_status open_bundle(const char *path, bool cannot_write, const atomic_bool *stop,
                             rs_reader **out, rs_error *err)
{
    *out = NULL;
    rs_reader *reader = rs_alloc_zero(1, sizeof *reader);
    if (reader == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "open bundle %s: out of memory", path);
    }
    reader->fd = -1;
    reader->stop = stop;
    rs_status status = rs_reader_find(path, &reader->directory, err);
    RS_THEN(status, open_directory(reader, err));
    RS_THEN(status, load_manifest(reader, err));
    RS_THEN(status, rs_kinds_read(json_object_get(reader->manifest, "declared_kinds"),
                                  &reader->arena, &reader->kinds, err));
    RS_THEN(status, check_pattern(reader, err));
    RS_THEN(status, open_engine(reader, cannot_write, err));
    if (status != RS_OK) {
        rs_reader_free(reader);
        return status;
    }
    *out = reader;
    return RS_OK;
}

rs_status rs_reader_new(const char *path, const atomic_bool *stop, rs_reader **out, rs_error *err)
{
    return open_bundle(path, false, stop, out, err);
}

rs_status rs_reader_new_for_users(const char *path, const atomic_bool *stop, rs_reader **out,
                                  rs_error *err)
{
    return open_bundle(path, true, stop, out, err);
}

void rs_reader_free(rs_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    rs_reader_forget_views(reader);
    rs_session_free(reader->session);
    rs_engine_free(reader->engine);
    if (reader->fd >= 0) {
        close(reader->fd);
    }
    json_decref(reader->manifest);
    rs_arena_release(&reader->arena);
    rs_buf_release(&reader->manifest_text);
    rs_buf_release(&reader->directory);
    rs_free(reader);
}

/* --- files --- */

rs_status rs_reader_add_files_sql(const rs_reader *reader, const json_t *row, rs_buf *sql,
                                  rs_error *err)
{
    rs_buf path = {0};
    rs_status status =
        rs_path_set(&path, rs_buf_text(&reader->directory), rs_manifest_text(row, "path"), err);
    RS_THEN(status, rs_files_add_parquet_sql(path.bytes, 0, sql, err));
    rs_buf_release(&path);
    return status;
}

rs_status rs_reader_add_files_view(const rs_reader *reader, const json_t *row, const char *name,
                                   rs_error *err)
{
    rs_buf files = {0};
    rs_status status = rs_reader_add_files_sql(reader, row, &files, err);
    RS_THEN(status, rs_session_add_parquet_view(reader->session, name, files.bytes, err));
    rs_buf_release(&files);
    return status;
}
