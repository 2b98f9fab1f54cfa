/* SPDX-License-Identifier: Apache-2.0 */
/* From files to modules and their names. */
#include "modules/module_table.h"

#include <stdio.h>
#include <stdlib.h>

#include "modules/stubs.h"
#include "modules/table_impl.h"
#include "repo/importable.h"

enum {
    MAX_ROOTS = 64,    /* directories above a file that are looked at for names */
    MAX_FILE_NAMES = 8 /* that are kept */
};
#define NS_GROUP (UINT32_MAX - 1)

static rs_status out_of_memory(rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

/* --- modules --- */

uint32_t rs_module_add(rs_module_table *table, rs_module_form form, uint32_t dir)
{
    rs_module module = {.source = RS_NO_PLACE,
                        .stub = RS_NO_PLACE,
                        .form = form,
                        .is_package = form == RS_MODULE_PACKAGE || form == RS_MODULE_NAMESPACE};
    module_inside inside = {dir, NO_GROUP};
    uint32_t number = (uint32_t)table->modules.n_items;
    return module_list_push(&table->modules, module) && module_insides_push(&table->insides, inside)
               ? number
               : RS_NO_MODULE;
}

static rs_status add_dir_modules(rs_module_table *table, rs_error *err)
{
    for (uint32_t i = 0; i < table->dirs.n_items; i++) {
        module_dir *dir = &table->dirs.items[i];
        bool is_package = (dir->flags & DIR_HAS_INIT) != 0;
        dir->module = rs_module_add(table, is_package ? RS_MODULE_PACKAGE : RS_MODULE_NAMESPACE, i);
        uint32_t *place =
            i > 0 ? rs_pair_put(&table->sub_of, dir->parent, dir->name) : &dir->module;
        if (dir->module == RS_NO_MODULE || place == NULL) {
            return out_of_memory(err);
        }
        *place = dir->module;
    }
    return RS_OK;
}

/* What is in front of the suffix that an importer looks for; false for other files. */
static bool split_name(const rs_claims *claims, rs_str path, rs_str *stem, bool *is_stub)
{
    size_t n_dir = path.n_bytes;
    while (n_dir > 0 && path.bytes[n_dir - 1] != '/') {
        n_dir--;
    }
    rs_str name = {path.bytes + n_dir, path.n_bytes - n_dir};
    for (const char *const *suffix = claims->module_suffixes; *suffix != NULL; suffix++) {
        size_t n_suffix = strlen(*suffix);
        if (name.n_bytes > n_suffix &&
            memcmp(name.bytes + name.n_bytes - n_suffix, *suffix, n_suffix) == 0) {
            *stem = (rs_str){name.bytes, name.n_bytes - n_suffix};
            *is_stub = name.bytes[name.n_bytes - 1] == 'i';
            return true;
        }
    }
    return false;
}

static bool is_package_file(const rs_claims *claims, rs_str path)
{
    size_t n_dir = path.n_bytes;
    while (n_dir > 0 && path.bytes[n_dir - 1] != '/') {
        n_dir--;
    }
    return rs_claims_list(claims->package_files,
                          (rs_str){path.bytes + n_dir, path.n_bytes - n_dir});
}

/* The module of the stem in its directory. A package in its place goes before a file, a file before a
 * namespace; what is hidden so is still a module, which no import finds. */
static uint32_t module_of_stem(rs_module_table *table, uint32_t dir, rs_str stem)
{
    uint32_t name = rs_strings_add(&table->strings, stem);
    uint32_t *place = name != RS_STR_NULL ? rs_pair_put(&table->sub_of, dir, name) : NULL;
    if (place == NULL) {
        return RS_NO_MODULE;
    }
    uint32_t found = *place;
    rs_module_form form =
        found == RS_PAIR_NONE ? RS_MODULE_NAMESPACE : table->modules.items[found].form;
    if (form == RS_MODULE_FILE) {
        return found;
    }
    if (form == RS_MODULE_NAMESPACE) {
        uint32_t module = rs_module_add(table, RS_MODULE_FILE, dir);
        *place = module == RS_NO_MODULE ? 0 : module;
        return module;
    }
    /* Its hidden ones are kept below the package's own number, where no name can be. */
    place = rs_pair_put(&table->group_sub, NS_GROUP, found);
    if (place == NULL) {
        return RS_NO_MODULE;
    }
    if (*place == RS_PAIR_NONE) {
        *place = rs_module_add(table, RS_MODULE_FILE, dir);
    }
    return *place;
}

static rs_status add_shadowed(rs_module_table *table, rs_str path, rs_error *err)
{
    rs_arena *arena = &table->repo->text;
    rs_repo_finding finding = {
        .path = path,
        .display_path = rs_path_display(arena, path),
        .message = RS_STR_LITERAL("an import finds the package of the same name beside it"),
        .code = RS_D_module_hidden,
    };
    return finding.display_path.bytes != NULL &&
                   rs_repo_findings_push(&table->repo->findings, finding)
               ? RS_OK
               : out_of_memory(err);
}

static rs_status add_file_module(rs_module_table *table, uint32_t place, rs_error *err)
{
    const rs_repo_file *file = &table->repo->files.items[place];
    rs_str stem;
    bool is_stub = false;
    table->files[place].module = RS_NO_MODULE;
    if (!split_name(table->claims[file->language], file->path, &stem, &is_stub)) {
        return RS_OK;
    }
    uint32_t dir = table->files[place].dir;
    bool is_init = is_package_file(table->claims[file->language], file->path);
    uint32_t module = is_init ? dir_at(table, dir)->module : module_of_stem(table, dir, stem);
    if (module == RS_NO_MODULE) {
        return out_of_memory(err);
    }
    table->files[place].module = module;
    uint32_t *slot =
        is_stub ? &table->modules.items[module].stub : &table->modules.items[module].source;
    if (!is_init && dir_at(table, dir)->module != RS_NO_MODULE &&
        rs_pair_get(&table->sub_of, dir, rs_strings_find(&table->strings, stem)) != module) {
        RS_TRY(add_shadowed(table, file->path, err));
    }
    /* Of two stubs the first in order of path counts. */
    *slot = *slot == RS_NO_PLACE ? place : *slot;
    return RS_OK;
}

/* --- roots --- */

/* Why names may start at a directory for what lies at `start`; RS_N_ROOT_REASONS: they do not. */
static rs_root_reason reason_of(const rs_module_table *table, uint32_t root, uint32_t start,
                                bool in_package)
{
    static const struct {
        uint32_t flag;
        rs_root_reason reason;
    } stated[] = {{DIR_IS_DECLARED, RS_ROOT_DECLARED},
                  {DIR_IS_CONVENTION, RS_ROOT_CONVENTION},
                  {DIR_IS_PROJECT, RS_ROOT_PROJECT}};
    uint32_t flags = dir_at(table, root)->flags;
    for (size_t i = 0; i < sizeof stated / sizeof stated[0]; i++) {
        if ((flags & stated[i].flag) != 0) {
            return stated[i].reason;
        }
    }
    if ((flags & DIR_IS_NAME) == 0) {
        return RS_ROOT_EDGE;
    }
    if (root == start && in_package) {
        return RS_ROOT_CHAIN;
    }
    if ((flags & (DIR_HAS_CONFTEST | DIR_IS_PYTHONPATH)) != 0) {
        return RS_ROOT_CONFTEST;
    }
    return root == start ? RS_ROOT_SCRIPT : RS_N_ROOT_REASONS;
}

typedef struct candidate {
    uint32_t dir;
    rs_root_reason reason;
} candidate;

/* Where names of what lies in a directory may start, the nearest first. */
static uint32_t list_roots(const rs_module_table *table, uint32_t dir, candidate *roots)
{
    uint32_t top = dir_at(table, dir)->top;
    uint32_t start = top == NO_DIR ? dir : dir_at(table, top)->parent;
    uint32_t n_roots = 0;
    roots[0] = (candidate){start, RS_ROOT_EDGE};
    for (uint32_t at = start; at != NO_DIR && n_roots < MAX_ROOTS; at = dir_at(table, at)->parent) {
        rs_root_reason reason = reason_of(table, at, start, top != NO_DIR);
        if (reason != RS_N_ROOT_REASONS) {
            roots[n_roots++] = (candidate){at, reason};
        }
        /* No name goes through a directory that no import statement can say. */
        if ((dir_at(table, at)->flags & DIR_IS_NAME) == 0) {
            break;
        }
    }
    RS_ASSERT(n_roots > 0);
    RS_ASSERT(n_roots <= MAX_ROOTS);
    return n_roots;
}

/* The nearest of the best reason; a directory of scripts is named from its project. */
static uint32_t pick_root(const candidate *roots, uint32_t n_roots)
{
    RS_ASSERT(n_roots > 0);
    uint32_t best = 0;
    for (uint32_t i = 1; i < n_roots; i++) {
        if (roots[i].reason < roots[best].reason) {
            best = i;
        }
    }
    return best;
}

/* --- names --- */

/* The dotted name from the root of a directory, and of a stem in it; bytes NULL with memory out. */
static rs_str dotted(rs_arena *arena, rs_str root, rs_str dir, rs_str stem)
{
    size_t n_skip = root.n_bytes + (root.n_bytes > 0 && root.n_bytes < dir.n_bytes);
    RS_ASSERT(n_skip <= dir.n_bytes); /* it lies below its root */
    size_t n_dir = dir.n_bytes - n_skip;
    bool has_dot = n_dir > 0 && stem.n_bytes > 0;
    size_t n_bytes = n_dir + has_dot + stem.n_bytes;
    char *text = rs_arena_alloc(arena, n_bytes + 1, 1);
    if (text == NULL) {
        return (rs_str){0};
    }
    for (size_t i = 0; i < n_dir; i++) {
        text[i] = (char)(dir.bytes[n_skip + i] == '/' ? '.' : dir.bytes[n_skip + i]);
    }
    if (has_dot) {
        text[n_dir] = '.';
    }
    if (stem.n_bytes > 0) {
        memcpy(text + n_dir + has_dot, stem.bytes, stem.n_bytes);
    }
    text[n_bytes] = '\0';
    return (rs_str){text, n_bytes};
}

/* Can every directory from below the root on be a part of a name? */
static bool has_parts(const rs_module_table *table, uint32_t dir, uint32_t root)
{
    for (uint32_t n = 0; dir != root; dir = dir_at(table, dir)->parent, n++) {
        if ((dir_at(table, dir)->flags & DIR_IS_PART) == 0 || n > RS_WALK_MAX_DEPTH) {
            return false;
        }
    }
    return true;
}

static rs_status add_name(rs_module_table *table, uint32_t dir, candidate root, rs_str stem,
                          rs_error *err)
{
    rs_module_name name = {
        .name = dotted(&table->text, dir_at(table, root.dir)->path, dir_at(table, dir)->path, stem),
        .source_root = rs_path_display(&table->text, dir_at(table, root.dir)->real),
        .reason = root.reason,
    };
    if (name.name.bytes == NULL || name.source_root.bytes == NULL) {
        return out_of_memory(err);
    }
    return name.name.n_bytes == 0 || module_names_push(&table->names, name) ? RS_OK
                                                                            : out_of_memory(err);
}

static rs_status name_file(rs_module_table *table, uint32_t place, const candidate *roots,
                           uint32_t n_roots, rs_error *err)
{
    module_file *file = &table->files[place];
    const rs_repo_file *of = &table->repo->files.items[place];
    uint32_t best = pick_root(roots, n_roots);
    rs_str stem = {0};
    bool is_stub = false;
    file->root = roots[best].dir;
    file->first_name = (uint32_t)table->names.n_items;
    file->n_names = 0;
    if (file->module == RS_NO_MODULE ||
        !split_name(table->claims[of->language], of->path, &stem, &is_stub) ||
        !rs_module_is_part(stem) || !has_parts(table, file->dir, file->root)) {
        return RS_OK;
    }
    if (table->modules.items[file->module].form == RS_MODULE_PACKAGE) {
        stem = (rs_str){0};
    }
    RS_TRY(add_name(table, file->dir, roots[best], stem, err));
    for (int reason = 0; reason < RS_N_ROOT_REASONS; reason++) {
        for (uint32_t i = 0;
             i < n_roots && table->names.n_items - file->first_name < MAX_FILE_NAMES; i++) {
            if (i != best && (int)roots[i].reason == reason &&
                has_parts(table, file->dir, roots[i].dir)) {
                RS_TRY(add_name(table, file->dir, roots[i], stem, err));
            }
        }
    }
    file->n_names = (uint32_t)(table->names.n_items - file->first_name);
    RS_ASSERT(file->n_names <= MAX_FILE_NAMES);
    rs_module *module = &table->modules.items[file->module];
    if (module->name.bytes == NULL && file->n_names > 0) {
        module->name = table->names.items[file->first_name].name;
    }
    return RS_OK;
}

/* Of a namespace: what its files are named by. */
static rs_status name_namespaces(rs_module_table *table, rs_error *err)
{
    candidate roots[MAX_ROOTS];
    for (uint32_t i = 0; i < table->dirs.n_items; i++) {
        rs_module *module = &table->modules.items[dir_at(table, i)->module];
        if (module->form != RS_MODULE_NAMESPACE) {
            continue;
        }
        uint32_t n_roots = list_roots(table, i, roots);
        uint32_t root = roots[pick_root(roots, n_roots)].dir;
        if (root == i || !has_parts(table, i, root)) {
            continue;
        }
        module->name =
            dotted(&table->text, dir_at(table, root)->path, dir_at(table, i)->path, (rs_str){0});
        if (module->name.bytes == NULL) {
            return out_of_memory(err);
        }
    }
    return RS_OK;
}

static rs_status name_files(rs_module_table *table, rs_error *err)
{
    candidate roots[MAX_ROOTS];
    uint32_t n_roots = 0;
    for (uint32_t i = 0; i < table->repo->files.n_items; i++) {
        RS_TRY(add_file_module(table, i, err));
    }
    for (uint32_t i = 0; i < table->repo->files.n_items; i++) {
        if (i == 0 || table->files[i].dir != table->files[i - 1].dir) {
            n_roots = list_roots(table, table->files[i].dir, roots);
        }
        RS_TRY(name_file(table, i, roots, n_roots, err));
    }
    return name_namespaces(table, err);
}

/* --- what the files' rows say --- */

/* Can an import statement say every part from below the root on? */
static bool is_sayable(const rs_module_table *table, uint32_t dir, uint32_t root)
{
    uint32_t flags = DIR_IS_NAME;
    for (int n = 0; dir != root && dir != NO_DIR && n <= RS_WALK_MAX_DEPTH; n++) {
        flags &= dir_at(table, dir)->flags;
        dir = dir_at(table, dir)->parent;
    }
    return flags != 0;
}

static rs_w_module_kind kind_of(const rs_module_table *table, uint32_t place)
{
    const rs_repo_file *file = &table->repo->files.items[place];
    const module_file *of = &table->files[place];
    rs_str stem;
    bool is_stub = false;
    bool is_module = split_name(table->claims[file->language], file->path, &stem, &is_stub);
    return is_package_file(table->claims[file->language], file->path) ? RS_W_module_kind_package
           : is_module && rs_name_is_importable(stem) && is_sayable(table, of->dir, of->root)
               ? RS_W_module_kind_module
               : RS_W_module_kind_script;
}

/* Texts are shared by the files of a directory. */
static rs_status fill_rows(rs_module_table *table, rs_error *err)
{
    uint32_t last = NO_DIR;
    rs_str package = {0};
    rs_str source_root = {0};
    for (uint32_t i = 0; i < table->repo->files.n_items; i++) {
        rs_repo_file *file = &table->repo->files.items[i];
        const module_file *of = &table->files[i];
        if (of->dir != last) {
            rs_str root = dir_at(table, of->root)->path;
            last = of->dir;
            source_root = rs_path_display(&table->text, dir_at(table, of->root)->real);
            package = dotted(&table->text, root, dir_at(table, of->dir)->path, (rs_str){0});
            if (source_root.bytes == NULL || package.bytes == NULL) {
                return out_of_memory(err);
            }
            package = has_parts(table, of->dir, of->root) ? package : (rs_str){0};
        }
        file->module = of->n_names > 0 ? table->names.items[of->first_name].name : (rs_str){0};
        file->package = package;
        file->source_root = source_root;
        file->root_is_package = (dir_at(table, of->root)->flags & DIR_HAS_INIT) != 0;
        file->module_kind = kind_of(table, i);
        file->is_package = file->module_kind == RS_W_module_kind_package;
    }
    return RS_OK;
}

/* --- where lookups begin --- */

static bool class_of_root(uint32_t flags, uint8_t *root_class)
{
    *root_class = (flags & (DIR_IS_DECLARED | DIR_IS_CONVENTION)) != 0  ? CLASS_STATED
                  : (flags & (DIR_IS_PROJECT | DIR_IS_PYTHONPATH)) != 0 ? CLASS_PROJECT
                                                                        : CLASS_CHAIN;
    return (flags & (DIR_IS_DECLARED | DIR_IS_CONVENTION | DIR_IS_PROJECT | DIR_IS_PYTHONPATH |
                     DIR_HOLDS_TOP)) != 0;
}

/* What qsort() compares with: the directories' paths. */
typedef struct sort_entry {
    root_entry entry;
    rs_str path;
} sort_entry;

static int compare_entries(const void *a, const void *b)
{
    const sort_entry *left = a;
    const sort_entry *right = b;
    if (left->entry.name != right->entry.name) {
        return left->entry.name < right->entry.name ? -1 : 1;
    }
    int order = (int)left->entry.root_class - (int)right->entry.root_class;
    order = order != 0 ? order : (int)left->entry.is_namespace - (int)right->entry.is_namespace;
    return order != 0 ? order : rs_module_path_compare(left->path, right->path);
}

/* The modules right below roots that others see. */
static rs_status list_entries(rs_module_table *table, rs_error *err)
{
    for (size_t i = 0; i < table->sub_of.n_slots; i++) {
        const rs_pair_slot *slot = &table->sub_of.slots[i];
        uint32_t dir = (uint32_t)(slot->key >> 32);
        root_entry entry = {.name = (uint32_t)slot->key, .dir = dir, .module = slot->value};
        if (slot->value == RS_PAIR_NONE ||
            !class_of_root(dir_at(table, dir)->flags, &entry.root_class)) {
            continue;
        }
        entry.is_namespace = table->modules.items[slot->value].form == RS_MODULE_NAMESPACE;
        if (!root_entries_push(&table->entries, entry)) {
            return out_of_memory(err);
        }
    }
    return RS_OK;
}

static rs_status sort_entries(rs_module_table *table, rs_error *err)
{
    size_t n = table->entries.n_items;
    if (n == 0) {
        return RS_OK;
    }
    sort_entry *sorted = rs_alloc(n, sizeof *sorted);
    if (sorted == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < n; i++) {
        root_entry entry = table->entries.items[i];
        sorted[i] = (sort_entry){entry, dir_at(table, entry.dir)->path};
    }
    qsort(sorted, n, sizeof *sorted, compare_entries);
    for (size_t i = 0; i < n; i++) {
        table->entries.items[i] = sorted[i].entry;
    }
    rs_free(sorted);
    return RS_OK;
}

static rs_status index_entries(rs_module_table *table, rs_error *err)
{
    RS_TRY(list_entries(table, err));
    RS_TRY(sort_entries(table, err));
    for (uint32_t i = 0; i < table->entries.n_items; i++) {
        const root_entry *entry = &table->entries.items[i];
        uint32_t *place = rs_pair_put(&table->entry_of, entry->name,
                                      2u * entry->root_class + (uint32_t)entry->is_namespace);
        if (place == NULL) {
            return out_of_memory(err);
        }
        *place = *place == RS_PAIR_NONE ? i : *place;
    }
    return RS_OK;
}

/* Namespaces of one name below roots that everybody sees are one: their directories are a group, and
 * what one of them lacks another may have. Parents come before what is in them. */
static rs_status group_namespaces(rs_module_table *table, rs_error *err)
{
    rs_pair_map groups = {0};
    rs_status status = RS_OK;
    for (uint32_t i = 1; i < table->dirs.n_items && status == RS_OK; i++) {
        const module_dir *dir = dir_at(table, i);
        uint8_t root_class = CLASS_CHAIN;
        bool is_global = class_of_root(dir_at(table, dir->parent)->flags, &root_class) &&
                         root_class != CLASS_CHAIN;
        uint32_t above = table->insides.items[dir_at(table, dir->parent)->module].group;
        if (table->modules.items[dir->module].form != RS_MODULE_NAMESPACE ||
            (!is_global && above == NO_GROUP) || dir->top != NO_DIR) {
            continue;
        }
        uint32_t *group = rs_pair_put(&groups, is_global ? NO_GROUP : above, dir->name);
        if (group == NULL) {
            status = out_of_memory(err);
            break;
        }
        *group = *group == RS_PAIR_NONE ? table->n_groups++ : *group;
        RS_ASSERT(*group < table->n_groups);
        table->insides.items[dir->module].group = *group;
    }
    rs_pair_map_release(&groups);
    return status;
}

/* A file or package goes before a namespace, then the first in order of path. */
static rs_status add_to_group(rs_module_table *table, uint32_t group, uint32_t name,
                              uint32_t module, rs_error *err)
{
    uint32_t *place = rs_pair_put(&table->group_sub, group, name);
    if (place == NULL) {
        return out_of_memory(err);
    }
    bool is_better =
        *place == RS_PAIR_NONE || (table->modules.items[*place].form == RS_MODULE_NAMESPACE &&
                                   table->modules.items[module].form != RS_MODULE_NAMESPACE);
    *place = is_better ? module : *place;
    return RS_OK;
}

static rs_status fill_groups(rs_module_table *table, rs_error *err)
{
    for (uint32_t i = 1; i < table->dirs.n_items; i++) {
        const module_dir *dir = dir_at(table, i);
        uint32_t group = table->insides.items[dir_at(table, dir->parent)->module].group;
        if (group != NO_GROUP) {
            RS_TRY(add_to_group(table, group, dir->name, dir->module, err));
        }
    }
    for (uint32_t i = 0; i < table->repo->files.n_items; i++) {
        const module_file *file = &table->files[i];
        uint32_t group = table->insides.items[dir_at(table, file->dir)->module].group;
        rs_str stem;
        bool is_stub = false;
        if (group == NO_GROUP || file->module == RS_NO_MODULE ||
            !split_name(table->claims[table->repo->files.items[i].language],
                        table->repo->files.items[i].path, &stem, &is_stub)) {
            continue;
        }
        uint32_t name = rs_strings_find(&table->strings, stem);
        if (name != RS_STR_NULL && rs_pair_get(&table->sub_of, file->dir, name) == file->module) {
            RS_TRY(add_to_group(table, group, name, file->module, err));
        }
    }
    return RS_OK;
}

/* --- the table --- */

typedef struct id_place {
    int64_t id;
    uint32_t place;
} id_place;

static int compare_ids(const void *a, const void *b)
{
    int64_t left = ((const id_place *)a)->id;
    int64_t right = ((const id_place *)b)->id;
    return (left > right) - (left < right);
}

static rs_status index_ids(rs_module_table *table, rs_error *err)
{
    const rs_repo_files *files = &table->repo->files;
    id_place *sorted = rs_alloc(files->n_items + 1, sizeof *sorted);
    if (sorted == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t i = 0; i < files->n_items; i++) {
        sorted[i] = (id_place){files->items[i].file_id, i};
    }
    if (files->n_items > 0) {
        qsort(sorted, files->n_items, sizeof *sorted, compare_ids);
    }
    for (uint32_t i = 0; i < files->n_items; i++) {
        table->places[i] = sorted[i].place;
    }
    rs_free(sorted);
    return RS_OK;
}

static rs_status add_unserved(rs_module_table *table, uint32_t asked, rs_error *err)
{
    rs_repo_finding finding = {.path = RS_STR_LITERAL(""),
                               .display_path = RS_STR_LITERAL(""),
                               .code = RS_D_python_unserved};
    char words[128];
    int n = snprintf(words, sizeof words, "Python 3.%u is asked for, the stubs begin with 3.%d",
                     (unsigned)asked, (int)RS_STUB_OLDEST);
    RS_ASSERT(n > 0 && (size_t)n < sizeof words);
    finding.message = (rs_str){rs_arena_strndup(&table->repo->text, words, (size_t)n), (size_t)n};
    return finding.message.bytes != NULL && rs_repo_findings_push(&table->repo->findings, finding)
               ? RS_OK
               : out_of_memory(err);
}

/* Whose standard library: what was asked for, else what the repository's own project does, else the lowest
 * of all projects. Never that of the machine. */
static rs_status settle_python(rs_module_table *table, rs_error *err)
{
    uint32_t asked = table->is_python_given ? table->python : dir_at(table, 0)->python;
    for (uint32_t i = 1; i < table->dirs.n_items && !table->is_python_given &&
                         dir_at(table, 0)->python == NO_PYTHON;
         i++) {
        asked = dir_at(table, i)->python < asked ? dir_at(table, i)->python : asked;
    }
    asked = asked == NO_PYTHON ? RS_STUB_DEFAULT : asked;
    RS_ASSERT(asked != NO_PYTHON);
    table->python = asked < RS_STUB_OLDEST   ? RS_STUB_OLDEST
                    : asked > RS_STUB_NEWEST ? RS_STUB_NEWEST
                                             : asked;
    return asked < RS_STUB_OLDEST ? add_unserved(table, asked, err) : RS_OK;
}

static rs_status fill(rs_module_table *table, rs_error *err)
{
    RS_TRY(rs_module_dirs_fill(table, err));
    RS_TRY(settle_python(table, err));
    RS_TRY(add_dir_modules(table, err));
    RS_TRY(name_files(table, err));
    RS_TRY(fill_rows(table, err));
    RS_TRY(group_namespaces(table, err));
    RS_TRY(fill_groups(table, err));
    RS_TRY(index_entries(table, err));
    RS_TRY(rs_module_stubs_fill(table, err));
    return index_ids(table, err);
}

rs_status rs_module_table_new(rs_repo *repo, const rs_claims *const *claims, uint32_t python,
                              rs_module_table **out, rs_error *err)
{
    rs_module_table *table = rs_alloc_zero(1, sizeof *table);
    *out = table;
    if (table == NULL) {
        return out_of_memory(err);
    }
    table->repo = repo;
    table->claims = claims;
    table->python = python;
    table->is_python_given = python != 0;
    table->files = rs_alloc_zero(repo->files.n_items + 1, sizeof *table->files);
    table->places = rs_alloc_zero(repo->files.n_items + 1, sizeof *table->places);
    rs_status status =
        table->files == NULL || table->places == NULL ? out_of_memory(err) : fill(table, err);
    rs_repo_sort_findings(repo);
    if (status != RS_OK) {
        rs_module_table_free(table);
        *out = NULL;
    }
    return status;
}

void rs_module_table_free(rs_module_table *table)
{
    if (table == NULL) {
        return;
    }
    rs_project_facts_release(&table->facts);
    rs_strings_release(&table->moved);
    module_dirs_release(&table->moved_to);
    module_dirs_release(&table->dirs);
    module_list_release(&table->modules);
    module_insides_release(&table->insides);
    module_names_release(&table->names);
    root_entries_release(&table->entries);
    rs_pair_map_release(&table->dir_of);
    rs_pair_map_release(&table->sub_of);
    rs_pair_map_release(&table->stub_sub);
    rs_pair_map_release(&table->group_sub);
    rs_pair_map_release(&table->entry_of);
    rs_strings_release(&table->strings);
    rs_arena_release(&table->text);
    rs_free(table->files);
    rs_free(table->places);
    rs_free(table);
}

/* --- what others ask --- */

uint32_t rs_module_count(const rs_module_table *table)
{
    return (uint32_t)table->modules.n_items;
}

const rs_module *rs_module_get(const rs_module_table *table, uint32_t module)
{
    RS_ASSERT(module < table->modules.n_items);
    return &table->modules.items[module];
}

uint32_t rs_module_table_python(const rs_module_table *table)
{
    return table->python;
}

uint32_t rs_module_python(const rs_module_table *table, uint32_t place)
{
    RS_ASSERT(place < table->repo->files.n_items);
    uint32_t python = dir_at(table, table->files[place].dir)->python;
    return python == NO_PYTHON || table->is_python_given ? table->python : python;
}

uint32_t rs_module_of_file(const rs_module_table *table, uint32_t place)
{
    RS_ASSERT(place < table->repo->files.n_items);
    return table->files[place].module;
}

uint32_t rs_module_file_place(const rs_module_table *table, int64_t file_id)
{
    size_t low = 0;
    size_t high = table->repo->files.n_items;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int64_t id = table->repo->files.items[table->places[middle]].file_id;
        if (id == file_id) {
            return table->places[middle];
        }
        if (id < file_id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return RS_NO_PLACE;
}

const rs_module_name *rs_module_names(const rs_module_table *table, uint32_t place,
                                      uint32_t *n_names)
{
    RS_ASSERT(place < table->repo->files.n_items);
    *n_names = table->files[place].n_names;
    return *n_names > 0 ? &table->names.items[table->files[place].first_name] : NULL;
}
