/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <unistd.h>

#include "bundle/files.h"
#include "compare/check.h"

#include "unit/unit.h"

/* A file without a hash has times in it: it is not compared. */
#define MANIFEST(hash)                                                                             \
    "{\"content_hash\": \"" hash "\", \"datasets\": ["                                             \
    "{\"path\": \"evidence/a\", \"rows\": 1, \"files\": [{\"name\": \"p0\", \"sha256\": \"x\"}, "  \
    "{\"name\": \"p1\", \"sha256\": \"x\"}, {\"name\": \"timed\"}]}, "                             \
    "{\"path\": \"cpg/b\", \"rows\": 2, \"files\": [{\"name\": \"p0\", \"sha256\": \"x\"}]}], "    \
    "\"files\": {\"README.md\": {}}}"

/* Two bundles as far as the comparison looks at them. */
typedef struct twin_dirs {
    char root[64];
    char paths[2][80];
} twin_dirs;

static void put(const char *directory, const char *name, const char *text)
{
    rs_buf path = {0};
    rs_error err = {0};
    assert_int_equal(rs_path_set(&path, directory, name, &err), RS_OK);
    assert_int_equal(rs_files_write(path.bytes, text, strlen(text), &err), RS_OK);
    rs_buf_release(&path);
}

static void twin_dirs_make(twin_dirs *self)
{
    rs_error err = {0};
    snprintf(self->root, sizeof self->root, "/tmp/relspec-same-XXXXXX");
    assert_non_null(mkdtemp(self->root));
    for (int i = 0; i < 2; i++) {
        rs_buf path = {0};
        snprintf(self->paths[i], sizeof self->paths[i], "%s/%d", self->root, i);
        assert_int_equal(rs_path_set(&path, self->paths[i], "evidence/a", &err), RS_OK);
        assert_int_equal(rs_files_make_dirs(path.bytes, &err), RS_OK);
        assert_int_equal(rs_path_set(&path, self->paths[i], "cpg/b", &err), RS_OK);
        assert_int_equal(rs_files_make_dirs(path.bytes, &err), RS_OK);
        rs_buf_release(&path);
        put(self->paths[i], "manifest.json", MANIFEST("h"));
        put(self->paths[i], "README.md", "words");
        put(self->paths[i], "evidence/a/p0", "rows of a");
        put(self->paths[i], "evidence/a/p1", "");
        put(self->paths[i], "evidence/a/timed", i == 0 ? "early" : "late");
        put(self->paths[i], "cpg/b/p0", "rows of b");
    }
}

static const struct {
    const char *label;
    const char *file; /* that the second bundle has otherwise; NULL: none */
    const char *text; /* NULL: not at all */
    const char *want; /* parts of the first and the last message */
    const char *last;
} cases[] = {
    {"twins", NULL, NULL, NULL, NULL},
    {"a byte of the first dataset", "evidence/a/p0", "rows_of a",
     "w: evidence/a is the first dataset that differs (1 and 1 rows)", "w: 1 of 5 files differ"},
    {"a byte more", "cpg/b/p0", "rows of b.", "w: cpg/b is the first", "1 of 5"},
    {"a file that is not there", "evidence/a/p1", NULL, "w: evidence/a is the first", "1 of 5"},
    {"a document", "README.md", "Words", "w: README.md differs", "1 of 5"},
    {"the manifest alone", "manifest.json", MANIFEST("i"), "w: 1 of 5 files differ", "1 of 5"},
};

static const char *message_of(const rs_findings *findings, size_t index)
{
    const json_t *finding = json_array_get(findings->findings, index);
    const char *message = json_string_value(json_object_get(finding, "message"));
    return message != NULL ? message : "nothing";
}

static void change(const twin_dirs *dirs, const char *file, const char *text)
{
    rs_buf path = {0};
    rs_error err = {0};
    assert_int_equal(rs_path_set(&path, dirs->paths[1], file, &err), RS_OK);
    assert_int_equal(unlink(path.bytes), 0);
    rs_buf_release(&path);
    if (text != NULL) {
        put(dirs->paths[1], file, text);
    }
}

static void every_byte_counts(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        twin_dirs dirs;
        rs_findings findings = {0};
        rs_error err = {0};
        twin_dirs_make(&dirs);
        if (cases[i].file != NULL) {
            change(&dirs, cases[i].file, cases[i].text);
        }
        assert_int_equal(rs_findings_init(&findings, &err), RS_OK);
        rs_findings_begin(&findings, "builds");
        rs_status status = rs_check_same(dirs.paths[0], dirs.paths[1], "w", &findings, &err);
        UNIT_CHECK(status == RS_OK, "%s: %s", cases[i].label, err.message);
        size_t n_found = rs_findings_count(&findings);
        if (cases[i].want == NULL) {
            UNIT_CHECK(n_found == 0, "%s: %s", cases[i].label, message_of(&findings, 0));
        } else {
            const char *first = message_of(&findings, 0);
            const char *last = message_of(&findings, n_found - 1);
            UNIT_CHECK(strstr(first, cases[i].want) != NULL, "%s: %s", cases[i].label, first);
            UNIT_CHECK(strstr(last, cases[i].last) != NULL, "%s: %s", cases[i].label, last);
        }
        rs_findings_release(&findings);
        assert_int_equal(rs_files_remove_tree(dirs.root, &err), RS_OK);
    }
}

static void no_bundle_is_an_error(void **state)
{
    (void)state;
    rs_findings findings = {0};
    rs_error err = {0};
    assert_int_equal(rs_findings_init(&findings, &err), RS_OK);
    UNIT_REFUSED(rs_check_same("/nowhere", "/nowhere", "w", &findings, &err), &err, RS_ERR_IO,
                 "/nowhere/manifest.json");
    rs_findings_release(&findings);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_byte_counts),
    cmocka_unit_test(no_bundle_is_an_error),
};

UNIT_TESTS(same, tests)
