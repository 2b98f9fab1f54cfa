/* SPDX-License-Identifier: Apache-2.0 */
/* junit.h - a gate's report as JUnit XML, for whoever shows the results of a build.
 *
 * One suite a check. Its cases: an object with findings each, or one case for all that was compared.
 */
#ifndef RS_CLI_JUNIT_H
#define RS_CLI_JUNIT_H

#include <jansson.h>

#include "cli/cli.h"

/* Write the report of rs_gate_report() to path, in place of what stood there. */
rs_status cli_write_junit(const json_t *report, const char *path, rs_error *err) RS_MUST_USE;

#endif
