/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys of project files say where packages lie. */
#include "modules/project.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/toml.h"
#include "repo/importable.h"
#include "repo/tree.h"

enum {
    MAX_BYTES = 1 << 20, /* of a project file */
    MAX_FACTS = 1000,    /* of a project */
    MAX_PATH = 1024      /* bytes of a path in one */
};

typedef enum shape {
    ROOTS,    /* a path, or a list of them */
    LINES,    /* the same as one text, a path a line */
    PACKAGES, /* directories of packages: names start above them */
    NAMED,    /* {name: path}; "" is the root */
    NAMES,    /* {path: name}, or a list of roots: hatch's sources */
    LINES_OF_NAMED,
    FROMS, /* [{from: path}]: poetry's packages */
    PYTHONPATH,
    PYTHONPATH_LINES,
    PYTHON, /* which versions of it */
    NAME
} shape;

typedef struct statement {
    const char *path; /* keys from the root of the document, '/' between them */
    shape shape;
} statement;

static const statement pyproject_statements[] = {
    {"tool/setuptools/package-dir", NAMED},
    {"tool/setuptools/packages/find/where", ROOTS},
    {"tool/poetry/packages", FROMS},
    {"tool/hatch/build/packages", PACKAGES},
    {"tool/hatch/build/sources", NAMES},
    {"tool/hatch/build/dev-mode-dirs", ROOTS},
    {"tool/hatch/build/targets/wheel/packages", PACKAGES},
    {"tool/hatch/build/targets/wheel/sources", NAMES},
    {"tool/pdm/build/package-dir", ROOTS},
    {"tool/pdm/package-dir", ROOTS},
    {"tool/maturin/python-source", ROOTS},
    {"tool/uv/build-backend/module-root", ROOTS},
    {"tool/scikit-build/wheel/packages", PACKAGES},
    {"tool/pytest/ini_options/pythonpath", PYTHONPATH},
    {"project/requires-python", PYTHON},
    {"tool/poetry/dependencies/python", PYTHON},
    {"project/name", NAME},
    {"tool/poetry/name", NAME},
    {NULL, ROOTS},
};
static const statement setup_cfg_statements[] = {
    {"options/package_dir", LINES_OF_NAMED},
    {"options.packages.find/where", LINES},
    {"files/packages_root", LINES},
    {"tool:pytest/pythonpath", PYTHONPATH_LINES},
    {"options/python_requires", PYTHON},
    {"metadata/name", NAME},
    {NULL, ROOTS},
};
static const statement setup_py_statements[] = {
    {"package_dir", NAMED}, {"find_packages", ROOTS}, {"python_requires", PYTHON}, {"name", NAME},
    {NULL, ROOTS},
};

typedef struct project_reader {
    rs_repo *repo;
    rs_project_facts *out;
    rs_tree_cursor cursor;
    rs_buf text; /* of a file */
    rs_buf path;
    rs_str dir;       /* of the project */
    rs_str file;      /* that is read */
    size_t n_first;   /* facts before it */
    rs_buf outside;   /* the first of its paths that lead out of the repository */
    size_t n_outside; /* all of them */
    rs_error *err;
    rs_status status; /* the first failure */
} project_reader;

static void fail(project_reader *r)
{
    r->status =
        r->status == RS_OK ? rs_error_set(r->err, RS_ERR_NOMEM, "out of memory") : r->status;
}

/* --- paths --- */

/* Leave the last part of r->path; false where it has none. */
static bool go_up(project_reader *r)
{
    rs_buf *path = &r->path;
    if (path->n_bytes == 0) {
        return false;
    }
    while (path->n_bytes > 0 && path->bytes[path->n_bytes - 1] != '/') {
        path->n_bytes--;
    }
    path->n_bytes -= path->n_bytes > 0;
    return true;
}

/* dir and text as a path below the repository's root; false for one that leads out of it. */
static bool join(project_reader *r, const char *text)
{
    size_t n_text = strlen(text);
    rs_buf_reset(&r->path);
    rs_buf_add_str(&r->path, r->dir);
    if (text[0] == '/' || n_text > MAX_PATH) {
        return false;
    }
    for (size_t at = 0; at < n_text;) {
        size_t n = strcspn(text + at, "/");
        rs_str part = {text + at, n};
        bool is_up = rs_str_equal(part, RS_STR_LITERAL(".."));
        if (is_up && !go_up(r)) {
            return false;
        }
        if (n > 0 && !is_up && !rs_str_equal(part, RS_STR_LITERAL("."))) {
            rs_buf_add(&r->path, r->path.n_bytes > 0 ? "/" : "");
            rs_buf_add_str(&r->path, part);
        }
        at += n + 1;
    }
    return true;
}

static rs_str keep(project_reader *r, rs_str text)
{
    rs_str kept = {rs_arena_strndup(&r->repo->text, text.bytes, text.n_bytes), text.n_bytes};
    if (kept.bytes == NULL) {
        fail(r);
    }
    return kept;
}

/* --- what is told --- */

static void add_finding(project_reader *r, rs_diagnostic_code code, const char *message)
{
    rs_arena *arena = &r->repo->text;
    rs_repo_finding finding = {
        .path = r->file,
        .display_path = rs_path_display(arena, r->file),
        .message = rs_path_display(arena, rs_str_of(message)),
        .code = code,
    };
    if (r->status != RS_OK || finding.display_path.bytes == NULL || finding.message.bytes == NULL ||
        !rs_repo_findings_push(&r->repo->findings, finding)) {
        fail(r);
    }
}

/* The first one, and how many: a file has one finding of a kind. */
static void tell_outside(project_reader *r)
{
    rs_buf message = {0};
    rs_buf_addf(&message, "%s leads out of the repository", rs_buf_text(&r->outside));
    if (r->n_outside > 1) {
        rs_buf_addf(&message, ", as do %zu more", r->n_outside - 1);
    }
    if (message.failed || r->outside.failed) {
        fail(r);
    } else {
        add_finding(r, RS_D_root_outside, rs_buf_text(&message));
    }
    rs_buf_release(&message);
}

static void add_fact(project_reader *r, rs_project_fact_kind kind, const char *path,
                     const char *name)
{
    if (r->out->n_items - r->n_first >= MAX_FACTS) {
        return;
    }
    if (!join(r, path)) {
        rs_buf_addf(&r->outside, "%.*s", r->n_outside++ == 0 ? (int)MAX_PATH : 0, path);
        return;
    }
    rs_project_fact fact = {kind, r->dir, keep(r, rs_buf_str(&r->path)), keep(r, rs_str_of(name))};
    if (r->path.failed || r->status != RS_OK || !rs_project_facts_push(r->out, fact)) {
        fail(r);
    }
}

/* --- values --- */

/* "pkg.sub" at "src/pkg/sub" says that names start at src; elsewhere it is a name of its own. */
static void add_named(project_reader *r, const char *name, const char *path)
{
    char text[MAX_PATH + 1];
    size_t n_name = strlen(name);
    size_t n_path = strlen(path);
    while (n_path > 0 && path[n_path - 1] == '/') {
        n_path--;
    }
    if (n_path > MAX_PATH || n_name > MAX_PATH) {
        return;
    }
    memcpy(text, path, n_path);
    text[n_path] = '\0';
    bool ends_so = n_path >= n_name && (n_path == n_name || text[n_path - n_name - 1] == '/');
    for (size_t i = 0; i < n_name && ends_so; i++) {
        char c = text[n_path - n_name + i];
        ends_so = c == name[i] || (c == '/' && name[i] == '.');
    }
    if (ends_so) {
        text[n_path - n_name] = '\0';
        add_fact(r, RS_PROJECT_ROOT, text, "");
    } else {
        add_fact(r, RS_PROJECT_PACKAGE, text, name);
    }
}

static void add_package(project_reader *r, const char *path)
{
    char text[MAX_PATH + 1];
    size_t n_path = strlen(path);
    while (n_path > 0 && path[n_path - 1] == '/') {
        n_path--;
    }
    while (n_path > 0 && path[n_path - 1] != '/') {
        n_path--;
    }
    if (n_path <= MAX_PATH) {
        memcpy(text, path, n_path);
        text[n_path] = '\0';
        add_fact(r, RS_PROJECT_ROOT, text, "");
    }
}

static void add_path(project_reader *r, shape of, const char *path)
{
    if (of == PACKAGES) {
        add_package(r, path);
    } else {
        add_fact(
            r, of == PYTHONPATH || of == PYTHONPATH_LINES ? RS_PROJECT_PYTHONPATH : RS_PROJECT_ROOT,
            path, "");
    }
}

/* Lines or words of a text; of "name = path" both. */
static void add_lines(project_reader *r, shape of, const char *text)
{
    const char *stops = of == PYTHONPATH_LINES ? " \t\n" : "\n,";
    rs_buf line = {0};
    while (*text != '\0' && r->status == RS_OK) {
        size_t n = strcspn(text, stops);
        rs_buf_reset(&line);
        for (size_t i = 0; i < n; i++) {
            if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r') {
                rs_buf_add_char(&line, text[i]);
            }
        }
        text += n + (text[n] != '\0');
        if (line.failed) {
            fail(r);
        } else if (of == LINES_OF_NAMED) {
            char *equals = line.n_bytes > 0 ? strchr(line.bytes, '=') : NULL;
            if (equals != NULL) {
                *equals = '\0';
                add_named(r, line.bytes, equals + 1);
            }
        } else if (line.n_bytes > 0) {
            add_path(r, of, line.bytes);
        }
    }
    rs_buf_release(&line);
}

static void add_list(project_reader *r, shape of, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list) && r->status == RS_OK; i++) {
        const json_t *item = json_array_get(list, i);
        if (of == FROMS && json_is_object(item)) {
            const char *from = json_string_value(json_object_get(item, "from"));
            add_fact(r, RS_PROJECT_ROOT, from != NULL ? from : "", "");
        } else if (of != FROMS && json_is_string(item)) {
            add_path(r, of == NAMES ? ROOTS : of, json_string_value(item));
        }
    }
}

/* In order of their keys: no order of a hash table may show. */
static void add_members(project_reader *r, shape of, json_t *object)
{
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(object, key, value)
    { /* jansson keeps the order of the text */
        const char *text = json_string_value(value);
        if (text == NULL) {
            continue;
        }
        bool is_by_path = of == NAMES;
        const char *path = is_by_path ? key : text;
        const char *name = is_by_path ? text : key;
        char dotted[MAX_PATH + 1];
        (void)snprintf(dotted, sizeof dotted, "%s", name);
        for (char *slash = strchr(dotted, '/'); slash != NULL; slash = strchr(slash, '/')) {
            *slash = '.';
        }
        if (dotted[0] == '\0') {
            add_fact(r, RS_PROJECT_ROOT, path, "");
        } else {
            add_named(r, dotted, path);
        }
    }
}

static void add_value(project_reader *r, shape of, json_t *value)
{
    const char *text = json_string_value(value);
    if (of == NAME || of == PYTHON) {
        if (text != NULL) {
            add_fact(r, of == NAME ? RS_PROJECT_NAME : RS_PROJECT_PYTHON, "", text);
        }
    } else if (of == LINES || of == LINES_OF_NAMED || of == PYTHONPATH_LINES) {
        add_lines(r, of, text != NULL ? text : "");
    } else if (text != NULL) {
        add_path(r, of, text);
    } else if (json_is_array(value)) {
        add_list(r, of, value);
    } else if (json_is_object(value) && (of == NAMED || of == NAMES)) {
        add_members(r, of, value);
    } else if (json_is_object(value) && of == PACKAGES) {
        add_members(r, NAMED, value); /* scikit-build: {name: path} */
    }
}

static json_t *look_up(json_t *document, const char *path)
{
    char key[64];
    while (document != NULL && *path != '\0') {
        size_t n = strcspn(path, "/");
        (void)snprintf(key, sizeof key, "%.*s", (int)n, path);
        document = json_object_get(document, key);
        path += n + (path[n] == '/');
    }
    return document;
}

/* --- files --- */

static bool begins(const char *text, const char *with)
{
    return text != NULL && strncmp(text, with, strlen(with)) == 0;
}

static bool is_dir(project_reader *r, const char *path)
{
    int fd = -1;
    return join(r, path) && !r->path.failed &&
           rs_tree_open_dir(&r->cursor, rs_buf_str(&r->path), &fd) == 0;
}

/* What build systems take for granted where nothing is said. */
static void add_defaults(project_reader *r, json_t *document)
{
    const char *backend = json_string_value(look_up(document, "build-system/build-backend"));
    bool is_flit = begins(backend, "flit") || look_up(document, "tool/flit") != NULL;
    bool says_root = look_up(document, "tool/uv/build-backend/module-root") != NULL;
    if (is_flit) {
        add_fact(r, RS_PROJECT_ROOT, is_dir(r, "src") ? "src" : "", "");
    } else if (begins(backend, "uv_build") && !says_root) {
        add_fact(r, RS_PROJECT_ROOT, "src", "");
    }
}

typedef struct project_file {
    const char *name;
    rs_status (*parse)(rs_str text, json_t **out, rs_error *err);
    const statement *statements;
    void (*add_defaults)(project_reader *r, json_t *document); /* NULL: none */
} project_file;

static const project_file project_files[] = {
    {"pyproject.toml", rs_toml_parse, pyproject_statements, add_defaults},
    {"setup.cfg", rs_ini_parse, setup_cfg_statements, NULL},
    {"setup.py", rs_setup_parse, setup_py_statements, NULL},
};

/* All of an opened file; a message for one that is not read. */
static const char *read_all(project_reader *r, int fd)
{
    struct stat about;
    ssize_t n_read = 0;
    rs_buf_reset(&r->text);
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        return "no regular file";
    }
    do {
        char block[4096];
        n_read = read(fd, block, sizeof block);
        rs_buf_append(&r->text, block, n_read > 0 ? (size_t)n_read : 0);
        if (r->text.n_bytes > MAX_BYTES) {
            return "larger than 1 MiB";
        }
    } while (n_read > 0 || (n_read < 0 && errno == EINTR));
    if (r->text.failed) {
        fail(r);
    }
    return n_read < 0 ? "cannot be read" : NULL;
}

static void read_statements(project_reader *r, const project_file *file)
{
    rs_error fault = {0};
    json_t *document = NULL;
    rs_status status = file->parse(rs_buf_str(&r->text), &document, &fault);
    if (status == RS_ERR_NOMEM) {
        fail(r);
    } else if (status != RS_OK) {
        add_finding(r, RS_D_project_file_unread, fault.message);
    }
    rs_buf_reset(&r->outside);
    r->n_outside = 0;
    for (const statement *s = file->statements; s->path != NULL && r->status == RS_OK; s++) {
        add_value(r, s->shape, look_up(document, s->path));
    }
    if (document != NULL && file->add_defaults != NULL) {
        file->add_defaults(r, document);
    }
    if (r->n_outside > 0 && r->status == RS_OK) {
        tell_outside(r);
    }
    json_decref(document);
}

static void read_file(project_reader *r, const project_file *file)
{
    int fd = -1;
    if (!join(r, file->name) || r->path.failed) {
        fail(r);
        return;
    }
    r->file = keep(r, rs_buf_str(&r->path));
    int refused = r->status == RS_OK ? rs_tree_open_file(&r->cursor, r->file, &fd) : ENOENT;
    if (refused != 0) {
        rs_error words = {0};
        (void)rs_error_set_errno(&words, refused, "open");
        if (refused == ENOMEM) {
            fail(r);
        } else if (refused == ELOOP) {
            add_finding(r, RS_D_project_file_unread, "a symbolic link, which is not followed");
        } else if (refused != ENOENT) {
            add_finding(r, RS_D_project_file_unread, words.message);
        }
        return;
    }
    const char *message = read_all(r, fd);
    (void)close(fd);
    if (message != NULL && r->status == RS_OK) {
        add_finding(r, RS_D_project_file_unread, message);
    } else if (r->status == RS_OK) {
        read_statements(r, file);
    }
}

rs_status rs_project_facts_read(rs_repo *repo, const rs_str *dirs, size_t n_dirs,
                                rs_project_facts *out, rs_error *err)
{
    project_reader r = {.repo = repo, .out = out, .err = err};
    if (!repo->is_open) {
        return RS_OK;
    }
    rs_tree_cursor_init(&r.cursor, repo->root_fd);
    for (size_t i = 0; i < n_dirs && r.status == RS_OK; i++) {
        r.dir = dirs[i];
        r.n_first = out->n_items;
        for (size_t k = 0; k < sizeof project_files / sizeof project_files[0]; k++) {
            if (r.status == RS_OK) {
                read_file(&r, &project_files[k]);
            }
        }
    }
    rs_tree_cursor_release(&r.cursor);
    rs_buf_release(&r.text);
    rs_buf_release(&r.path);
    rs_buf_release(&r.outside);
    return r.status;
}
