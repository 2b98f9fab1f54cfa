/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/writer.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "bundle/files.h"

enum { MAX_NAME_BYTES = 128, CONTENT_NAME_DIGITS = 12, MAX_ATTEMPTS = 100 };

struct rs_bundle_writer {
    rs_buf bundles;   /* <output>/run_bundles */
    rs_buf directory; /* the one in the making */
    rs_buf path;      /* the published one */
    rs_buf scratch;
    char *run_name; /* NULL: by content */
    json_t *files;  /* text files: name -> {bytes, sha256} */
    json_t *timed;  /* the same of those with times in them */
    char content_hash[RS_SHA256_TEXT_BYTES];
    bool started; /* directory exists and is ours to remove */
};

bool rs_bundle_name_is_valid(const char *name)
{
    size_t n_bytes = strlen(name);
    if (n_bytes == 0 || n_bytes > MAX_NAME_BYTES || name[0] == '.' || name[0] == '-' ||
        strcmp(name, "latest") == 0) {
        return false;
    }
    return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
           n_bytes;
}

/* --- what killed runs left --- */

/* The process that a name ends in ("...-1234"), or 0. */
static pid_t name_process(const char *name)
{
    const char *dash = strrchr(name, '-');
    if (dash == NULL || dash[1] < '1' || dash[1] > '9') {
        return 0;
    }
    char *end = NULL;
    errno = 0;
    long pid = strtol(dash + 1, &end, 10);
    return *end == '\0' && errno == 0 && pid <= INT32_MAX ? (pid_t)pid : 0;
}

/* A bundle was being replaced without an exchange: put the old one back if no new one came. */
static bool restore_old(const char *bundles, const char *name, rs_buf *from)
{
    rs_buf to = {0};
    const char *run = name + strlen(".old-");
    struct stat info;
    bool restored = false;
    rs_buf_add(&to, bundles);
    rs_buf_add_char(&to, '/');
    rs_buf_append(&to, run, (size_t)(strrchr(run, '-') - run));
    if (!to.failed && lstat(to.bytes, &info) != 0 && errno == ENOENT) {
        restored = rename(from->bytes, to.bytes) == 0;
    }
    rs_buf_release(&to);
    return restored;
}

/* Best effort: what cannot be removed stays, and is no bundle by its name. */
static void remove_leftovers(const char *bundles)
{
    DIR *dir = opendir(bundles);
    rs_buf path = {0};
    const struct dirent *entry;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        const char *name = entry->d_name;
        bool is_old = strncmp(name, ".old-", 5) == 0;
        if (!is_old && strncmp(name, ".tmp-", 5) != 0) {
            continue;
        }
        pid_t pid = name_process(name + 5);
        if (pid == 0 || kill(pid, 0) == 0 || errno != ESRCH ||
            rs_path_set(&path, bundles, name, NULL) != RS_OK) {
            continue;
        }
        if ((!is_old || !restore_old(bundles, name, &path)) &&
            rs_files_remove_tree(path.bytes, NULL) != RS_OK) {
            continue;
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    rs_buf_release(&path);
}

/* --- making --- */

static rs_status make_directory(rs_bundle_writer *writer, rs_error *err)
{
    const char *name = writer->run_name != NULL ? writer->run_name : "run";
    for (int i = 0; i < MAX_ATTEMPTS; i++) {
        rs_buf_reset(&writer->directory);
        rs_buf_add_str(&writer->directory,
                       (rs_str){writer->bundles.bytes, writer->bundles.n_bytes});
        rs_buf_addf(&writer->directory, "/.tmp-%s", name);
        if (i > 0) { /* this process writes another one */
            rs_buf_addf(&writer->directory, ".%d", i);
        }
        rs_buf_addf(&writer->directory, "-%ld", (long)getpid());
        RS_TRY(rs_buf_check(&writer->directory, err));
        if (mkdir(writer->directory.bytes, 0777) == 0) {
            writer->started = true;
            return RS_OK;
        }
        if (errno != EEXIST) {
            break;
        }
    }
    return rs_error_set_errno(err, errno, "make directory %s", writer->directory.bytes);
}

static rs_status writer_start(rs_bundle_writer *writer, const char *output_dir,
                              const char *run_name, rs_error *err)
{
    writer->files = json_object();
    writer->timed = json_object();
    if (run_name != NULL) {
        writer->run_name = rs_strndup(run_name, strlen(run_name));
    }
    if (writer->files == NULL || writer->timed == NULL ||
        (run_name != NULL && writer->run_name == NULL)) {
        return rs_error_set(err, RS_ERR_NOMEM, "start the bundle: out of memory");
    }
    RS_TRY(rs_path_set(&writer->bundles, output_dir, "run_bundles", err));
    RS_TRY(rs_files_make_dirs(writer->bundles.bytes, err));
    remove_leftovers(writer->bundles.bytes);
    return make_directory(writer, err);
}

rs_status rs_bundle_writer_new(const char *output_dir, const char *run_name, rs_bundle_writer **out,
                               rs_error *err)
{
    *out = NULL;
    if (run_name != NULL && !rs_bundle_name_is_valid(run_name)) {
        return rs_error_set(err, RS_ERR_INVALID,
                            "name the bundle %s: letters, digits, '.', '_' and '-' only, a letter, "
                            "digit or '_' first",
                            run_name);
    }
    rs_bundle_writer *writer = rs_alloc_zero(1, sizeof *writer);
    if (writer == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "start the bundle: out of memory");
    }
    rs_status status = writer_start(writer, output_dir, run_name, err);
    if (status != RS_OK) {
        rs_bundle_writer_free(writer);
        return status;
    }
    *out = writer;
    return RS_OK;
}

void rs_bundle_writer_free(rs_bundle_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    if (writer->started && rs_files_remove_tree(writer->directory.bytes, NULL) != RS_OK) {
        writer->started = false; /* the next writer tries again */
    }
    json_decref(writer->files);
    json_decref(writer->timed);
    rs_free(writer->run_name);
    rs_buf_release(&writer->bundles);
    rs_buf_release(&writer->directory);
    rs_buf_release(&writer->path);
    rs_buf_release(&writer->scratch);
    rs_free(writer);
}

const char *rs_bundle_writer_directory(const rs_bundle_writer *writer)
{
    return writer->directory.bytes;
}

const char *rs_bundle_writer_path(const rs_bundle_writer *writer)
{
    return rs_buf_text(&writer->path);
}

const char *rs_bundle_writer_content_hash(const rs_bundle_writer *writer)
{
    return writer->content_hash;
}

rs_status rs_bundle_writer_add_directory(rs_bundle_writer *writer, const char *name, rs_error *err)
{
    RS_TRY(rs_path_set(&writer->scratch, writer->directory.bytes, name, err));
    return rs_files_make_dirs(writer->scratch.bytes, err);
}

/* Into one of the writer's lists. */
static rs_status list_file(json_t *files, const char *name, uint64_t n_bytes, const char *hash,
                           rs_error *err)
{
    bool failed = false;
    json_t *file = json_object();
    rs_json_set(file, "bytes", rs_json_u64(n_bytes), &failed);
    rs_json_set(file, "sha256", rs_json_text(hash), &failed);
    rs_json_set(files, name, file, &failed);
    return failed ? rs_error_set(err, RS_ERR_NOMEM, "write %s: out of memory", name) : RS_OK;
}

rs_status rs_bundle_writer_list(rs_bundle_writer *writer, const char *name, rs_error *err)
{
    char hash[RS_SHA256_TEXT_BYTES];
    uint64_t n_bytes = 0;
    RS_TRY(rs_path_set(&writer->scratch, writer->directory.bytes, name, err));
    RS_TRY(rs_files_hash(writer->scratch.bytes, hash, &n_bytes, err));
    return list_file(writer->files, name, n_bytes, hash, err);
}

static rs_status add_text(rs_bundle_writer *writer, json_t *files, const char *name, rs_str text,
                          rs_error *err)
{
    char hash[RS_SHA256_TEXT_BYTES];
    rs_sha256_text(text.bytes, text.n_bytes, hash);
    RS_TRY(list_file(files, name, text.n_bytes, hash, err));
    RS_TRY(rs_path_set(&writer->scratch, writer->directory.bytes, name, err));
    return rs_files_write(writer->scratch.bytes, text.bytes, text.n_bytes, err);
}

static rs_status add_json(rs_bundle_writer *writer, json_t *files, const char *name,
                          const json_t *value, rs_error *err)
{
    rs_buf text = {0};
    rs_status status = rs_json_print(value, &text, err);
    if (status == RS_OK) {
        status = add_text(writer, files, name, rs_buf_str(&text), err);
    }
    rs_buf_release(&text);
    return status;
}

rs_status rs_bundle_writer_add_text(rs_bundle_writer *writer, const char *name, rs_str text,
                                    rs_error *err)
{
    return add_text(writer, writer->files, name, text, err);
}

rs_status rs_bundle_writer_add_json(rs_bundle_writer *writer, const char *name, const json_t *value,
                                    rs_error *err)
{
    return add_json(writer, writer->files, name, value, err);
}

rs_status rs_bundle_writer_add_timed_json(rs_bundle_writer *writer, const char *name,
                                          const json_t *value, rs_error *err)
{
    return add_json(writer, writer->timed, name, value, err);
}

/* --- publishing --- */

/* Add member, the hash of all the others, to value. */
static rs_status add_hash(json_t *value, const char *name, const char *member,
                          char hash[RS_SHA256_TEXT_BYTES], rs_error *err)
{
    RS_TRY(rs_json_hash_without(value, member, hash, err));
    if (json_object_set_new(value, member, json_string(hash)) != 0) {
        return rs_error_set(err, RS_ERR_NOMEM, "write %s: out of memory", name);
    }
    return RS_OK;
}

/* Written without a listing: the manifest cannot list itself, nor what differs between runs. */
static rs_status write_unlisted(rs_bundle_writer *writer, const char *name, const json_t *value,
                                rs_error *err)
{
    rs_buf text = {0};
    rs_status status = rs_json_print(value, &text, err);
    if (status == RS_OK) {
        status = rs_path_set(&writer->scratch, writer->directory.bytes, name, err);
    }
    if (status == RS_OK) {
        status = rs_files_write(writer->scratch.bytes, text.bytes, text.n_bytes, err);
    }
    rs_buf_release(&text);
    return status;
}

/* Move what stands at path aside, put ours there, remove the other. */
static rs_status replace_old(rs_bundle_writer *writer, rs_error *err)
{
    const char *path = writer->path.bytes;
    if (rs_files_exchange(writer->directory.bytes, path)) {
        writer->started = false;
        return rs_files_remove_tree(writer->directory.bytes, err);
    }
    rs_buf old = {0};
    rs_buf_add_str(&old, (rs_str){writer->bundles.bytes, writer->bundles.n_bytes});
    rs_buf_addf(&old, "/.old-%s-%ld", strrchr(path, '/') + 1, (long)getpid());
    rs_status status = rs_buf_check(&old, err);
    if (status == RS_OK && rename(path, old.bytes) != 0) {
        status = rs_error_set_errno(err, errno, "replace %s", path);
    }
    if (status == RS_OK && rename(writer->directory.bytes, path) != 0) {
        status = rs_error_set_errno(err, errno, "rename to %s", path);
        if (rename(old.bytes, path) != 0) {
            status = rs_error_set_errno(err, errno, "put back %s", path);
        }
    } else if (status == RS_OK) {
        writer->started = false;
        status = rs_files_remove_tree(old.bytes, err);
    }
    rs_buf_release(&old);
    return status;
}

static rs_status give_name(rs_bundle_writer *writer, rs_error *err)
{
    struct stat info;
    const char *path = writer->path.bytes;
    if (lstat(path, &info) == 0) {
        return replace_old(writer, err);
    }
    if (rename(writer->directory.bytes, path) != 0) {
        return rs_error_set_errno(err, errno, "rename to %s", path);
    }
    writer->started = false;
    return RS_OK;
}

/* The link is made beside its name and renamed, so that it is always there. */
static rs_status point_latest(rs_bundle_writer *writer, rs_error *err)
{
    rs_buf link = {0};
    rs_status status = rs_path_set(&writer->scratch, writer->bundles.bytes, "latest", err);
    rs_buf_add_str(&link, (rs_str){writer->bundles.bytes, writer->bundles.n_bytes});
    rs_buf_addf(&link, "/.tmp-latest-%ld", (long)getpid());
    if (status == RS_OK) {
        status = rs_buf_check(&link, err);
    }
    if (status == RS_OK) {
        unlink(link.bytes); /* of an earlier process with our number */
        if (symlink(strrchr(writer->path.bytes, '/') + 1, link.bytes) != 0 ||
            rename(link.bytes, writer->scratch.bytes) != 0) {
            status = rs_error_set_errno(err, errno, "link %s", writer->scratch.bytes);
            unlink(link.bytes);
        }
    }
    rs_buf_release(&link);
    return status;
}

rs_status rs_bundle_writer_publish(rs_bundle_writer *writer, json_t *manifest, json_t *environment,
                                   rs_error *err)
{
    if (json_object_set(manifest, "files", writer->files) != 0) {
        return rs_error_set(err, RS_ERR_NOMEM, "write manifest.json: out of memory");
    }
    char hash[RS_SHA256_TEXT_BYTES];
    char environment_hash[RS_SHA256_TEXT_BYTES];
    RS_TRY(add_hash(manifest, "manifest.json", RS_MANIFEST_HASH, hash, err));
    char by_content[sizeof "run_" + CONTENT_NAME_DIGITS];
    snprintf(by_content, sizeof by_content, "run_%.*s", CONTENT_NAME_DIGITS, hash);
    const char *name = writer->run_name != NULL ? writer->run_name : by_content;
    json_t *timed = json_object_get(environment, "files");
    if (json_object_set_new(environment, "run", rs_json_text(name)) != 0 ||
        (timed != NULL && json_object_update(timed, writer->timed) != 0)) {
        return rs_error_set(err, RS_ERR_NOMEM, "write environment.json: out of memory");
    }
    RS_TRY(add_hash(environment, "environment.json", RS_ENVIRONMENT_HASH, environment_hash, err));
    RS_TRY(write_unlisted(writer, "environment.json", environment, err));
    RS_TRY(write_unlisted(writer, "manifest.json", manifest, err));
    RS_TRY(rs_path_set(&writer->path, writer->bundles.bytes, name, err));
    rs_status status = give_name(writer, err);
    if (status == RS_OK) {
        memcpy(writer->content_hash, hash, sizeof hash);
        status = point_latest(writer, err);
    } else {
        rs_buf_reset(&writer->path);
    }
    return status;
}
