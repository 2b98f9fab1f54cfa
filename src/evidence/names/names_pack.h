/* SPDX-License-Identifier: Apache-2.0 */
/* names_pack.h - refs and calls as bytes: numbers of 7 bits a byte, the low ones first.
 *
 *   a ref   head (kind, flags, NAMES_IS_TOLD), node, start, expr + 1, each less that of the one before;
 *           unless expr tells the name, and that is as long as in the source: the name, and the length
 *   a call  node and expr, each less that of the one before
 */
#ifndef RS_EVIDENCE_NAMES_PACK_H
#define RS_EVIDENCE_NAMES_PACK_H

#include "evidence/names/summary.h"

enum { NAMES_KIND_BITS = 4, NAMES_FLAG_BITS = 3, NAMES_IS_TOLD = 1u << 7 };

_Static_assert(NAMES_N_REF_KINDS <= 1 << NAMES_KIND_BITS, "a kind fits its bits");

/* The head of a summary; the sections follow, in this order and without gaps. */
typedef enum names_section {
    NAMES_SECTION_TEXTS,
    NAMES_SECTION_LISTS,
    NAMES_SECTION_SLOTS,
    NAMES_SECTION_BINDINGS,
    NAMES_SECTION_EXPRS,
    NAMES_SECTION_FUNCTIONS,
    NAMES_SECTION_CLASSES,
    NAMES_SECTION_IMPORTS,
    NAMES_SECTION_STORES,
    NAMES_SECTION_ALL_OPS,
    NAMES_SECTION_TEXT_BYTES, /* from here on in bytes */
    NAMES_SECTION_REFS,
    NAMES_SECTION_CALLS,
    NAMES_N_SECTIONS
} names_section;

typedef struct names_head {
    uint32_t flags;
    uint32_t n_refs;
    uint32_t n_calls;
    uint32_t n_items[NAMES_N_SECTIONS];
} names_head;

static inline bool names_refers_to_binding(uint8_t kind)
{
    return kind == NAMES_REF_STORE || kind == NAMES_REF_DEFINITION;
}

enum { NAMES_MAX_PACKED = 10 /* bytes of a number */ };

/* Behind the last of its bytes. */
static inline char *names_pack(char *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7) {
        *at++ = (char)(0x80 | (value & 0x7f));
    }
    *at++ = (char)value;
    return at;
}

static inline char *names_pack_signed(char *at, int64_t value)
{
    return names_pack(at, value < 0 ? ((uint64_t)-value << 1) - 1 : (uint64_t)value << 1);
}

static inline uint64_t names_unpack(const uint8_t **at)
{
    uint64_t value = 0;
    unsigned shift = 0;
    uint8_t byte;
    do {
        byte = *(*at)++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte >= 0x80);
    return value;
}

static inline int64_t names_unpack_signed(const uint8_t **at)
{
    uint64_t value = names_unpack(at);
    return (value & 1) != 0 ? -(int64_t)(value >> 1) - 1 : (int64_t)(value >> 1);
}

#endif
