/* SPDX-License-Identifier: Apache-2.0 */
/* hash.h - ids from content.
 *
 * stable_id(tag, part...) is a 64-bit number that nobody can aim at: the first 8 bytes, big-endian and
 * read as a signed number, of SHA-256 over tag and parts as bencode writes them (a text as
 * "<bytes>:<text>", a number as "i<decimal>e"), and "n" for a null. See docs/conventions.md.
 */
#ifndef RS_BASE_HASH_H
#define RS_BASE_HASH_H

#include <stdint.h>

#include "base/str.h"

enum {
    RS_ID_FILE_BITS = 39,   /* bits of a file id */
    RS_ID_ENTITY_BITS = 24, /* bits of an entity's number in its file */
    RS_SHA256_TEXT_BYTES = 65
};

/* --- ids --- */

typedef enum rs_id_part_kind { RS_ID_NULL, RS_ID_TEXT, RS_ID_NUMBER } rs_id_part_kind;

/* All-zero is a null. */
typedef struct rs_id_part {
    rs_id_part_kind kind;
    int64_t number;
    rs_str text;
} rs_id_part;

static inline rs_id_part rs_id_text(rs_str text)
{
    return (rs_id_part){.kind = RS_ID_TEXT, .text = text};
}

static inline rs_id_part rs_id_number(int64_t number)
{
    return (rs_id_part){.kind = RS_ID_NUMBER, .number = number};
}

/* stable_id: the tag is the first part. */
int64_t rs_stable_id(const rs_id_part *parts, size_t n_parts);

/* For tests that want ids to meet: only so many bits of each hash count, 64 to begin with. Not while
 * others make ids. */
void rs_stable_id_cut(unsigned n_bits);

/* The id of something that lies in no file: stable_id(kind, text) with the sign bit set. */
int64_t rs_global_id(rs_str kind, rs_str text);

/* The id of an edge: stable_id("edge", kind, src, dst, start_byte); start_byte may be NULL. */
int64_t rs_edge_id(rs_str kind, int64_t src, int64_t dst, const int64_t *start_byte);

/* 39 bits of stable_id("file"[, repo_id], path); repo_id may be empty. */
int64_t rs_file_id(rs_str repo_id, rs_str path);

/* The id of the file's n-th entity. */
static inline int64_t rs_entity_id(int64_t file_id, uint32_t n)
{
    return (int64_t)((uint64_t)file_id << RS_ID_ENTITY_BITS | n);
}

/* --- digests --- */

/* Lower-case hex SHA-256 of bytes[0..n_bytes), NUL-terminated. */
void rs_sha256_text(const void *bytes, size_t n_bytes, char out[RS_SHA256_TEXT_BYTES]);

/* A SHA-256 over several pieces. */
typedef struct rs_sha256 rs_sha256;
rs_sha256 *rs_sha256_new(void);
void rs_sha256_add(rs_sha256 *hash, const void *bytes, size_t n_bytes);
void rs_sha256_finish(rs_sha256 *hash, char out[RS_SHA256_TEXT_BYTES]);
void rs_sha256_free(rs_sha256 *hash);

#endif
