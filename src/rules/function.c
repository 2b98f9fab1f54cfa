/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of the rule language; how an engine writes them stands in dialect.c. */
#include "rules/expr.h"

static const rs_function functions[] = {
    {"all", "b", false, 0, RS_EXPR_IS_BOOL, true},
    {"any", "b", false, 0, RS_EXPR_IS_BOOL, true},
    {"coalesce", "a", true, 0, RS_EXPR_IS_UNKNOWN, false},
    {"contains", "tt", false, 2, RS_EXPR_IS_BOOL, false},
    {"count", "", false, 0, RS_EXPR_IS_I64, true},
    {"count_distinct", "a", false, 0, RS_EXPR_IS_I64, true},
    {"edge_id", "tiii", false, 3, RS_EXPR_IS_I64, false},
    {"ends_with", "tt", false, 2, RS_EXPR_IS_BOOL, false},
    {"first_part", "tt", false, 2, RS_EXPR_IS_TEXT, false},
    {"global_id", "tt", false, 2, RS_EXPR_IS_I64, false},
    {"length", "t", false, 1, RS_EXPR_IS_I64, false},
    {"lower", "t", false, 1, RS_EXPR_IS_TEXT, false},
    {"max", "a", false, 0, RS_EXPR_IS_UNKNOWN, true},
    {"min", "a", false, 0, RS_EXPR_IS_UNKNOWN, true},
    {"n_parts", "tt", false, 2, RS_EXPR_IS_I64, false},
    {"replace", "ttt", false, 3, RS_EXPR_IS_TEXT, false},
    {"starts_with", "tt", false, 2, RS_EXPR_IS_BOOL, false},
    {"substring", "ti", false, 2, RS_EXPR_IS_TEXT, false},
    {"sum", "i", false, 0, RS_EXPR_IS_I64, true},
    {"trim", "t", false, 1, RS_EXPR_IS_TEXT, false},
    {"upper", "t", false, 1, RS_EXPR_IS_TEXT, false},
    {"without_last", "tti", false, 3, RS_EXPR_IS_TEXT, false},
};

const rs_function *rs_function_get(size_t index)
{
    return index < sizeof functions / sizeof functions[0] ? &functions[index] : NULL;
}

const rs_function *rs_function_find(rs_str name)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (rs_str_equal(rs_str_of(functions[i].name), name)) {
            return &functions[i];
        }
    }
    return NULL;
}
