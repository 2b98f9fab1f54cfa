/* SPDX-License-Identifier: Apache-2.0 */
#include "graph/gated.h"

#include <string.h>

#include "base/alloc.h"
#include "plan/plan.h"

/* Why a row is kept out: a number of a column that it lacks, or one of these. */
enum { GOOD = UINT8_MAX, DUPLICATE = UINT8_MAX - 1 };

/* The rows on their way through the gate. */
typedef struct judgement {
    rs_gated *relation;
    const rs_contract *contract;
    const rs_dataset *dataset;
    size_t keys[RS_SORT_MAX_TERMS];
    size_t n_keys;
    uint8_t *reasons; /* by row */
    uint32_t *rows;   /* the good ones */
    size_t n_rows;
} judgement;

static rs_status out_of_memory(const rs_dataset *dataset, rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "judge rows of %s: out of memory", dataset->name);
}

rs_status rs_gated_open(rs_gated *relation, const rs_dataset *dataset, rs_error *err)
{
    *relation = (rs_gated){.reasons = NULL};
    rs_status status = rs_held_open(&relation->good, dataset, err);
    RS_THEN(status, rs_held_open(&relation->rejects, dataset, err));
    if (status != RS_OK) {
        rs_gated_close(relation);
    }
    return status;
}

void rs_gated_close(rs_gated *relation)
{
    rs_held_close(&relation->good);
    rs_held_close(&relation->rejects);
    rs_free(relation->reasons);
    rs_arena_release(&relation->arena);
    *relation = (rs_gated){.reasons = NULL};
}

/* --- which rows are good --- */

static void find_keys(judgement *self)
{
    const char *key = self->dataset->key;
    while (*key != '\0') {
        const rs_column *column = rs_column_find(self->dataset, rs_key_next(&key));
        RS_ASSERT(column != NULL && self->n_keys < RS_SORT_MAX_TERMS);
        self->keys[self->n_keys++] = (size_t)(column - self->dataset->columns);
    }
}

/* The first required column that a row lacks. */
static void find_lacks(judgement *self)
{
    const rs_held *rows = &self->relation->good;
    RS_ASSERT(self->dataset->n_columns < DUPLICATE);
    memset(self->reasons, GOOD, rows->batch.n_rows);
    for (size_t i = self->dataset->n_columns; i-- > 0;) {
        for (uint32_t row = 0; self->dataset->columns[i].required && row < rows->batch.n_rows;
             row++) {
            if (rs_held_is_null(rows, i, row)) {
                self->reasons[row] = (uint8_t)i;
            }
        }
    }
}

static void list_good(judgement *self)
{
    self->n_rows = 0;
    for (uint32_t row = 0; row < self->relation->good.batch.n_rows; row++) {
        self->rows[self->n_rows] = row;
        self->n_rows += self->reasons[row] == GOOD;
    }
}

/* A row that lacks something keeps no other one out. */
static rs_status find_duplicates(judgement *self, rs_error *err)
{
    const rs_held *rows = &self->relation->good;
    const rs_held_term best[] = {
        {rs_column_index(self->dataset, "score"), .is_descending = true},
        {rs_column_index(self->dataset, RS_SHARE_COLUMN), .is_descending = true},
        {rs_column_index(self->dataset, "rule_priority"), .is_descending = false},
    };
    uint8_t *is_first = rs_alloc_zero(rows->batch.n_rows + 1, sizeof *is_first);
    if (is_first == NULL) {
        return out_of_memory(self->dataset, err);
    }
    rs_status status = rs_held_firsts(rows, self->keys, self->n_keys, best, 3, self->rows,
                                      self->n_rows, is_first, err);
    for (size_t i = 0; i < self->n_rows && status == RS_OK; i++) {
        self->reasons[self->rows[i]] = is_first[self->rows[i]] ? GOOD : DUPLICATE;
    }
    rs_free(is_first);
    return status;
}

/* --- rejects --- */

static rs_status give_reason(judgement *self, uint8_t reason, rs_str *out, rs_error *err)
{
    rs_buf text = {0};
    RS_ASSERT(out != NULL);
    if (reason == DUPLICATE) {
        *out = RS_STR_LITERAL(RS_JUDGE_DUPLICATE);
        return RS_OK;
    }
    rs_buf_addf(&text, "%s%s", RS_JUDGE_NULL, self->dataset->columns[reason].name);
    const char *copy =
        text.failed ? NULL
                    : rs_arena_strndup(&self->relation->arena, rs_buf_text(&text), text.n_bytes);
    *out = (rs_str){copy, text.n_bytes};
    rs_buf_release(&text);
    return copy != NULL ? RS_OK : out_of_memory(self->dataset, err);
}

static rs_status put_aside(judgement *self, rs_error *err)
{
    rs_gated *relation = self->relation;
    size_t n_rejects = relation->good.batch.n_rows - self->n_rows;
    size_t n = 0;
    uint32_t *rows = rs_alloc(n_rejects + 1, sizeof *rows);
    relation->reasons = rs_alloc(n_rejects + 1, sizeof *relation->reasons);
    if (rows == NULL || relation->reasons == NULL) {
        rs_free(rows);
        return out_of_memory(self->dataset, err);
    }
    rs_status status = RS_OK;
    for (uint32_t row = 0; row < relation->good.batch.n_rows && status == RS_OK; row++) {
        if (self->reasons[row] != GOOD) {
            rows[n] = row;
            status = give_reason(self, self->reasons[row], &relation->reasons[n++], err);
        }
    }
    RS_THEN(status, rs_held_copy(&relation->rejects, &relation->good, rows, n, err));
    rs_free(rows);
    return status;
}

/* --- good rows: their order, and which answer one question --- */

static rs_status set_order(judgement *self, rs_error *err)
{
    rs_held_term terms[RS_SORT_MAX_TERMS];
    const rs_contract *contract = self->contract;
    rs_held *good = &self->relation->good;
    for (size_t i = 0; i < contract->n_sort; i++) {
        terms[i] = (rs_held_term){rs_column_index(self->dataset, contract->sort[i].column->name),
                                  contract->sort[i].is_descending};
    }
    RS_TRY(rs_held_sort(good, terms, contract->n_sort, self->rows, self->n_rows, err));
    bool is_same = self->n_rows == good->batch.n_rows;
    for (uint32_t row = 0; row < self->n_rows && is_same; row++) {
        is_same = self->rows[row] == row;
    }
    return is_same ? RS_OK : rs_held_keep(good, self->rows, self->n_rows, err);
}

/* How many rows have the question of each: by hash, a row and 1 or 0, beside its count. */
typedef struct questions {
    uint32_t *slots;
    uint32_t *counts;
    size_t n_slots;
} questions;

static size_t slot_of(const questions *of, const rs_held *good, size_t column, uint32_t row)
{
    RS_ASSERT(of->slots != NULL && of->n_slots > 0);
    size_t at = rs_held_hash(good, &column, 1, row) & (of->n_slots - 1);
    while (of->slots[at] != 0 && !rs_held_equal(good, &column, 1, of->slots[at] - 1, row)) {
        at = (at + 1) & (of->n_slots - 1);
    }
    return at;
}

static rs_status set_answers(const questions *of, rs_held *good, size_t column, rs_error *err)
{
    size_t group = rs_column_index(good->batch.dataset, "ambiguity_group_id");
    RS_ASSERT(of->slots != NULL && of->counts != NULL);
    for (uint32_t row = 0; row < good->batch.n_rows; row++) {
        size_t at = slot_of(of, good, column, row);
        of->slots[at] = of->slots[at] != 0 ? of->slots[at] : row + 1;
        of->counts[at]++;
    }
    for (uint32_t row = 0; row < good->batch.n_rows; row++) {
        bool is_alone = of->counts[slot_of(of, good, column, row)] == 1;
        good->batch.columns[group].values.i64[row] =
            is_alone ? 0 : good->batch.columns[column].values.i64[row];
        if (is_alone) {
            RS_TRY(rs_batch_set_null(&good->batch, group, row, err));
        } else if (good->batch.columns[group].validity != NULL) {
            good->batch.columns[group].validity[row / 64] |= UINT64_C(1) << (row % 64);
        }
    }
    return RS_OK;
}

/* Rows that answer no question have null there. */
static rs_status clear_answers(rs_held *good, rs_error *err)
{
    size_t group = rs_column_index(good->batch.dataset, "ambiguity_group_id");
    for (uint32_t row = 0; row < good->batch.n_rows; row++) {
        good->batch.columns[group].values.i64[row] = 0;
        RS_TRY(rs_batch_set_null(&good->batch, group, row, err));
    }
    return RS_OK;
}

static rs_status find_answers(const judgement *self, rs_error *err)
{
    rs_held *good = &self->relation->good;
    questions all = {.n_slots = 16};
    if (self->contract->group == NULL) {
        return clear_answers(good, err);
    }
    while (all.n_slots < 2 * good->batch.n_rows) {
        all.n_slots *= 2;
    }
    all.slots = rs_alloc_zero(all.n_slots, sizeof *all.slots);
    all.counts = rs_alloc_zero(all.n_slots, sizeof *all.counts);
    rs_status status =
        all.slots != NULL && all.counts != NULL ? RS_OK : out_of_memory(self->dataset, err);
    RS_THEN(status, set_answers(&all, good,
                                rs_column_index(self->dataset, self->contract->group->name), err));
    rs_free(all.slots);
    rs_free(all.counts);
    return status;
}

/* --- all --- */

static rs_status judge(judgement *self, rs_error *err)
{
    find_keys(self);
    find_lacks(self);
    list_good(self);
    RS_TRY(find_duplicates(self, err));
    list_good(self);
    if (self->n_rows < self->relation->good.batch.n_rows) {
        RS_TRY(put_aside(self, err));
    }
    RS_TRY(set_order(self, err));
    return find_answers(self, err);
}

rs_status rs_gated_judge(rs_gated *relation, const rs_contract *contract, rs_error *err)
{
    size_t n_rows = relation->good.batch.n_rows;
    judgement self = {.relation = relation, .contract = contract, .dataset = contract->dataset};
    self.reasons = rs_alloc(n_rows + 1, sizeof *self.reasons);
    self.rows = rs_alloc(n_rows + 1, sizeof *self.rows);
    rs_status status = self.reasons != NULL && self.rows != NULL
                           ? judge(&self, err)
                           : out_of_memory(contract->dataset, err);
    rs_free(self.reasons);
    rs_free(self.rows);
    return status;
}
