/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever the text: the blocks of a scope are entry .. exit; edges stay in their scope; exactly the
 * live blocks but the entry have a dominator, which is live and leads up to the entry; a use is
 * reached by definitions of its own variable.
 */
#include <stdlib.h>

#include "evidence/extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

enum { MAX_STEPS = 64 }; /* up a dominator tree: what lies higher is looked at from there */

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

#define COLUMN_OF(dataset, column)                                                                 \
    (&part->batches[RS_DS_##dataset].columns[RS_C_##dataset##_##column])
#define I64(dataset, column, row) (COLUMN_OF(dataset, column)->values.i64[row])
#define U8(dataset, column, row) (COLUMN_OF(dataset, column)->values.u8[row])
#define N_ROWS(dataset) (part->batches[RS_DS_##dataset].n_rows)

/* The row whose id, the first column, is `id`; ids grow. */
static size_t row_of(const rs_part *part, rs_dataset_id dataset, int64_t id)
{
    const int64_t *ids = part->batches[dataset].columns[0].values.i64;
    size_t low = 0;
    size_t high = part->batches[dataset].n_rows;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ids[middle] < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    require(low < part->batches[dataset].n_rows && ids[low] == id);
    return low;
}

static void check_blocks(const rs_part *part)
{
    size_t n_elements = 0;
    for (size_t row = 0; row < N_ROWS(cfg_blocks); row++) {
        bool is_first =
            row == 0 || I64(cfg_blocks, scope_id, row) != I64(cfg_blocks, scope_id, row - 1);
        bool is_last = row + 1 == N_ROWS(cfg_blocks) ||
                       I64(cfg_blocks, scope_id, row) != I64(cfg_blocks, scope_id, row + 1);
        uint8_t kind = U8(cfg_blocks, block_kind, row);
        require(is_first == (kind == RS_W_block_kind_entry));
        require(is_last == (kind == RS_W_block_kind_exit));
        require(!is_first || U8(cfg_blocks, is_live, row));
        n_elements += (size_t)COLUMN_OF(cfg_blocks, n_elements)->values.i32[row];
        (void)row_of(part, RS_DS_scopes, I64(cfg_blocks, scope_id, row));
    }
    require(n_elements == N_ROWS(cfg_elements));
}

/* Elements are nodes of the code that opens the scope. */
static void check_elements(const rs_part *part)
{
    for (size_t row = 0; row < N_ROWS(cfg_elements); row++) {
        size_t block = row_of(part, RS_DS_cfg_blocks, I64(cfg_elements, block_id, row));
        size_t scope = row_of(part, RS_DS_scopes, I64(cfg_blocks, scope_id, block));
        int64_t first = I64(scopes, node_id, scope);
        size_t node = row_of(part, RS_DS_syntax_nodes, first);
        int64_t n_subtree = COLUMN_OF(syntax_nodes, n_subtree)->values.i32[node];
        int64_t place = I64(cfg_elements, node_id, row) - first;
        require(place >= 0 && place < n_subtree);
    }
}

/* What is live is what the entry reaches. */
static void check_edges(const rs_part *part)
{
    size_t n_blocks = N_ROWS(cfg_blocks);
    uint8_t *is_reached = rs_alloc_zero(n_blocks + 1, 1);
    require(is_reached != NULL);
    for (size_t row = 0; row < n_blocks; row++) {
        is_reached[row] = U8(cfg_blocks, block_kind, row) == RS_W_block_kind_entry;
    }
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        for (size_t row = 0; row < N_ROWS(cfg_edges); row++) {
            size_t src = row_of(part, RS_DS_cfg_blocks, I64(cfg_edges, src_block_id, row));
            size_t dst = row_of(part, RS_DS_cfg_blocks, I64(cfg_edges, dst_block_id, row));
            require(I64(cfg_blocks, scope_id, src) == I64(cfg_blocks, scope_id, dst));
            require(U8(cfg_blocks, block_kind, src) != RS_W_block_kind_exit);
            require(U8(cfg_blocks, block_kind, dst) != RS_W_block_kind_entry);
            if (is_reached[src] && !is_reached[dst]) {
                is_reached[dst] = has_changed = true;
            }
        }
    }
    for (size_t row = 0; row < n_blocks; row++) {
        require(is_reached[row] == U8(cfg_blocks, is_live, row));
    }
    rs_free(is_reached);
}

static void check_dominators(const rs_part *part)
{
    size_t n_live = 0;
    size_t n_entries = 0;
    for (size_t row = 0; row < N_ROWS(cfg_blocks); row++) {
        n_live += U8(cfg_blocks, is_live, row);
        n_entries += U8(cfg_blocks, block_kind, row) == RS_W_block_kind_entry;
    }
    require(n_live - n_entries == N_ROWS(dominators));
    for (size_t row = 0; row < N_ROWS(dominators); row++) {
        size_t block = row_of(part, RS_DS_cfg_blocks, I64(dominators, block_id, row));
        size_t n_steps = 0;
        while (U8(cfg_blocks, block_kind, block) != RS_W_block_kind_entry) {
            size_t above = row_of(part, RS_DS_dominators, I64(cfg_blocks, block_id, block));
            size_t next = row_of(part, RS_DS_cfg_blocks, I64(dominators, dominator_id, above));
            require(U8(cfg_blocks, is_live, next));
            require(I64(cfg_blocks, scope_id, block) == I64(cfg_blocks, scope_id, next));
            block = next;
            require(++n_steps <= N_ROWS(cfg_blocks));
            if (n_steps > MAX_STEPS) {
                break;
            }
        }
    }
}

/* A predecessor of a block is dominated by the block's dominator, or is it. */
static void check_meets(const rs_part *part)
{
    for (size_t row = 0; row < N_ROWS(cfg_edges); row++) {
        size_t src = row_of(part, RS_DS_cfg_blocks, I64(cfg_edges, src_block_id, row));
        if (!U8(cfg_blocks, is_live, src)) {
            continue;
        }
        int64_t dst = I64(cfg_edges, dst_block_id, row);
        int64_t want = I64(dominators, dominator_id, row_of(part, RS_DS_dominators, dst));
        int64_t at = I64(cfg_edges, src_block_id, row);
        for (size_t n_steps = 0; at != want && n_steps < MAX_STEPS; n_steps++) {
            at = I64(dominators, dominator_id, row_of(part, RS_DS_dominators, at));
        }
    }
}

static void check_events(const rs_part *part)
{
    for (size_t row = 0; row < N_ROWS(def_use_events); row++) {
        size_t block = row_of(part, RS_DS_cfg_blocks, I64(def_use_events, block_id, row));
        bool is_unbound = U8(def_use_events, maybe_unbound, row);
        require(!is_unbound || (U8(def_use_events, is_own, row) &&
                                U8(def_use_events, event_kind, row) == RS_W_event_kind_use));
        (void)block;
    }
    for (size_t row = 0; row < N_ROWS(reaching_defs); row++) {
        size_t use = row_of(part, RS_DS_def_use_events, I64(reaching_defs, use_event_id, row));
        size_t def = row_of(part, RS_DS_def_use_events, I64(reaching_defs, def_event_id, row));
        require(U8(def_use_events, event_kind, use) == RS_W_event_kind_use);
        require(U8(def_use_events, event_kind, def) == RS_W_event_kind_def);
        require(U8(def_use_events, is_own, use) && U8(def_use_events, is_own, def));
        require(I64(def_use_events, binding_id, use) == I64(def_use_events, binding_id, def));
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
    check_blocks(&part);
    check_elements(&part);
    check_edges(&part);
    check_dominators(&part);
    check_meets(&part);
    check_events(&part);
    rs_extractor_free(extractor);
    rs_source_release(&source);
    rs_part_release(&part);
    return 0;
}
