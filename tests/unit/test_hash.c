/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <inttypes.h>

#include "unit/unit.h"

typedef struct stable_case {
    const char *label;
    const char *tag;
    int64_t numbers[2];
    size_t n_numbers;
    int64_t want;
} stable_case;

/* The values that Spark SQL's xxhash64() gives for a string and BIGINT columns. */
static const stable_case stable_cases[] = {
    {"a string", "Spark", {0}, 0, INT64_C(-4294468057691064905)},
    {"a string and two numbers", "Spark", {123, 2}, 2, INT64_C(723522175245749216)},
};

static void ids_are_those_of_spark(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(stable_cases); i++) {
        const stable_case *c = &stable_cases[i];
        uint64_t hash = rs_stable_id_init(c->tag);
        for (size_t k = 0; k < c->n_numbers; k++) {
            hash = rs_stable_id_i64(hash, c->numbers[k]);
        }
        UNIT_CHECK((int64_t)hash == c->want, "%s: %" PRId64, c->label, (int64_t)hash);
    }
}

static void a_number_is_eight_little_endian_bytes(void **state)
{
    (void)state;
    uint64_t hash = rs_stable_id_init("x");
    const char bytes[] = "\xfe\xff\xff\xff\xff\xff\xff\xff";
    assert_true(rs_stable_id_i64(hash, -2) == rs_stable_id_str(hash, (rs_str){bytes, 8}));
}

static void numbers_of_rows_are_hashed_as_each(void **state)
{
    (void)state;
    enum { MAX_ROWS = 37 };
    for (size_t n_rows = 0; n_rows <= MAX_ROWS; n_rows++) {
        int64_t parts[MAX_ROWS] = {INT64_MIN, INT64_MAX, 0, -1};
        uint64_t hashes[MAX_ROWS];
        for (size_t i = 0; i < MAX_ROWS; i++) {
            hashes[i] = rs_stable_id_i64(rs_stable_id_init("row"), (int64_t)i);
            parts[i] = i < 4 ? parts[i] : (int64_t)rs_stable_id_i64(hashes[i], -(int64_t)i);
        }
        rs_stable_ids_add_i64(hashes, parts, n_rows);
        for (size_t i = 0; i < MAX_ROWS; i++) {
            uint64_t before = rs_stable_id_i64(rs_stable_id_init("row"), (int64_t)i);
            uint64_t want = i < n_rows ? rs_stable_id_i64(before, parts[i]) : before;
            UNIT_CHECK(hashes[i] == want, "row %zu of %zu", i, n_rows);
        }
    }
}

static void an_empty_part_counts(void **state)
{
    (void)state;
    uint64_t hash = rs_stable_id_init("x");
    assert_true(rs_stable_id_str(hash, (rs_str){NULL, 0}) != hash);
    assert_true(rs_stable_id_str(hash, (rs_str){NULL, 0}) ==
                rs_stable_id_str(hash, RS_STR_LITERAL("")));
}

static void ids_in_files_are_positive_and_the_others_negative(void **state)
{
    (void)state;
    static const char *const paths[] = {"", "a.py", "pkg/__init__.py", "\xff\xfe", "pkg/b.py"};
    for (size_t i = 0; i < UNIT_COUNT(paths); i++) {
        rs_str path = rs_str_of(paths[i]);
        int64_t file = rs_file_id((rs_str){NULL, 0}, path);
        UNIT_CHECK(file >= 0 && file < INT64_C(1) << RS_ID_FILE_BITS, "%s: %" PRId64, paths[i],
                   file);
        UNIT_CHECK(file != rs_file_id(RS_STR_LITERAL("repo"), path), "%s: repository", paths[i]);
        int64_t last = rs_entity_id(file, (1U << RS_ID_ENTITY_BITS) - 1);
        UNIT_CHECK(last >= 0 && last >> RS_ID_ENTITY_BITS == file, "%s: %" PRId64, paths[i], last);
        UNIT_CHECK(rs_entity_id(file, 0) + (1 << RS_ID_ENTITY_BITS) - 1 == last, "%s", paths[i]);
        UNIT_CHECK(rs_global_id("symbol", path) < 0, "%s: global", paths[i]);
    }
}

typedef struct sha_case {
    const char *label;
    const char *text;
    const char *want;
} sha_case;

static const sha_case sha_cases[] = {
    {"nothing", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc (FIPS 180-2)", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"two blocks (FIPS 180-2)", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void sha256_has_the_known_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(sha_cases); i++) {
        const sha_case *c = &sha_cases[i];
        char whole[RS_SHA256_TEXT_BYTES];
        rs_sha256_text(c->text, strlen(c->text), whole);
        UNIT_CHECK(strcmp(whole, c->want) == 0, "%s: %s", c->label, whole);
        char pieces[RS_SHA256_TEXT_BYTES];
        rs_sha256 *hash = rs_sha256_new();
        assert_non_null(hash);
        for (const char *at = c->text; *at != '\0'; at++) {
            rs_sha256_add(hash, at, 1);
        }
        rs_sha256_finish(hash, pieces);
        rs_sha256_free(hash);
        UNIT_CHECK(strcmp(pieces, c->want) == 0, "%s, byte by byte: %s", c->label, pieces);
    }
    rs_sha256_free(NULL);
}

static rs_status hash_new(void *context)
{
    (void)context;
    rs_sha256 *hash = rs_sha256_new();
    if (hash == NULL) {
        return RS_ERR_NOMEM;
    }
    rs_sha256_free(hash);
    return RS_OK;
}

static void out_of_memory_is_returned(void **state)
{
    (void)state;
    UNIT_SWEEP(hash_new, NULL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(ids_are_those_of_spark),
    cmocka_unit_test(a_number_is_eight_little_endian_bytes),
    cmocka_unit_test(numbers_of_rows_are_hashed_as_each),
    cmocka_unit_test(an_empty_part_counts),
    cmocka_unit_test(ids_in_files_are_positive_and_the_others_negative),
    cmocka_unit_test(sha256_has_the_known_values),
    cmocka_unit_test(out_of_memory_is_returned),
};

UNIT_TESTS(hash, tests)
