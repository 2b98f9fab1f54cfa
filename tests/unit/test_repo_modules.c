/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/modules.h"

#include "unit/unit.h"

typedef struct name_case {
    const char *path;
    const char *module; /* NULL for none */
    const char *package;
    const char *source_root;
    rs_w_module_kind kind;
} name_case;

#define MODULE RS_W_module_kind_module
#define PACKAGE RS_W_module_kind_package
#define SCRIPT RS_W_module_kind_script

/* One tree, in order of path. */
static const name_case name_cases[] = {
    {"1digit.py", NULL, "", "", SCRIPT},
    {"UPPER.PY", NULL, "", "", SCRIPT},
    {"__main__.py", "__main__", "", "", MODULE},
    {"a.b.py", NULL, "", "", SCRIPT},
    {"both.py", "both", "", "", MODULE},
    {"both/__init__.py", "both", "both", "", PACKAGE},
    {"class/class.py", NULL, "", "class", SCRIPT},
    {"class/mod.py", "mod", "", "class", MODULE},
    {"dash-dir/__init__.py", NULL, "", "dash-dir", PACKAGE},
    {"dash-dir/inner/__init__.py", "inner", "inner", "dash-dir", PACKAGE},
    {"dash-dir/inner/x.py", "inner.x", "inner", "dash-dir", MODULE},
    {"dash-name.py", NULL, "", "", SCRIPT},
    {"latin_\xe9/x.py", "x", "", "latin_\\xe9", MODULE},
    {"libs/one/pkg/__init__.py", "pkg", "pkg", "libs/one", PACKAGE},
    {"libs/one/setup.py", "setup", "", "libs/one", MODULE},
    {"libs/two/pkg/x.py", "pkg.x", "pkg", "libs/two", MODULE},
    {"match.py", "match", "", "", MODULE},
    {"pkg/0001_initial.py", NULL, "pkg", "", SCRIPT},
    {"pkg/Zed.py", "pkg.Zed", "pkg", "", MODULE},
    {"pkg/__init__.pyi", "pkg", "pkg", "", PACKAGE},
    {"pkg/__main__.py", "pkg.__main__", "pkg", "", MODULE},
    {"pkg/gui.pyw", NULL, "pkg", "", SCRIPT},
    {"pkg/import.py", NULL, "pkg", "", SCRIPT},
    {"pkg/space/x.py", "pkg.space.x", "pkg.space", "", MODULE},
    {"pkg/src/x.py", "pkg.src.x", "pkg.src", "", MODULE},
    {"pkg/stub.pyi", "pkg.stub", "pkg", "", MODULE},
    {"script", NULL, "", "", SCRIPT},
    {"space/deep/x.py", "space.deep.x", "space.deep", "", MODULE},
    {"src/app/__init__.py", "app", "app", "src", PACKAGE},
    {"src/app/core.py", "app.core", "app", "src", MODULE},
    {"src/top.py", "top", "", "src", MODULE},
    {"sub/src/x.py", "x", "", "sub/src", MODULE},
    {"\xc3\xbcn\xc3\xaf.py", "\xc3\xbcn\xc3\xaf", "", "", MODULE},
};
enum { N_NAMES = sizeof name_cases / sizeof name_cases[0] };

static void fill(rs_repo_file *files)
{
    for (size_t i = 0; i < N_NAMES; i++) {
        files[i] = (rs_repo_file){.path = rs_str_of(name_cases[i].path)};
    }
}

static bool is_text(rs_str text, const char *want)
{
    return want == NULL ? text.bytes == NULL
                        : text.bytes != NULL && rs_str_equal(text, rs_str_of(want));
}

static void files_are_named(void **state)
{
    (void)state;
    rs_repo_file files[N_NAMES];
    rs_arena arena = {0};
    rs_repo_paths projects = {0};
    fill(files);
    assert_true(rs_repo_paths_push(&projects, RS_STR_LITERAL("libs/two")));
    assert_int_equal(rs_modules_assign(files, N_NAMES, rs_default_claims, &projects, &arena, NULL),
                     RS_OK);
    for (size_t i = 0; i < N_NAMES; i++) {
        const name_case *c = &name_cases[i];
        UNIT_CHECK(is_text(files[i].module, c->module), "%s: module %s", c->path,
                   files[i].module.bytes == NULL ? "null" : files[i].module.bytes);
        UNIT_CHECK(is_text(files[i].package, c->package), "%s: package %s", c->path,
                   files[i].package.bytes);
        UNIT_CHECK(is_text(files[i].source_root, c->source_root), "%s: source root %s", c->path,
                   files[i].source_root.bytes);
        UNIT_CHECK(files[i].module_kind == c->kind, "%s: kind %d", c->path,
                   (int)files[i].module_kind);
        UNIT_CHECK(files[i].is_package == (c->kind == PACKAGE), "%s: is_package", c->path);
    }
    rs_repo_paths_release(&projects);
    rs_arena_release(&arena);
}

static void a_root_with_an_init_file_has_no_name(void **state)
{
    (void)state;
    rs_repo_file files[] = {{.path = RS_STR_LITERAL("__init__.py")},
                            {.path = RS_STR_LITERAL("x.py")}};
    rs_arena arena = {0};
    rs_repo_paths projects = {0};
    assert_int_equal(rs_modules_assign(files, 2, rs_default_claims, &projects, &arena, NULL),
                     RS_OK);
    assert_null(files[0].module.bytes);
    assert_true(files[0].is_package);
    assert_true(is_text(files[1].module, "x"));
    assert_true(is_text(files[1].package, ""));
    rs_arena_release(&arena);
}

static void names_are_judged_as_import_does(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool holds;
    } cases[] = {
        {"a", true},
        {"_", true},
        {"a1", true},
        {"", false},
        {"1a", false},
        {"a-b", false},
        {"a b", false},
        {"None", false},
        {"async", false},
        {"type", true},
        {"case", true},
        {"print", true},
        {"\xe5\x87\xbd\xe6\x95\xb0", true}, /* letters */
        {"e\xcc\x81", false},               /* not composed */
        {"\xef\xac\x81", false},            /* the ligature fi: import looks for fi */
        {"a\xe2\x80\x8b", false},           /* a zero-width space */
        {"\xff", false},                    /* no UTF-8 */
        {"\xf0\xa0\x80\x8b", true},         /* beyond the basic plane */
        {"\xc2\xb7x", false},               /* may not start a name */
        {"x\xc2\xb7", true},
    };
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        UNIT_CHECK(rs_name_is_importable(rs_str_of(cases[i].name)) == cases[i].holds, "%s",
                   cases[i].name);
    }
}

static rs_status assign(void *context)
{
    (void)context;
    rs_repo_file files[N_NAMES];
    rs_arena arena = {0};
    rs_repo_paths projects = {0};
    rs_error err = {0};
    fill(files);
    rs_status status =
        rs_modules_assign(files, N_NAMES, rs_default_claims, &projects, &arena, &err);
    rs_repo_paths_release(&projects);
    rs_arena_release(&arena);
    return status;
}

static void out_of_memory_is_returned(void **state)
{
    (void)state;
    UNIT_SWEEP(assign, NULL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(files_are_named),
    cmocka_unit_test(a_root_with_an_init_file_has_no_name),
    cmocka_unit_test(names_are_judged_as_import_does),
    cmocka_unit_test(out_of_memory_is_returned),
};

UNIT_TESTS(repo_modules, tests)
