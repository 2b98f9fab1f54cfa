/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of objects against a solver that is obviously right, on random constraints. */
#include "base/shuffle.h"
#include "evidence/values/solve.h"

#include "unit/unit.h"

enum { N_VARS = 24, N_OBJECTS = 40, N_RULES = 60, FIELD = 1, STANDS = 8 };

/* What is asked: each of a kind, of two variables, or of a variable and an object. */
typedef struct rule {
    enum { ADD, COPY, LOAD } kind;
    uint32_t a;
    uint32_t b;
} rule;

static uint32_t next(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % below;
}

static void make_rules(uint64_t seed, rule *rules)
{
    for (size_t i = 0; i < N_RULES; i++) {
        uint32_t kind = next(&seed, 4);
        rules[i] = (rule){.kind = kind == 0 ? ADD : kind == 1 ? LOAD : COPY};
        rules[i].a = next(&seed, 4) == 0 ? 0 : next(&seed, N_VARS); /* one is copied a lot */
        rules[i].b = next(&seed, rules[i].kind == ADD ? N_OBJECTS : N_VARS);
    }
}

/* The field of an object is a variable: LOAD says that b holds what the fields of a's objects hold. */
static uint32_t field_of(uint32_t object)
{
    return object % N_VARS;
}

/* --- obviously --- */

static void solve_obviously(const rule *rules, bool held[N_VARS][N_OBJECTS])
{
    for (bool grows = true; grows;) {
        grows = false;
        for (size_t i = 0; i < N_RULES; i++) {
            for (uint32_t o = 0; o < N_OBJECTS; o++) {
                uint32_t from = rules[i].a;
                bool *to = &held[rules[i].kind == ADD ? rules[i].a : rules[i].b][o];
                bool comes = rules[i].kind == ADD ? o == rules[i].b : held[from][o];
                for (uint32_t of = 0; of < N_OBJECTS && rules[i].kind == LOAD; of++) {
                    comes = of == 0 ? false : comes;
                    comes = comes || (held[from][of] && held[field_of(of)][o]);
                }
                grows = grows || (comes && !*to);
                *to = *to || comes;
            }
        }
    }
}

/* --- fast --- */

static void deliver(void *owner, const solve_use *use, uint32_t object)
{
    assert_int_equal(use->kind, FIELD);
    rs_solve_copy(owner, field_of(object), use->to);
}

static uint32_t stands_for(void *owner, uint32_t object)
{
    (void)owner;
    return object % STANDS;
}

static void solve_fast(const rule *rules, uint64_t order_seed, uint32_t max_objects, solver *s)
{
    size_t order[N_RULES];
    rs_shuffle(order_seed, order, N_RULES);
    *s = (solver){.max_objects = max_objects,
                  .max_insertions = UINT64_MAX,
                  .owner = s,
                  .deliver = deliver,
                  .stands_for = stands_for};
    assert_int_equal(rs_solve_vars(s, N_VARS), 0);
    for (size_t i = 0; i < N_RULES; i++) {
        const rule *r = &rules[order[i]];
        if (r->kind == ADD) {
            rs_solve_add(s, r->a, r->b);
        } else if (r->kind == COPY) {
            rs_solve_copy(s, r->a, r->b);
        } else {
            rs_solve_use(s, r->a, (solve_use){.kind = FIELD, .to = r->b});
        }
    }
    rs_solve_settle(s);
    assert_false(s->failed);
}

/* Each once, wherever copies stand. */
static void no_copy_stands_twice(const solver *s, uint32_t var)
{
    const solve_var *of = &s->vars.items[var];
    bool is_copied[N_VARS] = {false};
    if ((of->flags & SOLVE_SEVERAL) == 0) {
        return;
    }
    for (uint32_t at = of->copies; at != SOLVE_NONE; at = s->copies.items[at].next) {
        for (uint32_t i = 0; i < s->copies.items[at].n; i++) {
            uint32_t to = s->copies.items[at].to[i];
            assert_true(to < N_VARS && !is_copied[to]);
            is_copied[to] = true;
        }
    }
}

static void agrees_with_the_obvious(void **state)
{
    (void)state;
    uint32_t n_numerous = 0;
    for (uint64_t seed = 1; seed < 400; seed++) {
        bool held[N_VARS][N_OBJECTS] = {{false}};
        rule rules[N_RULES];
        solver s;
        make_rules(seed, rules);
        solve_obviously(rules, held);
        solve_fast(rules, seed, N_OBJECTS, &s);
        for (uint32_t var = 0; var < N_VARS; var++) {
            uint32_t n_held = 0;
            uint32_t n;
            const uint32_t *objects = rs_solve_objects(&s, var, &n);
            no_copy_stands_twice(&s, var);
            n_numerous += (s.vars.items[var].flags & SOLVE_NUMEROUS) != 0;
            for (uint32_t o = 0; o < N_OBJECTS; o++) {
                n_held += held[var][o];
            }
            UNIT_CHECK(n == n_held, "seed %d: variable %d", (int)seed, (int)var);
            for (uint32_t i = 0; i < n; i++) {
                UNIT_CHECK(held[var][objects[i]], "seed %d: variable %d", (int)seed, (int)var);
            }
        }
        rs_solve_release(&s);
    }
    assert_true(n_numerous > 0);
}

/* Whatever comes first: what is left out, and what stands for what, is the same. */
static void bounds_depend_on_no_order(void **state)
{
    (void)state;
    uint32_t n_full = 0;
    for (uint64_t seed = 1; seed < 200; seed++) {
        rule rules[N_RULES];
        solver s;
        solver other;
        make_rules(seed, rules);
        solve_fast(rules, 0, 6, &s);
        solve_fast(rules, seed, 6, &other);
        for (uint32_t var = 0; var < N_VARS; var++) {
            uint32_t n;
            uint32_t n_other;
            const uint32_t *objects = rs_solve_objects(&s, var, &n);
            const uint32_t *others = rs_solve_objects(&other, var, &n_other);
            UNIT_CHECK(n == n_other && n <= 6 && memcmp(objects, others, n * sizeof *objects) == 0,
                       "seed %d: variable %d", (int)seed, (int)var);
            n_full += (s.vars.items[var].flags & SOLVE_FULL) != 0;
        }
        rs_solve_release(&s);
        rs_solve_release(&other);
    }
    assert_true(n_full > 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(agrees_with_the_obvious),
    cmocka_unit_test(bounds_depend_on_no_order),
};

UNIT_TESTS(values_solve, tests)
