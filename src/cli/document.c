/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/document.h"

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
    return rs_rules_document(rules_dir, policy_file, &text, err) == RS_OK ? parse(text, err) : NULL;
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
