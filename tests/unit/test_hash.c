/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <inttypes.h>
#include <stdlib.h>

#include "unit/unit.h"

#define TEXT(bytes)                                                                                \
    {                                                                                              \
        RS_ID_TEXT, 0,                                                                             \
        {                                                                                          \
            bytes, sizeof(bytes) - 1                                                               \
        }                                                                                          \
    }
#define NUMBER(value)                                                                              \
    {                                                                                              \
        RS_ID_NUMBER, value,                                                                       \
        {                                                                                          \
            NULL, 0                                                                                \
        }                                                                                          \
    }

enum { MAX_PARTS = 5 };

typedef struct golden_id {
    const char *label;
    rs_id_part parts[MAX_PARTS];
    size_t n_parts;
    const char *encoded; /* what is hashed */
    int64_t want;
} golden_id;

/* Those of docs/conventions.md; tests/docs/ids.py makes them without relspec. */
static const golden_id golden_ids[] = {
    {"a tag", {TEXT("tag")}, 1, "3:tag", INT64_C(4401435068215106448)},
    {"a text", {TEXT("TYPE"), TEXT("int")}, 2, "4:TYPE3:int", INT64_C(1440177449604718528)},
    {"a text of bytes that are no ASCII",
     {TEXT("QUALIFIED_NAME"), TEXT("caf\xc3\xa9")},
     2,
     "14:QUALIFIED_NAME5:caf\xc3\xa9",
     INT64_C(-5201383766625636997)},
    {"an empty text",
     {TEXT("REPOSITORY"), TEXT("")},
     2,
     "10:REPOSITORY0:",
     INT64_C(2787226832890360414)},
    {"numbers",
     {TEXT("t"), NUMBER(123), NUMBER(-2)},
     3,
     "1:ti123ei-2e",
     INT64_C(4818583028204828802)},
    {"a null", {TEXT("t"), {0}, TEXT("x")}, 3, "1:tn1:x", INT64_C(4686166133303908306)},
    {"an edge",
     {TEXT("edge"), TEXT("AST"), NUMBER(5), NUMBER(-6), NUMBER(7)},
     5,
     "4:edge3:ASTi5ei-6ei7e",
     INT64_C(-7299531255269407918)},
    {"an edge without a place",
     {TEXT("edge"), TEXT("AST"), NUMBER(5), NUMBER(-6), {0}},
     5,
     "4:edge3:ASTi5ei-6en",
     INT64_C(8188521575444377006)},
};

static void ids_have_their_golden_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(golden_ids); i++) {
        const golden_id *c = &golden_ids[i];
        int64_t id = rs_stable_id(c->parts, c->n_parts);
        UNIT_CHECK(id == c->want, "%s: %" PRId64, c->label, id);
        char hex[RS_SHA256_TEXT_BYTES];
        rs_sha256_text(c->encoded, strlen(c->encoded), hex);
        hex[16] = '\0';
        UNIT_CHECK((uint64_t)id == strtoull(hex, NULL, 16), "%s: %s", c->label, hex);
    }
}

/* Whatever two lists of parts say is told apart by what stands between them. */
static void no_two_lists_of_parts_are_one_text(void **state)
{
    (void)state;
    static const rs_id_part lists[][3] = {
        {TEXT("a"), TEXT("b"), TEXT("")},   {TEXT("ab"), TEXT(""), TEXT("")},
        {TEXT("a"), TEXT(""), TEXT("b")},   {TEXT("a"), TEXT("b"), {0}},
        {TEXT("a"), {0}, TEXT("b")},        {TEXT("1:a"), TEXT("b"), TEXT("")},
        {TEXT("a1:b0:"), {0}, {0}},         {TEXT("a"), TEXT("n"), {0}},
        {TEXT("a"), NUMBER(1), TEXT("")},   {TEXT("a"), TEXT("1"), TEXT("")},
        {TEXT("a"), TEXT("i1e"), TEXT("")}, {TEXT("a"), NUMBER(-1), TEXT("")},
    };
    for (size_t i = 0; i < UNIT_COUNT(lists); i++) {
        for (size_t k = 0; k < i; k++) {
            UNIT_CHECK(rs_stable_id(lists[i], 3) != rs_stable_id(lists[k], 3), "%zu and %zu", i, k);
        }
        UNIT_CHECK(rs_stable_id(lists[i], 3) != rs_stable_id(lists[i], 2), "%zu", i);
    }
}

/* Parts are gathered in a block before they are hashed: none of any length falls between. */
static void parts_of_any_length_are_hashed_whole(void **state)
{
    (void)state;
    enum { MAX_BYTES = 300 };
    char text[MAX_BYTES];
    memset(text, 'x', sizeof text);
    for (size_t n_bytes = 0; n_bytes < MAX_BYTES; n_bytes++) {
        char encoded[2 * MAX_BYTES];
        char hex[RS_SHA256_TEXT_BYTES];
        const rs_id_part parts[] = {TEXT("tag"), rs_id_text((rs_str){text, n_bytes}),
                                    NUMBER(INT64_MIN)};
        int n = snprintf(encoded, sizeof encoded, "3:tag%zu:%.*si-9223372036854775808e", n_bytes,
                         (int)n_bytes, text);
        rs_sha256_text(encoded, (size_t)n, hex);
        hex[16] = '\0';
        UNIT_CHECK((uint64_t)rs_stable_id(parts, 3) == strtoull(hex, NULL, 16), "%zu", n_bytes);
    }
}

static void ids_can_be_cut(void **state)
{
    (void)state;
    int64_t whole = rs_global_id(RS_STR_LITERAL("FILE"), RS_STR_LITERAL("a.py"));
    rs_stable_id_cut(8);
    int64_t cut = rs_global_id(RS_STR_LITERAL("FILE"), RS_STR_LITERAL("a.py"));
    rs_stable_id_cut(64);
    assert_true(cut == (INT64_MIN | (whole & 0xff)));
    assert_true(rs_global_id(RS_STR_LITERAL("FILE"), RS_STR_LITERAL("a.py")) == whole);
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
        UNIT_CHECK(rs_global_id(RS_STR_LITERAL("symbol"), path) < 0, "%s: global", paths[i]);
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
    cmocka_unit_test(ids_have_their_golden_values),
    cmocka_unit_test(no_two_lists_of_parts_are_one_text),
    cmocka_unit_test(parts_of_any_length_are_hashed_whole),
    cmocka_unit_test(ids_can_be_cut),
    cmocka_unit_test(ids_in_files_are_positive_and_the_others_negative),
    cmocka_unit_test(sha256_has_the_known_values),
    cmocka_unit_test(out_of_memory_is_returned),
};

UNIT_TESTS(hash, tests)
