/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/source.h"

/* The first byte from 0x80 on; n_bytes when there is none. */
static size_t skip_ascii(const unsigned char *bytes, size_t n_bytes, size_t at)
{
    const uint64_t high_bits = UINT64_C(0x8080808080808080);
    while (n_bytes - at >= 32) {
        uint64_t words[4];
        memcpy(words, bytes + at, sizeof words);
        if (((words[0] | words[1] | words[2] | words[3]) & high_bits) != 0) {
            break;
        }
        at += sizeof words;
    }
    while (at < n_bytes && bytes[at] < 0x80) {
        at++;
    }
    return at;
}

/* Bytes of a character by its first byte, and what its second byte may be; see Unicode, table 3-7. */
static size_t lead(unsigned char first, unsigned char *low, unsigned char *high)
{
    *low = 0x80;
    *high = 0xbf;
    if (first >= 0xc2 && first <= 0xdf) {
        return 2;
    }
    if (first >= 0xe0 && first <= 0xef) {
        *low = first == 0xe0 ? 0xa0 : 0x80;
        *high = first == 0xed ? 0x9f : 0xbf;
        return 3;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        *low = first == 0xf0 ? 0x90 : 0x80;
        *high = first == 0xf4 ? 0x8f : 0xbf;
        return 4;
    }
    return 0;
}

size_t rs_utf8_find_invalid(const char *text, size_t n_bytes, size_t from, size_t *out_end)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t at = from;
    RS_ASSERT(from <= n_bytes); /* or what is left of the text would be a huge number */
    while ((at = skip_ascii(bytes, n_bytes, at)) < n_bytes) {
        unsigned char low;
        unsigned char high;
        size_t n_wanted = lead(bytes[at], &low, &high);
        size_t n_good = n_wanted > 0;
        while (n_good > 0 && n_good < n_wanted && n_good < n_bytes - at &&
               bytes[at + n_good] >= low && bytes[at + n_good] <= high) {
            n_good++;
            low = 0x80;
            high = 0xbf;
        }
        if (n_wanted == 0 || n_good < n_wanted) {
            *out_end = at + (n_good == 0 ? 1 : n_good);
            return at;
        }
        at += n_wanted;
    }
    *out_end = n_bytes;
    return n_bytes;
}
