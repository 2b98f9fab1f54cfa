/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "cli/document.h"
#include "cli/source.h"

/* A value on one line; a list with blanks between, "-" for nothing. */
static void add_value(const json_t *value, rs_buf *out)
{
    rs_buf text = {0};
    if (json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0)) {
        rs_buf_add(out, "-");
        return;
    }
    if (json_is_string(value)) {
        rs_buf_add(out, json_string_value(value));
        return;
    }
    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++) {
            rs_buf_add(out, i == 0 ? "" : " ");
            add_value(json_array_get(value, i), out);
        }
        return;
    }
    if (json_is_object(value) && cli_member(value, "file")[0] != '\0') {
        rs_buf_addf(out, "@%s", cli_member(value, "file"));
        return;
    }
    rs_buf_add(out, rs_json_print_compact(value, &text, NULL) == RS_OK ? rs_buf_text(&text) : "?");
    rs_buf_release(&text);
}

static int print(const json_t *document)
{
    const json_t *settings = json_object_get(document, "settings");
    const char *file = cli_member(document, "project_file");
    rs_buf value = {0};
    printf("%-16s %s\n", "project file", file[0] != '\0' ? file : "-");
    for (size_t i = 0; i < json_array_size(settings); i++) {
        const json_t *row = json_array_get(settings, i);
        const char *from = cli_member(row, "from");
        rs_buf_reset(&value);
        add_value(json_object_get(row, "value"), &value);
        printf("%-16s %-32s ", cli_member(row, "name"), rs_buf_text(&value));
        if (strcmp(from, "project") == 0) {
            printf("%s:%lld\n", file, (long long)json_integer_value(json_object_get(row, "line")));
        } else {
            printf("%s\n", strcmp(from, "call") == 0 ? "command line" : "default");
        }
    }
    rs_buf_release(&value);
    return EXIT_DONE;
}

static int config(const cli_call *call)
{
    rs_error err = {0};
    rs_config *asked = NULL;
    json_t *document = NULL;
    rs_status status = rs_config_new(&asked, &err);
    RS_THEN(status, cli_configure_source(call, asked, &err));
    document = status == RS_OK ? cli_config_document(asked, &err) : NULL;
    int code = document == NULL        ? cli_fail(&err)
               : cli_has(call, "json") ? cli_print_json(document)
                                       : print(document);
    json_decref(document);
    rs_config_free(asked);
    return code;
}

static const cli_option options[] = {
    CLI_SOURCE_OPTIONS,
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print JSON.", "0.1"},
};

const cli_command cli_config = {
    .name = "config",
    .operands = "[PATH]",
    .max_operands = 1,
    .summary = "show what a build would be given, and from where",
    .text = "Prints each setting that a project file may have, and those of the command line that "
            "a build of "
            "PATH (default: the current directory) would take: its value, and whether it is the "
            "default, "
            "from the command line, or from a line of the project file.\n\n"
            "The project file is relspec.yaml in PATH or above it, up to the root of the "
            "repository. It holds "
            "include, exclude, rules, policy, scip, params and the bands of gates; the command "
            "line comes "
            "before it. Paths in it stay below its folder, no link is followed, and it names no "
            "output and "
            "no setting of the engine.",
    .examples = "relspec config\n"
                "relspec config src --exclude 'tests/' --json",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = config,
};
