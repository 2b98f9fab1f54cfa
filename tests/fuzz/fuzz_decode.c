/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever the bytes, there is text; offsets lead back in order; findings lie in the file. */
#include <stdlib.h>

#include "repo/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static bool has_finding(const rs_source *source, rs_diagnostic_code code)
{
    for (size_t i = 0; i < source->n_findings; i++) {
        if (source->findings[i].code == code) {
            return true;
        }
    }
    return false;
}

static void check_findings(const rs_source *source)
{
    size_t end = 0;
    for (size_t i = 0; i < source->n_findings; i++) {
        const rs_source_finding *finding = &source->findings[i];
        require(finding->start_byte <= finding->end_byte && finding->end_byte <= source->n_raw);
        size_t n_message = strlen(finding->message);
        require(n_message > 0);
        require(rs_utf8_find_invalid(finding->message, n_message, 0, &end) == n_message);
    }
    bool has_null = source->n_text > 0 && memchr(source->text, '\0', source->n_text) != NULL;
    require(has_null == has_finding(source, RS_D_null_byte));
    bool is_undecoded = has_finding(source, RS_D_encoding_invalid) ||
                        has_finding(source, RS_D_encoding_unknown) ||
                        has_finding(source, RS_D_encoding_conflict);
    require(is_undecoded == (source->status == RS_W_parse_status_undecoded));
    bool is_valid = rs_utf8_find_invalid(source->text, source->n_text, 0, &end) == source->n_text;
    require(is_valid || (is_undecoded && !source->is_recoded));
}

static void check_offsets(const rs_source *source)
{
    rs_source_cursor cursor;
    rs_source_cursor_init(&cursor, source);
    uint32_t last = 0;
    for (uint32_t at = 0; at <= source->n_text; at++) {
        uint32_t raw = rs_source_raw_offset(source, at);
        require(raw >= last && raw <= source->n_raw);
        require(source->is_recoded || raw == at);
        require(rs_source_cursor_raw(&cursor, at) == raw);
        last = raw;
    }
    require(last == source->n_raw);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    rs_source source = {0};
    /* Twice, so that the second goes through used buffers. */
    for (int round = 0; round < 2; round++) {
        require(rs_source_decode(&source, bytes, n_bytes, NULL) == RS_OK);
        require(source.n_raw == n_bytes);
        require(n_bytes == 0 || memcmp(source.raw, bytes, n_bytes) == 0);
        require(source.is_recoded || source.text == source.raw);
        require(source.text_start == (source.has_bom ? 3 : 0));
        for (size_t i = 0; i < RS_SOURCE_PADDING; i++) {
            require(source.text[source.n_text + i] == '\0' && source.raw[n_bytes + i] == '\0');
        }
        check_findings(&source);
        check_offsets(&source);
    }
    rs_source_release(&source);
    return 0;
}
