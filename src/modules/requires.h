/* SPDX-License-Identifier: Apache-2.0 */
/* requires.h - which Python a project asks for. */
#ifndef RS_MODULES_REQUIRES_H
#define RS_MODULES_REQUIRES_H

#include "base/str.h"

/*
 * The lowest minor version of Python 3 that a text of `requires-python` allows (">=3.9,<4", also poetry's
 * "^3.9"); of alternatives the first counts. False for a text that allows none or says something else.
 */
bool rs_requires_lowest(rs_str text, uint32_t *minor);

#endif
