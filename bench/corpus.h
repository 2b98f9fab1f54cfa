/* SPDX-License-Identifier: Apache-2.0 */
/* corpus.h - what the parse benchmarks share: the files, the threads, the clock.
 *
 * Every *.py below a directory is read into memory first; then parse() is
 * called for each, from N threads that take the next file from a counter, and
 * only that is timed. One JSON line on stdout says what came out. This is a
 * program of ours, not the library: it exits when something is wrong.
 */
#ifndef RS_BENCH_CORPUS_H
#define RS_BENCH_CORPUS_H

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

enum { CORPUS_MOST_THREADS = 64, CORPUS_PATH_BYTES = 4096 };

typedef struct corpus_file {
    char *bytes;
    size_t n_bytes;
} corpus_file;

typedef struct corpus {
    corpus_file *files;
    size_t n_files;
    size_t n_capacity;
    size_t n_bytes;
} corpus;

/* What one worker needs: made before the clock starts, freed after it stopped. */
typedef struct corpus_parser {
    void *(*worker_new)(void);
    size_t (*parse)(void *worker, const char *bytes, size_t n_bytes); /* nodes in the tree */
    void (*worker_free)(void *worker);
} corpus_parser;

static void *corpus_must(void *block)
{
    if (block == NULL) {
        (void)fputs("out of memory\n", stderr);
        exit(3);
    }
    return block;
}

static void corpus_add_file(corpus *self, const char *path, size_t n_bytes)
{
    if (self->n_files == self->n_capacity) {
        self->n_capacity = self->n_capacity == 0 ? 1024 : self->n_capacity * 2;
        self->files = corpus_must(realloc(self->files, self->n_capacity * sizeof *self->files));
    }
    FILE *file = fopen(path, "rb");
    char *bytes = corpus_must(malloc(n_bytes + 1));
    if (file == NULL || fread(bytes, 1, n_bytes, file) != n_bytes) {
        perror(path);
        exit(3);
    }
    (void)fclose(file);
    bytes[n_bytes] = '\0';
    self->files[self->n_files++] = (corpus_file){bytes, n_bytes};
    self->n_bytes += n_bytes;
}

/* site-packages is what somebody installed, no part of the tree that is measured. */
static int corpus_is_skipped(const char *name)
{
    return name[0] == '.' || strcmp(name, "site-packages") == 0 ||
           strcmp(name, "dist-packages") == 0 || strcmp(name, "__pycache__") == 0;
}

/* Depth is bounded by the length of a path. */
static void corpus_add_directory(corpus *self, const char *path)
{
    struct dirent **entries = NULL;
    int n_entries = scandir(path, &entries, NULL, alphasort);
    if (n_entries < 0) {
        perror(path);
        exit(3);
    }
    for (int i = 0; i < n_entries; i++) {
        const char *name = entries[i]->d_name;
        size_t n_name_bytes = strlen(name);
        char below[CORPUS_PATH_BYTES];
        struct stat info;
        int n_path_bytes = snprintf(below, sizeof below, "%s/%s", path, name);
        if (!corpus_is_skipped(name) && n_path_bytes > 0 && n_path_bytes < CORPUS_PATH_BYTES &&
            lstat(below, &info) == 0) {
            if (S_ISDIR(info.st_mode)) {
                corpus_add_directory(self, below);
            } else if (S_ISREG(info.st_mode) && n_name_bytes > 3 &&
                       strcmp(name + n_name_bytes - 3, ".py") == 0) {
                corpus_add_file(self, below, (size_t)info.st_size);
            }
        }
        free(entries[i]);
    }
    free(entries);
}

typedef struct corpus_work {
    const corpus *corpus;
    const corpus_parser *parser;
    void *worker;
    atomic_size_t *next;
    size_t n_nodes;
} corpus_work;

static void *corpus_worker(void *context)
{
    corpus_work *work = context;
    for (size_t i = atomic_fetch_add(work->next, 1); i < work->corpus->n_files;
         i = atomic_fetch_add(work->next, 1)) {
        const corpus_file *file = &work->corpus->files[i];
        work->n_nodes += work->parser->parse(work->worker, file->bytes, file->n_bytes);
    }
    return NULL;
}

static double corpus_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double corpus_parse_all(const corpus *self, const corpus_parser *parser, size_t n_threads,
                               size_t *n_nodes)
{
    pthread_t threads[CORPUS_MOST_THREADS];
    corpus_work work[CORPUS_MOST_THREADS];
    atomic_size_t next = 0;
    for (size_t i = 0; i < n_threads; i++) {
        void *worker = corpus_must(parser->worker_new());
        work[i] = (corpus_work){self, parser, worker, &next, 0};
    }
    double started = corpus_seconds();
    for (size_t i = 1; i < n_threads; i++) {
        if (pthread_create(&threads[i], NULL, corpus_worker, &work[i]) != 0) {
            (void)fputs("no thread\n", stderr);
            exit(3);
        }
    }
    (void)corpus_worker(&work[0]);
    for (size_t i = 1; i < n_threads; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    double seconds = corpus_seconds() - started;
    *n_nodes = 0;
    for (size_t i = 0; i < n_threads; i++) {
        *n_nodes += work[i].n_nodes;
        parser->worker_free(work[i].worker);
    }
    return seconds;
}

/* The body of main(): PROGRAM DIR [--threads N]. */
static int corpus_main(const char *name, const corpus_parser *parser, int argc, char **argv)
{
    size_t n_threads = 1;
    if (argc == 4 && strcmp(argv[2], "--threads") == 0) {
        n_threads = (size_t)strtoul(argv[3], NULL, 10);
    }
    if ((argc != 2 && argc != 4) || n_threads < 1 || n_threads > CORPUS_MOST_THREADS) {
        (void)fprintf(stderr, "usage: %s DIR [--threads N]\n", argv[0]);
        return 2;
    }
    corpus files = {0};
    corpus_add_directory(&files, argv[1]);
    size_t n_nodes;
    double seconds = corpus_parse_all(&files, parser, n_threads, &n_nodes);
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    (void)printf("{\"name\": \"%s\", \"threads\": %zu, \"files\": %zu, \"bytes\": %zu, "
                 "\"nodes\": %zu, \"seconds\": %.6f, \"mb_per_second\": %.3f, "
                 "\"peak_kb\": %ld}\n",
                 name, n_threads, files.n_files, files.n_bytes, n_nodes, seconds,
                 (double)files.n_bytes / 1e6 / seconds, (long)usage.ru_maxrss);
    for (size_t i = 0; i < files.n_files; i++) {
        free(files.files[i].bytes);
    }
    free(files.files);
    return 0;
}

#endif
