/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/document.h"

#include <string.h>

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

json_t *cli_registry(rs_error *err)
{
    char *text = NULL;
    return rs_registry_document(&text, err) == RS_OK ? parse(text, err) : NULL;
}

json_t *cli_pipeline_document(const rs_config *config, rs_error *err)
{
    char *text = NULL;
    return rs_config_pipeline(config, &text, err) == RS_OK ? parse(text, err) : NULL;
}

json_t *cli_config_document(const rs_config *config, rs_error *err)
{
    char *text = NULL;
    return rs_config_document(config, &text, err) == RS_OK ? parse(text, err) : NULL;
}

json_t *cli_rules(const char *rules_dir, const char *policy_file, rs_error *err)
{
    char *text = NULL;
    return rs_rules_document(rules_dir, policy_file, NULL, &text, err) == RS_OK ? parse(text, err)
                                                                                : NULL;
}

/* A setting that holds, as text; NULL where it is not set. */
static const char *setting_of(const json_t *config, const char *name)
{
    const json_t *settings = json_object_get(config, "settings");
    for (size_t i = 0; i < json_array_size(settings); i++) {
        const json_t *row = json_array_get(settings, i);
        if (strcmp(cli_member(row, "name"), name) == 0) {
            return json_string_value(json_object_get(row, "value"));
        }
    }
    return NULL;
}

rs_status cli_packs_find(const cli_call *call, cli_packs *out, rs_error *err)
{
    rs_config *config = NULL;
    *out = (cli_packs){.rules = cli_text(call, "rules", NULL),
                       .policy = cli_text(call, "policy", NULL)};
    if (cli_has(call, "no-config")) {
        return RS_OK;
    }
    rs_status status = rs_config_new(&config, err);
    RS_THEN(status, rs_config_read_project(config, err));
    if (status == RS_OK) {
        out->keeps = cli_config_document(config, err);
        status = out->keeps != NULL ? RS_OK : err->status;
    }
    rs_config_free(config);
    out->rules = out->rules != NULL ? out->rules : setting_of(out->keeps, "rules");
    out->policy = out->policy != NULL ? out->policy : setting_of(out->keeps, "policy");
    return status;
}

void cli_packs_release(cli_packs *packs)
{
    json_decref(packs->keeps);
    *packs = (cli_packs){NULL, NULL, NULL};
}

json_t *cli_why_not_document(rs_bundle *bundle, const rs_question *question, rs_error *err)
{
    char *text = NULL;
    return rs_bundle_why_not(bundle, question, &text, err) == RS_OK ? parse(text, err) : NULL;
}

json_t *cli_why_document(rs_bundle *bundle, const rs_question *question, rs_error *err)
{
    char *text = NULL;
    return rs_bundle_why(bundle, question, &text, err) == RS_OK ? parse(text, err) : NULL;
}

const char *cli_member(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text != NULL ? text : "";
}

void cli_print_name(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n' || *text == '\r') {
            fprintf(out, "\\x%02x", (unsigned)(unsigned char)*text);
        } else {
            fputc(*text, out);
        }
    }
}

int cli_print_json(const json_t *value)
{
    cli_dress_output(CLI_JSON);
    if (json_dumpf(value, stdout, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_ENCODE_ANY) != 0) {
        return ferror(stdout) != 0 ? EXIT_DONE : EXIT_FAILED; /* main() tells of the stream */
    }
    fputc('\n', stdout);
    return EXIT_DONE;
}

size_t cli_print_problems(FILE *out, const json_t *rules)
{
    const json_t *problems = json_object_get(rules, "problems");
    for (size_t i = 0; i < json_array_size(problems); i++) {
        const json_t *row = json_array_get(problems, i);
        fprintf(out, "%s:%lld:%lld: %s\n", cli_member(row, "file"),
                (long long)json_integer_value(json_object_get(row, "line")),
                (long long)json_integer_value(json_object_get(row, "column")),
                cli_member(row, "message"));
    }
    return json_array_size(problems);
}
