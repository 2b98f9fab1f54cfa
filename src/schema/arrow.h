/* SPDX-License-Identifier: Apache-2.0 */
/* arrow.h - the door to nanoarrow: the Arrow C data interface and what reads and builds it.
 *
 * nanoarrow has fields of names that base/banned.h takes away from us.
 */
#ifndef RS_SCHEMA_ARROW_H
#define RS_SCHEMA_ARROW_H

#pragma push_macro("free")
#undef free
#include <nanoarrow/nanoarrow.h>
#pragma pop_macro("free")

#endif
