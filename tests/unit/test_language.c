/* SPDX-License-Identifier: Apache-2.0 */
/* A repository in which Python and a second language are mixed, from the walk to the bundle. */
#include <jansson.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle/files.h"
#include "bundle/writer.h"
#include "run/draft.h"
#include "run/extract.h"
#include "run/walk.h"
#include "schema/rows.h"
#include "toy/toy.h"
#include "unit/unit.h"

/* In order of path. */
static const struct {
    const char *path;
    const char *text;
    uint8_t language;
    const char *module; /* "" for none */
} files[] = {
    {"app.py", "import toys\nfor toy in toys: print(toy)\n", 0, "app"},
    {"boxes/a.toy", "use b\nuse nowhere\n", TOY_LANGUAGE, "boxes.a"},
    {"boxes/box.toy", "def b\n", TOY_LANGUAGE, "boxes"},
    {"play", "#!/usr/bin/env toyrun\nuse b\n", TOY_LANGUAGE, ""},
    {"work", "#!/usr/bin/env python3\nx = 1\n", 0, ""},
    {"x.TOY", "def b\n", TOY_LANGUAGE, ""},
};

typedef struct fixture {
    char directory[64];
    char tree[96];
    char rules[96];
    char output[96];
} fixture;

static void put(const char *directory, const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int open_fixture(void **state)
{
    static fixture fix;
    char boxes[128];
    fix = (fixture){.directory = "/tmp/relspec-language-XXXXXX"};
    *state = &fix;
    assert_non_null(mkdtemp(fix.directory));
    (void)snprintf(fix.tree, sizeof fix.tree, "%s/tree", fix.directory);
    (void)snprintf(fix.rules, sizeof fix.rules, "%s/rules", fix.directory);
    (void)snprintf(fix.output, sizeof fix.output, "%s/out", fix.directory);
    (void)snprintf(boxes, sizeof boxes, "%s/boxes", fix.tree);
    assert_int_equal(mkdir(fix.tree, 0700), 0);
    assert_int_equal(mkdir(fix.rules, 0700), 0);
    assert_int_equal(mkdir(boxes, 0700), 0);
    put(fix.rules, "toy.yaml", toy_pack);
    for (size_t i = 0; i < UNIT_COUNT(files); i++) {
        put(fix.tree, files[i].path, files[i].text);
    }
    return 0;
}

static int close_fixture(void **state)
{
    const fixture *fix = *state;
    return rs_files_remove_tree(fix->directory, NULL) == RS_OK ? 0 : -1;
}

static bool is_text(rs_str text, const char *want)
{
    return rs_str_equal(text, rs_str_of(want));
}

static void check_files(const rs_repo *repo)
{
    assert_int_equal(repo->files.n_items, UNIT_COUNT(files));
    for (size_t i = 0; i < UNIT_COUNT(files); i++) {
        const rs_repo_file *file = &repo->files.items[i];
        UNIT_CHECK(is_text(file->path, files[i].path), "file %zu is %s", i, file->path.bytes);
        UNIT_CHECK(file->language == files[i].language, "%s: language %d", files[i].path,
                   file->language);
        UNIT_CHECK(file->module.bytes == NULL ? files[i].module[0] == '\0'
                                              : is_text(file->module, files[i].module),
                   "%s: module %s", files[i].path, file->module.bytes);
    }
}

static void check_evidence(const rs_evidence *evidence)
{
    const rs_part *part = &evidence->parts[0];
    const rs_part *rest = &evidence->parts[evidence->n_parts - 1];
    assert_int_equal(evidence->n_parts, 2);
    assert_int_equal(part->batches[RS_DS_repo_files].n_rows, UNIT_COUNT(files));
    assert_int_equal(part->batches[RS_DS_calls].n_rows, 1);
    assert_int_equal(part->batches[RS_DS_scip_occurrences].n_rows, 3);
    assert_int_equal(rest->batches[RS_DS_scip_symbols].n_rows, 2);
    /* Written and read, values are gone (run/keep.h). */
    assert_null(part->batches[RS_DS_syntax_nodes].columns[RS_C_syntax_nodes_ast_class].values.data);
    assert_non_null(part->batches[RS_DS_repo_files].columns[RS_C_repo_files_path].values.data);
}

static json_int_t rows_of(const char *bundle, const char *dataset)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/manifest.json", bundle);
    json_t *manifest = json_load_file(path, 0, NULL);
    assert_non_null(manifest);
    const json_t *datasets = json_object_get(manifest, "datasets");
    json_int_t n_rows = -1;
    for (size_t i = 0; i < json_array_size(datasets); i++) {
        const json_t *one = json_array_get(datasets, i);
        if (strcmp(json_string_value(json_object_get(one, "path")), dataset) == 0) {
            n_rows = json_integer_value(json_object_get(one, "rows"));
        }
    }
    json_decref(manifest);
    return n_rows;
}

static void two_languages_are_one_graph(void **state)
{
    const fixture *fix = *state;
    const rs_run_options options = {.path = fix->tree,
                                    .output = fix->output,
                                    .rules_dir = fix->rules,
                                    .languages = toy_languages(),
                                    .n_threads = 2,
                                    .relspec_version = "test"};
    rs_error err = {0};
    rs_pipeline pipeline = {0};
    atomic_bool cancelled = false;
    rs_status status = rs_pipeline_open(&pipeline, &options, &cancelled, rs_pipeline_nodes(), &err);
    if (status == RS_OK) {
        status = rs_pipeline_execute(&pipeline, &err);
    }
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    check_files(rs_run_files(&pipeline));
    check_evidence(rs_run_evidence(&pipeline));
    const char *bundle = rs_bundle_writer_path(rs_run_draft(&pipeline)->writer);
    assert_int_equal(rows_of(bundle, "relationships/rel_toy_def"), 2);
    assert_int_equal(rows_of(bundle, "evidence/scip_occurrences"), 3);
    assert_int_equal(rows_of(bundle, "evidence/name_refs"), 5);
    rs_pipeline_close(&pipeline);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(two_languages_are_one_graph, open_fixture, close_fixture),
};
UNIT_TESTS(language, tests)
