/* SPDX-License-Identifier: Apache-2.0 */
/* library.h - DuckDB's library, which is not linked: it is loaded when the first statement wants it.
 *
 * Loading it costs more than a small run does (70 MB, of which much is relocated), so a run that makes no use
 * of it does not pay. Its functions are a table, filled from library.def; a call is rs_duck.prepare(...) for
 * duckdb_prepare(...). It is looked for where a library that we link would be, by its name: beside the
 * program or our own library (cmake/RsLayout.cmake), then where the system has its own. Once loaded it stays.
 *
 * Threads: rs_duck_open() from any; the functions behind it as DuckDB says of them.
 */
#ifndef RS_ENGINE_DUCKDB_LIBRARY_H
#define RS_ENGINE_DUCKDB_LIBRARY_H

#include <duckdb.h>

#include "base/error.h"

/* In the library, but not in the header that comes with it. */
typedef struct rs_duck_copy *rs_duck_copy_function;
typedef struct rs_duck_copy *rs_duck_copy_info;
rs_duck_copy_function duckdb_create_copy_function(void);
void duckdb_destroy_copy_function(rs_duck_copy_function *function);
void duckdb_copy_function_set_name(rs_duck_copy_function function, const char *name);
void duckdb_copy_function_set_bind(rs_duck_copy_function function,
                                   void (*bind)(rs_duck_copy_info info));
void duckdb_copy_function_set_global_init(rs_duck_copy_function function,
                                          void (*init)(rs_duck_copy_info info));
void duckdb_copy_function_set_sink(rs_duck_copy_function function,
                                   void (*sink)(rs_duck_copy_info info, duckdb_data_chunk chunk));
void duckdb_copy_function_set_finalize(rs_duck_copy_function function,
                                       void (*finalize)(rs_duck_copy_info info));
duckdb_state duckdb_register_copy_function(duckdb_connection connection,
                                           rs_duck_copy_function function);
idx_t duckdb_copy_function_bind_get_column_count(rs_duck_copy_info info);
duckdb_logical_type duckdb_copy_function_bind_get_column_type(rs_duck_copy_info info, idx_t column);
void duckdb_copy_function_bind_set_error(rs_duck_copy_info info, const char *message);
void duckdb_copy_function_global_init_set_global_state(rs_duck_copy_info info, void *state,
                                                       duckdb_delete_callback_t destroy);
void duckdb_copy_function_global_init_set_error(rs_duck_copy_info info, const char *message);
void *duckdb_copy_function_sink_get_global_state(rs_duck_copy_info info);
void duckdb_copy_function_sink_set_error(rs_duck_copy_info info, const char *message);

/* Each of the type that the header gives it. */
typedef struct rs_duck_functions {
#define RS_DUCK(name) __typeof__(duckdb_##name) *name;
#include "engine/duckdb/library.def"
#undef RS_DUCK
} rs_duck_functions;

/* Empty before rs_duck_open() gave RS_OK; never written after it. */
extern rs_duck_functions rs_duck;

/* Errors: RS_ERR_IO where there is no such library, or one that lacks a function; RS_ERR_NOMEM where it
 * does not fit into the address space. */
rs_status rs_duck_open(rs_error *err) RS_MUST_USE;

/* Memory of the library's. */
static inline void rs_duck_free(void *memory)
{
    (rs_duck.free)(memory);
}

/* Of what a statement left, or of nothing where the library could not be loaded for it. */
static inline void rs_duck_destroy_result(duckdb_result *result)
{
    if (rs_duck.destroy_result != NULL) {
        rs_duck.destroy_result(result);
    }
}

static inline void rs_duck_destroy_prepare(duckdb_prepared_statement *prepared)
{
    if (rs_duck.destroy_prepare != NULL) {
        rs_duck.destroy_prepare(prepared);
    }
}

#endif
