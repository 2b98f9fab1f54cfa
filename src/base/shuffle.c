/* SPDX-License-Identifier: Apache-2.0 */
#include "base/shuffle.h"

/* SplitMix64. */
static uint64_t next_number(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void rs_shuffle(uint64_t seed, size_t *order, size_t n_items)
{
    uint64_t state = seed;
    for (size_t i = 0; i < n_items; i++) {
        order[i] = i;
    }
    for (size_t i = n_items; seed != 0 && i > 1; i--) {
        size_t j = (size_t)(next_number(&state) % i);
        size_t item = order[i - 1];
        order[i - 1] = order[j];
        order[j] = item;
    }
}
