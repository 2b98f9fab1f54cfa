/* SPDX-License-Identifier: Apache-2.0 */
/* summary.h - a build as it runs and as it ended, for a person. */
#ifndef RS_CLI_SUMMARY_H
#define RS_CLI_SUMMARY_H

#include "cli/cli.h"

/* All-zero is a bar that was not drawn yet. */
typedef struct cli_progress {
    bool drawn;
} cli_progress;

/* An rs_progress_fn whose context is a cli_progress: one line on stderr, drawn over and over. */
void cli_show_progress(const rs_progress *progress, void *context);
void cli_clear_progress(cli_progress *progress);

/* document is that of rs_run_summary(). */
void cli_print_summary(FILE *out, const char *document);

/* Of it what each node made and cost: the product of a run that published no bundle. */
void cli_print_stages(FILE *out, const char *document);

/* What the summary warns of, a line each on stderr: for a call whose summary is not printed. Unless
 * all, only what has to be told in any case. */
void cli_tell_warnings(const char *document, bool all);

/* What a build ends with: a bundle without the rows of a rule is there, but it is not what was asked
 * for; is_strict: neither is one that the summary warns of. */
int cli_exit_code(const char *document, bool is_strict);

#endif
