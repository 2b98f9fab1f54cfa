/* SPDX-License-Identifier: Apache-2.0 */
/* dictionary.h - distinct values of a column of a row group, numbered in order of their first use. */
#ifndef RS_PARQUET_DICTIONARY_H
#define RS_PARQUET_DICTIONARY_H

#include "parquet/bytes.h"

/* --- texts --- */

/* Where a text lay when it was last looked up. */
typedef struct rs_text_recent {
    const char *bytes;
    uint32_t number;
    uint32_t push; /* that it was looked up in */
} rs_text_recent;

enum { RS_TEXT_RECENT = 256 };

/* All-zero is empty. */
typedef struct rs_text_dictionary {
    rs_bytes texts;  /* each with its length before it: a dictionary page as it is written */
    rs_bytes starts; /* by number: uint32_t, where it starts in texts, behind its length */
    rs_bytes hashes; /* by number: uint32_t */
    uint32_t n_items;
    uint32_t *slots; /* open addressing: number + 1, or 0 */
    uint32_t n_slots;
    rs_text_recent recent[RS_TEXT_RECENT]; /* by address, whichever came last */
    uint32_t n_pushes;
} rs_text_dictionary;

/* What lay at an address may be another text from now on. */
static inline void rs_text_dictionary_begin(rs_text_dictionary *self)
{
    self->n_pushes++;
}

/* The number of text; UINT32_MAX when memory is out. */
uint32_t rs_text_dictionary_add(rs_text_dictionary *self, rs_str text);
rs_str rs_text_dictionary_get(const rs_text_dictionary *self, uint32_t number);
/* Empty again; what it grew to is kept where that is not large. */
void rs_text_dictionary_reset(rs_text_dictionary *self);
void rs_text_dictionary_release(rs_text_dictionary *self);

/* --- numbers, whole or not, by their bits --- */

enum { RS_NUMBERS_MAX = 2000, RS_NUMBERS_SLOTS = 8192 };

typedef struct rs_number_dictionary {
    uint64_t numbers[RS_NUMBERS_MAX];
    uint16_t slots[RS_NUMBERS_SLOTS]; /* number + 1, or 0 */
    uint32_t n_items;
} rs_number_dictionary;

/* The number of bits; UINT32_MAX when it has no room. */
uint32_t rs_number_dictionary_add(rs_number_dictionary *self, uint64_t bits);
void rs_number_dictionary_reset(rs_number_dictionary *self);

#endif
