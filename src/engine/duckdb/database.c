/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/duckdb/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/memory.h"
#include "engine/duckdb/internal.h"
#include "engine/duckdb/sql_texts.h"
#include "plan/dialect.h"

/* How the database is opened, beside its threads. Files are read once or twice; the system's page
 * cache has them then, and a copy of our own costs more than it saves. */
static const rs_text_pair open_settings[] = {
    {"preserve_insertion_order", "true"},   {"autoinstall_known_extensions", "false"},
    {"autoload_known_extensions", "false"}, {"allow_community_extensions", "false"},
    {"allow_unsigned_extensions", "false"}, {"enable_external_file_cache", "false"},
};

/* --- errors --- */

static rs_status status_of(duckdb_error_type type)
{
    if (type == DUCKDB_ERROR_INTERRUPT) {
        return RS_ERR_CANCELLED;
    }
    if (type == DUCKDB_ERROR_OUT_OF_MEMORY) {
        return RS_ERR_NOMEM;
    }
    return type == DUCKDB_ERROR_IO ? RS_ERR_IO : RS_ERR_ENGINE;
}

/* What the engine says of memory that the system did not give, whatever type it gives the error; and what
 * our functions in it say. */
static bool is_out_of_memory(duckdb_error_type type, const char *words)
{
    static const char ours[] = "out of memory";
    size_t n_words = strlen(words);
    if (n_words >= sizeof ours - 1 && strcmp(words + n_words - (sizeof ours - 1), ours) == 0) {
        return true;
    }
    return type == DUCKDB_ERROR_OUT_OF_MEMORY || strstr(words, "Allocation failure") != NULL ||
           strstr(words, "std::bad_alloc") != NULL;
}

/*
 * What has nothing to do with a statement is said in our words: the engine's speak of settings that
 * nobody can reach. RS_OK for all else.
 */
static rs_status fail_plainly(rs_error *err, const char *label, duckdb_error_type type,
                              const char *words)
{
    if (type == DUCKDB_ERROR_INTERRUPT || strstr(words, "INTERRUPT Error") == words) {
        return rs_error_set(err, RS_ERR_CANCELLED, "interrupted");
    }
    if (!is_out_of_memory(type, words)) {
        return RS_OK;
    }
    /* "... (2.2 MiB/4.0 MiB used)", where it was the limit and not the system that refused */
    const char *used = strchr(words, '(');
    size_t n_used = used != NULL ? strcspn(used + 1, "/)\n") : 0;
    if (n_used == 0 || used[1 + n_used] != '/') {
        return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory (--memory)", label);
    }
    const char *most = used + 1 + n_used + 1;
    size_t n_most = strcspn(most, ")\n");
    n_most -= n_most > 5 && memcmp(most + n_most - 5, " used", 5) == 0 ? 5 : 0;
    return rs_error_set(err, RS_ERR_NOMEM,
                        "%s: out of memory: the engine has %.*s of the %.*s that are left for it "
                        "(--memory)",
                        label, (int)n_used, used + 1, (int)n_most, most);
}

/* How the engine begins what it says: "Binder Error: ...". Which of its rooms failed is nothing to users. */
static const char *const classes[] = {
    "Binder",
    "Catalog",
    "Connection",
    "Constraint",
    "Conversion",
    "Decimal",
    "Dependency",
    "Divide by Zero",
    "Executor",
    "Expression",
    "FATAL",
    "HTTP",
    "INTERNAL",
    "IO",
    "Index",
    "Invalid",
    "Invalid Configuration",
    "Invalid Input",
    "Invalid type",
    "Mismatch Type",
    "Missing Extension",
    "Not implemented",
    "NullPointer",
    "Object Size",
    "Optimizer",
    "Out of Range",
    "Parameter Not Allowed",
    "Parameter Not Resolved",
    "Parser",
    "Permission",
    "Planner",
    "Scheduler",
    "Sequence",
    "Serialization",
    "Settings",
    "Stat",
    "Syntax",
    "TransactionContext",
    "Unknown Type",
};

/* What is behind one of them; NULL where there is none. */
static const char *behind_class(const char *words)
{
    static const char end[] = " Error: ";
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        size_t n_class = strlen(classes[i]);
        if (strncmp(words, classes[i], n_class) == 0 &&
            strncmp(words + n_class, end, sizeof end - 1) == 0) {
            return words + n_class + sizeof end - 1;
        }
    }
    return NULL;
}

/* What failed for good is told again and again, with what it was at first behind it. */
static const char *without_class(const char *words)
{
    static const char first[] = "\nOriginal error: \"";
    const char *original = strstr(words, first);
    words = original != NULL ? original + sizeof first - 1 : words;
    for (const char *rest = behind_class(words); rest != NULL; rest = behind_class(words)) {
        words = rest;
    }
    return words;
}

/* Where it goes on for those who build it: its own stack, and an excerpt of a statement of ours. */
static size_t told_bytes(const char *words, bool with_excerpt)
{
    static const char *const ends[] = {" - file system operations are disabled by configuration",
                                       "\n\nUse \"SET ",
                                       "\n\nStack Trace",
                                       "\nStack Trace",
                                       "\nThis error signals",
                                       "\n\nLINE "};
    size_t n_bytes = strlen(words);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0] - with_excerpt; i++) {
        const char *end = strstr(words, ends[i]);
        n_bytes = end != NULL && (size_t)(end - words) < n_bytes ? (size_t)(end - words) : n_bytes;
    }
    while (n_bytes > 0 && words[n_bytes - 1] == '\n') {
        n_bytes--;
    }
    return n_bytes;
}

/* The engine's words without their document, which is {"exception_message": ..., "position": "7"}. */
static rs_status fail_with_place(rs_session *session, rs_error *err, const char *label,
                                 duckdb_error_type type, const char *text)
{
    json_t *cause = NULL;
    rs_status status = status_of(type);
    if (rs_json_parse(rs_str_of(text), label, &cause, NULL) == RS_OK) {
        const char *words = json_string_value(json_object_get(cause, "exception_message"));
        const char *position = json_string_value(json_object_get(cause, "position"));
        session->fault.has_place = position != NULL;
        session->fault.byte = position != NULL ? (size_t)strtoul(position, NULL, 10) : 0;
        words = words != NULL ? words : text;
        rs_status plain = fail_plainly(err, label, type, words);
        status = plain != RS_OK ? plain
                                : rs_error_set(err, status, "%s: %.*s", label,
                                               (int)told_bytes(words, true), words);
    } else {
        rs_error_set(err, status, "%s: %s", label, without_class(text));
    }
    json_decref(cause);
    return status;
}

rs_status rs_duckdb_fail(rs_session *session, rs_error *err, const char *label,
                         duckdb_error_type type, const char *text, bool whole)
{
    const char *words = text != NULL ? text : "no reason given";
    if (session != NULL) {
        RS_TRY(rs_duckdb_check_time(session, label, err));
        session->fault = (rs_engine_fault){0};
        const char *document = strstr(words, "{\"exception_type\"");
        if (session->tells_places && document != NULL) {
            return fail_with_place(session, err, label, type, document);
        }
    }
    rs_status plain = fail_plainly(err, label, type, words);
    if (plain != RS_OK) {
        return plain;
    }
    words = without_class(words);
    bool with_excerpt = whole && session != NULL && session->tells_places;
    return rs_error_set(err, status_of(type), "%s: %.*s", label,
                        (int)told_bytes(words, with_excerpt), words);
}

/* --- calls --- */

static void interrupt_late(void *context)
{
    rs_session_interrupt(context);
}

void rs_duckdb_call(rs_session *session, void (*fn)(void *context), void *context)
{
    const rs_guard_limit limit = {session->deadline_ns, session->engine->stop, interrupt_late,
                                  session};
    if (session->engine->guard == NULL) {
        fn(context);
    } else {
        rs_guard_run(session->engine->guard, fn, context, &limit);
    }
}

rs_status rs_duckdb_check_time(const rs_session *session, const char *label, rs_error *err)
{
    if (session->deadline_ns == 0 || rs_clock_ns() < session->deadline_ns) {
        return RS_OK;
    }
    return rs_error_set(err, RS_ERR_LIMIT, "%s: not done within %.3g s", label,
                        (double)session->timeout_ms / 1000);
}

void rs_session_set_timeout(rs_session *session, uint64_t timeout_ms)
{
    const uint64_t most_ms = UINT64_C(1) << 40; /* 34 years */
    session->timeout_ms = timeout_ms < most_ms ? timeout_ms : most_ms;
    session->deadline_ns =
        timeout_ms == 0 ? 0 : rs_clock_ns() + session->timeout_ms * UINT64_C(1000000);
}

typedef struct run_call {
    rs_session *session;
    const char *sql;
    duckdb_result *result;
    duckdb_state state;
} run_call;

static void run_it(void *context)
{
    run_call *self = context;
    rs_duckdb_observe(self->session);
    self->state = rs_duck.query(self->session->connection, self->sql, self->result);
}

rs_status rs_duckdb_run(rs_session *session, const char *label, const char *sql,
                        duckdb_result *result, rs_error *err)
{
    run_call call = {session, sql, result, DuckDBError};
    RS_TRY(rs_duckdb_ready(session, sql, err));
    rs_duckdb_call(session, run_it, &call);
    if (call.state == DuckDBSuccess) {
        return RS_OK;
    }
    return rs_duckdb_fail(session, err, label, rs_duck.result_error_type(result),
                          rs_duck.result_error(result), false);
}

/* --- engine --- */

static rs_status keep_setting(rs_engine *engine, const char *name, const char *value, rs_error *err)
{
    char *copy = rs_strndup(value, strlen(value));
    if (copy == NULL || !rs_text_pair_vec_push(&engine->settings, (rs_text_pair){name, copy})) {
        rs_free(copy);
        return rs_error_set(err, RS_ERR_NOMEM, "open the engine: out of memory");
    }
    return RS_OK;
}

static rs_status add_setting(rs_engine *engine, duckdb_config options, const char *name,
                             const char *value, rs_error *err)
{
    if (rs_duck.set_config(options, name, value) != DuckDBSuccess) {
        return rs_error_set(err, RS_ERR_ENGINE, "open the engine: it has no setting %s", name);
    }
    return keep_setting(engine, name, value, err);
}

/* What it is differs by machine and by run, so it is no setting that is recorded. */
static rs_status limit_memory(duckdb_config options, uint64_t n_bytes, rs_error *err)
{
    char text[32];
    if (n_bytes == 0) {
        n_bytes = rs_memory_left(rs_memory_limit());
        n_bytes -= n_bytes < RS_ENGINE_CODE_BYTES ? n_bytes : RS_ENGINE_CODE_BYTES;
    }
    if (n_bytes < RS_ENGINE_LEAST_BYTES) {
        return rs_error_set(err, RS_ERR_LIMIT,
                            "open the engine: of %" PRIu64 " MB of memory %" PRIu64
                            " MB are left, and it needs %d MB: give it more (--memory)",
                            rs_memory_limit() / 1000000, n_bytes / 1000000,
                            (int)RS_ENGINE_LEAST_BYTES / 1000000);
    }
    snprintf(text, sizeof text, "%" PRIu64 "KiB", n_bytes / 1024);
    return rs_duck.set_config(options, "memory_limit", text) == DuckDBSuccess
               ? RS_OK
               : rs_error_set(err, RS_ERR_ENGINE, "open the engine: it has no memory limit");
}

static rs_status add_settings(rs_engine *engine, duckdb_config options,
                              const rs_engine_config *config, rs_error *err)
{
    if (!config->is_parallel) {
        RS_TRY(add_setting(engine, options, "threads", "1", err));
    }
    for (size_t i = 0; i < sizeof open_settings / sizeof open_settings[0]; i++) {
        RS_TRY(add_setting(engine, options, open_settings[i].name, open_settings[i].value, err));
    }
    return limit_memory(options, config->memory_bytes, err);
}

static rs_status open_database(rs_engine *engine, const rs_engine_config *config, rs_error *err)
{
    duckdb_config options = NULL;
    char *text = NULL;
    if (rs_duck.create_config(&options) != DuckDBSuccess) {
        return rs_error_set(err, RS_ERR_NOMEM, "open the engine: out of memory");
    }
    rs_status status = add_settings(engine, options, config, err);
    if (status == RS_OK &&
        rs_duck.open_ext(NULL, &engine->database, options, &text) != DuckDBSuccess) {
        status = rs_duckdb_fail(NULL, err, "open the engine", DUCKDB_ERROR_INVALID, text, false);
    }
    rs_duck_free(text);
    rs_duck.destroy_config(&options);
    return status;
}

rs_status rs_duckdb_execute(rs_session *session, const char *label, const rs_sql *statement,
                            const rs_sql_arg *args, size_t n_args, rs_error *err)
{
    rs_buf sql = {0};
    rs_sql_add(statement, args, n_args, &sql);
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_session_execute(session, label != NULL ? label : statement->name,
                                       rs_buf_text(&sql), err));
    rs_buf_release(&sql);
    return status;
}

/* Paths are no part of the settings that are recorded: they differ by run. */
static rs_status set_directories(rs_session *session, const rs_engine_config *config, rs_error *err)
{
    const char *given[] = {config->allowed_directory, config->other_directory};
    const char *directories[2];
    size_t n_directories = 0;
    const rs_sql_arg spill = {.name = "directory",
                              .word = config->temp_directory != NULL ? config->temp_directory : ""};
    RS_TRY(rs_duckdb_execute(session, NULL, &rs_sql_engine_duckdb_spill_to, &spill, 1, err));
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        if (given[i] != NULL) {
            directories[n_directories++] = given[i];
        }
    }
    const rs_sql_arg allowed = {.name = "directories",
                                .form = RS_SQL_WORDS,
                                .words = directories,
                                .n_words = n_directories};
    return n_directories == 0
               ? RS_OK
               : rs_duckdb_execute(session, NULL, &rs_sql_engine_duckdb_allow_directories, &allowed,
                                   1, err);
}

/* An ENUM type of the name of a set of words. */
static rs_status make_type(rs_session *session, const rs_words *words, rs_error *err)
{
    rs_buf sql = {0};
    rs_buf_add(&sql, "CREATE TYPE ");
    rs_buf_add_sql_name(&sql, rs_str_of(words->name));
    for (size_t i = 0; i < words->n_words; i++) {
        rs_buf_add(&sql, i == 0 ? " AS ENUM (" : ", ");
        rs_buf_add_sql_literal(&sql, rs_str_of(words->words[i]));
    }
    rs_buf_add(&sql, ")");
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_session_execute(session, "add a type", rs_buf_text(&sql), err));
    rs_buf_release(&sql);
    return status;
}

/* A type is the database's: who needs it first makes it, and its own statement names it, being marked by
 * then. */
static rs_status make_type_once(rs_session *session, size_t number, rs_error *err)
{
    rs_engine *engine = session->engine;
    rs_status status = RS_OK;
    pthread_mutex_lock(&engine->types_lock);
    if (!atomic_load(&engine->has_type[number])) {
        const rs_words *words = rs_kinds_words(engine->kinds, rs_words_get(number));
        session->makes_type = true;
        status = make_type(session, words, err);
        session->makes_type = false;
        atomic_store(&engine->has_type[number], status == RS_OK);
    }
    pthread_mutex_unlock(&engine->types_lock);
    return status;
}

/* There are some fifty, and most statements name none. */
static rs_status make_types(rs_session *session, const char *sql, rs_error *err)
{
    for (size_t i = 0; rs_words_get(i) != NULL; i++) {
        RS_ASSERT(i < RS_DUCK_TYPES);
        if (!atomic_load(&session->engine->has_type[i]) &&
            strstr(sql, rs_words_get(i)->name) != NULL) {
            RS_TRY(make_type_once(session, i, err));
        }
    }
    return RS_OK;
}

/* What rules have as functions and SQL beside rules wants as well. */
static rs_status add_macros(rs_session *session, rs_error *err)
{
    char bits[16];
    (void)snprintf(bits, sizeof bits, "%d", (int)RS_ID_ENTITY_BITS);
    const rs_sql_arg arg = {.name = "bits", .word = bits};
    RS_TRY(rs_duckdb_execute(session, NULL, &rs_sql_engine_duckdb_add_file_of, &arg, 1, err));
    return rs_duckdb_execute(session, NULL, &rs_sql_engine_duckdb_add_root_of, &arg, 1, err);
}

/* The doors to the file system: those that the caller asked for, and no other. */
static rs_status furnish(rs_session *session, const rs_engine_config *config, rs_error *err)
{
    rs_engine *engine = session->engine;
    RS_TRY(set_directories(session, config, err));
    RS_TRY(rs_duckdb_execute(session, NULL, &rs_sql_engine_duckdb_close_files, NULL, 0, err));
    RS_TRY(keep_setting(engine, "enable_external_access", "false", err));
    RS_TRY(rs_duckdb_add_scan(engine, session->connection, err));
    RS_TRY(rs_duckdb_add_functions(session->connection, err));
    RS_TRY(rs_duckdb_add_copy(session->connection, err));
    RS_TRY(add_macros(session, err));
    return rs_duckdb_execute(session, NULL, &rs_sql_engine_duckdb_open_kept, NULL, 0, err);
}

static rs_status connect_to(rs_session *session, rs_error *err)
{
    duckdb_connection connection = NULL;
    if (rs_duck.connect(session->engine->database, &connection) != DuckDBSuccess) {
        return rs_error_set(err, RS_ERR_ENGINE, "open a session: the engine refused");
    }
    atomic_store(&session->connection, connection);
    return RS_OK;
}

typedef struct open_call {
    rs_engine *engine;
    rs_error *err;
    rs_status status;
} open_call;

static void open_it(void *context)
{
    open_call *self = context;
    self->status = open_database(self->engine, &self->engine->config, self->err);
}

/* Its threads are children of the one that opens it. */
static rs_status open_in_guard(rs_engine *engine, rs_error *err)
{
    open_call call = {engine, err, RS_OK};
    RS_TRY(rs_guard_new(engine->config.cannot_write, &engine->guard, err));
    rs_guard_run(engine->guard, open_it, &call, &(rs_guard_limit){0});
    return call.status;
}

static void forget_settings(rs_engine *engine)
{
    for (size_t i = 0; i < engine->settings.n_items; i++) {
        /* The values are ours; their type says that readers may not change them. */
        rs_free((void *)(uintptr_t)engine->settings.items[i].value);
    }
    rs_text_pair_vec_release(&engine->settings);
}

static void shut(rs_engine *engine)
{
    if (engine->database != NULL) {
        rs_duck.close(&engine->database);
    }
    rs_guard_free(engine->guard);
    engine->guard = NULL;
    for (size_t i = 0; i < RS_DUCK_TYPES; i++) {
        atomic_store(&engine->has_type[i], false);
    }
    forget_settings(engine);
}

static rs_status open_all(rs_engine *engine, rs_error *err)
{
    bool is_guarded = engine->config.cannot_write || engine->config.stop != NULL;
    rs_session *session = NULL;
    RS_TRY(rs_duck_open(err));
    rs_status status =
        is_guarded ? open_in_guard(engine, err) : open_database(engine, &engine->config, err);
    RS_THEN(status, rs_session_new(engine, &session, err));
    RS_THEN(status, connect_to(session, err));
    RS_THEN(status, furnish(session, &engine->config, err));
    rs_session_free(session);
    if (status != RS_OK) {
        shut(engine);
    }
    return status;
}

static rs_status open_once(rs_engine *engine, rs_error *err)
{
    pthread_mutex_lock(&engine->lock);
    rs_status status = engine->is_open ? RS_OK : open_all(engine, err);
    engine->is_open = status == RS_OK;
    pthread_mutex_unlock(&engine->lock);
    return status;
}

bool rs_engine_is_open(rs_engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    bool is_open = engine->is_open;
    pthread_mutex_unlock(&engine->lock);
    return is_open;
}

/* A copy of a path; *fits is false when memory is out. */
static const char *copy_path(const char *path, bool *fits)
{
    char *copy = path != NULL ? rs_strndup(path, strlen(path)) : NULL;
    *fits = *fits && (path == NULL || copy != NULL);
    return copy;
}

rs_status rs_engine_new(const rs_engine_config *config, rs_engine **out, rs_error *err)
{
    *out = NULL;
    rs_engine *engine = rs_alloc_zero(1, sizeof *engine);
    if (engine == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "open the engine: out of memory");
    }
    bool fits = true;
    pthread_mutex_init(&engine->lock, NULL);
    pthread_mutex_init(&engine->types_lock, NULL);
    engine->stop = config->stop;
    engine->kinds = config->kinds != NULL ? config->kinds : rs_kinds_builtin();
    engine->config = *config;
    engine->config.temp_directory = copy_path(config->temp_directory, &fits);
    engine->config.allowed_directory = copy_path(config->allowed_directory, &fits);
    engine->config.other_directory = copy_path(config->other_directory, &fits);
    if (!fits) {
        rs_engine_free(engine);
        return rs_error_set(err, RS_ERR_NOMEM, "open the engine: out of memory");
    }
    *out = engine;
    return RS_OK;
}

bool rs_engine_is_confined(const rs_engine *engine)
{
    return engine->guard != NULL && rs_guard_is_confined(engine->guard);
}

void rs_engine_free(rs_engine *engine)
{
    if (engine == NULL) {
        return;
    }
    shut(engine);
    for (size_t i = 0; i < engine->n_parts; i++) {
        rs_engine_drop_part(engine, i);
    }
    rs_free((void *)(uintptr_t)engine->config.temp_directory);
    rs_free((void *)(uintptr_t)engine->config.allowed_directory);
    rs_free((void *)(uintptr_t)engine->config.other_directory);
    rs_free(engine->parts);
    pthread_mutex_destroy(&engine->types_lock);
    pthread_mutex_destroy(&engine->lock);
    rs_free(engine);
}

void rs_session_observe(rs_session *session, rs_observation *observations, size_t n_observations)
{
    session->observations = observations;
    session->n_observations = n_observations;
}

void rs_engine_count_scans(rs_engine *engine)
{
    engine->counts_scans = true;
}

rs_scan_count rs_engine_scans(const rs_engine *engine, rs_dataset_id dataset)
{
    const struct rs_scan_counter *counter = &engine->scans[dataset];
    return (rs_scan_count){.n_scans = atomic_load(&counter->n_scans),
                           .n_rows = atomic_load(&counter->n_rows),
                           .n_bytes = atomic_load(&counter->n_bytes)};
}

const rs_text_pair *rs_engine_settings(const rs_engine *engine, size_t *n_settings)
{
    *n_settings = engine->settings.n_items;
    return engine->settings.items;
}

/* --- parts --- */

rs_status rs_engine_reserve_parts(rs_engine *engine, size_t n_parts, rs_error *err)
{
    RS_ASSERT(engine->parts == NULL);
    engine->parts = rs_alloc_zero(n_parts > 0 ? n_parts : 1, sizeof *engine->parts);
    if (engine->parts == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "reserve parts: out of memory");
    }
    engine->n_parts = n_parts;
    return RS_OK;
}

rs_status rs_engine_set_part(rs_engine *engine, size_t index, const rs_part *part, rs_error *err)
{
    RS_ASSERT(index < engine->n_parts);
    rs_engine_drop_part(engine, index);
    size_t n_strings = part->strings.n_items;
    duckdb_string_t *strings = rs_alloc(n_strings > 0 ? n_strings : 1, sizeof *strings);
    if (strings == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "set part %zu: out of memory", index);
    }
    for (size_t i = 0; i < n_strings; i++) {
        strings[i] = rs_duckdb_string(part->strings.items[i]);
    }
    engine->parts[index] = (rs_engine_part){part, strings};
    return RS_OK;
}

void rs_engine_drop_part(rs_engine *engine, size_t index)
{
    rs_free(engine->parts[index].strings);
    engine->parts[index] = (rs_engine_part){0};
}

/* --- sessions --- */

rs_status rs_duckdb_ready(rs_session *session, const char *sql, rs_error *err)
{
    if (session->connection == NULL) {
        RS_TRY(open_once(session->engine, err));
        RS_TRY(connect_to(session, err));
    }
    if (session->makes_type) {
        return RS_OK;
    }
    RS_TRY(make_types(session, sql, err));
    return rs_duckdb_make_views(session, sql, err);
}

rs_status rs_session_new(rs_engine *engine, rs_session **out, rs_error *err)
{
    *out = NULL;
    rs_session *session = rs_alloc_zero(1, sizeof *session);
    if (session == NULL) {
        rs_error_set(err, RS_ERR_NOMEM, "open a session: out of memory");
        return RS_ERR_NOMEM;
    }
    session->engine = engine;
    *out = session;
    return RS_OK;
}

void rs_session_free(rs_session *session)
{
    if (session == NULL) {
        return;
    }
    duckdb_connection connection = session->connection;
    if (connection != NULL) {
        rs_duck.disconnect(&connection);
    }
    for (size_t i = 0; i < session->views.n_items; i++) {
        rs_free(session->views.items[i].name);
    }
    rs_duck_view_vec_release(&session->views);
    rs_free(session);
}

rs_status rs_session_open(rs_session *session, rs_error *err)
{
    return rs_duckdb_ready(session, "", err);
}

rs_status rs_session_execute(rs_session *session, const char *label, const char *sql, rs_error *err)
{
    duckdb_result result = {0};
    rs_status status = rs_duckdb_run(session, label, sql, &result, err);
    rs_duck_destroy_result(&result);
    return status;
}

rs_status rs_session_execute_counting(rs_session *session, const char *label, const char *sql,
                                      uint64_t *n_rows, rs_error *err)
{
    duckdb_result result = {0};
    rs_status status = rs_duckdb_run(session, label, sql, &result, err);
    if (status == RS_OK) {
        *n_rows = rs_duckdb_copied_rows(&result);
    }
    rs_duck_destroy_result(&result);
    return status;
}

rs_status rs_session_add_parquet_view(rs_session *session, const char *name, const char *files,
                                      rs_error *err)
{
    rs_buf sql = {0};
    rs_buf_add(&sql, "SELECT * FROM read_parquet(");
    rs_buf_add(&sql, files);
    rs_buf_add(&sql, ")");
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_session_add_view(session, name, rs_buf_text(&sql), err));
    rs_buf_release(&sql);
    return status;
}

void rs_column_add_file_sql(const rs_column *column, rs_buf *sql)
{
    rs_dialect_add_file_column(rs_engine_type_duckdb.dialect, column, sql);
}

/* One view: the columns in memory from the scan, the others computed. */
static void add_view_sql(const rs_dataset *dataset, size_t first_part, size_t end_part, rs_buf *sql)
{
    rs_buf_add(sql, "SELECT ");
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const rs_column *column = &dataset->columns[i];
        if (!rs_column_is_in_memory(column)) {
            rs_column_add_file_sql(column, sql);
            rs_buf_add(sql, " AS ");
        }
        rs_buf_add_sql_name(sql, rs_str_of(column->name));
        rs_buf_add(sql, ", ");
    }
    rs_buf_addf(sql, "_row FROM relspec_scan('%s', %zu, %zu)", dataset->name, first_part, end_part);
}

rs_status rs_session_select_parts(rs_session *session, size_t first_part, size_t end_part,
                                  rs_error *err)
{
    RS_ASSERT(first_part <= end_part && end_part <= session->engine->n_parts);
    rs_buf sql = {0};
    rs_status status = RS_OK;
    for (int i = 0; i < RS_N_EVIDENCE && status == RS_OK; i++) {
        const rs_dataset *dataset = rs_dataset_get((rs_dataset_id)i);
        rs_buf_reset(&sql);
        add_view_sql(dataset, first_part, end_part, &sql);
        status = rs_buf_check(&sql, err);
        RS_THEN(status, rs_session_offer_view(session, dataset->name, rs_buf_text(&sql), err));
    }
    rs_buf_release(&sql);
    return status;
}

rs_status rs_session_use_one_thread(rs_session *session, rs_error *err)
{
    return rs_duckdb_execute(session, NULL, &rs_sql_engine_duckdb_use_one_thread, NULL, 0, err);
}

rs_status rs_session_lock(rs_session *session, rs_error *err)
{
    return rs_duckdb_execute(session, NULL, &rs_sql_engine_duckdb_lock, NULL, 0, err);
}

rs_status rs_session_tell_places(rs_session *session, rs_error *err)
{
    session->tells_places = true;
    return rs_duckdb_execute(session, NULL, &rs_sql_engine_duckdb_tell_places, NULL, 0, err);
}

rs_engine_fault rs_session_fault(const rs_session *session)
{
    return session->fault;
}

void rs_session_interrupt(rs_session *session)
{
    duckdb_connection connection = atomic_load(&session->connection);
    if (connection != NULL) {
        rs_duck.interrupt(connection);
    }
}
