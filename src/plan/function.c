/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of the rule language; how an engine writes them stands in dialect.c. */
#include "plan/expr.h"

static const rs_function functions[] = {
    {"all", "b", false, 0, RS_EXPR_IS_BOOL, true, false},
    {"any", "b", false, 0, RS_EXPR_IS_BOOL, true, false},
    {"coalesce", "a", true, 0, RS_EXPR_IS_UNKNOWN, false, false},
    {"contains", "tt", false, 2, RS_EXPR_IS_BOOL, false, false},
    {"count", "", false, 0, RS_EXPR_IS_I64, true, false},
    {"count_distinct", "a", false, 0, RS_EXPR_IS_I64, true, false},
    {"edge_id", "tiii", false, 3, RS_EXPR_IS_I64, false, true},
    {"ends_with", "tt", false, 2, RS_EXPR_IS_BOOL, false, false},
    {"file_of", "i", false, 1, RS_EXPR_IS_I64, false, false},
    {"first_part", "tt", false, 2, RS_EXPR_IS_TEXT, false, false},
    {"global_id", "tt", false, 2, RS_EXPR_IS_I64, false, true},
    {"length", "t", false, 1, RS_EXPR_IS_I64, false, false},
    {"lower", "t", false, 1, RS_EXPR_IS_TEXT, false, false},
    {"max", "a", false, 0, RS_EXPR_IS_UNKNOWN, true, false},
    {"min", "a", false, 0, RS_EXPR_IS_UNKNOWN, true, false},
    {"n_parts", "tt", false, 2, RS_EXPR_IS_I64, false, false},
    {"replace", "ttt", false, 3, RS_EXPR_IS_TEXT, false, false},
    {"root_of", "i", false, 1, RS_EXPR_IS_I64, false, false},
    {"starts_with", "tt", false, 2, RS_EXPR_IS_BOOL, false, false},
    {"substring", "ti", false, 2, RS_EXPR_IS_TEXT, false, false},
    {"sum", "i", false, 0, RS_EXPR_IS_I64, true, false},
    {"trim", "t", false, 1, RS_EXPR_IS_TEXT, false, false},
    {"upper", "t", false, 1, RS_EXPR_IS_TEXT, false, false},
    {"without_last", "tti", false, 3, RS_EXPR_IS_TEXT, false, false},
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
