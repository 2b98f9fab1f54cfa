/* SPDX-License-Identifier: Apache-2.0 */
/* process.c - what the program makes of its process, which the library leaves alone. */
#include "cli/cli.h"

#include <dlfcn.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/memory.h"

/* Stacks of the engine's threads and of ours, which are mapped as a whole and used in small parts. */
#define STACK_BYTES (UINT64_C(9) << 20)
#define OTHER_BYTES (UINT64_C(64) << 20)
/* Measured (tests/fault/memory.py): beside the program and its libraries, which are 78 MB. */
#define LEAST_SPACE_BYTES (UINT64_C(16) << 20)

/*
 * An exception that nobody caught, in a thread of the engine's: C cannot. What was being written stays as
 * an unlocked draft, which the next build removes.
 */
static void on_terminate(void)
{
    static const char words[] =
        "relspec: the engine gave up, most likely for want of memory (--memory, ulimit)\n";
    ssize_t n_written = write(STDERR_FILENO, words, sizeof words - 1);
    (void)n_written;
    _exit(EXIT_FAILED);
}

/*
 * Where the address space is limited, threads share one heap: each of its own would map 64 MB at once, and
 * where that is refused a page for every few bytes. And with less than the first commands map, even what
 * says that memory is short has none.
 */
static void guard_space(void)
{
    uint64_t n_left = rs_memory_mappable();
    if (n_left == UINT64_MAX) {
        return;
    }
#if defined(__GLIBC__)
    (void)mallopt(M_ARENA_MAX, 1);
#endif
    if (n_left < LEAST_SPACE_BYTES) {
        static const char words[] =
            "relspec: the address space is too small to begin (ulimit -v): it takes 96 MB\n";
        ssize_t n_written = write(STDERR_FILENO, words, sizeof words - 1);
        (void)n_written;
        _exit(EXIT_FAILED);
    }
}

void cli_guard_process(void)
{
    guard_space();
    /* A reader that went away, and a file that may not grow, are errors of the write; not a silent death. */
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);
    /* void (*std::set_terminate(void (*)(void)))(void), as C++ compilers of this platform spell it. */
    void *program = dlopen(NULL, RTLD_LAZY);
    void *found = program != NULL ? dlsym(program, "_ZSt13set_terminatePFvvE") : NULL;
    void (*(*set_terminate)(void (*)(void)))(void) = NULL;
    memcpy(&set_terminate, &found, sizeof found);
    if (set_terminate != NULL) {
        (void)set_terminate(on_terminate);
    }
}

/* Sanitizers map far more than they use. gcc and clang each say in their own way that there is one. */
#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                               \
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
static void limit_data(uint64_t n_bytes)
{
    (void)n_bytes;
}
#else
/* The engine does not count all of what it takes: the system does. */
static void limit_data(uint64_t n_bytes)
{
    struct rlimit data;
    long n_processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t n_stacks = 2 * (uint64_t)(n_processors > 0 ? n_processors : 1);
    n_bytes += n_stacks * STACK_BYTES + OTHER_BYTES;
    if (getrlimit(RLIMIT_DATA, &data) == 0 && n_bytes < data.rlim_cur) {
        data.rlim_cur = n_bytes;
        (void)setrlimit(RLIMIT_DATA, &data);
    }
}
#endif

void cli_limit_memory(uint64_t n_bytes)
{
    rs_set_memory(n_bytes);
    limit_data(rs_memory());
}
