/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/leaf.h"

/* Of RS_TYPE_ENUM; no word has it. */
enum { MAX_WORDS = 256 };

/* --- what a column is --- */

static size_t stored_bytes(rs_type type)
{
    switch (type) {
    case RS_TYPE_I64:
    case RS_TYPE_F64:
        return 8;
    case RS_TYPE_I32:
    case RS_TYPE_F32:
    case RS_TYPE_STR:
    case RS_TYPE_ENUM:
        return 4;
    case RS_TYPE_BOOL:
        return 1;
    }
    return 0;
}

static void describe(rs_leaf *leaf, const rs_parquet_column *column, rs_type type, uint8_t defined,
                     uint8_t repeated)
{
    *leaf = (rs_leaf){.column = column, .type = type, .n_value_bytes = stored_bytes(type)};
    leaf->path[leaf->n_path++] = rs_str_of(column->name);
    rs_levels_init(&leaf->levels, defined, repeated);
}

static void add_path(rs_leaf *leaf, const char *group, const char *name)
{
    leaf->path[leaf->n_path++] = rs_str_of(group);
    leaf->path[leaf->n_path++] = rs_str_of(name);
}

size_t rs_leaf_describe(const rs_parquet_column *column, rs_leaf leaves[2])
{
    switch (column->shape) {
    case RS_SHAPE_ONE:
        describe(&leaves[0], column, column->type, 1, 0);
        return 1;
    case RS_SHAPE_LIST:
        describe(&leaves[0], column, column->type, 3, 1);
        add_path(&leaves[0], "list", "element");
        return 1;
    case RS_SHAPE_MAP:
        describe(&leaves[0], column, RS_TYPE_STR, 2, 1);
        describe(&leaves[1], column, column->type, 3, 1);
        leaves[0].is_key = true;
        add_path(&leaves[0], "key_value", "key");
        add_path(&leaves[1], "key_value", "value");
        return 2;
    }
    return 0;
}

void rs_leaf_release(rs_leaf *self)
{
    rs_bytes_release(&self->values);
    rs_bytes_release(&self->scratch);
    rs_value_run_vec_release(&self->runs);
    rs_page_end_vec_release(&self->pages);
    rs_text_dictionary_release(&self->texts);
    rs_levels_release(&self->levels);
}

void rs_leaf_reset(rs_leaf *self)
{
    rs_bytes_reset(&self->values);
    rs_value_run_vec_reset(&self->runs);
    rs_page_end_vec_reset(&self->pages);
    rs_text_dictionary_reset(&self->texts);
    rs_levels_reset(&self->levels);
    memset(self->word_numbers, 0, sizeof self->word_numbers);
    self->n_values = 0;
    self->n_text_bytes = 0;
    self->n_page_start = 0;
}

/* --- stored values --- */

static rs_status out_of_memory(const rs_leaf *self, rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "write column %s: out of memory", self->column->name);
}

/* The last run of the page at hand; NULL for none. */
static rs_value_run *last_run(rs_leaf *self)
{
    size_t n_closed =
        self->pages.n_items > 0 ? self->pages.items[self->pages.n_items - 1].n_runs : 0;
    return self->runs.n_items > n_closed ? &self->runs.items[self->runs.n_items - 1] : NULL;
}

static bool add_run(rs_leaf *self, const void *values, size_t n, bool is_constant)
{
    rs_value_run *last = last_run(self);
    const char *of_last =
        last != NULL ? (const char *)self->values.bytes + last->first * self->n_value_bytes : NULL;
    self->n_values += n;
    if (is_constant && last != NULL && last->is_constant &&
        memcmp(of_last, values, self->n_value_bytes) == 0) {
        last->n += n;
        return true;
    }
    size_t first = self->values.n_bytes / self->n_value_bytes;
    rs_bytes_add(&self->values, values, (is_constant ? 1 : n) * self->n_value_bytes);
    if (!is_constant && last != NULL && !last->is_constant) {
        last->n += n;
        return !self->values.failed;
    }
    return rs_value_run_vec_push(&self->runs, (rs_value_run){n, first, is_constant}) &&
           !self->values.failed;
}

/* n values that are not null, one behind the other. */
static bool add_values(rs_leaf *self, const void *values, size_t n)
{
    enum { WORTH_A_RUN = 8 };
    size_t n_bytes = self->n_value_bytes;
    if (n == 0) {
        return true;
    }
    bool is_constant = memcmp(values, (const char *)values + n_bytes, (n - 1) * n_bytes) == 0;
    const rs_value_run *last = last_run(self);
    bool extends = last != NULL && !last->is_constant;
    return add_run(self, values, n, is_constant && (n >= WORTH_A_RUN || !extends));
}

/* --- pages --- */

static bool close_page(rs_leaf *self)
{
    rs_levels_cut(&self->levels);
    self->n_page_start = self->texts.texts.n_bytes;
    return rs_page_end_vec_push(&self->pages, (rs_page_end){self->runs.n_items, self->n_values,
                                                            self->levels.n_entries,
                                                            self->levels.definition_bytes.n_bytes,
                                                            self->levels.repetition_bytes.n_bytes});
}

/* Pages end behind the row that made them full, whatever it came with. */
static bool is_page_full(const rs_leaf *self)
{
    return self->texts.texts.n_bytes - self->n_page_start >= RS_PARQUET_PAGE_BYTES;
}

rs_status rs_leaf_finish(rs_leaf *self, rs_error *err)
{
    size_t n_closed =
        self->pages.n_items > 0 ? self->pages.items[self->pages.n_items - 1].n_entries : 0;
    bool is_open = self->levels.n_entries > n_closed || self->pages.n_items == 0;
    if ((is_open && !close_page(self)) || rs_levels_failed(&self->levels)) {
        return out_of_memory(self, err);
    }
    return RS_OK;
}

/* --- what is null --- */

static inline bool is_invalid(const rs_parquet_vector *vector, size_t row)
{
    size_t bit = vector->first_bit + row;
    return vector->validity != NULL && (vector->validity[bit / 64] >> (bit % 64) & 1) == 0;
}

bool rs_parquet_is_null(const rs_parquet_vector *vector, rs_type type, size_t n_words, size_t row)
{
    size_t at = vector->form == RS_FORM_FLAT ? row : 0;
    if (vector->form == RS_FORM_NULL || (vector->form == RS_FORM_FLAT && is_invalid(vector, row))) {
        return true;
    }
    if (type == RS_TYPE_STR) {
        return ((const rs_str *)vector->values)[at].bytes == NULL;
    }
    return type == RS_TYPE_ENUM && ((const uint8_t *)vector->values)[at] >= n_words;
}

static bool is_null(const rs_leaf *self, const rs_parquet_vector *vector, size_t row)
{
    return rs_parquet_is_null(vector, self->type, self->column->n_words, row);
}

/* --- texts --- */

/* The number of a value that is not null; UINT32_MAX when memory is out. */
static uint32_t text_number(rs_leaf *self, const rs_parquet_vector *vector, size_t row)
{
    size_t at = vector->form == RS_FORM_FLAT ? row : 0;
    if (self->type == RS_TYPE_STR) {
        const rs_str *texts = vector->values;
        self->n_text_bytes += texts[at].n_bytes;
        return rs_text_dictionary_add(&self->texts, texts[at]);
    }
    uint8_t word = ((const uint8_t *)vector->values)[at];
    if (self->word_numbers[word] == 0) {
        uint32_t number = rs_text_dictionary_add(&self->texts, self->column->words[word]);
        if (number == UINT32_MAX) {
            return number;
        }
        self->word_numbers[word] = number + 1;
    }
    self->n_text_bytes += self->column->words[word].n_bytes;
    return self->word_numbers[word] - 1;
}

/* What came before is often what comes next: a text is looked up where it is another one. */
static bool is_same_text(const rs_leaf *self, const rs_parquet_vector *vector, size_t row)
{
    const rs_str *texts = vector->values;
    return self->type == RS_TYPE_STR && vector->form == RS_FORM_FLAT &&
           texts[row - 1].bytes != NULL && texts[row - 1].n_bytes == texts[row].n_bytes &&
           (texts[row - 1].bytes == texts[row].bytes || rs_str_equal(texts[row - 1], texts[row]));
}

/* Numbers of texts that are collected before they are stored, and the page that they fill. */
typedef struct text_push {
    uint32_t *numbers;
    size_t n;
    bool is_flat;  /* pages may end behind any entry */
    bool is_valid; /* the entries that no level tells of yet, and how many they are */
    size_t n_untold;
} text_push;

static void tell_levels(rs_leaf *self, text_push *push)
{
    rs_levels_add(&self->levels, push->is_valid, 0, push->is_flat ? push->n_untold : 0);
    push->n_untold = 0;
}

static bool store_texts(rs_leaf *self, text_push *push)
{
    bool is_stored = add_values(self, push->numbers, push->n);
    push->n = 0;
    tell_levels(self, push);
    return is_stored && (!push->is_flat || !is_page_full(self) || close_page(self));
}

static bool push_texts(rs_leaf *self, const rs_parquet_vector *vector, size_t first_row,
                       size_t n_rows, bool is_flat)
{
    uint8_t *room = rs_bytes_room(&self->scratch, n_rows * sizeof(uint32_t));
    text_push push = {.numbers = (uint32_t *)(void *)room, .is_flat = is_flat};
    if (room == NULL) {
        return false;
    }
    for (size_t row = first_row; row < first_row + n_rows; row++) {
        bool is_valid = !is_null(self, vector, row);
        bool follows = row > first_row && push.is_valid && push.n > 0;
        if (is_valid != push.is_valid) {
            tell_levels(self, &push);
        }
        push.is_valid = is_valid;
        push.n_untold++;
        if (!is_valid) {
            continue;
        }
        uint32_t number = 0;
        if (follows && is_same_text(self, vector, row)) {
            number = push.numbers[push.n - 1];
            self->n_text_bytes += ((const rs_str *)vector->values)[row].n_bytes;
        } else {
            number = text_number(self, vector, row);
        }
        if (number == UINT32_MAX) {
            return false;
        }
        push.numbers[push.n++] = number;
        if (is_flat && is_page_full(self) && !store_texts(self, &push)) {
            return false;
        }
    }
    return store_texts(self, &push);
}

/* --- rows --- */

/* Values that are not null, and that lie one behind the other. */
static bool push_dense(rs_leaf *self, const rs_parquet_vector *vector, size_t first_row, size_t n)
{
    return add_values(self, (const char *)vector->values + first_row * self->n_value_bytes, n);
}

/* How many rows from one on are null, or are not, as it is. */
static size_t alike(const rs_parquet_vector *vector, size_t row, size_t n_most)
{
    bool is_valid = !is_invalid(vector, row);
    size_t n = 1;
    while (n < n_most && is_invalid(vector, row + n) != is_valid) {
        n++;
    }
    return n;
}

/* Numbers with nulls between them. */
static bool push_sparse(rs_leaf *self, const rs_parquet_vector *vector, size_t first_row, size_t n,
                        bool is_flat)
{
    size_t n_bytes = self->n_value_bytes;
    uint8_t *to = rs_bytes_room(&self->scratch, n * n_bytes);
    size_t n_valid = 0;
    if (to == NULL) {
        return false;
    }
    for (size_t at = 0, n_alike = 0; at < n; at += n_alike) {
        size_t row = first_row + at;
        bool is_valid = !is_invalid(vector, row);
        n_alike = alike(vector, row, n - at);
        rs_levels_add(&self->levels, is_valid, 0, is_flat ? n_alike : 0);
        if (is_valid) {
            memcpy(to + n_valid * n_bytes, (const char *)vector->values + row * n_bytes,
                   n_alike * n_bytes);
            n_valid += n_alike;
        }
    }
    return add_values(self, to, n_valid);
}

/* The same value n times. */
static bool push_constant(rs_leaf *self, const rs_parquet_vector *vector, size_t n)
{
    if (!rs_leaf_has_texts(self)) {
        return add_run(self, vector->values, n, true);
    }
    uint32_t number = text_number(self, vector, 0);
    if (number == UINT32_MAX || !add_run(self, &number, n, true)) {
        return false;
    }
    size_t n_bytes = rs_text_dictionary_get(&self->texts, number).n_bytes;
    self->n_text_bytes += (uint64_t)n_bytes * (n - 1);
    return true;
}

static bool push_constant_rows(rs_leaf *self, const rs_parquet_vector *vector, size_t n)
{
    rs_levels_add(&self->levels, 1, 0, n);
    return push_constant(self, vector, n) && (!is_page_full(self) || close_page(self));
}

static bool has_null(const rs_parquet_vector *vector, size_t first_row, size_t n)
{
    size_t bit = vector->first_bit + first_row;
    size_t end = bit + n;
    while (vector->validity != NULL && bit < end) {
        size_t n_here = 64 - bit % 64 < end - bit ? 64 - bit % 64 : end - bit;
        uint64_t wanted = n_here == 64 ? UINT64_MAX : ((UINT64_C(1) << n_here) - 1);
        if ((vector->validity[bit / 64] >> (bit % 64) & wanted) != wanted) {
            return true;
        }
        bit += n_here;
    }
    return false;
}

static bool push_one(rs_leaf *self, const rs_parquet_vector *vector, size_t first_row, size_t n)
{
    if (vector->form == RS_FORM_NULL ||
        (vector->form == RS_FORM_CONSTANT && is_null(self, vector, 0))) {
        rs_levels_add(&self->levels, 0, 0, n);
        return true;
    }
    if (vector->form == RS_FORM_CONSTANT) {
        size_t n_first = rs_leaf_has_texts(self) ? 1 : n;
        return push_constant_rows(self, vector, n_first) &&
               (n == n_first || push_constant_rows(self, vector, n - n_first));
    }
    if (rs_leaf_has_texts(self)) {
        return push_texts(self, vector, first_row, n, true);
    }
    if (has_null(vector, first_row, n)) {
        return push_sparse(self, vector, first_row, n, true);
    }
    rs_levels_add(&self->levels, 1, 0, n);
    return push_dense(self, vector, first_row, n);
}

/* What a list or map holds, of rows whose items lie one behind the other. */
static bool push_items(rs_leaf *self, const rs_parquet_vector *items, size_t first, size_t n)
{
    if (n == 0 || items->form == RS_FORM_NULL) {
        return true;
    }
    if (items->form == RS_FORM_CONSTANT) {
        return is_null(self, items, 0) || push_constant(self, items, n);
    }
    return rs_leaf_has_texts(self) ? push_texts(self, items, first, n, false)
                                   : push_sparse(self, items, first, n, false);
}

static bool push_lists(rs_leaf *self, const rs_parquet_vector *vector, size_t first_row,
                       size_t n_rows)
{
    const rs_parquet_vector *items = self->is_key ? vector->keys : vector->items;
    size_t first = 0;
    for (size_t row = 0; row < first_row; row++) {
        first += vector->n_items[row];
    }
    size_t at = first;
    for (size_t row = first_row; row < first_row + n_rows; row++) {
        bool is_there = vector->form != RS_FORM_NULL && !is_invalid(vector, row);
        size_t n = vector->n_items[row];
        RS_ASSERT(is_there || n == 0);
        if (n == 0) {
            rs_levels_add(&self->levels, is_there, 0, 1);
        }
        for (size_t i = 0; i < n; i++, at++) {
            rs_levels_add(&self->levels, is_null(self, items, at) ? 2 : self->levels.most_defined,
                          i > 0, 1);
        }
    }
    return push_items(self, items, first, at - first);
}

rs_status rs_leaf_push(rs_leaf *self, const rs_parquet_vector *vector, size_t first_row,
                       size_t n_rows, rs_error *err)
{
    RS_ASSERT(self->column->n_words < MAX_WORDS);
    rs_text_dictionary_begin(&self->texts);
    bool is_whole = self->column->shape == RS_SHAPE_ONE
                        ? push_one(self, vector, first_row, n_rows)
                        : push_lists(self, vector, first_row, n_rows);
    return is_whole ? RS_OK : out_of_memory(self, err);
}
