/* SPDX-License-Identifier: Apache-2.0 */
#include "schema/kernel.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* A row's lanes as an initialiser and their number. */
#define LANES_1(a)                                                                                 \
    {                                                                                              \
        RS_LANE_##a                                                                                \
    }
#define LANES_2(a, b)                                                                              \
    {                                                                                              \
        RS_LANE_##a, RS_LANE_##b                                                                   \
    }
#define LANES_3(a, b, c)                                                                           \
    {                                                                                              \
        RS_LANE_##a, RS_LANE_##b, RS_LANE_##c                                                      \
    }
#define LANES_OF(a, b, c, n, ...) LANES_##n
#define N_LANES_OF(a, b, c, n, ...) (n)
#define LANES_PICK(...) LANES_OF(__VA_ARGS__, 3, 2, 1, 0)
#define RS_LANES(...) LANES_PICK(__VA_ARGS__)(__VA_ARGS__), N_LANES_OF(__VA_ARGS__, 3, 2, 1, 0)
#define IS_ORDERED true
#define IS_UNORDERED false

/* clang-format off */
static const rs_kernel_info kernels[] = {
#define RS_KERNEL(name, version, n_inputs, sql, lanes, ordering, volatility, doc)                                 \
    {#name, version, n_inputs, lanes, IS_##ordering, RS_VOLATILITY_##volatility, doc},
#include "schema/kernels.def"
};
/* clang-format on */

/* clang-format off */
static const char *const lane_names[] = {
#define RS_LANE(name) [RS_LANE_##name] = #name,
#include "schema/lanes.def"
};
/* clang-format on */

static const char *const volatility_names[] = {
    [RS_VOLATILITY_IMMUTABLE] = "IMMUTABLE",
};

static const char *const mode_names[] = {
    [RS_ALIGN_EXACT] = "exact",
    [RS_ALIGN_CONTAINED_BEST] = "contained_best",
    [RS_ALIGN_OVERLAP_BEST] = "overlap_best",
    [RS_ALIGN_COVERING_SMALLEST] = "covering_smallest",
};

static const char *const strategy_names[] = {
    [RS_DEDUPE_KEEP_FIRST_AFTER_SORT] = "keep_first_after_sort",
    [RS_DEDUPE_KEEP_BEST_BY_SCORE] = "keep_best_by_score",
    [RS_DEDUPE_COLLAPSE_LIST] = "collapse_list",
};

const char *const rs_align_columns[RS_N_ALIGN_COLUMNS] = {
    "left_row", "right_row", "match_kind", "match_score", "match_rank",
};

static bool find(const char *const *names, size_t n_names, rs_str name, size_t *index)
{
    for (size_t i = 0; i < n_names; i++) {
        if (rs_str_equal(rs_str_of(names[i]), name)) {
            *index = i;
            return true;
        }
    }
    return false;
}

const rs_kernel_info *rs_kernel_get(rs_kernel_id id)
{
    return &kernels[id];
}

bool rs_kernel_find(rs_str name, rs_kernel_id *id)
{
    for (size_t i = 0; i < COUNT(kernels); i++) {
        if (rs_str_equal(rs_str_of(kernels[i].name), name)) {
            *id = (rs_kernel_id)i;
            return true;
        }
    }
    return false;
}

const char *rs_lane_name(rs_lane lane)
{
    return lane_names[lane];
}

const char *rs_volatility_name(rs_volatility volatility)
{
    return volatility_names[volatility];
}

const char *rs_align_mode_name(rs_align_mode mode)
{
    return mode_names[mode];
}

bool rs_align_mode_find(rs_str name, rs_align_mode *mode)
{
    size_t index = 0;
    bool is_found = find(mode_names, COUNT(mode_names), name, &index);
    *mode = (rs_align_mode)index;
    return is_found;
}

const char *rs_dedupe_strategy_name(rs_dedupe_strategy strategy)
{
    return strategy_names[strategy];
}

bool rs_dedupe_strategy_find(rs_str name, rs_dedupe_strategy *strategy)
{
    size_t index = 0;
    bool is_found = find(strategy_names, COUNT(strategy_names), name, &index);
    *strategy = (rs_dedupe_strategy)index;
    return is_found;
}

rs_lane rs_kernel_cheapest_lane(const rs_kernel_call *call)
{
    if (call->kernel == RS_KERNEL_interval_align &&
        call->as.interval_align.mode != RS_ALIGN_EXACT) {
        return RS_LANE_ARROW_FALLBACK;
    }
    return kernels[call->kernel].lanes[0];
}
