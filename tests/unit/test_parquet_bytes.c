/* SPDX-License-Identifier: Apache-2.0 */
/* Runs and packed bits, differences, Thrift: byte by byte, as the specifications have them. */
#include "parquet/delta.h"
#include "parquet/hybrid.h"
#include "parquet/statistics.h"
#include "parquet/thrift.h"

#include "unit/unit.h"

static void check_hex(const rs_bytes *bytes, const char *wanted, const char *label)
{
    rs_buf text = {0};
    for (size_t i = 0; i < bytes->n_bytes; i++) {
        rs_buf_addf(&text, "%02x", bytes->bytes[i]);
    }
    UNIT_CHECK(!bytes->failed && strcmp(rs_buf_text(&text), wanted) == 0, "%s: %s, not %s", label,
               rs_buf_text(&text), wanted);
    rs_buf_release(&text);
}

/* --- runs --- */

typedef struct piece {
    uint32_t number;
    uint64_t n;
} piece;

static void runs_and_literals_take_turns(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        unsigned width;
        piece pieces[10];
        const char *wanted;
    } cases[] = {
        {"nothing", 1, {{0, 0}}, ""},
        {"one number is a run", 1, {{1, 1}}, "0201"},
        {"a run", 1, {{1, 100}}, "c80101"},
        {"zero to seven, as the specification has them",
         3,
         {{0, 1}, {1, 1}, {2, 1}, {3, 1}, {4, 1}, {5, 1}, {6, 1}, {7, 1}},
         "0388c6fa"},
        {"a run in pieces is one", 2, {{3, 10}, {3, 10}, {3, 20}}, "5003"},
        {"a run fills the literals before it", 1, {{0, 1}, {1, 1}, {0, 100}}, "0302bc0100"},
        {"a short run is literals", 1, {{0, 4}, {1, 4}}, "03f0"},
        {"the last literals are filled up", 8, {{1, 1}, {2, 1}}, "030102000000000000"},
        {"numbers of two bytes", 9, {{256, 8}}, "100001"},
    };
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        rs_hybrid hybrid = {.width = cases[i].width};
        rs_bytes out = {0};
        for (size_t j = 0; j < 10; j++) {
            rs_hybrid_add(&hybrid, cases[i].pieces[j].number, cases[i].pieces[j].n, &out);
        }
        rs_hybrid_finish(&hybrid, &out);
        check_hex(&out, cases[i].wanted, cases[i].label);
        rs_bytes_release(&out);
    }
}

/* What the bytes say, by the specification's words. */
static size_t read_back(const rs_bytes *from, unsigned width, uint32_t *out)
{
    size_t n = 0;
    size_t at = 0;
    while (at < from->n_bytes) {
        uint64_t header = 0;
        for (unsigned shift = 0;; shift += 7) {
            uint8_t byte = from->bytes[at++];
            header |= (uint64_t)(byte & 0x7f) << shift;
            if (byte < 0x80) {
                break;
            }
        }
        if (header & 1) {
            for (size_t i = 0; i < (header >> 1) * 8; i++) {
                uint32_t number = 0;
                for (unsigned b = 0; b < width; b++) {
                    size_t bit = i * width + b;
                    number |= (uint32_t)(from->bytes[at + bit / 8] >> (bit % 8) & 1) << b;
                }
                out[n++] = number;
            }
            at += (header >> 1) * width;
            continue;
        }
        uint32_t number = 0;
        for (unsigned b = 0; b < (width + 7) / 8; b++) {
            number |= (uint32_t)from->bytes[at++] << (8 * b);
        }
        for (uint64_t i = 0; i < header >> 1; i++) {
            out[n++] = number;
        }
    }
    return n;
}

/* Of every width, runs of every length behind and before literals. */
static void runs_come_back(void **state)
{
    (void)state;
    static uint32_t numbers[8192];
    static uint32_t found[8192 + 512];
    uint32_t seed = 1;
    for (unsigned width = 1; width <= 32; width++) {
        rs_hybrid hybrid = {.width = width};
        rs_bytes out = {0};
        size_t n = 0;
        while (n < 8000) {
            seed = seed * 1664525 + 1013904223;
            uint32_t number = (seed >> 3) & (uint32_t)((UINT64_C(1) << width) - 1);
            size_t n_times = seed >> 28 == 0 ? 1 + (seed >> 8) % 90 : 1;
            for (size_t i = 0; i < n_times; i++) {
                numbers[n++] = number;
            }
            rs_hybrid_add(&hybrid, number, n_times, &out);
        }
        rs_hybrid_finish(&hybrid, &out);
        size_t n_found = read_back(&out, width, found);
        UNIT_CHECK(n_found >= n && n_found < n + 8 && memcmp(numbers, found, n * 4) == 0,
                   "width %u: %zu of %zu", width, n_found, n);
        rs_bytes_release(&out);
    }
}

/* --- differences --- */

static void differences_are_as_specified(void **state)
{
    (void)state;
    static const int64_t numbers[] = {7, 5, 3, 1, 2, 3, 4, 5};
    static const int32_t extremes[] = {INT32_MIN, INT32_MAX, INT32_MIN};
    rs_bytes out = {0};
    rs_delta_add_i64(numbers, 8, &out);
    check_hex(&out,
              "8001"
              "04"
              "08"
              "0e"
              "03"
              "02000000"
              "c03f000000000000",
              "the specification's example");
    rs_bytes_reset(&out);
    rs_delta_add_i64(NULL, 0, &out);
    check_hex(&out,
              "80010400"
              "00",
              "no number");
    rs_bytes_reset(&out);
    rs_delta_add_i64(numbers, 1, &out);
    check_hex(&out,
              "80010401"
              "0e",
              "one number has no block");
    rs_bytes_reset(&out);
    rs_delta_add_i32(extremes, 3, &out);
    check_hex(&out,
              "80010403"
              "ffffffff0f"
              "01"
              "02000000"
              "0800000000000000",
              "differences wrap");
    rs_bytes_release(&out);
}

/* From one file's ids to the next one's it is far, in either direction: 2048 numbers of one byte. */
static void a_leap_widens_its_miniblock_alone(void **state)
{
    (void)state;
    enum { N = 2049, LEAPS = 4, LEAST = N + N / 32, MOST = LEAST + LEAPS * 32 * 8 };
    static int64_t wide[N];
    static int32_t narrow[N];
    rs_bytes out = {0};
    for (size_t i = 1; i < N; i++) {
        uint64_t step = i % (N / LEAPS) == 0
                            ? (i / (N / LEAPS) % 2 == 0 ? UINT64_C(1) << 62 : UINT64_C(3) << 62)
                            : i % 200;
        wide[i] = (int64_t)((uint64_t)wide[i - 1] + step);
        narrow[i] = (int32_t)((uint32_t)narrow[i - 1] + (uint32_t)(step >> 32 ^ step));
    }
    rs_delta_add_i64(wide, N, &out);
    UNIT_CHECK(out.n_bytes > N && out.n_bytes < MOST, "wide: %zu bytes", out.n_bytes);
    rs_bytes_reset(&out);
    rs_delta_add_i32(narrow, N, &out);
    UNIT_CHECK(out.n_bytes > N && out.n_bytes < MOST, "narrow: %zu bytes", out.n_bytes);
    rs_bytes_reset(&out);
    rs_delta_add_lengths(narrow, N, &out);
    UNIT_CHECK(out.n_bytes > (size_t)4 * N, "lengths: %zu bytes", out.n_bytes);
    rs_bytes_release(&out);
}

/* --- Thrift --- */

typedef struct inner {
    rs_thrift_int number;
} inner;

typedef struct outer {
    rs_thrift_int yes;
    rs_thrift_int no;
    rs_str text;
    rs_thrift_list numbers;
    rs_thrift_list inners;
    const inner *one;
    rs_thrift_int far;
} outer;

static void structs_are_compact(void **state)
{
    (void)state;
    static const rs_thrift_field inner_fields[] = {
        {1, RS_THRIFT_I64, offsetof(inner, number), NULL}};
    static const rs_thrift_struct inner_type = {inner_fields, 1, sizeof(inner)};
    static const rs_thrift_field fields[] = {
        {1, RS_THRIFT_BOOL, offsetof(outer, yes), NULL},
        {2, RS_THRIFT_BOOL, offsetof(outer, no), NULL},
        {3, RS_THRIFT_BINARY, offsetof(outer, text), NULL},
        {4, RS_THRIFT_I32S, offsetof(outer, numbers), NULL},
        {5, RS_THRIFT_STRUCTS, offsetof(outer, inners), &inner_type},
        {6, RS_THRIFT_STRUCT, offsetof(outer, one), &inner_type},
        {40, RS_THRIFT_I32, offsetof(outer, far), NULL},
    };
    static const rs_thrift_struct type = {fields, UNIT_COUNT(fields), sizeof(outer)};
    static const int32_t numbers[16] = {1, -1};
    static const inner inners[] = {{{5, true}}, {{0, false}}};
    rs_bytes out = {0};
    rs_thrift_add(&type, &(outer){0}, &out);
    check_hex(&out, "00", "nothing is set");
    rs_bytes_reset(&out);
    const outer whole = {.yes = RS_THRIFT(1),
                         .no = RS_THRIFT(0),
                         .text = RS_STR_LITERAL("ab"),
                         .numbers = {numbers, 16},
                         .inners = {inners, 2},
                         .one = &inners[0],
                         .far = RS_THRIFT(-300)};
    rs_thrift_add(&type, &whole, &out);
    check_hex(&out,
              "11"
              "12"
              "18026162"
              "19f510"
              "02010000000000000000000000000000"
              "192c"
              "160a00"
              "00"
              "1c160a00"
              "0550d704"
              "00",
              "all is set");
    rs_bytes_release(&out);
}

/* --- bounds --- */

static void long_texts_have_bounds(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *repeated;
        size_t n_times;
        size_t n_least;    /* bytes */
        size_t n_greatest; /* 0: none */
        char last;
    } cases[] = {
        {"as long as may be", "a", 64, 64, 64, 'a'},
        {"one byte longer", "a", 65, 64, 64, 'b'},
        {"cut before a character", "\xe2\x82\xac", 30, 63, 0, 0},
        {"what has no next one is left out", "a\x7f", 40, 64, 63, 'b'},
    };
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        rs_buf text = {0};
        rs_statistics found = {0};
        for (size_t j = 0; j < cases[i].n_times; j++) {
            rs_buf_add(&text, cases[i].repeated);
        }
        rs_statistics_texts(rs_buf_str(&text), rs_buf_str(&text), &found);
        size_t n_greatest = found.greatest.is_set ? found.greatest.n_bytes : 0;
        UNIT_CHECK(found.least.n_bytes == cases[i].n_least && n_greatest == cases[i].n_greatest,
                   "%s: %zu and %zu bytes", cases[i].label, found.least.n_bytes, n_greatest);
        uint8_t last = n_greatest > 0 ? found.greatest.bytes[n_greatest - 1] : 0;
        UNIT_CHECK(n_greatest == 0 || last == (uint8_t)cases[i].last,
                   "%s: the greatest ends with %d", cases[i].label, last);
        rs_buf_release(&text);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(runs_and_literals_take_turns),
    cmocka_unit_test(runs_come_back),
    cmocka_unit_test(differences_are_as_specified),
    cmocka_unit_test(a_leap_widens_its_miniblock_alone),
    cmocka_unit_test(structs_are_compact),
    cmocka_unit_test(long_texts_have_bounds),
};

UNIT_TESTS(parquet_bytes, tests)
