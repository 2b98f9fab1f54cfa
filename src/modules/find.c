/* SPDX-License-Identifier: Apache-2.0 */
/* What an import finds: docs/modules.md has the order in which roots are asked. */
#include "modules/module_table.h"
#include "modules/table_impl.h"

enum { MAX_CLIMB = 64 /* directories above a file that are asked */ };

static bool is_namespace(const rs_module_table *table, uint32_t module)
{
    return table->modules.items[module].form == RS_MODULE_NAMESPACE;
}

static uint32_t sub_by_number(const rs_module_table *table, uint32_t module, uint32_t name)
{
    const rs_module *of = &table->modules.items[module];
    const module_inside *inside = &table->insides.items[module];
    if (of->form == RS_MODULE_FILE) {
        return RS_NO_MODULE;
    }
    if (of->form == RS_MODULE_STUB) {
        return rs_pair_get(&table->stub_sub, module, name);
    }
    uint32_t own = rs_pair_get(&table->sub_of, inside->dir, name);
    if (inside->group == NO_GROUP || (own != RS_PAIR_NONE && !is_namespace(table, own))) {
        return own;
    }
    uint32_t other = rs_pair_get(&table->group_sub, inside->group, name);
    return own == RS_PAIR_NONE || (other != RS_PAIR_NONE && !is_namespace(table, other)) ? other
                                                                                         : own;
}

uint32_t rs_module_sub(const rs_module_table *table, uint32_t module, rs_str name)
{
    RS_ASSERT(module < table->modules.n_items);
    uint32_t number = rs_strings_find(&table->strings, name);
    return number == RS_STR_NULL ? RS_NO_MODULE : sub_by_number(table, module, number);
}

/* --- the nearest root of a class --- */

/* Bytes of the directories that both paths begin with. */
static size_t common(rs_str a, rs_str b)
{
    size_t n = a.n_bytes < b.n_bytes ? a.n_bytes : b.n_bytes;
    size_t n_common = 0;
    size_t i = 0;
    for (; i < n && a.bytes[i] == b.bytes[i]; i++) {
        n_common = a.bytes[i] == '/' ? i : n_common;
    }
    bool ends_a = i == a.n_bytes && (b.n_bytes == i || b.bytes[i] == '/');
    bool ends_b = i == b.n_bytes && (a.n_bytes == i || a.bytes[i] == '/');
    return ends_a || ends_b ? i : n_common;
}

static rs_str entry_path(const rs_module_table *table, size_t entry)
{
    return dir_at(table, table->entries.items[entry].dir)->path;
}

/* The first entry of [low, high) that does not stand before path. */
static size_t lower_bound(const rs_module_table *table, size_t low, size_t high, rs_str path)
{
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rs_module_path_compare(entry_path(table, middle), path) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool is_same_kind(const root_entry *a, const root_entry *b)
{
    return a->name == b->name && a->root_class == b->root_class &&
           a->is_namespace == b->is_namespace;
}

/* Behind the last entry of the first one's kind. */
static size_t end_of_kind(const rs_module_table *table, size_t first)
{
    const root_entry *entry = &table->entries.items[first];
    size_t step = 1;
    size_t low = first + 1;
    size_t high = low;
    while (high < table->entries.n_items && is_same_kind(&table->entries.items[high], entry)) {
        low = high + 1;
        high += step;
        step *= 2;
    }
    high = high < table->entries.n_items ? high : table->entries.n_items;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (is_same_kind(&table->entries.items[middle], entry)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/*
 * The module of that name below the root of a class that shares most directories with the path, of
 * those the first in order of path: neighbours of the path's place share most. least: so many bytes
 * have to be shared.
 */
static uint32_t nearest(const rs_module_table *table, uint32_t name, module_root_class of,
                        bool namespaces, rs_str path, size_t least)
{
    uint32_t first = rs_pair_get(&table->entry_of, name, 2u * of + (uint32_t)namespaces);
    if (first == RS_PAIR_NONE) {
        return RS_NO_MODULE;
    }
    size_t end = end_of_kind(table, first);
    size_t at = lower_bound(table, first, end, path);
    size_t n_left = at > first ? common(path, entry_path(table, at - 1)) : 0;
    size_t n_right = at < end ? common(path, entry_path(table, at)) : 0;
    size_t n_shared = n_left > n_right ? n_left : n_right;
    if (n_shared < least) {
        return RS_NO_MODULE;
    }
    at = n_shared == 0 ? first : lower_bound(table, first, end, (rs_str){path.bytes, n_shared});
    return table->entries.items[at].module;
}

/* --- absolute imports --- */

/* A lookup under way: what is found first stands, but a namespace waits for a regular module. */
typedef struct lookup {
    const rs_module_table *table;
    const module_file *file;
    uint32_t name; /* the first part, or RS_STR_NULL: nothing of the repository has it */
    rs_str rest;   /* the parts behind it */
    rs_found best;
    bool is_done;
} lookup;

static rs_str next_part(rs_str *rest)
{
    const char *dot = rest->n_bytes > 0 ? memchr(rest->bytes, '.', rest->n_bytes) : NULL;
    size_t n_bytes = dot == NULL ? rest->n_bytes : (size_t)(dot - rest->bytes);
    rs_str part = {rest->bytes, n_bytes};
    size_t n_skip = n_bytes + (dot != NULL);
    *rest = (rs_str){rest->bytes + n_skip, rest->n_bytes - n_skip};
    return part;
}

static rs_found descend(const rs_module_table *table, uint32_t module, rs_str rest)
{
    rs_found found = {RS_FOUND_MODULE, module, 1};
    while (rest.n_bytes > 0) {
        rs_str part = next_part(&rest);
        uint32_t next = rs_module_sub(table, found.module, part);
        if (next == RS_NO_MODULE) {
            found.kind = RS_FOUND_PART;
            return found;
        }
        found.module = next;
        found.n_parts++;
    }
    return found;
}

/* A regular module ends the search, whatever it lacks, also one in a namespace. Namespaces alone are kept
 * until the end when they have all of the name: what else is called so lies elsewhere. */
static void consider(lookup *l, uint32_t module)
{
    if (l->is_done || module == RS_NO_MODULE) {
        return;
    }
    rs_found found = descend(l->table, module, l->rest);
    l->is_done = !is_namespace(l->table, found.module);
    if (l->is_done || (found.kind == RS_FOUND_MODULE && l->best.kind == RS_FOUND_EXTERNAL)) {
        l->best = found;
    }
}

static void consider_dir(lookup *l, uint32_t dir)
{
    if (!l->is_done) {
        consider(l, rs_pair_get(&l->table->sub_of, dir, l->name));
    }
}

static void consider_class(lookup *l, module_root_class of, size_t least)
{
    rs_str path = dir_at(l->table, l->file->dir)->path;
    for (int namespaces = 0; namespaces < 2 && !l->is_done; namespaces++) {
        consider(l, nearest(l->table, l->name, of, namespaces == 1, path, least));
    }
}

/* Directories from one on upwards that have one of the flags; 0: all. */
static void climb(lookup *l, uint32_t dir, uint32_t flags)
{
    for (int n = 0; dir != NO_DIR && n < MAX_CLIMB && !l->is_done; n++) {
        const module_dir *at = dir_at(l->table, dir);
        if (flags == 0 || (at->flags & flags) != 0) {
            consider_dir(l, dir);
        }
        dir = at->parent;
    }
}

static size_t first_part_of(rs_str path)
{
    const char *slash = path.n_bytes > 0 ? memchr(path.bytes, '/', path.n_bytes) : NULL;
    return slash == NULL ? path.n_bytes : (size_t)(slash - path.bytes);
}

rs_found rs_module_find(const rs_module_table *table, uint32_t place, rs_str dotted)
{
    RS_ASSERT(place < table->repo->files.n_items);
    const module_file *file = &table->files[place];
    const module_dir *dir = dir_at(table, file->dir);
    rs_str rest = dotted;
    rs_str first = next_part(&rest);
    lookup l = {.table = table,
                .file = file,
                .name = rs_strings_find(&table->strings, first),
                .rest = rest,
                .best = {RS_FOUND_EXTERNAL, RS_NO_MODULE, 0}};
    if (l.name == RS_STR_NULL) {
        return l.best;
    }
    if (dir->top == NO_DIR && (dir->flags & DIR_HAS_INIT) == 0) {
        consider_dir(&l, file->dir);
    }
    climb(&l, file->dir, DIR_HAS_CONFTEST);
    consider_dir(&l, file->root);
    consider_class(&l, CLASS_STATED, 0);
    consider_class(&l, CLASS_PROJECT, 0);
    climb(&l, file->dir, DIR_HOLDS_TOP);
    if (!l.is_done) {
        consider(&l, rs_pair_get(&table->stub_sub, RS_NO_MODULE, l.name));
    }
    climb(&l, file->dir, 0);
    size_t n_first = first_part_of(dir->path);
    if (n_first > 0 && l.best.kind == RS_FOUND_EXTERNAL) { /* a guess that takes no one's place */
        consider_class(&l, CLASS_CHAIN, n_first);
    }
    return l.best;
}

/* --- relative imports --- */

rs_found rs_module_find_relative(const rs_module_table *table, uint32_t place, uint32_t level,
                                 rs_str dotted)
{
    RS_ASSERT(place < table->repo->files.n_items && level > 0);
    uint32_t dir = table->files[place].dir;
    for (uint32_t i = 1; i < level && dir != NO_DIR; i++) {
        dir = dir_at(table, dir)->parent;
    }
    if (dir == NO_DIR) {
        return (rs_found){RS_FOUND_REFUSED, RS_NO_MODULE, 0};
    }
    rs_found found = descend(table, dir_at(table, dir)->module, dotted);
    found.n_parts--;
    return found;
}

/* --- imports of stubs --- */

/* The package that `level` dots mean in a stub, or RS_NO_MODULE. */
static uint32_t stub_package(const rs_module_table *table, uint32_t stub, uint32_t level)
{
    const rs_module *module = &table->modules.items[stub];
    rs_str name = module->name;
    uint32_t n_up = module->is_package ? level - 1 : level;
    for (uint32_t i = 0; i < n_up && name.n_bytes > 0; i++) {
        while (name.n_bytes > 0 && name.bytes[name.n_bytes - 1] != '.') {
            name.n_bytes--;
        }
        name.n_bytes -= name.n_bytes > 0;
    }
    if (name.n_bytes == 0) {
        return RS_NO_MODULE;
    }
    return rs_module_find_in_stubs(table, stub, 0, name).module;
}

rs_found rs_module_find_in_stubs(const rs_module_table *table, uint32_t stub, uint32_t level,
                                 rs_str dotted)
{
    RS_ASSERT(level == 0 || table->modules.items[stub].form == RS_MODULE_STUB);
    if (level > 0) {
        uint32_t package = stub_package(table, stub, level);
        if (package == RS_NO_MODULE) {
            return (rs_found){RS_FOUND_REFUSED, RS_NO_MODULE, 0};
        }
        rs_found found = descend(table, package, dotted);
        found.n_parts--;
        return found;
    }
    rs_str rest = dotted;
    uint32_t name = rs_strings_find(&table->strings, next_part(&rest));
    uint32_t first =
        name == RS_STR_NULL ? RS_PAIR_NONE : rs_pair_get(&table->stub_sub, RS_NO_MODULE, name);
    return first == RS_PAIR_NONE ? (rs_found){RS_FOUND_EXTERNAL, RS_NO_MODULE, 0}
                                 : descend(table, first, rest);
}
