/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <inttypes.h>

static void print_finding(const rs_finding *finding, void *context)
{
    (void)context;
    printf("%s: %s: %s\n", finding->object, finding->check, finding->message);
}

static int doctor(const cli_call *call)
{
    rs_error err = {0};
    uint64_t n_checks = 0;
    uint64_t n_findings = 0;
    const char *path = call->n_operands > 0 ? call->operands[0] : ".";
    if (rs_bundle_check(path, print_finding, NULL, &n_checks, &n_findings, &err) != RS_OK) {
        return cli_fail(&err);
    }
    if (!cli_has(call, "quiet")) {
        fflush(stdout);
        fprintf(stderr, "%" PRIu64 " checks, %" PRIu64 " findings\n", n_checks, n_findings);
    }
    return n_findings == 0 ? EXIT_DONE : EXIT_FINDING;
}

static const cli_option options[] = {
    {"quiet", 'q', CLI_FLAG, NULL, NULL, NULL, "Print findings only.", "0.1"},
};

const cli_command cli_doctor = {
    .name = "doctor",
    .operands = "[BUNDLE]",
    .max_operands = 1,
    .summary = "check that a bundle is what it promises",
    .text = "Checks hashes, row counts and schemas against the manifest and the registry, then the "
            "rows: keys unique, required columns there, no edge that leads nowhere, spans inside "
            "their files, parents before children. One line a finding; the exit code is 1 when "
            "there is one.",
    .examples = "relspec doctor run_bundles/latest",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = doctor,
};
