/* SPDX-License-Identifier: Apache-2.0 */
/* relspec.h - code property graphs from source repositories, and the run bundles that hold them.
 *
 * Three kinds of things cross this line: handles (opaque: rs_config, rs_run, rs_bundle), rows (of
 * rs_result: typed values, or an Arrow stream) and documents (NUL-terminated UTF-8 JSON with sorted keys). A document that a function hands out
 * through `char **out` is owned by the caller and goes to rs_text_free(); one that it returns as
 * `const char *` is borrowed from its handle.
 *
 *     rs_config *config = NULL;
 *     rs_run *run = NULL;
 *     rs_error err = {0};
 *     if (rs_config_new(&config, &err) == RS_OK && rs_config_set_path(config, "src", &err) == RS_OK &&
 *         rs_run_new(config, &run, &err) == RS_OK && rs_run_execute(run, &err) == RS_OK) {
 *         puts(rs_run_bundle_path(run));
 *     }
 *     rs_run_free(run);
 *     rs_config_free(config);
 *
 * Errors: every function that can fail returns a status and fills *err (NULL is allowed) with a
 * message of the form "verb object: cause". Odd input is no error: it becomes rows of the bundle.
 *
 * Threads: a handle is used by one thread at a time, rs_run_cancel() apart. Different handles are
 * independent. The library never prints, exits, reads the environment or installs a signal handler.
 *
 * Callbacks: a function and a context that is handed back to it, context last. They must not call
 * back into the handle that called them.
 */
#ifndef RELSPEC_RELSPEC_H
#define RELSPEC_RELSPEC_H

#include <relspec/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RS_VERSION_MAJOR 0
#define RS_VERSION_MINOR 1
#define RS_VERSION_PATCH 0
#define RS_VERSION_TEXT "0.1.0"

#if defined(__GNUC__)
#define RS_API __attribute__((visibility("default")))
#define RS_API_MUST_USE __attribute__((warn_unused_result))
#else
#define RS_API
#define RS_API_MUST_USE
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** The version of the library, "0.1.0". */
RS_API const char *rs_version(void);

/**
 * How much memory all of relspec may have in this process: its own, in all handles, and its engines'. It is a limit
 * for what is done from now on: what does not fit ends with RS_ERR_NOMEM or RS_ERR_LIMIT. As long as nobody calls
 * this, engines get four fifths of what the machine, its control group or the process's limits allow.
 * @param n_bytes  0: those four fifths
 */
RS_API void rs_set_memory(uint64_t n_bytes);
/** How much that is, in bytes. */
RS_API uint64_t rs_memory(void);

/** A wish that a call ends soon, for calls that have no handle of their own; those of a run, a gate or a bundle end by
 * rs_run_cancel(), rs_gate_cancel() and rs_bundle_cancel(). */
typedef struct rs_stop rs_stop;
RS_API rs_status rs_stop_new(rs_stop **out, rs_error *err) RS_API_MUST_USE;
/** Asks the calls that have it to end, now and later. From any thread, and from a signal handler. */
RS_API void rs_stop_raise(rs_stop *stop);
/** After the calls that have it; accepts NULL. */
RS_API void rs_stop_free(rs_stop *stop);

/** Gives back a text that the library handed out; accepts NULL. */
RS_API void rs_text_free(char *text);

/**
 * @brief Everything that the library knows about itself.
 *
 * Members: `datasets` (name, group, version, lens, key, doc, columns), `words` (name, words: what
 * columns of words take), `node_kinds` and `edge_kinds` (name, lens, label, covers, doc,
 * properties), `node_properties` (of nodes of every kind), `diagnostics` (code, severity,
 * title, remedy), `pipeline` (name, inputs, outputs, by_part,
 * wanted_when, doc), `things` (name, origin, doc: what nodes of the pipeline take and give), `policy_keys` and `project_keys` (where, name, type, doc),
 * `views` (name, needs, doc, sql), `engine`, `version`.
 *
 * @param out  the document, owned by the caller
 * @param err  filled on failure; may be NULL
 */
RS_API rs_status rs_registry_document(char **out, rs_error *err) RS_API_MUST_USE;

/**
 * @brief The rules and the policy: what is built in, a directory's packs, a policy file.
 *
 * Members: `problems` (file, line, column, message), and where there is none `rules` in the order
 * that they run in (name, doc, pack, line, kind, scope, priority, signature, inputs, output,
 * emits, consumers, policies, lanes, written, sql, ir), `signature` of all of them,
 * `relationships` (as `datasets` of the registry, and group_by, sort, rank, made_by) in the order
 * that they are made in, `policy` (as in a bundle's config.json) and `policy_signature`.
 *
 * @param rules_dir    directory with further packs, or NULL
 * @param policy_file  as for rs_config_set_policy(): NULL is the built-in policy
 * @param stop         ends it with RS_ERR_CANCELLED; NULL: nobody will
 * @param out          the document, owned by the caller
 * @param err          filled on failure; may be NULL
 */
RS_API rs_status rs_rules_document(const char *rules_dir, const char *policy_file,
                                   const rs_stop *stop, char **out, rs_error *err) RS_API_MUST_USE;

/* --- configuration --- */

/** What a run is to do. Texts are copied; each setter replaces what was there before. */
typedef struct rs_config rs_config;

/** A configuration with every option at its default. */
RS_API rs_status rs_config_new(rs_config **out, rs_error *err) RS_API_MUST_USE;
/** Accepts NULL. */
RS_API void rs_config_free(rs_config *config);

/** The directory (or single file) to analyse; default ".". */
RS_API rs_status rs_config_set_path(rs_config *config, const char *path,
                                    rs_error *err) RS_API_MUST_USE;
/** The directory that `run_bundles/` is made in; default ".". */
RS_API rs_status rs_config_set_output(rs_config *config, const char *directory,
                                      rs_error *err) RS_API_MUST_USE;
/** The bundle's name: letters, digits, '.', '_', '-', no '.' first; default: from the content. */
RS_API rs_status rs_config_set_run_name(rs_config *config, const char *name,
                                        rs_error *err) RS_API_MUST_USE;
/** A directory with rule packs that add to the built-in ones or override them by name. */
RS_API rs_status rs_config_set_rules(rs_config *config, const char *directory,
                                     rs_error *err) RS_API_MUST_USE;
/**
 * @brief Chooses the policy: confidence, ambiguity, lanes and what is captured (docs/policy.md).
 *
 * @param config  the configuration
 * @param path    a policy file, which adds to the built-in policy and overrides it by name; NULL
 *                for the built-in policy alone. A configuration that never chose has that too, and
 *                its runs have the deprecation `policy_implicit`.
 * @param err     filled on failure; may be NULL
 */
RS_API rs_status rs_config_set_policy(rs_config *config, const char *path,
                                      rs_error *err) RS_API_MUST_USE;
/** Put before every path when ids are made, so that graphs of several repositories never meet. */
RS_API rs_status rs_config_set_repository_id(rs_config *config, const char *repository_id,
                                             rs_error *err) RS_API_MUST_USE;
/** A SCIP index of the tree (index.scip). One that cannot be used is a row of scip_span_errors, no failure. */
RS_API rs_status rs_config_set_scip(rs_config *config, const char *path,
                                    rs_error *err) RS_API_MUST_USE;
/**
 * The Python that all files are for: it decides conditions on the version, and whose standard library what
 * lies outside is looked up in. Default: the lowest that `requires-python` of the nearest project file above a
 * file allows, else 3.13; never the machine's.
 * @param config  is changed
 * @param version `3.MINOR`; anything else is RS_ERR_INVALID
 * @param err     filled on failure; may be NULL
 */
RS_API rs_status rs_config_set_python(rs_config *config, const char *version,
                                      rs_error *err) RS_API_MUST_USE;
/** A glob that files must match (several: any of them). */
RS_API rs_status rs_config_add_include(rs_config *config, const char *glob,
                                       rs_error *err) RS_API_MUST_USE;
/** A glob that no file may match. */
RS_API rs_status rs_config_add_exclude(rs_config *config, const char *glob,
                                       rs_error *err) RS_API_MUST_USE;
/**
 * @brief Adds a value to the param table of that name (`params:` of a rule pack; docs/params.md).
 *
 * Several calls make a list; neither their order nor that of files counts. It is read by the
 * table's declared type when the run starts: a name that no pack declares, or a text that is no
 * value of the type, is RS_ERR_INVALID from rs_run_execute().
 *
 * @param config  the configuration
 * @param name    the table
 * @param value   the text of the value; NULL for a null, which equals nothing
 * @param err     filled on failure; may be NULL
 */
RS_API rs_status rs_config_add_param(rs_config *config, const char *name, const char *value,
                                     rs_error *err) RS_API_MUST_USE;
/**
 * @brief Adds the values of a file to the param table of that name; one without values makes the
 *        table an empty one, which is not the same as one that was never given.
 *
 * @param config  the configuration
 * @param name    the table
 * @param path    `.csv` (a column of the table's key, or a single column), `.json` (an array) or
 *                `.parquet` (as CSV); read when the run starts
 * @param err     filled on failure; may be NULL
 */
RS_API rs_status rs_config_add_param_file(rs_config *config, const char *name, const char *path,
                                          rs_error *err) RS_API_MUST_USE;
/**
 * Run the rules with this engine; by default the first that there is. A name that no engine has is refused
 * when the run starts, with those that there are.
 * @param config  is changed
 * @param name    `duckdb`; copied
 * @param err     filled on failure; may be NULL
 */
RS_API rs_status rs_config_set_engine(rs_config *config, const char *name,
                                      rs_error *err) RS_API_MUST_USE;
/** Worker threads; 0 (the default) for one a processor. The bundle does not depend on it. */
RS_API void rs_config_set_threads(rs_config *config, unsigned n_threads);
/** Memory that the whole program may have while it runs, in bytes; 0 (the default): as rs_set_memory() says. What
 * cannot fit is refused before anything is written (RS_ERR_LIMIT). A file that would take more than a quarter
 * is left out, with a diagnostic. */
RS_API void rs_config_set_memory(rs_config *config, uint64_t n_bytes);
/** Larger files are listed and skipped; 0 for the default. */
RS_API void rs_config_set_max_file_bytes(rs_config *config, uint64_t n_bytes);
/** Whether the plan that the engine runs is kept for each statement (`<engine>_explains`); default: as the
 * policy says. */
RS_API void rs_config_set_explain(rs_config *config, bool enabled);
/** Whether rules are measured (rule_exec_events); default: as the policy says. */
RS_API void rs_config_set_events(rs_config *config, bool enabled);
/** Whether .gitignore files are followed; default true. */
RS_API void rs_config_set_gitignore(rs_config *config, bool enabled);
/** Whether what tools put into a tree, environments of venv and conda, other clones and worktrees are
 * left out; default true. */
RS_API void rs_config_set_default_excludes(rs_config *config, bool enabled);

/**
 * @brief Runs a node of the pipeline and what it needs, and nothing else; several calls: all of them.
 *
 * Unless `publish` is among them nothing is published: rs_run_bundle_path() is "", and the summary tells
 * what was made. A name that no node has, or a node that has nothing to do in this run, is
 * RS_ERR_INVALID from rs_run_execute().
 *
 * @param config  the configuration
 * @param node    its name in the registry's `pipeline`
 * @param err     filled on failure; may be NULL
 */
RS_API rs_status rs_config_add_only(rs_config *config, const char *node,
                                    rs_error *err) RS_API_MUST_USE;
/** The same for a node, every one before it that leaves a product, and what they need. Not together with
 * rs_config_add_only(). */
RS_API rs_status rs_config_set_until(rs_config *config, const char *node,
                                     rs_error *err) RS_API_MUST_USE;
/**
 * @brief Finds the project file, `relspec.yaml`, and puts what it says where config says nothing.
 *
 * It is looked for in the analysed directory and above, up to the root of the repository; that there is none
 * is no failure. What was set before stays: include, exclude, rules, the policy's file, scip, and the
 * values of each param table, each as a whole. Call it after the setters (docs/project.md).
 *
 * @param config  is changed; its path has been set
 * @param err     filled on failure: RS_ERR_INVALID for a file that is not as it should be, with the place of
 *                its first fault; for one that is a link, or that names something outside its folder or
 *                behind a link; or that lies above the path and belongs to another user
 */
RS_API rs_status rs_config_read_project(rs_config *config, rs_error *err) RS_API_MUST_USE;

/**
 * @brief What holds, and where each value comes from.
 *
 * Members: `project_file` (null without one), `settings` (name, value, from: `default`, `call` or
 * `project`; line: of the project file, or null).
 *
 * @param config  the configuration
 * @param out     the document, owned by the caller
 * @param err     filled on failure; may be NULL
 */
RS_API rs_status rs_config_document(const rs_config *config, char **out,
                                    rs_error *err) RS_API_MUST_USE;

/**
 * @brief What a run of config would do.
 *
 * Members: `nodes` (as the registry's `pipeline`, and runs: whether it would run), `things`.
 *
 * @param config  the configuration; its policy is read
 * @param out     the document, owned by the caller
 * @param err     filled on failure: as rs_run_execute() for the choice of nodes, the policy, the engine
 */
RS_API rs_status rs_config_pipeline(const rs_config *config, char **out,
                                    rs_error *err) RS_API_MUST_USE;

/**
 * Take directories and files in another order, which the seed picks; 0 (the default): by path. For
 * showing that nothing depends on it: the bundle does not.
 */
RS_API void rs_config_set_shuffle(rs_config *config, uint64_t seed);

/** How far a run is. */
typedef struct rs_progress {
    const char *stage; /**< name of the pipeline's node that is at work */
    uint64_t n_files_done;
    uint64_t n_files;
    uint64_t n_bytes_done;
    uint64_t n_bytes;
    uint64_t n_jobs_done; /**< files written to the bundle */
    uint64_t n_jobs;
} rs_progress;

/** Called on the thread of rs_run_execute(), some ten times a second and once at each stage's end. */
typedef void (*rs_progress_fn)(const rs_progress *progress, void *context);

/** Who is told about progress; NULL for nobody. */
RS_API void rs_config_set_progress(rs_config *config, rs_progress_fn callback, void *context);

/* --- runs --- */

/** One build of one repository. */
typedef struct rs_run rs_run;

/** A run of a copy of config, not started. */
RS_API rs_status rs_run_new(const rs_config *config, rs_run **out, rs_error *err) RS_API_MUST_USE;
/** Accepts NULL. */
RS_API void rs_run_free(rs_run *run);

/**
 * @brief Builds the graph and publishes its bundle; returns when that is done.
 *
 * On any failure nothing that looks like a bundle is left behind. RS_ERR_INVALID: the path, a
 * rule or an option is wrong. RS_ERR_IO: a full or read-only disk, an unreadable root.
 * RS_ERR_CANCELLED: after rs_run_cancel().
 */
RS_API rs_status rs_run_execute(rs_run *run, rs_error *err) RS_API_MUST_USE;

/** Asks a run to stop soon. From any thread, and from a signal handler. */
RS_API void rs_run_cancel(rs_run *run);

/** The published bundle's directory; "" before rs_run_execute() succeeded, and where it published none.
 * Borrowed from run. */
RS_API const char *rs_run_bundle_path(const rs_run *run);

/**
 * @brief What the run did, as a document borrowed from run; "" before it succeeded.
 *
 * Members: `bundle`, `content_hash`, `files`, `lines`, `bytes`, `parse_errors` (count, files,
 * first: path, line, column, code, message), `diagnostics` (the same of paths that are no
 * readable files), `project_file` (null without one), `left_out` (files and directories by reason: builtin, exclude, gitignore, include,
 * environment, repository), `names` and `calls` (how many are understood how far, by status), `scip` (null without an index, else documents, occurrences, symbols, errors,
 * files_covered, calls, calls_covered: those whose callee has a symbol, size_bytes, problem: why the index is not used, or null), `warnings` (code, severity, count, path: of
 * the first, or null, message, remedy, always: whether it is told whatever a program keeps quiet of; a
 * strict caller takes a run with any of them for a failed one), `deprecations` (code, severity, message,
 * remedy: how the library was called), `rules` (count, skipped: for want of evidence, failed:
 * rule, message; spoiled: rule, missing_rows: left out for a failed one; fallbacks: rows of duckdb_fallbacks), `nodes` and `edges` (total, kinds), `props`,
 * `rejects`, `stages` (name, rows, bytes, elapsed_ns, of each node that ran), `elapsed_ns`,
 * `peak_memory_bytes`, `threads`. Of a run of some nodes only, members that they did not make are left out.
 */
RS_API const char *rs_run_summary(const rs_run *run);

/* --- bundles --- */

/** An opened run bundle, every dataset of it a view; read-only. */
typedef struct rs_bundle rs_bundle;

/**
 * @brief Opens a bundle.
 *
 * @param path  a bundle, or a directory with a `run_bundles/latest` or `latest` in it
 * @param out   the bundle, owned by the caller
 * @param err   filled on failure: RS_ERR_INVALID when there is no bundle of this format
 */
RS_API rs_status rs_bundle_open(const char *path, rs_bundle **out, rs_error *err) RS_API_MUST_USE;
/** Accepts NULL. */
RS_API void rs_bundle_free(rs_bundle *bundle);

/** Asks what runs on the bundle to end soon: a query and its rows, an explanation, an export. That, and all that is
 * asked later, ends with RS_ERR_CANCELLED. From any thread, and from a signal handler. */
RS_API void rs_bundle_cancel(rs_bundle *bundle);

/** The bundle's own directory. Borrowed from bundle. */
RS_API const char *rs_bundle_path(const rs_bundle *bundle);
/** Its manifest.json. Borrowed from bundle. */
RS_API const char *rs_bundle_manifest(const rs_bundle *bundle);

/* --- the bundles of a folder --- */

/**
 * @brief The bundles below a directory.
 *
 * Members: `directory`, and `runs`, the newest first: name, path, is_latest, made_at, bytes, content_hash.
 *
 * @param directory  a run_bundles, or what has one
 * @param out        the document, owned by the caller
 * @param err        filled on failure: RS_ERR_INVALID where there is none
 */
RS_API rs_status rs_runs_document(const char *directory, char **out, rs_error *err) RS_API_MUST_USE;

/** Which bundles may go. */
typedef struct rs_runs_choice {
    uint64_t n_kept;          /**< the newest so many stay */
    uint64_t n_older_seconds; /**< only what was made longer ago goes; 0: whenever it was */
    bool is_dry;              /**< say what would go, and remove nothing */
} rs_runs_choice;

/**
 * @brief Removes bundles, but for the one that `latest` names and any that a run is about to replace; and what
 *        killed runs left.
 *
 * @param directory  as for rs_runs_document()
 * @param choice     which may go
 * @param out        the same document, each of `runs` with is_removed and kept_for (null, or newest, latest,
 *                   age, building); owned by the caller
 * @param err        filled on failure; may be NULL
 */
RS_API rs_status rs_runs_remove(const char *directory, const rs_runs_choice *choice, char **out,
                                rs_error *err) RS_API_MUST_USE;

/* --- rows --- */

/** The rows of a query. */
typedef struct rs_result rs_result;

/** One SELECT. */
typedef struct rs_query {
    const char *sql;           /**< one statement */
    const char *const *values; /**< texts for its `?` that the engine casts; NULL for a null */
    size_t n_values;           /**< how many */
    /** Milliseconds from now, in which its last row must have been taken; 0: no limit. */
    uint64_t timeout_ms;
} rs_query;

/**
 * @brief Runs one SELECT over the bundle's views; its rows come as they are asked for.
 *
 * The statement sees the bundle and nothing else: no other file, no network, no setting. It is one
 * SELECT, or EXPLAIN or EXPLAIN ANALYZE of one, and runs in an engine that cannot write: in threads that
 * the kernel keeps from writing files, where it has Landlock (Linux 5.13).
 * Values are bound to the statement's `?` in order, never spliced into it.
 *
 * The rows are taken once, in one of three ways: rs_result_next() and what reads a value,
 * rs_result_stream(), or rs_result_write(). Until they are freed, the bundle takes no other query.
 *
 * @param bundle  the bundle, which outlives the result
 * @param query   the statement; copied
 * @param out     the result, owned by the caller
 * @param err     filled on failure: RS_ERR_INVALID when the engine refuses the statement; then the
 *                message names line and column, and shows the line below. RS_ERR_INVALID also while
 *                another result of the bundle is open. RS_ERR_LIMIT when its time is over, here and
 *                wherever rows are taken
 */
RS_API rs_status rs_bundle_query(rs_bundle *bundle, const rs_query *query, rs_result **out,
                                 rs_error *err) RS_API_MUST_USE;
/** Accepts NULL. */
RS_API void rs_result_free(rs_result *result);

/** What the values of a column are. */
typedef enum rs_result_type {
    RS_RESULT_BOOL,
    RS_RESULT_INT,   /**< a whole number, of up to 128 bits */
    RS_RESULT_FLOAT, /**< FLOAT, DOUBLE, DECIMAL */
    RS_RESULT_TEXT,  /**< VARCHAR, words, and all that is none of the others */
    RS_RESULT_LIST,  /**< its text is a JSON array */
    RS_RESULT_JSON   /**< its text is JSON: a struct, a map, lists in lists */
} rs_result_type;

RS_API size_t rs_result_n_columns(const rs_result *result);
/** Borrowed from result. column < rs_result_n_columns(). */
RS_API const char *rs_result_column_name(const rs_result *result, size_t column);
/** As SQL writes it: "BIGINT", "VARCHAR[]". Borrowed from result. */
RS_API const char *rs_result_column_sql_type(const rs_result *result, size_t column);
RS_API rs_result_type rs_result_column_type(const rs_result *result, size_t column);

/**
 * @brief Goes to the next rows.
 *
 * @param result  the result
 * @param n_rows  how many there are now, numbered from 0; 0 behind the last
 * @param err     filled on failure: RS_ERR_ENGINE, RS_ERR_NOMEM
 */
RS_API rs_status rs_result_next(rs_result *result, size_t *n_rows, rs_error *err) RS_API_MUST_USE;

/** Of the current rows, as the following: row < n_rows. */
RS_API bool rs_result_is_null(const rs_result *result, size_t column, size_t row);
/** Of a BOOL, 0 or 1, or an INT; what has more than 64 bits is the nearest number that has not. Of
 * anything else, and of a null, 0. */
RS_API int64_t rs_result_i64(const rs_result *result, size_t column, size_t row);
/** Of any number; else 0. */
RS_API double rs_result_f64(const rs_result *result, size_t column, size_t row);
/**
 * @brief Any value as text: numbers in full precision, true and false, lists as JSON, all else as the
 *        engine spells it.
 *
 * @param n_bytes  its length; may be NULL: it ends with a NUL, and may have one inside
 * @return borrowed until the next rs_result_text() or rs_result_next(); NULL for a null, and when
 *         memory is out (rs_result_is_null() tells which)
 */
RS_API const char *rs_result_text(rs_result *result, size_t column, size_t row, size_t *n_bytes);

struct ArrowArrayStream;

/**
 * @brief The rows as an Arrow C stream, for whoever takes one.
 *
 * Types: bool, int32, int64, float, double, utf8, and lists of these. Whole numbers of 64 bits and more
 * are int64 (one that does not fit is an error), decimals are double, all else is utf8.
 *
 * @param result  the result, of which no row was taken; it may be freed, the stream stays
 * @param out     the stream, which the caller releases before the bundle
 * @param err     filled on failure, as for rs_bundle_query()
 */
RS_API rs_status rs_result_stream(rs_result *result, struct ArrowArrayStream *out,
                                  rs_error *err) RS_API_MUST_USE;

/* --- output --- */

/** A form that rows, or a graph, are written in. */
typedef struct rs_format {
    const char *name; /**< "csv" */
    const char *doc;  /**< a sentence */
    bool wants_graph; /**< for rs_bundle_export(); else for rs_result_write() */
    bool is_bytes;    /**< no text for a terminal */
    bool is_a_file;   /**< it needs rs_target.path */
    bool is_for_eyes; /**< a person reads it: some of the rows will do */
} rs_format;

/** The forms that there are, from 0 in the order of documentation; false behind the last. The texts
 * live as long as the library. */
RS_API bool rs_format_get(size_t index, rs_format *out);

/** Takes bytes as they come; a status other than RS_OK ends the writing with that status. */
typedef rs_status (*rs_write_fn)(const char *bytes, size_t n_bytes, void *context);

/** Where output goes, and in which form: to a function, or to a file. */
typedef struct rs_target {
    const char *format; /**< name of a form */
    rs_write_fn write;  /**< or NULL: with path */
    void *context;      /**< handed to write */
    /** A file, written beside and renamed when it is whole; one that is there is replaced. */
    const char *path;
    uint64_t max_rows; /**< of rows that are printed, the others are only counted; 0 for all */
    bool
        has_numbers; /**< rows as `json`: whole numbers of 64 bits as numbers; else they are texts */
    unsigned
        n_columns; /**< rows as `table`: cells are cut so that a line has no more; 0: none is */
} rs_target;

/**
 * @brief Writes the rows.
 *
 * @param result  the result, of which no row was taken
 * @param target  where they go
 * @param n_rows  rows of the result, written or not; may be NULL
 * @param err     filled on failure: RS_ERR_INVALID for a form that is none, or a path where something
 *                is that is no file; what write said; RS_ERR_IO, RS_ERR_ENGINE
 */
RS_API rs_status rs_result_write(rs_result *result, const rs_target *target, uint64_t *n_rows,
                                 rs_error *err) RS_API_MUST_USE;

/** What of a graph is written. All-zero is all of it. */
typedef struct rs_export {
    const char *const
        *kinds;     /**< kinds of nodes and of edges: what is of none of them is left out */
    size_t n_kinds; /**< how many; 0 for all */
} rs_export;

/** What was written. */
typedef struct rs_export_counts {
    uint64_t n_nodes;
    uint64_t n_edges;
} rs_export_counts;

/**
 * @brief Writes the bundle's graph: its nodes, then its edges, in the same order each time.
 *
 * Memory does not follow the graph: a part of it is held at a time. Results of the bundle may be open.
 *
 * @param bundle  the bundle
 * @param what    what is written; NULL for all
 * @param target  where it goes
 * @param counts  filled with what was written so far, also on failure; may be NULL
 * @param err     filled on failure: RS_ERR_INVALID for a kind or a form that is none; else as
 *                rs_result_write()
 */
RS_API rs_status rs_bundle_export(const rs_bundle *bundle, const rs_export *what,
                                  const rs_target *target, rs_export_counts *counts,
                                  rs_error *err) RS_API_MUST_USE;

/* --- explanations --- */

/** What tells an edge from all others: the columns that its id is made of. */
typedef struct rs_edge_address {
    const char *kind;
    int64_t src;
    int64_t dst;
    bool has_start_byte;
    uint64_t start_byte;
} rs_edge_address;

/** What is to be explained: an edge by its id or its address, a place in a file, else the first edges
 * of a kind. */
typedef struct rs_question {
    bool has_edge;
    int64_t edge_id;                /**< with has_edge: of edges.edge_id */
    const rs_edge_address *address; /**< instead of the id, and faster; or NULL */
    const char
        *path;     /**< of a file as repo_files has it, or an end of one that is unique; or NULL */
    uint64_t line; /**< from 1 */
    bool has_column;  /**< else anywhere on the line */
    uint64_t column;  /**< in bytes from 0 */
    bool is_call;     /**< what the calls on the line call */
    const char *kind; /**< edges of this kind alone */
    const char *to;   /**< rs_bundle_why_not(): name of what it should lead to; or NULL */
    size_t max_edges; /**< explained at most, the others are counted; 0 for all */
    const char *source_directory; /**< where the sources are; NULL: where they were */
    const char *rules_directory;  /**< packs beside the built-in ones, as for the build; or NULL */
} rs_question;

/**
 * @brief Explains edges: from which rows, by which rules, how sure, against whom.
 *
 * Members: `edges` (kind, edge_id, src, dst, anchor, `because`: the tree of rows that it came of,
 * `rules`, `confidence_by`, `derivations`), `n_edges` and `others` (by kind) where not all are
 * explained, `problem` (why there is none, or null), `source_problems` (by path, why its text is
 * not shown). docs/why.md has it in full.
 *
 * @param bundle    the bundle
 * @param question  what is asked
 * @param out       the document, owned by the caller
 * @param err       filled on failure: RS_ERR_INVALID for a file, line or kind that is not there
 */
RS_API rs_status rs_bundle_why(rs_bundle *bundle, const rs_question *question, char **out,
                               rs_error *err) RS_API_MUST_USE;

/**
 * @brief Explains edges that are not there, of the calls on a line or of names at a place.
 *
 * Members: `things` (dataset, row, place, `has`: edges that are there, `missing`: for each rule that
 * gave none kind, rule, `verdict`, `rows` considered, `below`), `targets` (definitions of the name
 * `to`, each with `findings`), `problem`, `source_problems`.
 *
 * @param bundle    the bundle
 * @param question  a place
 * @param out       the document, owned by the caller
 * @param err       filled on failure, as for rs_bundle_why()
 */
RS_API rs_status rs_bundle_why_not(rs_bundle *bundle, const rs_question *question, char **out,
                                   rs_error *err) RS_API_MUST_USE;

/* --- gates --- */

/** A bundle or a source tree against a snapshot. */
typedef struct rs_gate rs_gate;

/** What a gate compares, and how. All-zero but for snapshot: one build with the default threads. */
typedef struct rs_gate_options {
    const char *snapshot;    /**< the snapshot's file */
    const char *bundle;      /**< compare this bundle and build nothing; NULL: build */
    const char *scratch;     /**< directory to build in; what is made there is removed again */
    bool keep;               /**< leave the bundles in scratch */
    const unsigned *threads; /**< a build for each of these; the first is compared */
    size_t n_threads;        /**< how many; 0: one build, one thread a processor */
    uint64_t shuffle_seed;   /**< a further build with this seed; 0: none */
    bool elsewhere;          /**< a further build of the tree under another path */
    bool update;             /**< make or replace the snapshot, unless builds differ */
} rs_gate_options;

/** A gate over a copy of config and options; config says how to build. */
RS_API rs_status rs_gate_new(const rs_config *config, const rs_gate_options *options, rs_gate **out,
                             rs_error *err) RS_API_MUST_USE;
/** Accepts NULL. */
RS_API void rs_gate_free(rs_gate *gate);

/**
 * @brief Builds, compares, and writes the snapshot where that was asked for.
 *
 * Drift is no error: it stands in the report. RS_ERR_INVALID: no snapshot, or none that this
 * version reads. Else as rs_run_execute() and rs_bundle_open().
 */
RS_API rs_status rs_gate_execute(rs_gate *gate, rs_error *err) RS_API_MUST_USE;

/** Asks a gate to stop soon. From any thread, and from a signal handler. */
RS_API void rs_gate_cancel(rs_gate *gate);

/**
 * @brief What the gate found, as a document borrowed from gate; "" before it succeeded.
 *
 * Members: `snapshot`, `updated`, `drift` (whether the gate is shut), `other_maker` (null, or both
 * builds of relspec and engine where they differ), `builds` (name, threads, content_hash, elapsed_ns,
 * bundle), `checks` (check, compared, findings) and `findings` (check, object, field, expected,
 * found, message).
 */
RS_API const char *rs_gate_report(const rs_gate *gate);

/* --- differences --- */

/**
 * @brief What is different between two bundles, of one tree or of two commits of it.
 *
 * Members: `equal`, `before` and `after` (directories), `findings` (as of a gate that holds the second
 * against the first: policy, rules, config, datasets, rejects), `first_dataset` (null, or dataset and
 * rules: the first of the pipeline that differs), `stages` (before, after: as of a run's summary).
 * `only_line_ends` (other line ends are all that differs). Where they are not equal also `files` (path,
 * change: added, removed, changed, or line ends), `definitions` (kind, change: added, removed,
 * renamed, moved or changed; before, after: qualified names; before_path, before_line, after_path,
 * after_line; is_inner: inside one that was added or removed), `edges` (kind, change, src, dst, n) and
 * `node_kinds`, `edge_kinds` (kind, before, after: rows, where they differ).
 *
 * @param before  a bundle, as for rs_bundle_open()
 * @param after   another
 * @param stop    ends it with RS_ERR_CANCELLED; NULL: nobody will
 * @param out     the document, owned by the caller
 * @param err     filled on failure; may be NULL
 */
RS_API rs_status rs_bundle_diff(const char *before, const char *after, const rs_stop *stop,
                                char **out, rs_error *err) RS_API_MUST_USE;

/** Something in a bundle that is not as it should be; texts are valid during the call only. */
typedef struct rs_finding {
    const char *check;   /**< name of the check */
    const char *object;  /**< file, dataset or dataset.column */
    const char *message; /**< what is wrong, with numbers */
} rs_finding;

typedef void (*rs_finding_fn)(const rs_finding *finding, void *context);

/**
 * @brief Checks everything that a bundle promises.
 *
 * Never stops at a broken file: that is a finding. Works on a bundle that rs_bundle_open()
 * refuses, as long as it has a manifest.
 *
 * @param path        as for rs_bundle_open()
 * @param report      called for each finding
 * @param context     handed to report
 * @param stop        ends it with RS_ERR_CANCELLED; NULL: nobody will
 * @param n_checks    checks made; may be NULL
 * @param n_findings  findings reported; may be NULL
 * @param err         filled when the bundle cannot be looked at
 */
RS_API rs_status rs_bundle_check(const char *path, rs_finding_fn report, void *context,
                                 const rs_stop *stop, uint64_t *n_checks, uint64_t *n_findings,
                                 rs_error *err) RS_API_MUST_USE;

#ifdef __cplusplus
}
#endif

#endif
