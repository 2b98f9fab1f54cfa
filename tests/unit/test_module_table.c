/* SPDX-License-Identifier: Apache-2.0 */
#include "modules/module_table.h"

#include "unit/unit.h"

enum { MAX_PATHS = 48 };

/* A repository of paths, which need not be in order. */
typedef struct sample {
    rs_repo repo;
    rs_module_table *table;
    rs_repo_file files[MAX_PATHS];
} sample;

static int compare_files(const void *a, const void *b)
{
    return rs_str_compare(((const rs_repo_file *)a)->path, ((const rs_repo_file *)b)->path);
}

/* paths and the directories of projects end with NULL. */
static void sample_init(sample *s, const char *const *paths, const char *const *projects)
{
    *s = (sample){0};
    size_t n = 0;
    for (; paths[n] != NULL; n++) {
        assert_true(n < MAX_PATHS);
        s->files[n].path = rs_str_of(paths[n]);
    }
    qsort(s->files, n, sizeof s->files[0], compare_files);
    for (size_t i = 0; i < n; i++) {
        s->files[i].file_id = (int64_t)(1000 - i);
    }
    s->repo.files = (rs_repo_files){s->files, n, n};
    for (n = 0; projects != NULL && projects[n] != NULL; n++) {
        assert_true(rs_repo_paths_push(&s->repo.project_dirs, rs_str_of(projects[n])));
    }
    assert_int_equal(rs_module_table_new(&s->repo, rs_default_claims, 0, &s->table, NULL), RS_OK);
}

static uint32_t place_of(const sample *s, const char *path)
{
    for (uint32_t i = 0; i < s->repo.files.n_items; i++) {
        if (rs_str_equal(s->files[i].path, rs_str_of(path))) {
            return i;
        }
    }
    UNIT_CHECK(false, "no file %s", path);
    return 0;
}

/* "kind path" of what was found: of a package its source or stub, of a namespace its name. */
static const char *show(const sample *s, rs_found found, char text[512])
{
    static const char *const kinds[] = {"", "part ", "external", "refused"};
    rs_str what = RS_STR_LITERAL("");
    if (found.module != RS_NO_MODULE) {
        const rs_module *module = rs_module_get(s->table, found.module);
        what = module->source != RS_NO_PLACE ? s->files[module->source].path
               : module->stub != RS_NO_PLACE ? s->files[module->stub].path
                                             : module->name;
        what = what.bytes != NULL ? what : RS_STR_LITERAL("(no name)");
    }
    (void)snprintf(text, 512, "%s%.*s", kinds[found.kind], (int)what.n_bytes, what.bytes);
    return text;
}

static void sample_release(sample *s)
{
    rs_module_table_free(s->table);
    rs_repo_paths_release(&s->repo.project_dirs);
    rs_repo_findings_release(&s->repo.findings);
    rs_arena_release(&s->repo.text);
}

/* --- names --- */

typedef struct name_case {
    const char *path;
    const char *names; /* "name@root:reason ..."; "" for none */
} name_case;

static const name_case name_cases[] = {
    {"docs/conf.py", "docs.conf@:project conf@docs:script"},
    {"lib/tool.py", "tool@lib:convention lib.tool@:project"},
    {"one/pkg/__init__.py", "pkg@one:project one.pkg@:project"},
    {"one/pkg/deep/0001_first.py",
     "pkg.deep.0001_first@one:project one.pkg.deep.0001_first@:project"},
    {"one/pkg/deep/a.b.py", ""},
    {"one/pkg/deep/gui.pyw", ""},
    {"one/setup.py", "setup@one:project one.setup@:project"},
    {"six-stubs/__init__.pyi", "six@:project"},
    {"six-stubs/moves.pyi", "six.moves@:project"},
    {"space/deep/x.py", "space.deep.x@:project x@space/deep:script"},
    {"src/app/__init__.py", "app@src:convention src.app@:project"},
    {"src/app/data-files/x.py", "app.data-files.x@src:convention src.app.data-files.x@:project"},
    {"src/app/lib/__init__.py", "app.lib@src:convention src.app.lib@:project"},
    {"tests-x/unit/conftest.py", "unit.conftest@tests-x:edge conftest@tests-x/unit:conftest"},
    {"tests-x/unit/pkg/__init__.py", "unit.pkg@tests-x:edge pkg@tests-x/unit:chain"},
    {"top.py", "top@:project"},
};

static const char *show_names(const sample *s, uint32_t place, char text[512])
{
    static const char *const reasons[] = {"declared", "convention", "project", "edge",
                                          "chain",    "conftest",   "script"};
    uint32_t n_names = 0;
    const rs_module_name *names = rs_module_names(s->table, place, &n_names);
    size_t n = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < n_names && n < 512; i++) {
        n +=
            (size_t)snprintf(text + n, 512 - n, "%s%s@%s:%s", i > 0 ? " " : "", names[i].name.bytes,
                             names[i].source_root.bytes, reasons[names[i].reason]);
    }
    return text;
}

static void files_have_names(void **state)
{
    (void)state;
    const char *paths[UNIT_COUNT(name_cases) + 1] = {0};
    sample s;
    char text[512];
    for (size_t i = 0; i < UNIT_COUNT(name_cases); i++) {
        paths[i] = name_cases[i].path;
    }
    sample_init(&s, paths, NULL);
    for (size_t i = 0; i < UNIT_COUNT(name_cases); i++) {
        uint32_t place = place_of(&s, name_cases[i].path);
        const char *names = show_names(&s, place, text);
        UNIT_CHECK(strcmp(names, name_cases[i].names) == 0, "%s: %s", name_cases[i].path, names);
        assert_int_equal(rs_module_file_place(s.table, s.files[place].file_id), place);
    }
    assert_int_equal(rs_module_file_place(s.table, 1), RS_NO_PLACE);
    sample_release(&s);
}

/* --- what imports find --- */

typedef struct find_case {
    const char *from;
    const char *dotted; /* dots in front: relative */
    const char *found;
} find_case;

static void check_finds(const char *const *paths, const char *const *projects,
                        const find_case *cases, size_t n_cases)
{
    sample s;
    char text[512];
    sample_init(&s, paths, projects);
    for (size_t i = 0; i < n_cases; i++) {
        const find_case *c = &cases[i];
        uint32_t level = (uint32_t)strspn(c->dotted, ".");
        uint32_t from = place_of(&s, c->from);
        rs_str name = rs_str_of(c->dotted + level);
        rs_found found = level > 0 ? rs_module_find_relative(s.table, from, level, name)
                                   : rs_module_find(s.table, from, name);
        UNIT_CHECK(strcmp(show(&s, found, text), c->found) == 0, "%s: import %s: %s", c->from,
                   c->dotted, text);
    }
    sample_release(&s);
}

/* One case a step of the order, each with what would be found by the steps behind it. */
static void absolute_imports_are_looked_up_in_order(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "a/scripts/run.py",
        "a/scripts/util.py",
        "a/scripts/both.py",
        "a/scripts/both/__init__.py",
        "a/src/util.py",
        "a/src/pkg/__init__.py",
        "a/src/pkg/core.py",
        "a/src/pkg/sub/__init__.py",
        "a/src/ns/left.py",
        "a/src/shared.py",
        "a/tests/conftest.py",
        "a/tests/helper.py",
        "a/tests/unit/test_x.py",
        "a/setup.py",
        "a/only_a.py",
        "b/src/pkg/__init__.py",
        "b/src/pkg/other.py",
        "b/src/ns/right.py",
        "b/src/b_only.py",
        "b/setup.py",
        "b/shared.py",
        "c/examples/django/__init__.py",
        "c/examples/run.py",
        "c/x.py",
        "util.py",
        NULL,
    };
    static const find_case cases[] = {
        {"a/scripts/run.py", "util", "a/scripts/util.py"},          /* its own directory */
        {"a/scripts/run.py", "both", "a/scripts/both/__init__.py"}, /* a package before a file */
        {"a/src/pkg/core.py", "util", "a/src/util.py"},             /* its own root */
        {"a/src/pkg/core.py", "core", "a/src/pkg/core.py"},         /* directories above, at last */
        {"a/tests/unit/test_x.py", "helper", "a/tests/helper.py"},  /* of a conftest.py */
        {"a/tests/unit/test_x.py", "pkg.core", "a/src/pkg/core.py"}, /* the nearest of two roots */
        {"b/setup.py", "pkg.other", "b/src/pkg/other.py"},
        {"b/setup.py", "pkg.core", "part b/src/pkg/__init__.py"}, /* a regular package ends it */
        {"b/setup.py", "shared", "b/shared.py"},            /* own directory before other roots */
        {"a/tests/helper.py", "shared", "a/src/shared.py"}, /* stated before project */
        {"a/setup.py", "b_only", "b/src/b_only.py"},        /* members see each other */
        {"b/setup.py", "only_a", "a/only_a.py"},
        {"a/setup.py", "ns.right", "b/src/ns/right.py"}, /* a namespace in two roots */
        {"a/setup.py", "ns.left", "a/src/ns/left.py"},
        {"a/setup.py", "ns", "ns"},
        {"a/setup.py", "ns.none", "external"},
        {"a/setup.py", "django", "external"}, /* chain roots elsewhere are not seen */
        {"c/examples/run.py", "django", "c/examples/django/__init__.py"},
        {"c/x.py", "django", "c/examples/django/__init__.py"}, /* below the first part, at last */
        {"c/x.py", "util", "util.py"},
        {"a/setup.py", "nowhere", "external"},
        {"a/setup.py", "pkg.sub", "a/src/pkg/sub/__init__.py"},
    };
    check_finds(paths, NULL, cases, UNIT_COUNT(cases));
}

static void relative_imports_go_by_folder(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "pkg/__init__.py", "pkg/a.py", "pkg/sub/__init__.py", "pkg/sub/b.py",
        "pkg/gap/c.py",    "top.py",   "pkg/a.pyi",           NULL,
    };
    static const find_case cases[] = {
        {"pkg/a.py", ".", "pkg/__init__.py"},
        {"pkg/__init__.py", ".", "pkg/__init__.py"},
        {"pkg/__init__.py", ".a", "pkg/a.py"},
        {"pkg/sub/b.py", "..a", "pkg/a.py"},
        {"pkg/sub/b.py", "..gap.c", "pkg/gap/c.py"},
        {"pkg/sub/b.py", "..gap", "pkg.gap"},
        {"pkg/gap/c.py", ".c", "pkg/gap/c.py"},
        {"pkg/sub/b.py", "..none", "part pkg/__init__.py"},
        {"pkg/sub/b.py", "...top", "top.py"},
        {"pkg/sub/b.py", "....top", "refused"},
        {"top.py", "..x", "refused"},
    };
    check_finds(paths, NULL, cases, UNIT_COUNT(cases));
}

static void stubs_are_the_module_beside_them(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "m.py",
        "m.pyi",
        "p/__init__.py",
        "p/q.py",
        "p-stubs/__init__.pyi",
        "p-stubs/q.pyi",
        "p-stubs/r.pyi",
        "twice.py",
        "twice/__init__.py",
        "only/__init__.pyi",
        NULL,
    };
    sample s;
    sample_init(&s, paths, NULL);
    static const char *const pairs[][2] = {
        {"m.py", "m.pyi"}, {"p/__init__.py", "p-stubs/__init__.pyi"}, {"p/q.py", "p-stubs/q.pyi"}};
    for (size_t i = 0; i < UNIT_COUNT(pairs); i++) {
        uint32_t module = rs_module_of_file(s.table, place_of(&s, pairs[i][0]));
        UNIT_CHECK(module == rs_module_of_file(s.table, place_of(&s, pairs[i][1])), "%s",
                   pairs[i][0]);
        const rs_module *of = rs_module_get(s.table, module);
        assert_int_equal(of->source, place_of(&s, pairs[i][0]));
        assert_int_equal(of->stub, place_of(&s, pairs[i][1]));
    }
    uint32_t p = rs_module_of_file(s.table, place_of(&s, "p/__init__.py"));
    assert_int_equal(rs_module_sub(s.table, p, RS_STR_LITERAL("r")),
                     rs_module_of_file(s.table, place_of(&s, "p-stubs/r.pyi")));
    assert_int_not_equal(rs_module_of_file(s.table, place_of(&s, "twice.py")),
                         rs_module_of_file(s.table, place_of(&s, "twice/__init__.py")));
    const rs_module *only =
        rs_module_get(s.table, rs_module_of_file(s.table, place_of(&s, "only/__init__.pyi")));
    assert_int_equal(only->form, RS_MODULE_PACKAGE);
    assert_int_equal(only->source, RS_NO_PLACE);
    sample_release(&s);
}

static void the_standard_library_has_stubs(void **state)
{
    (void)state;
    static const char *const paths[] = {"json.py",  "pkg/__init__.py", "pkg/re.py",
                                        "pkg/x.py", "deep/glob/y.py",  NULL};
    static const struct {
        const char *dotted;
        uint32_t python;
        const char *found; /* path of the stub; "" for none, NULL for the repository's */
    } cases[] = {
        {"os.path", 13, "os/path.pyi"},
        {"os", 10, "os/__init__.pyi"},
        {"concurrent.futures.thread", 13, "concurrent/futures/thread.pyi"},
        {"json", 13, NULL},   /* the repository's own goes before */
        {"re", 13, "re.pyi"}, /* directories above come behind */
        {"tomllib", 11, "tomllib.pyi"},
        {"tomllib", 10, ""},
        {"imp", 11, "imp.pyi"},
        {"imp", 12, ""},
        {"asyncio.mixins", 10, "asyncio/mixins.pyi"},
        {"builtins", 13, "builtins.pyi"},
        {"no_such_module", 13, ""},
    };
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        sample s;
        rs_str path = {0};
        sample_init(&s, paths, NULL);
        rs_module_table_free(s.table);
        assert_int_equal(
            rs_module_table_new(&s.repo, rs_default_claims, cases[i].python, &s.table, NULL),
            RS_OK);
        assert_int_equal(rs_module_table_python(s.table), cases[i].python);
        rs_found found =
            rs_module_find(s.table, place_of(&s, "pkg/x.py"), rs_str_of(cases[i].dotted));
        bool is_stub = found.module != RS_NO_MODULE &&
                       rs_module_get(s.table, found.module)->form == RS_MODULE_STUB;
        const char *want = cases[i].found;
        rs_str text = is_stub ? rs_module_stub(s.table, found.module, &path) : (rs_str){0};
        bool is_right = want == NULL ? !is_stub && found.kind == RS_FOUND_MODULE
                        : want[0] == '\0'
                            ? found.kind == RS_FOUND_EXTERNAL
                            : is_stub && rs_str_equal(path, rs_str_of(want)) && text.n_bytes > 0 &&
                                  text.bytes[text.n_bytes] == '\0';
        UNIT_CHECK(is_right, "%s of 3.%u", cases[i].dotted, (unsigned)cases[i].python);
        sample_release(&s);
    }
}

static rs_status attempt(void *context)
{
    rs_repo_file files[] = {{.path = RS_STR_LITERAL("a/b/c.py")},
                            {.path = RS_STR_LITERAL("a/b/d.py")},
                            {.path = RS_STR_LITERAL("e/__init__.py")}};
    rs_repo repo = {.files = {files, 3, 3}};
    rs_module_table *table = NULL;
    rs_error err = {0};
    (void)context;
    rs_status status = rs_module_table_new(&repo, rs_default_claims, 0, &table, &err);
    rs_module_table_free(table);
    rs_repo_paths_release(&repo.project_dirs);
    rs_repo_findings_release(&repo.findings);
    rs_arena_release(&repo.text);
    return status;
}

static void memory_may_run_out(void **state)
{
    (void)state;
    UNIT_SWEEP(attempt, NULL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(files_have_names),
    cmocka_unit_test(absolute_imports_are_looked_up_in_order),
    cmocka_unit_test(relative_imports_go_by_folder),
    cmocka_unit_test(stubs_are_the_module_beside_them),
    cmocka_unit_test(the_standard_library_has_stubs),
    cmocka_unit_test(memory_may_run_out),
};

UNIT_TESTS(module_table, tests)
