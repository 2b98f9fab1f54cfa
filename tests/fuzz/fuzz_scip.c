/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever the index: spans lie in the file, ids run without a gap, and every symbol that a row names
 * has one row. The bytes are an index; or, behind a first byte of 1, a document's message alone. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "evidence/extract.h"
#include "evidence/scip/scip.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static const char text[] =
    "\xef\xbb\xbfname = '\xc3\xa9\xf0\x9f\x98\x80'\r\nclass A:\n    pass\r\xff\n";

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static const rs_batch_column *column_of(const rs_part *part, rs_dataset_id dataset, size_t column)
{
    return &part->batches[dataset].columns[column];
}

static void check_occurrences(const rs_part *part)
{
    const rs_batch_column *ids =
        column_of(part, RS_DS_scip_occurrences, RS_C_scip_occurrences_occurrence_id);
    const rs_batch_column *starts =
        column_of(part, RS_DS_scip_occurrences, RS_C_scip_occurrences_start_byte);
    const rs_batch_column *ends =
        column_of(part, RS_DS_scip_occurrences, RS_C_scip_occurrences_end_byte);
    int64_t before = -1;
    for (size_t row = 0; row < part->batches[RS_DS_scip_occurrences].n_rows; row++) {
        require(row == 0 || ids->values.i64[row] == ids->values.i64[row - 1] + 1);
        require(rs_batch_is_valid(starts, row) == rs_batch_is_valid(ends, row));
        if (rs_batch_is_valid(starts, row)) {
            require(starts->values.i64[row] >= before); /* those without a place come last */
            before = starts->values.i64[row];
            require(before >= 0 && before <= ends->values.i64[row] &&
                    ends->values.i64[row] <= (int64_t)sizeof text - 1);
        }
    }
}

static size_t count_symbol(const rs_part *parts, int64_t symbol_id)
{
    size_t n_found = 0;
    for (size_t p = 0; p < 2; p++) {
        const rs_batch_column *ids =
            column_of(&parts[p], RS_DS_scip_symbols, RS_C_scip_symbols_symbol_id);
        for (size_t row = 0; row < parts[p].batches[RS_DS_scip_symbols].n_rows; row++) {
            n_found += ids->values.i64[row] == symbol_id;
        }
    }
    return n_found;
}

static void check_symbols(const rs_part *parts, rs_dataset_id dataset, size_t column)
{
    enum { MAX_CHECKED = 64 }; /* a look-up is a scan */
    for (size_t p = 0; p < 2; p++) {
        const rs_batch_column *ids = column_of(&parts[p], dataset, column);
        for (size_t row = 0; row < parts[p].batches[dataset].n_rows && row < MAX_CHECKED; row++) {
            require(!rs_batch_is_valid(ids, row) || count_symbol(parts, ids->values.i64[row]) == 1);
        }
    }
}

static void append_varint(uint8_t *out, size_t *n_out, size_t number)
{
    for (; number > 127; number >>= 7) {
        out[(*n_out)++] = (uint8_t)((number & 127) | 128);
    }
    out[(*n_out)++] = (uint8_t)number;
}

/* An index file: the bytes, or around a message a frame with metadata and the path of our file. */
static void write_index(const char *path, const uint8_t *bytes, size_t n_bytes)
{
    static const uint8_t head[] = "\x0a\x02\x20\x01\x12"; /* metadata: UTF-8; a document */
    static const uint8_t name[] = "\x0a\x04m.py";
    uint8_t frame[32];
    size_t n_frame = 0;
    FILE *file = fopen(path, "wb");
    require(file != NULL);
    if (n_bytes > 0 && bytes[0] == 1) {
        memcpy(frame, head, sizeof head - 1);
        n_frame = sizeof head - 1;
        append_varint(frame, &n_frame, n_bytes - 1 + sizeof name - 1);
        memcpy(frame + n_frame, name, sizeof name - 1);
        n_frame += sizeof name - 1;
        require(fwrite(frame, 1, n_frame, file) == n_frame);
        bytes++;
        n_bytes--;
    }
    require(fwrite(bytes, 1, n_bytes, file) == n_bytes);
    require(fclose(file) == 0);
}

static void check_index(const char *path)
{
    rs_error err = {0};
    rs_scip_index index = {0};
    rs_summaries summaries = {0};
    rs_linked linked = {0};
    rs_lens_options options = rs_lens_options_default();
    rs_lens_set lenses;
    rs_part parts[2] = {0};
    rs_source source = {0};
    rs_extractor *extractor = NULL;
    rs_repo_file file = {.path = RS_STR_LITERAL("m.py"),
                         .display_path = RS_STR_LITERAL("m.py"),
                         .source_root = RS_STR_LITERAL(""),
                         .file_id = 1};
    const rs_repo_files files = {.items = &file, .n_items = 1};
    require(rs_part_init(&parts[0], &err) == RS_OK && rs_part_init(&parts[1], &err) == RS_OK);
    require(rs_scip_open(&index, path, &options, &err) == RS_OK);
    require(rs_scip_match(&index, &files, &err) == RS_OK);
    require(rs_source_decode(&source, text, sizeof text - 1, &err) == RS_OK);
    options.scip = &index;
    rs_lens_set_init(&lenses, NULL, &options, NULL);
    require(rs_extractor_new(&lenses, &extractor, &err) == RS_OK);
    require(rs_extract_file(extractor, &file, &source, &parts[0], &summaries, &err) == RS_OK);
    require(rs_lenses_link(&lenses, &summaries, 1, &linked, &err) == RS_OK);
    require(rs_lenses_rest(&lenses, &linked, &parts[1], &err) == RS_OK);
    require(index.is_usable == (parts[1].batches[RS_DS_scip_metadata].n_rows == 1));
    require(index.is_usable || parts[1].batches[RS_DS_scip_span_errors].n_rows == 1);
    check_occurrences(&parts[0]);
    check_symbols(parts, RS_DS_scip_occurrences, RS_C_scip_occurrences_symbol_id);
    check_symbols(parts, RS_DS_scip_symbol_information, RS_C_scip_symbol_information_symbol_id);
    check_symbols(parts, RS_DS_scip_external_symbols, RS_C_scip_external_symbols_symbol_id);
    check_symbols(parts, RS_DS_scip_relationships, RS_C_scip_relationships_related_symbol_id);
    rs_extractor_free(extractor);
    rs_source_release(&source);
    rs_linked_release(&linked);
    rs_summaries_release(&summaries);
    rs_scip_release(&index);
    for (size_t i = 0; i < 2; i++) {
        rs_part_release(&parts[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    char path[] = "/tmp/relspec-fuzz-XXXXXX";
    int fd = mkstemp(path);
    require(fd >= 0 && close(fd) == 0);
    write_index(path, bytes, n_bytes);
    check_index(path);
    require(unlink(path) == 0);
    return 0;
}
