/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of the scope lens as text, for scope_oracle.py: paths come on standard input, one a
 * line. Columns are separated by tabs, ids are numbers in the file.
 */
#include <stdio.h>
#include <stdlib.h>

#include "evidence/extract.h"

enum { MAX_PATH = 4096 };

#define VALUE(dataset, column) (part.batches[RS_DS_##dataset].columns[RS_C_##dataset##_##column])
#define I64(dataset, column) (VALUE(dataset, column).values.i64[row])
#define U8(dataset, column) (VALUE(dataset, column).values.u8[row])
#define ROWS(dataset) (part.batches[RS_DS_##dataset].n_rows)

static long number(const rs_batch_column *column, size_t row)
{
    return rs_batch_is_valid(column, row) ? (long)(column->values.i64[row] & 0xffffff) : -1;
}

static const char *word(rs_dataset_id dataset, size_t column, uint8_t value)
{
    return rs_dataset_get(dataset)->columns[column].words->words[value];
}

#define WORD(dataset, column) word(RS_DS_##dataset, RS_C_##dataset##_##column, U8(dataset, column))

static void text_print(const rs_part *part, const rs_batch_column *column, size_t row)
{
    rs_str text = part->strings.items[column->values.str[row]];
    (void)fwrite(text.bytes, 1, text.n_bytes, stdout);
}

#define TEXT(dataset, column) text_print(&part, &VALUE(dataset, column), row)

static void scopes_print(rs_part part)
{
    for (size_t row = 0; row < ROWS(scopes); row++) {
        printf("scope\t%ld\t%ld\t%s\t%s\t%ld\t%ld\t%ld\t%d\t",
               number(&VALUE(scopes, scope_id), row), number(&VALUE(scopes, parent_scope_id), row),
               WORD(scopes, scope_type), WORD(scopes, scope_kind), (long)I64(scopes, start_byte),
               (long)I64(scopes, end_byte), (long)VALUE(scopes, start_line).values.i32[row],
               U8(scopes, is_nested));
        TEXT(scopes, name);
        (void)putchar('\t');
        TEXT(scopes, qualname);
        (void)putchar('\n');
    }
}

static void bindings_print(rs_part part)
{
    for (size_t row = 0; row < ROWS(bindings); row++) {
        printf("binding\t%ld\t%ld\t%s\t", number(&VALUE(bindings, binding_id), row),
               number(&VALUE(bindings, scope_id), row), WORD(bindings, scope_class));
        TEXT(bindings, name);
        for (size_t c = RS_C_bindings_is_local; c <= RS_C_bindings_is_namespace; c++) {
            printf("\t%d", part.batches[RS_DS_bindings].columns[c].values.u8[row]);
        }
        (void)putchar('\n');
    }
    for (size_t row = 0; row < ROWS(binding_resolutions); row++) {
        printf("resolution\t%ld\t%s\t%ld\t%ld\n",
               number(&VALUE(binding_resolutions, binding_id), row),
               WORD(binding_resolutions, resolution),
               number(&VALUE(binding_resolutions, slot_id), row),
               number(&VALUE(binding_resolutions, slot_scope_id), row));
    }
}

static void names_print(rs_part part)
{
    for (size_t row = 0; row < ROWS(name_bindings); row++) {
        bool is_part = rs_batch_is_valid(&VALUE(name_bindings, name_start_byte), row);
        printf(
            "name\t%ld\t%ld\t%s\t%ld\t%ld\t%s\t%ld\t%ld\t",
            (long)(is_part ? I64(name_bindings, name_start_byte) : I64(name_bindings, start_byte)),
            (long)(is_part ? I64(name_bindings, name_end_byte) : I64(name_bindings, end_byte)),
            WORD(name_bindings, occurrence), number(&VALUE(name_bindings, scope_id), row),
            number(&VALUE(name_bindings, binding_id), row), WORD(name_bindings, resolution),
            number(&VALUE(name_bindings, slot_id), row),
            number(&VALUE(name_bindings, slot_scope_id), row));
        TEXT(name_bindings, name);
        (void)putchar('\n');
    }
}

static void faults_print(rs_part part)
{
    for (size_t row = 0; row < ROWS(parse_errors); row++) {
        printf("error\t%s\t%ld\n", WORD(parse_errors, code),
               (long)VALUE(parse_errors, start_line).values.i32[row]);
    }
    for (size_t row = 0; row < ROWS(scope_diagnostics); row++) {
        printf("fault\t%s\t%ld\t%ld\t", WORD(scope_diagnostics, code),
               (long)VALUE(scope_diagnostics, start_line).values.i32[row],
               (long)VALUE(scope_diagnostics, since_minor).values.i32[row]);
        TEXT(scope_diagnostics, message);
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

static void file_print(rs_extractor *extractor, const char *path, bool is_quiet)
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
    if (!is_quiet) {
        printf("file\t%s\t%d\t%u\n", path, part.batches[RS_DS_parse_errors].n_rows != 0,
               source.n_raw);
        scopes_print(part);
        bindings_print(part);
        names_print(part);
        faults_print(part);
    }
    rs_part_release(&part);
    rs_source_release(&source);
    rs_free(bytes);
}

int main(int n_args, char **args)
{
    (void)args;
    char path[MAX_PATH];
    rs_error err = {0};
    rs_extractor *extractor = NULL;
    if (rs_extractor_new(NULL, &extractor, &err) != RS_OK) {
        return 2;
    }
    while (fgets(path, sizeof path, stdin) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        file_print(extractor, path, n_args > 1);
    }
    rs_extractor_free(extractor);
    return 0;
}
