/* SPDX-License-Identifier: Apache-2.0 */
/* Files and trees as a bundle needs them: what is made, moved, hashed, listed and refused. */
#include "bundle/files.h"

#include <sys/stat.h>

#include "bundle/file_draft.h"
#include "unit/directory.h"

typedef struct fixture {
    char folder[64];
    rs_buf path;
} fixture;

static int open_fixture(void **state)
{
    static fixture the_fixture;
    the_fixture = (fixture){.path = {0}};
    unit_make_directory(the_fixture.folder, sizeof the_fixture.folder, "files");
    *state = &the_fixture;
    return 0;
}

static int close_fixture(void **state)
{
    fixture *f = *state;
    rs_buf_release(&f->path);
    return rs_files_remove_tree(f->folder, NULL) == RS_OK ? 0 : -1;
}

/* A path in the folder, until the next one. */
static const char *in(fixture *f, const char *name)
{
    assert_int_equal(rs_path_set(&f->path, f->folder, name, NULL), RS_OK);
    return rs_buf_text(&f->path);
}

static void put(fixture *f, const char *name, const char *text)
{
    assert_int_equal(rs_files_write(in(f, name), text, strlen(text), NULL), RS_OK);
}

static bool is_there(fixture *f, const char *name)
{
    struct stat about;
    return lstat(in(f, name), &about) == 0;
}

static void folders_are_made(void **state)
{
    fixture *f = *state;
    rs_error err = {0};
    static const char *const names[] = {"a", "b/c/d", "b/c/d", "b/c/e/", "b//f"};
    for (size_t i = 0; i < UNIT_COUNT(names); i++) {
        rs_status status = rs_files_make_dirs(in(f, names[i]), &err);
        UNIT_CHECK(status == RS_OK && is_there(f, names[i]), "%s: %s", names[i], err.message);
    }
    put(f, "file", "x");
    UNIT_REFUSED(rs_files_make_dirs(in(f, "file/g"), &err), &err, RS_ERR_IO, "file");
}

static void files_are_read_up_to_a_limit(void **state)
{
    fixture *f = *state;
    rs_buf text = {0};
    rs_error err = {0};
    put(f, "file", "12345");
    put(f, "file", "1234");
    assert_int_equal(rs_files_read(in(f, "file"), 4, &text, &err), RS_OK);
    assert_string_equal(rs_buf_text(&text), "1234");
    rs_buf_reset(&text);
    UNIT_REFUSED(rs_files_read(in(f, "file"), 3, &text, &err), &err, RS_ERR_LIMIT, "file");
    UNIT_REFUSED(rs_files_read(in(f, "none"), 3, &text, &err), &err, RS_ERR_IO, "none");
    rs_buf_release(&text);
}

/* What is no file is refused at once: nobody waits for a pipe. */
static void only_files_are_files(void **state)
{
    fixture *f = *state;
    char hash[RS_SHA256_TEXT_BYTES];
    uint64_t n_bytes = 0;
    rs_buf text = {0};
    rs_error err = {0};
    assert_int_equal(rs_files_make_dirs(in(f, "folder"), NULL), RS_OK);
    assert_int_equal(mkfifo(in(f, "pipe.parquet"), 0600), 0);
    static const char *const names[] = {"folder", "pipe.parquet"};
    for (size_t i = 0; i < UNIT_COUNT(names); i++) {
        UNIT_REFUSED(rs_files_read(in(f, names[i]), 9, &text, &err), &err, RS_ERR_IO, names[i]);
        UNIT_REFUSED(rs_files_hash(in(f, names[i]), NULL, hash, &n_bytes, &err), &err, RS_ERR_IO,
                     names[i]);
    }
    UNIT_REFUSED(rs_files_add_parquet_sql(f->folder, 0, &text, &err), &err, RS_ERR_IO,
                 "pipe.parquet: not a regular file");
    rs_buf_release(&text);
}

static void a_file_is_hashed(void **state)
{
    fixture *f = *state;
    atomic_bool stop = true;
    char hash[RS_SHA256_TEXT_BYTES];
    uint64_t n_bytes = 0;
    rs_error err = {0};
    put(f, "file", "abc");
    assert_int_equal(rs_files_hash(in(f, "file"), NULL, hash, &n_bytes, NULL), RS_OK);
    assert_string_equal(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(n_bytes, 3);
    UNIT_REFUSED(rs_files_hash(in(f, "file"), &stop, hash, &n_bytes, &err), &err, RS_ERR_CANCELLED,
                 "interrupted");
}

static void trees_go_and_links_lead_nowhere(void **state)
{
    fixture *f = *state;
    assert_int_equal(rs_files_make_dirs(in(f, "tree/a/b"), NULL), RS_OK);
    assert_int_equal(rs_files_make_dirs(in(f, "kept"), NULL), RS_OK);
    put(f, "kept/file", "x");
    put(f, "tree/a/file", "x");
    put(f, "tree/a/b/file", "x");
    assert_int_equal(symlink("../../kept", in(f, "tree/a/link")), 0);
    assert_int_equal(symlink("nowhere", in(f, "tree/broken")), 0);
    assert_int_equal(rs_files_remove_tree(in(f, "tree"), NULL), RS_OK);
    assert_false(is_there(f, "tree"));
    assert_true(is_there(f, "kept/file"));
    assert_int_equal(rs_files_remove_tree(in(f, "tree"), NULL), RS_OK);
    assert_int_equal(rs_files_remove_tree(in(f, "kept/file"), NULL), RS_OK);
    assert_false(is_there(f, "kept/file"));
}

static void files_move_and_paths_are_resolved(void **state)
{
    fixture *f = *state;
    rs_buf from = {0};
    rs_buf found = {0};
    put(f, "one", "1");
    put(f, "two", "2");
    rs_buf_add(&from, in(f, "one"));
    assert_int_equal(rs_files_move(rs_buf_text(&from), in(f, "three"), NULL), RS_OK);
    assert_false(is_there(f, "one"));
    assert_int_equal(rs_files_read(in(f, "three"), 9, &found, NULL), RS_OK);
    assert_string_equal(rs_buf_text(&found), "1");
    rs_buf_reset(&from);
    rs_buf_add(&from, in(f, "two"));
    if (rs_files_exchange(rs_buf_text(&from), in(f, "three"))) {
        rs_buf_reset(&found);
        assert_int_equal(rs_files_read(in(f, "three"), 9, &found, NULL), RS_OK);
        assert_string_equal(rs_buf_text(&found), "2");
    }
    assert_int_equal(symlink("two", in(f, "link")), 0);
    rs_buf_reset(&found);
    assert_int_equal(rs_files_resolve(in(f, "link"), &found, NULL), RS_OK);
    assert_string_equal(rs_buf_text(&found), in(f, "two"));
    rs_buf_release(&from);
    rs_buf_release(&found);
}

/* The literals of a list in SQL, without the folder that they start with. */
static void add_list(fixture *f, unsigned depth, rs_buf *out)
{
    rs_buf sql = {0};
    assert_int_equal(rs_files_add_parquet_sql(f->folder, depth, &sql, NULL), RS_OK);
    size_t n_folder = strlen(f->folder);
    for (const char *at = rs_buf_text(&sql); *at != '\0';) {
        bool is_folder = strncmp(at, f->folder, n_folder) == 0;
        if (!is_folder) {
            rs_buf_add_char(out, *at);
        }
        at += is_folder ? n_folder : 1;
    }
    rs_buf_release(&sql);
}

static const struct {
    unsigned depth;
    const char *want;
} lists[] = {
    {0, "['/.h.parquet', '/a.parquet', '/b''c.parquet', ]"},
    {1, "['/one/x.parquet', '/two/y.parquet', ]"},
    {2, "['/one/in/z.parquet', ]"},
    {3, "['/*.parquet']"},
};

static void parquet_is_listed(void **state)
{
    fixture *f = *state;
    static const char *const files[] = {"a.parquet",     "b'c.parquet",      ".h.parquet",
                                        "d.parquet.tmp", "one/x.parquet",    "one/in/z.parquet",
                                        "two/y.parquet", ".three/w.parquet", "one/note"};
    assert_int_equal(rs_files_make_dirs(in(f, "one/in"), NULL), RS_OK);
    assert_int_equal(rs_files_make_dirs(in(f, "two"), NULL), RS_OK);
    assert_int_equal(rs_files_make_dirs(in(f, ".three"), NULL), RS_OK);
    for (size_t i = 0; i < UNIT_COUNT(files); i++) {
        put(f, files[i], "");
    }
    for (size_t i = 0; i < UNIT_COUNT(lists); i++) {
        rs_buf got = {0};
        add_list(f, lists[i].depth, &got);
        UNIT_CHECK(strcmp(rs_buf_text(&got), lists[i].want) == 0, "depth %u: %s, not %s",
                   lists[i].depth, rs_buf_text(&got), lists[i].want);
        rs_buf_release(&got);
    }
}

static rs_status list_once(void *context)
{
    rs_buf sql = {0};
    rs_status status = rs_files_add_parquet_sql(context, 0, &sql, NULL);
    rs_buf_release(&sql);
    return status;
}

static void a_list_without_memory_is_none(void **state)
{
    fixture *f = *state;
    UNIT_SWEEP(list_once, f->folder); /* the pattern */
    put(f, "a-name-that-takes-more-than-a-small-buffer-has-at-first.parquet", "");
    put(f, "b.parquet", "");
    UNIT_SWEEP(list_once, f->folder);
}

/* --- drafts of a file --- */

static rs_status write_draft(const char *path, rs_status outcome, rs_error *err)
{
    rs_file_draft draft;
    rs_status status = rs_file_draft_open(path, true, &draft, err);
    RS_THEN(status, rs_file_draft_write("text", 4, &draft));
    return rs_file_draft_close(&draft, status == RS_OK ? outcome : status, err);
}

static size_t n_entries(fixture *f)
{
    rs_buf command = {0};
    size_t n = 0;
    rs_buf_addf(&command, "ls -A '%s'", f->folder);
    FILE *list = popen(rs_buf_text(&command), "r");
    for (int c = fgetc(list); c != EOF; c = fgetc(list)) {
        n += c == '\n';
    }
    assert_int_equal(pclose(list), 0);
    rs_buf_release(&command);
    return n;
}

static void a_draft_becomes_a_file_or_nothing(void **state)
{
    fixture *f = *state;
    rs_error err = {0};
    rs_buf text = {0};
    assert_int_equal(write_draft(in(f, "file"), RS_ERR_CANCELLED, &err), RS_ERR_CANCELLED);
    assert_int_equal(n_entries(f), 0);
    put(f, "file", "what was there before");
    assert_int_equal(write_draft(in(f, "file"), RS_OK, &err), RS_OK);
    assert_int_equal(n_entries(f), 1);
    assert_int_equal(rs_files_read(in(f, "file"), 99, &text, NULL), RS_OK);
    assert_string_equal(rs_buf_text(&text), "text");
    assert_int_equal(rs_files_make_dirs(in(f, "folder"), NULL), RS_OK);
    UNIT_REFUSED(write_draft(in(f, "folder"), RS_OK, &err), &err, RS_ERR_INVALID, "no file");
    assert_int_equal(symlink("file", in(f, "link")), 0);
    UNIT_REFUSED(write_draft(in(f, "link"), RS_OK, &err), &err, RS_ERR_INVALID, "no file");
    assert_int_equal(n_entries(f), 3);
    rs_buf_release(&text);
}

static const struct {
    const char *name;
    bool goes;
} leftovers[] = {
    {"file.tmp-2147483646", true}, {"file.tmp-1", true},   {"file.tmp-", false},
    {"file.tmp-1x", false},        {"other.tmp-1", false}, {"file.tmq-1", false},
    {"a-file.tmp-1", false},       {"filetmp-1", false},
};

static void what_a_killed_writer_left_goes(void **state)
{
    fixture *f = *state;
    rs_buf lock = {0};
    for (size_t i = 0; i < UNIT_COUNT(leftovers); i++) {
        assert_int_equal(rs_files_make_dirs(in(f, leftovers[i].name), NULL), RS_OK);
        rs_buf_reset(&lock);
        rs_buf_addf(&lock, "%s/lock", leftovers[i].name);
        put(f, rs_buf_text(&lock), "");
    }
    assert_int_equal(write_draft(in(f, "file"), RS_OK, NULL), RS_OK);
    for (size_t i = 0; i < UNIT_COUNT(leftovers); i++) {
        UNIT_CHECK(is_there(f, leftovers[i].name) == !leftovers[i].goes, "%s %s", leftovers[i].name,
                   leftovers[i].goes ? "stays" : "goes");
    }
    rs_buf_release(&lock);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, open_fixture, close_fixture)

static const struct CMUnitTest tests[] = {
    WITH_FOLDER(folders_are_made),
    WITH_FOLDER(files_are_read_up_to_a_limit),
    WITH_FOLDER(only_files_are_files),
    WITH_FOLDER(a_file_is_hashed),
    WITH_FOLDER(trees_go_and_links_lead_nowhere),
    WITH_FOLDER(files_move_and_paths_are_resolved),
    WITH_FOLDER(parquet_is_listed),
    WITH_FOLDER(a_list_without_memory_is_none),
    WITH_FOLDER(a_draft_becomes_a_file_or_nothing),
    WITH_FOLDER(what_a_killed_writer_left_goes),
};

UNIT_TESTS(files, tests)
