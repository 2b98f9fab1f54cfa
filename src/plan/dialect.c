/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/dialect.h"

static const rs_template duckdb_templates[] = {
    {"all", "bool_and($1)"},
    {"any", "bool_or($1)"},
    {"count", "count(*)"},
    {"count_distinct", "count(DISTINCT $1)"},
    {"first_part", "split_part($1, $2, 1)"},
    {"n_parts", "len(string_split($1, $2))"},
    {"substring", "substr($1, $2)"},
    {"sum", "CAST(sum($1) AS BIGINT)"},
    {"without_last", "array_to_string(list_slice(string_split($1, $2), 1, "
                     "len(string_split($1, $2)) - $3), $2)"},
};

const rs_dialect rs_dialect_duckdb = {
    .name = "duckdb",
    .whole_division = "//",
    .semi_join = "SEMI JOIN",
    .anti_join = "ANTI JOIN",
    .templates = duckdb_templates,
    .n_templates = sizeof duckdb_templates / sizeof duckdb_templates[0],
};

const char *rs_dialect_template(const rs_dialect *dialect, const char *function)
{
    for (size_t i = 0; i < dialect->n_templates; i++) {
        if (strcmp(dialect->templates[i].function, function) == 0) {
            return dialect->templates[i].sql;
        }
    }
    return NULL;
}
