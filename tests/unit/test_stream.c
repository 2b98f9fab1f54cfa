/* SPDX-License-Identifier: Apache-2.0 */
/* The gate of rows that come in their order: a key that stood before is kept out, whether keys rise or not. */
#include "graph/stream.h"

#include <stdlib.h>

#include "unit.h"

enum { N_FRAMES = 5, N_ROWS = RS_FRAME_ROWS };

static int64_t ids[N_FRAMES * N_ROWS]; /* 0: null */

static uint32_t next_random(void)
{
    static uint32_t state = 3;
    state = state * 1664525u + 1013904223u;
    return state >> 8;
}

/* Ids that rise, from `falls` on any of those before. */
static void make_ids(size_t falls)
{
    for (size_t i = 0; i < N_FRAMES * N_ROWS; i++) {
        ids[i] = i < falls ? (int64_t)(2 * i + 1) : (int64_t)(next_random() % (4 * falls + 9));
    }
}

static bool stood_before(size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (ids[i] == ids[at]) {
            return true;
        }
    }
    return false;
}

static void judge_frame(rs_stream_gate *gate, const rs_dataset *nodes, size_t first)
{
    static rs_str reasons[N_ROWS];
    rs_vector columns[RS_PLAN_MAX_COLUMNS];
    uint64_t validity[N_ROWS / 64] = {0};
    rs_error err = {0};
    size_t n_rows = 1 + next_random() % N_ROWS;
    n_rows = first + n_rows > N_FRAMES * N_ROWS ? 1 : n_rows;
    for (size_t i = 0; i < nodes->n_columns; i++) {
        columns[i] = (rs_vector){.form = RS_FORM_NULL, .type = nodes->columns[i].type};
    }
    for (size_t i = 0; i < N_ROWS; i++) {
        validity[i / 64] |= (uint64_t)(i >= n_rows || ids[first + i] != 0) << (i % 64);
    }
    columns[RS_C_nodes_node_id] = (rs_vector){
        .form = RS_FORM_FLAT, .type = RS_TYPE_I64, .values = ids + first, .validity = validity};
    const rs_frame frame = {.n_rows = n_rows, .columns = columns, .n_columns = nodes->n_columns};
    assert_int_equal(rs_stream_gate_judge(gate, &frame, reasons, &err), RS_OK);
    for (size_t i = 0; i < n_rows; i++) {
        const char *wanted = stood_before(first + i) ? RS_JUDGE_DUPLICATE : "";
        assert_true(rs_str_equal(reasons[i], rs_str_of(wanted)));
    }
    if (first + n_rows + N_ROWS < N_FRAMES * N_ROWS) {
        judge_frame(gate, nodes, first + n_rows);
    }
}

static void a_key_stands_once(void **state)
{
    (void)state;
    static const size_t falls[] = {0, 1, 700, N_ROWS, 3 * N_ROWS + 5, N_FRAMES * N_ROWS};
    const rs_dataset *nodes = rs_graph_dataset_get(RS_G_nodes);
    for (size_t i = 0; i < UNIT_COUNT(falls); i++) {
        const rs_group group = {.is_unique = false};
        rs_stream_gate *gate = NULL;
        rs_error err = {0};
        make_ids(falls[i]);
        assert_int_equal(rs_stream_gate_new(&group, nodes, &gate, &err), RS_OK);
        judge_frame(gate, nodes, 0);
        rs_stream_gate_free(gate);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_key_stands_once),
};

UNIT_TESTS(stream, tests)
