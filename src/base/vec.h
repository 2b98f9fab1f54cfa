/* SPDX-License-Identifier: Apache-2.0 */
/* vec.h - typed growing arrays.
 *
 * RS_VEC_DEFINE(name, T) makes the struct `name` {items, n_items, n_capacity}
 * and the functions name_push, name_reserve, name_reset, name_release. A failed
 * growth leaves the vector as it was. All-zero is an empty vector. Which of the functions a
 * source calls is its own affair.
 */
#ifndef RS_BASE_VEC_H
#define RS_BASE_VEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"

#define RS_VEC_DEFINE(name, T)                                                                     \
    typedef struct name {                                                                          \
        T *items;                                                                                  \
        size_t n_items;                                                                            \
        size_t n_capacity;                                                                         \
    } name;                                                                                        \
    /* Room for n_more further items; false when memory is out. */                                 \
    __attribute__((unused)) static inline bool name##_reserve(name *vec, size_t n_more)            \
    {                                                                                              \
        if (n_more <= vec->n_capacity - vec->n_items) {                                            \
            return true;                                                                           \
        }                                                                                          \
        size_t n_capacity = vec->n_capacity == 0 ? 16 : vec->n_capacity;                           \
        while (n_capacity - vec->n_items < n_more) {                                               \
            if (n_capacity > SIZE_MAX / 2) {                                                       \
                return false;                                                                      \
            }                                                                                      \
            n_capacity *= 2;                                                                       \
        }                                                                                          \
        T *items = rs_realloc(vec->items, n_capacity, sizeof(T));                                  \
        if (items == NULL) {                                                                       \
            return false;                                                                          \
        }                                                                                          \
        vec->items = items;                                                                        \
        vec->n_capacity = n_capacity;                                                              \
        return true;                                                                               \
    }                                                                                              \
    __attribute__((unused)) static inline bool name##_push(name *vec, T item)                      \
    {                                                                                              \
        if (!name##_reserve(vec, 1)) {                                                             \
            return false;                                                                          \
        }                                                                                          \
        vec->items[vec->n_items++] = item;                                                         \
        return true;                                                                               \
    }                                                                                              \
    __attribute__((unused)) static inline void name##_reset(name *vec)                             \
    {                                                                                              \
        vec->n_items = 0;                                                                          \
    }                                                                                              \
    __attribute__((unused)) static inline void name##_release(name *vec)                           \
    {                                                                                              \
        rs_free(vec->items);                                                                       \
        *vec = (name){0};                                                                          \
    }

#endif
