/* SPDX-License-Identifier: Apache-2.0 */
/* clock.h - the time. Nothing that is compared between runs may depend on it. */
#ifndef RS_BASE_CLOCK_H
#define RS_BASE_CLOCK_H

#include <stdint.h>

/* Nanoseconds of a clock that never goes back; its zero means nothing. */
uint64_t rs_clock_ns(void);

/* Nanoseconds since 1970. */
int64_t rs_clock_unix_ns(void);

#endif
