/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_BYTES = 1024, HINT_BYTES = 48 };

void rs_problems_add(rs_problems *problems, rs_place place, const char *format, ...)
{
    char text[MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    int n_bytes = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t n_kept = n_bytes < 0 ? 0 : strnlen(text, sizeof text);
    const char *message = rs_arena_strndup(problems->arena, text, n_kept);
    if (message == NULL ||
        !rs_problem_vec_push(&problems->list,
                             (rs_problem){place.file, place.line, place.column, message})) {
        problems->failed = true;
    }
}

static int compare_problems(const void *a, const void *b)
{
    const rs_problem *left = a;
    const rs_problem *right = b;
    int by_file = strcmp(left->file, right->file);
    if (by_file != 0) {
        return by_file;
    }
    if (left->line != right->line) {
        return left->line < right->line ? -1 : 1;
    }
    if (left->column != right->column) {
        return left->column < right->column ? -1 : 1;
    }
    return strcmp(left->message, right->message);
}

void rs_problems_sort(rs_problems *problems)
{
    if (problems->list.n_items > 1) {
        qsort(problems->list.items, problems->list.n_items, sizeof *problems->list.items,
              compare_problems);
    }
}

/* Remember a candidate for who has to choose. */
static void list_candidate(rs_nearest *nearest, const char *candidate)
{
    static const char more[] = " ...";
    size_t n_bytes = strlen(candidate);
    bool is_full = nearest->n_bytes > RS_NEAREST_BYTES - sizeof more;
    if (!is_full && nearest->n_bytes + 1 + n_bytes + sizeof more > RS_NEAREST_BYTES) {
        (void)snprintf(nearest->offered + nearest->n_bytes, sizeof more, "%s", more);
        nearest->n_bytes = RS_NEAREST_BYTES;
    } else if (!is_full) {
        (void)snprintf(nearest->offered + nearest->n_bytes, n_bytes + 2, " %s", candidate);
        nearest->n_bytes += n_bytes + 1;
    }
}

void rs_nearest_offer(rs_nearest *nearest, const char *candidate)
{
    list_candidate(nearest, candidate);
    size_t distance = rs_str_distance(nearest->name, rs_str_of(candidate));
    size_t most = nearest->name.n_bytes / 3 + 1;
    if (distance <= most && (nearest->best == NULL || distance < nearest->distance)) {
        nearest->best = candidate;
        nearest->distance = distance;
    }
}

const char *rs_nearest_hint(const rs_nearest *nearest, rs_arena *arena)
{
    char text[RS_NEAREST_BYTES + HINT_BYTES];
    if (nearest->n_bytes == 0) {
        return "";
    }
    if (nearest->best != NULL) {
        (void)snprintf(text, sizeof text, "; did you mean %.60s?", nearest->best);
    } else {
        (void)snprintf(text, sizeof text, "; expected one of:%s", nearest->offered);
    }
    const char *hint = rs_arena_strndup(arena, text, strlen(text));
    return hint != NULL ? hint : "";
}
