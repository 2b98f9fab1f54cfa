/* SPDX-License-Identifier: Apache-2.0 */
/* stop.h - has somebody asked to stop?
 *
 * Whoever may take long is handed a flag that anybody may raise, at any time and from any thread or
 * signal, and looks at it at least every tenth of a second; NULL: nobody will ask.
 */
#ifndef RS_BASE_STOP_H
#define RS_BASE_STOP_H

#include <stdatomic.h>

#include "base/error.h"

static inline bool rs_stopped(const atomic_bool *stop)
{
    return stop != NULL && atomic_load_explicit(stop, memory_order_relaxed);
}

/* RS_ERR_CANCELLED once somebody asked. */
static inline rs_status rs_stop_check(const atomic_bool *stop, rs_error *err)
{
    return rs_stopped(stop) ? rs_error_set(err, RS_ERR_CANCELLED, "interrupted") : RS_OK;
}

#endif
