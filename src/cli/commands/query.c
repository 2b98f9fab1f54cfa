/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/document.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"
#include "cli/source.h"

enum { MAX_SQL_BYTES = 16 << 20, READ_BYTES = 1 << 16 };

/* The whole of a file, "-" for standard input. */
static rs_status read_statement(const char *path, rs_buf *sql, rs_error *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "r");
    char chunk[READ_BYTES];
    size_t n_read = 0;
    if (file == NULL) {
        return rs_error_set_errno(err, errno, "open %s", path);
    }
    while ((n_read = fread(chunk, 1, sizeof chunk, file)) > 0 && sql->n_bytes < MAX_SQL_BYTES) {
        rs_buf_append(sql, chunk, n_read);
    }
    rs_status status = ferror(file) != 0 ? rs_error_set_errno(err, errno, "read %s", path)
                                         : rs_buf_check(sql, err);
    if (!is_stdin) {
        fclose(file);
    }
    return status;
}

static rs_format format_of(const cli_call *call)
{
    const char *name = cli_text(call, "format", "table");
    rs_format format;
    for (size_t i = 0; rs_format_get(i, &format) && strcmp(format.name, name) != 0; i++) {
    }
    return format;
}

enum { TERMINAL_ROWS = 200 };

/* A person at a terminal gets a screenful or some; whoever reads from us gets all. */
static uint64_t row_limit(const cli_call *call, const rs_format *format)
{
    bool is_watched = format->is_for_eyes && !cli_has(call, "output") && isatty(STDOUT_FILENO) == 1;
    return cli_number(call, "limit", is_watched ? TERMINAL_ROWS : 0);
}

static void print_count(const rs_format *format, uint64_t max_rows, uint64_t n_rows)
{
    char all[32];
    char some[32];
    fflush(stdout);
    if (max_rows != 0 && n_rows > max_rows) {
        fprintf(stderr, "%s of %s rows; --limit 0 shows all\n", cli_grouped(max_rows, some),
                cli_grouped(n_rows, all));
    } else if (format->is_for_eyes) {
        fprintf(stderr, "%s %s\n", cli_grouped(n_rows, all), n_rows == 1 ? "row" : "rows");
    }
}

static rs_status write_rows(const cli_call *call, rs_result *result, rs_error *err)
{
    const rs_format format = format_of(call);
    const char *path = cli_text(call, "output", NULL);
    cli_discard_on_interrupt(path);
    const rs_target target = {.format = format.name,
                              .write = path == NULL ? cli_write_stdout : NULL,
                              .path = path,
                              .max_rows = row_limit(call, &format),
                              .has_numbers = cli_has(call, "numbers"),
                              .n_columns = path == NULL ? cli_n_columns(stdout) : 0};
    uint64_t n_rows = 0;
    cli_dress_output(format.is_for_eyes ? CLI_SHOWN : CLI_RAW);
    RS_TRY(rs_result_write(result, &target, &n_rows, err));
    if (!cli_has(call, "quiet")) {
        print_count(&format, target.max_rows, n_rows);
    }
    return RS_OK;
}

static rs_status run(const cli_call *call, rs_bundle *bundle, const char *sql, rs_error *err)
{
    rs_query asked = {.sql = sql, .timeout_ms = cli_number(call, "timeout", 0) * 1000};
    rs_result *result = NULL;
    const char **values = rs_alloc_zero(call->n_values + 1, sizeof *values);
    if (values == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "query: out of memory");
    }
    for (size_t i = 0; i < call->n_values; i++) {
        if (strcmp(call->values[i].option->name, "param") == 0) {
            values[asked.n_values++] = call->values[i].text;
        }
    }
    asked.values = values;
    rs_status status = rs_bundle_query(bundle, &asked, &result, err);
    RS_THEN(status, write_rows(call, result, err));
    rs_result_free(result);
    rs_free(values);
    return status;
}

static int list_views(rs_error *err)
{
    json_t *registry = cli_registry(err);
    if (registry == NULL) {
        return cli_fail(err);
    }
    const json_t *views = json_object_get(registry, "views");
    for (size_t i = 0; i < json_array_size(views); i++) {
        const json_t *row = json_array_get(views, i);
        printf("%-18s %s\n%-18s needs %s\n", cli_member(row, "name"), cli_member(row, "doc"), "",
               cli_member(row, "needs"));
    }
    json_decref(registry);
    return EXIT_DONE;
}

static int query(const cli_call *call)
{
    rs_error err = {0};
    rs_buf sql = {0};
    rs_bundle *bundle = NULL;
    bool from_file = cli_has(call, "file");
    size_t n_wanted = from_file ? 0 : 1;
    if (cli_has(call, "views")) {
        return list_views(&err);
    }
    if (call->n_operands < n_wanted || call->n_operands > n_wanted + 1) {
        cli_complain("usage: relspec query [options] [BUNDLE] SQL, or --file FILE instead of SQL");
        return EXIT_USAGE;
    }
    if (!cli_can_write(call, format_of(call))) {
        return EXIT_USAGE;
    }
    rs_status status = RS_OK;
    if (from_file) {
        status = read_statement(cli_text(call, "file", ""), &sql, &err);
    } else {
        rs_buf_add(&sql, call->operands[call->n_operands - 1]);
        status = rs_buf_check(&sql, &err);
    }
    if (status == RS_OK) {
        const char *path = call->n_operands > n_wanted ? call->operands[0] : ".";
        status = rs_bundle_open(path, &bundle, &err);
    }
    RS_THEN(status, run(call, bundle, rs_buf_text(&sql), &err));
    rs_bundle_free(bundle);
    rs_buf_release(&sql);
    return status == RS_OK || cli_reader_left() ? EXIT_DONE : cli_fail(&err);
}

static const cli_option options[] = {
    {"format", 'f', CLI_CHOICE, "FORMAT", CLI_ROW_FORMATS, "table",
     "How the rows are written; arrow is an IPC stream of bytes.", "0.1"},
    {"file", 0, CLI_TEXT, "FILE", NULL, NULL, "Read the statement from FILE, - for standard input.",
     "0.1"},
    {"param", 'p', CLI_LIST, "VALUE", NULL, NULL,
     "Bind VALUE to the statement's next ?; may be given several times.", "0.1"},
    {"limit", 0, CLI_COUNT, "N", NULL, "200 for a table on a terminal, else all",
     "Write N rows at most and count the others; 0 for all.", "0.1"},
    {"timeout", 0, CLI_COUNT, "SECONDS", NULL, "0, no limit",
     "Stop a statement whose rows are not all written by then, with exit code 3.", "0.1"},
    {"output", 'o', CLI_TEXT, "FILE", NULL, NULL,
     "Write to FILE, which is there when it is whole; parquet needs it.", "0.1"},
    {"numbers", 0, CLI_FLAG, NULL, NULL, NULL,
     "As JSON, write whole numbers of 64 bits (BIGINT and wider: ids, counts) as numbers; else "
     "they "
     "are texts, as jq and JavaScript round them.",
     "0.1"},
    {"views", 0, CLI_FLAG, NULL, NULL, NULL, "List the prepared views instead.", "0.1"},
    {"quiet", 'q', CLI_FLAG, NULL, NULL, NULL, "Do not count the rows on standard error.", "0.1"},
};

const cli_command cli_query = {
    .name = "query",
    .operands = "[BUNDLE] SQL",
    .max_operands = 2,
    .summary = "ask a bundle in SQL",
    .text =
        "Runs one SELECT over a bundle: a bundle's directory, or one with run_bundles/latest in "
        "it (default: the current directory).\n\n"
        "Every dataset is a view with all its columns, those that are stored elsewhere or "
        "computed included: nodes, edges, props, calls, defs and so on (`relspec schema` lists "
        "them). Beside these stand `datasets`, `kinds`, `rejects` and `rejects_<dataset>`, "
        "and prepared views for the usual questions (--views). The statement sees the bundle and "
        "no other file. It can only read: one SELECT, DESCRIBE, SHOW or SUMMARIZE, or EXPLAIN or "
        "EXPLAIN ANALYZE of one, in an engine that the kernel keeps from writing where it can "
        "(Linux 5.13, Landlock).\n\n"
        "On a terminal a table's cells are cut at its width, ending in an ellipsis; columns that "
        "find no "
        "place are counted. Numbers are never cut.",
    .examples = "relspec query --views\n"
                "relspec query \"SELECT * FROM largest_functions LIMIT 20\"\n"
                "relspec query \"SELECT kind, count(*) FROM edges GROUP BY kind\"\n"
                "relspec query run_bundles/latest --format csv \"SELECT * FROM defs\"\n"
                "relspec query --param main \"SELECT path, start_line FROM defs JOIN repo_files "
                "USING (file_id) WHERE name = ?\"",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = query,
};
