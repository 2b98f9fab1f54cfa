/* SPDX-License-Identifier: Apache-2.0 */
/* Rows as structs: what is written comes back, what is forgotten is null or refused. */
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "schema/rows.h"
#include "unit/unit.h"

enum { FILE_ID = 3 };

static int64_t id_of(uint32_t n)
{
    return rs_entity_id(FILE_ID, n);
}

static int part_open(void **state)
{
    static rs_part part;
    *state = &part;
    return rs_part_init(&part, NULL) != RS_OK;
}

static int part_close(void **state)
{
    rs_part_release(*state);
    return 0;
}

/* --- rows with every required column written, made from evidence.def --- */

#define SET_REQ_I64(row, name) row->name = id_of(0);
#define SET_REQ_ID(entity) SET_REQ_I64
#define SET_REQ_GID(entity) SET_REQ_I64
#define SET_REQ_I32(row, name) row->name = 1;
#define SET_REQ_BOOL(row, name) row->name = 1;
#define SET_REQ_STR(row, name) row->name = rs_text_of(0);
#define SET_REQ_E(set) SET_WORD
#define SET_WORD(row, name) row->name = rs_word_of(0);
#define SET_OPT_I64(row, name)
#define SET_OPT_ID(entity) SET_OPT_I64
#define SET_OPT_GID(entity) SET_OPT_I64
#define SET_OPT_I32(row, name)
#define SET_OPT_BOOL(row, name)
#define SET_OPT_STR(row, name)
#define SET_OPT_E(set) SET_NOTHING
#define SET_NOTHING(row, name)

/* clang-format off */
/* Pushes a row of which column `forgotten` (RS_N_C_...: none) was left out. */
#define RS_DATASET(name, version, lens, key, doc)                                                  \
    static void push_##name(rs_part *part, size_t forgotten)                                       \
    {                                                                                              \
        rs_##name##_row made = rs_##name##_row_new();                                              \
        rs_##name##_row *row = &made;
#define RS_COLUMN(dataset, name, type, presence, source, doc)                                      \
        if (forgotten != RS_C_##dataset##_##name) {                                                \
            SET_##presence##_##type(row, name)                                                     \
        }
#define RS_NODE_COLUMN(dataset, name, type, presence, id, column, doc)
#define RS_FILE_COLUMN(dataset, name, type, presence, id, doc)
#define RS_DATASET_END(name)                                                                       \
        assert_int_equal(rs_push_##name(part, row, 1, NULL), RS_OK);                             \
    }
#include "schema/evidence.def"

static void (*const pushes[])(rs_part *part, size_t forgotten) = {
#define RS_DATASET(name, version, lens, key, doc) push_##name,
#define RS_COLUMN(dataset, name, type, presence, source, doc)
#define RS_DATASET_END(name)
#include "schema/evidence.def"
};
/* Columns that a row has a field for. */
static const bool has_field[] = {
#define RS_DATASET(name, version, lens, key, doc)
#define RS_COLUMN(dataset, name, type, presence, source, doc) true,
#define RS_NODE_COLUMN(dataset, name, type, presence, id, column, doc) false,
#define RS_FILE_COLUMN(dataset, name, type, presence, id, doc) false,
#define RS_DATASET_END(name)
#include "schema/evidence.def"
};
/* clang-format on */

/* A module node, which other datasets' rows may copy from. */
static void push_module(rs_part *part)
{
    assert_int_equal(rs_strings_add(&part->strings, RS_STR_LITERAL("m")), 0);
    rs_syntax_nodes_row node = rs_syntax_nodes_row_new();
    node.node_id = id_of(0);
    node.ast_class = rs_word_of(RS_AST_Module);
    node.field = rs_word_of(RS_F_);
    node.field_index = 0;
    node.n_subtree = 1;
    node.parens = 0;
    node.damaged = false;
    node.start_byte = 11;
    node.end_byte = 22;
    node.start_line = 33;
    node.start_column = 44;
    node.end_line = 55;
    node.end_column = 66;
    node.kind = rs_word_of(RS_K_FILE);
    node.name = rs_text_of(0);
    assert_int_equal(rs_push_syntax_nodes(part, &node, 1, NULL), RS_OK);
}

/* --- what is forgotten --- */

#ifndef NDEBUG
static bool dies(void (*push)(rs_part *part, size_t forgotten), rs_part *part, size_t forgotten)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(STDERR_FILENO); /* what the assertion says of itself */
        push(part, forgotten);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

static void test_forgotten_required(void **state)
{
    rs_part *part = *state;
    size_t n_seen = 0;
    push_module(part);
    for (size_t d = 0; d < RS_N_EVIDENCE; d++) {
        const rs_dataset *dataset = rs_dataset_get((rs_dataset_id)d);
        UNIT_CHECK(!dies(pushes[d], part, SIZE_MAX), "a whole row of %s is refused", dataset->name);
        for (size_t c = 0; c < dataset->n_columns; c++) {
            const rs_column *column = &dataset->columns[c];
            if (column->required && has_field[n_seen + c]) {
                UNIT_CHECK(dies(pushes[d], part, c), "a row of %s without %s is taken",
                           dataset->name, column->name);
            }
        }
        n_seen += dataset->n_columns;
    }
    assert_int_equal(n_seen, UNIT_COUNT(has_field));
}

/* Closes a row of syntax_nodes as columns, but for one that was left out. */
static void close_columns(rs_part *part, size_t forgotten)
{
    assert_int_equal(rs_part_open(part, RS_DS_syntax_nodes, 1, NULL), RS_OK);
    rs_batch *batch = &part->batches[RS_DS_syntax_nodes];
    for (size_t c = 0; c < batch->dataset->n_columns; c++) {
        const rs_column *column = &batch->dataset->columns[c];
        if (c != forgotten && rs_column_is_in_memory(column)) {
            size_t n_bytes = rs_type_bytes(column->type);
            memset((char *)batch->columns[c].values.data + batch->n_rows * n_bytes, 0, n_bytes);
        }
    }
    rs_part_close(part, RS_DS_syntax_nodes, 1);
}

static void test_forgotten_column(void **state)
{
    rs_part *part = *state;
    const rs_dataset *dataset = rs_dataset_get(RS_DS_syntax_nodes);
    assert_false(dies(close_columns, part, SIZE_MAX));
    for (size_t c = 0; c < dataset->n_columns; c++) {
        const rs_column *column = &dataset->columns[c];
        bool may_be =
            !rs_column_is_in_memory(column) ||
            (!column->required && (column->type == RS_TYPE_STR || column->type == RS_TYPE_ENUM));
        UNIT_CHECK(dies(close_columns, part, c) == !may_be, "%s %s", column->name,
                   may_be ? "need not be written" : "is taken though nobody wrote it");
    }
}
#endif

/* --- what is written --- */

static void test_optional_is_null(void **state)
{
    rs_part *part = *state;
    push_module(part);
    push_calls(part, SIZE_MAX);
    const rs_batch *calls = &part->batches[RS_DS_calls];
    rs_calls_columns of = rs_calls_columns_of(part);
    assert_int_equal(calls->n_rows, 1);
    assert_int_equal(of.callee_text[0], RS_STR_NULL);
    assert_int_equal(of.enclosing_def_id[0], 0);
    assert_false(rs_batch_is_valid(&calls->columns[RS_C_calls_enclosing_def_id], 0));
    assert_false(rs_batch_is_valid(&calls->columns[RS_C_calls_callee_name_end_byte], 0));
    push_scip_diagnostics(part, SIZE_MAX);
    assert_int_equal(rs_scip_diagnostics_columns_of(part).scip_severity[0], RS_ENUM_NULL);
}

static void test_optional_is_set(void **state)
{
    rs_part *part = *state;
    rs_scip_occurrences_row rows[2] = {rs_scip_occurrences_row_new(),
                                       rs_scip_occurrences_row_new()};
    rows[0].occurrence_id = 70;
    rows[0].symbol_roles = 0;
    rows[1].occurrence_id = 71;
    rows[1].symbol_roles = 1;
    rows[1].symbol_id = rs_opt_i64_of(-5);
    rows[1].symbol = rs_text_of(rs_strings_add(&part->strings, RS_STR_LITERAL("s")));
    rows[1].syntax_kind = rs_word_of(RS_W_scip_syntax_kind_Comment);
    rows[1].start_line = rs_opt_i32_of(9);
    assert_int_equal(rs_push_scip_occurrences(part, rows, 2, NULL), RS_OK);
    const rs_batch *batch = &part->batches[RS_DS_scip_occurrences];
    rs_scip_occurrences_columns of = rs_scip_occurrences_columns_of(part);
    assert_int_equal(batch->n_rows, 2);
    assert_int_equal(of.occurrence_id[0], 70);
    assert_int_equal(of.occurrence_id[1], 71);
    assert_int_equal(of.symbol_roles[1], 1);
    assert_int_equal(of.symbol_id[1], -5);
    assert_int_equal(of.symbol[1], 0);
    assert_int_equal(of.syntax_kind[1], RS_W_scip_syntax_kind_Comment);
    assert_int_equal(of.start_line[1], 9);
    assert_false(rs_batch_is_valid(&batch->columns[RS_C_scip_occurrences_symbol_id], 0));
    assert_true(rs_batch_is_valid(&batch->columns[RS_C_scip_occurrences_symbol_id], 1));
    assert_false(rs_batch_is_valid(&batch->columns[RS_C_scip_occurrences_start_line], 0));
    assert_true(rs_batch_is_valid(&batch->columns[RS_C_scip_occurrences_start_line], 1));
}

static void test_node_columns(void **state)
{
    rs_part *part = *state;
    push_module(part);
    part->first_node = part->batches[RS_DS_syntax_nodes].n_rows;
    push_module(part);
    rs_syntax_nodes_columns nodes = rs_syntax_nodes_columns_of(part);
    nodes.start_byte[1] = 111;
    push_name_refs(part, SIZE_MAX);
    rs_name_refs_columns of = rs_name_refs_columns_of(part);
    assert_int_equal(of.start_byte[0], 111);
    assert_int_equal(of.end_byte[0], 22);
    assert_int_equal(of.start_line[0], 33);
    assert_int_equal(of.start_column[0], 44);
    assert_int_equal(of.name[0], 0);
    rs_cfg_blocks_row block = rs_cfg_blocks_row_new();
    block.block_id = block.scope_id = block.container_id = id_of(1);
    block.name = rs_text_of(0);
    block.block_kind = rs_word_of(0);
    block.n_elements = 0;
    block.is_live = block.may_raise = false;
    block.kind = rs_word_of(RS_K_CFG_BLOCK);
    assert_int_equal(rs_push_cfg_blocks(part, &block, 1, NULL), RS_OK);
    block.start_byte = rs_opt_i64_of(111); /* a place of its own, which no node has */
    block.start_line = rs_opt_i32_of(33);
    assert_int_equal(rs_push_cfg_blocks(part, &block, 1, NULL), RS_OK);
    const rs_batch_column *columns = part->batches[RS_DS_cfg_blocks].columns;
    assert_false(rs_batch_is_valid(&columns[RS_C_cfg_blocks_start_line], 0));
    assert_true(rs_batch_is_valid(&columns[RS_C_cfg_blocks_start_line], 1));
    assert_int_equal(rs_cfg_blocks_columns_of(part).start_byte[1], 111);
}

static void test_whole_columns(void **state)
{
    rs_part *part = *state;
    push_module(part);
    assert_int_equal(rs_part_open(part, RS_DS_syntax_nodes, 300, NULL), RS_OK);
    rs_syntax_nodes_columns nodes = rs_syntax_nodes_columns_of(part);
    assert_int_equal(nodes.name[300], RS_STR_NULL);
    assert_int_equal(nodes.qualified_name[1], RS_STR_NULL);
    assert_int_equal(nodes.context[300], RS_ENUM_NULL);
    assert_int_equal(nodes.name[0], 0);
    assert_int_equal(part->batches[RS_DS_syntax_nodes].n_rows, 1);
}

/* More rows than there is room for at first, and no memory at every point. */
static rs_status fill(void *context)
{
    rs_part part = {0};
    (void)context;
    RS_TRY(rs_part_init(&part, NULL));
    rs_status status = RS_OK;
    for (int i = 0; i < 600 && status == RS_OK; i++) {
        rs_scip_external_symbols_row row = rs_scip_external_symbols_row_new();
        row.information_id = -1 - i;
        row.symbol = rs_text_of(0);
        row.is_first = false;
        row.symbol_id = i == 0 ? (rs_opt_i64){0} : rs_opt_i64_of(-1);
        status = rs_push_scip_external_symbols(&part, &row, 1, NULL);
    }
    if (status == RS_OK) {
        const rs_batch *batch = &part.batches[RS_DS_scip_external_symbols];
        const rs_batch_column *ids = &batch->columns[RS_C_scip_external_symbols_symbol_id];
        assert_int_equal(batch->n_rows, 600);
        assert_false(rs_batch_is_valid(ids, 0));
        assert_true(rs_batch_is_valid(ids, 599));
    }
    rs_part_release(&part);
    return status;
}

static void test_numbers_of_datasets(void **state)
{
    (void)state;
    for (size_t i = 0; i < RS_N_EVIDENCE; i++) {
        const rs_dataset *dataset = rs_dataset_get((rs_dataset_id)i);
        rs_dataset copy = *dataset;
        UNIT_CHECK(rs_dataset_evidence_number(dataset) == i, "%s", dataset->name);
        UNIT_CHECK(rs_dataset_evidence_number(&copy) == RS_N_EVIDENCE, "%s", dataset->name);
    }
    assert_int_equal(rs_dataset_evidence_number(rs_graph_dataset_get(RS_G_nodes)), RS_N_EVIDENCE);
}

static void test_no_memory(void **state)
{
    (void)state;
    UNIT_SWEEP(fill, NULL);
}

/* What is unwritten must be no word. */
static void test_words_are_few(void **state)
{
    (void)state;
    for (size_t i = 0; rs_words_get(i) != NULL; i++) {
        assert_true(rs_words_get(i)->n_words < RS_UNWRITTEN_BYTE);
    }
}

static const struct CMUnitTest tests[] = {
#ifndef NDEBUG
    cmocka_unit_test_setup_teardown(test_forgotten_required, part_open, part_close),
    cmocka_unit_test_setup_teardown(test_forgotten_column, part_open, part_close),
#endif
    cmocka_unit_test_setup_teardown(test_optional_is_null, part_open, part_close),
    cmocka_unit_test_setup_teardown(test_optional_is_set, part_open, part_close),
    cmocka_unit_test_setup_teardown(test_node_columns, part_open, part_close),
    cmocka_unit_test_setup_teardown(test_whole_columns, part_open, part_close),
    cmocka_unit_test(test_numbers_of_datasets),
    cmocka_unit_test(test_no_memory),
    cmocka_unit_test(test_words_are_few),
};

UNIT_TESTS(push, tests)
