/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <time.h>

static uint64_t read_clock(clockid_t clock)
{
    struct timespec now = {0};
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

uint64_t rs_clock_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t rs_clock_unix_ns(void)
{
    return (int64_t)read_clock(CLOCK_REALTIME);
}
