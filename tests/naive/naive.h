/* SPDX-License-Identifier: Apache-2.0 */
/* naive.h - an engine that does what the words of a plan say, a row at a time: the oracle of all others.
 *
 * No index, no hash, no SQL: each operator is the most obvious loop (operators.c), each expression is
 * evaluated from its tree (value.c, which says what the language means). It stops on memory.
 */
#ifndef RS_TESTS_NAIVE_NAIVE_H
#define RS_TESTS_NAIVE_NAIVE_H

#include "engine/engine.h"

extern const rs_engine_type naive_engine;

#endif
