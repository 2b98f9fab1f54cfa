/* SPDX-License-Identifier: Apache-2.0 */
/* The directories of a repository, as importers see them. */
#include <stdlib.h>

#include "modules/requires.h"
#include "modules/table_impl.h"
#include "repo/importable.h"
#include "repo/source.h"

static rs_status out_of_memory(rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

int rs_module_path_compare(rs_str a, rs_str b)
{
    size_t n = a.n_bytes < b.n_bytes ? a.n_bytes : b.n_bytes;
    for (size_t i = 0; i < n; i++) {
        if (a.bytes[i] != b.bytes[i]) {
            int left = a.bytes[i] == '/' ? 0 : (unsigned char)a.bytes[i];
            int right = b.bytes[i] == '/' ? 0 : (unsigned char)b.bytes[i];
            return left - right;
        }
    }
    return (a.n_bytes > b.n_bytes) - (a.n_bytes < b.n_bytes);
}

bool rs_module_is_part(rs_str name)
{
    size_t end = 0;
    if (name.n_bytes == 0 || memchr(name.bytes, '.', name.n_bytes) != NULL ||
        rs_utf8_find_invalid(name.bytes, name.n_bytes, 0, &end) < name.n_bytes) {
        return false;
    }
    for (size_t i = 0; i < name.n_bytes; i++) {
        unsigned char c = (unsigned char)name.bytes[i];
        if (c < 0x20 || c == 0x7f) {
            return false;
        }
    }
    return true;
}

bool rs_module_dir_is_below(const rs_module_table *table, uint32_t dir, uint32_t above)
{
    rs_str path = dir_at(table, dir)->path;
    rs_str prefix = dir_at(table, above)->path;
    return prefix.n_bytes == 0 ||
           (path.n_bytes >= prefix.n_bytes &&
            memcmp(path.bytes, prefix.bytes, prefix.n_bytes) == 0 &&
            (path.n_bytes == prefix.n_bytes || path.bytes[prefix.n_bytes] == '/'));
}

/* --- one directory --- */

static uint32_t flags_of_name(rs_str name)
{
    return (rs_name_is_importable(name) ? DIR_IS_NAME : 0u) |
           (rs_module_is_part(name) ? DIR_IS_PART : 0u);
}

/* X of X-stubs, which holds stubs for X: PEP 561. */
static bool is_stubs(rs_str name, rs_str *of)
{
    static const char suffix[] = "-stubs";
    size_t n_suffix = sizeof suffix - 1;
    *of = (rs_str){name.bytes, name.n_bytes > n_suffix ? name.n_bytes - n_suffix : 0};
    return of->n_bytes > 0 && memcmp(name.bytes + of->n_bytes, suffix, n_suffix) == 0 &&
           rs_name_is_importable(*of);
}

static rs_str join(rs_arena *arena, rs_str path, rs_str name)
{
    size_t n_path = path.n_bytes + (path.n_bytes > 0);
    char *text = rs_arena_alloc(arena, n_path + name.n_bytes + 1, 1);
    if (text == NULL) {
        return (rs_str){0};
    }
    if (path.n_bytes > 0) {
        memcpy(text, path.bytes, path.n_bytes);
        text[path.n_bytes] = '/';
    }
    memcpy(text + n_path, name.bytes, name.n_bytes);
    text[n_path + name.n_bytes] = '\0';
    return (rs_str){text, n_path + name.n_bytes};
}

static rs_str parent_of(rs_str path, rs_str name)
{
    size_t n_bytes = path.n_bytes - name.n_bytes;
    return (rs_str){path.bytes, n_bytes - (n_bytes > 0)};
}

/* The directory `real`, the last part of whose path is name, in parent. Paths lie in the repository's
 * text: copies of deep ones would be the square of their depth. */
static uint32_t add_dir(rs_module_table *table, uint32_t parent, rs_str real, rs_str name,
                        bool is_moved)
{
    rs_str of;
    uint32_t flags = 0;
    if (!is_moved && is_stubs(name, &of)) {
        name = of;
        flags = DIR_IS_STUBS;
    }
    uint32_t number = rs_strings_add(&table->strings, name);
    if (number == RS_STR_NULL) {
        return NO_DIR;
    }
    uint32_t *place = rs_pair_put(&table->dir_of, parent, number);
    if (place == NULL || *place != RS_PAIR_NONE) {
        return place == NULL ? NO_DIR : *place;
    }
    bool is_same =
        flags == 0 && !is_moved && rs_str_equal(dir_at(table, parent)->path, parent_of(real, name));
    module_dir dir = {
        .path = is_same ? real : join(&table->text, dir_at(table, parent)->path, name),
        .real = real,
        .parent = parent,
        .name = number,
        .depth = dir_at(table, parent)->depth + 1,
        .module = RS_NO_MODULE,
        .top = NO_DIR,
        .flags = flags | flags_of_name(name),
        .python = NO_PYTHON,
    };
    *place = (uint32_t)table->dirs.n_items;
    if (dir.path.bytes == NULL || !module_dirs_push(&table->dirs, dir)) {
        *place = 0; /* the table is thrown away */
        return NO_DIR;
    }
    return *place;
}

/* A directory that no file of the system is named after: of a package that a project names. */
static uint32_t enter_moved(rs_module_table *table, rs_str path, rs_str real)
{
    uint32_t dir = 0;
    for (size_t at = 0; at < path.n_bytes && dir != NO_DIR;) {
        const char *slash = memchr(path.bytes + at, '/', path.n_bytes - at);
        size_t end = slash == NULL ? path.n_bytes : (size_t)(slash - path.bytes);
        dir = add_dir(table, dir, real, (rs_str){path.bytes + at, end - at}, true);
        at = end + 1;
    }
    if (dir != NO_DIR) {
        table->dirs.items[dir].flags |= DIR_IS_MOVED;
    }
    return dir;
}

/* The directory that a path is, from its parent on. */
static uint32_t enter_one(rs_module_table *table, uint32_t parent, rs_str path, rs_str name)
{
    uint32_t moved = table->moved.n_items > 0 ? rs_strings_find(&table->moved, path) : RS_STR_NULL;
    return moved != RS_STR_NULL ? enter_moved(table, table->moved_to.items[moved].path, path)
           : path.n_bytes == 0  ? 0
                                : add_dir(table, parent, path, name, false);
}

/* The directory of a path and all above it. */
static uint32_t enter(rs_module_table *table, rs_str path)
{
    uint32_t dir = enter_one(table, NO_DIR, (rs_str){path.bytes, 0}, (rs_str){0});
    for (size_t at = 0; at < path.n_bytes && dir != NO_DIR;) {
        const char *slash = memchr(path.bytes + at, '/', path.n_bytes - at);
        size_t end = slash == NULL ? path.n_bytes : (size_t)(slash - path.bytes);
        dir = enter_one(table, dir, (rs_str){path.bytes, end}, (rs_str){path.bytes + at, end - at});
        at = end + 1;
    }
    return dir;
}

/* --- all of them --- */

static rs_str dir_of_path(rs_str path, rs_str *name)
{
    size_t n_dir = path.n_bytes;
    while (n_dir > 0 && path.bytes[n_dir - 1] != '/') {
        n_dir--;
    }
    *name = (rs_str){path.bytes + n_dir, path.n_bytes - n_dir};
    return (rs_str){path.bytes, n_dir > 0 ? n_dir - 1 : 0};
}

static uint32_t flags_of_file(const rs_claims *claims, rs_str name)
{
    return rs_claims_list(claims->package_files, name)         ? DIR_HAS_INIT
           : rs_claims_list(claims->project_sources, name)     ? DIR_IS_PROJECT
           : rs_str_equal(name, RS_STR_LITERAL("conftest.py")) ? DIR_HAS_CONFTEST
                                                               : 0;
}

static rs_status enter_files(rs_module_table *table, rs_error *err)
{
    const rs_repo_files *files = &table->repo->files;
    rs_str last = {0};
    uint32_t dir = 0;
    for (size_t i = 0; i < files->n_items; i++) {
        rs_str name;
        rs_str path = dir_of_path(files->items[i].path, &name);
        if (!rs_str_equal(path, last)) {
            dir = enter(table, path);
            last = path;
        }
        if (dir == NO_DIR) {
            return out_of_memory(err);
        }
        table->files[i].dir = dir;
        /* What cannot be read makes no package. */
        if (files->items[i].status == RS_W_parse_status_ok) {
            table->dirs.items[dir].flags |=
                flags_of_file(table->claims[files->items[i].language], name);
        }
    }
    return RS_OK;
}

static rs_status enter_projects(rs_module_table *table, rs_error *err)
{
    const rs_repo_paths *paths = &table->repo->project_dirs;
    for (size_t i = 0; i < paths->n_items; i++) {
        uint32_t dir = enter(table, paths->items[i]);
        if (dir == NO_DIR) {
            return out_of_memory(err);
        }
        if ((dir_at(table, dir)->flags & DIR_IS_MOVED) != 0) {
            /* Names start above the package that it is. */
            while (dir != 0 && !rs_str_equal(dir_at(table, dir)->path, paths->items[i])) {
                dir = dir_at(table, dir)->parent;
            }
        }
        table->dirs.items[dir].flags |= DIR_IS_PROJECT;
    }
    table->dirs.items[0].flags |= DIR_IS_PROJECT;
    return RS_OK;
}

/* --- what projects say --- */

static int compare_strs(const void *a, const void *b)
{
    return rs_str_compare(*(const rs_str *)a, *(const rs_str *)b);
}

/* Directories of projects in order, each once: those of setup.py are told by the files. */
static rs_status list_projects(rs_module_table *table, rs_error *err)
{
    rs_repo_paths *dirs = &table->repo->project_dirs;
    const rs_repo_files *files = &table->repo->files;
    for (size_t i = 0; i < files->n_items; i++) {
        rs_str name;
        rs_str dir = dir_of_path(files->items[i].path, &name);
        const rs_claims *claims = table->claims[files->items[i].language];
        if (files->items[i].status == RS_W_parse_status_ok &&
            rs_claims_list(claims->project_sources, name) && !rs_repo_paths_push(dirs, dir)) {
            return out_of_memory(err);
        }
    }
    size_t n_kept = 0;
    if (dirs->n_items > 0) {
        qsort(dirs->items, dirs->n_items, sizeof dirs->items[0], compare_strs);
    }
    for (size_t i = 0; i < dirs->n_items; i++) {
        if (n_kept == 0 || !rs_str_equal(dirs->items[n_kept - 1], dirs->items[i])) {
            dirs->items[n_kept++] = dirs->items[i];
        }
    }
    dirs->n_items = n_kept;
    return RS_OK;
}

/* "a.b", each part of which an import statement can say, as a path below the project. */
static bool path_of_name(rs_module_table *table, const rs_project_fact *fact, rs_str *out)
{
    rs_str rest = fact->name;
    *out = join(&table->text, fact->project, rest);
    char *text = (char *)(uintptr_t)out->bytes; /* ours */
    for (size_t i = out->n_bytes - rest.n_bytes; text != NULL && i < out->n_bytes; i++) {
        if (text[i] == '.') {
            text[i] = '/';
        }
    }
    while (rest.n_bytes > 0) {
        const char *dot = memchr(rest.bytes, '.', rest.n_bytes);
        size_t n = dot == NULL ? rest.n_bytes : (size_t)(dot - rest.bytes);
        if (!rs_name_is_importable((rs_str){rest.bytes, n}) ||
            (dot != NULL && n + 1 == rest.n_bytes)) {
            return false;
        }
        n += dot != NULL;
        rest = (rs_str){rest.bytes + n, rest.n_bytes - n};
    }
    return true;
}

/* A directory is moved once, by the first who says so. */
static rs_status move(rs_module_table *table, const rs_project_fact *fact, rs_error *err)
{
    module_dir to = {0};
    bool is_valid = path_of_name(table, fact, &to.path);
    uint32_t number = is_valid ? rs_strings_add(&table->moved, fact->path) : 0;
    if (to.path.bytes == NULL || number == RS_STR_NULL) {
        return out_of_memory(err);
    }
    return !is_valid || number < table->moved_to.n_items || module_dirs_push(&table->moved_to, to)
               ? RS_OK
               : out_of_memory(err);
}

static bool is_in_root(const rs_module_table *table, rs_str name)
{
    const rs_repo_files *files = &table->repo->files;
    for (size_t i = 0; i < files->n_items; i++) {
        rs_str path = files->items[i].path;
        if (files->items[i].status == RS_W_parse_status_ok && path.n_bytes >= name.n_bytes &&
            memcmp(path.bytes, name.bytes, name.n_bytes) == 0 &&
            (path.n_bytes == name.n_bytes || path.bytes[name.n_bytes] == '/')) {
            return true;
        }
    }
    return false;
}

/* A package that is the analysed directory itself is called as its project, unless a directory in it is:
 * no path tells. "x-y.z" is a distribution of x_y.z. */
static rs_status move_root(rs_module_table *table, rs_error *err)
{
    const rs_project_fact *found = NULL;
    for (size_t i = 0; i < table->facts.n_items && found == NULL; i++) {
        const rs_project_fact *fact = &table->facts.items[i];
        found = fact->kind == RS_PROJECT_NAME && fact->project.n_bytes == 0 ? fact : NULL;
    }
    if (found == NULL || !(is_in_root(table, RS_STR_LITERAL("__init__.py")) ||
                           is_in_root(table, RS_STR_LITERAL("__init__.pyi")))) {
        return RS_OK;
    }
    rs_project_fact package = *found;
    char *name = rs_arena_strndup(&table->text, found->name.bytes, found->name.n_bytes);
    if (name == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < found->name.n_bytes; i++) {
        if (name[i] == '-') {
            name[i] = '_';
        }
    }
    package.name.bytes = name;
    rs_str first = {name, strcspn(name, ".")};
    return is_in_root(table, first) ? RS_OK : move(table, &package, err);
}

static rs_status move_packages(rs_module_table *table, rs_error *err)
{
    for (size_t i = 0; i < table->facts.n_items; i++) {
        if (table->facts.items[i].kind == RS_PROJECT_PACKAGE) {
            RS_TRY(move(table, &table->facts.items[i], err));
        }
    }
    return move_root(table, err);
}

/* The directory of a path, where there is one. */
static uint32_t find_real(const rs_module_table *table, rs_str path)
{
    uint32_t dir = 0;
    for (size_t at = 0; at < path.n_bytes && dir != NO_DIR;) {
        const char *slash = memchr(path.bytes + at, '/', path.n_bytes - at);
        size_t end = slash == NULL ? path.n_bytes : (size_t)(slash - path.bytes);
        uint32_t name = rs_strings_find(&table->strings, (rs_str){path.bytes + at, end - at});
        dir = name == RS_STR_NULL ? NO_DIR : rs_pair_get(&table->dir_of, dir, name);
        at = end + 1;
    }
    return dir;
}

/* Roots that projects state. One that was moved away is none any more. */
static void settle_facts(rs_module_table *table)
{
    for (size_t i = 0; i < table->facts.n_items; i++) {
        const rs_project_fact *fact = &table->facts.items[i];
        uint32_t flag = fact->kind == RS_PROJECT_ROOT         ? DIR_IS_DECLARED
                        : fact->kind == RS_PROJECT_PYTHONPATH ? DIR_IS_PYTHONPATH
                                                              : 0;
        uint32_t dir = flag != 0 ? find_real(table, fact->path) : NO_DIR;
        if (dir != NO_DIR) {
            table->dirs.items[dir].flags |= flag;
        }
    }
}

/* The first file of a project that says so counts; directories below have what is said above. */
static void settle_python(rs_module_table *table)
{
    for (size_t i = 0; i < table->facts.n_items; i++) {
        const rs_project_fact *fact = &table->facts.items[i];
        uint32_t dir = fact->kind == RS_PROJECT_PYTHON ? find_real(table, fact->project) : NO_DIR;
        uint32_t minor = 0;
        if (dir != NO_DIR && dir_at(table, dir)->python == NO_PYTHON &&
            rs_requires_lowest(fact->name, &minor)) {
            table->dirs.items[dir].python = minor;
        }
    }
    for (uint32_t i = 1; i < table->dirs.n_items; i++) {
        module_dir *dir = &table->dirs.items[i];
        dir->python = dir->python == NO_PYTHON ? dir_at(table, dir->parent)->python : dir->python;
    }
}

/* The root's own package, where it is one, has no name that a path tells: names start in it. */
static void settle_tops(rs_module_table *table)
{
    for (uint32_t i = 1; i < table->dirs.n_items; i++) {
        module_dir *dir = &table->dirs.items[i];
        module_dir *parent = &table->dirs.items[dir->parent];
        dir->top = parent->top;
        if (dir->top == NO_DIR && (dir->flags & DIR_HAS_INIT) != 0) {
            dir->top = i;
            parent->flags |= DIR_HOLDS_TOP;
        }
    }
}

/* lib and python mean a root in a project alone. */
static void settle_conventions(rs_module_table *table)
{
    static const char *const in_projects[] = {"lib", "Lib", "python"};
    for (uint32_t i = 1; i < table->dirs.n_items; i++) {
        module_dir *dir = &table->dirs.items[i];
        rs_str name = table->strings.items[dir->name];
        bool is_root = rs_str_equal(name, RS_STR_LITERAL("src"));
        bool in_project = (dir_at(table, dir->parent)->flags & DIR_IS_PROJECT) != 0;
        for (size_t k = 0; k < sizeof in_projects / sizeof in_projects[0]; k++) {
            is_root = is_root || (in_project && rs_str_equal(name, rs_str_of(in_projects[k])));
        }
        if (is_root && dir->top == NO_DIR) {
            dir->flags |= DIR_IS_CONVENTION;
        }
    }
}

rs_status rs_module_dirs_fill(rs_module_table *table, rs_error *err)
{
    module_dir root = {.path = RS_STR_LITERAL(""),
                       .real = RS_STR_LITERAL(""),
                       .parent = NO_DIR,
                       .name = RS_STR_NULL,
                       .module = RS_NO_MODULE,
                       .top = NO_DIR,
                       .python = NO_PYTHON};
    if (!module_dirs_push(&table->dirs, root)) {
        return out_of_memory(err);
    }
    RS_TRY(list_projects(table, err));
    RS_TRY(rs_project_facts_read(table->repo, table->repo->project_dirs.items,
                                 table->repo->project_dirs.n_items, &table->facts, err));
    RS_TRY(move_packages(table, err));
    RS_TRY(enter_files(table, err));
    RS_TRY(enter_projects(table, err));
    settle_tops(table);
    settle_facts(table);
    settle_python(table);
    settle_conventions(table);
    return RS_OK;
}
