/* SPDX-License-Identifier: Apache-2.0 */
/* problem.h - where something stands in a rule pack, and collecting what is wrong there. */
#ifndef RS_PLAN_PROBLEM_H
#define RS_PLAN_PROBLEM_H

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

/* Where something stands in a pack; from 1. */
typedef struct rs_place {
    const char *file;
    uint32_t line;
    uint32_t column;
} rs_place;

/* A text that knows where each of its bytes stands. */
typedef struct rs_placed_text rs_placed_text;
struct rs_placed_text {
    rs_str text; /* NUL-terminated */
    rs_place (*place_at)(const rs_placed_text *self, size_t offset);
    const void *context;
};

typedef struct rs_problem {
    const char *file; /* pack's name as it was given */
    uint32_t line;    /* from 1 */
    uint32_t column;  /* from 1 */
    const char *message;
} rs_problem;

RS_VEC_DEFINE(rs_problem_vec, rs_problem)

typedef struct rs_problems {
    rs_arena *arena; /* of the messages */
    rs_problem_vec list;
    bool failed; /* memory ran out */
} rs_problems;

void rs_problems_add(rs_problems *problems, rs_place place, const char *format, ...)
    RS_PRINTF(3, 4);

/* By file, line, column and message. */
void rs_problems_sort(rs_problems *problems);

enum { RS_NEAREST_BYTES = 240 };

/* The candidate that a name is most likely meant to be, and which ones there are. All-zero but for
 * the name. */
typedef struct rs_nearest {
    rs_str name;
    const char *best; /* NULL: none is near */
    size_t distance;
    char offered[RS_NEAREST_BYTES]; /* with spaces between; " ..." where there are more */
    size_t n_bytes;
} rs_nearest;

void rs_nearest_offer(rs_nearest *nearest, const char *candidate);
/* "; did you mean NAME?" or, where none is near, "; expected one of: NAME NAME ..."; "" when nothing
 * was offered. */
const char *rs_nearest_hint(const rs_nearest *nearest, rs_arena *arena);

#endif
