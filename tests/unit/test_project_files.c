/* SPDX-License-Identifier: Apache-2.0 */
#include "modules/project.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle/files.h"
#include "modules/module_table.h"
#include "modules/requires.h"
#include "modules/toml.h"
#include "unit/unit.h"

typedef rs_status parse_function(rs_str text, json_t **out, rs_error *err);

typedef struct parse_case {
    const char *text;
    const char *found; /* compact JSON; or of a refusal a part of the message */
} parse_case;

static void check_parses(parse_function *parse, const parse_case *cases, size_t n_cases)
{
    for (size_t i = 0; i < n_cases; i++) {
        rs_error err = {0};
        rs_buf text = {0};
        json_t *value = NULL;
        rs_status status = parse(rs_str_of(cases[i].text), &value, &err);
        if (status == RS_OK) {
            assert_int_equal(rs_json_print_compact(value, &text, &err), RS_OK);
        }
        bool is_right = status == RS_OK ? strcmp(rs_buf_text(&text), cases[i].found) == 0
                                        : strstr(err.message, cases[i].found) != NULL;
        UNIT_CHECK(is_right, "%s: %s", cases[i].text,
                   status == RS_OK ? rs_buf_text(&text) : err.message);
        json_decref(value);
        rs_buf_release(&text);
    }
}

static void toml_is_read(void **state)
{
    (void)state;
    static const parse_case cases[] = {
        {"", "{}"},
        {"# a\r\na = 'b' # c\r\n", "{\"a\":\"b\"}"},
        {"a.b.\"c d\" = true\na.e = false", "{\"a\":{\"b\":{\"c d\":true},\"e\":false}}"},
        {"[t.u]\nx = 1\n[t]\ny = 1979-05-27 07:32:00\n", "{\"t\":{\"u\":{\"x\":null},\"y\":null}}"},
        {"[[l]]\nx='1'\n[[l]]\n[l.in]\ny='2'", "{\"l\":[{\"x\":\"1\"},{\"in\":{\"y\":\"2\"}}]}"},
        {"a = [ 'x', # c\n \"y\",\n]", "{\"a\":[\"x\",\"y\"]}"},
        {"a = {b = 'c', d.e = [{f='g'}]}", "{\"a\":{\"b\":\"c\",\"d\":{\"e\":[{\"f\":\"g\"}]}}}"},
        {"a = \"\"\"\nx\"\"y \\\n   z\"\"\"\"", "{\"a\":\"x\\\"\\\"y z\\\"\"}"},
        {"a = '''\\n'''", "{\"a\":\"\\\\n\"}"},
        {"a = \"\\u00e4\\t\"", "{\"a\":\"\xc3\xa4\\t\"}"},
        {"a = 1\na = 2", "line 2: the key has a value already"},
        {"a = 'x'\na.b = 1", "the key has a value already"},
        {"a = 'x\n", "line 1: a text without end"},
        {"a = \"\\q\"", "unknown escape"},
        {"a = \"\\ud800\"", "no such character"},
        {"a", "expected ="},
        {"a = b", "expected a value"},
        {"a = 1 b = 2", "expected the end of the line"},
        {"[a", "expected ]"},
        {"a = [1 2]", "expected , or ]"},
        {"\n\xff", "line 2: no UTF-8"},
        {"a = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]", "nested too deep"},
        {"a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a = 1",
         "too many parts"},
    };
    check_parses(rs_toml_parse, cases, UNIT_COUNT(cases));
}

static void setup_cfg_is_read(void **state)
{
    (void)state;
    static const parse_case cases[] = {
        {"", "{}"},
        {"[a]\nK-x : 1\n[b]\n", "{\"a\":{\"k_x\":\"1\"},\"b\":{}}"},
        {"[a]\nx =\n  p = q\n\n  # c\n  r\ny=2", "{\"a\":{\"x\":\"\\np = q\\nr\",\"y\":\"2\"}}"},
        {"[a]\nx=1\n[a]\nx=2", "{\"a\":{\"x\":\"2\"}}"},
        {"x = 1", "line 1: a value before the first section"},
        {"[a]\nx", "line 2: expected ="},
        {"[a", "expected ]"},
        {"\xff", "no UTF-8"},
    };
    check_parses(rs_ini_parse, cases, UNIT_COUNT(cases));
}

static void setup_py_is_read(void **state)
{
    (void)state;
    static const parse_case cases[] = {
        {"", "{\"find_packages\":[]}"},
        {"setup(name='x', package_dir={'': 'src', u: 'no', 'p': \"lib\"})",
         "{\"find_packages\":[],\"name\":\"x\",\"package_dir\":{\"\":\"src\",\"p\":\"lib\"}}"},
        {"d = {'': join('a', 'b')}\nN = 'n'\nsetup(package_dir=d, name=N)",
         "{\"find_packages\":[],\"name\":\"n\",\"package_dir\":{\"\":\"a/b\"}}"},
        {"setup(packages=find_packages('src') + m.find_namespace_packages(where='lib'))",
         "{\"find_packages\":[\"src\",\"lib\"]}"},
        {"setup(package_dir=dict(x), name='a' + b, packages=find_packages())",
         "{\"find_packages\":[]}"},
        {"setup(name='a\\x41')", "{\"find_packages\":[]}"},
        {"setup((", "{\"find_packages\":[]}"},
    };
    check_parses(rs_setup_parse, cases, UNIT_COUNT(cases));
}

static void the_lowest_python_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int minor; /* -1: none */
    } cases[] = {
        {">=3.9", 9},     {">= 3.8.1, <4", 8},  {"<4,>=3.11", 11},  {">3.7", 7},
        {"~=3.10", 10},   {"~=3.10.2", 10},     {"^3.9", 9},        {"~3.12", 12},
        {"==3.11.*", 11}, {"3.12", 12},         {"*", 0},           {">=2.7,!=3.0.*,!=3.1.*", 2},
        {">=2.7", 0},     {"<3", -1},           {">=4", -1},        {"", -1},
        {"nonsense", -1}, {"^3.8 || ^3.10", 8}, {">=3.9,<3.9", -1}, {">=3.13rc1", 13},
        {">=3.9,", 9},    {"!=3.0.1,>=3", 0},
    };
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        uint32_t minor = 0;
        bool is_there = rs_requires_lowest(rs_str_of(cases[i].text), &minor);
        UNIT_CHECK(is_there == (cases[i].minor >= 0) && (!is_there || (int)minor == cases[i].minor),
                   "%s: %d, 3.%u", cases[i].text, is_there, (unsigned)minor);
    }
}

/* --- what they say of files --- */

typedef struct project_case {
    const char *name; /* of the project file */
    const char *text;
    const char *path; /* of a source */
    const char *module;
} project_case;

static const project_case project_cases[] = {
    {"pyproject.toml", "[tool.setuptools]\npackage-dir = {'' = 'code'}", "code/p/a.py", "p.a"},
    {"pyproject.toml", "[tool.setuptools.package-dir]\np = 'code'", "code/a.py", "p.a"},
    {"pyproject.toml", "[tool.setuptools.package-dir]\n'p.q' = 'code/p/q'", "code/p/q/a.py",
     "p.q.a"},
    {"pyproject.toml", "[tool.setuptools.packages.find]\nwhere = ['code']", "code/a.py", "a"},
    {"pyproject.toml", "[tool.poetry]\npackages = [{include='p', from='code'}]", "code/p/a.py",
     "p.a"},
    {"pyproject.toml", "[tool.poetry]\npackages = [{include='p'}]", "p/src/a.py", "p.src.a"},
    {"pyproject.toml", "[tool.hatch.build.targets.wheel]\npackages = ['code/p']", "code/p/a.py",
     "p.a"},
    {"pyproject.toml", "[tool.hatch.build]\nsources = ['code']", "code/p/a.py", "p.a"},
    {"pyproject.toml", "[tool.hatch.build.targets.wheel.sources]\n'code' = 'p/q'", "code/a.py",
     "p.q.a"},
    {"pyproject.toml", "[tool.pdm.build]\npackage-dir = 'code'", "code/p/a.py", "p.a"},
    {"pyproject.toml", "[tool.maturin]\npython-source = 'code'", "code/p/a.py", "p.a"},
    {"pyproject.toml", "[tool.uv.build-backend]\nmodule-root = 'code'", "code/p/a.py", "p.a"},
    {"pyproject.toml", "[build-system]\nbuild-backend = 'flit_core.buildapi'", "code/a.py",
     "code.a"},
    {"pyproject.toml", "[tool.scikit-build]\nwheel.packages = ['code/p']", "code/p/a.py", "p.a"},
    {"pyproject.toml", "[tool.maturin\npython-source = 'code'", "code/p/a.py", "code.p.a"},
    {"setup.cfg", "[options]\npackage_dir =\n    = code", "code/p/a.py", "p.a"},
    {"setup.cfg", "[options]\npackage-dir = p=code, q=other", "code/a.py", "p.a"},
    {"setup.cfg", "[options.packages.find]\nwhere = code", "code/a.py", "a"},
    {"setup.py", "setup(package_dir={'': './code/'})", "code/p/a.py", "p.a"},
    {"setup.py", "setup(package_dir={'p': '.'})", "sub/a.py", "p.sub.a"},
    {"setup.py", "setup(packages=find_packages('code'))", "code/p/a.py", "p.a"},
};

static void put(const char *dir, const char *path, const char *text)
{
    char whole[512];
    (void)snprintf(whole, sizeof whole, "%s/%s", dir, path);
    for (char *slash = strchr(whole + strlen(dir) + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        assert_true(mkdir(whole, 0700) == 0 || errno == EEXIST);
        *slash = '/';
    }
    int fd = open(whole, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    (void)close(fd);
}

static void projects_say_where_names_start(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(project_cases); i++) {
        const project_case *c = &project_cases[i];
        char dir[] = "/tmp/relspec-project-XXXXXX";
        rs_repo repo;
        rs_module_table *table = NULL;
        assert_non_null(mkdtemp(dir));
        put(dir, c->name, c->text);
        put(dir, c->path, "");
        assert_int_equal(rs_repo_walk(dir, NULL, &repo, NULL), RS_OK);
        assert_int_equal(rs_module_table_new(&repo, rs_default_claims, 0, &table, NULL), RS_OK);
        const rs_repo_file *file = &repo.files.items[0];
        file += !rs_str_equal(file->path, rs_str_of(c->path)); /* setup.py is one, too */
        UNIT_CHECK(file->module.bytes != NULL && strcmp(file->module.bytes, c->module) == 0,
                   "%s: %s: %s", c->text, c->path, file->module.bytes);
        bool is_broken = strstr(c->text, "[tool.maturin\n") != NULL;
        UNIT_CHECK(repo.findings.n_items == is_broken, "%s: %zu findings", c->text,
                   repo.findings.n_items);
        rs_module_table_free(table);
        rs_repo_release(&repo);
        assert_int_equal(rs_files_remove_tree(dir, NULL), RS_OK);
    }
}

static void a_root_is_called_as_its_project(void **state)
{
    (void)state;
    static const struct {
        const char *other; /* a further file */
        const char *module;
    } cases[] = {{"sub/a.py", "my_dist.part.x"}, {"my_dist/a.py", "x"}};
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        char dir[] = "/tmp/relspec-project-XXXXXX";
        rs_repo repo;
        rs_module_table *table = NULL;
        assert_non_null(mkdtemp(dir));
        put(dir, "pyproject.toml", "[project]\nname = 'my-dist.part'");
        put(dir, "__init__.py", "");
        put(dir, "x.py", "");
        put(dir, cases[i].other, "");
        assert_int_equal(rs_repo_walk(dir, NULL, &repo, NULL), RS_OK);
        assert_int_equal(rs_module_table_new(&repo, rs_default_claims, 0, &table, NULL), RS_OK);
        const rs_repo_file *file = &repo.files.items[repo.files.n_items - 1];
        assert_string_equal(file->module.bytes, cases[i].module);
        rs_found found = rs_module_find(table, 0, rs_str_of(cases[i].module));
        assert_int_equal(found.kind, RS_FOUND_MODULE);
        assert_int_equal(found.module, rs_module_of_file(table, (uint32_t)repo.files.n_items - 1));
        rs_module_table_free(table);
        rs_repo_release(&repo);
        assert_int_equal(rs_files_remove_tree(dir, NULL), RS_OK);
    }
}

static void links_are_told(void **state)
{
    (void)state;
    char dir[] = "/tmp/relspec-project-XXXXXX";
    char path[128];
    rs_repo repo;
    rs_module_table *table = NULL;
    assert_non_null(mkdtemp(dir));
    put(dir, "other.toml", "[tool.maturin]\npython-source = 'code'");
    put(dir, "code/a.py", "");
    (void)snprintf(path, sizeof path, "%s/pyproject.toml", dir);
    assert_int_equal(symlink("other.toml", path), 0);
    assert_int_equal(rs_repo_walk(dir, NULL, &repo, NULL), RS_OK);
    assert_int_equal(rs_module_table_new(&repo, rs_default_claims, 0, &table, NULL), RS_OK);
    assert_string_equal(repo.files.items[0].module.bytes, "code.a");
    assert_int_equal(repo.findings.n_items, 2);
    assert_int_equal(repo.findings.items[0].code, RS_D_link_skipped);
    assert_int_equal(repo.findings.items[1].code, RS_D_project_file_unread);
    rs_module_table_free(table);
    rs_repo_release(&repo);
    assert_int_equal(rs_files_remove_tree(dir, NULL), RS_OK);
}

/* Paths go up from the project's directory; what leads out of the repository is told. */
static void paths_that_lead_out_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *module; /* of code/p/a.py */
        bool is_outside;
    } cases[] = {
        {"../code", "p.a", false},
        {"..", "code.p.a", false},
        {"../code/../code/./", "p.a", false},
        {"../code/p/..", "p.a", false},
        {"../..", "code.p.a", true},
        {"../../code", "code.p.a", true},
        {"../code/../..", "code.p.a", true},
        {"/code", "code.p.a", true},
        {"..code", "code.p.a", false},
    };
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        char dir[] = "/tmp/relspec-project-XXXXXX";
        char text[128];
        rs_repo repo;
        rs_module_table *table = NULL;
        assert_non_null(mkdtemp(dir));
        (void)snprintf(text, sizeof text, "[tool.setuptools.packages.find]\nwhere = ['%s']",
                       cases[i].path);
        put(dir, "code/p/a.py", "");
        put(dir, "made/pyproject.toml", text);
        put(dir, "made/x.py", "");
        assert_int_equal(rs_repo_walk(dir, NULL, &repo, NULL), RS_OK);
        assert_int_equal(rs_module_table_new(&repo, rs_default_claims, 0, &table, NULL), RS_OK);
        UNIT_CHECK(strcmp(repo.files.items[0].module.bytes, cases[i].module) == 0, "%s: %s",
                   cases[i].path, repo.files.items[0].module.bytes);
        UNIT_CHECK(repo.findings.n_items == (cases[i].is_outside ? 1u : 0u), "%s: %zu findings",
                   cases[i].path, repo.findings.n_items);
        if (cases[i].is_outside) {
            (void)snprintf(text, sizeof text, "%s leads out of the repository", cases[i].path);
            assert_int_equal(repo.findings.items[0].code, RS_D_root_outside);
            assert_string_equal(repo.findings.items[0].display_path.bytes, "made/pyproject.toml");
            assert_string_equal(repo.findings.items[0].message.bytes, text);
        }
        rs_module_table_free(table);
        rs_repo_release(&repo);
        assert_int_equal(rs_files_remove_tree(dir, NULL), RS_OK);
    }
}

/* A finding is known by its file and its code: there is one. */
static void one_is_told_of_a_file(void **state)
{
    (void)state;
    char dir[] = "/tmp/relspec-project-XXXXXX";
    rs_buf text = {0};
    rs_repo repo;
    rs_module_table *table = NULL;
    assert_non_null(mkdtemp(dir));
    rs_buf_add(&text, "[options.packages.find]\nwhere =\n");
    for (int i = 0; i < 5000; i++) {
        rs_buf_addf(&text, "  /%d\n", i);
    }
    put(dir, "setup.cfg", rs_buf_text(&text));
    assert_int_equal(rs_repo_walk(dir, NULL, &repo, NULL), RS_OK);
    assert_int_equal(rs_module_table_new(&repo, rs_default_claims, 0, &table, NULL), RS_OK);
    assert_int_equal(repo.findings.n_items, 1);
    assert_string_equal(repo.findings.items[0].message.bytes,
                        "/0 leads out of the repository, as do 4999 more");
    rs_module_table_free(table);
    rs_repo_release(&repo);
    rs_buf_release(&text);
    assert_int_equal(rs_files_remove_tree(dir, NULL), RS_OK);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(toml_is_read),
    cmocka_unit_test(setup_cfg_is_read),
    cmocka_unit_test(setup_py_is_read),
    cmocka_unit_test(the_lowest_python_is_found),
    cmocka_unit_test(projects_say_where_names_start),
    cmocka_unit_test(a_root_is_called_as_its_project),
    cmocka_unit_test(links_are_told),
    cmocka_unit_test(paths_that_lead_out_are_told),
    cmocka_unit_test(one_is_told_of_a_file),
};

UNIT_TESTS(project_files, tests)
