/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/summary.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/document.h"

enum { BAR_WIDTH = 24, LINE_BYTES = 256, KINDS_A_LINE = 4, KIND_WIDTH = 34, SHOWN_FINDINGS = 5 };

/* --- progress --- */

void cli_show_progress(const rs_progress *progress, void *context)
{
    cli_progress *self = context;
    char done[32];
    char all[32];
    bool writes = progress->n_jobs > 0;
    double part = writes ? (double)progress->n_jobs_done / (double)progress->n_jobs
                  : progress->n_bytes == 0
                      ? 0
                      : (double)progress->n_bytes_done / (double)progress->n_bytes;
    int n_full = (int)(part * BAR_WIDTH);
    char bar[BAR_WIDTH + 1];
    for (int i = 0; i < BAR_WIDTH; i++) {
        bar[i] = i < n_full ? '#' : '.';
    }
    bar[BAR_WIDTH] = '\0';
    char line[LINE_BYTES];
    if (writes) {
        (void)snprintf(line, sizeof line, "%-14s [%s] %" PRIu64 " / %" PRIu64 " datasets' files",
                       progress->stage, bar, progress->n_jobs_done, progress->n_jobs);
    } else {
        (void)snprintf(line, sizeof line, "%-14s [%s] %" PRIu64 " / %" PRIu64 " files, %s of %s",
                       progress->stage, bar, progress->n_files_done, progress->n_files,
                       cli_bytes((double)progress->n_bytes_done, done),
                       cli_bytes((double)progress->n_bytes, all));
    }
    /* A line that is full, or goes on in the next one, could not be drawn over. */
    unsigned n_columns = cli_n_columns(stderr);
    fprintf(stderr, CLI_CLEAR_LINE "%.*s", n_columns > 0 ? (int)n_columns - 1 : LINE_BYTES, line);
    fflush(stderr);
    self->drawn = true;
}

void cli_clear_progress(cli_progress *progress)
{
    if (progress->drawn) {
        fputs(CLI_CLEAR_LINE, stderr);
        fflush(stderr);
        progress->drawn = false;
    }
}

/* --- the summary --- */

static uint64_t number(const json_t *row, const char *key)
{
    json_int_t value = json_integer_value(json_object_get(row, key));
    return value < 0 ? 0 : (uint64_t)value;
}

static const char *text(const json_t *row, const char *key)
{
    const char *value = json_string_value(json_object_get(row, key));
    return value != NULL ? value : "";
}

static void print_label(FILE *out, const char *label)
{
    bool colour = cli_has_colour(out);
    fprintf(out, "%s%-13s%s", colour ? CLI_STRONG : "", label, colour ? CLI_PLAIN : "");
}

typedef struct kind_count {
    const char *kind;
    uint64_t count;
} kind_count;

static int by_count(const void *left, const void *right)
{
    const kind_count *a = left;
    const kind_count *b = right;
    if (a->count != b->count) {
        return a->count > b->count ? -1 : 1;
    }
    return strcmp(a->kind, b->kind);
}

/* As many as a terminal has room for. */
static size_t kinds_a_line(FILE *out)
{
    unsigned n_columns = cli_n_columns(out);
    size_t n_fit = n_columns == 0 ? KINDS_A_LINE : n_columns / KIND_WIDTH;
    return n_fit == 0 ? 1 : n_fit < KINDS_A_LINE ? n_fit : KINDS_A_LINE;
}

static void print_kinds(FILE *out, const char *label, const json_t *row)
{
    enum { MAX_KINDS = 256 };
    kind_count kinds[MAX_KINDS];
    size_t n_kinds = 0;
    char grouped[32];
    const char *kind;
    json_t *count;
    json_object_foreach(json_object_get(row, "kinds"), kind, count)
    {
        if (n_kinds < MAX_KINDS) {
            kinds[n_kinds++] = (kind_count){kind, (uint64_t)json_integer_value(count)};
        }
    }
    qsort(kinds, n_kinds, sizeof kinds[0], by_count);
    print_label(out, label);
    fprintf(out, "%s\n", cli_grouped(number(row, "total"), grouped));
    size_t n_a_line = kinds_a_line(out);
    RS_ASSERT(n_a_line > 0);
    for (size_t i = 0; i < n_kinds; i++) {
        fprintf(out, "  %-21s%11s%s", kinds[i].kind, cli_grouped(kinds[i].count, grouped),
                (i + 1) % n_a_line == 0 || i + 1 == n_kinds ? "\n" : "");
    }
}

static void print_findings(FILE *out, const char *label, const char *what, const json_t *row)
{
    char grouped[32];
    const json_t *first = json_object_get(row, "first");
    uint64_t n_findings = number(row, "count");
    print_label(out, label);
    fprintf(out, "%s", n_findings == 0 ? "none" : cli_grouped(n_findings, grouped));
    if (n_findings > 0 && json_object_get(row, "files") != NULL) {
        fprintf(out, " in %s files", cli_grouped(number(row, "files"), grouped));
    }
    fputc('\n', out);
    for (size_t i = 0; i < json_array_size(first) && i < SHOWN_FINDINGS; i++) {
        const json_t *finding = json_array_get(first, i);
        fputs("  ", out);
        cli_print_name(out, text(finding, "path"));
        if (json_object_get(finding, "line") != NULL) {
            fprintf(out, ":%" PRIu64, number(finding, "line"));
        }
        fprintf(out, ": %s\n",
                text(finding, "message")[0] != '\0' ? text(finding, "message")
                                                    : text(finding, "code"));
    }
    if (n_findings > SHOWN_FINDINGS) {
        fprintf(out, "  ... and %s more: SELECT * FROM %s\n",
                cli_grouped(n_findings - SHOWN_FINDINGS, grouped), what);
    }
}

/* On purpose, by reason. */
static void print_left_out(FILE *out, const json_t *row)
{
    char grouped[32];
    const char *before = "";
    const char *reason;
    json_t *count;
    json_object_foreach((json_t *)(uintptr_t)row, reason, count) /* only read */
    {
        if (json_integer_value(count) == 0) {
            continue;
        }
        if (before[0] == '\0') {
            print_label(out, "left out");
        }
        fprintf(out, "%s%s by %s", before,
                cli_grouped((uint64_t)json_integer_value(count), grouped), reason);
        before = ", ";
    }
    fputs(before[0] != '\0' ? "\n" : "", out);
}

static double share(uint64_t n, uint64_t n_all)
{
    RS_ASSERT(n <= n_all);
    return n_all == 0 ? 0 : 100.0 * (double)n / (double)n_all;
}

static void print_scip(FILE *out, const json_t *row, uint64_t n_files)
{
    char documents[32];
    char occurrences[32];
    char symbols[32];
    char errors[32];
    if (!json_is_object(row)) {
        return;
    }
    print_label(out, "SCIP index");
    if (text(row, "problem")[0] != '\0') {
        fprintf(out, "not used: %s\n", text(row, "problem"));
        return;
    }
    fprintf(out, "%s documents, %s occurrences, %s symbols\n",
            cli_grouped(number(row, "documents"), documents),
            cli_grouped(number(row, "occurrences"), occurrences),
            cli_grouped(number(row, "symbols"), symbols));
    fprintf(out, "  it covers %.1f %% of the files, and names what %.1f %% of the calls call\n",
            share(number(row, "files_covered"), n_files),
            share(number(row, "calls_covered"), number(row, "calls")));
    if (number(row, "errors") > 0) {
        fprintf(out, "  %s have no place here: SELECT * FROM scip_span_errors\n",
                cli_grouped(number(row, "errors"), errors));
    }
}

/* Shares of what is understood how far, the most frequent first. */
static void print_statuses(FILE *out, const char *label, const json_t *counts)
{
    enum { MAX_STATUSES = 32 };
    kind_count statuses[MAX_STATUSES];
    size_t n_statuses = 0;
    uint64_t n_all = 0;
    char grouped[32];
    const char *status;
    json_t *count;
    json_object_foreach((json_t *)(uintptr_t)counts, status, count) /* only read */
    {
        n_all += (uint64_t)json_integer_value(count);
        if (n_statuses < MAX_STATUSES) {
            statuses[n_statuses++] = (kind_count){status, (uint64_t)json_integer_value(count)};
        }
    }
    if (n_all == 0) {
        return;
    }
    qsort(statuses, n_statuses, sizeof statuses[0], by_count);
    print_label(out, label);
    fprintf(out, "%s:", cli_grouped(n_all, grouped));
    for (size_t i = 0; i < n_statuses; i++) {
        fprintf(out, "%s %.1f %% %s", i == 0 ? "" : ",", share(statuses[i].count, n_all),
                statuses[i].kind);
    }
    fputc('\n', out);
}

/* What rules wanted and nobody gave. */
static void print_params(FILE *out, const json_t *row)
{
    const json_t *diagnostics = json_object_get(row, "diagnostics");
    for (size_t i = 0; i < json_array_size(diagnostics); i++) {
        const json_t *finding = json_array_get(diagnostics, i);
        const json_t *rules = json_object_get(finding, "rules");
        print_label(out, i == 0 ? "params" : "");
        fprintf(out, "%s has no value, so nothing is in it for", text(finding, "param"));
        for (size_t r = 0; r < json_array_size(rules); r++) {
            const char *name = json_string_value(json_array_get(rules, r));
            fprintf(out, "%s %s", r == 0 ? "" : ",", name != NULL ? name : "");
        }
        fputc('\n', out);
    }
}

static void print_rejects(FILE *out, const json_t *rejects)
{
    uint64_t n_rows = 0;
    char grouped[32];
    const char *dataset;
    json_t *count;
    json_object_foreach((json_t *)(uintptr_t)rejects, dataset, count) /* only read */
    {
        n_rows += (uint64_t)json_integer_value(count);
    }
    print_label(out, "rejects");
    fprintf(out, "%s", n_rows == 0 ? "none" : cli_grouped(n_rows, grouped));
    json_object_foreach((json_t *)(uintptr_t)rejects, dataset, count)
    {
        if (json_integer_value(count) > 0) {
            fprintf(out, "  %s %s", dataset,
                    cli_grouped((uint64_t)json_integer_value(count), grouped));
        }
    }
    fputc('\n', out);
}

static void print_rules(FILE *out, const json_t *rules)
{
    char grouped[32];
    const json_t *failed = json_object_get(rules, "failed");
    print_label(out, "rules");
    fprintf(out, "%s", cli_grouped(number(rules, "count"), grouped));
    if (number(rules, "skipped") > 0) {
        fprintf(out, ", %s skipped for want of evidence",
                cli_grouped(number(rules, "skipped"), grouped));
    }
    fputs(json_array_size(failed) > 0 ? ", failed:\n" : "\n", out);
    for (size_t i = 0; i < json_array_size(failed); i++) {
        const json_t *failure = json_array_get(failed, i);
        fprintf(out, "  %s: %s\n", text(failure, "rule"), text(failure, "message"));
    }
    const json_t *spoiled = json_object_get(rules, "spoiled");
    for (size_t i = 0; i < json_array_size(spoiled); i++) {
        const json_t *one = json_array_get(spoiled, i);
        fprintf(out, "  %s: skipped, for rows of %s are missing\n", text(one, "rule"),
                text(one, "missing_rows"));
    }
    if (number(rules, "fallbacks") > 0) {
        fprintf(out, "  %s fallbacks: SELECT * FROM %s\n",
                cli_grouped(number(rules, "fallbacks"), grouped), text(rules, "fallbacks_dataset"));
    }
}

/* One line a code: what --strict refuses. */
static void print_warnings(FILE *out, const json_t *warnings)
{
    char grouped[32];
    if (json_array_size(warnings) == 0) {
        return;
    }
    print_label(out, "warnings");
    fprintf(out, "%s\n", cli_grouped(json_array_size(warnings), grouped));
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        const json_t *warning = json_array_get(warnings, i);
        const char *path = text(warning, "path");
        fprintf(out, "  %-24s%8s  ", text(warning, "code"),
                cli_grouped(number(warning, "count"), grouped));
        cli_print_name(out, path);
        fprintf(out, "%s%s\n", path[0] != '\0' ? ": " : "", text(warning, "message"));
    }
}

static void print_stages(FILE *out, const json_t *stages)
{
    char grouped[32];
    char bytes[32];
    print_label(out, "stages");
    fputs("       ms   busy ms         rows        size\n", out);
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *row = json_array_get(stages, i);
        fprintf(out, "  %-14s %8.1f  %8.1f  %11s  %10s\n", text(row, "name"),
                (double)number(row, "elapsed_ns") / 1e6, (double)number(row, "busy_ns") / 1e6,
                cli_grouped(number(row, "rows"), grouped),
                cli_bytes((double)number(row, "bytes"), bytes));
    }
}

void cli_print_stages(FILE *out, const char *document)
{
    json_error_t cause;
    json_t *row = json_loads(document, 0, &cause);
    print_stages(out, json_object_get(row, "stages"));
    json_decref(row);
}

void cli_print_summary(FILE *out, const char *document)
{
    json_error_t cause;
    char lines[32];
    char files[32];
    char bytes[32];
    json_t *row = json_loads(document, 0, &cause);
    if (row == NULL) {
        return;
    }
    double seconds = (double)number(row, "elapsed_ns") / 1e9;
    if (text(row, "project_file")[0] != '\0') {
        print_label(out, "project");
        fprintf(out, "%s\n", text(row, "project_file"));
    }
    print_label(out, "sources");
    fprintf(out, "%s files, %s lines, %s\n", cli_grouped(number(row, "files"), files),
            cli_grouped(number(row, "lines"), lines),
            cli_bytes((double)number(row, "bytes"), bytes));
    if (number(row, "files") == 0) {
        fputs("  there is no Python source here: the graph is empty\n", out);
    }
    print_left_out(out, json_object_get(row, "left_out"));
    print_findings(out, "parse errors", "parse_errors", json_object_get(row, "parse_errors"));
    if (number(json_object_get(row, "diagnostics"), "count") > 0) {
        print_findings(out, "not read", "repo_diagnostics", json_object_get(row, "diagnostics"));
    }
    print_statuses(out, "names", json_object_get(row, "names"));
    print_statuses(out, "calls", json_object_get(row, "calls"));
    print_scip(out, json_object_get(row, "scip"), number(row, "files"));
    print_params(out, json_object_get(row, "params"));
    print_kinds(out, "nodes", json_object_get(row, "nodes"));
    print_kinds(out, "edges", json_object_get(row, "edges"));
    print_label(out, "properties");
    fprintf(out, "%s\n", cli_grouped(number(row, "props"), lines));
    print_rules(out, json_object_get(row, "rules"));
    print_rejects(out, json_object_get(row, "rejects"));
    print_warnings(out, json_object_get(row, "warnings"));
    print_stages(out, json_object_get(row, "stages"));
    print_label(out, "total");
    fprintf(out, "%.2f s on %" PRIu64 " threads, %.1f MB/s, peak memory %s\n", seconds,
            number(row, "threads"),
            (double)number(row, "bytes") / 1e6 / (seconds > 0 ? seconds : 1),
            cli_bytes((double)number(row, "peak_memory_bytes"), bytes));
    print_label(out, "bundle");
    fprintf(out, "%s of Parquet\n", cli_bytes((double)number(row, "parquet_bytes"), bytes));
    fputs("  relspec query ", out);
    cli_print_word(out, text(row, "bundle"));
    fputs(" \"SELECT kind, count(*) FROM edges GROUP BY kind\"\n  relspec doctor ", out);
    cli_print_word(out, text(row, "bundle"));
    fputc('\n', out);
    json_decref(row);
}

/* --- what it comes to --- */

void cli_tell_warnings(const char *document, bool all)
{
    json_error_t cause;
    json_t *row = json_loads(document, 0, &cause);
    const json_t *warnings = json_object_get(row, "warnings");
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        const json_t *warning = json_array_get(warnings, i);
        const char *path = text(warning, "path");
        if (all || json_is_true(json_object_get(warning, "always"))) {
            cli_complain("warning: %s%s%s", path, path[0] != '\0' ? ": " : "",
                         text(warning, "message"));
        }
    }
    json_decref(row);
}

int cli_exit_code(const char *document, bool is_strict)
{
    json_error_t cause;
    json_t *row = json_loads(document, 0, &cause);
    bool has_failed = json_array_size(json_object_get(json_object_get(row, "rules"), "failed")) > 0;
    bool warns = json_array_size(json_object_get(row, "warnings")) > 0;
    json_decref(row);
    return has_failed || (is_strict && warns) ? EXIT_FINDING : EXIT_DONE;
}
