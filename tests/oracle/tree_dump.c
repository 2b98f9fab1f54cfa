/* SPDX-License-Identifier: Apache-2.0 */
/* tree_dump.c - the syntax lens as a filter, for comparison with CPython; trees.py reads it.
 *
 * stdin: sources, before each its length in 4 bytes. stdout for each, in native numbers of 4 bytes:
 *
 *   n_nodes n_errors n_strings n_string_bytes
 *   node    NODE_COLUMNS, a null as 2^32 - 1
 *   error   ERROR_COLUMNS
 *   string  its length; then the bytes of all
 *
 * `tree_dump names`: the words of ast_class, ast_field, diagnostic, a line each, a word each.
 */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "evidence/extract.h"

static const rs_syntax_nodes_column node_columns[] = {
    RS_C_syntax_nodes_ast_class,    RS_C_syntax_nodes_field,     RS_C_syntax_nodes_field_index,
    RS_C_syntax_nodes_context,      RS_C_syntax_nodes_parent_id, RS_C_syntax_nodes_n_subtree,
    RS_C_syntax_nodes_start_byte,   RS_C_syntax_nodes_end_byte,  RS_C_syntax_nodes_start_line,
    RS_C_syntax_nodes_start_column, RS_C_syntax_nodes_end_line,  RS_C_syntax_nodes_end_column,
    RS_C_syntax_nodes_damaged,      RS_C_syntax_nodes_name,
};

static const rs_parse_errors_column error_columns[] = {
    RS_C_parse_errors_code,       RS_C_parse_errors_start_byte, RS_C_parse_errors_end_byte,
    RS_C_parse_errors_start_line, RS_C_parse_errors_region_id,  RS_C_parse_errors_message,
};

enum { N_NODE_COLUMNS = sizeof node_columns / sizeof node_columns[0] };
enum { N_ERROR_COLUMNS = sizeof error_columns / sizeof error_columns[0] };

static void put(uint32_t number)
{
    (void)fwrite(&number, sizeof number, 1, stdout);
}

/* Of an id, the number in its file; a word's null becomes the others'. */
static uint32_t cell(const rs_batch *batch, size_t column, size_t row)
{
    const rs_batch_column *cells = &batch->columns[column];
    if (!rs_batch_is_valid(cells, row)) {
        return UINT32_MAX;
    }
    switch (batch->dataset->columns[column].type) {
    case RS_TYPE_I64:
        return (uint32_t)cells->values.i64[row];
    case RS_TYPE_I32:
        return (uint32_t)cells->values.i32[row];
    case RS_TYPE_STR:
        return cells->values.str[row];
    case RS_TYPE_ENUM:
        return cells->values.u8[row] == RS_ENUM_NULL ? UINT32_MAX : cells->values.u8[row];
    case RS_TYPE_BOOL:
        return cells->values.u8[row];
    case RS_TYPE_F32:
    case RS_TYPE_F64:
        break;
    }
    return UINT32_MAX;
}

static void dump(const rs_part *part)
{
    const rs_batch *nodes = &part->batches[RS_DS_syntax_nodes];
    const rs_batch *errors = &part->batches[RS_DS_parse_errors];
    uint32_t n_string_bytes = 0;
    for (uint32_t i = 0; i < part->strings.n_items; i++) {
        n_string_bytes += (uint32_t)part->strings.items[i].n_bytes;
    }
    put((uint32_t)nodes->n_rows);
    put((uint32_t)errors->n_rows);
    put(part->strings.n_items);
    put(n_string_bytes);
    for (size_t row = 0; row < nodes->n_rows; row++) {
        for (size_t i = 0; i < N_NODE_COLUMNS; i++) {
            put(cell(nodes, node_columns[i], row));
        }
    }
    for (size_t row = 0; row < errors->n_rows; row++) {
        for (size_t i = 0; i < N_ERROR_COLUMNS; i++) {
            put(cell(errors, error_columns[i], row));
        }
    }
    for (uint32_t i = 0; i < part->strings.n_items; i++) {
        put((uint32_t)part->strings.items[i].n_bytes);
    }
    for (uint32_t i = 0; i < part->strings.n_items; i++) {
        (void)fwrite(part->strings.items[i].bytes, 1, part->strings.items[i].n_bytes, stdout);
    }
    (void)fflush(stdout);
}

static rs_status dump_source(rs_extractor *extractor, rs_source *source, const char *bytes,
                             uint32_t n_bytes, rs_error *err)
{
    /* File 0: ids are numbers in the file. */
    const rs_repo_file file = {.path = RS_STR_LITERAL("m.py"),
                               .display_path = RS_STR_LITERAL("m.py"),
                               .source_root = RS_STR_LITERAL("")};
    rs_part part;
    rs_status status = rs_source_decode(source, bytes, n_bytes, err);
    if (status != RS_OK) {
        return status;
    }
    status = rs_part_init(&part, err);
    if (status == RS_OK) {
        status = rs_extract_file(extractor, &file, source, &part, NULL, err);
    }
    if (status == RS_OK) {
        dump(&part);
    }
    rs_part_release(&part);
    return status;
}

static rs_status dump_all(rs_error *err)
{
    rs_source source = {0};
    rs_extractor *extractor = NULL;
    char *bytes = NULL;
    uint32_t n_bytes = 0;
    rs_status status = rs_extractor_new(NULL, &extractor, err);
    while (status == RS_OK && fread(&n_bytes, sizeof n_bytes, 1, stdin) == 1) {
        char *grown = rs_realloc(bytes, (size_t)n_bytes + 1, 1);
        bytes = grown == NULL ? bytes : grown;
        status = grown == NULL || fread(bytes, 1, n_bytes, stdin) != n_bytes
                     ? rs_error_set(err, RS_ERR_IO, "read a source of %u bytes", (unsigned)n_bytes)
                     : dump_source(extractor, &source, bytes, n_bytes, err);
    }
    rs_free(bytes);
    rs_source_release(&source);
    rs_extractor_free(extractor);
    return status;
}

static void print_words(const char *set)
{
    const rs_words *words = rs_words_find(set);
    for (size_t i = 0; i < words->n_words; i++) {
        (void)printf("%s%s", i == 0 ? "" : " ", words->words[i][0] == '\0' ? "-" : words->words[i]);
    }
    (void)printf("\n");
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "names") == 0) {
        print_words("ast_class");
        print_words("ast_field");
        print_words("diagnostic");
        return 0;
    }
    rs_error err = {0};
    if (dump_all(&err) != RS_OK) {
        (void)fprintf(stderr, "%s\n", err.message);
        return 3;
    }
    return 0;
}
