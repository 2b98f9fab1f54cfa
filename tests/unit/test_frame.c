/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors of a frame: every form, every type, values and nulls where they stand. */
#include "schema/frame.h"

#include "unit/parts.h"
#include "unit/unit.h"

static void test_forms(void **state)
{
    (void)state;
    const int64_t numbers[] = {7, 8, 9};
    const uint64_t validity[] = {5u << 2}; /* the second of three from bit 2 is null */
    const rs_vector flat = {.form = RS_FORM_FLAT,
                            .type = RS_TYPE_I64,
                            .values = numbers,
                            .validity = validity,
                            .first_bit = 2};
    const rs_vector constant = {
        .form = RS_FORM_CONSTANT, .type = RS_TYPE_I64, .values = &numbers[2]};
    const rs_vector none = {.form = RS_FORM_NULL, .type = RS_TYPE_I64};
    assert_false(rs_vector_is_null(&flat, 0));
    assert_true(rs_vector_is_null(&flat, 1));
    assert_false(rs_vector_is_null(&flat, 2));
    assert_int_equal(rs_vector_i64(&flat, 2), 9);
    assert_false(rs_vector_is_null(&constant, 1000));
    assert_int_equal(rs_vector_i64(&constant, 1000), 9);
    assert_true(rs_vector_is_null(&none, 0));
}

static void test_types(void **state)
{
    (void)state;
    const uint8_t words[] = {RS_W_context_DEL, RS_ENUM_NULL};
    const float floats[] = {0.5f};
    const double doubles[] = {0.25};
    const int32_t small[] = {-3};
    const rs_vector word = {.form = RS_FORM_FLAT,
                            .type = RS_TYPE_ENUM,
                            .values = words,
                            .words = rs_words_find("context")};
    assert_true(rs_str_equal(rs_vector_text(&word, 0), rs_str_of("DEL")));
    assert_int_equal(rs_vector_i64(&word, 0), RS_W_context_DEL);
    assert_true(rs_vector_is_null(&word, 1));
    const rs_vector f32 = {.form = RS_FORM_FLAT, .type = RS_TYPE_F32, .values = floats};
    const rs_vector f64 = {.form = RS_FORM_FLAT, .type = RS_TYPE_F64, .values = doubles};
    const rs_vector i32 = {.form = RS_FORM_FLAT, .type = RS_TYPE_I32, .values = small};
    assert_true(rs_vector_f64(&f32, 0) > 0.49 && rs_vector_f64(&f32, 0) < 0.51);
    assert_true(rs_vector_f64(&f64, 0) > 0.24 && rs_vector_f64(&f64, 0) < 0.26);
    assert_int_equal(rs_vector_i64(&i32, 0), -3);
}

/* Rows in the middle of a batch, with texts of its part and a null in a bitmap. */
static void test_batch(void **state)
{
    (void)state;
    rs_part part = {0};
    rs_error err = {0};
    assert_int_equal(rs_part_init(&part, &err), RS_OK);
    rs_batch *files = &part.batches[RS_DS_repo_files];
    assert_int_equal(rs_batch_reserve(files, 3, &err), RS_OK);
    for (size_t i = 0; i < 3; i++) {
        files->columns[RS_C_repo_files_file_id].values.i64[i] = (int64_t)i + 10;
        files->columns[RS_C_repo_files_path].values.str[i] =
            i == 1 ? RS_STR_NULL : rs_strings_add(&part.strings, rs_str_of(i == 0 ? "a" : "c"));
    }
    files->n_rows = 3;
    assert_int_equal(rs_batch_set_null(files, RS_C_repo_files_file_id, 2, &err), RS_OK);
    const rs_vector id = rs_vector_of_batch(files, RS_C_repo_files_file_id, 1, &part.strings);
    const rs_vector path = rs_vector_of_batch(files, RS_C_repo_files_path, 1, &part.strings);
    assert_int_equal(rs_vector_i64(&id, 0), 11);
    assert_true(rs_vector_is_null(&id, 1));
    assert_true(rs_vector_is_null(&path, 0));
    assert_true(rs_str_equal(rs_vector_text(&path, 1), rs_str_of("c")));
    rs_part_release(&part);
}

/* What is kept of a part has its values, and its texts other numbers; of the rest the number of rows is left. */
static void test_kept_columns(void **state)
{
    (void)state;
    rs_part part;
    rs_error err = {0};
    uint64_t columns[RS_N_EVIDENCE] = {0};
    assert_int_equal(rs_part_init(&part, &err), RS_OK);
    for (int i = 0; i < 3; i++) {
        parts_add(&part, "calls", "call_id=1:4|callee_text=first|callee_shape=NAME");
        parts_add(&part, "calls", "call_id=1:5|callee_shape=NAME");
        parts_add(&part, "type_exprs", "type_expr_id=1:7|text=second");
        rs_part_trim(&part); /* rows may come behind it */
    }
    columns[RS_DS_type_exprs] = UINT64_C(1) << RS_C_type_exprs_text;
    columns[RS_DS_calls] = UINT64_C(1) << RS_C_calls_call_id;
    assert_int_equal(rs_part_keep(&part, columns, &err), RS_OK);
    const rs_batch *calls = &part.batches[RS_DS_calls];
    const rs_batch *types = &part.batches[RS_DS_type_exprs];
    assert_int_equal(calls->n_rows, 6);
    assert_int_equal(calls->columns[RS_C_calls_call_id].values.i64[3], rs_entity_id(1, 5));
    assert_null(calls->columns[RS_C_calls_callee_text].values.data);
    assert_int_equal(types->n_rows, 3);
    assert_null(types->columns[RS_C_type_exprs_damaged].values.data);
    for (size_t i = 0; i < 3; i++) {
        rs_str text =
            rs_strings_text(&part.strings, types->columns[RS_C_type_exprs_text].values.str[i]);
        assert_true(rs_str_equal(text, rs_str_of("second")));
    }
    assert_int_equal(part.strings.n_items, 1);
    rs_part_release(&part);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_forms),
    cmocka_unit_test(test_types),
    cmocka_unit_test(test_batch),
    cmocka_unit_test(test_kept_columns),
};

UNIT_TESTS(frame, tests)
