/* SPDX-License-Identifier: Apache-2.0 */
/* A lens that has all four functions, over the code that runs lenses. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "evidence/extract.h"
#include "evidence/file.h"
#include "toy/toy.h"
#include "unit/unit.h"

enum { N_FILES = 5, N_PARTS = 3 };

typedef struct toy_file {
    const char *text;
    uint8_t language;
    size_t part;
} toy_file;

/* In order of path. */
static const toy_file files[N_FILES] = {
    {"def a\nuse b\nuse nowhere\n", TOY_LANGUAGE, 0},
    {"a = b\n", 0, 0},
    {"# all comment\n", TOY_LANGUAGE, 1},
    {"use a\ndef b\nuse a\n", TOY_LANGUAGE, 1},
    {"def a\nuse b\n", TOY_LANGUAGE, 2},
};

typedef struct run {
    rs_lens_set lenses;
    rs_part parts[N_PARTS + 1]; /* the last one of what lies in no file */
    rs_summaries summaries[N_PARTS];
    rs_linked linked;
} run;

static rs_status extract_one(rs_extractor *extractor, run *self, size_t i, rs_error *err)
{
    rs_source source = {0};
    const rs_repo_file file = {.path = RS_STR_LITERAL("f"),
                               .display_path = RS_STR_LITERAL("f"),
                               .source_root = RS_STR_LITERAL(""),
                               .file_id = (int64_t)i + 1,
                               .language = files[i].language};
    rs_status status = rs_source_decode(&source, files[i].text, strlen(files[i].text), err);
    if (status == RS_OK) {
        status = rs_extract_file(extractor, &file, &source, &self->parts[files[i].part],
                                 &self->summaries[files[i].part], err);
    }
    rs_source_release(&source);
    return status;
}

/* A worker for each part; order: of the parts, as workers take them. */
static rs_status run_all(run *self, const size_t *order, rs_error *err)
{
    rs_lens_set_init(&self->lenses, toy_languages(), NULL, NULL);
    for (size_t p = 0; p <= N_PARTS; p++) {
        RS_TRY(rs_part_init(&self->parts[p], err));
    }
    for (size_t p = 0; p < N_PARTS; p++) {
        rs_extractor *extractor = NULL;
        rs_status status = rs_extractor_new(&self->lenses, &extractor, err);
        for (size_t i = 0; i < N_FILES && status == RS_OK; i++) {
            status = files[i].part == order[p] ? extract_one(extractor, self, i, err) : RS_OK;
        }
        rs_extractor_free(extractor);
        RS_TRY(status);
    }
    RS_TRY(rs_lenses_link(&self->lenses, self->summaries, N_PARTS, &self->linked, err));
    for (size_t p = 0; p < N_PARTS; p++) {
        rs_extractor *extractor = NULL;
        RS_TRY(rs_extractor_new(&self->lenses, &extractor, err));
        rs_status status = rs_extract_answers(extractor, &self->linked, &self->summaries[order[p]],
                                              &self->parts[order[p]], err);
        rs_extractor_free(extractor);
        RS_TRY(status);
    }
    return rs_lenses_rest(&self->lenses, &self->linked, &self->parts[N_PARTS], err);
}

static void run_release(run *self)
{
    for (size_t p = 0; p < N_PARTS; p++) {
        rs_summaries_release(&self->summaries[p]);
    }
    for (size_t p = 0; p <= N_PARTS; p++) {
        rs_part_release(&self->parts[p]);
    }
    rs_linked_release(&self->linked);
}

/* "file:number symbol roles|" of each answer, part by part, then "symbol declared|" of the rest. */
static void describe(const run *self, char *out, size_t n_out)
{
    size_t n = 0;
    for (size_t p = 0; p < N_PARTS; p++) {
        const rs_part *part = &self->parts[p];
        rs_scip_occurrences_columns of = rs_scip_occurrences_columns_of(part);
        for (size_t row = 0; row < part->batches[RS_DS_scip_occurrences].n_rows; row++) {
            rs_str symbol = part->strings.items[of.symbol[row]];
            n += (size_t)snprintf(out + n, n_out - n, "%d:%d %.*s %d|",
                                  (int)(of.occurrence_id[row] >> RS_ID_ENTITY_BITS),
                                  (int)(of.occurrence_id[row] & 0xffffff), (int)symbol.n_bytes,
                                  symbol.bytes, of.symbol_roles[row]);
        }
    }
    const rs_part *rest = &self->parts[N_PARTS];
    rs_scip_symbols_columns of = rs_scip_symbols_columns_of(rest);
    for (size_t row = 0; row < rest->batches[RS_DS_scip_symbols].n_rows; row++) {
        rs_str symbol = rest->strings.items[of.symbol[row]];
        n += (size_t)snprintf(out + n, n_out - n, "%.*s %d|", (int)symbol.n_bytes, symbol.bytes,
                              of.is_declared[row]);
    }
}

static void answers_lie_in_their_files(void **state)
{
    static const size_t orders[][N_PARTS] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}};
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(orders); i++) {
        char text[512] = "";
        rs_error err = {0};
        run self = {0};
        rs_status status = run_all(&self, orders[i], &err);
        UNIT_CHECK(status == RS_OK, "order %zu: %s", i, err.message);
        describe(&self, text, sizeof text);
        UNIT_CHECK(strcmp(text, "1:4 b 1|1:5 nowhere 0|4:4 a 2|4:5 a 2|5:3 b 1|"
                                "a 1|b 1|nowhere 0|") == 0,
                   "order %zu: %s", i, text);
        /* The files of the other language have their own lenses, and are not linked by this one. */
        assert_int_equal(self.parts[0].batches[RS_DS_name_bindings].n_rows, 2);
        assert_int_equal(self.parts[1].batches[RS_DS_name_bindings].n_rows, 0);
        assert_int_equal(self.parts[1].batches[RS_DS_repo_files].n_rows, 2);
        run_release(&self);
    }
}

static rs_status run_once(void *context)
{
    static const size_t order[N_PARTS] = {0, 1, 2};
    rs_error err = {0};
    run self = {0};
    (void)context;
    rs_status status = run_all(&self, order, &err);
    run_release(&self);
    return status;
}

static void allocations_may_fail(void **state)
{
    (void)state;
    (void)toy_languages();
    UNIT_SWEEP(run_once, NULL);
}

/* Every dataset of evidence that a lens of relspec gives says so in the registry, and has one giver. */
static void gives_are_the_registry_s(void **state)
{
    const char *giver[RS_N_EVIDENCE] = {NULL};
    (void)state;
    for (const rs_lens *const *lens = rs_languages[0]->lenses; *lens != NULL; lens++) {
        for (const rs_dataset_id *id = (*lens)->gives; *id != RS_N_EVIDENCE; id++) {
            UNIT_CHECK(giver[*id] == NULL, "%s is given twice", rs_dataset_get(*id)->name);
            giver[*id] = (*lens)->name;
        }
    }
    for (int i = 0; i < RS_N_EVIDENCE; i++) {
        const rs_dataset *dataset = rs_dataset_get((rs_dataset_id)i);
        const char *want = i == RS_DS_repo_diagnostics               ? NULL /* the walk's */
                           : strcmp(dataset->lens, "inventory") == 0 ? "syntax"
                                                                     : dataset->lens;
        UNIT_CHECK(
            want == NULL ? giver[i] == NULL : giver[i] != NULL && strcmp(giver[i], want) == 0,
            "%s: %s gives it, not %s", dataset->name, giver[i] != NULL ? giver[i] : "nobody", want);
    }
}

static void less_than_all_may_run(void **state)
{
    rs_lens_set lenses;
    (void)state;
    rs_lens_set_init(&lenses, NULL, NULL, "scope");
    assert_int_equal(lenses.n_lenses, 2);
    rs_lens_set_init(&lenses, NULL, NULL, NULL);
    assert_int_equal(lenses.n_lenses, 5); /* without an index none looks into it */
    assert_true(!rs_lens_set_has_rest(&lenses) && rs_lens_set_answers(&lenses));
    rs_lens_set_init(&lenses, toy_languages(), NULL, NULL);
    assert_int_equal(lenses.n_lenses, 6); /* what two languages share is there once */
    assert_true(rs_lens_set_has_rest(&lenses) && rs_lens_set_answers(&lenses));
}

static void limits_are_kept(void **state)
{
    rs_error err = {0};
    rs_lens_options options = rs_lens_options_default();
    rs_lens_set lenses;
    rs_extractor *extractor = NULL;
    rs_part part;
    rs_source source = {0};
    const rs_repo_file file = {.display_path = RS_STR_LITERAL("m.py"), .file_id = 1};
    static const char text[] = "a = b\nc = d\n";
    (void)state;
    assert_true(options.scope.max_symbols > 2 && options.flow.max_facts > 2);
    options.scope.max_symbols = 2;
    rs_lens_set_init(&lenses, NULL, &options, NULL);
    assert_int_equal(rs_part_init(&part, &err), RS_OK);
    assert_int_equal(rs_source_decode(&source, text, sizeof text - 1, &err), RS_OK);
    assert_int_equal(rs_extractor_new(&lenses, &extractor, &err), RS_OK);
    assert_int_equal(rs_extract_file(extractor, &file, &source, &part, NULL, &err), RS_OK);
    assert_int_equal(part.batches[RS_DS_bindings].n_rows, 0);
    assert_int_equal(part.batches[RS_DS_scope_diagnostics].n_rows, 1);
    rs_extractor_free(extractor);
    rs_source_release(&source);
    rs_part_release(&part);
}

#ifndef NDEBUG
/* --- what a build that asserts refuses --- */

static rs_status nothing_new(const rs_lens_options *options, void **worker, rs_error *err)
{
    (void)options;
    (void)err;
    *worker = NULL;
    return RS_OK;
}

static rs_status add_foreign_row(rs_file_at_hand *x, rs_error *err)
{
    rs_dominators_row row = rs_dominators_row_new();
    row.block_id = x->base;
    row.dominator_id = x->base;
    return rs_push_dominators(x->part, &row, 1, err);
}

static const rs_dataset_id gives_none[] = {RS_N_EVIDENCE};
static const char *const needs_toy[] = {"toy", NULL};
static const rs_lens greedy = {
    .name = "greedy", .gives = gives_none, .worker_new = nothing_new, .run_file = add_foreign_row};
static const rs_lens early = {
    .name = "early", .needs = needs_toy, .gives = gives_none, .worker_new = nothing_new};

/* A language with that lens alone looks at an empty file. */
static void run_bad_lens(const rs_lens *bad)
{
    const rs_lens *const lenses[] = {bad, NULL};
    rs_language language = *rs_languages[0];
    language.lenses = lenses;
    const rs_language *const languages[] = {&language, NULL};
    rs_lens_set set;
    rs_extractor *extractor = NULL;
    rs_source source = {0};
    rs_part part;
    const rs_repo_file file = {.file_id = 1};
    rs_lens_set_init(&set, languages, NULL, NULL);
    if (rs_extractor_new(&set, &extractor, NULL) != RS_OK || rs_part_init(&part, NULL) != RS_OK ||
        rs_extract_file(extractor, &file, &source, &part, NULL, NULL) != RS_OK) {
        _exit(1);
    }
}

static void broken_promises_abort(void **state)
{
    static const rs_lens *const bad[] = {&greedy, &early};
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(bad); i++) {
        int how = 0;
        (void)fflush(NULL);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            (void)signal(SIGABRT, SIG_DFL);
            (void)close(STDERR_FILENO);
            run_bad_lens(bad[i]);
            _exit(0);
        }
        assert_int_equal(waitpid(child, &how, 0), child);
        UNIT_CHECK(WIFSIGNALED(how) && WTERMSIG(how) == SIGABRT, "%s was let pass", bad[i]->name);
    }
}
#endif

static const struct CMUnitTest tests[] = {
#ifndef NDEBUG
    cmocka_unit_test(broken_promises_abort),
#endif
    cmocka_unit_test(gives_are_the_registry_s), cmocka_unit_test(less_than_all_may_run),
    cmocka_unit_test(limits_are_kept),          cmocka_unit_test(answers_lie_in_their_files),
    cmocka_unit_test(allocations_may_fail),
};
UNIT_TESTS(lens, tests)
