/* SPDX-License-Identifier: Apache-2.0 */
/* dialect.h - what differs between the SQL of one engine and that of another, as a table.
 *
 * Rules are rendered from their checked trees; whatever an engine spells in its own way stands in
 * its row here and nowhere else.
 */
#ifndef RS_PLAN_DIALECT_H
#define RS_PLAN_DIALECT_H

#include "base/str.h"
#include "schema/schema.h"

/* How an engine writes a call; $1, $2, ... are the arguments. */
typedef struct rs_template {
    const char *function;
    const char *sql;
} rs_template;

typedef struct rs_dialect {
    const char *name;
    const char *whole_division; /* of two whole numbers */
    const char *semi_join;
    const char *anti_join;
    const rs_template *templates; /* a function without one is called by its own name */
    size_t n_templates;
} rs_dialect;

extern const rs_dialect rs_dialect_duckdb;

/* The template of a function; NULL when it is called by its name. */
const char *rs_dialect_template(const rs_dialect *dialect, const char *function);

#endif
