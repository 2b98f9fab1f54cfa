/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of the rule language; how an engine writes them stands in dialect.c. */
#include "plan/expr.h"

static const rs_function functions[] = {
    {"all", "b", false, 0, RS_EXPR_IS_BOOL, true, false,
     "true where no value is false; nulls do not count, and of none but nulls it is null", NULL},
    {"any", "b", false, 0, RS_EXPR_IS_BOOL, true, false,
     "true where one value is true; nulls do not count, and of none but nulls it is null", NULL},
    {"coalesce", "a", true, 0, RS_EXPR_IS_UNKNOWN, false, false,
     "the first value that is not null; null where all are",
     "coalesce(NULL, 'a', 'b') = 'a'\n"
     "coalesce(NULL, NULL) IS NULL"},
    {"contains", "tt", false, 2, RS_EXPR_IS_BOOL, false, false,
     "whether the second text stands in the first; by bytes, and the empty text stands in every "
     "one",
     "contains('naïve', 'ïv')\n"
     "contains('a', '')\n"
     "NOT contains('A', 'a')\n"
     "contains(NULL, 'a') IS NULL"},
    {"count", "", false, 0, RS_EXPR_IS_I64, true, false, "the number of rows", NULL},
    {"count_distinct", "a", false, 0, RS_EXPR_IS_I64, true, false,
     "the number of different values; a null is none", NULL},
    {"edge_id", "tiii", false, 3, RS_EXPR_IS_I64, false, true,
     "the id of an edge: of its kind, its ends, and the first byte of its anchor, which may be "
     "null",
     "edge_id('CALL', 1, 2, 3) <> edge_id('CALL', 1, 2, NULL)\n"
     "edge_id(NULL, 1, 2, 3) IS NULL"},
    {"ends_with", "tt", false, 2, RS_EXPR_IS_BOOL, false, false,
     "whether the first text ends in the second; by bytes, and every text ends in the empty one",
     "ends_with('a.py', '.py')\n"
     "ends_with('a', '')\n"
     "NOT ends_with('y', '.py')\n"
     "ends_with('a', NULL) IS NULL"},
    {"file_of", "i", false, 1, RS_EXPR_IS_I64, false, false,
     "the id of the file that something lies in; null for what lies in none",
     "file_of(16777217) = 1\n"
     "file_of(0 - 5) IS NULL"},
    {"first_part", "tt", false, 2, RS_EXPR_IS_TEXT, false, false,
     "what stands before the first of the second text, the whole where there is none; an empty "
     "second text parts all characters",
     "first_part('os.path.join', '.') = 'os'\n"
     "first_part('os', '.') = 'os'\n"
     "first_part('', '.') = ''\n"
     "first_part('.a', '.') = ''\n"
     "first_part(NULL, '.') IS NULL\n"
     "first_part('a', NULL) IS NULL"},
    {"global_id", "tt", false, 2, RS_EXPR_IS_I64, false, true,
     "the id of what lies in no file: of its kind and its name; below 0",
     "global_id('TYPE', 'int') < 0\n"
     "global_id('TYPE', NULL) IS NULL"},
    {"length", "t", false, 1, RS_EXPR_IS_I64, false, false,
     "the number of characters, which are code points: an accent that is one of its own counts",
     "length('naïve') = 5\n"
     "length('') = 0\n"
     "length(NULL) IS NULL"},
    {"lower", "t", false, 1, RS_EXPR_IS_TEXT, false, false,
     "in small letters, a character at a time as Unicode maps it, whatever the language",
     "lower('ÀÉ') = 'àé'\n"
     "lower('ß') = 'ß'\n"
     "lower(NULL) IS NULL"},
    {"max", "a", false, 0, RS_EXPR_IS_UNKNOWN, true, false,
     "the greatest value; nulls do not count, and of none but nulls it is null. Texts compare by "
     "bytes, words by their place in the set",
     NULL},
    {"min", "a", false, 0, RS_EXPR_IS_UNKNOWN, true, false, "the least value, as max", NULL},
    {"n_parts", "tt", false, 2, RS_EXPR_IS_I64, false, false,
     "how many parts the second text parts the first into: one more than it stands there; an empty "
     "second text is no separator: what it gives is not said",
     "n_parts('os.path', '.') = 2\n"
     "n_parts('os', '.') = 1\n"
     "n_parts('', '.') = 1\n"
     "n_parts(NULL, '.') IS NULL\n"
     "n_parts('a', NULL) IS NULL"},
    {"replace", "ttt", false, 3, RS_EXPR_IS_TEXT, false, false,
     "the first text with the third in place of each second one, from the left; an empty second "
     "text changes nothing",
     "replace('aaa', 'aa', 'b') = 'ba'\n"
     "replace('abc', '', 'x') = 'abc'\n"
     "replace('abc', 'b', '') = 'ac'\n"
     "replace('abc', NULL, 'x') IS NULL"},
    {"root_of", "i", false, 1, RS_EXPR_IS_I64, false, false, "the id of a file's first node",
     "root_of(1) = 16777216\n"
     "root_of(NULL) IS NULL"},
    {"starts_with", "tt", false, 2, RS_EXPR_IS_BOOL, false, false,
     "whether the first text starts with the second; by bytes, and every text starts with the "
     "empty one",
     "starts_with('__init__', '__')\n"
     "starts_with('a', '')\n"
     "NOT starts_with('A', 'a')\n"
     "starts_with(NULL, 'a') IS NULL"},
    {"substring", "ti", false, 2, RS_EXPR_IS_TEXT, false, false,
     "from a character on, the first is 1, and counted from the end below 0; from 0 the whole, "
     "beyond the end nothing",
     "substring('naïve', 3) = 'ïve'\n"
     "substring('abc', 0) = 'abc'\n"
     "substring('abc', 0 - 2) = 'bc'\n"
     "substring('abc', 9) = ''\n"
     "substring('abc', NULL) IS NULL"},
    {"sum", "i", false, 0, RS_EXPR_IS_I64, true, false,
     "the sum of whole numbers, in 64 bits: more fails the rule; nulls do not count, and of none "
     "but nulls it is null",
     NULL},
    {"trim", "t", false, 1, RS_EXPR_IS_TEXT, false, false,
     "without the spaces at both ends: what Unicode calls a space separator, and no tab or line "
     "end",
     "trim('  a b ') = 'a b'\n"
     "trim('') = ''\n"
     "trim(NULL) IS NULL"},
    {"upper", "t", false, 1, RS_EXPR_IS_TEXT, false, false,
     "in capital letters, a character at a time as Unicode maps it, whatever the language",
     "upper('àé') = 'ÀÉ'\n"
     "upper(NULL) IS NULL"},
    {"without_last", "tti", false, 3, RS_EXPR_IS_TEXT, false, false,
     "the first text without its last so many parts and what parts them; nothing where there are "
     "no more",
     "without_last('os.path.join', '.', 1) = 'os.path'\n"
     "without_last('os', '.', 1) = ''\n"
     "without_last('os', '.', 5) = ''\n"
     "without_last('os', '.', 0) = 'os'\n"
     "without_last('os', NULL, 1) IS NULL\n"
     "without_last('os', '.', NULL) IS NULL"},
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
