/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/changes.h"

#include <stdlib.h>

#include "base/vec.h"

enum { MAX_SHOWN_BYTES = 160 };

/* Two values of one field, and how far their members have been looked at. */
typedef struct level {
    const json_t *before;
    const json_t *after;
    const char **names; /* of both, without repetition; NULL for arrays */
    size_t n_items;
    size_t next;
    size_t n_path; /* bytes of the path up to here */
} level;

RS_VEC_DEFINE(level_vec, level)

typedef struct search {
    level_vec levels;
    rs_buf path;
} search;

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Add an object's names behind those that stand there. */
static void add_names(const json_t *object, const char **names, size_t *n_names)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        names[(*n_names)++] = name;
    }
}

static rs_status merge_names(const json_t *a, const json_t *b, const char ***out, size_t *n_out,
                             rs_error *err)
{
    size_t n_most = json_object_size(a) + json_object_size(b);
    size_t n_found = 0;
    *out = NULL;
    *n_out = 0;
    if (n_most == 0) {
        return RS_OK;
    }
    const char **names = rs_alloc(n_most, sizeof *names);
    if (names == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "compare: out of memory");
    }
    add_names(a, names, &n_found);
    add_names(b, names, &n_found);
    if (n_found > 0) {
        qsort(names, n_found, sizeof *names, compare_names);
    }
    for (size_t i = 0; i < n_found; i++) {
        if (*n_out == 0 || strcmp(names[*n_out - 1], names[i]) != 0) {
            names[(*n_out)++] = names[i];
        }
    }
    RS_ASSERT(n_found == n_most && *n_out > 0);
    *out = names;
    return RS_OK;
}

rs_status rs_json_names(const json_t *object, const char ***names, size_t *n_names, rs_error *err)
{
    return merge_names(object, NULL, names, n_names, err);
}

static rs_status enter(search *self, const json_t *before, const json_t *after, rs_error *err)
{
    level next = {.before = before, .after = after, .n_path = self->path.n_bytes};
    if (json_is_object(before)) {
        RS_TRY(merge_names(before, after, &next.names, &next.n_items, err));
    } else {
        size_t n_before = json_array_size(before);
        size_t n_after = json_array_size(after);
        next.n_items = n_before > n_after ? n_before : n_after;
    }
    if (!level_vec_push(&self->levels, next)) {
        rs_free(next.names);
        return rs_error_set(err, RS_ERR_NOMEM, "compare: out of memory");
    }
    return RS_OK;
}

/* The next member of a level, and the path that leads to it. */
static void step(search *self, level *at, const json_t **before, const json_t **after)
{
    RS_ASSERT(at->next < at->n_items && at->n_path <= self->path.n_bytes);
    size_t i = at->next++;
    self->path.n_bytes = at->n_path;
    if (at->names != NULL) {
        rs_buf_addf(&self->path, "%s%s", at->n_path > 0 ? "." : "", at->names[i]);
        *before = json_object_get(at->before, at->names[i]);
        *after = json_object_get(at->after, at->names[i]);
    } else {
        rs_buf_addf(&self->path, "[%zu]", i);
        *before = json_array_get(at->before, i);
        *after = json_array_get(at->after, i);
    }
}

static bool has_members(const json_t *before, const json_t *after)
{
    return (json_is_object(before) && json_is_object(after)) ||
           (json_is_array(before) && json_is_array(after));
}

static rs_status compare_members(search *self, const json_t *before, const json_t *after,
                                 rs_change_fn report, void *context, rs_error *err)
{
    RS_TRY(rs_buf_check(&self->path, err));
    if (has_members(before, after)) {
        return enter(self, before, after, err);
    }
    if (before != NULL && after != NULL && json_equal(before, after)) {
        return RS_OK;
    }
    return report(rs_buf_text(&self->path), before, after, context, err);
}

rs_status rs_json_changes(const json_t *before, const json_t *after, rs_change_fn report,
                          void *context, rs_error *err)
{
    search self = {0};
    rs_status status = compare_members(&self, before, after, report, context, err);
    while (status == RS_OK && self.levels.n_items > 0) {
        level *at = &self.levels.items[self.levels.n_items - 1];
        if (at->next == at->n_items) {
            rs_free(at->names);
            self.levels.n_items--;
            continue;
        }
        const json_t *old = NULL;
        const json_t *new = NULL;
        step(&self, at, &old, &new);
        status = compare_members(&self, old, new, report, context, err);
    }
    for (size_t i = 0; i < self.levels.n_items; i++) {
        rs_free(self.levels.items[i].names);
    }
    level_vec_release(&self.levels);
    rs_buf_release(&self.path);
    return status;
}

/* Cut behind a whole character. */
static void cut(rs_buf *out, size_t n_start)
{
    if (out->n_bytes - n_start <= MAX_SHOWN_BYTES) {
        return;
    }
    rs_str shown = {out->bytes + n_start, out->n_bytes - n_start};
    out->n_bytes = n_start + rs_str_cut(shown, MAX_SHOWN_BYTES);
    out->bytes[out->n_bytes] = '\0';
    rs_buf_add(out, " ...");
}

void rs_json_add_short(const json_t *value, rs_buf *out)
{
    size_t n_start = out->n_bytes;
    const char *text = json_string_value(value);
    if (value == NULL) {
        rs_buf_add(out, "nothing");
    } else if (text != NULL) {
        rs_buf_add(out, text);
        cut(out, n_start);
    } else if (rs_json_print_compact(value, out, NULL) == RS_OK) {
        cut(out, n_start);
    }
}
