/* SPDX-License-Identifier: Apache-2.0 */
/* Modules of the standard library, as far as there are stubs for the version of Python in question. */
#include "modules/stubs.h"

#include <stdlib.h>

#include "modules/table_impl.h"

/* A line of VERSIONS: the minor versions that have a module and what is in it. */
typedef struct stub_range {
    uint32_t first;
    uint32_t last;
} stub_range;

RS_VEC_DEFINE(stub_ranges, stub_range)

typedef struct stub_reader {
    rs_module_table *table;
    rs_strings names; /* of VERSIONS */
    stub_ranges ranges;
    rs_error *err;
} stub_reader;

static rs_status out_of_memory(rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

/* The minor version in "3.10"; last where there is none. */
static uint32_t minor_at(const char *text, uint32_t last)
{
    return strncmp(text, "3.", 2) == 0 ? (uint32_t)strtoul(text + 2, NULL, 10) : last;
}

/* "asyncio.mixins: 3.10-3.12", "os: 3.0-  # comment" */
static rs_status read_version(stub_reader *r, rs_str line)
{
    const char *colon = line.n_bytes > 0 ? memchr(line.bytes, ':', line.n_bytes) : NULL;
    if (colon == NULL || line.bytes[0] == '#') {
        return RS_OK;
    }
    const char *from = colon + 1;
    const char *end = line.bytes + line.n_bytes;
    from += from < end && *from == ' ';
    const char *dash = memchr(from, '-', (size_t)(end - from));
    stub_range range = {minor_at(from, 0),
                        dash == NULL ? UINT32_MAX : minor_at(dash + 1, UINT32_MAX)};
    rs_str name = {line.bytes, (size_t)(colon - line.bytes)};
    uint32_t number = rs_strings_add(&r->names, name);
    if (number == RS_STR_NULL) {
        return out_of_memory(r->err);
    }
    return number < r->ranges.n_items || stub_ranges_push(&r->ranges, range)
               ? RS_OK
               : out_of_memory(r->err);
}

static rs_status read_versions(stub_reader *r)
{
    rs_str rest = rs_str_of(rs_stub_versions);
    while (rest.n_bytes > 0) {
        const char *stop = memchr(rest.bytes, '\n', rest.n_bytes);
        size_t n = stop == NULL ? rest.n_bytes : (size_t)(stop - rest.bytes);
        RS_TRY(read_version(r, (rs_str){rest.bytes, n}));
        n += stop != NULL;
        rest = (rs_str){rest.bytes + n, rest.n_bytes - n};
    }
    return RS_OK;
}

/* Has this Python the module? What is not listed lives as long as the package around it. */
static bool is_served(const stub_reader *r, rs_str dotted)
{
    while (dotted.n_bytes > 0) {
        uint32_t number = rs_strings_find(&r->names, dotted);
        if (number != RS_STR_NULL) {
            RS_ASSERT(r->ranges.items != NULL);
            stub_range range = r->ranges.items[number];
            return range.first <= r->table->python && r->table->python <= range.last;
        }
        while (dotted.n_bytes > 0 && dotted.bytes[dotted.n_bytes - 1] != '.') {
            dotted.n_bytes--;
        }
        dotted.n_bytes -= dotted.n_bytes > 0;
    }
    return true;
}

/* "os/__init__.pyi" as "os". */
static rs_str dotted_name(rs_arena *arena, const char *path, bool *is_package)
{
    static const char suffix[] = ".pyi";
    static const char init[] = "/__init__";
    size_t n = strlen(path) - (sizeof suffix - 1);
    *is_package =
        n >= sizeof init - 1 && memcmp(path + n - (sizeof init - 1), init, sizeof init - 1) == 0;
    n -= *is_package ? sizeof init - 1 : 0;
    char *text = rs_arena_strndup(arena, path, n);
    for (size_t i = 0; text != NULL && i < n; i++) {
        if (text[i] == '/') {
            text[i] = '.';
        }
    }
    return (rs_str){text, n};
}

/* The package that a dotted name lies in, which stands before it, and the last part. False: this
 * Python lacks it. */
static bool find_parent(const rs_module_table *table, rs_str name, uint32_t *parent, rs_str *last)
{
    *parent = RS_NO_MODULE;
    for (;;) {
        const char *dot = memchr(name.bytes, '.', name.n_bytes);
        if (dot == NULL) {
            *last = name;
            return true;
        }
        size_t n = (size_t)(dot - name.bytes);
        uint32_t number = rs_strings_find(&table->strings, (rs_str){name.bytes, n});
        *parent =
            number == RS_STR_NULL ? RS_PAIR_NONE : rs_pair_get(&table->stub_sub, *parent, number);
        if (*parent == RS_PAIR_NONE) {
            return false;
        }
        name = (rs_str){dot + 1, name.n_bytes - n - 1};
    }
}

static rs_status add_stub(stub_reader *r, uint32_t file, rs_str name, bool is_package)
{
    rs_module_table *table = r->table;
    uint32_t parent = RS_NO_MODULE;
    rs_str last;
    if (!find_parent(table, name, &parent, &last)) {
        return RS_OK;
    }
    uint32_t number = rs_strings_add(&table->strings, last);
    uint32_t *place = number != RS_STR_NULL ? rs_pair_put(&table->stub_sub, parent, number) : NULL;
    if (place == NULL) {
        return out_of_memory(r->err);
    }
    *place = rs_module_add(table, RS_MODULE_STUB, 0);
    if (*place == RS_NO_MODULE) {
        *place = 0; /* the table is thrown away */
        return out_of_memory(r->err);
    }
    table->modules.items[*place].name = name;
    table->modules.items[*place].is_package = is_package;
    table->insides.items[*place].dir = file;
    return RS_OK;
}

static rs_status add_stubs(stub_reader *r)
{
    RS_TRY(read_versions(r));
    for (uint32_t i = 0; rs_stub_files[i].path != NULL; i++) {
        bool is_package = false;
        rs_str name = dotted_name(&r->table->text, rs_stub_files[i].path, &is_package);
        if (name.bytes == NULL) {
            return out_of_memory(r->err);
        }
        if (is_served(r, name)) {
            RS_TRY(add_stub(r, i, name, is_package));
        }
    }
    return RS_OK;
}

rs_status rs_module_stubs_fill(rs_module_table *table, rs_error *err)
{
    stub_reader r = {.table = table, .err = err};
    rs_status status = add_stubs(&r);
    rs_strings_release(&r.names);
    stub_ranges_release(&r.ranges);
    return status;
}

rs_str rs_module_stub(const rs_module_table *table, uint32_t module, rs_str *path)
{
    RS_ASSERT(module < table->modules.n_items);
    *path = (rs_str){0};
    if (table->modules.items[module].form != RS_MODULE_STUB) {
        return (rs_str){0};
    }
    const rs_stub_file *file = &rs_stub_files[table->insides.items[module].dir];
    *path = rs_str_of(file->path);
    return (rs_str){file->text, file->n_bytes};
}
