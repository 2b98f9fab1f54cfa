/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/dictionary.h"

#include <string.h>
#include <xxhash.h>

#include "base/alloc.h"

enum { FIRST_SLOTS = 256, KEPT_SLOTS = 1 << 14, KEPT_BYTES = 1 << 20 };

/* --- texts --- */

static uint32_t u32_at(const rs_bytes *numbers, uint32_t index)
{
    return ((const uint32_t *)(const void *)numbers->bytes)[index];
}

static bool add_number(rs_bytes *numbers, uint32_t number)
{
    rs_bytes_add(numbers, &number, sizeof number);
    return !numbers->failed;
}

rs_str rs_text_dictionary_get(const rs_text_dictionary *self, uint32_t number)
{
    enum { LENGTH = 4 };
    size_t start = u32_at(&self->starts, number);
    size_t end = number + 1 < self->n_items ? u32_at(&self->starts, number + 1) - LENGTH
                                            : self->texts.n_bytes;
    return (rs_str){(const char *)self->texts.bytes + start, end - start};
}

static bool grow_slots(rs_text_dictionary *self)
{
    uint32_t n_slots = self->n_slots == 0 ? FIRST_SLOTS : self->n_slots * 2;
    uint32_t *slots = rs_alloc_zero(n_slots, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < self->n_items; i++) {
        uint32_t at = u32_at(&self->hashes, i) & (n_slots - 1);
        while (slots[at] != 0) {
            at = (at + 1) & (n_slots - 1);
        }
        slots[at] = i + 1;
    }
    rs_free(self->slots);
    self->slots = slots;
    self->n_slots = n_slots;
    return true;
}

static uint32_t add_new(rs_text_dictionary *self, rs_str text, uint32_t hash, uint32_t slot)
{
    rs_bytes_add_u32(&self->texts, (uint32_t)text.n_bytes);
    if (!add_number(&self->starts, (uint32_t)self->texts.n_bytes) ||
        !add_number(&self->hashes, hash)) {
        return UINT32_MAX;
    }
    rs_bytes_add(&self->texts, text.bytes, text.n_bytes);
    if (self->texts.failed) {
        return UINT32_MAX;
    }
    self->slots[slot] = self->n_items + 1;
    return self->n_items++;
}

static uint32_t look_up(rs_text_dictionary *self, rs_str text)
{
    if (self->n_items >= self->n_slots / 2 && !grow_slots(self)) {
        return UINT32_MAX;
    }
    uint32_t hash = (uint32_t)XXH3_64bits(text.bytes, text.n_bytes);
    uint32_t at = hash & (self->n_slots - 1);
    for (; self->slots[at] != 0; at = (at + 1) & (self->n_slots - 1)) {
        uint32_t number = self->slots[at] - 1;
        if (u32_at(&self->hashes, number) == hash &&
            rs_str_equal(rs_text_dictionary_get(self, number), text)) {
            return number;
        }
    }
    return add_new(self, text, hash, at);
}

/* Texts of a source lie once in memory: the same address within a push is the same text, and in the next one
 * most likely. */
static bool is_recent(const rs_text_dictionary *self, const rs_text_recent *recent, rs_str text)
{
    if (recent->bytes != text.bytes || recent->number >= self->n_items) {
        return false;
    }
    rs_str known = rs_text_dictionary_get(self, recent->number);
    return known.n_bytes == text.n_bytes &&
           (recent->push == self->n_pushes || memcmp(known.bytes, text.bytes, text.n_bytes) == 0);
}

uint32_t rs_text_dictionary_add(rs_text_dictionary *self, rs_str text)
{
    uintptr_t address = (uintptr_t)text.bytes;
    rs_text_recent *recent = &self->recent[(address ^ address >> 8) % RS_TEXT_RECENT];
    if (is_recent(self, recent, text)) {
        recent->push = self->n_pushes;
        return recent->number;
    }
    *recent = (rs_text_recent){text.bytes, look_up(self, text), self->n_pushes};
    return recent->number;
}

void rs_text_dictionary_reset(rs_text_dictionary *self)
{
    if (self->n_slots > KEPT_SLOTS || self->texts.n_capacity > KEPT_BYTES) {
        rs_text_dictionary_release(self);
        return;
    }
    rs_bytes_reset(&self->texts);
    rs_bytes_reset(&self->starts);
    rs_bytes_reset(&self->hashes);
    if (self->n_items > 0) {
        memset(self->slots, 0, self->n_slots * sizeof *self->slots);
    }
    self->n_items = 0;
    self->n_pushes++;
}

void rs_text_dictionary_release(rs_text_dictionary *self)
{
    rs_bytes_release(&self->texts);
    rs_bytes_release(&self->starts);
    rs_bytes_release(&self->hashes);
    rs_free(self->slots);
    *self = (rs_text_dictionary){0};
}

/* --- numbers --- */

uint32_t rs_number_dictionary_add(rs_number_dictionary *self, uint64_t bits)
{
    uint64_t hash = bits * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t at = (uint32_t)(hash >> 51);
    for (; self->slots[at] != 0; at = (at + 1) % RS_NUMBERS_SLOTS) {
        if (self->numbers[self->slots[at] - 1] == bits) {
            return (uint32_t)self->slots[at] - 1;
        }
    }
    if (self->n_items == RS_NUMBERS_MAX) {
        return UINT32_MAX;
    }
    self->numbers[self->n_items] = bits;
    self->slots[at] = (uint16_t)(self->n_items + 1);
    return self->n_items++;
}

void rs_number_dictionary_reset(rs_number_dictionary *self)
{
    memset(self->slots, 0, sizeof self->slots);
    self->n_items = 0;
}
