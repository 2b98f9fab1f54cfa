/* SPDX-License-Identifier: Apache-2.0 */
/* character_name.c - the names of \N{...}.
 *
 * libunistring knows those of its own Unicode. What it lacks stands in a table of hashes, and ideographs
 * are named by their number. A name that is taken for one by mistake (one in millions) is no harm.
 */
#include <stdlib.h>
#include <string.h>
#include <uniname.h>

#include "parse/parse_impl.h"

enum { MOST_NAME_BYTES = 256 }; /* as CPython's */

/* clang-format off */
static const uint32_t other_names[] = {
#include "parse/character_names.def"
};
/* clang-format on */

static int hash_compare(const void *left, const void *right)
{
    const uint32_t *a = left;
    const uint32_t *b = right;
    return (*a > *b) - (*a < *b);
}

static bool is_other_name(const char *name)
{
    uint32_t hash = 0x811c9dc5;
    for (; *name != '\0'; name++) {
        hash = (hash ^ (unsigned char)*name) * 0x01000193;
    }
    return bsearch(&hash, other_names, sizeof other_names / sizeof other_names[0],
                   sizeof other_names[0], hash_compare) != NULL;
}

static bool is_numbered_name(const char *name)
{
    static const char *const families[] = {"CJK UNIFIED IDEOGRAPH-", "EGYPTIAN HIEROGLYPH-"};
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        size_t n = strlen(families[i]);
        if (strncmp(name, families[i], n) == 0) {
            size_t n_digits = strspn(name + n, "0123456789ABCDEF");
            return (n_digits == 4 || n_digits == 5) && name[n + n_digits] == '\0';
        }
    }
    return false;
}

bool rs_parse_is_character_name(const char *name, size_t n_bytes)
{
    char upper[MOST_NAME_BYTES + 1] = "";
    if (n_bytes == 0 || n_bytes > MOST_NAME_BYTES) {
        return false;
    }
    for (size_t i = 0; i < n_bytes; i++) {
        char c = name[i];
        bool is_lower = c >= 'a' && c <= 'z';
        bool is_fine = is_lower || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' ||
                       c == '-' || c == '(' || c == ')';
        if (!is_fine) {
            return false;
        }
        upper[i] = c;
        if (is_lower) {
            upper[i] = (char)(c - 'a' + 'A');
        }
    }
    return unicode_name_character(upper) != UNINAME_INVALID || is_other_name(upper) ||
           is_numbered_name(upper);
}
