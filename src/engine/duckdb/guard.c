/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/duckdb/guard.h"

#include <linux/landlock.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/stop.h"

/* Newer than some headers. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

/* The stack is as deep as a statement's nesting wants it, whatever the process has by default. */
enum { LOOK_AGAIN_MS = 20, STACK_BYTES = 16 << 20 };

struct rs_guard {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t posted;
    pthread_cond_t done;
    void (*fn)(void *context); /* what is to be done, or being done; NULL: nothing */
    void *context;
    bool is_to_be_confined;
    bool is_confined;
    bool ends;
};

/* --- confining --- */

/* What writes in the file system, by the version of Landlock that knows it. */
static uint64_t writing(long version)
{
    uint64_t all = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                   LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                   LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                   LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                   LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;
    all |= version >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0;
    all |= version >= 3 ? LANDLOCK_ACCESS_FS_TRUNCATE : 0;
    return all;
}

/* For this thread and those that it starts. A set of rules without a rule forbids all that it is about. */
static bool confine_this_thread(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) {
        return false;
    }
    const struct landlock_ruleset_attr attributes = {.handled_access_fs = writing(version)};
    long rules =
        syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes.handled_access_fs, 0);
    if (rules < 0) {
        return false;
    }
    bool is_confined = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                       syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close((int)rules);
    return is_confined;
}

/* --- the thread --- */

static void *guard_main(void *context)
{
    rs_guard *self = context;
    bool is_confined = self->is_to_be_confined && confine_this_thread();
    pthread_mutex_lock(&self->lock);
    self->is_confined = is_confined;
    while (!self->ends) {
        if (self->fn == NULL) {
            pthread_cond_wait(&self->posted, &self->lock);
            continue;
        }
        void (*fn)(void *) = self->fn;
        pthread_mutex_unlock(&self->lock);
        fn(self->context);
        pthread_mutex_lock(&self->lock);
        self->fn = NULL;
        pthread_cond_signal(&self->done);
    }
    pthread_mutex_unlock(&self->lock);
    return NULL;
}

/* Signals are for the threads of the program. */
static bool start(rs_guard *self)
{
    sigset_t all;
    sigset_t before;
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) {
        return false;
    }
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool is_started = pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0 &&
                      pthread_create(&self->thread, &attributes, guard_main, self) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return is_started;
}

static void nothing(void *context)
{
    (void)context;
}

static void destroy(rs_guard *guard)
{
    pthread_cond_destroy(&guard->done);
    pthread_cond_destroy(&guard->posted);
    pthread_mutex_destroy(&guard->lock);
    rs_free(guard);
}

rs_status rs_guard_new(bool is_confined, rs_guard **out, rs_error *err)
{
    pthread_condattr_t monotonic;
    *out = NULL;
    rs_guard *self = rs_alloc_zero(1, sizeof *self);
    if (self == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "open the engine: out of memory");
    }
    self->is_to_be_confined = is_confined;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->posted, NULL);
    pthread_cond_init(&self->done, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (!start(self)) {
        destroy(self);
        return rs_error_set(err, RS_ERR_ENGINE, "open the engine: there is no thread to be had");
    }
    rs_guard_run(self, nothing, NULL, &(rs_guard_limit){0}); /* it has confined itself */
    *out = self;
    return RS_OK;
}

void rs_guard_free(rs_guard *guard)
{
    if (guard == NULL) {
        return;
    }
    pthread_mutex_lock(&guard->lock);
    guard->ends = true;
    pthread_cond_signal(&guard->posted);
    pthread_mutex_unlock(&guard->lock);
    pthread_join(guard->thread, NULL);
    destroy(guard);
}

bool rs_guard_is_confined(const rs_guard *guard)
{
    return guard->is_confined;
}

/* --- calls --- */

static struct timespec timespec_of(uint64_t ns)
{
    const uint64_t second = 1000000000;
    return (struct timespec){.tv_sec = (time_t)(ns / second), .tv_nsec = (long)(ns % second)};
}

static bool is_over(const rs_guard_limit *limit)
{
    return rs_stopped(limit->stop) ||
           (limit->deadline_ns != 0 && rs_clock_ns() >= limit->deadline_ns);
}

/* Wait for the end, a while or until it is late: then somebody is told, again and again, as what is told
 * may not have begun. */
static void wait_a_while(rs_guard *guard, const rs_guard_limit *limit)
{
    if (limit->deadline_ns == 0 && limit->stop == NULL) {
        pthread_cond_wait(&guard->done, &guard->lock);
        return;
    }
    uint64_t next_ns = rs_clock_ns() + LOOK_AGAIN_MS * UINT64_C(1000000);
    bool is_soon = limit->deadline_ns != 0 && limit->deadline_ns < next_ns && !is_over(limit);
    const struct timespec until = timespec_of(is_soon ? limit->deadline_ns : next_ns);
    pthread_cond_timedwait(&guard->done, &guard->lock, &until);
    if (guard->fn != NULL && is_over(limit)) {
        limit->late(limit->context);
    }
}

void rs_guard_run(rs_guard *guard, void (*fn)(void *context), void *context,
                  const rs_guard_limit *limit)
{
    pthread_mutex_lock(&guard->lock);
    RS_ASSERT(guard->fn == NULL);
    guard->context = context;
    guard->fn = fn;
    pthread_cond_signal(&guard->posted);
    if (rs_stopped(limit->stop)) {
        limit->late(limit->context); /* what is short comes to its end, and the next one does not */
    }
    while (guard->fn != NULL) {
        wait_a_while(guard, limit);
    }
    pthread_mutex_unlock(&guard->lock);
}
