/* SPDX-License-Identifier: Apache-2.0 */
/* footer.h - what the footer of every Parquet file of a bundle says of itself (docs/bundle.md). */
#ifndef RS_ENGINE_FOOTER_H
#define RS_ENGINE_FOOTER_H

#include "engine/engine.h"
#include "schema/schema.h"

enum { RS_FOOTER_MAX_PAIRS = 12 };

/* In place: pairs point into it. What is added is borrowed. */
typedef struct rs_footer {
    char version[16];
    char contract[RS_CONTRACT_NAME_BYTES];
    rs_text_pair pairs[RS_FOOTER_MAX_PAIRS];
    size_t n_pairs;
} rs_footer;

/* How the rows of a file stand, and how sure that is. */
typedef struct rs_footer_order {
    const char *level; /* explicit, implicit, unordered */
    const char *keys;
    const char *tier; /* canonical, best_effort */
} rs_footer_order;

void rs_footer_init(rs_footer *footer, const rs_dataset *dataset, const rs_footer_order *order);
void rs_footer_add(rs_footer *footer, const char *name, const char *value);

#endif
