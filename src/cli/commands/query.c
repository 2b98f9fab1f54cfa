/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

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
    if (strcmp(name, "csv") == 0) {
        return RS_FORMAT_CSV;
    }
    return strcmp(name, "json") == 0 ? RS_FORMAT_JSON : RS_FORMAT_TABLE;
}

static rs_status run_text(const cli_call *call, rs_bundle *bundle, const char *sql, rs_error *err)
{
    uint64_t n_rows = 0;
    size_t n_values = 0;
    const char **values = rs_alloc_zero(call->n_values + 1, sizeof *values);
    if (values == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "query: out of memory");
    }
    for (size_t i = 0; i < call->n_values; i++) {
        if (strcmp(call->values[i].option->name, "param") == 0) {
            values[n_values++] = call->values[i].text;
        }
    }
    rs_format format = format_of(call);
    rs_status status = rs_bundle_query(bundle, sql, values, n_values, format, cli_write_stdout,
                                       NULL, &n_rows, err);
    if (status == RS_OK && format == RS_FORMAT_TABLE && !cli_has(call, "quiet")) {
        char grouped[32];
        fflush(stdout);
        fprintf(stderr, "%s %s\n", cli_grouped(n_rows, grouped), n_rows == 1 ? "row" : "rows");
    }
    rs_free(values);
    return status;
}

static rs_status run_parquet(const cli_call *call, rs_bundle *bundle, const char *sql,
                             rs_error *err)
{
    uint64_t n_rows = 0;
    if (!cli_has(call, "output")) {
        return rs_error_set(err, RS_ERR_INVALID, "--format parquet: needs --output FILE");
    }
    if (cli_has(call, "param")) {
        return rs_error_set(err, RS_ERR_INVALID, "--format parquet: takes no --param yet");
    }
    RS_TRY(rs_bundle_query_parquet(bundle, sql, cli_text(call, "output", ""), &n_rows, err));
    fprintf(stderr, "%" PRIu64 " %s\n", n_rows, n_rows == 1 ? "row" : "rows");
    return RS_OK;
}

static int query(const cli_call *call)
{
    rs_error err = {0};
    rs_buf sql = {0};
    rs_bundle *bundle = NULL;
    bool from_file = cli_has(call, "file");
    size_t n_wanted = from_file ? 0 : 1;
    if (call->n_operands < n_wanted || call->n_operands > n_wanted + 1) {
        cli_complain("usage: relspec query [options] [BUNDLE] SQL, or --file FILE instead of SQL");
        return EXIT_USAGE;
    }
    if (strcmp(cli_text(call, "format", ""), "arrow") == 0) {
        cli_complain("--format arrow: not there yet; parquet, csv and json are");
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
    if (status == RS_OK) {
        bool parquet = strcmp(cli_text(call, "format", ""), "parquet") == 0;
        status = parquet ? run_parquet(call, bundle, rs_buf_text(&sql), &err)
                         : run_text(call, bundle, rs_buf_text(&sql), &err);
    }
    rs_bundle_free(bundle);
    rs_buf_release(&sql);
    return status == RS_OK ? EXIT_DONE : cli_fail(&err);
}

static const cli_option options[] = {
    {"format", 'f', CLI_CHOICE, "FORMAT", "table csv json parquet arrow", "table",
     "How the rows are written; arrow is not there yet.", "0.1"},
    {"file", 0, CLI_TEXT, "FILE", NULL, NULL, "Read the statement from FILE, - for standard input.",
     "0.1"},
    {"param", 'p', CLI_LIST, "VALUE", NULL, NULL,
     "Bind VALUE to the statement's next ?; may be given several times.", "0.1"},
    {"output", 'o', CLI_TEXT, "FILE", NULL, NULL, "The new file for --format parquet.", "0.1"},
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
        "them). Beside these stand `datasets`, `kinds`, `rejects` and `rejects_<dataset>`. The "
        "statement sees the bundle and no other file.",
    .examples = "relspec query \"SELECT kind, count(*) FROM edges GROUP BY kind\"\n"
                "relspec query run_bundles/latest --format csv \"SELECT * FROM defs\"\n"
                "relspec query --param main \"SELECT path, start_line FROM defs JOIN repo_files "
                "USING (file_id) WHERE name = ?\"",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = query,
};
