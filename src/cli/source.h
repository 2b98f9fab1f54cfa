/* SPDX-License-Identifier: Apache-2.0 */
/* source.h - what commands that build share: which sources, with which rules, and how to stop.
 */
#ifndef RS_CLI_SOURCE_H
#define RS_CLI_SOURCE_H

#include "cli/cli.h"

/* Rows of a table of options. */
/* clang-format off */
#define CLI_SOURCE_OPTIONS                                                                         \
    {"rules", 0, CLI_TEXT, "DIR", NULL, NULL,                                                      \
     "Add the rule packs (*.yaml) of DIR; a rule of a known name replaces that one.", "0.1"},      \
    {"scip", 0, CLI_TEXT, "FILE", NULL, NULL,                                                      \
     "Take in what a SCIP index of the same tree says; one that is no index costs its evidence "   \
     "alone.",                                                                                     \
     "0.1"},                                                                                       \
    {"python", 0, CLI_TEXT, "3.MINOR", NULL,                                                       \
     "the lowest that `requires-python` allows, else 3.13",                                        \
     "Read all files as for this Python: conditions on its version, its standard library.",        \
     "0.1"},                                                                                       \
    {"policy", 0, CLI_TEXT, "FILE", NULL, "the built-in policy",                                   \
     "Put the policy of FILE over the built-in one, by name.", "0.1"},                             \
    {"param", 0, CLI_LIST, "NAME=VALUE", NULL, NULL,                                               \
     "Give the param table NAME of a rule pack a value; NAME=@FILE gives it those of a .csv, "     \
     ".json or .parquet file, NAME=@@TEXT a value that starts with an @; may be given several "    \
     "times.",                                                                                     \
     "0.1"},                                                                                       \
    {"include", 0, CLI_LIST, "GLOB", NULL, NULL,                                                   \
     "Read only files that match, as in a .gitignore; may be given several times.", "0.1"},        \
    {"exclude", 0, CLI_LIST, "GLOB", NULL, NULL,                                                   \
     "Leave out files that match; may be given several times.", "0.1"},                            \
    {"no-gitignore", 0, CLI_FLAG, NULL, NULL, NULL,                                                \
     "Do not follow .gitignore files and info/exclude.", "0.1"},                                   \
    {"no-default-excludes", 0, CLI_FLAG, NULL, NULL, NULL,                                         \
     "Read also what tools put there (node_modules, .tox, ...), environments of venv and conda, "  \
     "other clones and worktrees.", "0.1"},                                                        \
    {"max-file-size", 0, CLI_SIZE, "SIZE", NULL, "64MB",                                           \
     "List larger files without reading them.", "0.1"},                                            \
    {"repository-id", 0, CLI_TEXT, "ID", NULL, NULL,                                               \
     "Keep the ids of this repository apart from those of others.", "0.1"},                        \
    {"no-config", 0, CLI_FLAG, NULL, NULL, NULL,                                                   \
     "Ignore relspec.yaml, the project file, which is looked for in PATH and above.", "0.1"}
/* clang-format on */

/* Which nodes of the pipeline. */
/* clang-format off */
#define CLI_NODE_OPTIONS                                                                           \
    {"only", 0, CLI_LIST, "NODE", NULL, NULL,                                                      \
     "Run this node of the pipeline and what it needs, and nothing else; may be given several "    \
     "times.", "0.1"},                                                                             \
    {"until", 0, CLI_TEXT, "NODE", NULL, NULL,                                                     \
     "Run this node, every one before it that leaves a product, and what they need.", "0.1"}
/* clang-format on */

/* Hand those options, and the operand PATH, to config. */
rs_status cli_configure_source(const cli_call *call, rs_config *config, rs_error *err) RS_MUST_USE;

/* From now on SIGINT, SIGTERM and SIGHUP call stop(context); stop NULL: nothing any more. */
/* What a command that nobody stops leaves behind when it is interrupted: the draft of this output file, as
 * rs_target has it. NULL: nothing. */
void cli_discard_on_interrupt(const char *path);
void cli_on_interrupt(void (*stop)(void *context), void *context);

#endif
