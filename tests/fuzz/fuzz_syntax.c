/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever the bytes, there are rows: numbered densely, in order, with spans inside the file. */
#include <stdlib.h>
#include <string.h>

#include "evidence/extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

enum { FILE_ID = 7 };

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static const rs_batch_column *column(const rs_batch *batch, const char *name)
{
    const rs_column *found = rs_column_find(batch->dataset, rs_str_of(name));
    return found == NULL ? NULL : &batch->columns[found - batch->dataset->columns];
}

static int64_t number(const rs_batch *batch, const rs_column *key, size_t row)
{
    const rs_batch_column *values = &batch->columns[key - batch->dataset->columns];
    return key->type == RS_TYPE_I64 ? values->values.i64[row] : values->values.i32[row];
}

/* The n-th column of the key, or NULL. */
static const rs_column *key_column(const rs_batch *batch, size_t n)
{
    const char *at = batch->dataset->key;
    for (; n > 0 && *at != '\0'; n--) {
        at += strcspn(at, ",");
        at += strspn(at, ", ");
    }
    return rs_column_find(batch->dataset, (rs_str){at, strcspn(at, ",")});
}

/* Keys grow, column by column; ids are of this file. */
static void check_key(const rs_batch *batch)
{
    const rs_column *first = key_column(batch, 0);
    const rs_column *second = key_column(batch, 1);
    require(first != NULL && first->type == RS_TYPE_I64);
    bool is_file = strcmp(first->name, "file_id") == 0;
    for (size_t row = 0; row < batch->n_rows; row++) {
        int64_t id = number(batch, first, row);
        require(is_file ? id == FILE_ID : id >> 24 == FILE_ID);
        if (row > 0 && id == number(batch, first, row - 1)) {
            require(second != NULL && number(batch, second, row) > number(batch, second, row - 1));
        } else {
            require(row == 0 || id > number(batch, first, row - 1));
        }
    }
}

static void check_spans(const rs_batch *batch, size_t n_bytes)
{
    const rs_batch_column *start = column(batch, "start_byte");
    const rs_batch_column *end = column(batch, "end_byte");
    for (size_t row = 0; row < batch->n_rows && start != NULL && end != NULL; row++) {
        require(start->values.i64[row] >= 0 && start->values.i64[row] <= end->values.i64[row]);
        require(end->values.i64[row] <= (int64_t)n_bytes);
    }
}

/* Required columns hold something; words and texts exist. */
static void check_cells(const rs_batch *batch, const rs_strings *strings)
{
    for (size_t i = 0; i < batch->dataset->n_columns; i++) {
        const rs_column *info = &batch->dataset->columns[i];
        const rs_batch_column *cells = &batch->columns[i];
        if (!rs_column_is_in_memory(info)) {
            continue;
        }
        for (size_t row = 0; row < batch->n_rows; row++) {
            require(!info->required || rs_batch_is_valid(cells, row));
            if (info->type == RS_TYPE_STR) {
                uint32_t number = cells->values.str[row];
                require(number < strings->n_items || (number == RS_STR_NULL && !info->required));
            } else if (info->type == RS_TYPE_ENUM) {
                uint8_t word = cells->values.u8[row];
                require(word < info->words->n_words || (word == RS_ENUM_NULL && !info->required));
            } else if (info->type == RS_TYPE_BOOL) {
                require(cells->values.u8[row] <= 1);
            }
        }
    }
}

/* Nodes, then comments, then errors are numbered from 0 without a gap; a child follows its parent. */
static void check_numbers(const rs_part *part)
{
    static const struct {
        rs_dataset_id dataset;
        const char *id;
    } entities[] = {{RS_DS_syntax_nodes, "node_id"},
                    {RS_DS_comments, "comment_id"},
                    {RS_DS_parse_errors, "error_id"}};
    int64_t next = (int64_t)FILE_ID << 24;
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        const rs_batch *batch = &part->batches[entities[i].dataset];
        const int64_t *ids = column(batch, entities[i].id)->values.i64;
        for (size_t row = 0; row < batch->n_rows; row++) {
            require(ids[row] == next++);
        }
    }
    const rs_batch *nodes = &part->batches[RS_DS_syntax_nodes];
    const int64_t *ids = column(nodes, "node_id")->values.i64;
    const int64_t *parents = column(nodes, "parent_id")->values.i64;
    for (size_t row = 1; row < nodes->n_rows; row++) {
        require(parents[row] < ids[row] && parents[row] >= ids[0]);
    }
}

static void check_texts(const rs_strings *strings)
{
    for (uint32_t i = 0; i < strings->n_items; i++) {
        size_t end;
        rs_str text = strings->items[i];
        require(rs_utf8_find_invalid(text.bytes, text.n_bytes, 0, &end) == text.n_bytes);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    const rs_repo_file file = {
        .path = RS_STR_LITERAL("m.py"),
        .display_path = RS_STR_LITERAL("m.py"),
        .module = RS_STR_LITERAL("m"),
        .source_root = RS_STR_LITERAL(""),
        .file_id = FILE_ID,
    };
    rs_extractor *extractor = NULL;
    rs_source source = {0};
    rs_part part;
    require(rs_extractor_new(NULL, &extractor, NULL) == RS_OK &&
            rs_part_init(&part, NULL) == RS_OK);
    require(rs_source_decode(&source, bytes, n_bytes, NULL) == RS_OK);
    require(rs_extract_file(extractor, &file, &source, &part, NULL, NULL) == RS_OK);
    require(part.batches[RS_DS_repo_files].n_rows == 1);
    for (int i = 0; i < RS_N_EVIDENCE; i++) {
        const rs_batch *batch = &part.batches[i];
        if (i != RS_DS_repo_diagnostics) {
            check_key(batch);
        }
        check_spans(batch, n_bytes);
        check_cells(batch, &part.strings);
    }
    check_numbers(&part);
    check_texts(&part.strings);
    rs_part_release(&part);
    rs_source_release(&source);
    rs_extractor_free(extractor);
    return 0;
}
