/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever the text, every scope has a parent before it, and every name a scope and a slot there is. */
#include <stdlib.h>

#include "evidence/extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static int64_t id_at(const rs_part *part, rs_dataset_id dataset, size_t column, size_t row)
{
    return part->batches[dataset].columns[column].values.i64[row];
}

/* A value is null, or an id of a dataset whose ids run without a gap. */
static void check_reference(const rs_part *part, rs_dataset_id from, size_t column, size_t row,
                            rs_dataset_id to)
{
    if (!rs_batch_is_valid(&part->batches[from].columns[column], row)) {
        return;
    }
    int64_t first = id_at(part, to, 0, 0);
    int64_t place = id_at(part, from, column, row) - first;
    require(place >= 0 && (uint64_t)place < part->batches[to].n_rows);
}

static void check_scopes(const rs_part *part)
{
    for (size_t row = 0; row < part->batches[RS_DS_scopes].n_rows; row++) {
        const rs_batch_column *parents =
            &part->batches[RS_DS_scopes].columns[RS_C_scopes_parent_scope_id];
        int64_t id = id_at(part, RS_DS_scopes, RS_C_scopes_scope_id, row);
        require(id == id_at(part, RS_DS_scopes, RS_C_scopes_scope_id, 0) + (int64_t)row);
        require(rs_batch_is_valid(parents, row) == (row > 0));
        require(row == 0 || parents->values.i64[row] < id);
        check_reference(part, RS_DS_scopes, RS_C_scopes_parent_scope_id, row, RS_DS_scopes);
    }
}

static void check_bindings(const rs_part *part)
{
    const rs_batch *bindings = &part->batches[RS_DS_bindings];
    size_t n_resolved = 0;
    for (size_t row = 0; row < bindings->n_rows; row++) {
        uint8_t scope_class = bindings->columns[RS_C_bindings_scope_class].values.u8[row];
        check_reference(part, RS_DS_bindings, RS_C_bindings_scope_id, row, RS_DS_scopes);
        n_resolved += scope_class == RS_W_scope_class_FREE;
    }
    require(n_resolved <= part->batches[RS_DS_binding_resolutions].n_rows);
    for (size_t row = 0; row < part->batches[RS_DS_binding_resolutions].n_rows; row++) {
        check_reference(part, RS_DS_binding_resolutions, RS_C_binding_resolutions_binding_id, row,
                        RS_DS_bindings);
        check_reference(part, RS_DS_binding_resolutions, RS_C_binding_resolutions_slot_id, row,
                        RS_DS_bindings);
        check_reference(part, RS_DS_binding_resolutions, RS_C_binding_resolutions_slot_scope_id,
                        row, RS_DS_scopes);
    }
}

static void check_names(const rs_part *part)
{
    int64_t before = -1;
    for (size_t row = 0; row < part->batches[RS_DS_name_bindings].n_rows; row++) {
        int64_t node = id_at(part, RS_DS_name_bindings, RS_C_name_bindings_node_id, row);
        require(node > before);
        before = node;
        check_reference(part, RS_DS_name_bindings, RS_C_name_bindings_scope_id, row, RS_DS_scopes);
        check_reference(part, RS_DS_name_bindings, RS_C_name_bindings_binding_id, row,
                        RS_DS_bindings);
        check_reference(part, RS_DS_name_bindings, RS_C_name_bindings_slot_id, row, RS_DS_bindings);
        check_reference(part, RS_DS_name_bindings, RS_C_name_bindings_slot_scope_id, row,
                        RS_DS_scopes);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    rs_error err = {0};
    rs_part part = {0};
    rs_source source = {0};
    rs_extractor *extractor = NULL;
    rs_repo_file file = {.path = RS_STR_LITERAL("m.py"),
                         .display_path = RS_STR_LITERAL("m.py"),
                         .source_root = RS_STR_LITERAL(""),
                         .file_id = 1};
    require(rs_part_init(&part, &err) == RS_OK);
    require(rs_source_decode(&source, bytes, n_bytes, &err) == RS_OK);
    require(rs_extractor_new(NULL, &extractor, &err) == RS_OK);
    require(rs_extract_file(extractor, &file, &source, &part, NULL, &err) == RS_OK);
    check_scopes(&part);
    check_bindings(&part);
    check_names(&part);
    rs_extractor_free(extractor);
    rs_source_release(&source);
    rs_part_release(&part);
    return 0;
}
