/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/writer.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "bundle/draft_lock.h"
#include "bundle/files.h"

enum { MAX_NAME_BYTES = 128, CONTENT_NAME_DIGITS = 12, MAX_ATTEMPTS = 100 };

struct rs_bundle_writer {
    rs_buf bundles;   /* <output>/run_bundles */
    rs_buf draft;     /* <run>-<process>, which the names of what is in the making end in */
    rs_buf directory; /* the one in the making */
    rs_buf lock;      /* the file that says that we are at it */
    int lock_fd;      /* -1: not taken */
    rs_buf path;      /* the published one */
    rs_buf scratch;
    char *run_name; /* NULL: by content */
    json_t *files;  /* text files: name -> {bytes, sha256} */
    json_t *timed;  /* the same of those with times in them */
    char content_hash[RS_SHA256_TEXT_BYTES];
    bool started;      /* directory exists and is ours to remove */
    bool made_bundles; /* run_bundles was not there before; as long as nothing was published */
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

/* --- names beside the bundles --- */

/* What a draft has in run_bundles/, each name behind its prefix the draft's own: <run>-<process>. */
static const char draft_prefix[] = ".tmp-";
static const char lock_prefix[] = ".lock-";
static const char link_prefix[] = ".latest-"; /* the link before it is renamed */
/* A bundle that makes room for another where names cannot be exchanged: .old-<run>~<draft>. */
static const char old_prefix[] = ".old-";

static rs_status name_set(rs_buf *path, const char *bundles, const char *prefix, const char *draft,
                          rs_error *err)
{
    RS_TRY(rs_path_set(path, bundles, prefix, err));
    rs_buf_add(path, draft);
    return rs_buf_check(path, err);
}

static bool has_prefix(const char *name, const char *prefix)
{
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* --- what killed runs left --- */

/* A bundle was being replaced without an exchange: put the old one back if no new one came. */
static bool restore_old(const char *bundles, const char *name, const char *from)
{
    rs_buf to = {0};
    RS_ASSERT(has_prefix(name, old_prefix));
    const char *run = name + strlen(old_prefix);
    struct stat info;
    bool restored = false;
    rs_buf_add(&to, bundles);
    rs_buf_add_char(&to, '/');
    rs_buf_append(&to, run, strcspn(run, "~"));
    if (!to.failed && lstat(to.bytes, &info) != 0 && errno == ENOENT) {
        restored = rename(from, to.bytes) == 0;
    }
    rs_buf_release(&to);
    return restored;
}

/* Call fn for each name in the directory that starts with a prefix. */
static void each_name(const char *bundles, const char *prefix, const char *draft,
                      void (*fn)(const char *bundles, const char *name, const char *draft))
{
    DIR *dir = opendir(bundles);
    const struct dirent *entry;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (has_prefix(entry->d_name, prefix)) {
            fn(bundles, entry->d_name, draft);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
}

/* An old bundle of the draft, or (NULL) of one that has no lock file and is of long ago. */
static void remove_old(const char *bundles, const char *name, const char *draft)
{
    rs_buf path = {0};
    const char *owner = strchr(name, '~');
    if (rs_path_set(&path, bundles, name, NULL) == RS_OK &&
        (draft != NULL ? owner != NULL && strcmp(owner + 1, draft) == 0
                       : rs_draft_is_old(path.bytes)) &&
        !restore_old(bundles, name, path.bytes)) {
        (void)(rs_files_remove_tree(path.bytes, NULL) == RS_OK);
    }
    rs_buf_release(&path);
}

/* A draft whose lock file is there: what it has goes, the lock file last. */
static void remove_left(const char *bundles, const char *name, const char *unused)
{
    RS_ASSERT(has_prefix(name, lock_prefix));
    const char *draft = name + strlen(lock_prefix);
    rs_buf lock = {0};
    rs_buf path = {0};
    int fd = -1;
    (void)unused;
    if (rs_path_set(&lock, bundles, name, NULL) == RS_OK &&
        rs_draft_lock_probe(lock.bytes, &fd) == RS_DRAFT_LEFT) {
        each_name(bundles, old_prefix, draft, remove_old);
        if (name_set(&path, bundles, link_prefix, draft, NULL) == RS_OK) {
            unlink(path.bytes);
        }
        if (name_set(&path, bundles, draft_prefix, draft, NULL) == RS_OK &&
            rs_files_remove_tree(path.bytes, NULL) == RS_OK) {
            rs_draft_lock_drop(lock.bytes, fd);
        } else {
            close(fd); /* the next writer tries again */
        }
    }
    rs_buf_release(&lock);
    rs_buf_release(&path);
}

/* A draft without a lock file: nobody can be asked, so age decides. */
static void remove_unlocked(const char *bundles, const char *name, const char *unused)
{
    rs_buf path = {0};
    struct stat info;
    (void)unused;
    bool has_lock =
        name_set(&path, bundles, lock_prefix, name + strlen(draft_prefix), NULL) != RS_OK ||
        lstat(path.bytes, &info) == 0;
    if (!has_lock && rs_path_set(&path, bundles, name, NULL) == RS_OK &&
        rs_draft_is_old(path.bytes)) {
        (void)(rs_files_remove_tree(path.bytes, NULL) == RS_OK);
    }
    rs_buf_release(&path);
}

void rs_bundle_remove_leftovers(const char *bundles)
{
    each_name(bundles, lock_prefix, NULL, remove_left);
    each_name(bundles, draft_prefix, NULL, remove_unlocked);
    each_name(bundles, old_prefix, NULL, remove_old);
}

/* --- making --- */

/* A draft of that name: its lock, then its directory. *is_taken is false where one is there. */
static rs_status try_name(rs_bundle_writer *writer, bool *is_taken, rs_error *err)
{
    const char *bundles = writer->bundles.bytes;
    const char *draft = writer->draft.bytes;
    RS_TRY(name_set(&writer->lock, bundles, lock_prefix, draft, err));
    RS_TRY(name_set(&writer->directory, bundles, draft_prefix, draft, err));
    RS_TRY(rs_draft_lock_take(writer->lock.bytes, &writer->lock_fd, is_taken, err));
    if (!*is_taken) {
        return RS_OK;
    }
    writer->started = mkdir(writer->directory.bytes, 0777) == 0;
    if (!writer->started) {
        int cause = errno;
        rs_draft_lock_drop(writer->lock.bytes, writer->lock_fd);
        writer->lock_fd = -1;
        *is_taken = false;
        if (cause != EEXIST) {
            return rs_error_set_errno(err, cause, "make directory %s", writer->directory.bytes);
        }
    }
    return RS_OK;
}

/* Processes of two containers may have one number, and one process may write several bundles. */
static rs_status make_directory(rs_bundle_writer *writer, rs_error *err)
{
    const char *name = writer->run_name != NULL ? writer->run_name : "run";
    for (int i = 0; i < MAX_ATTEMPTS; i++) {
        bool is_taken = false;
        rs_buf_reset(&writer->draft);
        rs_buf_add(&writer->draft, name);
        if (i > 0) {
            rs_buf_addf(&writer->draft, ".%d", i);
        }
        rs_buf_addf(&writer->draft, "-%ld", (long)getpid());
        RS_TRY(rs_buf_check(&writer->draft, err));
        RS_TRY(try_name(writer, &is_taken, err));
        if (is_taken) {
            return RS_OK;
        }
    }
    return rs_error_set(err, RS_ERR_IO, "make directory %s: every name like it is taken",
                        writer->directory.bytes);
}

static const char ignore_name[] = ".gitignore";

/* A folder of bundles is nothing for version control: one that is new says so itself. */
static rs_status say_ignored(const char *bundles, rs_error *err)
{
    static const char pattern[] = "*\n";
    rs_buf path = {0};
    rs_status status = rs_path_set(&path, bundles, ignore_name, err);
    RS_THEN(status, rs_files_write(path.bytes, pattern, sizeof pattern - 1, err));
    rs_buf_release(&path);
    return status;
}

static rs_status make_bundles(rs_bundle_writer *writer, rs_error *err)
{
    const char *bundles = writer->bundles.bytes;
    struct stat info;
    writer->made_bundles = lstat(bundles, &info) != 0 && errno == ENOENT;
    RS_TRY(rs_files_make_dirs(bundles, err));
    return writer->made_bundles ? say_ignored(bundles, err) : RS_OK;
}

/* Whether there is nothing in it but what says that it is ignored. */
static bool is_unused(const char *bundles)
{
    DIR *dir = opendir(bundles);
    const struct dirent *entry = NULL;
    size_t n_others = dir == NULL;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        n_others += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
                    strcmp(entry->d_name, ignore_name) != 0;
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return n_others == 0;
}

/* A run that publishes nothing leaves no folder for it. Another one may begin in it meanwhile. */
static void remove_bundles(rs_bundle_writer *writer)
{
    const char *bundles = rs_buf_text(&writer->bundles);
    if (writer->made_bundles && is_unused(bundles) &&
        rs_path_set(&writer->scratch, bundles, ignore_name, NULL) == RS_OK) {
        unlink(writer->scratch.bytes);
        if (rmdir(bundles) != 0) {
            (void)(say_ignored(bundles, NULL) == RS_OK);
        }
    }
}

/* What the link would have to take the place of is told before the work, not behind it. */
static rs_status check_latest(rs_bundle_writer *writer, rs_error *err)
{
    struct stat info;
    RS_TRY(rs_path_set(&writer->scratch, writer->bundles.bytes, "latest", err));
    if (lstat(writer->scratch.bytes, &info) == 0 && !S_ISLNK(info.st_mode)) {
        return rs_error_set(err, RS_ERR_INVALID,
                            "link %s: something is there that is no link: move it away",
                            writer->scratch.bytes);
    }
    return RS_OK;
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
    RS_TRY(make_bundles(writer, err));
    RS_TRY(check_latest(writer, err));
    rs_bundle_remove_leftovers(writer->bundles.bytes);
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
    writer->lock_fd = -1;
    rs_status status = writer_start(writer, output_dir, run_name, err);
    if (status != RS_OK) {
        rs_bundle_writer_free(writer);
        return status;
    }
    *out = writer;
    return RS_OK;
}

/* --- removing a bundle --- */

/* Whether a lock's name is that of a draft of the run: <run>-<process> or <run>.<n>-<process>. */
static bool is_draft_of(const char *draft, const char *name)
{
    size_t n_name = strlen(name);
    const char *rest = draft + n_name;
    if (strncmp(draft, name, n_name) != 0) {
        return false;
    }
    if (*rest == '.') {
        rest += 1 + strspn(rest + 1, "0123456789");
    }
    return *rest == '-' && rest[1] != '\0' && rest[1 + strspn(rest + 1, "0123456789")] == '\0';
}

bool rs_bundle_is_being_made(const char *bundles, const char *name)
{
    DIR *dir = opendir(bundles);
    const struct dirent *entry = NULL;
    rs_buf path = {0};
    bool is_made = false;
    while (dir != NULL && !is_made && (entry = readdir(dir)) != NULL) {
        int fd = -1;
        if (has_prefix(entry->d_name, lock_prefix) &&
            is_draft_of(entry->d_name + strlen(lock_prefix), name) &&
            rs_path_set(&path, bundles, entry->d_name, NULL) == RS_OK) {
            is_made = rs_draft_lock_probe(path.bytes, &fd) == RS_DRAFT_ALIVE;
        }
        if (fd >= 0) {
            close(fd); /* its files are for remove_left() */
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    rs_buf_release(&path);
    return is_made;
}

/* What a killed process left of this is a draft like any other. */
static rs_status take_away(const char *bundle, const char *draft, const char *lock, bool *is_busy,
                           rs_error *err)
{
    int fd = -1;
    bool is_taken = false;
    RS_TRY(rs_draft_lock_take(lock, &fd, &is_taken, err));
    *is_busy = !is_taken;
    if (!is_taken) {
        return RS_OK;
    }
    rs_status status = RS_OK;
    if (rename(bundle, draft) != 0) {
        *is_busy = errno == ENOENT; /* somebody was faster */
        status = *is_busy ? RS_OK : rs_error_set_errno(err, errno, "remove %s", bundle);
    } else {
        status = rs_files_remove_tree(draft, err);
    }
    if (status == RS_OK) {
        rs_draft_lock_drop(lock, fd);
    } else {
        close(fd); /* its file stays: the next writer tries again */
    }
    return status;
}

rs_status rs_bundle_take_away(const char *bundles, const char *name, bool *is_busy, rs_error *err)
{
    rs_buf bundle = {0};
    rs_buf draft = {0};
    rs_buf lock = {0};
    rs_buf own = {0};
    rs_buf_addf(&own, "%s-%ld", name, (long)getpid());
    rs_status status = rs_buf_check(&own, err);
    RS_THEN(status, rs_path_set(&bundle, bundles, name, err));
    RS_THEN(status, name_set(&draft, bundles, draft_prefix, own.bytes, err));
    RS_THEN(status, name_set(&lock, bundles, lock_prefix, own.bytes, err));
    RS_THEN(status, take_away(bundle.bytes, draft.bytes, lock.bytes, is_busy, err));
    rs_buf_release(&own);
    rs_buf_release(&lock);
    rs_buf_release(&draft);
    rs_buf_release(&bundle);
    return status;
}

void rs_bundle_writer_free(rs_bundle_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    if (writer->started && rs_files_remove_tree(writer->directory.bytes, NULL) != RS_OK) {
        close(writer->lock_fd); /* its file stays: the next writer tries again */
        writer->lock_fd = -1;
    }
    rs_draft_lock_drop(rs_buf_text(&writer->lock), writer->lock_fd);
    remove_bundles(writer);
    json_decref(writer->files);
    json_decref(writer->timed);
    rs_free(writer->run_name);
    rs_buf_release(&writer->bundles);
    rs_buf_release(&writer->draft);
    rs_buf_release(&writer->directory);
    rs_buf_release(&writer->lock);
    rs_buf_release(&writer->path);
    rs_buf_release(&writer->scratch);
    rs_free(writer);
}

const char *rs_bundle_writer_directory(const rs_bundle_writer *writer)
{
    RS_ASSERT(writer->directory.bytes != NULL);
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
    RS_TRY(rs_files_hash(writer->scratch.bytes, NULL, hash, &n_bytes, err));
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
    RS_THEN(status, add_text(writer, files, name, rs_buf_str(&text), err));
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
    RS_THEN(status, rs_path_set(&writer->scratch, writer->directory.bytes, name, err));
    RS_THEN(status, rs_files_write(writer->scratch.bytes, text.bytes, text.n_bytes, err));
    rs_buf_release(&text);
    return status;
}

/* Move what stands at path aside, put ours there, remove the other. */
static rs_status replace_old(rs_bundle_writer *writer, rs_error *err)
{
    const char *path = writer->path.bytes;
    RS_ASSERT(writer->started && strrchr(path, '/') != NULL);
    if (rs_files_exchange(writer->directory.bytes, path)) {
        writer->started = false;
        return rs_files_remove_tree(writer->directory.bytes, err);
    }
    rs_buf old = {0};
    rs_status status =
        name_set(&old, writer->bundles.bytes, old_prefix, strrchr(path, '/') + 1, err);
    rs_buf_addf(&old, "~%s", writer->draft.bytes);
    status = status == RS_OK ? rs_buf_check(&old, err) : status;
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
    RS_THEN(status, name_set(&link, writer->bundles.bytes, link_prefix, writer->draft.bytes, err));
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

/* --- is all of it there? --- */

/* A file of the draft has the size that is listed: whoever cleaned up here by mistake is found. */
static rs_status check_file(rs_bundle_writer *writer, const char *directory, const char *name,
                            const json_t *file, rs_error *err)
{
    struct stat info;
    RS_TRY(rs_path_set(&writer->scratch, writer->directory.bytes, directory, err));
    rs_buf_add(&writer->scratch, directory[0] != '\0' ? "/" : "");
    rs_buf_add(&writer->scratch, name);
    RS_TRY(rs_buf_check(&writer->scratch, err));
    if (lstat(writer->scratch.bytes, &info) != 0) {
        return rs_error_set_errno(err, errno, "publish the bundle: %s", writer->scratch.bytes);
    }
    if (!S_ISREG(info.st_mode) ||
        (json_int_t)info.st_size != json_integer_value(json_object_get(file, "bytes"))) {
        return rs_error_set(err, RS_ERR_IO,
                            "publish the bundle: %s is not the file that was written",
                            writer->scratch.bytes);
    }
    return RS_OK;
}

static rs_status check_dataset(rs_bundle_writer *writer, const json_t *dataset, rs_error *err)
{
    const json_t *files = json_object_get(dataset, "files");
    const char *path = json_string_value(json_object_get(dataset, "path"));
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *file = json_array_get(files, i);
        const char *name = json_string_value(json_object_get(file, "name"));
        RS_ASSERT(path != NULL && name != NULL);
        /* Those with times in them have their size in environment.json. */
        if (json_object_get(file, "bytes") != NULL) {
            RS_TRY(check_file(writer, path, name, file, err));
        }
    }
    return RS_OK;
}

static rs_status check_files(rs_bundle_writer *writer, const json_t *list, rs_error *err)
{
    const char *name;
    json_t *file;
    json_object_foreach((json_t *)(uintptr_t)list, name, file)
    {
        RS_TRY(check_file(writer, "", name, file, err));
    }
    return RS_OK;
}

static rs_status check_draft(rs_bundle_writer *writer, const json_t *manifest,
                             const json_t *environment, rs_error *err)
{
    const json_t *datasets = json_object_get(manifest, "datasets");
    for (size_t i = 0; i < json_array_size(datasets); i++) {
        RS_TRY(check_dataset(writer, json_array_get(datasets, i), err));
    }
    RS_TRY(check_files(writer, json_object_get(manifest, "files"), err));
    return check_files(writer, json_object_get(environment, "files"), err);
}

rs_status rs_bundle_writer_publish(rs_bundle_writer *writer, json_t *manifest, json_t *environment,
                                   rs_error *err)
{
    if (json_object_set(manifest, "files", writer->files) != 0) {
        return rs_error_set(err, RS_ERR_NOMEM, "write manifest.json: out of memory");
    }
    char hash[RS_SHA256_TEXT_BYTES];
    char environment_hash[RS_SHA256_TEXT_BYTES];
    RS_ASSERT(writer->started && writer->lock_fd >= 0); /* a draft is published once */
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
    RS_TRY(check_draft(writer, manifest, environment, err));
    RS_ASSERT(rs_bundle_name_is_valid(name));
    RS_TRY(rs_files_sync(writer->lock_fd, writer->directory.bytes, err));
    RS_TRY(rs_path_set(&writer->path, writer->bundles.bytes, name, err));
    rs_status status = give_name(writer, err);
    writer->made_bundles = writer->made_bundles && writer->started;
    if (status == RS_OK) {
        memcpy(writer->content_hash, hash, sizeof hash);
        status = point_latest(writer, err);
    }
    if (status == RS_OK) {
        status = rs_files_sync_names(writer->bundles.bytes, err);
    } else if (writer->started) {
        rs_buf_reset(&writer->path);
    }
    return status;
}
