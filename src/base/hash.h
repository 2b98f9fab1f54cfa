/* SPDX-License-Identifier: Apache-2.0 */
/* hash.h - ids from content.
 *
 * stable_id(tag, part...) is the 64-bit value that Spark SQL's xxhash64() gives
 * for string and BIGINT columns: h = 42, then for each part h = XXH64(bytes of
 * the part, seed h); a string as its bytes, a number as 8 little-endian bytes,
 * a null leaves h as it is. Read as a signed number. See docs/conventions.md.
 */
#ifndef RS_BASE_HASH_H
#define RS_BASE_HASH_H

#include <stdint.h>

#include "base/str.h"

enum {
    RS_ID_FILE_BITS = 39,   /* bits of a file id */
    RS_ID_ENTITY_BITS = 24, /* bits of an entity's number in its file */
    RS_STABLE_ID_SEED = 42, /* the hash before the tag */
    RS_SHA256_TEXT_BYTES = 65
};

uint64_t rs_stable_id_init(const char *tag);
uint64_t rs_stable_id_str(uint64_t hash, rs_str part);
uint64_t rs_stable_id_i64(uint64_t hash, int64_t part);

/* Take a number of each row into the row's hash. */
void rs_stable_ids_add_i64(uint64_t *restrict hashes, const int64_t *restrict parts, size_t n_rows);

/* The id of something that lies in no file: stable_id(kind, text) with the sign bit set. */
int64_t rs_global_id(const char *kind, rs_str text);

/* The id of an edge: stable_id("edge", kind, src, dst[, start_byte]); start_byte may be NULL. */
int64_t rs_edge_id(rs_str kind, int64_t src, int64_t dst, const int64_t *start_byte);

/* 39 bits of stable_id("file"[, repo_id], path); repo_id may be empty. */
int64_t rs_file_id(rs_str repo_id, rs_str path);

/* The id of the file's n-th entity. */
static inline int64_t rs_entity_id(int64_t file_id, uint32_t n)
{
    return (int64_t)((uint64_t)file_id << RS_ID_ENTITY_BITS | n);
}

/* Lower-case hex SHA-256 of bytes[0..n_bytes), NUL-terminated. */
void rs_sha256_text(const void *bytes, size_t n_bytes, char out[RS_SHA256_TEXT_BYTES]);

/* A SHA-256 over several pieces. */
typedef struct rs_sha256 rs_sha256;
rs_sha256 *rs_sha256_new(void);
void rs_sha256_add(rs_sha256 *hash, const void *bytes, size_t n_bytes);
void rs_sha256_finish(rs_sha256 *hash, char out[RS_SHA256_TEXT_BYTES]);
void rs_sha256_free(rs_sha256 *hash);

#endif
