/* SPDX-License-Identifier: Apache-2.0 */
/* memory.h - how much memory the whole program may have: ours, the engines' and what else is in it.
 *
 * There is one limit a process, because there is one memory. Ours is counted in alloc.h and never gets past
 * it; an engine is told what is left when it is opened.
 *
 * Threads: all functions may be called from any thread.
 */
#ifndef RS_BASE_MEMORY_H
#define RS_BASE_MEMORY_H

#include "base/error.h"

#include <stdint.h>

/*
 * Four fifths of what the process can get: the least of the machine's memory, its control group's and
 * the limits on its address space and its data.
 */
uint64_t rs_memory_of_machine(void);

/* 0: that of the machine, which is also the limit where nobody sets one. */
void rs_memory_set_limit(uint64_t n_bytes);
uint64_t rs_memory_limit(void);

/* How much more the process may map: what its address space is limited to, less what is mapped. */
uint64_t rs_memory_mappable(void);

/* What the process has now, as the system counts it; where that does not tell, what alloc.h counts. */
uint64_t rs_memory_in_use(void);

/* What is left of n_bytes for something new; 0 for nothing. */
uint64_t rs_memory_left(uint64_t n_bytes);

#endif
