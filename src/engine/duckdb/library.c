/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/duckdb/library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

#include "base/memory.h"

/* Of address space: with less it may be mapped, and come to grief when its globals are made. */
enum { LEAST_BYTES = 96 << 20 };

rs_duck_functions rs_duck;

static const struct {
    const char *name;
    size_t at; /* in rs_duck */
} functions[] = {
#define RS_DUCK(name) {"duckdb_" #name, offsetof(rs_duck_functions, name)},
#include "engine/duckdb/library.def"
#undef RS_DUCK
};

/* What came of loading it, which is done once; a second try would find the same. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool is_loaded;

/* What the loader says of a file that does not fit. */
static bool is_out_of_memory(const char *words)
{
    static const char *const parts[] = {"cannot allocate memory", "Cannot allocate memory",
                                        "failed to map segment", "cannot create shared object"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (strstr(words, parts[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static rs_status fail(rs_error *err)
{
    const char *words =
        dlerror(); // NOLINT(concurrency-mt-unsafe): of this thread, and under the lock
    words = words != NULL ? words : "no reason given";
    return is_out_of_memory(words)
               ? rs_error_set(err, RS_ERR_NOMEM, "open the engine: out of memory (--memory)")
               : rs_error_set(err, RS_ERR_IO, "open the engine: %s", words);
}

static rs_status load(rs_error *err)
{
    if (rs_memory_mappable() < LEAST_BYTES) {
        return rs_error_set(err, RS_ERR_NOMEM, "open the engine: out of memory (ulimit -v)");
    }
    void *library = dlopen(RS_DUCKDB_FILE, RTLD_LAZY | RTLD_LOCAL);
    if (library == NULL) {
        return fail(err);
    }
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        void *found = dlsym(library, functions[i].name);
        if (found == NULL) {
            return fail(err);
        }
        memcpy((char *)&rs_duck + functions[i].at, &found, sizeof found);
    }
    is_loaded = true;
    return RS_OK;
}

rs_status rs_duck_open(rs_error *err)
{
    pthread_mutex_lock(&lock);
    rs_status status = is_loaded ? RS_OK : load(err);
    pthread_mutex_unlock(&lock);
    return status;
}
