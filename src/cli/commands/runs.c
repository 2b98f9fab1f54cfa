/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "cli/document.h"

enum { DAY_SECONDS = 24 * 60 * 60 };

static json_t *parse(char *text, rs_error *err)
{
    json_error_t cause;
    json_t *document = json_loads(text, 0, &cause);
    if (document == NULL) {
        rs_error_set(err, RS_ERR_INTERNAL, "read the library's document: %s", cause.text);
    }
    rs_text_free(text);
    return document;
}

static const char *folder_of(const cli_call *call)
{
    return call->n_operands > 0 ? call->operands[0] : ".";
}

static void print_run(const json_t *row, const char *word)
{
    char bytes[32];
    printf("%-24s %s %10s%s%s\n", cli_member(row, "name"), cli_member(row, "made_at"),
           cli_bytes((double)json_integer_value(json_object_get(row, "bytes")), bytes),
           word[0] != '\0' ? "  " : "", word);
}

static int list(const cli_call *call)
{
    rs_error err = {0};
    char *text = NULL;
    rs_status status = rs_runs_document(folder_of(call), &text, &err);
    json_t *document = status == RS_OK ? parse(text, &err) : NULL;
    if (document == NULL) {
        return cli_fail(&err);
    }
    const json_t *runs = json_object_get(document, "runs");
    int code = cli_has(call, "json") ? cli_print_json(document) : EXIT_DONE;
    for (size_t i = 0; !cli_has(call, "json") && i < json_array_size(runs); i++) {
        const json_t *row = json_array_get(runs, i);
        print_run(row, json_is_true(json_object_get(row, "is_latest")) ? "latest" : "");
    }
    json_decref(document);
    return code;
}

static void print_pruned(const cli_call *call, const json_t *runs)
{
    bool is_dry = cli_has(call, "dry-run");
    for (size_t i = 0; i < json_array_size(runs); i++) {
        const json_t *row = json_array_get(runs, i);
        if (json_is_true(json_object_get(row, "is_removed"))) {
            print_run(row, is_dry ? "would be removed" : "removed");
        } else if (strcmp(cli_member(row, "kept_for"), "building") == 0) {
            print_run(row, "kept: a run is about to replace it");
        }
    }
}

static int prune(const cli_call *call)
{
    rs_error err = {0};
    char *text = NULL;
    const rs_runs_choice choice = {.n_kept = cli_number(call, "keep", 0),
                                   .n_older_seconds =
                                       cli_number(call, "older-than", 0) * DAY_SECONDS,
                                   .is_dry = cli_has(call, "dry-run")};
    if (!cli_has(call, "keep") && !cli_has(call, "older-than")) {
        cli_complain("usage: relspec runs prune [DIR] --keep N or --older-than DAYS, or both");
        return EXIT_USAGE;
    }
    if (cli_number(call, "older-than", 0) > UINT32_MAX) {
        cli_complain("--older-than %s: too many days", cli_text(call, "older-than", ""));
        return EXIT_USAGE;
    }
    rs_status status = rs_runs_remove(folder_of(call), &choice, &text, &err);
    json_t *document = status == RS_OK ? parse(text, &err) : NULL;
    if (document == NULL) {
        return cli_fail(&err);
    }
    int code = EXIT_DONE;
    if (cli_has(call, "json")) {
        code = cli_print_json(document);
    } else {
        print_pruned(call, json_object_get(document, "runs"));
    }
    json_decref(document);
    return code;
}

static const cli_option list_options[] = {
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print JSON.", "0.1"},
};

const cli_command cli_runs_list = {
    .name = "runs list",
    .operands = "[DIR]",
    .max_operands = 1,
    .summary = "list the bundles of a folder, the newest first",
    .text = "Lists the bundles below DIR (default: the current directory): a run_bundles, or a "
            "folder with "
            "one in it. Each with the time that it was made at, in UTC, its size, and whether "
            "run_bundles/latest names it.",
    .examples = "relspec runs list\n"
                "relspec runs list out --json",
    .options = list_options,
    .n_options = sizeof list_options / sizeof list_options[0],
    .run = list,
};

static const cli_option prune_options[] = {
    {"keep", 0, CLI_COUNT, "N", NULL, "0", "Keep the N newest.", "0.1"},
    {"older-than", 0, CLI_COUNT, "DAYS", NULL, "however old",
     "Remove only what was made at least DAYS days ago.", "0.1"},
    {"dry-run", 0, CLI_FLAG, NULL, NULL, NULL, "Say what would be removed, and remove nothing.",
     "0.1"},
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print JSON.", "0.1"},
};

const cli_command cli_runs_prune = {
    .name = "runs prune",
    .operands = "[DIR]",
    .max_operands = 1,
    .summary = "remove old bundles of a folder",
    .text =
        "Removes bundles below DIR (default: the current directory) that --keep and --older-than "
        "let go, "
        "one of which is wanted; with both, what both let go. What run_bundles/latest names stays, "
        "and so "
        "does a bundle that a run is about to replace, and whatever is no bundle. What killed runs "
        "left "
        "goes as well.\n\n"
        "A bundle loses its name before its files go: nothing that is half removed looks like one.",
    .examples = "relspec runs prune --keep 5\n"
                "relspec runs prune out --older-than 30 --keep 3 --dry-run",
    .options = prune_options,
    .n_options = sizeof prune_options / sizeof prune_options[0],
    .run = prune,
};
