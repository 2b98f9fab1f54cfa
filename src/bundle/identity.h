/* SPDX-License-Identifier: Apache-2.0 */
/* identity.h - the ids of what lies in no file, and the texts that they are made of.
 *
 * Threads: read-only, any thread.
 */
#ifndef RS_BUNDLE_IDENTITY_H
#define RS_BUNDLE_IDENTITY_H

#include "base/str.h"

/* A row of schema/identities.def. */
typedef struct rs_identity {
    const char *dataset;
    const char *kind;
    const char *id;
    const char *tag;
    const char *text;
} rs_identity;

const rs_identity *rs_identities(size_t *n_identities);

/* Append a SELECT of the rows of a relation that have such ids, with the columns of this one:
 * `identity_id`, `identity_tag`, `identity_text` and, behind them, its own. */
void rs_identity_add_sql(const rs_identity *identity, const char *relation, rs_buf *sql);

/* Append the text as SQL, over columns of the table `alias`. */
void rs_identity_add_text_sql(const rs_identity *identity, const char *alias, rs_buf *sql);

#endif
