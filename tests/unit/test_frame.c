/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors of a frame: every form, every type, values and nulls where they stand. */
#include "schema/frame.h"

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

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_forms),
    cmocka_unit_test(test_types),
    cmocka_unit_test(test_batch),
};

UNIT_TESTS(frame, tests)
