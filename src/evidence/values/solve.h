/* SPDX-License-Identifier: Apache-2.0 */
/* solve.h - variables that hold sets of objects, and what is done with each object that comes into one.
 *
 * A *use* of a variable is delivered every object that the variable ever holds, each once; a copy hands
 * each on to another variable. Work goes in rounds: what is found in a round is kept beside the variables, and joins them
 * at the barrier behind it, where alone bounds act: so no bound depends on what came first in a round.
 *
 * A set that would pass the bound has its objects replaced by those that stand for them (the owner
 * says which), and so has whatever comes later. What is too many then is left out and counted.
 *
 * Objects and variables are numbers; what they are is the owner's. Threads: one.
 */
#ifndef RS_EVIDENCE_VALUES_SOLVE_H
#define RS_EVIDENCE_VALUES_SOLVE_H

#include "base/stop.h"
#include "base/vec.h"

#define SOLVE_NONE UINT32_MAX

enum { SOLVE_COPY = 0 /* no use has this kind: copies are kept apart */ };

typedef struct solve_use {
    uint32_t next;
    uint32_t to;
    uint32_t a;
    uint32_t b;
    uint32_t c;
    uint8_t kind;
} solve_use;

enum {
    SOLVE_COARSE = 1u << 0,
    SOLVE_FULL = 1u << 1,    /* something was left out */
    SOLVE_COPIED = 1u << 2,  /* to one variable */
    SOLVE_SEVERAL = 1u << 3, /* to more */
    SOLVE_NUMEROUS = 1u << 4 /* to so many that a table knows which */
};

enum { SOLVE_N_TOGETHER = 6 };

/* Variables that a variable is copied to, a few together; the last few come first. */
typedef struct solve_copies {
    uint32_t next;
    uint32_t n;
    uint32_t to[SOLVE_N_TOGETHER];
} solve_copies;

typedef struct solve_var {
    uint32_t objects; /* one: itself; more: place in `cells`, in order */
    uint32_t copies;  /* one: the variable itself; more: place in `copies` of the last few */
    uint32_t first_use;
    uint32_t first_pending;
    uint8_t n_objects;
    uint8_t room; /* log2 of it, where there are several */
    uint8_t flags;
    uint8_t n_left_out; /* at most 255 */
} solve_var;

typedef struct solve_pending {
    uint32_t object;
    uint32_t next;
} solve_pending;

typedef struct solve_pair {
    uint32_t var;
    uint32_t object;
} solve_pair;

RS_VEC_DEFINE(solve_vars, solve_var)
RS_VEC_DEFINE(solve_uses, solve_use)
RS_VEC_DEFINE(solve_copy_lists, solve_copies)
RS_VEC_DEFINE(solve_pendings, solve_pending)
RS_VEC_DEFINE(solve_pairs, solve_pair)
RS_VEC_DEFINE(solve_numbers, uint32_t)

enum { SOLVE_N_ROOMS = 9 };

typedef struct solver {
    solve_vars vars;
    solve_uses uses;
    solve_copy_lists copies;
    solve_numbers cells;
    solve_numbers free_cells[SOLVE_N_ROOMS]; /* by log2 of their room */
    solve_pendings pendings;
    solve_numbers touched; /* variables that have some */
    solve_numbers batch;   /* those of the barrier at hand */
    solve_numbers fresh;   /* objects of one of them */
    solve_pairs deltas;
    uint64_t *edges; /* copies of the numerous: from << 32 | to, + 1; open addressing */
    size_t n_edges;
    size_t n_edge_places;
    uint32_t max_objects; /* of a set; 255 at most */
    uint64_t max_insertions;
    uint64_t n_insertions;
    uint32_t n_rounds;
    const atomic_bool *stop;
    void *owner;
    void (*deliver)(void *owner, const solve_use *use, uint32_t object);
    uint32_t (*stands_for)(void *owner, uint32_t object); /* itself where nothing does */
    bool failed;                                          /* memory is out */
} solver;

/* A new variable; SOLVE_NONE when memory is out. */
uint32_t rs_solve_var(solver *s);

/* n of them, one behind the other, the first of which is returned. */
uint32_t rs_solve_vars(solver *s, uint32_t n);

void rs_solve_add(solver *s, uint32_t var, uint32_t object);

/* Whatever `from` holds, `to` holds. Twice is once. */
void rs_solve_copy(solver *s, uint32_t from, uint32_t to);

/* What the variable holds is delivered at once. */
void rs_solve_use(solver *s, uint32_t var, solve_use use);

/* Rounds until nothing is pending, or there were too many insertions. */
void rs_solve_settle(solver *s);

/* The objects of a variable, in order; borrowed until something is done. */
const uint32_t *rs_solve_objects(const solver *s, uint32_t var, uint32_t *n_objects);

static inline bool rs_solve_is_empty(const solver *s, uint32_t var)
{
    return s->vars.items[var].n_objects == 0;
}

void rs_solve_release(solver *s);

#endif
