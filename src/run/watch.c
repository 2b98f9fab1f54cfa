/* SPDX-License-Identifier: Apache-2.0 */
#include "run/watch.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "bundle/identity.h"
#include "parquet/leaf.h"

enum { MAX_TEXTS = 2, NONE = -1 };

/* Rows of one kind whose id is a text's, or derivations; columns by number, NONE for one that is not there. */
typedef struct sight {
    const rs_identity *identity; /* NULL: derivations */
    int id;
    int kind;
    int texts[MAX_TEXTS];
    size_t n_texts;
    int input;
} sight;

RS_VEC_DEFINE(sight_vec, sight)

struct rs_watch {
    const char *dataset;
    sight_vec sights;
    const rs_parquet_column *columns;
    rs_watched_vec seen;
    rs_buf text;
    bool lacks; /* rows that it did not take */
};

/* --- which columns --- */

static int find_column(const rs_parquet_column *columns, size_t n_columns, const char *name,
                       size_t n_name)
{
    for (size_t i = 0; i < n_columns; i++) {
        if (strlen(columns[i].name) == n_name && memcmp(columns[i].name, name, n_name) == 0) {
            return (int)i;
        }
    }
    return NONE;
}

static int find(const rs_parquet_column *columns, size_t n_columns, const char *name)
{
    return find_column(columns, n_columns, name, strlen(name));
}

static void place(sight *of, const rs_parquet_column *columns, size_t n_columns)
{
    if (of->identity == NULL) {
        of->id = find(columns, n_columns, "edge_id");
        of->input = find(columns, n_columns, "input_index");
        return;
    }
    of->id = find(columns, n_columns, of->identity->id);
    of->kind = find(columns, n_columns, "kind");
    of->n_texts = 0;
    for (const char *at = of->identity->text; *at != '\0';) {
        size_t n_bytes = strcspn(at, " ");
        RS_ASSERT(of->n_texts < MAX_TEXTS);
        of->texts[of->n_texts++] = find_column(columns, n_columns, at, n_bytes);
        at += n_bytes + (at[n_bytes] == ' ');
    }
}

/* --- values --- */

static size_t index_of(const rs_parquet_vector *vector, size_t row)
{
    return vector->form == RS_FORM_FLAT ? row : 0;
}

static bool take_number(const rs_watch *self, const rs_parquet_vector *vectors, int column,
                        size_t row, int64_t *out)
{
    const rs_parquet_vector *vector = &vectors[column];
    rs_type type = self->columns[column].type;
    if (rs_parquet_is_null(vector, type, 0, row)) {
        return false;
    }
    size_t at = index_of(vector, row);
    *out = type == RS_TYPE_I64 ? ((const int64_t *)vector->values)[at]
                               : ((const int32_t *)vector->values)[at];
    return true;
}

/* One without bytes is null. */
static rs_str text_at(const rs_watch *self, const rs_parquet_vector *vectors, int column,
                      size_t row)
{
    const rs_parquet_vector *vector = &vectors[column];
    const rs_parquet_column *of = &self->columns[column];
    if (rs_parquet_is_null(vector, of->type, of->n_words, row)) {
        return (rs_str){.bytes = NULL};
    }
    size_t at = index_of(vector, row);
    return of->type == RS_TYPE_ENUM ? of->words[((const uint8_t *)vector->values)[at]]
                                    : ((const rs_str *)vector->values)[at];
}

/* 64 bits that are not those of the id, and that nobody can aim at either. */
static int64_t hash_of(rs_str text)
{
    char digest[RS_SHA256_TEXT_BYTES];
    rs_sha256_text(text.bytes, text.n_bytes, digest);
    digest[16] = '\0';
    return (int64_t)strtoull(digest, NULL, 16);
}

static void keep(rs_watch *self, int64_t id, int64_t what)
{
    self->lacks = self->lacks || self->seen.n_items >= RS_WATCH_ROWS ||
                  !rs_watched_vec_push(&self->seen, (rs_watched){id, what});
}

static void see_derivation(rs_watch *self, const sight *of, const rs_parquet_vector *vectors,
                           size_t row)
{
    int64_t id = 0;
    int64_t input = -1; /* of none */
    if (take_number(self, vectors, of->id, row, &id)) {
        (void)take_number(self, vectors, of->input, row, &input);
        keep(self, id, input);
    }
}

/* A row whose id is not what its text says claims nothing. */
static void see_identity(rs_watch *self, const sight *of, const rs_parquet_vector *vectors,
                         size_t row)
{
    int64_t id = 0;
    if (!take_number(self, vectors, of->id, row, &id) || id >= 0) {
        return;
    }
    const char *kind = of->identity->kind;
    if (kind[0] != '\0' && !rs_str_equal(text_at(self, vectors, of->kind, row), rs_str_of(kind))) {
        return;
    }
    rs_buf_reset(&self->text);
    for (size_t i = 0; i < of->n_texts; i++) {
        rs_str text = text_at(self, vectors, of->texts[i], row);
        if (text.bytes == NULL) {
            return;
        }
        rs_buf_add(&self->text, i > 0 ? ":" : "");
        rs_buf_add_str(&self->text, text);
    }
    self->lacks = self->lacks || self->text.failed;
    if (rs_global_id(rs_str_of(of->identity->tag), rs_buf_str(&self->text)) == id) {
        rs_buf_add_char(&self->text, '\n'); /* tags of one text are two texts */
        rs_buf_add(&self->text, of->identity->tag);
        keep(self, id, hash_of(rs_buf_str(&self->text)));
    }
}

void rs_watch_see(void *watch, const rs_parquet_column *columns, size_t n_columns,
                  const rs_parquet_vector *vectors, size_t n_rows)
{
    rs_watch *self = watch;
    if (vectors == NULL) { /* a new file */
        rs_watched_vec_reset(&self->seen);
        self->lacks = false;
        self->columns = columns;
    }
    for (size_t i = 0; i < self->sights.n_items; i++) {
        sight *of = &self->sights.items[i];
        if (vectors == NULL) {
            place(of, columns, n_columns);
        }
        for (size_t row = 0; vectors != NULL && row < n_rows && !self->lacks; row++) {
            (of->identity != NULL ? see_identity : see_derivation)(self, of, vectors, row);
        }
    }
}

/* --- all of them --- */

static bool add_sights(rs_watch *self)
{
    size_t n_identities = 0;
    const rs_identity *identities = rs_identities(&n_identities);
    bool fits = true;
    for (size_t i = 0; i < n_identities && fits; i++) {
        if (strcmp(identities[i].dataset, self->dataset) == 0) {
            fits = sight_vec_push(&self->sights, (sight){.identity = &identities[i]});
        }
    }
    if (fits && strcmp(self->dataset, "derivations") == 0) {
        fits = sight_vec_push(&self->sights, (sight){.identity = NULL});
    }
    return fits;
}

rs_status rs_watch_new(const char *dataset, rs_watch **out, rs_error *err)
{
    rs_watch *self = rs_alloc_zero(1, sizeof *self);
    *out = NULL;
    if (self != NULL) {
        self->dataset = dataset;
    }
    if (self == NULL || !add_sights(self)) {
        rs_watch_free(self);
        return rs_error_set(err, RS_ERR_NOMEM, "plan the files: out of memory");
    }
    if (self->sights.n_items == 0) {
        rs_watch_free(self);
        return RS_OK;
    }
    *out = self;
    return RS_OK;
}

void rs_watch_free(rs_watch *self)
{
    if (self != NULL) {
        sight_vec_release(&self->sights);
        rs_watched_vec_release(&self->seen);
        rs_buf_release(&self->text);
        rs_free(self);
    }
}

bool rs_watch_take(const rs_watch *self, rs_watched_vec *out)
{
    if (self->lacks || out->n_items + self->seen.n_items > RS_WATCH_ROWS ||
        !rs_watched_vec_reserve(out, self->seen.n_items)) {
        return false;
    }
    for (size_t i = 0; i < self->seen.n_items; i++) {
        out->items[out->n_items++] = self->seen.items[i];
    }
    return true;
}

static int by_id(const void *left, const void *right)
{
    const rs_watched *a = left;
    const rs_watched *b = right;
    if (a->id != b->id) {
        return a->id < b->id ? -1 : 1;
    }
    return a->what < b->what ? -1 : a->what > b->what;
}

bool rs_watched_meet(rs_watched_vec *all, bool of_texts)
{
    if (all->n_items > 0) {
        qsort(all->items, all->n_items, sizeof *all->items, by_id);
    }
    for (size_t i = 1; i < all->n_items; i++) {
        const rs_watched *item = &all->items[i];
        if (item->id == item[-1].id && (item->what != item[-1].what) == of_texts) {
            return true;
        }
    }
    return false;
}
