/* SPDX-License-Identifier: Apache-2.0 */
/* kernel.h - the kernel registry, and how a kernel is asked for.
 *
 * A call is a plain struct that both lanes take: plan/kernel_sql.h writes it as SQL,
 * kernels/kernels.h runs it over Arrow arrays. Both give the same rows in the same order
 * (docs/kernels.md). All names and arrays of a call are borrowed.
 *
 * Orders. A total order is the listed terms, then every remaining column of the input from left to
 * right, ascending with nulls last. Rows that are equal in all of them are interchangeable.
 *
 * Values. Numbers by value; NaN is equal to itself and above all numbers, zeros are equal; false
 * before true; text by bytes; a word of a set by its number; lists by elements from the left, a
 * null element above all others, a prefix first. Nulls form one group. In a descending
 * term all of it is reversed, but where nulls stand: that the term says.
 *
 * Threads: read-only, any thread.
 */
#ifndef RS_SCHEMA_KERNEL_H
#define RS_SCHEMA_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* --- registry --- */

/* clang-format off */
/* RS_KERNEL_stable_id, ... */
typedef enum rs_kernel_id {
#define RS_KERNEL(name, version, n_inputs, sql, lanes, ordering, volatility, doc) RS_KERNEL_##name,
#include "schema/kernels.def"
    RS_N_KERNELS
} rs_kernel_id;
/* clang-format on */

/* clang-format off */
/* RS_LANE_BUILTIN, ...: also the number of the word in the set kernel_lane. */
typedef enum rs_lane {
#define RS_LANE(name) RS_LANE_##name,
#include "schema/lanes.def"
    RS_N_LANES
} rs_lane;
/* clang-format on */

typedef enum rs_volatility { RS_VOLATILITY_IMMUTABLE, RS_N_VOLATILITIES } rs_volatility;

typedef struct rs_kernel_info {
    const char *name;
    int version;
    size_t n_inputs;           /* tables */
    rs_lane lanes[RS_N_LANES]; /* best first */
    size_t n_lanes;
    bool requires_ordering;
    rs_volatility volatility;
    const char *doc;
} rs_kernel_info;

const rs_kernel_info *rs_kernel_get(rs_kernel_id id);
/* By name; false when there is none. */
bool rs_kernel_find(rs_str name, rs_kernel_id *id);

const char *rs_lane_name(rs_lane lane);                   /* "BUILTIN", ... */
const char *rs_volatility_name(rs_volatility volatility); /* "IMMUTABLE" */

/* --- calls --- */

typedef struct rs_names {
    const char *const *items;
    size_t n_items;
} rs_names;

/* All-zero but for the column: ascending, nulls last. */
typedef struct rs_order_term {
    const char *column;
    bool descending;
    bool nulls_first;
} rs_order_term;

typedef struct rs_order {
    const rs_order_term *terms;
    size_t n_terms;
    bool is_total; /* no two rows of a key are alike in the terms: no column behind them counts */
} rs_order;

/* Lanes as a set, a bit each. */
#define RS_LANE_BIT(lane) (1u << (unsigned)(lane))

/*
 * The input with one BIGINT column behind it: stable_id(tag, columns...) of base/hash.h.
 * Columns of numbers without a fraction, of text and of words; a null is a part of its own.
 */
typedef struct rs_stable_id_call {
    const char *tag;
    rs_names columns;
    const char *output; /* name of the new column */
} rs_stable_id_call;

/* How intervals l of the left and r of the right meet; both are [start, end). */
typedef enum rs_align_mode {
    RS_ALIGN_EXACT,             /* r.start = l.start and r.end = l.end */
    RS_ALIGN_CONTAINED_BEST,    /* r lies in l: r.start >= l.start and r.end <= l.end */
    RS_ALIGN_OVERLAP_BEST,      /* r.start < l.end and r.end > l.start */
    RS_ALIGN_COVERING_SMALLEST, /* l lies in r: r.start <= l.start and r.end >= l.end */
    RS_N_ALIGN_MODES
} rs_align_mode;

/* "exact", "contained_best", "overlap_best", "covering_smallest". */
const char *rs_align_mode_name(rs_align_mode mode);
bool rs_align_mode_find(rs_str name, rs_align_mode *mode);

/* Columns of one side. */
typedef struct rs_align_side {
    const char *row;   /* BIGINT, never null, no value twice: what the result calls the row by */
    const char *start; /* INTEGER or BIGINT */
    const char *end;   /* the same */
    rs_names keys;     /* whole numbers, booleans, text or words; as many on both sides, equal
                          in pairs; may be none */
} rs_align_side;

typedef enum rs_align_keep {
    RS_ALIGN_KEEP_BEST, /* one pair for a left row */
    RS_ALIGN_KEEP_ALL   /* every pair, ranked */
} rs_align_keep;

/*
 * Pairs of rows, ordered by left_row, then match_rank:
 *
 *   left_row BIGINT      row of the left
 *   right_row BIGINT     row of the right; null without a match
 *   match_kind VARCHAR   EXACT, CONTAINED_BEST, OVERLAP_BEST or COVERING_SMALLEST; NO_MATCH; or
 *                        NO_KEY_OR_SPAN: a key or the span is null, or not 0 <= start <= end
 *   match_score DOUBLE   the higher the better; null without a match
 *   match_rank INTEGER   from 1 among the left row's pairs; null without a match
 *
 * The score is the number of bytes in common for overlap_best, and otherwise minus the length of
 * the right interval. Pairs of a left row rank by score (highest first), length of the right
 * interval (shortest first), its start (lowest first), the ties, the right row (lowest first).
 * A null key matches nothing, nor does an interval without 0 <= start <= end. An empty one lies
 * where it stands: it can be contained and, strictly inside the other, overlap.
 */
typedef struct rs_interval_align_call {
    rs_align_side left;
    rs_align_side right;
    rs_align_mode mode;
    rs_align_keep keep;
    bool keep_unmatched; /* how: left; rows of the left without a match stay, once */
    rs_order ties;       /* columns of the right; only what is listed counts */
} rs_interval_align_call;

/* The columns of the result, in order. */
enum { RS_N_ALIGN_COLUMNS = 5 };
extern const char *const rs_align_columns[RS_N_ALIGN_COLUMNS];

/*
 * The first row of each group of equal keys in the total order; groups ordered by keys,
 * ascending with nulls last. Neither keys nor order may be empty.
 */
typedef struct rs_winner_select_call {
    rs_names keys;
    rs_order order;
} rs_winner_select_call;

typedef enum rs_dedupe_strategy {
    RS_DEDUPE_KEEP_FIRST_AFTER_SORT, /* winner_select, where the order may be empty */
    RS_DEDUPE_KEEP_BEST_BY_SCORE,    /* the same with "score desc, nulls last" before the order */
    RS_DEDUPE_COLLAPSE_LIST,         /* columns that are no key become lists, in the total order */
    RS_N_DEDUPE_STRATEGIES
} rs_dedupe_strategy;

/* "keep_first_after_sort", "keep_best_by_score", "collapse_list". */
const char *rs_dedupe_strategy_name(rs_dedupe_strategy strategy);
bool rs_dedupe_strategy_find(rs_str name, rs_dedupe_strategy *strategy);

/* One row for each group of equal keys, groups ordered as in winner_select. */
typedef struct rs_dedupe_call {
    rs_names keys; /* not empty */
    rs_dedupe_strategy strategy;
    const char *score; /* for KEEP_BEST_BY_SCORE, else NULL */
    rs_order order;
    bool is_set; /* the rows are a set, which another kernel sorts: SQL leaves them as they come */
} rs_dedupe_call;

/* The rows in the total order. */
typedef struct rs_canonical_sort_call {
    rs_order order;
} rs_canonical_sort_call;

/*
 * The rows in their order, each once for every element of its list: the input's columns with the
 * element in the list's place, and the position behind them (INTEGER, from 0).
 */
typedef struct rs_explode_list_call {
    const char *list;     /* column of lists */
    const char *element;  /* name of the elements' column; may be the list's */
    const char *position; /* name of the positions' column */
    bool keep_empty; /* a null or empty list gives one row, element and position null; else none */
} rs_explode_list_call;

/*
 * The input's columns with one of text behind them: why a row is kept out, null for a good one. It is
 * RS_JUDGE_NULL and the name of the first of the required columns that is null in it; else
 * RS_JUDGE_OUTSIDE and the name of the first of the shares that is a number outside of 0 .. 1; else
 * RS_JUDGE_DUPLICATE where another row that lacks nothing has the same keys and stands before it in the
 * total order. The rows are a set: in C they stay in their order, in SQL they have none.
 */
typedef struct rs_judge_call {
    rs_names required;
    rs_names shares; /* columns of fractions; a null lies nowhere */
    rs_names keys;   /* none: no row is a duplicate */
    rs_order order;
    bool has_few;       /* keys that stand twice are few: SQL sorts them alone */
    const char *reason; /* name of the new column */
} rs_judge_call;

#define RS_JUDGE_NULL "null:"
#define RS_JUDGE_OUTSIDE "outside:"
#define RS_JUDGE_DUPLICATE "duplicate"

/* A call of any kernel. */
typedef struct rs_kernel_call {
    rs_kernel_id kernel;
    union {
#define RS_KERNEL(name, version, n_inputs, sql, lanes, ordering, volatility, doc)                  \
    rs_##name##_call name;
#include "schema/kernels.def"
    } as;
} rs_kernel_call;

/*
 * The lane that costs a call least with DuckDB, where all are allowed (bench/lanes.c): the
 * kernel's first, but for an interval_align that is not exact, where the engine makes every pair
 * before it chooses.
 */
rs_lane rs_kernel_cheapest_lane(const rs_kernel_call *call);

#endif
