/* SPDX-License-Identifier: Apache-2.0 */
/* document.h - the library's documents, read for printing. */
#ifndef RS_CLI_DOCUMENT_H
#define RS_CLI_DOCUMENT_H

#include <jansson.h>

#include "cli/cli.h"

/* The document of the registry, or of the rules (either may be NULL); NULL with *err filled. */
json_t *cli_registry(rs_error *err);
/* What a run of config would do. */
/* What holds, and where each value comes from. */
json_t *cli_config_document(const rs_config *config, rs_error *err);
json_t *cli_pipeline_document(const rs_config *config, rs_error *err);
json_t *cli_rules(const char *rules_dir, const char *policy_file, rs_error *err);

/* An explanation of edges that are there, and that are not; NULL with *err filled. */
json_t *cli_why_document(rs_bundle *bundle, const rs_question *question, rs_error *err);
json_t *cli_why_not_document(rs_bundle *bundle, const rs_question *question, rs_error *err);

/* "" where there is none. */
const char *cli_member(const json_t *row, const char *key);

/* Print a path or a name of the input: whatever it holds, it stays on its line. */
void cli_print_name(FILE *out, const char *text);

/* Print a value as JSON. */
int cli_print_json(const json_t *value);

/* Print "file:line:column: message" for each problem; how many there are. */
size_t cli_print_problems(FILE *out, const json_t *rules);

/* --- the commands of `rules` --- */

/* The packs and the policy of a call that builds nothing: of its options, else of the project file of the
 * folder that it is made in. *keeps holds the texts; NULL for none. */
typedef struct cli_packs {
    const char *rules;
    const char *policy;
    json_t *keeps;
} cli_packs;

rs_status cli_packs_find(const cli_call *call, cli_packs *out, rs_error *err) RS_MUST_USE;
void cli_packs_release(cli_packs *packs);

/* The document of the rules and the policy that a call names; NULL, with *code, where they do not
 * load or have problems (which are printed). */
json_t *cli_load_rules(const cli_call *call, int *code);

/* Where packs and policy come from; as an item of a table of options each. */
#define CLI_OPTION_RULES                                                                           \
    {                                                                                              \
        "rules", 0, CLI_TEXT, "DIR", NULL, NULL, "Add the rule packs of DIR.", "0.1"               \
    }
#define CLI_OPTION_POLICY                                                                          \
    {                                                                                              \
        "policy", 0, CLI_TEXT, "FILE", NULL, NULL,                                                 \
            "Lay the policy file FILE over the built-in one.", "0.1"                               \
    }

#define CLI_OPTION_NO_CONFIG                                                                       \
    {                                                                                              \
        "no-config", 0, CLI_FLAG, NULL, NULL, NULL,                                                \
            "Ignore relspec.yaml, the project file, which is looked for in this folder and "       \
            "above.",                                                                              \
            "0.1"                                                                                  \
    }

#endif
