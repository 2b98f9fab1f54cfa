/* SPDX-License-Identifier: Apache-2.0 */
/* importable.h - which names an import statement can say. */
#ifndef RS_REPO_IMPORTABLE_H
#define RS_REPO_IMPORTABLE_H

#include "base/str.h"

/* True for a name that an import statement can hold: an identifier in NFKC, as import looks for that, and no
 * keyword. */
bool rs_name_is_importable(rs_str name);

#endif
