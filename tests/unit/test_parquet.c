/* SPDX-License-Identifier: Apache-2.0 */
/* Files: a small one byte by byte, row groups and pages, pushes of any size, and what gets in the way. */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "parquet/made.h"
#include "parquet/tally.h"

#include "unit/unit.h"

static void make_path(char path[64])
{
    (void)snprintf(path, 64, "/tmp/relspec-parquet-%ld", (long)getpid());
    (void)unlink(path);
}

static void read_hex(const char *path, rs_buf *out)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (int c = fgetc(file); c != EOF; c = fgetc(file)) {
        rs_buf_addf(out, "%02x", (unsigned)c);
    }
    (void)fclose(file);
}

/* --- one file --- */

/* Signature; pages of id, name, is; footer. None of them is compressed, so that no version of a library
 * shows. */
static const char golden[] =
    "504152311500152015202c1506150a150615060000020000000601800104030a02000000001500152415242c"
    "1506150c1506150600000200000003058001040202000000000061621500150e150e2c150615001506150600"
    "00020000000601071504194c4806736368656d61150600150425021802696400150c250218046e616d652500"
    "4c1c0000001500250218026973001606191c193c26001c15041925060a191802696415001606164216422608"
    "3c3600280807000000000000001808050000000000000000000026001c150c1925060c1918046e616d651500"
    "160616461646264a3c3602160418016218016100000026001c15001925060019180269731500160616301630"
    "2690013c360028010118010100000016b8011606260816b80100191c18016b18017600181d72656c73706563"
    "2d706172717565742076657273696f6e20312e302e30193c1c00001c00001c000000f600000050415231";

static void a_small_file_is_known(void **state)
{
    (void)state;
    static const int64_t ids[] = {5, 6, 7};
    static const rs_str names[] = {{"a", 1}, {NULL, 0}, {"b", 1}};
    static const uint8_t truth = 1;
    static const rs_parquet_column columns[] = {{.name = "id", .type = RS_TYPE_I64},
                                                {.name = "name", .type = RS_TYPE_STR},
                                                {.name = "is", .type = RS_TYPE_BOOL}};
    static const rs_parquet_vector vectors[] = {{.form = RS_FORM_FLAT, .values = ids},
                                                {.form = RS_FORM_FLAT, .values = names},
                                                {.form = RS_FORM_CONSTANT, .values = &truth}};
    static const rs_text_pair pairs[] = {{"k", "v"}};
    char path[64];
    rs_error err = {0};
    rs_parquet *file = NULL;
    rs_parquet_written written;
    rs_buf hex = {0};
    make_path(path);
    assert_int_equal(rs_parquet_open(path, columns, 3, pairs, 1, &file, &err), RS_OK);
    assert_int_equal(rs_parquet_push(file, vectors, 3, &err), RS_OK);
    assert_int_equal(rs_parquet_close(file, &written, &err), RS_OK);
    rs_parquet_free(file);
    read_hex(path, &hex);
    UNIT_CHECK(strcmp(rs_buf_text(&hex), golden) == 0, "%s", rs_buf_text(&hex));
    assert_int_equal(written.n_bytes * 2, hex.n_bytes);
    assert_int_equal(written.n_rows, 3);
    rs_buf_release(&hex);
    (void)unlink(path);
}

/* --- pushes --- */

static void pushes_make_no_difference(void **state)
{
    (void)state;
    static const size_t n_pushes[] = {SIZE_MAX / 2, 1, 7, 2048};
    rs_error err = {0};
    char path[64];
    for (uint64_t seed = 0; seed < (unit_is_full() ? 30 : 6); seed++) {
        made_source source = {.state = seed};
        made_table table;
        rs_parquet_written first = {0};
        made_table_draw(&source, 6000, &table);
        for (size_t i = 0; i < UNIT_COUNT(n_pushes); i++) {
            rs_parquet_written written;
            make_path(path);
            rs_status status = made_write(&table, path, n_pushes[i], &written, &err);
            UNIT_CHECK(status == RS_OK, "%s", err.message);
            first = i == 0 ? written : first;
            UNIT_CHECK(strcmp(first.sha256, written.sha256) == 0 && written.n_rows == table.n_rows,
                       "seed %d in pushes of %zu rows", (int)seed, n_pushes[i]);
        }
        made_table_release(&table);
    }
    (void)unlink(path);
}

/* Constant rows say the same as rows that are spelt out. */
/* Where a text lies says nothing: the same place holds another one in the next push. */
static void places_make_no_difference(void **state)
{
    (void)state;
    static const rs_parquet_column column = {.name = "t", .type = RS_TYPE_STR};
    rs_error err = {0};
    rs_parquet_written written[2];
    char path[64];
    make_path(path);
    for (size_t is_apart = 0; is_apart < 2; is_apart++) {
        char texts[5][3] = {"aa", "bb", "ab", "aa", "ba"};
        char one[3] = "";
        rs_parquet *file = NULL;
        assert_int_equal(rs_parquet_open(path, &column, 1, NULL, 0, &file, &err), RS_OK);
        for (size_t i = 0; i < 5; i++) {
            memcpy(one, texts[i], 3);
            const char *bytes = is_apart ? texts[i] : one;
            const rs_str rows[] = {{bytes, 2}, {bytes, 1}, {bytes + 1, 1}, {bytes, 2}};
            const rs_parquet_vector vector = {.form = RS_FORM_FLAT, .values = rows};
            assert_int_equal(rs_parquet_push(file, &vector, 4, &err), RS_OK);
        }
        assert_int_equal(rs_parquet_close(file, &written[is_apart], &err), RS_OK);
        rs_parquet_free(file);
        (void)unlink(path);
    }
    assert_string_equal(written[0].sha256, written[1].sha256);
}

static void forms_make_no_difference(void **state)
{
    (void)state;
    enum { ROWS = 3000 };
    static rs_str flat[ROWS];
    static char text[600];
    static const rs_parquet_column column = {.name = "t", .type = RS_TYPE_STR};
    rs_parquet_written written[2];
    rs_error err = {0};
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < ROWS; i++) {
        flat[i] = (rs_str){text, sizeof text};
    }
    for (int i = 0; i < 2; i++) {
        const rs_parquet_vector vector = {.form = i == 0 ? RS_FORM_FLAT : RS_FORM_CONSTANT,
                                          .values = flat};
        char path[64];
        rs_parquet *file = NULL;
        make_path(path);
        assert_int_equal(rs_parquet_open(path, &column, 1, NULL, 0, &file, &err), RS_OK);
        assert_int_equal(rs_parquet_push(file, &vector, ROWS, &err), RS_OK);
        assert_int_equal(rs_parquet_close(file, &written[i], &err), RS_OK);
        rs_parquet_free(file);
        (void)unlink(path);
    }
    assert_string_equal(written[0].sha256, written[1].sha256);
}

/* --- row groups --- */

static uint64_t groups_of(const rs_parquet_column *column, const rs_parquet_vector *vector,
                          size_t n_rows, size_t n_push)
{
    rs_error err = {0};
    rs_parquet_written written = {0};
    rs_parquet *file = NULL;
    char path[64];
    make_path(path);
    assert_int_equal(rs_parquet_open(path, column, 1, NULL, 0, &file, &err), RS_OK);
    for (size_t at = 0; at < n_rows; at += n_push) {
        size_t n = n_rows - at < n_push ? n_rows - at : n_push;
        assert_int_equal(rs_parquet_push(file, vector, n, &err), RS_OK);
    }
    assert_int_equal(rs_parquet_close(file, &written, &err), RS_OK);
    rs_parquet_free(file);
    (void)unlink(path);
    assert_int_equal(written.n_rows, n_rows);
    return written.n_groups;
}

static void row_groups_end_by_rows_and_by_bytes(void **state)
{
    (void)state;
    static char text[1 << 20];
    static const int64_t number = 3;
    const rs_str long_text = {text, sizeof text};
    const rs_parquet_column numbers = {.name = "n", .type = RS_TYPE_I64};
    const rs_parquet_column texts = {.name = "t", .type = RS_TYPE_STR};
    const rs_parquet_vector same_number = {.form = RS_FORM_CONSTANT, .values = &number};
    const rs_parquet_vector same_text = {.form = RS_FORM_CONSTANT, .values = &long_text};
    memset(text, 'x', sizeof text);
    assert_int_equal(groups_of(&numbers, &same_number, RS_PARQUET_GROUP_ROWS, 2048), 1);
    assert_int_equal(groups_of(&numbers, &same_number, RS_PARQUET_GROUP_ROWS + 1, 2048), 2);
    assert_int_equal(groups_of(&numbers, &same_number, 3 * RS_PARQUET_GROUP_ROWS, 300000), 3);
    assert_int_equal(groups_of(&texts, &same_text, 64, 64), 1);
    assert_int_equal(groups_of(&texts, &same_text, 65, 65), 2);
    assert_int_equal(groups_of(&texts, &same_text, 129, 2), 3);
    assert_int_equal(groups_of(&numbers, &same_number, 0, 1), 0);
}

/* --- what gets in the way --- */

static void refusals_say_why(void **state)
{
    (void)state;
    static const rs_str too_long = {"x", (size_t)RS_PARQUET_TEXT_BYTES + 1};
    static const rs_parquet_column column = {.name = "t", .type = RS_TYPE_STR};
    const rs_parquet_vector vector = {.form = RS_FORM_CONSTANT, .values = &too_long};
    rs_error err = {0};
    rs_parquet *file = NULL;
    rs_parquet *other = NULL;
    char path[64];
    make_path(path);
    assert_int_equal(rs_parquet_open(path, &column, 1, NULL, 0, &file, &err), RS_OK);
    UNIT_REFUSED(rs_parquet_open(path, &column, 1, NULL, 0, &other, &err), &err, RS_ERR_IO,
                 "create ");
    assert_null(other);
    assert_int_equal(access(path, F_OK), 0); /* it is the other writer's */
    UNIT_REFUSED(rs_parquet_push(file, &vector, 1, &err), &err, RS_ERR_LIMIT,
                 "a text of 107374182");
    rs_parquet_free(file);
    assert_int_equal(access(path, F_OK), -1);
    UNIT_REFUSED(rs_parquet_open("/nowhere/at/all", &column, 1, NULL, 0, &file, &err), &err,
                 RS_ERR_IO, "create /nowhere/at/all: ");
}

/* Files that may not grow stand for a disk that is full: wherever it happens, it is said, and nothing
 * stays. */
static void a_full_disk_is_an_error(void **state)
{
    (void)state;
    made_source source = {.state = 3};
    made_table table;
    struct rlimit before;
    char path[64];
    rs_parquet_written written;
    rs_error err = {0};
    made_table_draw(&source, 20000, &table);
    make_path(path);
    assert_int_equal(made_write(&table, path, 1000, &written, &err), RS_OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    void (*old)(int) = signal(SIGXFSZ, SIG_IGN);
    for (rlim_t most = 0; most < written.n_bytes; most += written.n_bytes / 5 + 1) {
        const struct rlimit limit = {most, before.rlim_max};
        (void)unlink(path);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
        rs_parquet_written none;
        rs_status status = made_write(&table, path, 1000, &none, &err);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        UNIT_CHECK(status == RS_ERR_IO && strstr(err.message, "too large") != NULL, "%d bytes: %s",
                   (int)most, err.message);
        assert_int_equal(access(path, F_OK), -1);
    }
    (void)signal(SIGXFSZ, old);
    made_table_release(&table);
}

static rs_status write_made(void *context)
{
    char path[64];
    rs_error err = {0};
    rs_parquet_written written;
    make_path(path);
    rs_status status = made_write(context, path, 300, &written, &err);
    UNIT_CHECK((access(path, F_OK) == 0) == (status == RS_OK), "status %d: the file", (int)status);
    (void)unlink(path);
    return status;
}

static void no_memory_is_an_error(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 4; seed++) {
        made_source source = {.state = seed};
        made_table table;
        made_table_draw(&source, 1500, &table);
        UNIT_SWEEP(write_made, &table);
        made_table_release(&table);
    }
}

/* --- what a file came to --- */

enum { TALLIED_ROWS = RS_PARQUET_GROUP_ROWS + 1000 };

/* Words a, b and null in turn; a number, that is null in every row but the first. */
static void write_tallied(const char *path, size_t n_rows, rs_parquet_tally *tally)
{
    static const rs_str words[] = {{"a", 1}, {"b", 1}};
    static const rs_parquet_column columns[] = {
        {.name = "n", .type = RS_TYPE_I64},
        {.name = "w", .type = RS_TYPE_ENUM, .words = words, .n_words = 2}};
    static uint8_t numbers[TALLIED_ROWS];
    static const int64_t one = 1;
    static const uint64_t valid = 1;
    const rs_parquet_vector first[] = {{.form = RS_FORM_FLAT, .values = &one, .validity = &valid},
                                       {.form = RS_FORM_FLAT, .values = numbers}};
    const rs_parquet_vector rest[] = {{.form = RS_FORM_NULL},
                                      {.form = RS_FORM_FLAT, .values = numbers + 1}};
    rs_error err = {0};
    rs_parquet *file = NULL;
    rs_parquet_written written;
    for (size_t i = 0; i < n_rows; i++) {
        numbers[i] = i % 3 == 2 ? RS_ENUM_NULL : (uint8_t)(i % 3);
    }
    assert_int_equal(rs_parquet_open(path, columns, 2, NULL, 0, &file, &err), RS_OK);
    rs_parquet_set_tally(file, tally);
    if (n_rows > 0) {
        assert_int_equal(rs_parquet_push(file, first, 1, &err), RS_OK);
        assert_int_equal(rs_parquet_push(file, rest, n_rows - 1, &err), RS_OK);
    }
    assert_int_equal(rs_parquet_close(file, &written, &err), RS_OK);
    rs_parquet_free(file);
    (void)unlink(path);
    uint64_t n_bytes = tally->columns[0].n_bytes + tally->columns[1].n_bytes;
    assert_true(n_bytes + 4 < written.n_bytes && (n_rows == 0) == (n_bytes == 0));
    assert_int_equal(tally->n_groups, written.n_groups);
}

static void a_tally_says_what_a_file_came_to(void **state)
{
    (void)state;
    char path[64];
    rs_parquet_tally tally = {.counted = "w"};
    make_path(path);
    write_tallied(path, TALLIED_ROWS, &tally);
    write_tallied(path, TALLIED_ROWS, &tally); /* nothing of the file before is left */
    assert_int_equal(tally.n_groups, 2);
    assert_int_equal(tally.n_columns, 2);
    assert_int_equal(tally.columns[0].n_nulls, TALLIED_ROWS - 1);
    assert_int_equal(tally.columns[1].n_nulls, TALLIED_ROWS / 3);
    assert_int_equal(tally.counts.n_items, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_true(rs_str_equal(tally.counts.items[i].value, rs_str_of(i == 0 ? "a" : "b")));
        assert_int_equal(tally.counts.items[i].n_rows, (TALLIED_ROWS + 2 - i) / 3);
    }
    write_tallied(path, 0, &tally);
    assert_int_equal(tally.counts.n_items + tally.n_columns, 0);
    tally.counted = NULL;
    write_tallied(path, 3, &tally);
    assert_int_equal(tally.counts.n_items, 0);
    rs_parquet_tally_release(&tally);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_small_file_is_known),
    cmocka_unit_test(pushes_make_no_difference),
    cmocka_unit_test(forms_make_no_difference),
    cmocka_unit_test(places_make_no_difference),
    cmocka_unit_test(row_groups_end_by_rows_and_by_bytes),
    cmocka_unit_test(refusals_say_why),
    cmocka_unit_test(a_full_disk_is_an_error),
    cmocka_unit_test(no_memory_is_an_error),
    cmocka_unit_test(a_tally_says_what_a_file_came_to),
};

UNIT_TESTS(parquet, tests)
