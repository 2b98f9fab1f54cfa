/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of the flow lens as text, for flow_oracle.py: paths come on standard input, one a
 * line. Columns are separated by tabs, ids are numbers in the file.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "evidence/extract.h"

enum { MAX_PATH = 4096 };

#define VALUE(dataset, column) (part->batches[RS_DS_##dataset].columns[RS_C_##dataset##_##column])
#define I64(dataset, column) (VALUE(dataset, column).values.i64[row])
#define I32(dataset, column) ((long)VALUE(dataset, column).values.i32[row])
#define U8(dataset, column) (VALUE(dataset, column).values.u8[row])
#define ROWS(dataset) (part->batches[RS_DS_##dataset].n_rows)
#define NUMBER(dataset, column) number(&VALUE(dataset, column), row)
#define WORD(dataset, column) word(RS_DS_##dataset, RS_C_##dataset##_##column, U8(dataset, column))

static long number(const rs_batch_column *column, size_t row)
{
    return rs_batch_is_valid(column, row) ? (long)(column->values.i64[row] & 0xffffff) : -1;
}

static const char *word(rs_dataset_id dataset, size_t column, uint8_t value)
{
    return rs_dataset_get(dataset)->columns[column].words->words[value];
}

static void text_print(const rs_part *part, const rs_batch_column *column, size_t row)
{
    rs_str text = part->strings.items[column->values.str[row]];
    (void)fwrite(text.bytes, 1, text.n_bytes, stdout);
}

static void scopes_print(const rs_part *part)
{
    for (size_t row = 0; row < ROWS(scopes); row++) {
        printf("scope\t%ld\t%ld\t%s\t", NUMBER(scopes, scope_id), NUMBER(scopes, node_id),
               WORD(scopes, scope_kind));
        text_print(part, &VALUE(scopes, qualname), row);
        (void)putchar('\n');
    }
}

static void nodes_print(const rs_part *part)
{
    for (size_t row = 0; row < ROWS(syntax_nodes); row++) {
        printf("node\t%ld\t%s\t%s\t%ld\t%ld\t%ld\t%ld\n", NUMBER(syntax_nodes, parent_id),
               WORD(syntax_nodes, ast_class), WORD(syntax_nodes, field),
               (long)I64(syntax_nodes, start_byte), (long)I64(syntax_nodes, end_byte),
               I32(syntax_nodes, start_line), I32(syntax_nodes, end_line));
    }
}

static void blocks_print(const rs_part *part)
{
    for (size_t row = 0; row < ROWS(cfg_blocks); row++) {
        printf("block\t%ld\t%ld\t%s\t%d\n", NUMBER(cfg_blocks, block_id),
               NUMBER(cfg_blocks, scope_id), WORD(cfg_blocks, block_kind), U8(cfg_blocks, is_live));
    }
    for (size_t row = 0; row < ROWS(cfg_elements); row++) {
        printf("element\t%ld\t%ld\t%s\t%d\n", NUMBER(cfg_elements, block_id),
               NUMBER(cfg_elements, node_id), WORD(cfg_elements, action),
               U8(cfg_elements, may_raise));
    }
    for (size_t row = 0; row < ROWS(cfg_edges); row++) {
        printf("edge\t%ld\t%ld\t%s\n", NUMBER(cfg_edges, src_block_id),
               NUMBER(cfg_edges, dst_block_id), WORD(cfg_edges, kind));
    }
    for (size_t row = 0; row < ROWS(dominators); row++) {
        printf("dominator\t%ld\t%ld\n", NUMBER(dominators, block_id),
               NUMBER(dominators, dominator_id));
    }
    for (size_t row = 0; row < ROWS(post_dominators); row++) {
        printf("post_dominator\t%ld\t%ld\n", NUMBER(post_dominators, block_id),
               NUMBER(post_dominators, post_dominator_id));
    }
    for (size_t row = 0; row < ROWS(control_deps); row++) {
        printf("control\t%ld\t%ld\n", NUMBER(control_deps, block_id),
               NUMBER(control_deps, controller_id));
    }
    for (size_t row = 0; row < ROWS(flow_diagnostics); row++) {
        printf("diagnostic\t%ld\n", NUMBER(flow_diagnostics, node_id));
    }
}

static void events_print(const rs_part *part)
{
    for (size_t row = 0; row < ROWS(def_use_events); row++) {
        printf("event\t%ld\t%ld\t%s\t%ld\t%ld\t%d\t%d\n", NUMBER(def_use_events, event_id),
               NUMBER(def_use_events, node_id), WORD(def_use_events, event_kind),
               NUMBER(def_use_events, binding_id), NUMBER(def_use_events, block_id),
               U8(def_use_events, is_own), U8(def_use_events, maybe_unbound));
    }
    for (size_t row = 0; row < ROWS(reaching_defs); row++) {
        printf("reach\t%ld\t%ld\n", NUMBER(reaching_defs, use_event_id),
               NUMBER(reaching_defs, def_event_id));
    }
    for (size_t row = 0; row < ROWS(bindings); row++) {
        printf("binding\t%ld\t%ld\t", NUMBER(bindings, binding_id), NUMBER(bindings, scope_id));
        text_print(part, &VALUE(bindings, name), row);
        (void)putchar('\n');
    }
}

static char *file_read(const char *path, size_t *n_bytes)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        exit(2);
    }
    long size = ftell(file);
    rewind(file);
    char *bytes = rs_alloc_zero((size_t)size + 1, 1);
    if (bytes == NULL || fread(bytes, 1, (size_t)size, file) != (size_t)size) {
        exit(2);
    }
    (void)fclose(file);
    *n_bytes = (size_t)size;
    return bytes;
}

static void file_print(rs_extractor *extractor, const char *path)
{
    rs_error err = {0};
    rs_source source = {0};
    rs_part part;
    size_t n_bytes;
    char *bytes = file_read(path, &n_bytes);
    rs_repo_file file = {.path = rs_str_of(path), .display_path = rs_str_of(path), .file_id = 1};
    if (rs_part_init(&part, &err) != RS_OK ||
        rs_source_decode(&source, bytes, n_bytes, &err) != RS_OK ||
        rs_extract_file(extractor, &file, &source, &part, NULL, &err) != RS_OK) {
        (void)fprintf(stderr, "%s: %s\n", path, err.message);
        exit(2);
    }
    printf("file\t%s\t%d\n", path, part.batches[RS_DS_parse_errors].n_rows != 0);
    scopes_print(&part);
    nodes_print(&part);
    blocks_print(&part);
    events_print(&part);
    rs_part_release(&part);
    rs_source_release(&source);
    rs_free(bytes);
}

int main(void)
{
    char path[MAX_PATH];
    rs_error err = {0};
    rs_extractor *extractor = NULL;
    if (rs_extractor_new(NULL, &extractor, &err) != RS_OK) {
        return 2;
    }
    while (fgets(path, sizeof path, stdin) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        file_print(extractor, path);
    }
    rs_extractor_free(extractor);
    return 0;
}
