/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that a run writes about itself: values, nulls, lists and maps; memory that runs out. */
#include "bundle/records.h"

#include "unit/unit.h"

static rs_status fill(rs_records **records, rs_error *err)
{
    RS_TRY(rs_records_new(rs_record_dataset_get(RS_R_rule_exec_events), records, err));
    rs_records *rows = *records;
    rs_records_text(rows, RS_C_rule_exec_events_rule_name, "a");
    rs_records_text(rows, RS_C_rule_exec_events_output_dataset, "x");
    rs_records_i64(rows, RS_C_rule_exec_events_rows_out, 3);
    rs_records_f64(rows, RS_C_rule_exec_events_duration_ms, 0.5);
    rs_records_text(rows, RS_C_rule_exec_events_lane, NULL);
    rs_records_f64_pair(rows, RS_C_rule_exec_events_timing_ms, "execute", 0.25);
    rs_records_pair(rows, RS_C_rule_exec_events_metadata, "k", "v");
    rs_records_pair(rows, RS_C_rule_exec_events_metadata, "none", NULL);
    rs_records_end(rows);
    rs_records_text(rows, RS_C_rule_exec_events_rule_name, "b");
    rs_records_text(rows, RS_C_rule_exec_events_output_dataset, "y");
    rs_records_begin(rows, RS_C_rule_exec_events_metadata);
    rs_records_end(rows);
    return RS_OK;
}

static rs_status write(const char *path, rs_buf *text, rs_error *err)
{
    rs_records *records = NULL;
    json_t *rows = NULL;
    rs_status status = fill(&records, err);
    if (status == RS_OK && path != NULL) {
        status = rs_records_write_arrow(records, path, err);
    }
    if (status == RS_OK) {
        status = rs_records_document(records, &rows, err);
    }
    if (status == RS_OK) {
        status = rs_json_print_compact(rows, text, err);
    }
    json_decref(rows);
    rs_records_free(records);
    return status;
}

static const char wanted[] =
    "[{\"duration_ms\":0.5,\"metadata\":{\"k\":\"v\"},\"output_dataset\":\"x\",\"rows_out\":3,"
    "\"rule_name\":\"a\",\"timing_ms\":{\"execute\":0.25}},"
    "{\"metadata\":{},\"output_dataset\":\"y\",\"rule_name\":\"b\"}]";

static void rows_are_what_was_said(void **state)
{
    (void)state;
    rs_error err = {0};
    rs_buf text = {0};
    rs_status status = write("/dev/null", &text, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    assert_string_equal(rs_buf_text(&text), wanted);
    rs_buf_release(&text);
}

static rs_status write_once(void *context)
{
    (void)context;
    rs_error err = {0};
    rs_buf text = {0};
    rs_status status = write(NULL, &text, &err); /* flatcc does not survive what follows Arrow */
    rs_buf_release(&text);
    return status;
}

static void memory_may_run_out(void **state)
{
    (void)state;
    UNIT_SWEEP(write_once, NULL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(rows_are_what_was_said),
    cmocka_unit_test(memory_may_run_out),
};

UNIT_TESTS(records, tests)
