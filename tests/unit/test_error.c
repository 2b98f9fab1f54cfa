/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <errno.h>

#include "unit/unit.h"

static void a_refusal_is_one_line(void **state)
{
    (void)state;
    rs_error err = {0};
    assert_int_equal(rs_error_set(&err, RS_ERR_LIMIT, "%s of %d", "a text", 7), RS_ERR_LIMIT);
    assert_int_equal(err.status, RS_ERR_LIMIT);
    assert_string_equal(err.message, "a text of 7");
}

static void context_goes_before_the_cause(void **state)
{
    (void)state;
    rs_error err = {0};
    assert_int_equal(rs_error_set_errno(&err, ENOENT, "open %s", "a.py"), RS_ERR_IO);
    assert_int_equal(rs_error_prefix(&err, RS_ERR_IO, "read %s", "repo"), RS_ERR_IO);
    assert_string_equal(err.message, "read repo: open a.py: No such file or directory");
}

static void an_error_may_be_null(void **state)
{
    (void)state;
    assert_int_equal(rs_error_set(NULL, RS_ERR_NOMEM, "x"), RS_ERR_NOMEM);
    assert_int_equal(rs_error_prefix(NULL, RS_ERR_ENGINE, "x"), RS_ERR_ENGINE);
    assert_int_equal(rs_error_set_errno(NULL, EIO, "x"), RS_ERR_IO);
}

static void a_long_message_is_cut(void **state)
{
    (void)state;
    rs_error err = {0};
    char text[2 * RS_ERROR_TEXT_BYTES];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(rs_error_set(&err, RS_ERR_IO, "%s", text), RS_ERR_IO);
    assert_int_equal(strlen(err.message), RS_ERROR_TEXT_BYTES - 1);
    assert_int_equal(rs_error_prefix(&err, RS_ERR_IO, "%s", text), RS_ERR_IO);
    assert_int_equal(rs_error_set_errno(&err, EIO, "%s", text), RS_ERR_IO);
    assert_int_equal(strlen(err.message), RS_ERROR_TEXT_BYTES - 1);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_refusal_is_one_line),
    cmocka_unit_test(context_goes_before_the_cause),
    cmocka_unit_test(an_error_may_be_null),
    cmocka_unit_test(a_long_message_is_cut),
};

UNIT_TESTS(error, tests)
