/* SPDX-License-Identifier: Apache-2.0 */
#include "schema/kernel.h"
#include "schema/schema.h"

#include "unit/unit.h"

/* Every kernel is found by its name, says what it does, and can run without an engine. */
static void kernels_are_complete(void **state)
{
    (void)state;
    for (int i = 0; i < RS_N_KERNELS; i++) {
        const rs_kernel_info *kernel = rs_kernel_get((rs_kernel_id)i);
        rs_kernel_id id = RS_N_KERNELS;
        assert_true(rs_kernel_find(rs_str_of(kernel->name), &id));
        assert_int_equal(id, i);
        UNIT_CHECK(kernel->version > 0 && kernel->doc[0] != '\0', "%s", kernel->name);
        UNIT_CHECK(kernel->n_lanes > 1 && kernel->n_lanes <= RS_N_LANES, "%s", kernel->name);
        bool is_in_c = kernel->lanes[kernel->n_lanes - 1] == RS_LANE_ARROW_FALLBACK;
        UNIT_CHECK(is_in_c == (i != RS_KERNEL_stable_id), "%s", kernel->name);
        assert_string_equal(rs_volatility_name(kernel->volatility), "IMMUTABLE");
    }
    rs_kernel_id id = RS_N_KERNELS;
    assert_false(rs_kernel_find(rs_str_of("winner"), &id));
    assert_true(rs_kernel_get(RS_KERNEL_interval_align)->requires_ordering);
    assert_int_equal(rs_kernel_get(RS_KERNEL_stable_id)->lanes[0], RS_LANE_DF_UDF);
}

static void words_are_found(void **state)
{
    (void)state;
    const rs_words *lanes = rs_words_find("kernel_lane");
    assert_int_equal(lanes->n_words, RS_N_LANES);
    for (int i = 0; i < RS_N_LANES; i++) {
        assert_string_equal(rs_lane_name((rs_lane)i), lanes->words[i]);
    }
    for (int i = 0; i < RS_N_ALIGN_MODES; i++) {
        rs_align_mode mode = RS_N_ALIGN_MODES;
        assert_true(rs_align_mode_find(rs_str_of(rs_align_mode_name((rs_align_mode)i)), &mode));
        assert_int_equal(mode, i);
    }
    for (int i = 0; i < RS_N_DEDUPE_STRATEGIES; i++) {
        const char *name = rs_dedupe_strategy_name((rs_dedupe_strategy)i);
        rs_dedupe_strategy strategy = RS_N_DEDUPE_STRATEGIES;
        assert_true(rs_dedupe_strategy_find(rs_str_of(name), &strategy));
        assert_int_equal(strategy, i);
    }
    rs_align_mode mode = RS_N_ALIGN_MODES;
    assert_false(rs_align_mode_find(rs_str_of("best"), &mode));
}

static void cheapest_lanes_are_those_measured(void **state)
{
    (void)state;
    for (int i = 0; i < RS_N_KERNELS; i++) {
        rs_kernel_call call = {.kernel = (rs_kernel_id)i};
        assert_int_equal(rs_kernel_cheapest_lane(&call), rs_kernel_get(call.kernel)->lanes[0]);
    }
    rs_kernel_call call = {.kernel = RS_KERNEL_interval_align,
                           .as.interval_align = {.mode = RS_ALIGN_COVERING_SMALLEST}};
    assert_int_equal(rs_kernel_cheapest_lane(&call), RS_LANE_ARROW_FALLBACK);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(kernels_are_complete),
    cmocka_unit_test(words_are_found),
    cmocka_unit_test(cheapest_lanes_are_those_measured),
};

UNIT_TESTS(kernel_registry, tests)
