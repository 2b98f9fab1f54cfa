/* SPDX-License-Identifier: Apache-2.0 */
/* internal.c - for relspec's own tools: everything that tables of ours say, as JSON. */
#include "cli/document.h"

static json_t *text_or_null(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

static json_t *choices_or_null(const cli_option *option)
{
    rs_buf choices = {0};
    if (option->choices != NULL) {
        cli_add_choices(option, &choices);
    }
    json_t *text = text_or_null(option->choices != NULL ? rs_buf_text(&choices) : NULL);
    rs_buf_release(&choices);
    return text;
}

static json_t *option_document(const cli_option *option)
{
    static const char *const kinds[] = {
        [CLI_FLAG] = "flag", [CLI_TEXT] = "text",     [CLI_COUNT] = "count",
        [CLI_SIZE] = "size", [CLI_CHOICE] = "choice", [CLI_LIST] = "list",
    };
    const char letter[2] = {option->letter, '\0'};
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:s, s:s}", "name", option->name, "letter",
                     letter, "kind", kinds[option->kind], "argument",
                     text_or_null(option->argument), "choices", choices_or_null(option), "default",
                     text_or_null(option->standard), "help", option->help, "since", option->since);
}

static json_t *command_document(const cli_command *command)
{
    json_t *options = json_array();
    for (size_t i = 0; i < command->n_options; i++) {
        json_array_append_new(options, option_document(&command->options[i]));
    }
    for (size_t i = 0; i < cli_n_common_options; i++) {
        json_array_append_new(options, option_document(&cli_common_options[i]));
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "name", command->name, "operands",
                     command->operands, "summary", command->summary, "text", command->text,
                     "examples", text_or_null(command->examples), "options", options);
}

static int dump_registry(const cli_call *call)
{
    rs_error err = {0};
    (void)call;
    json_t *registry = cli_registry(&err);
    json_t *rules = registry == NULL ? NULL : cli_rules(NULL, NULL, &err);
    if (rules == NULL) {
        json_decref(registry);
        return cli_fail(&err);
    }
    json_t *commands = json_array();
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        if (!cli_commands[i]->hidden) {
            json_array_append_new(commands, command_document(cli_commands[i]));
        }
    }
    json_object_set_new(registry, "commands", commands);
    json_object_set(registry, "rules", json_object_get(rules, "rules"));
    json_object_set(registry, "relationships", json_object_get(rules, "relationships"));
    json_object_set(registry, "policy", json_object_get(rules, "policy"));
    int code = cli_print_json(registry);
    json_decref(rules);
    json_decref(registry);
    return code;
}

static const cli_option options[] = {
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print JSON (the only form there is).", "0.1"},
};

const cli_command cli_dump_registry = {
    .name = "internal dump-registry",
    .operands = "",
    .summary = "print all registries",
    .text =
        "Prints datasets, kinds, diagnostics, stages, commands and rules for tools/gen-reference.",
    .options = options,
    .n_options = 1,
    .hidden = true,
    .run = dump_registry,
};
