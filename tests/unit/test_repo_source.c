/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/source.h"

#include "repo/codec.h"
#include "unit/unit.h"

enum { NO_FINDING = RS_N_DIAGNOSTICS };

typedef struct decode_case {
    const char *label;
    const char *bytes;
    const char *encoding;
    unsigned code; /* of the first finding */
    uint32_t start_byte;
    uint32_t end_byte;
} decode_case;

/* What CPython's tokenizer says; see tests/oracle for the whole of it. */
static const decode_case decode_cases[] = {
    {"nothing", "", "utf-8", NO_FINDING, 0, 0},
    {"plain", "x = 1\n", "utf-8", NO_FINDING, 0, 0},
    {"a mark", "\xef\xbb\xbfx = 1\n", "utf-8-sig", NO_FINDING, 0, 0},
    {"a mark and the same", "\xef\xbb\xbf# coding: utf_8\n", "utf-8-sig", NO_FINDING, 0, 0},
    {"a mark and another", "\xef\xbb\xbf# coding: latin-1\n", "", RS_D_encoding_conflict, 13, 20},
    {"a mark and utf8", "\xef\xbb\xbf#coding=utf8", "", RS_D_encoding_conflict, 11, 15},
    {"a coding line", "# -*- coding: cp1252 -*-\n", "cp1252", NO_FINDING, 0, 0},
    {"latin-1 in other words", "# coding: Latin_1-unix\n", "iso-8859-1", NO_FINDING, 0, 0},
    {"utf-8 in other words", "# coding: UTF-8-mac\n", "utf-8", NO_FINDING, 0, 0},
    {"a name is kept", "# coding: KOI8_R\n", "KOI8_R", NO_FINDING, 0, 0},
    {"an equals sign", "#coding=gbk\n", "gbk", NO_FINDING, 0, 0},
    {"behind blanks", " \t\f# coding: gbk\n", "gbk", NO_FINDING, 0, 0},
    {"the second line", "#!x\n# coding: gbk\n", "gbk", NO_FINDING, 0, 0},
    {"the second line after a return", "\r# coding: gbk\r", "gbk", NO_FINDING, 0, 0},
    {"the second line after both", "#\r\n# coding: gbk", "gbk", NO_FINDING, 0, 0},
    {"not the third line", "\n\n# coding: klingon\n", "utf-8", NO_FINDING, 0, 0},
    {"not behind code", "x = 1\n# coding: klingon\n", "utf-8", NO_FINDING, 0, 0},
    {"not beside code", "x = 1 # coding: klingon\n", "utf-8", NO_FINDING, 0, 0},
    {"not behind a backslash", "\\\n# coding: klingon\n", "utf-8", NO_FINDING, 0, 0},
    {"not without a mark", "# coding klingon\n", "utf-8", NO_FINDING, 0, 0},
    {"not without a name", "# coding:  \n", "utf-8", NO_FINDING, 0, 0},
    {"the first with a name", "# coding:#coding=gbk\n", "gbk", NO_FINDING, 0, 0},
    {"unknown", "# coding: klingon\n", "", RS_D_encoding_unknown, 10, 17},
    {"no text", "# coding: rot13\n", "rot13", RS_D_encoding_unknown, 10, 15},
    {"not ours", "# coding: idna\n", "idna", RS_D_encoding_unknown, 10, 14},
    {"no UTF-8", "s = '\xe9'\n", "utf-8", RS_D_encoding_invalid, 5, 6},
    {"overlong", "'\xc0\xaf'", "utf-8", RS_D_encoding_invalid, 1, 2},
    {"overlong in three", "'\xe0\x9f\x80'", "utf-8", RS_D_encoding_invalid, 1, 2},
    {"a surrogate", "'\xed\xa0\x80'", "utf-8", RS_D_encoding_invalid, 1, 2},
    {"cut", "'\xe4\xb8", "utf-8", RS_D_encoding_invalid, 1, 3},
    {"cut in four", "'\xf0\x9f\x98'", "utf-8", RS_D_encoding_invalid, 1, 4},
    {"too high", "'\xf4\x90\x80\x80'", "utf-8", RS_D_encoding_invalid, 1, 2},
    {"five bytes", "'\xf8\x88\x80\x80\x80'", "utf-8", RS_D_encoding_invalid, 1, 2},
    {"the last character", "'\xf4\x8f\xbf\xbf'", "utf-8", NO_FINDING, 0, 0},
    {"no ASCII", "# coding: ascii\n\xe9", "ascii", RS_D_encoding_invalid, 16, 17},
    {"a hole in cp1252", "# coding: cp1252\n\x81", "cp1252", RS_D_encoding_invalid, 17, 18},
};

static void encodings_are_found(void **state)
{
    (void)state;
    rs_source source = {0};
    for (size_t i = 0; i < UNIT_COUNT(decode_cases); i++) {
        const decode_case *c = &decode_cases[i];
        size_t n_bytes = strlen(c->bytes);
        assert_int_equal(rs_source_decode(&source, c->bytes, n_bytes, NULL), RS_OK);
        UNIT_CHECK(strcmp(source.encoding, c->encoding) == 0, "%s: %s", c->label, source.encoding);
        const rs_source_finding *first = &source.findings[0];
        unsigned code = source.n_findings == 0 ? NO_FINDING : first->code;
        UNIT_CHECK(code == c->code, "%s: finding %u %s", c->label, code, first->message);
        UNIT_CHECK(code == NO_FINDING ||
                       (first->start_byte == c->start_byte && first->end_byte == c->end_byte),
                   "%s: at %u to %u", c->label, first->start_byte, first->end_byte);
        UNIT_CHECK((source.status == RS_W_parse_status_undecoded) == (code != NO_FINDING),
                   "%s: status %d", c->label, (int)source.status);
        UNIT_CHECK(source.is_recoded || source.text == source.raw, "%s: text", c->label);
    }
    rs_source_release(&source);
}

typedef struct recode_case {
    const char *label;
    const char *bytes;
    const char *text;
    const char *mark; /* in the text, and at raw_byte in the bytes */
    uint32_t raw_byte;
} recode_case;

static const recode_case recode_cases[] = {
    {"latin-1", "#coding:latin-1\n\xe9+x", "#coding:latin-1\n\xc3\xa9+x", "+x", 17},
    {"cp1252", "#coding:cp1252\n\x80+x", "#coding:cp1252\n\xe2\x82\xac+x", "+x", 16},
    {"gbk", "#coding:gbk\n\xd6\xd0\xce\xc4+x", "#coding:gbk\n\xe4\xb8\xad\xe6\x96\x87+x", "+x", 16},
    {"a backslash in shift_jis", "#coding:sjis\n\x95\x5c+x", "#coding:sjis\n\xe8\xa1\xa8+x", "+x",
     15},
    {"a real backslash in shift_jis", "#coding:sjis\n\xb1\\+x", "#coding:sjis\n\xef\xbd\xb1\\+x",
     "+x", 15},
    {"gb18030 in four bytes", "#coding:gb18030\n\x90\x30\x81\x30+x",
     "#coding:gb18030\n\xf0\x90\x80\x80+x", "+x", 20},
    {"escapes", "#coding:iso2022_jp\n\x1b$BF|\x1b(B+x", "#coding:iso2022_jp\n\xe6\x97\xa5+x", "+x",
     27},
    {"hz", "#coding:hz\n~{VP~}+~~x", "#coding:hz\n\xe4\xb8\xad+~x", "+", 17},
    {"utf-7", "#coding:utf7\n+AOk-+-x", "#coding:utf7\n\xc3\xa9+x", "+x", 18},
    {"utf-7: a carriage return that ends no line", "#coding:utf7\nx='+AA0-'",
     "#coding:utf7\nx='\xe2\x90\x8d'", "'", 15},
    {"utf-7 beyond the basic plane", "#coding:utf7\n+2D3eAA-x", "#coding:utf7\n\xf0\x9f\x98\x80x",
     "x", 21},
    {"bad bytes are replaced", "#coding:gbk\n\xff+x", "#coding:gbk\n\xef\xbf\xbd+x", "+x", 13},
};

static void other_encodings_are_recoded(void **state)
{
    (void)state;
    rs_source source = {0};
    for (size_t i = 0; i < UNIT_COUNT(recode_cases); i++) {
        const recode_case *c = &recode_cases[i];
        assert_int_equal(rs_source_decode(&source, c->bytes, strlen(c->bytes), NULL), RS_OK);
        UNIT_CHECK(source.is_recoded && strcmp(source.text, c->text) == 0, "%s: %s", c->label,
                   source.text);
        uint32_t at = (uint32_t)(strstr(source.text, c->mark) - source.text);
        uint32_t raw = rs_source_raw_offset(&source, at);
        UNIT_CHECK(raw == c->raw_byte, "%s: raw byte %u", c->label, raw);
        raw = rs_source_raw_offset(&source, source.n_text);
        UNIT_CHECK(raw == source.n_raw, "%s: the end is at %u", c->label, raw);
    }
    rs_source_release(&source);
}

static void a_cursor_agrees_with_single_look_ups(void **state)
{
    (void)state;
    enum { N_LINES = 200 };
    char bytes[20 + N_LINES * 5];
    size_t n_bytes = (size_t)snprintf(bytes, sizeof bytes, "#coding:latin-1\n");
    for (size_t i = 0; i < N_LINES; i++, n_bytes += 5) {
        memcpy(bytes + n_bytes,
               "\xe9\xe8"
               "ab\n",
               5);
    }
    rs_source source = {0};
    assert_int_equal(rs_source_decode(&source, bytes, n_bytes, NULL), RS_OK);
    assert_true(source.is_recoded);
    for (uint32_t stride = 1; stride < 300; stride = stride * 3 + 1) {
        rs_source_cursor cursor;
        rs_source_cursor_init(&cursor, &source);
        for (uint32_t at = 0; at <= source.n_text; at += stride) {
            assert_int_equal(rs_source_cursor_raw(&cursor, at), rs_source_raw_offset(&source, at));
        }
        assert_int_equal(rs_source_cursor_raw(&cursor, 3), 3);
    }
    rs_source_release(&source);
}

static void line_ends_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        rs_w_newline newline;
    } cases[] = {
        {"", RS_W_newline_NONE},          {"a", RS_W_newline_NONE},
        {"a\nb\n", RS_W_newline_LF},      {"a\r\nb\r\n", RS_W_newline_CRLF},
        {"a\rb\r", RS_W_newline_CR},      {"\r", RS_W_newline_CR},
        {"a\r\nb\n", RS_W_newline_MIXED}, {"a\nb\r\n", RS_W_newline_MIXED},
        {"a\n\rb", RS_W_newline_MIXED},   {"a\r\r\n", RS_W_newline_MIXED},
        {"a\vb\fc", RS_W_newline_NONE},
    };
    rs_source source = {0};
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        const char *bytes = cases[i].bytes;
        assert_int_equal(rs_source_decode(&source, bytes, strlen(bytes), NULL), RS_OK);
        UNIT_CHECK(source.newline == cases[i].newline, "case %zu: %d", i, (int)source.newline);
    }
    rs_source_release(&source);
}

static void null_bytes_are_found(void **state)
{
    (void)state;
    rs_source source = {0};
    static const char plain[] = "x = '\0'\n";
    assert_int_equal(rs_source_decode(&source, plain, sizeof plain - 1, NULL), RS_OK);
    assert_int_equal(source.n_findings, 1);
    assert_int_equal(source.findings[0].code, RS_D_null_byte);
    assert_int_equal(source.findings[0].start_byte, 5);
    assert_int_equal(source.status, RS_W_parse_status_ok);
    static const char both[] = "# coding: latin-1\n\xe9\0";
    assert_int_equal(rs_source_decode(&source, both, sizeof both - 1, NULL), RS_OK);
    assert_int_equal(source.n_findings, 1);
    assert_int_equal(source.findings[0].start_byte, 19);
    rs_source_release(&source);
}

static void the_hash_is_of_the_raw_bytes(void **state)
{
    (void)state;
    rs_source source = {0};
    assert_int_equal(rs_source_decode(&source, "abc", 3, NULL), RS_OK);
    assert_string_equal(source.sha256,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    rs_source_release(&source);
}

static void padding_follows_raw_and_text(void **state)
{
    (void)state;
    rs_source source = {0};
    static const char *const texts[] = {"x", "# coding: latin-1\n\xe9"};
    for (size_t i = 0; i < UNIT_COUNT(texts); i++) {
        assert_int_equal(rs_source_decode(&source, texts[i], strlen(texts[i]), NULL), RS_OK);
        for (size_t k = 0; k < RS_SOURCE_PADDING; k++) {
            assert_int_equal(source.raw[source.n_raw + k], 0);
            assert_int_equal(source.text[source.n_text + k], 0);
        }
    }
    rs_source_release(&source);
}

/* Each byte of a text is damaged in turn; the validator and the plainest reading of Unicode agree. */
static void every_two_bytes_are_judged(void **state)
{
    (void)state;
    for (unsigned first = 0; first < 256; first++) {
        for (unsigned second = 0; second < 256; second++) {
            char text[40];
            memset(text, 'a', sizeof text);
            text[35] = (char)first;
            text[36] = (char)second;
            size_t end = 0;
            size_t bad = rs_utf8_find_invalid(text, sizeof text, 0, &end);
            bool is_pair = first >= 0xc2 && first <= 0xdf && second >= 0x80 && second <= 0xbf;
            size_t want = is_pair || (first < 0x80 && second < 0x80) ? sizeof text
                          : first >= 0x80                            ? 35
                                                                     : 36;
            UNIT_CHECK(bad == want, "%02x %02x: %zu", first, second, bad);
        }
    }
}

static void names_are_in_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < rs_n_codec_names; i++) {
        assert_true(rs_codec_names[i].codec < rs_n_codecs);
        UNIT_CHECK(i == 0 || strcmp(rs_codec_names[i - 1].name, rs_codec_names[i].name) < 0,
                   "%s is out of order", rs_codec_names[i].name);
    }
    for (size_t i = 0; i < rs_n_codecs; i++) {
        const rs_codec *found = rs_codec_find(rs_str_of(rs_codecs[i].name));
        UNIT_CHECK(found != NULL, "%s is not found", rs_codecs[i].name);
    }
}

static void a_source_over_the_limit_is_refused(void **state)
{
    (void)state;
    rs_source source = {0};
    rs_error err = {0};
    UNIT_REFUSED(rs_source_decode(&source, "", (size_t)1 << 30, &err), &err, RS_ERR_LIMIT,
                 "over the limit");
    rs_source_release(&source);
}

static rs_status decode(void *context)
{
    const char *bytes = context;
    rs_source source = {0};
    rs_error err = {0};
    rs_status status = rs_source_decode(&source, bytes, strlen(bytes), &err);
    rs_source_release(&source);
    return status;
}

static void out_of_memory_is_returned(void **state)
{
    (void)state;
    char plain[] = "x = 1\n";
    char recoded[] = "# coding: latin-1\n\xe9 \xe9 \xe9 \xe9 \xe9 \xe9 \xe9 \xe9 \xe9 \xe9 \xe9\n";
    UNIT_SWEEP(decode, plain);
    UNIT_SWEEP(decode, recoded);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(encodings_are_found),
    cmocka_unit_test(other_encodings_are_recoded),
    cmocka_unit_test(a_cursor_agrees_with_single_look_ups),
    cmocka_unit_test(line_ends_are_told),
    cmocka_unit_test(null_bytes_are_found),
    cmocka_unit_test(the_hash_is_of_the_raw_bytes),
    cmocka_unit_test(padding_follows_raw_and_text),
    cmocka_unit_test(every_two_bytes_are_judged),
    cmocka_unit_test(names_are_in_order),
    cmocka_unit_test(a_source_over_the_limit_is_refused),
    cmocka_unit_test(out_of_memory_is_returned),
};

UNIT_TESTS(repo_source, tests)
