/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

/* Ids are digests of a few bytes. The functions that take a context from the heap for each, and may
 * fail, cost four times as much as what they do there: these have it in a variable. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <string.h>

#include "base/alloc.h"

/* --- ids --- */

enum { MAX_DIGITS = 20 };

/* What is hashed, gathered: a call of the library costs more than a copy of a few bytes. */
typedef struct id_text {
    SHA256_CTX sha;
    size_t n_bytes;
    char bytes[2 * SHA256_CBLOCK];
} id_text;

static unsigned id_bits = 64;

void rs_stable_id_cut(unsigned n_bits)
{
    RS_ASSERT(n_bits > 0 && n_bits <= 64);
    id_bits = n_bits;
}

static void flush(id_text *to)
{
    (void)SHA256_Update(&to->sha, to->bytes, to->n_bytes);
    to->n_bytes = 0;
}

static void add_bytes(id_text *to, rs_str text)
{
    if (text.n_bytes > sizeof to->bytes - to->n_bytes) {
        flush(to);
    }
    if (text.n_bytes > sizeof to->bytes) {
        (void)SHA256_Update(&to->sha, text.bytes, text.n_bytes);
    } else if (text.n_bytes > 0) {
        memcpy(to->bytes + to->n_bytes, text.bytes, text.n_bytes);
        to->n_bytes += text.n_bytes;
    }
}

enum { PART_DIGITS = 8, PART = 100000000 };

/* All digits of a number below PART, before what stands there. */
static void add_part(char *digits, size_t *at, uint32_t number)
{
    for (size_t i = 0; i < PART_DIGITS; i++, number /= 10) {
        digits[--*at] = (char)('0' + number % 10);
    }
}

/* The number between a sign, where it has one, and what closes it. */
static void add_number(id_text *to, const char *before, int64_t number, char close)
{
    char digits[MAX_DIGITS + 3];
    size_t at = sizeof digits;
    digits[--at] = close;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    while (rest >= PART) { /* digits of a part do not wait for those of the next */
        add_part(digits, &at, (uint32_t)(rest % PART));
        rest /= PART;
    }
    uint32_t few = (uint32_t)rest;
    do {
        digits[--at] = (char)('0' + few % 10);
        few /= 10;
    } while (few > 0);
    if (number < 0) {
        digits[--at] = '-';
    }
    if (*before != '\0') {
        digits[--at] = *before;
    }
    add_bytes(to, (rs_str){digits + at, sizeof digits - at});
}

int64_t rs_stable_id(const rs_id_part *parts, size_t n_parts)
{
    id_text text = {.n_bytes = 0};
    (void)SHA256_Init(&text.sha);
    for (size_t i = 0; i < n_parts; i++) {
        switch (parts[i].kind) {
        case RS_ID_NULL:
            add_bytes(&text, RS_STR_LITERAL("n"));
            break;
        case RS_ID_TEXT:
            add_number(&text, "", (int64_t)parts[i].text.n_bytes, ':');
            add_bytes(&text, parts[i].text);
            break;
        case RS_ID_NUMBER:
            add_number(&text, "i", parts[i].number, 'e');
            break;
        }
    }
    flush(&text);
    unsigned char digest[SHA256_DIGEST_LENGTH];
    (void)SHA256_Final(digest, &text.sha);
    uint64_t id = 0;
    for (size_t i = 0; i < sizeof id; i++) {
        id = id << 8 | digest[i];
    }
    return (int64_t)(id & UINT64_MAX >> (64 - id_bits));
}

int64_t rs_global_id(rs_str kind, rs_str text)
{
    const rs_id_part parts[] = {rs_id_text(kind), rs_id_text(text)};
    return (int64_t)((uint64_t)rs_stable_id(parts, 2) | UINT64_C(1) << 63);
}

int64_t rs_edge_id(rs_str kind, int64_t src, int64_t dst, const int64_t *start_byte)
{
    const rs_id_part parts[] = {rs_id_text(RS_STR_LITERAL("edge")), rs_id_text(kind),
                                rs_id_number(src), rs_id_number(dst),
                                start_byte != NULL ? rs_id_number(*start_byte) : (rs_id_part){0}};
    return rs_stable_id(parts, sizeof parts / sizeof parts[0]);
}

int64_t rs_file_id(rs_str repo_id, rs_str path)
{
    const rs_id_part parts[] = {rs_id_text(RS_STR_LITERAL("file")), rs_id_text(repo_id),
                                rs_id_text(path)};
    const rs_id_part alone[] = {parts[0], parts[2]};
    int64_t id = repo_id.n_bytes > 0 ? rs_stable_id(parts, 3) : rs_stable_id(alone, 2);
    return id & ((INT64_C(1) << RS_ID_FILE_BITS) - 1);
}

/* --- digests --- */

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
