/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text to rows, up to the lens that RS_BENCH_LENS names (all by default).
 * Lenses build on each other, so the cost of one is the difference to the one before.
 */
#include "corpus.h"
#include "evidence/extract.h"

enum { FILES_A_PART = 64 }; /* as a worker of a build hands parts on */

typedef struct evidence_worker {
    rs_lens_set lenses;
    rs_extractor *extractor;
    rs_part part;
    size_t n_files;
} evidence_worker;

static void must(rs_status status, const rs_error *err)
{
    if (status != RS_OK) {
        (void)fprintf(stderr, "%s\n", err->message);
        exit(3);
    }
}

static void *worker_new(void)
{
    rs_error err = {0};
    evidence_worker *self = corpus_must(calloc(1, sizeof *self));
    rs_lens_set_init(&self->lenses, NULL, NULL, getenv("RS_BENCH_LENS"));
    must(rs_extractor_new(&self->lenses, &self->extractor, &err), &err);
    must(rs_part_init(&self->part, &err), &err);
    return self;
}

static size_t extract(void *worker, const char *bytes, size_t n_bytes)
{
    evidence_worker *self = worker;
    rs_error err = {0};
    rs_source source = {0};
    rs_repo_file file = {.path = RS_STR_LITERAL("m.py"),
                         .display_path = RS_STR_LITERAL("m.py"),
                         .source_root = RS_STR_LITERAL(""),
                         .file_id = 1};
    size_t n_before = self->part.batches[RS_DS_syntax_nodes].n_rows;
    must(rs_source_decode(&source, bytes, n_bytes, &err), &err);
    must(rs_extract_file(self->extractor, &file, &source, &self->part, NULL, &err), &err);
    size_t n_nodes = self->part.batches[RS_DS_syntax_nodes].n_rows - n_before;
    rs_source_release(&source);
    if (++self->n_files % FILES_A_PART == 0) {
        rs_part_release(&self->part);
        must(rs_part_init(&self->part, &err), &err);
    }
    return n_nodes;
}

static void worker_free(void *worker)
{
    evidence_worker *self = worker;
    rs_extractor_free(self->extractor);
    rs_part_release(&self->part);
    free(self);
}

int main(int argc, char **argv)
{
    static const corpus_parser evidence = {worker_new, extract, worker_free};
    return corpus_main("evidence", &evidence, argc, argv);
}
