/* SPDX-License-Identifier: Apache-2.0 */
#include "run/workers.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"

typedef struct crew {
    pthread_mutex_t lock; /* n_running, status, error */
    pthread_cond_t ended;
    size_t n_running;
    rs_status status;
    rs_error error;
    atomic_bool stop;
    rs_worker_fn fn;
    void *context;
} crew;

typedef struct member {
    crew *crew;
    size_t worker;
    pthread_t thread;
} member;

static void *member_main(void *argument)
{
    member *self = argument;
    crew *group = self->crew;
    rs_error err = {0};
    size_t n_failures = rs_alloc_failures();
    rs_status status = group->fn(group->context, self->worker, &group->stop, &err);
    status = rs_error_unseen(&err, status, n_failures);
    pthread_mutex_lock(&group->lock);
    if (status != RS_OK && group->status == RS_OK) {
        group->status = status;
        group->error = err;
        atomic_store(&group->stop, true);
    }
    group->n_running--;
    pthread_cond_signal(&group->ended);
    pthread_mutex_unlock(&group->lock);
    return NULL;
}

/* Give back how many threads could be made. */
static size_t start_members(crew *group, member *members, size_t n_members)
{
    pthread_attr_t attributes;
    size_t n_started = 0;
    if (pthread_attr_init(&attributes) != 0) {
        return 0;
    }
    if (pthread_attr_setstacksize(&attributes, RS_WORKER_STACK_BYTES) == 0) {
        while (n_started < n_members) {
            members[n_started] = (member){.crew = group, .worker = n_started};
            pthread_mutex_lock(&group->lock);
            group->n_running++;
            pthread_mutex_unlock(&group->lock);
            if (pthread_create(&members[n_started].thread, &attributes, member_main,
                               &members[n_started]) != 0) {
                pthread_mutex_lock(&group->lock);
                group->n_running--;
                pthread_mutex_unlock(&group->lock);
                break;
            }
            n_started++;
        }
    }
    pthread_attr_destroy(&attributes);
    return n_started;
}

static void wait_for_members(crew *group, rs_tick_fn tick)
{
    const long tick_ns = 1000000000L / RS_TICKS_A_SECOND;
    pthread_mutex_lock(&group->lock);
    while (group->n_running > 0) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += tick_ns;
        if (until.tv_nsec >= 1000000000L) {
            until.tv_nsec -= 1000000000L;
            until.tv_sec++;
        }
        pthread_cond_timedwait(&group->ended, &group->lock, &until);
        pthread_mutex_unlock(&group->lock);
        tick(group->context);
        pthread_mutex_lock(&group->lock);
    }
    pthread_mutex_unlock(&group->lock);
}

rs_status rs_workers_run(size_t n_workers, rs_worker_fn fn, rs_tick_fn tick, void *context,
                         rs_error *err)
{
    crew group = {.fn = fn, .context = context};
    member *members = rs_alloc_zero(n_workers, sizeof *members);
    if (members == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "start workers: out of memory");
    }
    pthread_mutex_init(&group.lock, NULL);
    pthread_cond_init(&group.ended, NULL);
    size_t n_started = start_members(&group, members, n_workers);
    wait_for_members(&group, tick);
    for (size_t i = 0; i < n_started; i++) {
        pthread_join(members[i].thread, NULL);
    }
    pthread_cond_destroy(&group.ended);
    pthread_mutex_destroy(&group.lock);
    rs_free(members);
    if (n_started == 0) {
        return rs_error_set(err, RS_ERR_NOMEM, "start workers: the system gives no thread");
    }
    if (group.status != RS_OK && err != NULL) {
        *err = group.error;
    }
    return group.status;
}

size_t rs_processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > RS_MAX_WORKERS ? RS_MAX_WORKERS : (size_t)n;
}
