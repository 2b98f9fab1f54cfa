/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/modules.h"

#include <stdlib.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* What the files' paths tell about directories, and the directory that was named last. */
typedef struct namer {
    const rs_claims *const *claims;
    rs_repo_paths package_dirs;  /* that hold an __init__ file, in order */
    rs_repo_paths *project_dirs; /* in order */
    rs_arena *arena;
    rs_str dir; /* of the last file */
    bool has_dir;
    rs_str source_root;
    rs_str package;
    bool is_root; /* dir is a source root */
    bool root_is_package;
} namer;

/* The reserved words of Python 3, in order; soft keywords can be imported. */
static const char *const keywords[] = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield",
};

static bool is_keyword(rs_str name)
{
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        if (rs_str_equal(name, rs_str_of(keywords[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_ascii_identifier(rs_str name, bool *is_ascii)
{
    *is_ascii = true;
    bool holds = name.n_bytes > 0;
    for (size_t i = 0; i < name.n_bytes; i++) {
        unsigned char c = (unsigned char)name.bytes[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        *is_ascii &= c < 0x80;
        holds &= is_letter || (i > 0 && c >= '0' && c <= '9');
    }
    return holds;
}

static bool is_unicode_identifier(rs_str name)
{
    const uint8_t *bytes = (const uint8_t *)name.bytes;
    for (size_t at = 0; at < name.n_bytes;) {
        ucs4_t c = 0;
        int n_char = u8_mbtoucr(&c, bytes + at, name.n_bytes - at);
        if (n_char <= 0) {
            return false;
        }
        bool holds =
            at == 0 ? c == '_' || uc_is_property_xid_start(c) : uc_is_property_xid_continue(c);
        if (!holds) {
            return false;
        }
        at += (size_t)n_char;
    }
    return true;
}

/* A file name has at most 255 bytes; what NFKC makes of it must be itself to count. */
static bool is_nfkc(rs_str name)
{
    uint8_t normal[1024];
    size_t n_normal = sizeof normal;
    const uint8_t *bytes = (const uint8_t *)name.bytes;
    uint8_t *out = u8_normalize(UNINORM_NFKC, bytes, name.n_bytes, normal, &n_normal);
    return out == normal && n_normal == name.n_bytes && memcmp(normal, bytes, n_normal) == 0;
}

bool rs_name_is_importable(rs_str name)
{
    enum { MOST_BYTES = 255 };
    bool is_ascii = false;
    if (is_ascii_identifier(name, &is_ascii)) {
        return !is_keyword(name);
    }
    return !is_ascii && name.n_bytes <= MOST_BYTES && is_unicode_identifier(name) && is_nfkc(name);
}

/* ---- what directories are ---- */

static int compare_paths(const void *a, const void *b)
{
    return rs_str_compare(*(const rs_str *)a, *(const rs_str *)b);
}

static void sort_paths(rs_repo_paths *list)
{
    if (list->n_items > 0) {
        qsort(list->items, list->n_items, sizeof list->items[0], compare_paths);
    }
}

static bool holds_path(const rs_repo_paths *list, rs_str path)
{
    return list->n_items > 0 &&
           bsearch(&path, list->items, list->n_items, sizeof list->items[0], compare_paths) != NULL;
}

static void split(rs_str path, rs_str *dir, rs_str *name)
{
    size_t n_dir = path.n_bytes;
    while (n_dir > 0 && path.bytes[n_dir - 1] != '/') {
        n_dir--;
    }
    *name = (rs_str){path.bytes + n_dir, path.n_bytes - n_dir};
    *dir = (rs_str){path.bytes, n_dir > 0 ? n_dir - 1 : 0};
}

/* Only what can be read makes a package: the pipe __init__.py is skipped. */
static rs_status learn_dirs(namer *n, const rs_repo_file *files, size_t n_files, rs_error *err)
{
    RS_ASSERT(n->project_dirs != NULL);
    for (size_t i = 0; i < n_files; i++) {
        rs_str dir;
        rs_str name;
        split(files[i].path, &dir, &name);
        const rs_claims *claims = n->claims[files[i].language];
        rs_repo_paths *list = rs_claims_list(claims->package_files, name)     ? &n->package_dirs
                              : rs_claims_list(claims->project_sources, name) ? n->project_dirs
                                                                              : NULL;
        if (list != NULL && files[i].status == RS_W_parse_status_ok &&
            !rs_repo_paths_push(list, dir)) {
            return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
        }
    }
    sort_paths(&n->package_dirs);
    sort_paths(n->project_dirs);
    return RS_OK;
}

/* The table in modules.h, for one directory below the root. */
static bool is_source_root(const namer *n, rs_str dir, rs_str name, bool in_package)
{
    if (!rs_name_is_importable(name)) {
        return true;
    }
    return !in_package && !holds_path(&n->package_dirs, dir) &&
           (rs_str_equal(name, RS_STR_LITERAL("src")) || holds_path(n->project_dirs, dir));
}

/* "a/b" as "a.b". */
static bool dotted(rs_arena *arena, rs_str path, rs_str *out)
{
    char *text = rs_arena_strndup(arena, path.bytes, path.n_bytes);
    for (size_t i = 0; text != NULL && i < path.n_bytes; i++) {
        if (text[i] == '/') {
            text[i] = '.';
        }
    }
    *out = (rs_str){text, path.n_bytes};
    return text != NULL;
}

/* Find the source root and the dotted name of a directory; files in order ask for each once. */
static bool enter_dir(namer *n, rs_str dir)
{
    if (n->has_dir && rs_str_equal(dir, n->dir)) {
        return true;
    }
    size_t n_root = 0; /* bytes of the source root's path */
    bool in_package = false;
    for (size_t at = 0; at < dir.n_bytes;) {
        const char *slash = memchr(dir.bytes + at, '/', dir.n_bytes - at);
        size_t end = slash == NULL ? dir.n_bytes : (size_t)(slash - dir.bytes);
        rs_str here = {dir.bytes, end};
        rs_str name = {dir.bytes + at, end - at};
        if (is_source_root(n, here, name, in_package)) {
            n_root = end;
            in_package = false;
        } else {
            in_package |= holds_path(&n->package_dirs, here);
        }
        at = end + 1;
    }
    size_t n_skip = n_root + (n_root > 0 && n_root < dir.n_bytes);
    n->source_root = rs_path_display(n->arena, (rs_str){dir.bytes, n_root});
    n->is_root = n_root == dir.n_bytes;
    n->root_is_package = holds_path(&n->package_dirs, (rs_str){dir.bytes, n_root});
    n->dir = dir;
    n->has_dir = true;
    return n->source_root.bytes != NULL &&
           dotted(n->arena, (rs_str){dir.bytes + n_skip, dir.n_bytes - n_skip}, &n->package);
}

/* ---- what files are ---- */

/* The name in front of the suffix that an importer looks for; empty for other files. */
static rs_str stem_of(const char *const *suffixes, rs_str name)
{
    for (; *suffixes != NULL; suffixes++) {
        size_t n_suffix = strlen(*suffixes);
        if (name.n_bytes > n_suffix &&
            memcmp(name.bytes + name.n_bytes - n_suffix, *suffixes, n_suffix) == 0) {
            return (rs_str){name.bytes, name.n_bytes - n_suffix};
        }
    }
    return (rs_str){name.bytes, 0};
}

static bool name_module(const namer *n, rs_str stem, rs_str *out)
{
    if (n->package.n_bytes == 0) {
        *out = (rs_str){rs_arena_strndup(n->arena, stem.bytes, stem.n_bytes), stem.n_bytes};
        return out->bytes != NULL;
    }
    size_t n_bytes = n->package.n_bytes + 1 + stem.n_bytes;
    char *text = rs_arena_alloc(n->arena, n_bytes + 1, 1);
    if (text == NULL) {
        return false;
    }
    memcpy(text, n->package.bytes, n->package.n_bytes);
    text[n->package.n_bytes] = '.';
    memcpy(text + n->package.n_bytes + 1, stem.bytes, stem.n_bytes);
    text[n_bytes] = '\0';
    *out = (rs_str){text, n_bytes};
    return true;
}

static bool name_file(namer *n, rs_repo_file *file)
{
    rs_str dir;
    rs_str name;
    split(file->path, &dir, &name);
    if (!enter_dir(n, dir)) {
        return false;
    }
    file->source_root = n->source_root;
    file->package = n->package;
    file->root_is_package = n->root_is_package;
    const rs_claims *claims = n->claims[file->language];
    file->is_package = rs_claims_list(claims->package_files, name);
    file->module = (rs_str){0};
    if (file->is_package) {
        file->module_kind = RS_W_module_kind_package;
        file->module = n->is_root ? (rs_str){0} : n->package;
        return true;
    }
    rs_str stem = stem_of(claims->module_suffixes, name);
    if (!rs_name_is_importable(stem)) {
        file->module_kind = RS_W_module_kind_script;
        return true;
    }
    file->module_kind = RS_W_module_kind_module;
    return name_module(n, stem, &file->module);
}

rs_status rs_modules_assign(rs_repo_file *files, size_t n_files, const rs_claims *const *claims,
                            rs_repo_paths *project_dirs, rs_arena *arena, rs_error *err)
{
    namer n = {.claims = claims, .arena = arena, .project_dirs = project_dirs};
    rs_status status = learn_dirs(&n, files, n_files, err);
    for (size_t i = 0; i < n_files && status == RS_OK; i++) {
        if (!name_file(&n, &files[i])) {
            status = rs_error_set(err, RS_ERR_NOMEM, "out of memory");
        }
    }
    rs_repo_paths_release(&n.package_dirs);
    return status;
}
