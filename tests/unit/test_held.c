/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that are held, and what passes a relationship's gate, against the plainest way to say it. */
#include <stdlib.h>
#include <string.h>

#include "graph/gated.h"
#include "plan/plan.h"
#include "unit.h"

enum { N_ROWS = 5000 }; /* more than a frame, and than the first room */

static const rs_column columns[] = {
    {.name = "id", .type = RS_TYPE_I64, .required = true, .source = "", .doc = "d"},
    {.name = "name", .type = RS_TYPE_STR, .required = true, .source = "", .doc = "d"},
    {.name = "place", .type = RS_TYPE_I32, .source = "", .doc = "d"},
    {.name = "method", .type = RS_TYPE_STR, .source = "", .doc = "d"},
    {.name = "confidence", .type = RS_TYPE_F32, .required = true, .source = "", .doc = "d"},
    {.name = "score", .type = RS_TYPE_F32, .source = "", .doc = "d"},
    {.name = "ambiguity_group_id", .type = RS_TYPE_I64, .source = "", .doc = "d"},
    {.name = "rule_name", .type = RS_TYPE_STR, .required = true, .source = "", .doc = "d"},
    {.name = "rule_priority", .type = RS_TYPE_I32, .required = true, .source = "", .doc = "d"},
    {.name = "damaged", .type = RS_TYPE_BOOL, .required = true, .source = "", .doc = "d"},
};
enum { ID, NAME, PLACE, METHOD, CONFIDENCE, SCORE, GROUP, RULE, PRIORITY, DAMAGED, N_COLUMNS };

static const rs_dataset dataset = {.name = "rel_test",
                                   .version = 1,
                                   .lens = "relationship",
                                   .key = "id, name",
                                   .doc = "d",
                                   .columns = columns,
                                   .n_columns = N_COLUMNS};
static const rs_contract contract = {
    .dataset = &dataset,
    .group = &columns[ID],
    .sort = {{.column = &columns[ID]}, {.column = &columns[NAME], .is_descending = true}},
    .n_sort = 2};

/* A row as it was made; 0 is null for score and place. */
typedef struct row {
    int64_t id;
    const char *name; /* NULL: null */
    int32_t place;
    float score;
    float confidence;
    int32_t priority;
    uint32_t n_origins;
    bool is_null_id;
} row;

static row rows[N_ROWS];

static uint32_t next_random(void)
{
    static uint32_t state = 7;
    state = state * 1664525u + 1013904223u;
    return state >> 8;
}

static void make_rows(void)
{
    static const char *const names[] = {"a", "b", "ab", "", "z\xc3\xa9", NULL};
    for (size_t i = 0; i < N_ROWS; i++) {
        rows[i] = (row){.id = (int64_t)(next_random() % 900),
                        .name = names[next_random() % 40 == 0 ? 5 : next_random() % 5],
                        .place = (int32_t)(next_random() % 3),
                        .score = (float)(next_random() % 3),
                        .confidence = (float)(next_random() % 4) / 4,
                        .priority = (int32_t)(next_random() % 2),
                        .n_origins = next_random() % 3,
                        .is_null_id = next_random() % 50 == 0};
    }
}

/* One frame of some rows: flat columns, constants and nulls. */
typedef struct frame_room {
    int64_t ids[RS_FRAME_ROWS];
    uint32_t names[RS_FRAME_ROWS];
    int32_t places[RS_FRAME_ROWS];
    float scores[RS_FRAME_ROWS];
    float confidences[RS_FRAME_ROWS];
    int32_t priorities[RS_FRAME_ROWS];
    uint64_t has_id[RS_FRAME_ROWS / 64];
    uint64_t has_place[RS_FRAME_ROWS / 64];
    uint64_t has_score[RS_FRAME_ROWS / 64];
    uint32_t ends[RS_FRAME_ROWS];
    rs_origin origins[3 * RS_FRAME_ROWS];
    rs_strings strings;
    uint32_t rule;
    uint8_t damaged;
    rs_vector vectors[N_COLUMNS];
} frame_room;

static rs_vector flat(rs_type type, const void *values, const uint64_t *validity)
{
    return (rs_vector){.form = RS_FORM_FLAT, .type = type, .values = values, .validity = validity};
}

static void set_bit(uint64_t *bits, size_t at, bool value)
{
    bits[at / 64] |= (uint64_t)value << (at % 64);
}

static void fill_row(frame_room *room, size_t at, const row *from, uint32_t *n_origins)
{
    room->ids[at] = from->is_null_id ? 0 : from->id;
    set_bit(room->has_id, at, !from->is_null_id);
    room->names[at] =
        from->name == NULL ? RS_STR_NULL : rs_strings_add(&room->strings, rs_str_of(from->name));
    room->places[at] = from->place;
    set_bit(room->has_place, at, from->place != 0);
    room->scores[at] = from->score;
    set_bit(room->has_score, at, from->score > 0);
    room->confidences[at] = from->confidence;
    room->priorities[at] = from->priority;
    for (uint32_t i = 0; i < from->n_origins; i++) {
        room->origins[(*n_origins)++] = (rs_origin){1, from->id * 10 + i};
    }
    room->ends[at] = *n_origins;
}

static void hold_rows(rs_held *held, size_t first, size_t n)
{
    frame_room *room = calloc(1, sizeof *room);
    uint32_t n_origins = 0;
    rs_error err = {0};
    assert_non_null(room);
    for (size_t i = 0; i < n; i++) {
        fill_row(room, i, &rows[first + i], &n_origins);
    }
    room->rule = rs_strings_add(&room->strings, RS_STR_LITERAL("rule"));
    room->vectors[ID] = flat(RS_TYPE_I64, room->ids, room->has_id);
    room->vectors[NAME] = flat(RS_TYPE_STR, room->names, NULL);
    room->vectors[NAME].strings = &room->strings;
    room->vectors[PLACE] = flat(RS_TYPE_I32, room->places, room->has_place);
    room->vectors[METHOD] = (rs_vector){.form = RS_FORM_NULL, .type = RS_TYPE_STR};
    room->vectors[CONFIDENCE] = flat(RS_TYPE_F32, room->confidences, NULL);
    room->vectors[SCORE] = flat(RS_TYPE_F32, room->scores, room->has_score);
    room->vectors[GROUP] = (rs_vector){.form = RS_FORM_NULL, .type = RS_TYPE_I64};
    room->vectors[RULE] = (rs_vector){.form = RS_FORM_CONSTANT,
                                      .type = RS_TYPE_STR,
                                      .values = &room->rule,
                                      .strings = &room->strings};
    room->vectors[PRIORITY] = flat(RS_TYPE_I32, room->priorities, NULL);
    room->vectors[DAMAGED] =
        (rs_vector){.form = RS_FORM_CONSTANT, .type = RS_TYPE_BOOL, .values = &room->damaged};
    const rs_lineage lineage = {room->origins, room->ends};
    const rs_frame frame = {
        .n_rows = n, .columns = room->vectors, .n_columns = N_COLUMNS, .lineage = &lineage};
    assert_int_equal(rs_held_add(held, &frame, &err), RS_OK);
    rs_strings_release(&room->strings);
    free(room);
}

static void hold_all(rs_held *held, size_t n_rows)
{
    for (size_t first = 0; first < n_rows; first += RS_FRAME_ROWS) {
        hold_rows(held, first, n_rows - first < RS_FRAME_ROWS ? n_rows - first : RS_FRAME_ROWS);
    }
}

/* A held row is one of those that were made. */
static void check_row(const rs_held *held, uint32_t at, const row *wanted)
{
    const rs_batch_column *of = held->batch.columns;
    uint32_t first = at > 0 ? held->ends[at - 1] : 0;
    assert_int_equal(rs_held_is_null(held, ID, at), wanted->is_null_id);
    if (!wanted->is_null_id) {
        assert_int_equal(of[ID].values.i64[at], wanted->id);
    }
    assert_int_equal(rs_held_is_null(held, NAME, at), wanted->name == NULL);
    if (wanted->name != NULL) {
        rs_str name = held->strings.items[of[NAME].values.str[at]];
        assert_true(rs_str_equal(name, rs_str_of(wanted->name)));
    }
    assert_int_equal(rs_held_is_null(held, PLACE, at), wanted->place == 0);
    assert_int_equal(rs_held_is_null(held, SCORE, at), !(wanted->score > 0));
    assert_true(rs_held_is_null(held, METHOD, at));
    assert_false(rs_held_is_null(held, RULE, at));
    assert_int_equal(held->ends[at] - first, wanted->n_origins);
    for (uint32_t i = 0; i < wanted->n_origins; i++) {
        assert_int_equal(held->origins[first + i].id, wanted->id * 10 + i);
    }
}

static rs_status count_rows(void *context, const rs_frame *frame, rs_error *err)
{
    size_t *n_rows = context;
    (void)err;
    for (size_t i = 0; i < frame->n_rows; i++) {
        const row *wanted = &rows[*n_rows + i];
        size_t first = i > 0 ? frame->lineage->ends[i - 1] : 0;
        assert_int_equal(rs_vector_is_null(&frame->columns[ID], i), wanted->is_null_id);
        assert_int_equal(frame->lineage->ends[i] - first, wanted->n_origins);
        if (wanted->n_origins > 0) {
            assert_int_equal(frame->lineage->origins[first].id, wanted->id * 10);
        }
    }
    *n_rows += frame->n_rows;
    return RS_OK;
}

static void frames_are_held_and_given_back(void **state)
{
    (void)state;
    rs_held held;
    rs_error err = {0};
    size_t n_rows = 0;
    const rs_sink sink = {.push = count_rows, .context = &n_rows};
    make_rows();
    assert_int_equal(rs_held_open(&held, &dataset, &err), RS_OK);
    hold_all(&held, N_ROWS);
    for (uint32_t i = 0; i < N_ROWS; i++) {
        check_row(&held, i, &rows[i]);
    }
    assert_int_equal(rs_held_push(&held, &sink, &err), RS_OK);
    assert_int_equal(n_rows, N_ROWS);
    rs_held_cut(&held, 100); /* what comes behind has no nulls of those before */
    hold_rows(&held, 200, 50);
    assert_int_equal(held.batch.n_rows, 150);
    for (uint32_t i = 0; i < 150; i++) {
        check_row(&held, i, &rows[i < 100 ? i : i + 100]);
    }
    rs_held_close(&held);
}

/* --- the gate --- */

static bool lacks(const row *of)
{
    return of->is_null_id || of->name == NULL;
}

/* Is row a better than b, with the same key? */
static bool is_better(size_t a, size_t b)
{
    const row *left = &rows[a];
    const row *right = &rows[b];
    if (left->score < right->score || left->score > right->score) {
        return left->score > right->score; /* none is 0, and last */
    }
    if (left->confidence < right->confidence || left->confidence > right->confidence) {
        return left->confidence > right->confidence;
    }
    return left->priority != right->priority ? left->priority < right->priority : a < b;
}

static const char *reason_of(size_t at, size_t n_rows)
{
    if (lacks(&rows[at])) {
        return rows[at].is_null_id ? "null:id" : "null:name";
    }
    for (size_t i = 0; i < n_rows; i++) {
        if (i != at && !lacks(&rows[i]) && rows[i].id == rows[at].id &&
            strcmp(rows[i].name, rows[at].name) == 0 && is_better(i, at)) {
            return "duplicate";
        }
    }
    return NULL;
}

static int by_contract(const void *a, const void *b)
{
    const row *left = *(const row *const *)a;
    const row *right = *(const row *const *)b;
    if (left->id != right->id) {
        return left->id < right->id ? -1 : 1;
    }
    return -strcmp(left->name, right->name);
}

static void check_gated(const rs_gated *gated, size_t n_rows)
{
    const row *good[N_ROWS];
    size_t n_good = 0;
    uint32_t n_rejects = 0;
    for (size_t i = 0; i < n_rows; i++) {
        const char *reason = reason_of(i, n_rows);
        if (reason == NULL) {
            good[n_good++] = &rows[i];
            continue;
        }
        check_row(&gated->rejects, n_rejects, &rows[i]);
        assert_true(rs_str_equal(gated->reasons[n_rejects], rs_str_of(reason)));
        n_rejects++;
    }
    qsort((void *)good, n_good, sizeof good[0], by_contract);
    assert_int_equal(gated->good.batch.n_rows, n_good);
    assert_int_equal(gated->rejects.batch.n_rows, n_rejects);
    for (uint32_t i = 0; i < n_good; i++) {
        bool is_alone = (i == 0 || good[i - 1]->id != good[i]->id) &&
                        (i + 1 == n_good || good[i + 1]->id != good[i]->id);
        check_row(&gated->good, i, good[i]);
        assert_int_equal(rs_held_is_null(&gated->good, GROUP, i), is_alone);
        assert_true(is_alone || gated->good.batch.columns[GROUP].values.i64[i] == good[i]->id);
    }
}

static void the_gate_keeps_the_best(void **state)
{
    (void)state;
    for (size_t n_rows = 0; n_rows <= N_ROWS; n_rows = n_rows * 7 + 1) {
        rs_gated gated;
        rs_error err = {0};
        make_rows();
        assert_int_equal(rs_gated_open(&gated, &dataset, &err), RS_OK);
        hold_all(&gated.good, n_rows);
        assert_int_equal(rs_gated_judge(&gated, &contract, &err), RS_OK);
        check_gated(&gated, n_rows);
        rs_gated_close(&gated);
    }
}

static void without_a_question_there_is_no_answer(void **state)
{
    (void)state;
    rs_contract plain = contract;
    rs_gated gated;
    rs_error err = {0};
    plain.group = NULL;
    make_rows();
    assert_int_equal(rs_gated_open(&gated, &dataset, &err), RS_OK);
    hold_rows(&gated.good, 0, 100);
    assert_int_equal(rs_gated_judge(&gated, &plain, &err), RS_OK);
    for (uint32_t i = 0; i < gated.good.batch.n_rows; i++) {
        assert_true(rs_held_is_null(&gated.good, GROUP, i));
    }
    rs_gated_close(&gated);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(frames_are_held_and_given_back),
    cmocka_unit_test(the_gate_keeps_the_best),
    cmocka_unit_test(without_a_question_there_is_no_answer),
};

UNIT_TESTS(held, tests)
