/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <string.h>

/*
 * Ids are hashes of a few bytes: a call into the library costs more than what it does there, so
 * that its code is compiled in. Its constructors, which we do not call, name malloc() and free().
 */
#pragma push_macro("malloc")
#pragma push_macro("free")
#undef malloc
#undef free
#define XXH_INLINE_ALL
#include <xxhash.h>
#pragma pop_macro("free")
#pragma pop_macro("malloc")

#include "base/alloc.h"

uint64_t rs_stable_id_str(uint64_t hash, rs_str part)
{
    return XXH64(part.n_bytes == 0 ? "" : part.bytes, part.n_bytes, hash);
}

uint64_t rs_stable_id_init(const char *tag)
{
    return rs_stable_id_str(RS_STABLE_ID_SEED, rs_str_of(tag));
}

/* Always inline: what XXH64() does for 8 bytes, and no more, stands where it is used. */
__attribute__((always_inline, flatten)) static inline uint64_t add_i64(uint64_t hash, int64_t part)
{
    const uint64_t number = (uint64_t)part;
    const uint64_t bytes =
        __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? number : __builtin_bswap64(number);
    return XXH64(&bytes, sizeof bytes, hash);
}

__attribute__((flatten)) uint64_t rs_stable_id_i64(uint64_t hash, int64_t part)
{
    return add_i64(hash, part);
}

/*
 * Mostly multiplications of 64 bits: AVX-512 has eight of them at once, x86 before it not one. Not for
 * clang, whose sanitizers do not start with functions that are chosen as they are loaded.
 */
#if defined(__x86_64__) && defined(__GLIBC__) && __GNUC__ >= 12 && !defined(__clang__)
#define RS_FOR_EACH_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "default")))
#else
#define RS_FOR_EACH_PROCESSOR
#endif

/* Static, or else its clones would be exported. */
RS_FOR_EACH_PROCESSOR __attribute__((flatten)) static void
add_i64s(uint64_t *restrict hashes, const int64_t *restrict parts, size_t n_rows)
{
    for (size_t i = 0; i < n_rows; i++) {
        hashes[i] = add_i64(hashes[i], parts[i]);
    }
}

void rs_stable_ids_add_i64(uint64_t *restrict hashes, const int64_t *restrict parts, size_t n_rows)
{
    add_i64s(hashes, parts, n_rows);
}

int64_t rs_global_id(const char *kind, rs_str text)
{
    return (int64_t)(rs_stable_id_str(rs_stable_id_init(kind), text) | UINT64_C(1) << 63);
}

int64_t rs_edge_id(rs_str kind, int64_t src, int64_t dst, const int64_t *start_byte)
{
    uint64_t hash = rs_stable_id_str(rs_stable_id_init("edge"), kind);
    hash = rs_stable_id_i64(rs_stable_id_i64(hash, src), dst);
    return (int64_t)(start_byte != NULL ? rs_stable_id_i64(hash, *start_byte) : hash);
}

int64_t rs_file_id(rs_str repo_id, rs_str path)
{
    uint64_t hash = rs_stable_id_init("file");
    if (repo_id.n_bytes > 0) {
        hash = rs_stable_id_str(hash, repo_id);
    }
    return (int64_t)(rs_stable_id_str(hash, path) & ((UINT64_C(1) << RS_ID_FILE_BITS) - 1));
}

static void hex_of(const unsigned char *digest, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < SHA256_DIGEST_LENGTH; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
    out[RS_SHA256_TEXT_BYTES - 1] = '\0';
}

void rs_sha256_text(const void *bytes, size_t n_bytes, char out[RS_SHA256_TEXT_BYTES])
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(bytes, n_bytes, digest);
    hex_of(digest, out);
}

struct rs_sha256 {
    EVP_MD_CTX *context;
};

rs_sha256 *rs_sha256_new(void)
{
    rs_sha256 *hash = rs_alloc_zero(1, sizeof *hash);
    if (hash == NULL) {
        return NULL;
    }
    hash->context = EVP_MD_CTX_new();
    if (hash->context == NULL || EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) != 1) {
        rs_sha256_free(hash);
        return NULL;
    }
    return hash;
}

void rs_sha256_add(rs_sha256 *hash, const void *bytes, size_t n_bytes)
{
    (void)EVP_DigestUpdate(hash->context, bytes, n_bytes);
}

void rs_sha256_finish(rs_sha256 *hash, char out[RS_SHA256_TEXT_BYTES])
{
    unsigned char digest[SHA256_DIGEST_LENGTH] = {0};
    (void)EVP_DigestFinal_ex(hash->context, digest, NULL);
    hex_of(digest, out);
}

void rs_sha256_free(rs_sha256 *hash)
{
    if (hash != NULL) {
        EVP_MD_CTX_free(hash->context);
        rs_free(hash);
    }
}
